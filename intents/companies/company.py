"""What a company pack says about the company and its desk: names, offices, calendar, promises, choices.

Values only. Nothing here is law: `law` names the preset in `handlers/desk/laws/` that rules. What the company has
not given is None, and nobody fills it in.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time
from enum import StrEnum

from intents.companies.clauses import Text
from intents.companies.policy import Policy

EVERYTHING = "*"
"""In `Office.handles`: whatever no other office handles."""


class Weekday(StrEnum):
    """The days of a week as packs write them."""

    MON = "mon"
    TUE = "tue"
    WED = "wed"
    THU = "thu"
    FRI = "fri"
    SAT = "sat"
    SUN = "sun"


@dataclass(frozen=True, slots=True)
class Office:
    """Who at the company answers, as the policy names them. `mail` and `phone` are None where it gives none."""

    id: str
    name: Text
    clause: str
    handles: tuple[str, ...]
    mail: str | None
    phone: str | None


@dataclass(frozen=True, slots=True)
class Opening:
    """One block of opening hours on each of `days`, in the company's time zone. A day may have several blocks."""

    days: tuple[Weekday, ...]
    opens: time
    closes: time


@dataclass(frozen=True, slots=True)
class Calendar:
    """When nobody is at the desk. `hours` is None where the company gives none: no hours are ever told then.

    `clause` is where the policy says it; None marks the desk's own default, which is never told as policy.
    """

    weekly_closed: tuple[Weekday, ...]
    holidays: str | None
    closures: tuple[date, ...]
    hours: tuple[Opening, ...] | None
    clause: str | None


@dataclass(frozen=True, slots=True)
class Fee:
    """What the company charges where the law allows a fee at all. `words` name the amount; `clause` where it stands."""

    amount: int
    words: Text
    clause: str | None


@dataclass(frozen=True, slots=True)
class AgentPapers:
    """Which papers show that somebody may ask for another: as their legal representative, or entrusted by them."""

    legal: tuple[Text, ...]
    entrusted: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class Span:
    """A number of days, calendar days or business days."""

    days: int
    business: bool


@dataclass(frozen=True, slots=True)
class Targets:
    """What the company means to keep. The desk's own aims: no policy states them and no customer is promised them."""

    first_touch: Span
    decide: Span


@dataclass(frozen=True, slots=True)
class Item:
    """A kind of data that a customer can point at when they ask to see or correct it."""

    id: str
    name: Text
    clause: str


@dataclass(frozen=True, slots=True)
class Ground:
    """A reason that the company's own policy gives for a request. `requests` are the catalogue intents it supports."""

    id: str
    clause: str
    requests: tuple[str, ...]
    words: Text


@dataclass(frozen=True, slots=True)
class Retention:
    """How many days the desk keeps contents; None: as the desk does by itself. `kinds` by kind of request."""

    cases: int | None
    chats: int | None
    drafts: int | None
    kinds: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Company:
    """One company and its policy, checked: every clause named here exists in `policy`."""

    id: str
    name: Text
    aliases: tuple[str, ...]
    law: str
    timezone: str
    desk: Text
    offices: tuple[Office, ...]
    calendar: Calendar
    targets: Targets
    fee: Fee | None
    agent_papers: AgentPapers | None
    methods: tuple[str, ...]
    items: tuple[Item, ...]
    grounds: tuple[Ground, ...]
    policy: Policy
    retention: Retention | None = None

    def office_for(self, kind: str) -> Office:
        """Give the office that handles requests of `kind` ("disclosure"), or else the one that handles everything.

        Raises LookupError if no office handles everything, which no pack that loaded can do.
        """
        for office in self.offices:
            if kind in office.handles:
                return office
        for office in self.offices:
            if EVERYTHING in office.handles:
                return office
        raise LookupError(self.id)
