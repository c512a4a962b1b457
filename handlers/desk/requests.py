"""What a request is: kind, grounds, status, outcome, and what the person asked for item by item.

Not here: what it may become (`lifecycle`), and who may do it (`casework`).
"""

import secrets
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from handlers.desk.assurance import Proof


class RequestKind(StrEnum):
    """What a person may ask of the desk. A law preset says which it knows, and under which article."""

    PURPOSE_NOTICE = "purpose_notice"
    DISCLOSURE = "disclosure"
    PROVISION_RECORDS = "provision_records"
    CORRECTION = "correction"
    DELETION = "deletion"
    SUSPENSION = "suspension"
    STOP_SHARING = "stop_sharing"
    MARKETING_STOP = "marketing_stop"
    CONSENT_WITHDRAWAL = "consent_withdrawal"
    PORTABILITY = "portability"
    OBJECTION = "objection"
    AUTOMATED_DECISION = "automated_decision"
    LIMIT_SENSITIVE = "limit_sensitive"
    COMPLAINT = "complaint"
    INCIDENT = "incident"
    INQUIRY = "inquiry"


class Status(StrEnum):
    """Where a request stands."""

    AWAITING_IDENTITY = "awaiting_identity"
    """On file; staff check by other means who is asking."""
    OPEN = "open"
    """On file, and the proof that its kind needs is there."""
    AWAITING_CUSTOMER = "awaiting_customer"
    """Proved; staff have asked the person something."""
    PROPOSED = "proposed"
    """A decision is written down and waits for a second member of staff."""
    DECIDED = "decided"
    """Decided and told; the person may still disagree."""
    LAPSED = "lapsed"
    """No answer came for too long. Nothing was decided; the person may still come back."""
    CLOSED = "closed"
    """Decided or lapsed, and the time to disagree is over."""
    WITHDRAWN = "withdrawn"
    """Taken back by the person."""


class Outcome(StrEnum):
    """How a request ended. Separate from status: a request may be closed with any of them."""

    FULFILLED = "fulfilled"
    FULFILLED_IN_PART = "fulfilled_in_part"
    REFUSED = "refused"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Detail:
    """One line of what was asked: name and value for us, label and words as the person saw and agreed to them."""

    name: str
    value: str = field(repr=False)
    label: str = field(repr=False)
    shown: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that is asked for and decided by itself. Numbers count from 1."""

    number: int
    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Request:
    """One request on file. Instants are UTC; dates are the company's own calendar days."""

    id: str
    ref: str
    company: str
    kind: RequestKind
    article: str | None
    grounds: tuple[str, ...]
    status: Status
    outcome: Outcome | None
    assurance: frozenset[Proof]
    customer_id: str | None
    conversation_id: str
    language: str
    details: tuple[Detail, ...] = field(repr=False)
    arrived_at: datetime
    filed_at: datetime
    first_touch_on: date
    target_on: date
    legal_mark_on: date | None
    owner: str | None = None
    """The member of staff who has it in hand."""
    touches_contact: bool = False
    """Whether it would change an e-mail address, a phone number or a postal address: that takes more proof."""
    asked_at: datetime | None = None
    """When staff last asked the person something that is not answered yet."""
    reminded_at: datetime | None = None
    """When the person was reminded of that question."""
    extended_at: datetime | None = None
    """When the time was extended; it happens once."""
    disagree_until: date | None = None
    """The last day on which the person can say that they disagree."""
    specified: tuple[str, ...] = field(default=(), repr=False)
    """What is asked for, item by item, as staff set it apart; empty: as the person put it."""

    @property
    def items(self) -> tuple[Item, ...]:
        """What is decided one by one: what staff set apart, else what the person named; at least one."""
        texts = self.specified or _named_items(self.details)
        return tuple(Item(number, text) for number, text in enumerate(texts, start=1))

    @property
    def is_by_agent(self) -> bool:
        """Whether somebody asks for another: then the details say as what they ask."""
        return any(each.name == "agent_as" for each in self.details)

    @property
    def is_open(self) -> bool:
        """Whether somebody still has something to do about it."""
        return self.outcome is None


_ITEMS = (
    ("scope", "item", "use", "recipient", "consent", "marketing", "complaint", "incident", "question"),
    ("disclosure_what", "deletion_what"),
)
"""Which lines of a request say what it is about, the closest first. The others say how, why and by when."""


def _named_items(details: tuple[Detail, ...]) -> tuple[str, ...]:
    for names in _ITEMS:
        if found := tuple(each.shown for each in details if each.name in names):
            return found
    return tuple(each.shown for each in details[:1]) or ("",)


_ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"


def new_ref() -> str:
    """Draw a reference such as `M-7KQ2-9XTD-R4`: 10 of 30 signs (49 bits), none alike, nothing told by it."""
    drawn = "".join(secrets.choice(_ALPHABET) for _ in range(10))
    return f"M-{drawn[:4]}-{drawn[4:8]}-{drawn[8:]}"


def new_id() -> str:
    """Draw an id of ours: 128 random bits as 32 hexadecimal digits."""
    return secrets.token_hex(16)
