"""Putting a request on file, and keeping what the person gives for it while it is still being put together."""

from dataclasses import dataclass, field
from datetime import datetime

from handlers.desk.assurance import is_proved, label
from handlers.desk.deadlines import set_clocks
from handlers.desk.lifecycle import Step, check_step
from handlers.desk.ports import Entry, EntryKind
from handlers.desk.proving import Proving
from handlers.desk.requests import Detail, Request, RequestKind, new_id, new_ref
from handlers.desk.rights import Right


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


class Filing(Proving):
    """From a draft to a request on file."""

    async def file(self, draft: Draft) -> Request:
        """Put a draft on file with a fresh reference, both clocks, and the proof that was reached for it."""
        customer_id, reached = await self._proofs(draft.id, draft.kind)
        right = self.controller.law.right(draft.kind)
        need = right.contact_proof if draft.touches_contact and right.contact_proof else right.proof
        transition = check_step(None, Step.FILE, self.actor.kind)
        controller = self.controller
        clocks = set_clocks(draft.arrived_at, draft.kind, controller.law, controller.calendar, controller.targets)
        request = Request(
            id=draft.id,
            ref=new_ref(),
            company=controller.id,
            kind=draft.kind,
            article=_article(right, draft),
            grounds=draft.grounds,
            status=transition.to if is_proved(need, reached) else transition.unproved or transition.to,
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
            touches_contact=draft.touches_contact,
        )
        await self.work.cases.add(request)
        await self._leave(request, transition, request.id, {"kind": draft.kind, "assurance": label(reached)})
        return request

    async def keep_words(self, draft_id: str, text: str) -> None:
        """Keep the person's own words for a request that they have yet to name."""
        await self.work.cases.add_entry(Entry(new_id(), draft_id, EntryKind.WORDS, self.now, text))

    async def keep_document(self, draft_id: str, name: str, content: bytes, media_type: str) -> None:
        """Keep a document for a request that is still being put together; it is there when the request is filed."""
        entry = Entry(new_id(), draft_id, EntryKind.DOCUMENT, self.now, name, content, media_type)
        await self.work.cases.add_entry(entry)


def _article(right: Right, draft: Draft) -> str | None:
    """The article of the one ground that was chosen, where the law has it; else that of the right as a whole."""
    named = [right.grounds[each].article for each in draft.grounds if each in right.grounds]
    return named[0] if len(named) == 1 else right.article
