"""Asks Telegram once who the bot is, so that an operator learns before the customers do that it would not answer.

The rule this file guards: no sentence holds the token, nor a server's words.
"""

from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import PRODUCTION, TelegramAPIServer
from aiogram.methods import GetMe
from aiogram.utils.token import TokenValidationError, validate_token

from bot.telegram.wire import Busy, TokenRefused, Trouble, ask

PATIENCE = 10
"""Seconds for one answer."""

_MALFORMED = (
    "MADOGUCHI_TELEGRAM_TOKEN is not a bot's token. It looks like 123456:ABC-def; copy it from @BotFather in one piece."
)


def malformed(token: str) -> str | None:
    """What is wrong with a token's form, as a sentence; None where it may be a bot's."""
    try:
        validate_token(token)
    except TokenValidationError:
        return _MALFORMED
    return None


async def telegram_fault(token: str, api_base: str | None) -> str | None:
    """What keeps this bot from being served, as a sentence; None where its server knows the token.

    `api_base` is the address of a Bot API server other than Telegram's own.
    """
    if fault_of_form := malformed(token):
        return fault_of_form
    server = TelegramAPIServer.from_base(api_base) if api_base else PRODUCTION
    bot = Bot(token, session=AiohttpSession(api=server))
    try:
        await ask(bot, GetMe(), PATIENCE)
    except TokenRefused:
        return _refused(api_base)
    except Busy as fault:
        return f"Telegram is busy and says nothing about the bot yet. Check again in {fault.retry_after:.0f} seconds."
    except Trouble as fault:
        return _unreachable(api_base, fault.kind)
    finally:
        await bot.session.close()
    return None


def _refused(api_base: str | None) -> str:
    also = ", or the server that MADOGUCHI_TELEGRAM_API_BASE names is no Bot API server" if api_base else ""
    return (
        f"Telegram does not know MADOGUCHI_TELEGRAM_TOKEN: it was replaced or mistyped{also}."
        " @BotFather shows the token that is valid."
    )


def _unreachable(api_base: str | None, kind: str) -> str:
    if api_base is None:
        return f"Telegram cannot be reached from this machine ({kind}). Look at its way to the internet."
    return f"The server that MADOGUCHI_TELEGRAM_API_BASE names does not answer as a Bot API server does ({kind})."
