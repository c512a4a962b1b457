"""All that a member of staff needs to take up a request, gathered from the memory into one value.

Read only: nothing is changed here, and nothing is decided. How it is written down is the business of who shows it
(the mail room, the command line, the console). What the person asked for is given in full, since staff act on it;
who they are, and addresses that they typed in the talk, only under masks.
"""

import json
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from handlers.desk.assurance import Proof, is_proved
from handlers.desk.controller import Controller
from handlers.desk.identifiers import find_address_parts
from handlers.desk.masking import mask_digits, mask_email, mask_name
from handlers.desk.ports import FROM_NOTICE, Entry, TurnRecord, UnitOfWork
from handlers.desk.requests import Detail, Request, RequestKind, Status
from handlers.desk.rights import Law, Words
from handlers.desk.wording import Wording

MOST_EXCHANGES = 10
"""Exchanges that are shown; the newest of them."""


@dataclass(frozen=True, slots=True)
class NamedGround:
    """A ground in words: the law's, with its article, or the company's own policy's, without one."""

    code: str
    words: Words
    article: str | None


@dataclass(frozen=True, slots=True)
class MaskedIdentity:
    """Who proved to be the one asking: enough to find the record, too little to use it."""

    name: str = field(repr=False)
    email: str = field(repr=False)
    phone: str | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class Missing:
    """Proofs that are still needed: all of any one of the alternatives. Empty where nothing more is."""

    alternatives: tuple[tuple[Words, ...], ...]
    for_contact: tuple[tuple[Words, ...], ...] = ()
    """Instead of `alternatives`, where an e-mail address, a phone number or a postal address would be changed."""


@dataclass(frozen=True, slots=True)
class Exchange:
    """One message and the desk's answer to it. Addresses are masked."""

    at: datetime
    said: str = field(repr=False)
    """Empty where a button was pressed or a file was sent."""
    replies: tuple[str, ...] = field(repr=False)
    choices: tuple[str, ...] = field(repr=False)
    """The choices under the desk's last words, in the order in which a number picks one."""


@dataclass(frozen=True, slots=True)
class Escalation:
    """One request as staff need it. Instants are in the company's time zone."""

    case_id: str
    ref: str
    company: str
    kind: RequestKind
    name: Words
    article: str | None
    law: Law
    grounds: tuple[NamedGround, ...]
    status: Status
    status_words: Words
    language: str
    proved: tuple[Words, ...]
    missing: Missing
    arrived_at: datetime
    first_touch_on: date
    target_on: date
    legal_mark_on: date | None
    is_by_agent: bool
    """Whether somebody asks for another."""
    is_established: bool
    """Whether somebody of the register proved to be the one asking."""
    identity: MaskedIdentity | None
    """None where that is not so, or where they have left the register since."""
    details: tuple[Detail, ...] = field(repr=False)
    entries: tuple[Entry, ...] = field(repr=False)
    exchanges: tuple[Exchange, ...] = field(repr=False)


async def brief(
    work: UnitOfWork,
    request: Request,
    controller: Controller,
    wording: Wording,
    *,
    policy_grounds: Mapping[str, Words] | None = None,
    until: datetime | None = None,
) -> Escalation:
    """Gather everything about a request; `work` is only read from.

    `policy_grounds` are the grounds of the company's own policy by their code. What was added or said after `until`
    is left out. Raises nothing of its own; what the memory raises goes through.
    """
    zone = controller.calendar.timezone
    right = controller.law.right(request.kind)
    entries = await work.cases.entries(request.id)
    turns = await work.conversations.turns_since(request.conversation_id, request.arrived_at)
    return Escalation(
        case_id=request.id,
        ref=request.ref,
        company=request.company,
        kind=request.kind,
        name=right.name,
        article=request.article,
        law=controller.law,
        grounds=_grounds(request, controller, policy_grounds or {}),
        status=request.status,
        status_words=wording.statuses[request.status],
        language=request.language,
        proved=tuple(wording.proofs[proof] for proof in Proof if proof in request.assurance),
        missing=_missing(request, controller, wording),
        arrived_at=request.arrived_at.astimezone(zone),
        first_touch_on=request.first_touch_on,
        target_on=request.target_on,
        legal_mark_on=request.legal_mark_on,
        is_by_agent=request.is_by_agent,
        is_established=request.customer_id is not None,
        identity=await _identity(work, request),
        details=request.details,
        entries=tuple(each for each in entries if until is None or each.at <= until),
        exchanges=_exchanges([each for each in turns if until is None or each.at <= until], controller),
    )


def _grounds(request: Request, controller: Controller, policy: Mapping[str, Words]) -> tuple[NamedGround, ...]:
    by_law = controller.law.right(request.kind).grounds
    named = []
    for code in request.grounds:
        if code in policy:
            named.append(NamedGround(code, policy[code], None))
        if code in by_law:
            named.append(NamedGround(code, by_law[code].text, by_law[code].article))
    return tuple(named)


def _missing(request: Request, controller: Controller, wording: Wording) -> Missing:
    """What a request on file still lacks. One that is open lacks nothing; one that has ended needs nothing."""
    if request.status is not Status.AWAITING_IDENTITY:
        return Missing(())
    right = controller.law.right(request.kind)
    return Missing(
        _lacking(right.proof, request.assurance, wording),
        _lacking(right.contact_proof or (), request.assurance, wording),
    )


def _lacking(
    need: Sequence[frozenset[Proof]], reached: frozenset[Proof], wording: Wording
) -> tuple[tuple[Words, ...], ...]:
    if is_proved(need, reached):
        return ()
    return tuple(tuple(wording.proofs[proof] for proof in Proof if proof in each - reached) for each in need)


async def _identity(work: UnitOfWork, request: Request) -> MaskedIdentity | None:
    customer = None if request.customer_id is None else await work.register.get(request.customer_id)
    if customer is None:
        return None
    phone = None if customer.phone is None else mask_digits(customer.phone)
    return MaskedIdentity(mask_name(customer.name), mask_email(customer.email), phone)


def _exchanges(turns: Sequence[TurnRecord], controller: Controller) -> tuple[Exchange, ...]:
    zone = controller.calendar.timezone
    exchanges = []
    asked = [each for each in turns if not each.delivery.startswith(FROM_NOTICE)]
    for turn in asked[-MOST_EXCHANGES:]:
        replies, choices = _read_replies(turn.replies)
        said = _mask_addresses(turn.said)
        exchanges.append(Exchange(turn.at.astimezone(zone), said, tuple(map(_mask_addresses, replies)), choices))
    return tuple(exchanges)


def _read_replies(text: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The texts of a turn's replies, and the labels of the last choices.

    The talk writes this JSON (`handlers/dialogue/messages.dump_replies`); the desk may not import it, so its shape is
    known here too: a list of {"text", "choices": [{"label", "key"}]}.
    """
    replies = json.loads(text)
    choices = next((each["choices"] for each in reversed(replies) if each["choices"]), ())
    return tuple(each["text"] for each in replies), tuple(each["label"] for each in choices)


def _mask_addresses(text: str) -> str:
    found = sorted(find_address_parts(text), key=len, reverse=True)
    if any(address not in text for address in found):
        text = unicodedata.normalize("NFKC", text)  # typed in full width
    for address in found:
        text = text.replace(address, mask_email(address))
    return text
