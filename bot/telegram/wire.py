"""One request to Telegram, and what its failure means. Nothing else calls the API.

aiogram's errors hold whole answers, with people's words and the token in them: they end here. What leaves is one of
our own, which carries the kind of the failure and nothing more.
"""

import re
from typing import Any, TypeVar

from aiogram import Bot
from aiogram.exceptions import (
    ClientDecodeError,
    TelegramBadRequest,
    TelegramConflictError,
    TelegramEntityTooLarge,
    TelegramForbiddenError,
    TelegramMigrateToChat,
    TelegramNotFound,
    TelegramRetryAfter,
    TelegramUnauthorizedError,
)
from aiogram.methods import TelegramMethod

T = TypeVar("T")

ALLOWED_UPDATES = ("message", "edited_message", "callback_query", "my_chat_member")

_DONE = re.compile(r'\s*\{\s*"ok"\s*:\s*true\b')
_NOBODY_THERE = ("chat not found", "user not found", "peer_id_invalid", "user is deactivated")


class RawUpdates(TelegramMethod[list[Any]]):
    """`getUpdates` with its answer as it came: one update that aiogram cannot decode must not hide the others."""

    __returning__ = list[Any]
    __api_method__ = "getUpdates"

    offset: int | None = None
    limit: int | None = None
    timeout: int | None = None
    allowed_updates: list[str] | None = None


class Trouble(Exception):
    """Telegram did not do as asked. `kind` is the name of the failure's type."""

    def __init__(self, kind: str) -> None:
        super().__init__(kind)
        self.kind = kind


class Down(Trouble):
    """It may go well later: no network, an error of the server, an answer that is none."""


class Busy(Down):
    """It will go well after `retry_after` seconds, and not before."""

    def __init__(self, kind: str, retry_after: float) -> None:
        super().__init__(kind)
        self.retry_after = retry_after


class TokenRefused(Down):
    """The bot's token is not valid (any more)."""


class Conflict(Down):
    """Somebody else takes the updates: a webhook, or another process with this token."""

    def __init__(self, kind: str, *, by_webhook: bool) -> None:
        super().__init__(kind)
        self.by_webhook = by_webhook


class Gone(Trouble):
    """There is nobody to write to: the bot was blocked, or the chat is no more."""


class Refused(Trouble):
    """The request itself is wrong, and will be every time."""


class TooBig(Refused):
    """The file is larger than Telegram hands out."""


class Unreadable(Trouble):
    """It was done, but the answer that says so cannot be read."""


_MEANINGS: tuple[tuple[type[Exception], type[Trouble]], ...] = (
    (TelegramForbiddenError, Gone),
    (TelegramBadRequest, Refused),
    (TelegramEntityTooLarge, Refused),
    (TelegramMigrateToChat, Refused),
    (TelegramUnauthorizedError, TokenRefused),
    (TelegramNotFound, TokenRefused),
)


async def ask(bot: Bot, method: TelegramMethod[T], seconds: int) -> T:
    """Send one request. Raises a Trouble."""
    try:
        return await bot(method, request_timeout=seconds)
    except Exception as error:  # noqa: BLE001 - aiogram and aiohttp raise many kinds; all of them are troubles
        raise trouble_of(error) from None


def trouble_of(error: Exception) -> Trouble:
    """What a failed request means; what is not known may pass by itself."""
    kind = type(error).__name__
    match error:
        case TelegramRetryAfter():
            return Busy(kind, error.retry_after)
        case TelegramConflictError():
            return Conflict(kind, by_webhook="webhook" in error.message.lower())
        case TelegramBadRequest() if any(words in error.message.lower() for words in _NOBODY_THERE):
            return Gone(kind)
        case TelegramBadRequest() if "file is too big" in error.message.lower():
            return TooBig(kind)
        case ClientDecodeError() if _says_done(error.data):
            return Unreadable(kind)
    return next((meaning for known, meaning in _MEANINGS if isinstance(error, known)), Down)(kind)


def _says_done(answer: Any) -> bool:
    """Whether an answer that could not be decoded still says that the request had its effect."""
    if isinstance(answer, str):
        return _DONE.match(answer) is not None
    return isinstance(answer, dict) and answer.get("ok") is True
