"""The door as a whole: builds its parts around one bot, serves until told to stop, and leaves nothing half done."""

import asyncio
import logging
from collections.abc import Sequence
from contextlib import AsyncExitStack
from typing import Any

from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import PRODUCTION, TelegramAPIServer

from bot.telegram.debts import Debts
from bot.telegram.files import Files
from bot.telegram.gateway import Gateway
from bot.telegram.inquiries import make_dispatcher
from bot.telegram.lanes import Lanes
from bot.telegram.menu import offer_menu
from bot.telegram.mishaps import Mishaps
from bot.telegram.pace import Pace
from bot.telegram.replies import Post
from bot.telegram.talk import Talk
from bot.telegram.turns import Turns

log = logging.getLogger("madoguchi.telegram")

CONNECTIONS = 200
PACE = Pace()


async def serve_telegram(
    conversation: Talk, token: str, api_base: str | None, stopping: asyncio.Event, pace: Pace = PACE
) -> None:
    """Serve one bot until `stopping` is set; then finish what is in hand and acknowledge it.

    `api_base` is the address of a Bot API server other than Telegram's own.
    """
    server = TelegramAPIServer.from_base(api_base) if api_base else PRODUCTION
    bot = Bot(token, session=AiohttpSession(api=server, limit=CONNECTIONS))
    channel = f"telegram:{bot.id}"
    post = Post(bot, conversation, stopping, pace)
    lanes = Lanes()
    debts = Debts(conversation, channel, lanes, post, stopping, pace)
    dispatcher = make_dispatcher(conversation, channel, Files(bot, stopping, pace))
    mishaps = Mishaps(conversation, channel, post)
    turns = Turns(bot, conversation, dispatcher, post, debts, mishaps, stopping, pace)
    gateway = Gateway(bot, turns, lanes, post, pace)

    async def live() -> None:
        await debts.begin()
        async with asyncio.TaskGroup() as group:
            group.create_task(gateway.run())
            group.create_task(debts.run())
            group.create_task(debts.listen())

    async with AsyncExitStack() as closing:
        closing.push_async_callback(bot.session.close)
        closing.push_async_callback(post.close)
        closing.push_async_callback(lanes.drop)
        living, stopped = asyncio.create_task(live()), asyncio.create_task(stopping.wait())
        background = [living, stopped, asyncio.create_task(offer_menu(bot, conversation, pace))]
        closing.push_async_callback(_end, background)
        log.info("telegram.opened", extra={"ids": {"bot": bot.id}})
        await asyncio.wait({living, stopped}, return_when=asyncio.FIRST_COMPLETED)
        if living.done():
            living.result()  # it lives until it is told to stop: if it did not, whoever opened the door has to know
        await _end(background)
        await lanes.drain(pace.drain)
        await gateway.acknowledge()
        log.info("telegram.closed", extra={"ids": {"bot": bot.id}})


async def _end(tasks: Sequence[asyncio.Task[Any]]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
