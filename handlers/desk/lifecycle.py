"""The life of a request: one table of (status, step). A new way to move a request is a new row here.

What a step does beside moving (clocks, proofs, verdicts) is `casework`; who writes the letters is the mail room, and
what is said in the chat the talk's script. `docs/lifecycle.md` is written from this table.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

from handlers.desk.actors import ActorKind
from handlers.desk.errors import NotAllowed, Why
from handlers.desk.requests import Outcome, Request, Status


class Step(StrEnum):
    """What can be done to a request. Verbs."""

    FILE = "file"
    VERIFY = "verify"
    """Record a proof that was seen."""
    CLAIM = "claim"
    SPECIFY = "specify"
    """Set apart what is asked for, item by item."""
    ASK = "ask"
    ANSWER = "answer"
    ADD = "add"
    NOTE = "note"
    INVESTIGATE = "investigate"
    """Record what was found."""
    EXTEND = "extend"
    PROPOSE = "propose"
    SEND_BACK = "send_back"
    FULFIL = "fulfil"
    FULFIL_IN_PART = "fulfil_in_part"
    REFUSE = "refuse"
    WITHDRAW = "withdraw"
    DISAGREE = "disagree"
    REOPEN = "reopen"
    REMIND = "remind"
    EXPIRE = "expire"
    CLOSE = "close"


class Notice(StrEnum):
    """What a step tells somebody. Each has its letter in the mail room, its words in the talk's script, or both."""

    CODE = "code"
    AGENT = "agent"
    """To the person for whom somebody else asks."""
    RECEIPT = "receipt"
    QUESTION = "question"
    REMINDER = "reminder"
    EXTENSION = "extension"
    DECISION = "decision"
    LAPSE = "lapse"
    REOPENING = "reopening"
    ESCALATION = "escalation"
    ADDITION = "addition"
    ANSWER = "answer"
    PROPOSAL = "proposal"
    DISAGREEMENT = "disagreement"
    WITHDRAWAL = "withdrawal"
    ALARM = "alarm"
    """To staff: wrong codes come in from everywhere, and the mail proof is closed for a time."""


class Fact(StrEnum):
    """What the audit keeps. Past tense."""

    FILED = "filed"
    VERIFIED = "verified"
    CLAIMED = "claimed"
    SPECIFIED = "specified"
    ASKED = "asked"
    ANSWERED = "answered"
    ADDED = "added"
    NOTED = "noted"
    INVESTIGATED = "investigated"
    EXTENDED = "extended"
    PROPOSED = "proposed"
    SENT_BACK = "sent_back"
    FULFILLED = "fulfilled"
    FULFILLED_IN_PART = "fulfilled_in_part"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    DISAGREED = "disagreed"
    REOPENED = "reopened"
    REMINDED = "reminded"
    EXPIRED = "expired"
    CLOSED = "closed"
    LETTERS_REVIVED = "letters_revived"
    PRINCIPAL_TOLD = "principal_told"
    """Whoever is registered under an address was told that somebody asks for them, if anybody is."""
    READ = "read"
    """A request was shown to staff, with the person's words."""
    DOCUMENTS_READ = "documents_read"
    CODE_REQUESTED = "code_requested"
    CODE_CONFIRMED = "code_confirmed"
    CODE_REFUSED = "code_refused"
    MAIL_PROOF_CLOSED = "mail_proof_closed"
    HELD = "held"
    """Kept from being shredded: legal hold."""
    RELEASED = "released"
    SHREDDED = "shredded"
    """Its time was over: the row stays, the content is gone."""
    FORGOTTEN = "forgotten"
    """A person had the chat forget what it kept of them."""
    KEY_ROTATION_BEGUN = "key_rotation_begun"
    KEYS_ROTATED = "keys_rotated"
    REGISTER_IMPORTED = "register_imported"


@dataclass(frozen=True, slots=True)
class Transition:
    """Where a step leads, who may do it, what it needs, and what it leaves behind."""

    to: Status
    who: frozenset[ActorKind]
    fact: Fact
    notices: tuple[Notice, ...] = ()
    outcome: Outcome | None = None
    """How the request ends by it; None: as it was, or not at all."""
    unproved: Status | None = None
    """Where it leads as long as the proof that the kind needs is missing; None: to the same status."""
    proof: bool = False
    """Whether that proof must be there. Only a refusal because nobody is proved does without."""
    second: bool = False
    """Whether it takes a second member of staff, beside the one who proposed it."""


_CUSTOMER = frozenset({ActorKind.CUSTOMER})
_STAFF = frozenset({ActorKind.STAFF})
_CLOCK = frozenset({ActorKind.CLOCK})
_STAFF_OR_CLOCK = _STAFF | _CLOCK

_ID, _OPEN, _WAIT, _PROPOSED = Status.AWAITING_IDENTITY, Status.OPEN, Status.AWAITING_CUSTOMER, Status.PROPOSED
_DECIDED, _LAPSED, _CLOSED, _WITHDRAWN = Status.DECIDED, Status.LAPSED, Status.CLOSED, Status.WITHDRAWN
LIVE = (_ID, _OPEN, _WAIT, _PROPOSED)
"""Somebody still has something to do."""


def _stay(
    statuses: Iterable[Status], step: Step, who: frozenset[ActorKind], fact: Fact, *notices: Notice
) -> dict[tuple[Status | None, Step], Transition]:
    """The same step from several statuses, each of which it leaves as it is."""
    return {(status, step): Transition(status, who, fact, notices) for status in statuses}


TABLE: dict[tuple[Status | None, Step], Transition] = {
    (None, Step.FILE): Transition(_OPEN, _CUSTOMER, Fact.FILED, (Notice.RECEIPT, Notice.ESCALATION), unproved=_ID),
    (_ID, Step.VERIFY): Transition(_OPEN, _STAFF, Fact.VERIFIED, unproved=_ID),
    **_stay(LIVE, Step.CLAIM, _STAFF, Fact.CLAIMED),
    **_stay((_ID, _OPEN, _WAIT), Step.SPECIFY, _STAFF, Fact.SPECIFIED),
    **_stay((_ID, _WAIT), Step.ASK, _STAFF, Fact.ASKED, Notice.QUESTION),
    (_OPEN, Step.ASK): Transition(_WAIT, _STAFF, Fact.ASKED, (Notice.QUESTION,)),
    (_ID, Step.ANSWER): Transition(_ID, _CUSTOMER, Fact.ANSWERED, (Notice.ANSWER,)),
    (_WAIT, Step.ANSWER): Transition(_OPEN, _CUSTOMER, Fact.ANSWERED, (Notice.ANSWER,)),
    **_stay((_ID, _OPEN, _PROPOSED), Step.ADD, _CUSTOMER, Fact.ADDED, Notice.ADDITION),
    (_WAIT, Step.ADD): Transition(_OPEN, _CUSTOMER, Fact.ADDED, (Notice.ADDITION,)),
    **_stay(Status, Step.NOTE, _STAFF, Fact.NOTED),
    **_stay((_OPEN, _WAIT), Step.INVESTIGATE, _STAFF, Fact.INVESTIGATED),
    **_stay((_ID, _OPEN, _WAIT), Step.EXTEND, _STAFF, Fact.EXTENDED, Notice.EXTENSION),
    (_ID, Step.PROPOSE): Transition(_PROPOSED, _STAFF, Fact.PROPOSED, (Notice.PROPOSAL,), proof=True),
    (_OPEN, Step.PROPOSE): Transition(_PROPOSED, _STAFF, Fact.PROPOSED, (Notice.PROPOSAL,), proof=True),
    (_PROPOSED, Step.SEND_BACK): Transition(_OPEN, _STAFF, Fact.SENT_BACK, unproved=_ID),
    (_OPEN, Step.FULFIL): Transition(
        _DECIDED, _STAFF, Fact.FULFILLED, (Notice.DECISION,), Outcome.FULFILLED, proof=True
    ),
    (_PROPOSED, Step.FULFIL): Transition(
        _DECIDED, _STAFF, Fact.FULFILLED, (Notice.DECISION,), Outcome.FULFILLED, proof=True, second=True
    ),
    (_PROPOSED, Step.FULFIL_IN_PART): Transition(
        _DECIDED,
        _STAFF,
        Fact.FULFILLED_IN_PART,
        (Notice.DECISION,),
        Outcome.FULFILLED_IN_PART,
        proof=True,
        second=True,
    ),
    (_PROPOSED, Step.REFUSE): Transition(
        _DECIDED, _STAFF, Fact.REFUSED, (Notice.DECISION,), Outcome.REFUSED, proof=True, second=True
    ),
    **{
        (status, Step.WITHDRAW): Transition(
            _WITHDRAWN, _CUSTOMER, Fact.WITHDRAWN, (Notice.WITHDRAWAL,), Outcome.WITHDRAWN
        )
        for status in LIVE
    },
    **{
        (status, Step.DISAGREE): Transition(_OPEN, _CUSTOMER, Fact.DISAGREED, (Notice.DISAGREEMENT,), unproved=_ID)
        for status in (_DECIDED, _LAPSED)
    },
    **{
        (status, Step.REOPEN): Transition(_OPEN, _STAFF, Fact.REOPENED, (Notice.REOPENING,), unproved=_ID)
        for status in (_DECIDED, _LAPSED, _CLOSED)
    },
    **_stay((_ID, _WAIT), Step.REMIND, _CLOCK, Fact.REMINDED, Notice.REMINDER),
    **{
        (status, Step.EXPIRE): Transition(_LAPSED, _CLOCK, Fact.EXPIRED, (Notice.LAPSE,), Outcome.EXPIRED)
        for status in (_ID, _WAIT)
    },
    **{(status, Step.CLOSE): Transition(_CLOSED, _STAFF_OR_CLOCK, Fact.CLOSED) for status in (_DECIDED, _LAPSED)},
}


def check_step(status: Status | None, step: Step, who: ActorKind, *, same: bool = False) -> Transition:
    """The transition for a step.

    `same`: whether these are the hands that proposed what is to be decided. Raises NotAllowed where the table has no
    such step, or not for these hands.
    """
    name = status or "new"
    transition = TABLE.get((status, step))
    if transition is None:
        raise NotAllowed(name, step)
    if who not in transition.who:
        raise NotAllowed(name, step, Why.HANDS)
    if transition.second and same:
        raise NotAllowed(name, step, Why.SAME_PERSON)
    return transition


def can_step(status: Status | None, step: Step, who: ActorKind, *, same: bool = False) -> bool:
    """Whether the table has this step for these hands."""
    try:
        check_step(status, step, who, same=same)
    except NotAllowed:
        return False
    return True


def next_steps(status: Status | None, who: ActorKind, *, same: bool = False) -> tuple[Step, ...]:
    """What these hands may do next, as far as the table says."""
    return tuple(step for step in Step if can_step(status, step, who, same=same))


def move(
    request: Request, step: Step, who: ActorKind, *, proved: bool, same: bool = False
) -> tuple[Request, Transition]:
    """The request after a step, and what the step leaves behind. Raises NotAllowed.

    `proved`: whether the proof that the request's kind needs is there.
    """
    transition = check_step(request.status, step, who, same=same)
    to = transition.to if proved or transition.unproved is None else transition.unproved
    outcome = None if to in LIVE else transition.outcome or request.outcome
    return replace(request, status=to, outcome=outcome), transition
