"""What staff decide about a request, item by item, and what follows from it for the whole.

Not here: who may decide what when (`lifecycle`, `deciding`), and for which reasons a law lets a company refuse
(`rights`).
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from handlers.desk.requests import Outcome


class Finding(StrEnum):
    """What looking into a matter has shown."""

    FOUNDED = "founded"
    """It is as the person says."""
    PARTLY_FOUNDED = "partly_founded"
    UNFOUNDED = "unfounded"


class Ruling(StrEnum):
    """What becomes of one item."""

    FULFILLED = "fulfilled"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is decided about one item. A refusal names its reason in the law's catalogue."""

    item: int
    ruling: Ruling
    reason: str | None = None
    words: str = field(default="", repr=False)
    """The facts that bear a refusal out, or what was changed."""
    substitute: str = field(default="", repr=False)
    """What the company does instead of what is refused."""


class DecisionState(StrEnum):
    """How a decision stands."""

    PROPOSED = "proposed"
    SENT_BACK = "sent_back"
    MADE = "made"


@dataclass(frozen=True, slots=True)
class Decision:
    """One decision about a whole request. `second` is who agreed or sent it back, where somebody did."""

    id: str
    case_id: str
    state: DecisionState
    verdicts: tuple[Verdict, ...] = field(repr=False)
    first: str
    at: datetime
    second: str | None = None
    ended_at: datetime | None = None


def outcome_of(verdicts: Iterable[Verdict]) -> Outcome:
    """What the verdicts about all items come to."""
    rulings = {each.ruling for each in verdicts}
    if rulings == {Ruling.FULFILLED}:
        return Outcome.FULFILLED
    return Outcome.REFUSED if rulings == {Ruling.REFUSED} else Outcome.FULFILLED_IN_PART
