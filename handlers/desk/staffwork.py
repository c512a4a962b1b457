"""What staff do with a request before it is decided, and when it is taken up again."""

from collections.abc import Sequence
from datetime import date, timedelta

from handlers.desk.actors import ActorKind
from handlers.desk.deadlines import extended
from handlers.desk.decisions import Finding
from handlers.desk.errors import CannotExtend, NotAllowed, NotFound, Why
from handlers.desk.lifecycle import Fact, Step
from handlers.desk.ports import Entry, EntryKind
from handlers.desk.requests import Request
from handlers.desk.stepping import Stepping


class Staffwork(Stepping):
    """The staff's side of a request on file. Every use case raises NotFound and NotAllowed."""

    async def claim(self, ref: str) -> Request:
        """Take a request in hand, also from a colleague."""
        request, transition = self._move(await self._own(ref), Step.CLAIM)
        return await self._keep(request, transition, owner=self.actor.id)

    async def specify(self, ref: str, items: Sequence[str]) -> Request:
        """Set apart what is asked for, in words that the person will read: each is decided by itself."""
        request, transition = self._move(await self._own(ref), Step.SPECIFY)
        self._check_words(request, Step.SPECIFY, *(items or [""]))
        notes = {"items": str(len(items))}
        return await self._keep(request, transition, notes=notes, specified=tuple(each.strip() for each in items))

    async def ask(self, ref: str, question: str) -> Request:
        """Ask the person something; it reaches them in the chat and, where they are known, by mail."""
        request, transition = self._move(await self._own(ref), Step.ASK)
        self._check_words(request, Step.ASK, question)
        entry_id = await self._note_down(request.id, EntryKind.QUESTION, question)
        return await self._keep(request, transition, entry_id, asked_at=self.now, reminded_at=None)

    async def note(self, ref: str, text: str) -> Request:
        """Write something down for colleagues; the person never sees it."""
        request, transition = self._move(await self._own(ref), Step.NOTE)
        self._check_words(request, Step.NOTE, text)
        await self._note_down(request.id, EntryKind.NOTE, text)
        return await self._keep(request, transition)

    async def investigate(self, ref: str, finding: Finding, text: str) -> Request:
        """Record what was found, and where; a correction or a stop is not decided without it."""
        request, transition = self._move(await self._own(ref), Step.INVESTIGATE)
        self._check_words(request, Step.INVESTIGATE, text)
        await self._note_down(request.id, EntryKind.FINDING, text, finding)
        return await self._keep(request, transition, notes={"finding": finding})

    async def extend(self, ref: str, to: date, reason: str) -> Request:
        """Put the answer off to a date, once, and tell the person why.

        Where the law knows no extension it is the company's own target that moves, and the law's mark stays; where
        that mark is the limit for the answer, the target stays within it.
        """
        before = await self._own(ref)
        request, transition = self._move(before, Step.EXTEND)
        self._check_words(request, Step.EXTEND, reason)
        if before.extended_at is not None:
            raise NotAllowed(before.status, Step.EXTEND, Why.TWICE)
        mark = self._extended_mark(before)
        if not before.target_on < to <= self._latest(before, mark):
            raise NotAllowed(before.status, Step.EXTEND, Why.DATE)
        entry_id = await self._note_down(request.id, EntryKind.EXTENSION, reason, to.isoformat())
        notes = {"to": to.isoformat()}
        return await self._keep(
            request, transition, entry_id, notes, target_on=to, legal_mark_on=mark, extended_at=self.now
        )

    async def reopen(self, ref: str, reason: str) -> Request:
        """Take a request up again that had ended. Why is for colleagues; the person is told that it goes on."""
        request, transition = self._move(await self._own(ref), Step.REOPEN)
        self._check_words(request, Step.REOPEN, reason)
        await self._note_down(request.id, EntryKind.NOTE, reason, Step.REOPEN)
        return await self._keep(request, transition, disagree_until=None, asked_at=None, reminded_at=None)

    async def read_documents(self, ref: str) -> list[Entry]:
        """All documents of a request, with their content. That they were read is audited."""
        request = await self._own(ref)
        if self.actor.kind is not ActorKind.STAFF:
            raise NotFound("documents")
        entries = await self.work.cases.entries(request.id)
        found = [await self.work.cases.entry(each.id) for each in entries if each.kind is EntryKind.DOCUMENT]
        documents = [each for each in found if each is not None]
        notes = {"documents": str(len(documents))}
        await self.work.audit.append(self.now, Fact.DOCUMENTS_READ, request.id, self.actor, notes)
        return documents

    def _latest(self, request: Request, mark: date | None) -> date:
        """The last day to which the answer can be put off, where the law's mark would be at `mark` then."""
        promised = request.target_on + timedelta(days=self.controller.promises.extend_days)
        if mark is None or self.controller.law.answer_of(request.kind) is None:
            return promised
        return mark if mark != request.legal_mark_on else min(promised, mark)

    def _extended_mark(self, request: Request) -> date | None:
        """The law's mark after an extension; the same where the law knows none."""
        law, calendar = self.controller.law, self.controller.calendar
        if request.legal_mark_on is None or law.extension_of(request.kind) is None:
            return request.legal_mark_on
        try:
            return extended(request.arrived_at, request.kind, law, calendar, told_at=self.now).legal_mark_on
        except CannotExtend as fault:
            raise NotAllowed(request.status, Step.EXTEND, Why.TOO_LATE) from fault
