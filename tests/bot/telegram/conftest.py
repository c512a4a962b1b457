"""What the door's tests share: a Bot API server, a talk, and a door between them to be opened, shut and killed."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass

import pytest

from bot.telegram.door import serve_telegram
from bot.telegram.pace import Pace
from bot.telegram.talk import Talk
from tests.bot.telegram.talks import RecordingTalk
from tests.botapi import BotApi

HURRIED = Pace(
    long_poll=5,
    request=5,
    patience=1.5,
    drain=5.0,
    recheck=(0.01, 0.05),
    retry=(0.01, 0.05),
    slow_retry=(0.02, 0.05),
    sweep=0.05,
    idle_sweep=0.1,
    menu_retry=0.05,
)


@dataclass
class Door:
    """A door that is open."""

    task: asyncio.Task[None]
    stopping: asyncio.Event

    async def shuts(self) -> None:
        """As on SIGTERM."""
        self.stopping.set()
        await self.task

    async def dies(self) -> None:
        """As on SIGKILL: nothing more is said to anybody."""
        self.task.cancel()
        await asyncio.gather(self.task, return_exceptions=True)


Opens = Callable[..., AbstractAsyncContextManager[Door]]


@pytest.fixture
async def api() -> AsyncIterator[BotApi]:
    async with BotApi() as api:
        yield api


@pytest.fixture
def talk() -> RecordingTalk:
    return RecordingTalk()


@pytest.fixture
def opens(api: BotApi) -> Opens:
    @asynccontextmanager
    async def opened(talk: Talk, pace: Pace = HURRIED) -> AsyncIterator[Door]:
        stopping = asyncio.Event()
        door = Door(asyncio.create_task(serve_telegram(talk, api.token, api.base_url, stopping, pace)), stopping)
        try:
            yield door
        finally:
            stopping.set()
            await asyncio.gather(door.task, return_exceptions=True)
        if not door.task.cancelled():
            door.task.result()

    return opened


@pytest.fixture
async def door(opens: Opens, talk: RecordingTalk) -> AsyncIterator[Door]:
    async with opens(talk) as door:
        yield door
