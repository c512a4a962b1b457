"""What the desk needs from a memory. `storage` implements these; tests and doors speak to nothing else.

Records here are plain values. Everything personal in them is hidden from `repr` and sealed at rest by the memory.
"""

from collections.abc import Collection, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from handlers.desk.actors import Actor
from handlers.desk.decisions import Decision
from handlers.desk.lifecycle import Fact, Notice
from handlers.desk.requests import Request, RequestKind, Status

FROM_NOTICE = "notice:"
"""How the delivery of a turn begins in which the desk spoke first; the outbox row's id follows."""


@dataclass(frozen=True, slots=True)
class Customer:
    """One row of the register that identity is checked against. `facts` holds the company's further columns."""

    id: str
    company: str
    name: str = field(repr=False)
    email: str = field(repr=False)
    phone: str | None = field(repr=False, default=None)
    facts: Mapping[str, str] = field(repr=False, default_factory=dict)


@dataclass(frozen=True, slots=True)
class Challenge:
    """A code on its way. `customer_id` is None where the named identity is unknown: nobody can pass that one."""

    id: str
    company: str
    case_id: str
    conversation_id: str
    kind: RequestKind
    customer_id: str | None
    identity: str
    """Blind index of the address that was typed; budgets count by it."""
    created_at: datetime
    expires_at: datetime
    tries: int = 0
    used_at: datetime | None = None


class EntryKind(StrEnum):
    """What can lie in a case's timeline."""

    WORDS = "words"
    DOCUMENT = "document"
    QUESTION = "question"
    """What staff asked the person."""
    EXTENSION = "extension"
    """Why it takes longer; the person is told."""
    NOTE = "note"
    FINDING = "finding"
    PROOF = "proof"
    """What staff saw that proves who is asking."""


FROM_STAFF = frozenset({EntryKind.QUESTION, EntryKind.EXTENSION, EntryKind.NOTE, EntryKind.FINDING, EntryKind.PROOF})


@dataclass(frozen=True, slots=True)
class Entry:
    """Something in a case's timeline: the person's words, a document with its content, or what staff wrote down."""

    id: str
    case_id: str
    kind: EntryKind
    at: datetime
    text: str = field(repr=False, default="")
    """The words, or the document's own file name."""
    content: bytes | None = field(repr=False, default=None)
    media_type: str | None = None
    author: str | None = None
    """The member of staff who wrote it; None: the person."""
    code: str | None = None
    """The step by which the person added it, the finding, or the proof."""


@dataclass(frozen=True, slots=True)
class Head:
    """The audit's last link at some time, as it is kept outside the memory."""

    number: int
    link: str

    def __str__(self) -> str:
        return f"{self.number}:{self.link}"


class Recipient(StrEnum):
    """For whom a notice is, and by which way."""

    CUSTOMER = "customer"
    """A letter to the person's registered address."""
    STAFF = "staff"
    """A letter to the company's office."""
    CHAT = "chat"
    """Words in the chat in which the request was made."""


BY_MAIL = frozenset({Recipient.CUSTOMER, Recipient.STAFF})


@dataclass(frozen=True, slots=True)
class OutboxRow:
    """A letter owed: kind and references only, never a person's words."""

    id: str
    notice: Notice
    recipient: Recipient
    company: str
    case_id: str
    subject_id: str
    """The challenge of a code, the entry of a question or an extension, the decision of one, else the case."""
    created_at: datetime
    due_at: datetime
    attempts: int = 0


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A letter that the desk gave up, with the constant that says why."""

    id: str
    notice: Notice
    recipient: Recipient
    case_id: str
    dead_at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class ConversationRecord:
    """A chat as the memory keeps it. `state` is the dialogue's own, as JSON text."""

    id: str
    company: str
    channel: str
    chat: str
    language: str
    created_at: datetime
    updated_at: datetime
    state: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class TurnRecord:
    """One message and what the desk said to it. `replies` is the dialogue's own, as JSON text."""

    id: str
    conversation_id: str
    channel: str
    delivery: str
    at: datetime
    said: str = field(repr=False)
    replies: str = field(repr=False)
    sent: int = 0
    """How many of the replies have gone out."""
    done_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ParkedUpdate:
    """An update that could not be decoded or handled, kept for a person to look at."""

    id: str
    channel: str
    delivery: str
    at: datetime
    reason: str
    raw: str = field(repr=False)


class Register(Protocol):
    """Who the company's customers are."""

    async def find(self, company: str, email: str) -> str | None:
        """The id of the customer registered under this normalised address."""

    async def get(self, customer_id: str) -> Customer | None:
        """One customer, unsealed."""

    async def replace_all(self, company: str, customers: Sequence[Customer]) -> None:
        """Put a new register in the place of the old one; people keep their ids by member address."""

    async def count(self, company: str) -> int:
        """How many people are registered."""

    def identities(self, company: str, email: str) -> Sequence[str]:
        """Blind indexes of an address, under the newest key first; made alike for known and unknown ones."""


class Challenges(Protocol):
    """Codes on their way, and the counting of guesses."""

    async def add(self, challenge: Challenge) -> None:
        """Keep a new challenge; every older one for the same case and conversation dies."""

    async def get(self, challenge_id: str) -> Challenge | None:
        """One challenge, whatever its state."""

    async def current(self, case_id: str, conversation_id: str) -> Challenge | None:
        """The newest challenge of a case in a conversation, whatever its state."""

    async def spend_try(self, challenge_id: str, now: datetime) -> bool:
        """Count one guess if the challenge, its identity and its chat still have one: one conditional statement.

        False: no compare is due.
        """

    async def use(self, challenge_id: str, now: datetime) -> bool:
        """Mark a challenge as passed, once. False if it already was."""

    async def has_send(self, identities: Sequence[str], now: datetime) -> bool:
        """Whether an identity (its blind index under every key) may still be sent a code.

        Nobody else counts for the same identity before the end of the transaction.
        """

    async def failures_since(self, company: str, since: datetime) -> int:
        """How many wrong guesses there were at all codes that a company's desk was asked for from an instant on."""

    async def delete_before(self, before: datetime) -> None:
        """Delete the challenges from before an instant."""

    async def close_mail_proof(self, company: str, now: datetime, until: datetime) -> bool:
        """Close the mail proof for everybody. False if it is closed already."""

    async def is_mail_proof_closed(self, company: str, now: datetime) -> bool:
        """Whether the mail proof is closed now."""


class Cases(Protocol):
    """Requests on file and what was added to them."""

    async def add(self, request: Request) -> None:
        """Put a new request on file."""

    async def save(self, request: Request) -> None:
        """Keep what a step changed about a request: all but what was filed."""

    async def get(self, case_id: str) -> Request | None:
        """One request by our id."""

    async def by_ref(self, ref: str) -> Request | None:
        """One request by its reference; nobody else changes it before the end of the transaction."""

    async def of_conversation(self, conversation_id: str) -> Sequence[Request]:
        """A chat's own requests, newest first."""

    async def all(self, company: str | None = None) -> Sequence[Request]:
        """Every request, oldest first."""

    async def in_status(self, company: str, statuses: Collection[Status]) -> Sequence[Request]:
        """A company's requests in one of these statuses, oldest first."""

    async def companies(self) -> Sequence[str]:
        """The ids of all companies of whom requests are on file."""

    async def ended(self, company: str) -> Sequence[tuple[str, RequestKind, datetime]]:
        """(id, kind, when it ended) of a company's ended requests that are neither held nor shredded."""

    async def hold(self, case_id: str, at: datetime | None) -> None:
        """Hold a request's contents from an instant on; None ends that."""

    async def shred(self, case_id: str, now: datetime) -> None:
        """Shred a request's contents: its row stays."""

    async def delete_drafts(self, before: datetime) -> int:
        """Delete what was kept before an instant for requests that were never filed. Returns how much it was."""

    async def delete_draft(self, draft_id: str) -> None:
        """Delete what was kept for a request that is not filed; nothing where it is."""

    async def add_entry(self, entry: Entry) -> None:
        """Put words or a document into a case's timeline (also before the case is filed, under the id it will have)."""

    async def adopt_entries(self, draft_id: str, case_id: str, code: str) -> int:
        """Move what was kept under a draft's id into a case's timeline, marked by a code; returns how much it was."""

    async def entries(self, case_id: str) -> Sequence[Entry]:
        """A case's timeline, oldest first, without the documents' content."""

    async def entry(self, entry_id: str) -> Entry | None:
        """One entry, with its content."""


class Decisions(Protocol):
    """What was decided, proposed or sent back."""

    async def add(self, decision: Decision) -> None:
        """Keep a new decision."""

    async def save(self, decision: Decision) -> None:
        """Keep a decision's new state, and who brought it about."""

    async def get(self, decision_id: str) -> Decision | None:
        """One decision."""

    async def of_case(self, case_id: str) -> Sequence[Decision]:
        """A case's decisions, oldest first."""


class Outbox(Protocol):
    """Letters owed."""

    async def add(self, row: OutboxRow) -> None:
        """Owe a letter."""

    async def claim(
        self,
        now: datetime,
        lease_until: datetime,
        limit: int,
        recipients: Collection[Recipient] = BY_MAIL,
        company: str | None = None,
    ) -> Sequence[OutboxRow]:
        """Take what is due to these recipients; nobody else gets it before `lease_until`. Counts the attempt."""

    async def done(self, row_id: str, now: datetime) -> None:
        """The letter is out (or there was nobody to send it to)."""

    async def retry(self, row_id: str, due_at: datetime, reason: str) -> None:
        """Try again later."""

    async def hasten(self, now: datetime, reasons: Collection[str]) -> None:
        """Make due now what waits for one of these reasons, since they are gone."""

    async def bury(self, row_id: str, now: datetime, reason: str) -> None:
        """Give up: a dead letter for a person to look at."""

    async def dead(self) -> Sequence[DeadLetter]:
        """What was given up, oldest first."""

    async def revive(self, now: datetime, row_id: str | None = None) -> int:
        """Owe a dead letter (without an id: every one) again, as if it had never been tried. Returns how many."""

    async def waiting(self) -> int:
        """How many letters are still owed."""


class Audit(Protocol):
    """The keyed hash chain of everything that happened."""

    async def append(
        self, now: datetime, fact: Fact, subject_id: str, actor: Actor, notes: Mapping[str, str] | None = None
    ) -> None:
        """Add a link, in the transaction of what it tells of. `notes` holds ids and enum members only."""

    async def head(self) -> Head | None:
        """The last link; None where nothing happened yet."""

    async def first_bad(self, heads: Collection[Head] = ()) -> int | None:
        """The number of the first link that does not fit, or is missing; None where the chain is whole.

        `heads` were the last links once, and were kept outside: each must still be there as it was.
        """


class Conversations(Protocol):
    """Chats and their turns."""

    async def get(self, company: str, channel: str, chat: str) -> ConversationRecord | None:
        """A chat's conversation."""

    async def by_id(self, conversation_id: str) -> ConversationRecord | None:
        """A conversation by our id, only to be read: it is not held for a turn."""

    async def save(self, record: ConversationRecord) -> None:
        """Keep a conversation, new or known."""

    async def claim(self, turn: TurnRecord) -> TurnRecord | None:
        """Take a delivery. None: it is ours now. Else the turn that already answered it."""

    async def answer(self, turn_id: str, said: str, replies: str) -> None:
        """Keep what was said in the turn, and the replies."""

    async def mark_sent(self, turn_id: str, sent: int, done_at: datetime | None) -> None:
        """Keep how many replies have gone out, and when the last one did."""

    async def owed(self, channel: str, before: datetime, limit: int) -> Sequence[tuple[str, TurnRecord]]:
        """Turns from before an instant whose replies have not all gone out, with their chats; oldest first."""

    async def turns_since(self, conversation_id: str, since: datetime) -> Sequence[TurnRecord]:
        """A conversation's turns from an instant on, oldest first."""

    async def heard_since(self, conversation_id: str, since: datetime) -> int:
        """How many of a conversation's turns, this one too, a person has begun since an instant."""

    async def forget_before(self, company: str, before: datetime) -> None:
        """Delete a company's turns and parked updates from before an instant, and the state of silent chats."""

    async def forget(self, conversation_id: str) -> None:
        """Empty all turns of a conversation that are done: the one that is being played is not."""

    async def remembered(self, conversation_id: str) -> int:
        """How many turns of a conversation have words in them."""

    async def park(self, update: ParkedUpdate) -> None:
        """Set an update aside."""

    async def parked(self) -> int:
        """How many updates lie aside."""


class UnitOfWork(Protocol):
    """One transaction: everything in it is kept together or not at all."""

    @property
    def register(self) -> Register:
        """Who the customers are."""

    @property
    def challenges(self) -> Challenges:
        """Codes on their way."""

    @property
    def cases(self) -> Cases:
        """Requests on file."""

    @property
    def decisions(self) -> Decisions:
        """What was decided."""

    @property
    def outbox(self) -> Outbox:
        """Letters owed."""

    @property
    def audit(self) -> Audit:
        """The chain."""

    @property
    def conversations(self) -> Conversations:
        """Chats and their turns."""


class Memory(Protocol):
    """Where units of work come from."""

    def begin(self) -> AbstractAsyncContextManager[UnitOfWork]:
        """Open a transaction; leaving the block commits it, an exception rolls it back."""
        ...
