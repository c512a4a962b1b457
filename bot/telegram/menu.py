"""The bot's command menu, in both languages. Knows the commands' names; their words are the script's."""

import asyncio
import logging

from aiogram import Bot
from aiogram.methods import SetMyCommands
from aiogram.types import BotCommand

from bot.telegram.pace import Pace
from bot.telegram.talk import Talk
from bot.telegram.wire import Trouble, ask
from intents.parse import Language

log = logging.getLogger("madoguchi.telegram")

COMMANDS = ("start", "help", "mycases", "why", "language", "privacy", "mydata", "forget", "cancel")
MENUS = ((None, Language.EN), ("ja", Language.JA))
"""Telegram's language code (None: for all others) → the desk's language."""


async def offer_menu(bot: Bot, talk: Talk, pace: Pace) -> None:
    """Set the menu; try again later, for as long as it takes, where that fails."""
    while True:
        try:
            for code, language in MENUS:
                commands = [
                    BotCommand(command=name, description=talk.line(f"utter_menu_{name}", language)) for name in COMMANDS
                ]
                await ask(bot, SetMyCommands(commands=commands, language_code=code), pace.request)
        except Exception as error:  # noqa: BLE001 - a desk without a menu still serves
            kind = error.kind if isinstance(error, Trouble) else type(error).__name__
            log.warning("telegram.menu_not_set", extra={"ids": {"error": kind}})
            await asyncio.sleep(pace.menu_retry)
        else:
            return
