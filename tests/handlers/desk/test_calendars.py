"""When somebody is at the desk: days off with their reason, several blocks a day, and clocks that jump."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.desk.calendars import Block, Calendar, DayOff, LeftOut, add_months
from handlers.desk.errors import BadSetting
from handlers.desk.rights import Limit

ZONES = [ZoneInfo(name) for name in ("Asia/Tokyo", "Europe/Berlin", "America/Los_Angeles", "UTC")]
TOKYO, BERLIN, LOS_ANGELES, _ = ZONES
SPLIT = (Block(time(9), time(12)), Block(time(13), time(17, 30)))
OFFICE = Calendar(TOKYO, holidays="jp", hours=dict.fromkeys(range(7), SPLIT))

DAYS = st.dates(date(2000, 1, 1), date(2060, 12, 31))
COUNTS = st.integers(1, 25)
INSTANTS = st.datetimes(datetime(2000, 1, 2), datetime(2060, 12, 30), timezones=st.just(UTC))  # noqa: DTZ001 - just below


@st.composite
def blocks(draw: st.DrawFn) -> tuple[Block, ...]:
    """Up to three blocks of one day, in order, at any quarter of an hour."""
    quarters = draw(st.lists(st.integers(0, 95), min_size=2, max_size=6, unique=True).map(sorted))
    edges = [time(quarter // 4, quarter % 4 * 15) for quarter in quarters]
    return tuple(Block(opens, closes) for opens, closes in zip(edges[::2], edges[1::2], strict=False))


CALENDARS = st.builds(
    Calendar,
    timezone=st.sampled_from(ZONES),
    weekly_closed=st.frozensets(st.integers(0, 6), max_size=6),
    holidays=st.sampled_from(["jp", None]),
    closures=st.frozensets(DAYS, max_size=10),
    hours=st.dictionaries(st.integers(0, 6), blocks(), max_size=7),
)
CHANGES = st.builds(
    lambda day, minutes: day + timedelta(minutes=minutes),
    st.sampled_from([
        datetime(2026, 3, 29, 1, tzinfo=UTC), datetime(2026, 10, 25, 1, tzinfo=UTC),  # Berlin
        datetime(2026, 3, 8, 10, tzinfo=UTC), datetime(2026, 11, 1, 9, tzinfo=UTC),  # Los Angeles
    ]),
    st.integers(-300, 300),
)  # fmt: skip
"""Instants around those at which clocks jump."""


# Days


def test_golden_week_is_left_out_day_by_day_with_its_names() -> None:
    found = OFFICE.left_out(date(2026, 5, 1), date(2026, 5, 7))
    assert found == (
        LeftOut(date(2026, 5, 2), DayOff.WEEKLY),
        LeftOut(date(2026, 5, 3), DayOff.WEEKLY),
        LeftOut(date(2026, 5, 4), DayOff.HOLIDAY, "みどりの日"),
        LeftOut(date(2026, 5, 5), DayOff.HOLIDAY, "こどもの日"),
        LeftOut(date(2026, 5, 6), DayOff.HOLIDAY, "憲法記念日 振替休日"),
    )
    assert OFFICE.add_business_days(date(2026, 5, 1), 1) == date(2026, 5, 7)


def test_a_closure_is_told_as_one() -> None:
    closed = replace(OFFICE, closures=frozenset({date(2026, 12, 30)}))
    assert closed.day_off(date(2026, 12, 30)) == LeftOut(date(2026, 12, 30), DayOff.CLOSURE)
    assert OFFICE.is_staffed(date(2026, 12, 30))


def test_without_a_library_for_its_country_a_desk_has_no_holidays() -> None:
    assert replace(OFFICE, holidays=None).is_staffed(date(2026, 5, 4))


@pytest.mark.parametrize(
    ("start", "count", "end"),
    [
        ("2026-01-31", 1, "2026-02-28"),
        ("2028-01-31", 1, "2028-02-29"),
        ("2026-01-31", 3, "2026-04-30"),
        ("2026-01-30", 1, "2026-02-28"),
        ("2026-02-28", 1, "2026-03-28"),
        ("2028-02-29", 12, "2029-02-28"),
        ("2026-11-30", 3, "2027-02-28"),
        ("2026-12-31", 1, "2027-01-31"),
        ("2026-12-01", 1, "2027-01-01"),
    ],
)
def test_a_month_is_a_calendar_month(start: str, count: int, end: str) -> None:
    assert str(add_months(date.fromisoformat(start), count)) == end
    assert str(OFFICE.add(date.fromisoformat(start), Limit(months=count))) == end


@given(DAYS, st.integers(1, 36))
def test_months_keep_the_day_or_end_the_month(start: date, count: int) -> None:
    end = add_months(start, count)
    assert (end.year * 12 + end.month) - (start.year * 12 + start.month) == count
    assert end.day == start.day or (end.day < start.day and (end + timedelta(1)).day == 1)


@given(CALENDARS, DAYS, COUNTS)
def test_business_days_land_on_a_staffed_day_and_count_every_one(calendar: Calendar, start: date, count: int) -> None:
    end = calendar.add_business_days(start, count)
    between = [start + timedelta(days) for days in range(1, (end - start).days + 1)]
    assert calendar.is_staffed(end)
    assert sum(map(calendar.is_staffed, between)) == count
    assert len(calendar.left_out(start, end)) == (end - start).days - count


@given(CALENDARS, st.lists(DAYS, min_size=2, max_size=6), COUNTS)
def test_a_later_start_never_ends_earlier(calendar: Calendar, starts: list[date], count: int) -> None:
    for limit in (Limit(business_days=count), Limit(months=count), Limit(days=count)):
        ends = [calendar.add(start, limit) for start in sorted(starts)]
        assert ends == sorted(ends)


@given(CALENDARS, DAYS, st.integers(2, 12))
def test_more_days_end_later(calendar: Calendar, start: date, most: int) -> None:
    ends = [calendar.add_business_days(start, count) for count in range(most)]
    assert all(earlier < later for earlier, later in pairwise(ends))


@given(CALENDARS, DAYS)
def test_a_closure_never_brings_a_day_forward(calendar: Calendar, start: date) -> None:
    closed = replace(calendar, closures=calendar.closures | {start + timedelta(1)})
    assert closed.add_business_days(start, 1) >= calendar.add_business_days(start, 1)


@given(CALENDARS, DAYS)
def test_the_next_staffed_day_is_the_first_one(calendar: Calendar, start: date) -> None:
    found = calendar.next_staffed(start)
    assert calendar.is_staffed(found)
    assert not any(calendar.is_staffed(start + timedelta(days)) for days in range((found - start).days))


@given(INSTANTS, CALENDARS)
def test_a_day_holds_its_instant(instant: datetime, calendar: Calendar) -> None:
    day = calendar.day_of(instant)
    midnight = datetime(day.year, day.month, day.day, tzinfo=calendar.timezone)
    assert midnight <= instant < midnight + timedelta(hours=25)


def test_without_holidays_a_business_day_is_a_day() -> None:
    always = Calendar(TOKYO, weekly_closed=frozenset())
    assert always.add_business_days(date(2028, 2, 28), 2) == date(2028, 3, 1)


# Hours


@pytest.mark.parametrize(
    ("instant", "is_open", "opens"),
    [
        ("2026-11-24T23:59Z", False, "2026-11-25T00:00Z"),
        ("2026-11-25T00:00Z", True, "2026-11-25T00:00Z"),
        ("2026-11-25T02:59Z", True, "2026-11-25T02:59Z"),
        ("2026-11-25T03:00Z", False, "2026-11-25T04:00Z"),
        ("2026-11-25T08:29Z", True, "2026-11-25T08:29Z"),
        ("2026-11-25T08:30Z", False, "2026-11-26T00:00Z"),
        ("2026-11-20T09:00Z", False, "2026-11-24T00:00Z"),
        ("2026-05-01T09:00Z", False, "2026-05-07T00:00Z"),
    ],
    ids=["before", "opens", "open", "lunch", "afternoon", "evening", "into a long weekend", "into Golden Week"],
)
def test_an_office_in_tokyo(instant: str, is_open: bool, opens: str) -> None:
    at = datetime.fromisoformat(instant)
    assert OFFICE.is_open(at) is is_open
    assert OFFICE.next_open(at) == datetime.fromisoformat(opens)


def test_without_hours_only_the_day_is_known() -> None:
    calendar = Calendar(TOKYO, holidays="jp")
    night, saturday = datetime(2026, 11, 24, 18, tzinfo=UTC), datetime(2026, 11, 21, 3, tzinfo=UTC)
    assert (calendar.is_open(night), calendar.next_open(night)) == (True, date(2026, 11, 25))
    assert (calendar.is_open(saturday), calendar.next_open(saturday)) == (False, date(2026, 11, 24))


@pytest.mark.parametrize(
    ("zone", "friday", "monday"),
    [
        (BERLIN, "2026-03-27T20:00Z", "2026-03-30T07:00Z"),
        (BERLIN, "2026-10-23T20:00Z", "2026-10-26T08:00Z"),
        (LOS_ANGELES, "2026-03-07T03:00Z", "2026-03-09T16:00Z"),
        (LOS_ANGELES, "2026-10-31T03:00Z", "2026-11-02T17:00Z"),
    ],
)
def test_nine_is_nine_on_either_side_of_a_change(zone: ZoneInfo, friday: str, monday: str) -> None:
    calendar = replace(OFFICE, timezone=zone, holidays=None)
    assert calendar.next_open(datetime.fromisoformat(friday)) == datetime.fromisoformat(monday)


def test_an_hour_that_the_clock_skips_opens_later_and_one_that_it_repeats_is_held_twice() -> None:
    night = Calendar(BERLIN, weekly_closed=frozenset(), hours=dict.fromkeys(range(7), (Block(time(2, 30), time(4)),)))
    assert night.next_open(datetime(2026, 3, 29, 0, tzinfo=UTC)) == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)
    assert night.next_open(datetime(2026, 10, 25, 0, tzinfo=UTC)) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert night.is_open(datetime(2026, 10, 25, 2, 59, tzinfo=UTC))


def test_a_block_that_the_clock_skips_whole_is_none() -> None:
    night = Calendar(BERLIN, weekly_closed=frozenset(), hours={6: (Block(time(2, 15), time(2, 45)),)})
    assert not any(night.is_open(datetime(2026, 3, 29, 0, 30, tzinfo=UTC) + timedelta(minutes=n)) for n in range(120))
    assert night.next_open(datetime(2026, 3, 29, 0, tzinfo=UTC)) == date(2026, 3, 30)


@given(CALENDARS, INSTANTS | CHANGES)
def test_the_next_opening_is_open_and_is_the_first(calendar: Calendar, instant: datetime) -> None:
    found = calendar.next_open(instant)
    if not isinstance(found, datetime):
        assert calendar.is_staffed(found)
        assert calendar.is_open(instant) is (found == calendar.day_of(instant))
        return
    assert found >= instant
    assert calendar.is_open(found)
    assert calendar.is_open(instant) is (found == instant)
    waited = (found - instant) // timedelta(minutes=15)
    assert not any(calendar.is_open(found - timedelta(minutes=15 * step)) for step in range(1, min(waited, 200) + 1))


@given(CALENDARS, INSTANTS | CHANGES)
def test_an_open_desk_is_staffed_and_within_its_hours(calendar: Calendar, instant: datetime) -> None:
    local = instant.astimezone(calendar.timezone)
    hours = calendar.hours.get(local.weekday(), ())
    if calendar.is_open(instant):
        assert calendar.is_staffed(local.date())
        assert not hours or any(block.opens <= local.time() < block.closes or local.fold for block in hours)


# Faults


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"weekly_closed": frozenset(range(7))}, "The calendar closes the desk on all seven days of the week."),
        (
            {"holidays": "de"},
            "The calendar wants the holidays of 'de'; the desk knows only those of jp.",
        ),
        (
            {"hours": {0: (Block(time(9), time(12)), Block(time(11), time(17)))}},
            "The desk's hours from 11:00 must begin after those that end at 12:00 on the same day.",
        ),
    ],
)
def test_a_calendar_that_cannot_be_is_refused(changes: dict[str, object], sentence: str) -> None:
    with pytest.raises(BadSetting) as fault:
        replace(OFFICE, **changes)  # type: ignore[arg-type]  # by name
    assert fault.value.faults == (sentence,)


def test_hours_that_end_before_they_begin_are_refused() -> None:
    with pytest.raises(BadSetting) as fault:
        Block(time(17), time(9))
    assert fault.value.faults == ("The desk's hours from 17:00 to 09:00 must end after they begin.",)
