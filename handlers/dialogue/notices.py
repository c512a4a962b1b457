"""What the desk says in a chat without being spoken to: notices that are due become turns of their own.

A notice in the outbox is a kind and a reference. Here it is put into words, in the chat's language, and kept as a turn
whose replies are owed: each door then sends it as it sends any reply that has not gone out. Turn and outbox row are
settled in one transaction, so a notice becomes a turn once, however often this runs and in however many processes.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from handlers.desk.controller import Controller
from handlers.desk.lifecycle import Notice
from handlers.desk.ports import FROM_NOTICE, Memory, OutboxRow, Recipient, TurnRecord, UnitOfWork
from handlers.desk.requests import new_id
from handlers.desk.telling import Telling, telling
from handlers.dialogue.actions.dates import write_date
from handlers.dialogue.decisions import write_items
from handlers.dialogue.messages import Reply, dump_replies
from handlers.dialogue.voice import Voice
from intents.companies import Company
from intents.parse import Language

log = logging.getLogger("madoguchi.talk")

LEASE = timedelta(minutes=1)
RETRY = timedelta(minutes=5)
AT_ONCE = 50


@dataclass(frozen=True)
class Notices:
    """Puts one company's due notices into their chats."""

    company: Company
    controller: Controller
    memory: Memory
    voice: Voice
    clock: Callable[[], datetime]

    async def announce(self, channel: str) -> list[str]:
        """Make turns of what is due, whatever its channel; returns the chats of this channel that have news now.

        Raises what the memory raises while claiming. What goes wrong with one notice is told to the log, and it is
        tried again later.
        """
        now = self.clock()
        async with self.memory.begin() as work:
            rows = await work.outbox.claim(now, now + LEASE, AT_ONCE, {Recipient.CHAT}, self.company.id)
        chats = []
        for row in rows:
            try:
                async with self.memory.begin() as work:
                    found = await self._put(work, row, now)
            except Exception as fault:  # noqa: BLE001 - one notice's trouble must not reach the others
                ids = {"notice": row.id, "case": row.case_id, "error": type(fault).__name__}
                log.error("talk.notice_failed", extra={"ids": ids})
                async with self.memory.begin() as work:
                    await work.outbox.retry(row.id, now + RETRY, type(fault).__name__)
                continue
            if found is not None and found[0] == channel:
                chats.append(found[1])
        return chats

    async def _put(self, work: UnitOfWork, row: OutboxRow, now: datetime) -> tuple[str, str] | None:
        """One notice as a turn; returns its channel and chat, or None where there is no chat to put it into."""
        request = await work.cases.get(row.case_id)
        chat = None if request is None else await work.conversations.by_id(request.conversation_id)
        await work.outbox.done(row.id, now)
        if request is None or chat is None:
            return None
        told = await telling(work, row, request, self.controller)
        text = self._words(told, Language(chat.language))
        turn = TurnRecord(
            id=new_id(),
            conversation_id=chat.id,
            channel=chat.channel,
            delivery=f"{FROM_NOTICE}{row.id}",
            at=now,
            said="",
            replies=dump_replies([Reply(text)]),
        )
        await work.conversations.claim(turn)
        return chat.channel, chat.chat

    def _words(self, told: Telling, language: Language) -> str:
        request = told.request

        def say(name: str, **values: str) -> str:
            return self.voice.line(f"utter_notice_{name}", language, **values)

        names = {"ref": request.ref, "what": told.what.of(language), "words": told.words}
        match told.notice:
            case Notice.DECISION:
                lines = write_items(told.items, self.controller.law, self.voice, language)
                paragraphs = [say("decision", lines=lines, **names)]
                if told.remedies is not None:
                    paragraphs.append(told.remedies.of(language))
                    if contact := complaints_contact(self.company, language):
                        paragraphs.append(say("complaints", words=contact))
                if request.disagree_until is not None:
                    paragraphs.append(say("disagree", day=write_date(request.disagree_until, language)))
            case Notice.EXTENSION:
                paragraphs = [say("extension", target=write_date(request.target_on, language), **names)]
                if request.legal_mark_on is not None:
                    mark = "mark_moved" if told.mark_moved else "mark_stays"
                    paragraphs.append(say(mark, mark=write_date(request.legal_mark_on, language)))
            case _:
                day = told.answer_by or request.disagree_until
                shown = "" if day is None else write_date(day, language)
                paragraphs = [say(told.notice, day=shown, **names)]
        return "\n\n".join(paragraphs)


def complaints_contact(company: Company, language: str) -> str:
    """Where complaints go, as far as the company's policy names it; empty where it names neither mail nor phone."""
    office = company.office_for("*")
    ways = [each for each in (office.mail, office.phone) if each]
    return ", ".join([office.name[Language(language)], *ways]) if ways else ""
