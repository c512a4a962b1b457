"""One update, from its raw JSON to its replies. Answers for everything that can go wrong on that way.

Order of things: what it is (files fetched), then its turns, each committed by the talk, then the replies. Places are
limited for turns and, more, for those that hold a file; sending takes no place, so a chat that Telegram slows down
holds up nobody.
"""

import asyncio
import logging
from contextlib import AsyncExitStack
from typing import Any

from aiogram import Bot, Dispatcher
from aiogram.types import Update
from aiogram.types.update import UpdateTypeLookupError

from bot.telegram.debts import Debts
from bot.telegram.envelope import Envelope
from bot.telegram.files import FileUnreachable
from bot.telegram.inquiries import Errands, Line
from bot.telegram.mishaps import Mishaps, Reason
from bot.telegram.pace import Backoff, Pace, pause
from bot.telegram.replies import Post
from bot.telegram.talk import Talk
from handlers.dialogue.messages import Answer, Inbound

log = logging.getLogger("madoguchi.telegram")

PLACES = 64
FILE_PLACES = 8


class Undecodable(Exception):
    """An update that aiogram's models do not take."""


class UnknownKind(Exception):
    """An update of a kind that this version of aiogram has never heard of."""


class Turns:
    """Works updates off."""

    def __init__(
        self,
        bot: Bot,
        talk: Talk,
        dispatcher: Dispatcher,
        post: Post,
        debts: Debts,
        mishaps: Mishaps,
        stopping: asyncio.Event,
        pace: Pace,
    ) -> None:
        self._bot = bot
        self._talk = talk
        self._dispatcher = dispatcher
        self._post = post
        self._debts = debts
        self._mishaps = mishaps
        self._stopping = stopping
        self._pace = pace
        self._places = asyncio.Semaphore(PLACES)
        self._file_places = asyncio.Semaphore(FILE_PLACES)

    async def work(self, envelope: Envelope, delivery: str, raw: Any) -> bool:
        """Work one update off. True when nothing of it can be lost any more; False only where the desk stops."""
        backoff = Backoff(self._pace.retry)
        while not await self._work_once(envelope, delivery, raw):
            if await pause(self._stopping, backoff.next()):
                return False
        return True

    async def set_nameless_aside(self, envelope: Envelope, delivery: str, raw: Any) -> bool:
        """Set an update aside that has no number."""
        return await self._mishaps.set_aside(envelope, delivery, raw, Reason.NAMELESS, Undecodable())

    async def _work_once(self, envelope: Envelope, delivery: str, raw: Any) -> bool:
        lines: list[Line] = []
        answers: list[tuple[str, Answer]] = []
        fault: tuple[Reason, Exception] | None = None
        try:
            update = self._decode(raw)
            await self._play(envelope, update, answers, lines)
        except Undecodable as error:
            fault = Reason.UNDECODABLE, error
        except UnknownKind as error:
            fault = Reason.UNKNOWN_KIND, error
        except FileUnreachable as error:
            if self._stopping.is_set():
                return False
            fault = Reason.FILE_UNREACHABLE, error
        except Exception as error:  # noqa: BLE001 - the unexpected ends here: the next customer must not wait for it
            fault = Reason.HANDLING_FAILED, error
        for chat, answer in answers:
            await self._debts.pay(chat, answer)
        for line in lines:
            await self._post.say(line.chat, line.text, line.thread)
        return fault is None or await self._mishaps.set_aside(envelope, delivery, raw, *fault)

    def _decode(self, raw: Any) -> Update:
        try:
            update = Update.model_validate(raw, context={"bot": self._bot})
            _ = update.event_type
        except UpdateTypeLookupError:
            raise UnknownKind from None  # aiogram would print the whole update in a warning
        except Exception:  # noqa: BLE001 - the models raise more than ValidationError on what nobody has sent yet
            raise Undecodable from None
        return update

    async def _play(
        self, envelope: Envelope, update: Update, answers: list[tuple[str, Answer]], lines: list[Line]
    ) -> None:
        async with AsyncExitStack() as places:
            if envelope.is_heavy:
                await places.enter_async_context(self._file_places)
            await places.enter_async_context(self._places)
            for errand in await self._errands(update):
                if isinstance(errand, Line):
                    lines.append(errand)
                else:
                    answers.append((errand.chat, await self._turn(errand)))

    async def _errands(self, update: Update) -> Errands:
        found = await self._dispatcher.feed_update(self._bot, update)
        return found if isinstance(found, tuple) else ()

    async def _turn(self, inbound: Inbound) -> Answer:
        """Play a turn; once more if it failed, since a turn leaves nothing behind when it fails, and much passes."""
        try:
            return await self._talk.handle(inbound)
        except Exception as error:  # noqa: BLE001 - the second failure counts
            ids = {"delivery": inbound.delivery, "error": type(error).__name__}
            log.warning("telegram.turn_repeated", extra={"ids": ids})
        return await self._talk.handle(inbound)
