"""The relay: takes letters owed out of the outbox and sees them out, however often it takes.

Three steps a letter: claim (a transaction), write and send (a short transaction to read, none while sending), mark (a
transaction). Killed between the second and the third, the letter is claimed again when its lease ends and goes out
once more with the same Message-ID. What goes wrong with one letter stays with that letter.

The rule this file guards: logs hold ids and reasons, never an address, a word of a letter or a server's answer.
"""

import asyncio
import contextlib
import logging
import random
import traceback
from collections.abc import Callable
from datetime import datetime, timedelta

from bot.mail.errors import OF_THE_WAY, Postponed, Reason, Refused
from bot.mail.letter import Letter
from bot.mail.letters import Letters
from bot.mail.transport import Transport
from handlers.desk.ports import Memory, OutboxRow

log = logging.getLogger("madoguchi.mail")

LEASE = timedelta(minutes=2)
"""Longer than a letter may take (`smtp.Limits.whole`) with the transactions around it."""
CONCURRENCY = 4
FIRST_WAIT = 30.0
LONGEST_WAIT = 3600.0
_SPREAD = 1.5


def wait_before(attempts: int, chance: float) -> timedelta:
    """How long to wait after so many attempts: 30 s, doubled each time, 1 h at most; `chance` (0 to 1) spreads it."""
    doubled = FIRST_WAIT * 2 ** min(max(attempts, 1) - 1, 16)
    return timedelta(seconds=min(doubled, LONGEST_WAIT / _SPREAD) * (1 + chance * (_SPREAD - 1)))


class Relay:
    """One process's relay. Many may run on one memory. `wake` set, it looks at once: a door does so after a commit."""

    def __init__(
        self,
        memory: Memory,
        letters: Letters,
        transport: Transport,
        clock: Callable[[], datetime],
        *,
        look_every: float = 3.0,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self.wake = asyncio.Event()
        self._memory = memory
        self._letters = letters
        self._transport = transport
        self._clock = clock
        self._look_every = look_every
        self._chance = chance
        self._was_away = True
        """Whether letters may be waiting for a way out that is open again; true at the start, for another process's."""
        self._running: set[asyncio.Task[None]] = set()

    async def run_once(self) -> int:
        """See out all letters that are due, and those that fall due meanwhile. Returns how many were taken in hand.

        Raises what the memory raises while claiming; nothing that befalls a letter.
        """
        taken = 0
        try:
            while True:
                taken += await self._take()
                if not self._running:
                    return taken
                await asyncio.wait(self._running, return_when=asyncio.FIRST_COMPLETED)
        finally:
            await self._drop()

    async def run(self, stopping: asyncio.Event) -> None:
        """See letters out until `stopping` is set; the letters in hand are finished (a minute at most) first.

        Cancelled, it lets go of them at once: they go out again when their lease ends.
        """
        stop = asyncio.create_task(stopping.wait())
        try:
            while not stopping.is_set():
                self.wake.clear()
                try:
                    await self._take()
                except Exception as fault:  # noqa: BLE001 - the memory is away; it may come back
                    _tell(logging.ERROR, "mail.memory", fault=fault)
                await self._rest(stop)
            if self._running:
                await asyncio.wait(self._running)
        finally:
            stop.cancel()
            await self._drop()

    async def _take(self) -> int:
        """Claim as many due letters as hands are free, and start on them."""
        free = CONCURRENCY - len(self._running)
        if free == 0:
            return 0
        now = self._clock()
        async with self._memory.begin() as work:
            rows = await work.outbox.claim(now, now + LEASE, free)
        for row in rows:
            task = asyncio.create_task(self._see_out(row))
            self._running.add(task)
            task.add_done_callback(self._running.discard)
        return len(rows)

    async def _rest(self, stop: asyncio.Task[bool]) -> None:
        """Until a letter is finished, somebody wakes us, we shall stop, or it is time to look again."""
        woken = asyncio.create_task(self.wake.wait())
        try:
            await asyncio.wait(
                {stop, woken, *self._running}, timeout=self._look_every, return_when=asyncio.FIRST_COMPLETED
            )
        finally:
            woken.cancel()

    async def _drop(self) -> None:
        left = list(self._running)
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)

    async def _see_out(self, row: OutboxRow) -> None:
        """One letter, from written to marked. Raises nothing."""
        try:
            await self._try(row)
        except Exception as fault:  # noqa: BLE001 - one letter's trouble must not reach the others
            _tell(logging.ERROR, "mail.fault", row, fault=fault)
            with contextlib.suppress(Exception):  # where the memory is away, the lease ends by itself
                await self._put_off(row, Reason.FAULT)

    async def _try(self, row: OutboxRow) -> None:
        try:
            async with self._memory.begin() as work:
                letter = await self._letters.write(work, row, self._clock())
            if letter is not None:
                await self._send(row, letter)
        except Postponed as fault:
            _tell(logging.ERROR if fault.alarm else logging.WARNING, "mail.retry", row, fault.reason)
            self._was_away |= fault.reason in OF_THE_WAY
            await self._put_off(row, fault.reason)
        except Refused as fault:
            _tell(logging.ERROR, "mail.dead", row, fault.reason)
            async with self._memory.begin() as work:
                await work.outbox.bury(row.id, self._clock(), fault.reason)
        else:
            async with self._memory.begin() as work:
                await work.outbox.done(row.id, self._clock())
                if letter is not None and self._was_away:
                    await work.outbox.hasten(self._clock(), OF_THE_WAY)
                    self._was_away = False
            if letter is not None:
                _tell(logging.INFO, "mail.sent", row)

    async def _send(self, row: OutboxRow, letter: Letter) -> None:
        """Send to the first address that is not refused for good. Raises as the transport does."""
        while True:
            try:
                return await self._transport.send(letter)
            except Refused as fault:
                redirected = letter.redirected()
                if redirected is None:
                    raise
                _tell(logging.ERROR, "mail.redirected", row, fault.reason)
                letter = redirected

    async def _put_off(self, row: OutboxRow, reason: Reason) -> None:
        due_at = self._clock() + wait_before(row.attempts, self._chance())
        async with self._memory.begin() as work:
            await work.outbox.retry(row.id, due_at, reason)


def _tell(
    level: int, event: str, row: OutboxRow | None = None, reason: Reason | None = None, fault: Exception | None = None
) -> None:
    """Log an event. An exception is told by its type and place: its message may hold a person's words."""
    ids: dict[str, object] = {}
    if row is not None:
        ids |= {"letter": row.id, "notice": row.notice.value, "case": row.case_id, "attempt": row.attempts}
    if reason is not None:
        ids["reason"] = reason.value
    if fault is not None:
        ids["error"] = type(fault).__name__
        frames = traceback.extract_tb(fault.__traceback__)[-4:]
        ids["where"] = " < ".join(f"{frame.name}:{frame.lineno}" for frame in reversed(frames))
    log.log(level, event, extra={"ids": ids})
