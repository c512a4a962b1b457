"""Decisions: item by item, for reasons that the law knows, by as many members of staff as it takes.

The rules this file guards. A refusal, whole or in part, and what the law's data says so of (disclosure, erasure) take
two members of staff. No correction or stop is decided without a finding. Without proof of who is asking, nothing is
decided but that it was not proved.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from handlers.desk.decisions import Decision, DecisionState, Ruling, Verdict, outcome_of
from handlers.desk.errors import NotAllowed, Why
from handlers.desk.lifecycle import Step
from handlers.desk.ports import EntryKind
from handlers.desk.requests import Outcome, Request, new_id
from handlers.desk.rights import Right, Says
from handlers.desk.stepping import Stepping, same_hands

_STEPS = {
    Outcome.FULFILLED: Step.FULFIL,
    Outcome.FULFILLED_IN_PART: Step.FULFIL_IN_PART,
    Outcome.REFUSED: Step.REFUSE,
}
"""The step that a decision is, by what it comes to."""
_UNPROVED = frozenset({Says.IDENTITY, Says.AGENT})
"""What a refusal says that needs no proof of who is asking: that there is none."""


class Deciding(Stepping):
    """From what was found to what the person is told. Every use case raises NotFound and NotAllowed."""

    async def decide(self, ref: str, verdicts: Sequence[Verdict], *, propose: bool = False) -> Request:
        """Decide a request, or propose the decision where it takes two members of staff (or `propose` says so).

        `verdicts` holds exactly one for each item.
        """
        before = await self._own(ref)
        right = self.controller.law.right(before.kind)
        outcome = outcome_of(verdicts)
        takes_two = propose or right.four_eyes or outcome is not Outcome.FULFILLED
        step = Step.PROPOSE if takes_two else Step.FULFIL
        request, transition = self._move(before, step)
        await self._check(before, step, right, verdicts)
        decision = Decision(new_id(), request.id, DecisionState.PROPOSED, tuple(verdicts), self.actor.id, self.now)
        if not takes_two:
            decision = replace(decision, state=DecisionState.MADE, ended_at=self.now)
        await self.work.decisions.add(decision)
        changes = {} if takes_two else {"disagree_until": self._disagree_until()}
        return await self._keep(request, transition, decision.id, {"outcome": outcome}, **changes)

    async def approve(self, ref: str) -> Request:
        """Agree, as a second member of staff, to what was proposed: it is decided, and the person is told."""
        before = await self._own(ref)
        decision = await self._proposed(before, Step.PROPOSE)
        step = _STEPS[outcome_of(decision.verdicts)]
        request, transition = self._move(before, step, same=same_hands(decision.first, self.actor.id))
        await self._check(before, step, self.controller.law.right(before.kind), decision.verdicts)
        made = replace(decision, state=DecisionState.MADE, second=self.actor.id, ended_at=self.now)
        await self.work.decisions.save(made)
        return await self._keep(request, transition, made.id, disagree_until=self._disagree_until())

    async def send_back(self, ref: str, reason: str) -> Request:
        """Not agree to what was proposed, or take one's own proposal back; why is for colleagues."""
        before = await self._own(ref)
        request, transition = self._move(before, Step.SEND_BACK)
        self._check_words(before, Step.SEND_BACK, reason)
        decision = await self._proposed(before, Step.SEND_BACK)
        sent_back = replace(decision, state=DecisionState.SENT_BACK, second=self.actor.id, ended_at=self.now)
        await self.work.decisions.save(sent_back)
        await self._note_down(request.id, EntryKind.NOTE, reason, Step.SEND_BACK)
        return await self._keep(request, transition, decision.id)

    async def _proposed(self, request: Request, step: Step) -> Decision:
        for decision in reversed(await self.work.decisions.of_case(request.id)):
            if decision.state is DecisionState.PROPOSED:
                return decision
        raise NotAllowed(request.status, step)

    def _disagree_until(self) -> date:
        today = self.controller.calendar.day_of(self.now)
        return today + timedelta(days=self.controller.promises.disagree_days)

    async def _check(self, request: Request, step: Step, right: Right, verdicts: Sequence[Verdict]) -> None:
        if sorted(each.item for each in verdicts) != [each.number for each in request.items]:
            raise NotAllowed(request.status, step, Why.ITEMS)
        for verdict in verdicts:
            if why := self._fault(right, verdict):
                raise NotAllowed(request.status, step, why)
        if outcome_of(verdicts) is Outcome.FULFILLED_IN_PART and not right.partial:
            raise NotAllowed(request.status, step, Why.PARTIAL)
        if self._says_unproved(verdicts):
            return
        if not self.is_proved(request):
            raise NotAllowed(request.status, step, Why.PROOF)
        if right.finding and not await self._is_investigated(request):
            raise NotAllowed(request.status, step, Why.FINDING)

    def _fault(self, right: Right, verdict: Verdict) -> Why | None:
        """What a verdict lacks, or has too much."""
        if verdict.ruling is Ruling.FULFILLED:
            if verdict.reason is not None:
                return Why.REASON
            return Why.CONTENT if right.methods and verdict.words.strip() else None
        if verdict.reason not in right.refusals:
            return Why.REASON
        refusal = self.controller.law.refusals[verdict.reason]
        if refusal.needs_facts and not verdict.words.strip():
            return Why.FACTS
        return Why.SUBSTITUTE if refusal.substitute and not verdict.substitute.strip() else None

    def _says_unproved(self, verdicts: Sequence[Verdict]) -> bool:
        catalogue = self.controller.law.refusals
        return all(each.reason is not None and catalogue[each.reason].says in _UNPROVED for each in verdicts)

    async def _is_investigated(self, request: Request) -> bool:
        """Whether something was found since the request was last decided."""
        decided = [
            each.ended_at for each in await self.work.decisions.of_case(request.id) if each.state is DecisionState.MADE
        ]
        found = [each.at for each in await self.work.cases.entries(request.id) if each.kind is EntryKind.FINDING]
        return any(not decided or at > max(filter(None, decided)) for at in found)
