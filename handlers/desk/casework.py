"""The one door through which a request changes.

Use cases are verbs. Each loads for its actor, checks, applies the lifecycle's table, and leaves request, audit entry
and letters owed in the caller's one transaction.

Unknown and known people get the same answers here and cause the same work (THREATS: sameness).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from handlers.desk import codes
from handlers.desk.actors import Actor, ActorKind
from handlers.desk.assurance import Proof, is_proved, label
from handlers.desk.calendars import Calendar
from handlers.desk.deadlines import Targets, set_clocks
from handlers.desk.errors import NotFound
from handlers.desk.lifecycle import Fact, Notice, Step, Transition, check_step, move
from handlers.desk.ports import Challenge, Entry, EntryKind, OutboxRow, Recipient, UnitOfWork
from handlers.desk.requests import Detail, Request, RequestKind, new_id, new_ref
from handlers.desk.rights import Law

VERIFIED_FOR = timedelta(minutes=30)
"""How long a passed code counts for the request it was asked for."""

_FOR: dict[Notice, Recipient] = {
    Notice.CODE: Recipient.CUSTOMER,
    Notice.RECEIPT: Recipient.CUSTOMER,
    Notice.ESCALATION: Recipient.STAFF,
    Notice.ADDITION: Recipient.STAFF,
    Notice.WITHDRAWAL: Recipient.STAFF,
}


@dataclass(frozen=True, slots=True)
class Controller:
    """The company that answers for the data, as far as the desk needs to know it."""

    id: str
    law: Law
    calendar: Calendar
    targets: Targets


@dataclass(frozen=True, slots=True)
class Draft:
    """A request as the person put it, before it is on file. `id` is the id the case will have."""

    id: str
    kind: RequestKind
    grounds: tuple[str, ...]
    details: tuple[Detail, ...] = field(repr=False)
    arrived_at: datetime
    language: str
    touches_contact: bool = False
    """Whether it would change an e-mail address, a phone number or a postal address."""


class CodeResult(StrEnum):
    """What became of a typed code."""

    CONFIRMED = "confirmed"
    WRONG = "wrong"
    SPENT = "spent"
    """Expired, used, replaced, or out of tries; a new code is needed."""


@dataclass(frozen=True, slots=True)
class Casework:
    """The use cases of one actor, in one transaction, at one instant (UTC)."""

    work: UnitOfWork
    controller: Controller
    code_key: bytes = field(repr=False)
    actor: Actor
    now: datetime

    async def challenge(self, case_id: str, kind: RequestKind, email: str) -> None:
        """Owe a code to the *registered* address equal to `email` (normalised), if there is one.

        Nothing returned, nothing raised and no work done here tells whether there is: an unknown address gets a
        challenge that nobody can pass, and so does one that was asked for too often (3 an hour, 5 a day).
        """
        identity = self.work.register.identity(self.controller.id, email)
        customer_id = await self.work.register.find(self.controller.id, email)
        an_hour = await self.work.challenges.sends_since(identity, self.now - timedelta(hours=1))
        a_day = await self.work.challenges.sends_since(identity, self.now - timedelta(days=1))
        within_budget = an_hour < codes.SENDS_PER_HOUR and a_day < codes.SENDS_PER_DAY
        challenge = Challenge(
            id=new_id(),
            company=self.controller.id,
            case_id=case_id,
            conversation_id=self.actor.id,
            kind=kind,
            customer_id=customer_id if within_budget else None,
            identity=identity,
            created_at=self.now,
            expires_at=self.now + codes.LIFETIME,
        )
        await self.work.challenges.add(challenge)
        await self._owe((Notice.CODE,), case_id, challenge.id)
        await self.work.audit.append(self.now, Fact.CODE_REQUESTED, case_id, self.actor, {"kind": kind})

    async def confirm(self, case_id: str, typed: str) -> CodeResult:
        """Compare a code (as `codes.read_code` returned it) with the current one of this case in this conversation.

        The try is counted by the database before the compare; an exhausted code is never compared.
        """
        challenge = await self.work.challenges.current(case_id, self.actor.id)
        if challenge is None or not await self.work.challenges.spend_try(challenge.id, self.now, codes.COMPARES):
            return CodeResult.SPENT
        right = codes.matches(self.code_key, challenge.id, typed) and challenge.customer_id is not None
        if right and await self.work.challenges.use(challenge.id, self.now):
            await self.work.audit.append(self.now, Fact.CODE_CONFIRMED, case_id, self.actor)
            return CodeResult.CONFIRMED
        await self.work.audit.append(self.now, Fact.CODE_REFUSED, case_id, self.actor)
        return CodeResult.SPENT if challenge.tries + 1 >= codes.COMPARES else CodeResult.WRONG

    async def challenged_for(self, case_id: str) -> RequestKind | None:
        """The kind of request that the newest code of this case is bound to; None where none was asked for."""
        challenge = await self.work.challenges.current(case_id, self.actor.id)
        return None if challenge is None else challenge.kind

    async def file(self, draft: Draft) -> Request:
        """Put a draft on file with a fresh reference, both clocks, and the proof that was reached for it."""
        customer_id, reached = await self._proofs(draft)
        right = self.controller.law.right(draft.kind)
        need = right.contact_proof if draft.touches_contact and right.contact_proof else right.proof
        step = Step.FILE_PROVED if is_proved(need, reached) else Step.FILE_UNPROVED
        transition = check_step(None, step, self.actor.kind)
        controller = self.controller
        clocks = set_clocks(draft.arrived_at, draft.kind, controller.law, controller.calendar, controller.targets)
        request = Request(
            id=draft.id,
            ref=new_ref(),
            company=controller.id,
            kind=draft.kind,
            article=right.article,
            grounds=draft.grounds,
            status=transition.to,
            outcome=transition.outcome,
            assurance=reached,
            customer_id=customer_id,
            conversation_id=self.actor.id,
            language=draft.language,
            details=draft.details,
            arrived_at=draft.arrived_at,
            filed_at=self.now,
            first_touch_on=clocks.first_touch_on,
            target_on=clocks.target_on,
            legal_mark_on=clocks.legal_mark_on,
        )
        await self.work.cases.add(request)
        await self._leave(request, transition, request.id, {"kind": draft.kind, "assurance": label(reached)})
        return request

    async def withdraw(self, ref: str) -> Request:
        """Take an own request back. Raises NotFound (also for somebody else's) and NotAllowed (already ended)."""
        request, transition = move(await self._own(ref), Step.WITHDRAW, self.actor.kind)
        await self.work.cases.save(request)
        await self._leave(request, transition, request.id)
        return request

    async def add(self, ref: str, draft_id: str) -> Request:
        """Add what was kept under `draft_id` (words, documents) to an own request. Raises as `withdraw`."""
        request, transition = move(await self._own(ref), Step.ADD, self.actor.kind)
        await self.work.cases.adopt_entries(draft_id, request.id)
        await self._leave(request, transition, request.id)
        return request

    async def keep_words(self, draft_id: str, text: str) -> None:
        """Keep the person's own words for a request that they have yet to name."""
        await self.work.cases.add_entry(Entry(new_id(), draft_id, EntryKind.WORDS, self.now, text))

    async def keep_document(self, draft_id: str, name: str, content: bytes, media_type: str) -> None:
        """Keep a document for a request that is still being put together; it is there when the request is filed."""
        entry = Entry(new_id(), draft_id, EntryKind.DOCUMENT, self.now, name, content, media_type)
        await self.work.cases.add_entry(entry)

    async def own_cases(self) -> Sequence[Request]:
        """The requests that were filed in this conversation, newest first."""
        return await self.work.cases.of_conversation(self.actor.id)

    async def _own(self, ref: str) -> Request:
        request = await self.work.cases.by_ref(ref)
        if request is None or (self.actor.kind is ActorKind.CUSTOMER and request.conversation_id != self.actor.id):
            raise NotFound("request")
        return request

    async def _proofs(self, draft: Draft) -> tuple[str | None, frozenset[Proof]]:
        challenge = await self.work.challenges.current(draft.id, self.actor.id)
        if challenge is None or challenge.used_at is None or challenge.kind is not draft.kind:
            return None, frozenset()
        if self.now - challenge.used_at > VERIFIED_FOR:
            return None, frozenset()
        return challenge.customer_id, frozenset({Proof.MAIL})

    async def _leave(
        self, request: Request, transition: Transition, subject_id: str, notes: dict[str, str] | None = None
    ) -> None:
        notices = [each for each in transition.notices if request.customer_id or _FOR[each] is Recipient.STAFF]
        await self._owe(notices, request.id, subject_id)
        await self.work.audit.append(self.now, transition.fact, request.id, self.actor, notes)

    async def _owe(self, notices: Iterable[Notice], case_id: str, subject_id: str) -> None:
        for notice in notices:
            row = OutboxRow(
                id=new_id(),
                notice=notice,
                recipient=_FOR[notice],
                company=self.controller.id,
                case_id=case_id,
                subject_id=subject_id,
                created_at=self.now,
                due_at=self.now,
            )
            await self.work.outbox.add(row)
