"""What people do with their own requests: look, add, answer, disagree, take back. A chat knows only its own."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from handlers.desk.actors import ActorKind
from handlers.desk.decisions import Decision, DecisionState
from handlers.desk.errors import NotAllowed, Why
from handlers.desk.lifecycle import Fact, Step, next_steps
from handlers.desk.ports import FROM_STAFF, Entry, EntryKind
from handlers.desk.requests import Outcome, Request, Status
from handlers.desk.stepping import Stepping, same_hands

_TOLD = frozenset({EntryKind.QUESTION, EntryKind.EXTENSION})
"""What staff wrote that the person was told."""


@dataclass(frozen=True, slots=True)
class CaseView:
    """One request as its actor may see it. To the person: no notes, findings, proposals."""

    request: Request
    entries: tuple[Entry, ...] = field(repr=False)
    decisions: tuple[Decision, ...]
    steps: tuple[Step, ...]
    """What this actor may do next, as far as the table and the dates say."""

    @property
    def question(self) -> Entry | None:
        """What staff asked and the person has not answered yet."""
        if self.request.asked_at is None:
            return None
        return next((each for each in reversed(self.entries) if each.kind is EntryKind.QUESTION), None)

    @property
    def decision(self) -> Decision | None:
        """The decision that holds now."""
        if self.request.status not in {Status.DECIDED, Status.CLOSED} or self.request.outcome is Outcome.EXPIRED:
            return None
        return next((each for each in reversed(self.decisions) if each.state is DecisionState.MADE), None)


class OwnCases(Stepping):
    """The person's side of a request on file."""

    async def own_cases(self) -> Sequence[Request]:
        """The requests that were filed in this conversation, newest first."""
        return await self.work.cases.of_conversation(self.actor.id)

    async def read(self, ref: str) -> CaseView:
        """`view` for a member of staff: that they read it is audited. Raises NotFound."""
        view = await self.view(ref)
        await self.work.audit.append(self.now, Fact.READ, view.request.id, self.actor)
        return view

    async def view(self, ref: str) -> CaseView:
        """One request with all that this actor may see of it. Raises NotFound, also for somebody else's."""
        request = await self._own(ref)
        entries = await self.work.cases.entries(request.id)
        decisions = await self.work.decisions.of_case(request.id)
        same = any(each.state is DecisionState.PROPOSED and same_hands(each.first, self.actor.id) for each in decisions)
        steps = next_steps(request.status, self.actor.kind, same=same)
        if self.actor.kind is ActorKind.CUSTOMER:
            entries = [each for each in entries if each.kind not in FROM_STAFF or each.kind in _TOLD]
            decisions = [each for each in decisions if each.state is DecisionState.MADE]
            steps = tuple(each for each in steps if self._is_timely(request, each))
        return CaseView(request, tuple(entries), tuple(decisions), steps)

    async def withdraw(self, ref: str) -> Request:
        """Take an own request back. Raises NotFound (also for somebody else's) and NotAllowed (already ended)."""
        request, transition = self._move(await self._own(ref), Step.WITHDRAW)
        return await self._keep(request, transition, asked_at=None, reminded_at=None)

    async def add(self, ref: str, draft_id: str) -> Request:
        """Add what was kept under `draft_id` (words, documents) to an own request. Raises as `withdraw`."""
        request, transition = self._move(await self._own(ref), Step.ADD)
        await self.work.cases.adopt_entries(draft_id, request.id, Step.ADD)
        return await self._keep(request, transition, asked_at=None, reminded_at=None)

    async def answer(self, ref: str, draft_id: str) -> Request:
        """Answer what staff asked, with what was kept under `draft_id` (words, documents).

        Raises NotFound, and NotAllowed where nothing was asked or nothing was kept.
        """
        before = await self._own(ref)
        request, transition = self._move(before, Step.ANSWER)
        if before.asked_at is None:
            raise NotAllowed(before.status, Step.ANSWER, Why.NOT_ASKED)
        if not await self.work.cases.adopt_entries(draft_id, request.id, Step.ANSWER):
            raise NotAllowed(before.status, Step.ANSWER, Why.WORDS)
        return await self._keep(request, transition, asked_at=None, reminded_at=None)

    async def disagree(self, ref: str, reason_draft_id: str) -> Request:
        """Disagree with a decision, for the reason kept under `reason_draft_id` (it may be empty): it is opened again.

        Raises NotFound, and NotAllowed where nothing is decided, or the time for it is over.
        """
        before = await self._own(ref)
        request, transition = self._move(before, Step.DISAGREE)
        if not self._is_timely(before, Step.DISAGREE):
            raise NotAllowed(before.status, Step.DISAGREE, Why.TOO_LATE)
        await self.work.cases.adopt_entries(reason_draft_id, request.id, Step.DISAGREE)
        return await self._keep(request, transition, disagree_until=None)

    def _is_timely(self, request: Request, step: Step) -> bool:
        if step is Step.ANSWER:
            return request.asked_at is not None
        if step is Step.DISAGREE:
            until = request.disagree_until
            return until is not None and self.controller.calendar.day_of(self.now) <= until
        return True
