"""The life of a request: one table of (status, step). A new way to move a request is a new row here.

What a step does beside moving (clocks, proofs, letters) is `casework`; who writes the letters is the mail room.
"""

from dataclasses import dataclass, replace
from enum import StrEnum

from handlers.desk.actors import ActorKind
from handlers.desk.errors import NotAllowed
from handlers.desk.requests import Outcome, Request, Status


class Step(StrEnum):
    """What can be done to a request. Verbs."""

    FILE_PROVED = "file_proved"
    FILE_UNPROVED = "file_unproved"
    ADD = "add"
    WITHDRAW = "withdraw"


class Notice(StrEnum):
    """The letters that a step sends. Each has its template in the mail room."""

    CODE = "code"
    RECEIPT = "receipt"
    ESCALATION = "escalation"
    ADDITION = "addition"
    WITHDRAWAL = "withdrawal"


class Fact(StrEnum):
    """What the audit keeps. Past tense."""

    FILED = "filed"
    ADDED = "added"
    WITHDRAWN = "withdrawn"
    CODE_REQUESTED = "code_requested"
    CODE_CONFIRMED = "code_confirmed"
    CODE_REFUSED = "code_refused"
    REGISTER_IMPORTED = "register_imported"


@dataclass(frozen=True, slots=True)
class Transition:
    """Where a step leads, who may do it, and what it leaves behind."""

    to: Status
    who: frozenset[ActorKind]
    fact: Fact
    notices: tuple[Notice, ...]
    outcome: Outcome | None = None


_CUSTOMER = frozenset({ActorKind.CUSTOMER})
_FILED = (Notice.RECEIPT, Notice.ESCALATION)

TABLE: dict[tuple[Status | None, Step], Transition] = {
    (None, Step.FILE_PROVED): Transition(Status.OPEN, _CUSTOMER, Fact.FILED, _FILED),
    (None, Step.FILE_UNPROVED): Transition(Status.AWAITING_IDENTITY, _CUSTOMER, Fact.FILED, _FILED),
    (Status.AWAITING_IDENTITY, Step.ADD): Transition(
        Status.AWAITING_IDENTITY, _CUSTOMER, Fact.ADDED, (Notice.ADDITION,)
    ),
    (Status.OPEN, Step.ADD): Transition(Status.OPEN, _CUSTOMER, Fact.ADDED, (Notice.ADDITION,)),
    (Status.AWAITING_IDENTITY, Step.WITHDRAW): Transition(
        Status.WITHDRAWN, _CUSTOMER, Fact.WITHDRAWN, (Notice.WITHDRAWAL,), Outcome.WITHDRAWN
    ),
    (Status.OPEN, Step.WITHDRAW): Transition(
        Status.WITHDRAWN, _CUSTOMER, Fact.WITHDRAWN, (Notice.WITHDRAWAL,), Outcome.WITHDRAWN
    ),
}


def check_step(status: Status | None, step: Step, who: ActorKind) -> Transition:
    """The transition for a step. Raises NotAllowed where the table has none, or not for these hands."""
    transition = TABLE.get((status, step))
    if transition is None or who not in transition.who:
        raise NotAllowed(status or "new", step)
    return transition


def can_step(status: Status | None, step: Step, who: ActorKind) -> bool:
    """Whether the table has this step for these hands."""
    transition = TABLE.get((status, step))
    return transition is not None and who in transition.who


def move(request: Request, step: Step, who: ActorKind) -> tuple[Request, Transition]:
    """The request after a step, and what the step leaves behind. Raises NotAllowed."""
    transition = check_step(request.status, step, who)
    return replace(request, status=transition.to, outcome=transition.outcome), transition
