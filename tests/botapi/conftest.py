"""What the tests of the stand-in share: a server, a plain HTTP client, and an aiogram bot."""

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import aiohttp
import pytest_asyncio
from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer

from tests.botapi import BotApi


class QuickSession(AiohttpSession):
    """aiogram's session, without the quarter of a second that its close() sleeps."""

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()


Ask = Callable[..., Awaitable[dict[str, Any]]]


@pytest_asyncio.fixture
async def api() -> AsyncIterator[BotApi]:
    async with BotApi() as api:
        yield api


@pytest_asyncio.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


@pytest_asyncio.fixture
async def ask(api: BotApi, http: aiohttp.ClientSession) -> Ask:
    """Ask the server by JSON; returns the envelope, whose error code must be the HTTP status."""

    async def asked(method: str, **params: Any) -> dict[str, Any]:
        async with http.post(f"{api.base_url}/bot{api.token}/{method}", json=params) as response:
            envelope: dict[str, Any] = await response.json()
            assert envelope.get("error_code", 200) == response.status
            return envelope

    return asked


@pytest_asyncio.fixture
async def bot(api: BotApi) -> AsyncIterator[Bot]:
    session = QuickSession(api=TelegramAPIServer.from_base(api.base_url))
    async with Bot(api.token, session=session) as bot:
        yield bot
