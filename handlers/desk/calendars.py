"""On which days and at which hours somebody is at the desk.

Pure: every instant comes in as an argument. Days are the company's own calendar days. Public holidays are those of a
kept library; without one for a country, the desk knows no holidays there. Not here: what is due when (`deadlines`).
"""

from calendar import monthrange
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from itertools import pairwise
from zoneinfo import ZoneInfo

import jpholiday

from handlers.desk.errors import BadSetting
from handlers.desk.rights import Limit

HOLIDAYS: Mapping[str, Callable[[date], str | None]] = {"jp": jpholiday.is_holiday_name}
"""Each country whose holidays the desk knows: the name of the holiday on a day, in the country's own language."""


class DayOff(StrEnum):
    """Why nobody is at the desk on a day."""

    WEEKLY = "weekly"
    HOLIDAY = "holiday"
    CLOSURE = "closure"


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A day that does not count as a business day, and why."""

    day: date
    why: DayOff
    holiday: str | None = None
    """Its name where it is a public holiday."""


@dataclass(frozen=True, slots=True)
class Block:
    """Hours without a break, on the company's clock. Raises BadSetting where they do not end after they begin."""

    opens: time
    closes: time

    def __post_init__(self) -> None:
        if self.closes <= self.opens:
            raise BadSetting(
                [f"The desk's hours from {self.opens:%H:%M} to {self.closes:%H:%M} must end after they begin."]
            )


@dataclass(frozen=True, slots=True)
class Calendar:
    """The days and hours on which a company's desk is staffed. Weekdays count Monday as 0.

    A staffed day without `hours` is one whose hours nobody gave: it is open, and none are ever told.
    Raises BadSetting for a desk that is never open, holidays of an unknown country, and hours that overlap.
    """

    timezone: ZoneInfo
    weekly_closed: frozenset[int] = frozenset({5, 6})
    holidays: str | None = None
    closures: frozenset[date] = frozenset()
    hours: Mapping[int, tuple[Block, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        faults = list(self._faults())
        if faults:
            raise BadSetting(faults)

    def _faults(self) -> Iterator[str]:
        if self.weekly_closed >= set(range(7)):
            yield "The calendar closes the desk on all seven days of the week."
        if self.holidays is not None and self.holidays not in HOLIDAYS:
            known = ", ".join(HOLIDAYS)
            yield f"The calendar wants the holidays of {self.holidays!r}; the desk knows only those of {known}."
        for blocks in self.hours.values():
            for earlier, later in pairwise(blocks):
                if later.opens < earlier.closes:
                    yield (
                        f"The desk's hours from {later.opens:%H:%M} must begin after those that end at"
                        f" {earlier.closes:%H:%M} on the same day."
                    )

    def day_of(self, instant: datetime) -> date:
        """The company's calendar day on which an instant falls."""
        return instant.astimezone(self.timezone).date()

    def day_off(self, day: date) -> LeftOut | None:
        """Why nobody is at the desk on that day; None where somebody is."""
        if day.weekday() in self.weekly_closed:
            return LeftOut(day, DayOff.WEEKLY)
        holiday = HOLIDAYS[self.holidays](day) if self.holidays is not None else None
        if holiday is not None:
            return LeftOut(day, DayOff.HOLIDAY, holiday)
        return LeftOut(day, DayOff.CLOSURE) if day in self.closures else None

    def is_staffed(self, day: date) -> bool:
        """Whether somebody is at the desk on that day."""
        return self.day_off(day) is None

    def add_business_days(self, start: date, count: int) -> date:
        """The day that lies `count` staffed days after `start`."""
        day = start
        while count > 0:
            day += timedelta(days=1)
            count -= self.is_staffed(day)
        return day

    def add(self, start: date, limit: Limit) -> date:
        """The day on which a limit ends that began to count after `start`."""
        if limit.business_days is not None:
            return self.add_business_days(start, limit.business_days)
        return add_months(start, limit.months or 0) + timedelta(days=limit.days or 0)

    def left_out(self, after: date, until: date) -> tuple[LeftOut, ...]:
        """The days after `after` and before `until` on which nobody is at the desk."""
        days = (after + timedelta(days=number) for number in range(1, (until - after).days))
        return tuple(off for off in map(self.day_off, days) if off is not None)

    def next_staffed(self, start: date) -> date:
        """`start` itself where it is staffed, else the next day that is."""
        return start if self.is_staffed(start) else self.add_business_days(start, 1)

    def is_open(self, instant: datetime) -> bool:
        """Whether somebody is at the desk at that instant, as far as the hours are known."""
        day = self.day_of(instant)
        if not self.is_staffed(day):
            return False
        return not self._has_hours(day) or any(opens <= instant < closes for opens, closes in self._spans(day))

    def next_open(self, instant: datetime) -> datetime | date:
        """`instant` where the desk is open, else when it opens next, in UTC; only the day where no hours are given."""
        day = self.day_of(instant)
        while True:
            day = self.next_staffed(day)
            if not self._has_hours(day):
                return day
            for opens, closes in self._spans(day):
                if instant < closes:
                    return max(opens, instant)
            day += timedelta(days=1)

    def _has_hours(self, day: date) -> bool:
        return bool(self.hours.get(day.weekday()))

    def _spans(self, day: date) -> Iterator[tuple[datetime, datetime]]:
        """The day's blocks as instants in UTC.

        Of an hour that the clock repeats, a block holds both; one that opens in an hour that the clock skips opens by
        as much later, and is no block where it would close before.
        """
        for block in self.hours.get(day.weekday(), ()):
            opens = datetime.combine(day, block.opens, self.timezone).astimezone(UTC)
            closes = datetime.combine(day, block.closes.replace(fold=1), self.timezone).astimezone(UTC)
            if opens < closes:
                yield opens, closes


def add_months(start: date, count: int) -> date:
    """The day of the same number `count` months later, or the last one of a month that has no such day."""
    year, month = divmod(start.year * 12 + start.month - 1 + count, 12)
    return date(year, month + 1, min(start.day, monthrange(year, month + 1)[1]))
