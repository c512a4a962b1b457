"""The company that answers for the data, as far as the desk needs to know it, and what it promises by itself."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from handlers.desk.calendars import Calendar
from handlers.desk.deadlines import Targets
from handlers.desk.requests import RequestKind
from handlers.desk.rights import Law


@dataclass(frozen=True, slots=True)
class Promises:
    """The company's own times, in calendar days. No law sets them: they can be changed, and are told as promises."""

    disagree_days: int = 30
    """How long after a decision a person can say that they disagree."""
    extend_days: int = 14
    """By how much the company's own target can be put off, once."""
    remind_days: int = 7
    """How long after a question the person is reminded of it."""
    lapse_days: int = 14
    """How long after that reminder a request is set aside."""


@dataclass(frozen=True, slots=True)
class Retention:
    """How long contents are kept, in calendar days: the company's own choice, which its pack can change.

    No law of the presets names these numbers. They begin when a request is closed or withdrawn, and when a chat or a
    draft was last touched.
    """

    case_days: int = 365
    chat_days: int = 90
    draft_days: int = 30
    kinds: Mapping[RequestKind, int] = field(default_factory=dict)
    """For kinds of request that are kept longer or shorter than `case_days`."""

    def case_days_of(self, kind: RequestKind) -> int:
        """How long the contents of a request of a kind are kept."""
        return self.kinds.get(kind, self.case_days)


@dataclass(frozen=True, slots=True)
class Controller:
    """One company: its law, its calendar, its targets."""

    id: str
    law: Law
    calendar: Calendar
    targets: Targets
    promises: Promises = Promises()
    retention: Retention = Retention()
