"""What goes wrong with one update: it is set aside with an alarm, its sender hears one line, and the next one goes on.

The rule this file guards: an update is acknowledged only when it was handled or lies aside in the memory; and no word
of a person, nor any message of an exception, which may hold one, comes into the log.
"""

import json
import logging
import traceback
from enum import StrEnum
from typing import Any

from bot.telegram.envelope import Envelope
from bot.telegram.replies import Post
from bot.telegram.talk import Talk
from intents.parse import Language

log = logging.getLogger("madoguchi.telegram")

MOST_FRAMES = 6


class Reason(StrEnum):
    """Why an update was set aside."""

    UNDECODABLE = "telegram.undecodable"
    UNKNOWN_KIND = "telegram.unknown_kind"
    NAMELESS = "telegram.nameless"
    """It has no number, so it cannot be acknowledged by itself."""
    FILE_UNREACHABLE = "telegram.file_unreachable"
    HANDLING_FAILED = "telegram.handling_failed"


class Mishaps:
    """The one handler for the unexpected."""

    def __init__(self, talk: Talk, channel: str, post: Post) -> None:
        self._talk = talk
        self._channel = channel
        self._post = post

    async def set_aside(self, envelope: Envelope, delivery: str, raw: Any, reason: Reason, error: Exception) -> bool:
        """Keep an update for a person to look at. False where even that cannot be done: then it must come again."""
        ids = {"update": delivery, "reason": str(reason), "error": type(error).__name__, "where": _where(error)}
        try:
            await self._talk.park(self._channel, delivery, reason, json.dumps(raw))
        except Exception as failure:  # noqa: BLE001 - whatever keeps the memory from keeping it
            log.error("telegram.not_even_set_aside", extra={"ids": {**ids, "parking": type(failure).__name__}})
            return False
        log.error("telegram.update_set_aside", extra={"ids": ids})
        if envelope.chat is not None:
            await self._say_sorry(envelope.chat, envelope.hint or Language.EN, delivery)
        return True

    async def _say_sorry(self, chat: str, language: Language, incident: str) -> None:
        try:
            await self._post.say(chat, self._talk.line("utter_mishap", language, incident=incident))
        except Exception as error:  # noqa: BLE001 - the update lies safe; the line is a courtesy
            log.error("telegram.sorry_not_said", extra={"ids": {"update": incident, "error": type(error).__name__}})


def _where(error: Exception) -> str:
    """The lines of code that an exception passed through, innermost first, without its words."""
    frames = traceback.extract_tb(error.__traceback__)[-MOST_FRAMES:]
    return " < ".join(f"{frame.name}:{frame.lineno}" for frame in reversed(frames))
