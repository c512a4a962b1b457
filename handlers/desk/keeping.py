"""How long what people said is kept: when its time is over it is shredded, unless a member of staff holds it.

The rule this file guards: the row of a request stays, with its dates, its kind and how it ended, and so does the audit;
what the person wrote, what staff wrote about it and the documents are gone for good. Only ended requests are shredded.
"""

from datetime import datetime, timedelta

from handlers.desk.lifecycle import Fact, Step
from handlers.desk.ports import EntryKind
from handlers.desk.requests import Request
from handlers.desk.stepping import Stepping

SPENT_CHALLENGES = timedelta(days=60)
"""How long codes that were asked for are counted; longer than any budget (`budgets`)."""


class Keeping(Stepping):
    """Retention: the clock's part, and staff's legal hold."""

    async def hold(self, ref: str, reason: str) -> Request:
        """Keep a request's contents until they are released, such as for a lawsuit. Raises NotFound, NotAllowed."""
        return await self._set_hold(ref, reason, self.now, Fact.HELD)

    async def release(self, ref: str, reason: str) -> Request:
        """End a hold: the contents go when their time is over. Raises NotFound, NotAllowed."""
        return await self._set_hold(ref, reason, None, Fact.RELEASED)

    async def due_to_be_shredded(self) -> list[str]:
        """The ids of requests whose time is over and that nobody holds."""
        days = self.controller.retention.case_days_of
        ended = await self.work.cases.ended(self.controller.id)
        return [case_id for case_id, kind, at in ended if at + timedelta(days=days(kind)) <= self.now]

    async def shred(self, case_id: str) -> None:
        """Shred the contents of a request for good."""
        await self.work.cases.shred(case_id, self.now)
        await self.work.audit.append(self.now, Fact.SHREDDED, case_id, self.actor)

    async def forget_old_talk(self) -> None:
        """Delete what chats said that have been silent for long, drafts that were never filed, and old challenges."""
        retention = self.controller.retention
        await self.work.conversations.forget_before(self.controller.id, self.now - timedelta(days=retention.chat_days))
        await self.work.cases.delete_drafts(self.now - timedelta(days=retention.draft_days))
        await self.work.challenges.delete_before(self.now - SPENT_CHALLENGES)

    async def remembered(self) -> int:
        """How many turns of this conversation are kept with their words."""
        return await self.work.conversations.remembered(self.actor.id)

    async def forget_chat(self, draft_id: str | None) -> None:
        """Forget what this conversation said, and what was kept for a request that is not filed.

        What is filed stays, and so do the codes that were asked for: else nobody could be kept from asking without end.
        """
        await self.work.conversations.forget(self.actor.id)
        if draft_id is not None:
            await self.work.cases.delete_draft(draft_id)
        await self.work.audit.append(self.now, Fact.FORGOTTEN, self.actor.id, self.actor)

    async def _set_hold(self, ref: str, reason: str, at: datetime | None, fact: Fact) -> Request:
        request = await self._own(ref)
        self._move(request, Step.NOTE)  # whoever may note something down about a request may hold it
        self._check_words(request, Step.NOTE, reason)
        await self._note_down(request.id, EntryKind.NOTE, reason, fact.value)
        await self.work.cases.hold(request.id, at)
        await self.work.audit.append(self.now, fact, request.id, self.actor)
        return request
