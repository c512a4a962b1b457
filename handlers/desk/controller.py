"""The company that answers for the data, as far as the desk needs to know it, and what it promises by itself."""

from dataclasses import dataclass

from handlers.desk.calendars import Calendar
from handlers.desk.deadlines import Targets
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
class Controller:
    """One company: its law, its calendar, its targets."""

    id: str
    law: Law
    calendar: Calendar
    targets: Targets
    promises: Promises = Promises()
