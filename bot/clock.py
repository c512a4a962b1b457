"""The clock's door: looks now and then at what has fallen due, and takes the clock's steps through the casework."""

import asyncio
import contextlib
import logging
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from handlers.desk.actors import Actor, ActorKind
from handlers.desk.casework import Casework, Controller
from handlers.desk.clockwork import RUNNING
from handlers.desk.lifecycle import Step
from handlers.desk.ports import Memory, UnitOfWork

log = logging.getLogger("madoguchi.clock")
A_DAY = timedelta(days=1)

ACTOR = Actor(ActorKind.CLOCK, "clock")
LOOK_EVERY = 300.0


class Clock:
    """One process's clock. Many may run on one memory: each request is looked at anew in its own transaction."""

    def __init__(
        self,
        memory: Memory,
        controllers: Mapping[str, Controller],
        code_key: bytes,
        now: Callable[[], datetime],
        committed: Callable[[], None] = lambda: None,
    ) -> None:
        self._memory = memory
        self._controllers = controllers
        self._code_key = code_key
        self._now = now
        self._committed = committed
        self._daily_done_at: datetime | None = None

    async def run(self, stopping: asyncio.Event, look_every: float = LOOK_EVERY) -> None:
        """Look again and again until `stopping` is set. What goes wrong is told to the log and tried again."""
        while not stopping.is_set():
            try:
                await self.run_once()
            except Exception as fault:  # noqa: BLE001 - the memory is away; it may come back
                log.error("clock.failed", extra={"ids": {"error": type(fault).__name__}})
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(look_every):
                    await stopping.wait()

    async def run_once(self) -> int:
        """Take all steps that are due now; returns how many."""
        await self._do_daily()
        taken = 0
        for controller in self._controllers.values():
            async with self._memory.begin() as work:
                refs = [each.ref for each in await work.cases.in_status(controller.id, RUNNING)]
            for ref in refs:
                taken += await self._look_at(ref, controller)
        if taken:
            self._committed()
        return taken

    async def _do_daily(self) -> None:
        """Once a day, and at the start: write the audit's head to the log, which is kept elsewhere, and clear up."""
        now = self._now()
        if self._daily_done_at is not None and now - self._daily_done_at < A_DAY:
            return
        async with self._memory.begin() as work:
            head = await work.audit.head()
        if head is not None:
            log.info("audit.head", extra={"ids": {"head": str(head)}})
        for controller in self._controllers.values():
            await self._clear_up(controller)
        self._daily_done_at = now

    async def _clear_up(self, controller: Controller) -> None:
        """Shred what has been kept long enough, each request in a transaction of its own."""
        async with self._memory.begin() as work:
            casework = self._casework(work, controller)
            await casework.forget_old_talk()
            due = await casework.due_to_be_shredded()
        for case_id in due:
            async with self._memory.begin() as work:
                casework = self._casework(work, controller)
                if case_id in await casework.due_to_be_shredded():  # not held or shredded since
                    await casework.shred(case_id)
                    log.info("clock.shredded", extra={"ids": {"case": case_id}})

    def _casework(self, work: UnitOfWork, controller: Controller) -> Casework:
        return Casework(work, controller, self._code_key, ACTOR, self._now())

    async def _look_at(self, ref: str, controller: Controller) -> bool:
        async with self._memory.begin() as work:
            request = await work.cases.by_ref(ref)
            casework = self._casework(work, controller)
            step = None if request is None else casework.due_step(request)
            match step:
                case Step.REMIND:
                    await casework.remind(ref)
                case Step.EXPIRE:
                    await casework.expire(ref)
                case Step.CLOSE:
                    await casework.close(ref)
                case _:
                    return False
        log.info("clock.stepped", extra={"ids": {"step": step.value}})
        return True
