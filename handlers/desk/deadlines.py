"""Both clocks of a request, and the calendar they run on.

Pure arithmetic: every instant comes in as an argument, in UTC. A request counts from the arrival of its first
message, on the company's own calendar day. Public holidays are the Cabinet Office's, by the jpholiday library.
"""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import jpholiday

from handlers.desk.errors import BadSetting
from handlers.desk.requests import RequestKind
from handlers.desk.rights import Law, Limit


@dataclass(frozen=True, slots=True)
class Calendar:
    """The days on which a company's desk is staffed. `weekly_closed` counts Monday as 0; all seven raise BadSetting."""

    timezone: ZoneInfo
    weekly_closed: frozenset[int] = frozenset({5, 6})
    japanese_holidays: bool = True
    closures: frozenset[date] = frozenset()

    def __post_init__(self) -> None:
        if self.weekly_closed >= set(range(7)):
            raise BadSetting(["The calendar closes the desk on all seven days of the week."])

    def day_of(self, instant: datetime) -> date:
        """The company's calendar day on which an instant falls."""
        return instant.astimezone(self.timezone).date()

    def is_staffed(self, day: date) -> bool:
        """Whether somebody is at the desk on that day."""
        if day.weekday() in self.weekly_closed or day in self.closures:
            return False
        return not (self.japanese_holidays and jpholiday.is_holiday(day))

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

    def next_staffed(self, start: date) -> date:
        """`start` itself where it is staffed, else the next day that is."""
        return start if self.is_staffed(start) else self.add_business_days(start, 1)


def add_months(start: date, count: int) -> date:
    """The day of the same number `count` months later, or the last one of a month that has no such day."""
    year, month = divmod(start.year * 12 + start.month - 1 + count, 12)
    return date(year, month + 1, min(start.day, monthrange(year, month + 1)[1]))


@dataclass(frozen=True, slots=True)
class Targets:
    """What the company promises itself: first touch in business days, decision in calendar days."""

    first_touch_business_days: int
    decide_days: int


@dataclass(frozen=True, slots=True)
class Clocks:
    """The dates that count for one request."""

    first_touch_on: date
    target_on: date
    legal_mark_on: date | None


def set_clocks(arrived_at: datetime, kind: RequestKind, law: Law, calendar: Calendar, targets: Targets) -> Clocks:
    """Set both clocks of a request that arrived at `arrived_at` (UTC). The law's mark never pauses (APPI Art. 39)."""
    arrived_on = calendar.day_of(arrived_at)
    counted = law.mark_of(kind)
    mark = calendar.add(arrived_on, counted) if counted is not None else None
    return Clocks(
        first_touch_on=calendar.add_business_days(arrived_on, targets.first_touch_business_days),
        target_on=arrived_on + timedelta(days=targets.decide_days),
        legal_mark_on=mark,
    )
