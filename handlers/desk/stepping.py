"""What every use case does alike: load for its actor, take the step by the table, leave audit entry and notices.

Use cases themselves stand in `filing`, `proving`, `own_cases`, `staffwork`, `deciding` and `clockwork`; `casework` is
the door to all of them.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from handlers.desk.actors import Actor, ActorKind
from handlers.desk.assurance import is_proved
from handlers.desk.controller import Controller
from handlers.desk.errors import NotAllowed, NotFound, Why
from handlers.desk.lifecycle import Notice, Step, Transition, move
from handlers.desk.ports import Entry, EntryKind, OutboxRow, Recipient, UnitOfWork
from handlers.desk.requests import Request, new_id

_MAIL, _CHAT, _STAFF = Recipient.CUSTOMER, Recipient.CHAT, Recipient.STAFF

FOR: Mapping[Notice, tuple[Recipient, ...]] = {
    Notice.CODE: (_MAIL,),
    Notice.AGENT: (_MAIL,),
    Notice.RECEIPT: (_MAIL,),
    Notice.QUESTION: (_MAIL, _CHAT),
    Notice.REMINDER: (_MAIL, _CHAT),
    Notice.EXTENSION: (_MAIL, _CHAT),
    Notice.DECISION: (_MAIL, _CHAT),
    Notice.LAPSE: (_MAIL, _CHAT),
    Notice.REOPENING: (_MAIL, _CHAT),
    Notice.ESCALATION: (_STAFF,),
    Notice.ADDITION: (_STAFF,),
    Notice.ANSWER: (_STAFF,),
    Notice.PROPOSAL: (_STAFF,),
    Notice.DISAGREEMENT: (_STAFF,),
    Notice.WITHDRAWAL: (_STAFF,),
    Notice.ALARM: (_STAFF,),
}
"""Whom each notice reaches. A letter to the person goes only where somebody of the register proved to be the one."""


def same_hands(one: str, other: str) -> bool:
    """Whether two names of staff mean one member of staff, however they are written."""
    return one.strip().casefold() == other.strip().casefold()


@dataclass(frozen=True)
class Stepping:
    """One actor, in one transaction, at one instant (UTC)."""

    work: UnitOfWork
    controller: Controller
    code_key: bytes = field(repr=False)
    actor: Actor
    now: datetime

    def is_proved(self, request: Request) -> bool:
        """Whether who is asking is proved as this request needs."""
        right = self.controller.law.right(request.kind)
        need = right.contact_proof if request.touches_contact and right.contact_proof else right.proof
        return is_proved(need, request.assurance)

    async def _own(self, ref: str) -> Request:
        """A request that this actor may know of. Raises NotFound, also for somebody else's."""
        request = await self.work.cases.by_ref(ref)
        if request is None or request.company != self.controller.id:
            raise NotFound("request")
        if self.actor.kind is ActorKind.CUSTOMER and request.conversation_id != self.actor.id:
            raise NotFound("request")
        return request

    def _move(self, request: Request, step: Step, *, same: bool = False) -> tuple[Request, Transition]:
        return move(request, step, self.actor.kind, proved=self.is_proved(request), same=same)

    def _check_words(self, request: Request, step: Step, *texts: str) -> None:
        if not all(text.strip() for text in texts):
            raise NotAllowed(request.status, step, Why.WORDS)

    async def _note_down(self, case_id: str, kind: EntryKind, text: str, code: str | None = None) -> str:
        """Put what staff wrote into the timeline; returns the entry's id."""
        entry = Entry(new_id(), case_id, kind, self.now, text.strip(), author=self.actor.id, code=code)
        await self.work.cases.add_entry(entry)
        return entry.id

    async def _keep(
        self,
        request: Request,
        transition: Transition,
        subject_id: str = "",
        notes: dict[str, str] | None = None,
        **changes: Any,
    ) -> Request:
        """Save a request that a step has moved, with `changes`, and leave what the step leaves."""
        request = replace(request, **changes)
        await self.work.cases.save(request)
        await self._leave(request, transition, subject_id or request.id, notes)
        return request

    async def _leave(
        self, request: Request, transition: Transition, subject_id: str, notes: dict[str, str] | None = None
    ) -> None:
        for notice in transition.notices:
            to = [each for each in FOR[notice] if each is not _MAIL or request.customer_id is not None]
            await self._owe(notice, to, request.id, subject_id)
        await self.work.audit.append(self.now, transition.fact, request.id, self.actor, notes)

    async def _owe(self, notice: Notice, to: Iterable[Recipient], case_id: str, subject_id: str) -> None:
        for recipient in to:
            row = OutboxRow(
                id=new_id(),
                notice=notice,
                recipient=recipient,
                company=self.controller.id,
                case_id=case_id,
                subject_id=subject_id,
                created_at=self.now,
                due_at=self.now,
            )
            await self.work.outbox.add(row)
