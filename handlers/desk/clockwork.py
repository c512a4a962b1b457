"""What time itself does to a request: remind of a question, set aside what nobody answers, close what is over."""

from datetime import date, timedelta

from handlers.desk.errors import NotAllowed, Why
from handlers.desk.lifecycle import Step
from handlers.desk.requests import Request, Status
from handlers.desk.stepping import Stepping

RUNNING = frozenset({Status.AWAITING_IDENTITY, Status.AWAITING_CUSTOMER, Status.DECIDED, Status.LAPSED})
"""Statuses in which something may fall due by itself."""


class Clockwork(Stepping):
    """Steps of the clock; closing is also staff's. Every use case raises NotFound and NotAllowed."""

    async def remind(self, ref: str) -> Request:
        """Remind the person of a question that is unanswered for long, once."""
        before = await self._own(ref)
        request, transition = self._move(before, Step.REMIND)
        if before.reminded_at is not None:
            raise NotAllowed(before.status, Step.REMIND, Why.TWICE)
        self._check_due(before, Step.REMIND, self._remind_on(before))
        return await self._keep(request, transition, reminded_at=self.now)

    async def expire(self, ref: str) -> Request:
        """Set a request aside whose question nobody answered, some time after the reminder."""
        before = await self._own(ref)
        request, transition = self._move(before, Step.EXPIRE)
        self._check_due(before, Step.EXPIRE, self.lapse_on(before))
        until = self.controller.calendar.day_of(self.now) + timedelta(days=self.controller.promises.disagree_days)
        return await self._keep(request, transition, asked_at=None, disagree_until=until)

    async def close(self, ref: str) -> Request:
        """Close a request when the time to disagree is over."""
        before = await self._own(ref)
        request, transition = self._move(before, Step.CLOSE)
        self._check_due(before, Step.CLOSE, self._close_on(before))
        return await self._keep(request, transition)

    def due_step(self, request: Request) -> Step | None:
        """What the clock has to do about a request now."""
        today = self.controller.calendar.day_of(self.now)
        dates = {
            Step.CLOSE: self._close_on(request) if request.status in {Status.DECIDED, Status.LAPSED} else None,
            Step.EXPIRE: self.lapse_on(request),
            Step.REMIND: self._remind_on(request) if request.reminded_at is None else None,
        }
        return next((step for step, day in dates.items() if day is not None and day <= today), None)

    def lapse_on(self, request: Request) -> date | None:
        """The day on which a request is set aside if its question stays unanswered; None before the reminder."""
        if request.asked_at is None or request.reminded_at is None:
            return None
        reminded_on = self.controller.calendar.day_of(request.reminded_at)
        return reminded_on + timedelta(days=self.controller.promises.lapse_days)

    def _remind_on(self, request: Request) -> date | None:
        if request.asked_at is None:
            return None
        return self.controller.calendar.day_of(request.asked_at) + timedelta(days=self.controller.promises.remind_days)

    def _close_on(self, request: Request) -> date:
        """The first day after the time to disagree."""
        if request.disagree_until is None:
            return self.controller.calendar.day_of(self.now)
        return request.disagree_until + timedelta(days=1)

    def _check_due(self, request: Request, step: Step, day: date | None) -> None:
        if day is None:
            raise NotAllowed(request.status, step, Why.NOT_ASKED)
        if self.controller.calendar.day_of(self.now) < day:
            raise NotAllowed(request.status, step, Why.TOO_EARLY)
