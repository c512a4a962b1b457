"""Webhook delivery: order, secrets, repetition, and answers that carry a method."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

import pytest_asyncio
from aiogram import Bot, Dispatcher
from aiogram.methods import SendMessage
from aiogram.types import Message
from aiogram.webhook.aiohttp_server import SimpleRequestHandler
from aiohttp import web

from tests.bell import Bell
from tests.botapi import BotApi
from tests.botapi.conftest import Ask

Reply = Callable[[dict[str, Any]], Awaitable[web.StreamResponse]]


@dataclass
class Receiver:
    """The bot's end of a webhook; `reply` says how it answers."""

    url: str = ""
    got: list[dict[str, Any]] = field(default_factory=list)
    secrets: list[str] = field(default_factory=list)
    bell: Bell = field(default_factory=Bell)
    reply: Reply | None = None

    async def handle(self, request: web.Request) -> web.StreamResponse:
        update = await request.json()
        self.got.append(update)
        self.secrets.append(request.headers.get("X-Telegram-Bot-Api-Secret-Token", ""))
        self.bell.ring()
        return await self.reply(update) if self.reply else web.Response()

    async def gets(self, n: int) -> list[dict[str, Any]]:
        await self.bell.until(lambda: len(self.got) >= n, 10, lambda: f"only {len(self.got)} of {n} updates came")
        return self.got


async def serving(app: web.Application) -> tuple[web.AppRunner, str]:
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    return runner, f"http://127.0.0.1:{runner.addresses[0][1]}/hook"


@pytest_asyncio.fixture
async def receiver() -> AsyncIterator[Receiver]:
    receiver = Receiver()
    app = web.Application()
    app.router.add_post("/hook", receiver.handle)
    runner, receiver.url = await serving(app)
    yield receiver
    await runner.cleanup()


async def test_updates_come_with_the_secret(api: BotApi, ask: Ask, receiver: Receiver) -> None:
    early = api.person().says("early")
    await ask("setWebhook", url=receiver.url, secret_token="s3-cret_", allowed_updates=["message"], max_connections=7)
    assert [update["update_id"] for update in await receiver.gets(1)] == [early.update_id]
    assert receiver.secrets == ["s3-cret_"]
    await api.all_acknowledged()
    assert (await ask("getWebhookInfo"))["result"] == {
        "url": receiver.url, "has_custom_certificate": False, "pending_update_count": 0, "max_connections": 7,
        "allowed_updates": ["message"],
    }  # fmt: skip


async def test_a_failure_keeps_the_update_and_its_lane(api: BotApi, ask: Ask, receiver: Receiver) -> None:
    failures = [500, 404, 302]

    async def reply(update: dict[str, Any]) -> web.StreamResponse:
        return web.Response(status=failures.pop(0) if failures else 204)

    receiver.reply = reply
    await ask("setWebhook", url=receiver.url)
    alice = api.person()
    first, second = alice.says("first").update_id, alice.says("second").update_id
    got = await receiver.gets(5)
    assert [update["update_id"] for update in got] == [first] * 4 + [second]
    await api.all_acknowledged()
    info = (await ask("getWebhookInfo"))["result"]
    assert info["last_error_message"] == "Wrong response from the webhook: 302 Found"


async def test_lanes_do_not_wait_for_each_other(api: BotApi, ask: Ask, receiver: Receiver) -> None:
    release = asyncio.Event()
    alice, bob = api.person(), api.person()

    async def reply(update: dict[str, Any]) -> web.StreamResponse:
        if update.get("message", {}).get("text") == "slow":
            await release.wait()
        return web.Response()

    receiver.reply = reply
    await ask("setWebhook", url=receiver.url)
    slow = alice.says("slow").update_id
    behind = alice.says("behind the slow one").update_id
    press, other = alice.presses_data("x").update_id, bob.says("hi").update_id
    got = {update["update_id"] for update in await receiver.gets(3)}
    assert got == {slow, press, other}
    release.set()
    assert (await receiver.gets(4))[-1]["update_id"] == behind


async def test_one_connection_means_one_at_a_time(api: BotApi, ask: Ask, receiver: Receiver) -> None:
    busy: list[int] = []
    most: list[int] = []

    async def reply(update: dict[str, Any]) -> web.StreamResponse:
        busy.append(1)
        most.append(len(busy))
        await asyncio.sleep(0)
        busy.pop()
        return web.Response()

    receiver.reply = reply
    for _ in range(5):
        api.person().says("hi")
    await ask("setWebhook", url=receiver.url, max_connections=1)
    await receiver.gets(5)
    assert max(most) == 1


async def test_nobody_there_is_tried_again(api: BotApi, ask: Ask, receiver: Receiver) -> None:
    await ask("setWebhook", url="http://127.0.0.1:9/nobody")
    api.person().says("hi")
    await api.until(lambda: api.cloud.webhook.last_error_message)
    assert len(api.unconfirmed) == 1
    await ask("setWebhook", url=receiver.url)
    await receiver.gets(1)


async def test_an_answer_may_carry_a_method(api: BotApi, ask: Ask, receiver: Receiver) -> None:
    alice = api.person()

    async def reply(update: dict[str, Any]) -> web.StreamResponse:
        method = {"method": "sendMessage", "chat_id": alice.id, "text": "by answer"}
        return web.json_response({"method": "getMe"} if update["message"]["text"] == "?" else method)

    receiver.reply = reply
    await ask("setWebhook", url=receiver.url)
    alice.says("?")
    alice.says("hi")
    assert (await alice.hears_one()).text == "by answer"
    assert [request.method for request in api.requests] == ["setWebhook", "sendMessage"]


async def test_aiogram_answers_by_multipart(api: BotApi, bot: Bot) -> None:
    dispatcher = Dispatcher()

    @dispatcher.message()
    async def on_message(message: Message) -> SendMessage:
        return message.answer(f"echo: {message.text}")

    app = web.Application()
    SimpleRequestHandler(dispatcher, bot, handle_in_background=False, secret_token="s").register(app, "/hook")
    runner, url = await serving(app)
    await bot.set_webhook(url, secret_token="s")
    alice = api.person()
    alice.says("日本語")
    assert (await alice.hears_one()).text == "echo: 日本語"
    await alice.hears_nothing_more()
    await bot.delete_webhook()
    await runner.cleanup()


async def test_pending_updates_can_be_dropped(api: BotApi, ask: Ask) -> None:
    api.person().says("old")
    await ask("deleteWebhook", drop_pending_updates=True)
    assert api.unconfirmed == []
    api.person().says("old again")
    await ask("setWebhook", url="http://127.0.0.1:9/", drop_pending_updates=True)
    assert api.unconfirmed == []
