"""Both clocks of a request, and why each date is the one it is.

Pure arithmetic: every instant comes in as an argument, in UTC. A request counts from the arrival of its first
message, on the company's own calendar day; the law's clock never pauses and is never moved off a day without staff.
A date is always the `on` of its explanation, so that what is told about it cannot differ from it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from handlers.desk.calendars import Calendar, LeftOut, add_months
from handlers.desk.errors import CannotExtend, NoExtension
from handlers.desk.requests import RequestKind
from handlers.desk.rights import Extension, Law, LegalLimit, Limit


@dataclass(frozen=True, slots=True)
class Targets:
    """What the company promises itself: by when it has touched a request first, and by when it has decided."""

    first_touch: Limit
    decide: Limit


@dataclass(frozen=True, slots=True)
class Clocks:
    """The dates that count for one request."""

    first_touch_on: date
    target_on: date
    legal_mark_on: date | None


@dataclass(frozen=True, slots=True)
class Explanation:
    """How a date came about. Data, for whoever puts it into words."""

    on: date
    counted_from: date
    """The day of arrival, which itself does not count."""
    lengths: tuple[Limit, ...]
    """The time that was given, and each extension of it."""
    left_out: tuple[LeftOut, ...]
    """The days that did not count; none where the length is in calendar days or months."""
    article: str | None
    """The rule that sets it; None for the company's own aim."""


@dataclass(frozen=True, slots=True)
class Extended:
    """The law's clock after an extension."""

    legal_mark_on: date
    tell_by: date
    """The last day on which the person can be told of it, with the reason."""
    article: str


def set_clocks(arrived_at: datetime, kind: RequestKind, law: Law, calendar: Calendar, targets: Targets) -> Clocks:
    """Set both clocks of a request that arrived at `arrived_at` (UTC).

    Raises NoSuchRight for a kind that the law does not know.
    """
    mark = explain_mark(arrived_at, kind, law, calendar)
    return Clocks(
        first_touch_on=explain_first_touch(arrived_at, calendar, targets).on,
        target_on=explain_target(arrived_at, calendar, targets).on,
        legal_mark_on=None if mark is None else mark.on,
    )


def explain_first_touch(arrived_at: datetime, calendar: Calendar, targets: Targets) -> Explanation:
    """Why the company means to look at a request by its day."""
    return _explain(calendar, arrived_at, (targets.first_touch,), None)


def explain_target(arrived_at: datetime, calendar: Calendar, targets: Targets) -> Explanation:
    """Why the company means to have decided by its day."""
    return _explain(calendar, arrived_at, (targets.decide,), None)


def explain_mark(
    arrived_at: datetime, kind: RequestKind, law: Law, calendar: Calendar, extensions: int = 0
) -> Explanation | None:
    """Why the law's clock ends on its day, after so many extensions; None where the law has none for this kind."""
    limit = law.mark_of(kind)
    if limit is None:
        return None
    more = law.extension_of(kind)
    lengths: list[Limit] = [limit, *([more.length] * extensions if more is not None else [])]
    return _explain(calendar, arrived_at, lengths, limit.article)


def extended(
    arrived_at: datetime, kind: RequestKind, law: Law, calendar: Calendar, *, told_at: datetime, before: int = 0
) -> Extended:
    """Put the law's clock off by its own extension, after `before` earlier ones; the person is told at `told_at`.

    Raises:
        NoSuchRight: the law does not know the kind.
        CannotExtend: the law allows none, no more of them, or none that is told so late.
    """
    limit, extension = law.mark_of(kind), law.extension_of(kind)
    if limit is None or extension is None:
        raise CannotExtend(NoExtension.NONE_IN_LAW)
    if before >= extension.times:
        raise CannotExtend(NoExtension.USED_UP)
    arrived_on = calendar.day_of(arrived_at)
    tell_by = _tell_by(arrived_on, limit, extension, before, calendar)
    if calendar.day_of(told_at) > tell_by:
        raise CannotExtend(NoExtension.TOO_LATE)
    lengths = [limit, *[extension.length] * (before + 1)]
    return Extended(_end(calendar, arrived_on, lengths), tell_by, extension.article)


def _tell_by(arrived_on: date, limit: LegalLimit, extension: Extension, before: int, calendar: Calendar) -> date:
    if extension.tell_within is not None:
        return calendar.add(arrived_on, extension.tell_within)
    return _end(calendar, arrived_on, [limit, *[extension.length] * before])


def _explain(calendar: Calendar, arrived_at: datetime, lengths: Sequence[Limit], article: str | None) -> Explanation:
    arrived_on = calendar.day_of(arrived_at)
    on = _end(calendar, arrived_on, lengths)
    by_business_days = any(each.business_days is not None for each in lengths)
    left_out = calendar.left_out(arrived_on, on) if by_business_days else ()
    return Explanation(on, arrived_on, tuple(lengths), left_out, article)


def _end(calendar: Calendar, arrived_on: date, lengths: Sequence[Limit]) -> date:
    """Where lengths end that are counted as one from arrival: a month and two more are three months."""
    months = sum(each.months or 0 for each in lengths)
    days = sum(each.days or 0 for each in lengths)
    business_days = sum(each.business_days or 0 for each in lengths)
    return calendar.add_business_days(add_months(arrived_on, months) + timedelta(days=days), business_days)
