"""What a notice has to tell the person, looked up late from what its row refers to: plain values, no wording.

Read only. How it is worded is the business of who tells it: the mail room, or the talk in the chat.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta

from handlers.desk.controller import Controller
from handlers.desk.decisions import Decision, Ruling, Verdict
from handlers.desk.lifecycle import Notice
from handlers.desk.ports import EntryKind, OutboxRow, UnitOfWork
from handlers.desk.requests import Request
from handlers.desk.rights import Words


@dataclass(frozen=True, slots=True)
class ToldItem:
    """What became of one item."""

    text: str = field(repr=False)
    is_fulfilled: bool
    is_handed_over: bool
    """Fulfilled by handing data over, which happens elsewhere."""
    article: str | None
    reason: Words | None
    """Why it is refused, as the law puts it."""
    words: str = field(repr=False)
    """The facts of a refusal, or what was changed."""
    substitute: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Telling:
    """One notice to a person."""

    notice: Notice
    request: Request
    what: Words
    """What the law calls such a request."""
    words: str = field(default="", repr=False)
    """The question, or why it takes longer."""
    answer_by: date | None = None
    """The last day on which an answer comes in time, or on which the person may come back."""
    mark_moved: bool = False
    """Whether the law lets its own date move with an extension."""
    items: tuple[ToldItem, ...] = ()
    remedies: Words | None = None
    """Where to turn, where anything is refused."""


async def telling(work: UnitOfWork, row: OutboxRow, request: Request, controller: Controller) -> Telling:
    """Look up what a row is to tell. What has gone since is told without it."""
    law = controller.law
    right = law.right(request.kind)
    if row.notice is Notice.DECISION:
        decision = await work.decisions.get(row.subject_id)
        items = () if decision is None else told_items(request, decision, controller)
        refused = any(not each.is_fulfilled for each in items)
        return Telling(row.notice, request, right.name, items=items, remedies=law.remedies if refused else None)
    if row.notice is Notice.REMINDER:
        words = await _last_question(work, request)
        answer_by = controller.calendar.day_of(row.created_at) + timedelta(days=controller.promises.lapse_days - 1)
        return Telling(row.notice, request, right.name, words, answer_by)
    if row.notice is Notice.LAPSE:
        until = controller.calendar.day_of(row.created_at) + timedelta(days=controller.promises.disagree_days)
        return Telling(row.notice, request, right.name, answer_by=until)
    if row.notice in {Notice.QUESTION, Notice.EXTENSION}:
        entry = await work.cases.entry(row.subject_id)
        moved = law.extension_of(request.kind) is not None
        return Telling(row.notice, request, right.name, "" if entry is None else entry.text, mark_moved=moved)
    return Telling(row.notice, request, right.name)


def told_items(request: Request, decision: Decision, controller: Controller) -> tuple[ToldItem, ...]:
    """What a decision says of each item of a request."""
    return tuple(_item(request, each, controller) for each in decision.verdicts)


async def _last_question(work: UnitOfWork, request: Request) -> str:
    questions = [each for each in await work.cases.entries(request.id) if each.kind is EntryKind.QUESTION]
    return questions[-1].text if questions else ""


def _item(request: Request, verdict: Verdict, controller: Controller) -> ToldItem:
    texts = {each.number: each.text for each in request.items}
    refusal = controller.law.refusals.get(verdict.reason or "")
    is_fulfilled = verdict.ruling is Ruling.FULFILLED
    return ToldItem(
        text=texts.get(verdict.item, ""),
        is_fulfilled=is_fulfilled,
        is_handed_over=is_fulfilled and bool(controller.law.right(request.kind).methods),
        article=None if refusal is None else refusal.article,
        reason=None if refusal is None else refusal.text,
        words=verdict.words.strip(),
        substitute=verdict.substitute.strip(),
    )
