"""What is owed: replies that are committed and have not gone out, sent again until they have.

How a reply goes out exactly once. Everything that sends to a chat runs in that chat's lane, and reads there what is
owed. So, after a kill between commit and reply: at the start the owed turns are read and queued in the lanes before
the first update is fetched; the update that Telegram brings again comes into the same lane behind them, finds its turn
done, and sends nothing. While a chat owes anything, its new turns are paid the same way, from what the memory says is
owed, oldest first: nothing overtakes.
"""

import asyncio
import logging
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from functools import partial
from time import monotonic

from bot.telegram.lanes import Lanes
from bot.telegram.pace import Backoff, Pace, happens
from bot.telegram.replies import Post
from bot.telegram.talk import Talk
from handlers.dialogue.messages import Answer

log = logging.getLogger("madoguchi.telegram")

PAGE = 100
_MARGIN = timedelta(seconds=1)


class Debts:
    """Knows which chats have something to get, and sends it."""

    def __init__(self, talk: Talk, channel: str, lanes: Lanes, post: Post, stopping: asyncio.Event, pace: Pace) -> None:
        self._talk = talk
        self._channel = channel
        self._lanes = lanes
        self._post = post
        self._stopping = stopping
        self._pace = pace
        self._chats: set[str] = set()
        self._page = PAGE
        self._wake = asyncio.Event()

    async def pay(self, chat: str, answer: Answer) -> None:
        """Send an answer that has just been given, after everything older. Runs in the chat's lane; never raises.

        It gives up in time: the answer is committed, so its update may be acknowledged whatever comes of this.
        """
        until = monotonic() + self._pace.patience
        try:
            if chat in self._chats:
                await self._settle(chat, until)
            elif not await self._post.deliver(chat, answer, until):
                self._owe([chat])
        except Exception as error:  # noqa: BLE001 - say, the memory cannot be written: then the turn stays owed
            self._owe([chat])
            log.error("telegram.paying_failed", extra={"ids": {"turn": answer.turn_id, "error": type(error).__name__}})

    async def begin(self) -> None:
        """Find everything that is owed from before this start, and queue the oldest of it."""
        backoff = Backoff(self._pace.retry)
        while True:
            try:
                rows = await self._read_all()
                break
            except Exception as error:  # noqa: BLE001 - without its memory the desk serves nobody: try again
                log.error("telegram.debts_unread", extra={"ids": {"error": type(error).__name__}})
                await asyncio.sleep(backoff.next())
        self._owe(chat for chat, _ in rows)
        for chat in dict.fromkeys(chat for chat, _ in rows[:PAGE]):
            self._queue(chat)

    async def run(self) -> None:
        """Sweep until cancelled: at once where there is more to send, else after a while."""
        while True:
            self._wake.clear()
            try:
                if await self._sweep():
                    continue
            except Exception as error:  # noqa: BLE001 - one failed sweep must not be the last
                log.error("telegram.sweep_failed", extra={"ids": {"error": type(error).__name__}})
            await self._wait()

    async def listen(self) -> None:
        """Look, until cancelled, for what staff or the clock have to tell in a chat; it is owed like any reply."""
        while True:
            try:
                self._owe(await self._talk.announce(self._channel))
            except Exception as error:  # noqa: BLE001 - the memory is away; it may come back
                log.error("telegram.notices_unread", extra={"ids": {"error": type(error).__name__}})
            await asyncio.sleep(self._pace.sweep)

    async def _wait(self) -> None:
        if await happens(self._wake, self._pace.sweep if self._chats else self._pace.idle_sweep):
            await asyncio.sleep(self._pace.sweep)

    async def _sweep(self) -> bool:
        """Try the oldest that is owed. True where something went out and there is more."""
        rows = await self._rows(self._talk.clock() - timedelta(seconds=self._pace.patience), self._page)
        is_cut = len(rows) == self._page
        chats = dict.fromkeys(chat for chat, _ in rows)
        if not is_cut:
            chats |= dict.fromkeys(self._chats)
        self._chats |= chats.keys()
        ready = [chat for chat in chats if not self._post.rest(chat)]
        if is_cut and not ready:
            self._page *= 2  # all of the oldest must wait: look behind them
            return True
        await asyncio.gather(*(self._queue(chat) for chat in ready))
        if not is_cut:
            self._page = PAGE
        return is_cut and any(chat not in self._chats for chat in ready)

    def _queue(self, chat: str) -> asyncio.Future[None]:
        return self._lanes.submit(chat, partial(self._try_settling, chat))

    async def _try_settling(self, chat: str) -> None:
        if self._stopping.is_set():
            return
        try:
            await self._settle(chat, monotonic())
        except Exception as error:  # noqa: BLE001 - it stays owed
            log.error("telegram.settling_failed", extra={"ids": {"error": type(error).__name__}})

    async def _settle(self, chat: str, until: float) -> None:
        """Send all that a chat has to get, oldest first. Runs in the chat's lane."""
        sent: set[str] = set()
        while True:
            rows = await self._rows(self._talk.clock() + _MARGIN, self._page)
            mine = [answer for each, answer in rows if each == chat and answer.turn_id not in sent]
            for answer in mine:
                if not await self._post.deliver(chat, answer, until):
                    return
                sent.add(answer.turn_id)
            if not mine:
                if len(rows) < self._page:
                    self._chats.discard(chat)
                return

    def _owe(self, chats: Iterable[str]) -> None:
        owing = list(chats)
        self._chats.update(owing)
        if owing:
            self._wake.set()

    async def _rows(self, before: datetime, limit: int) -> Sequence[tuple[str, Answer]]:
        return await self._talk.owed(self._channel, before, limit)

    async def _read_all(self) -> Sequence[tuple[str, Answer]]:
        limit = PAGE
        while len(rows := await self._rows(self._talk.clock() + _MARGIN, limit)) == limit:
            limit *= 2
        return rows
