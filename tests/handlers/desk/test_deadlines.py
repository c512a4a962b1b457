"""Both clocks, on real calendars: holidays of Japan, ends of months and years, leap days, and midnight in Tokyo."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.desk.deadlines import Calendar, Clocks, Targets, set_clocks
from handlers.desk.errors import BadSetting
from handlers.desk.requests import RequestKind
from handlers.desk.rights import load_law

LAW = load_law("jp-appi")
TOKYO = Calendar(ZoneInfo("Asia/Tokyo"))
OPEN_ALWAYS = Calendar(ZoneInfo("Asia/Tokyo"), weekly_closed=frozenset(), japanese_holidays=False)
NEW_YEAR = frozenset(date(2026, 12, 29) + timedelta(days) for days in range(6))
"""29 December to 3 January: no public holidays but one, and closed all the same at most companies."""

DAYS = st.dates(date(2000, 1, 1), date(2060, 12, 31))
COUNTS = st.integers(1, 25)
CALENDARS = st.builds(
    Calendar,
    timezone=st.sampled_from([ZoneInfo("Asia/Tokyo"), ZoneInfo("America/Los_Angeles"), ZoneInfo("UTC")]),
    weekly_closed=st.frozensets(st.integers(0, 6), max_size=6),
    japanese_holidays=st.booleans(),
    closures=st.frozensets(DAYS, max_size=10),
)
INSTANTS = st.datetimes(datetime(2000, 1, 2), datetime(2060, 12, 30), timezones=st.just(UTC))  # noqa: DTZ001 - just below
KINDS_WITH_A_MARK = {
    RequestKind.DISCLOSURE, RequestKind.PROVISION_RECORDS, RequestKind.CORRECTION, RequestKind.DELETION,
    RequestKind.SUSPENSION, RequestKind.STOP_SHARING,
}  # fmt: skip
"""APPI Art. 39(1) speaks of requests under Art. 33, 34 and 35."""


def clocks(arrived_at: str, calendar: Calendar = TOKYO, first_touch: int = 1, decide: int = 14) -> Clocks:
    at = datetime.fromisoformat(arrived_at)
    return set_clocks(at, RequestKind.DISCLOSURE, LAW, calendar, Targets(first_touch, decide))


@pytest.mark.parametrize(
    ("arrived_at", "first_touch_on", "mark_on", "why"),
    [
        ("2026-11-20T03:00Z", "2026-11-24", "2026-12-04", "a Friday before a Monday that is Labour Thanksgiving Day"),
        ("2026-11-22T03:00Z", "2026-11-24", "2026-12-06", "the Sunday before it"),
        ("2026-11-23T03:00Z", "2026-11-24", "2026-12-07", "the holiday itself"),
        ("2026-11-24T03:00Z", "2026-11-25", "2026-12-08", "the day after it"),
        ("2026-04-28T03:00Z", "2026-04-30", "2026-05-12", "the day before Showa Day"),
        ("2026-05-01T03:00Z", "2026-05-07", "2026-05-15", "into Golden Week, with 6 May for the Sunday of 3 May"),
        ("2026-05-02T03:00Z", "2026-05-07", "2026-05-16", "the Saturday of Golden Week"),
        ("2026-09-18T03:00Z", "2026-09-24", "2026-10-02", "a day between two holidays is one as well"),
        ("2027-03-19T03:00Z", "2027-03-23", "2027-04-02", "an equinox on a Sunday moves to the Monday"),
        ("2026-12-31T03:00Z", "2027-01-04", "2027-01-14", "the end of the year: 1 January is a Friday"),
        ("2026-02-10T03:00Z", "2026-02-12", "2026-02-24", "the end of a short month"),
        ("2028-02-15T03:00Z", "2028-02-16", "2028-02-29", "a leap day as the mark"),
        ("2027-02-15T03:00Z", "2027-02-16", "2027-03-01", "no leap day"),
        ("2028-02-29T03:00Z", "2028-03-01", "2028-03-14", "arrived on a leap day"),
        ("2026-01-31T03:00Z", "2026-02-02", "2026-02-14", "the end of January, a Saturday"),
    ],
)
def test_real_days(arrived_at: str, first_touch_on: str, mark_on: str, why: str) -> None:
    found = clocks(arrived_at)
    assert str(found.first_touch_on) == first_touch_on, why
    assert (str(found.target_on), str(found.legal_mark_on)) == (mark_on, mark_on), why


@pytest.mark.parametrize(
    ("arrived_at", "day"),
    [
        ("2026-11-25T14:59:59.999999Z", "2026-11-25"),
        ("2026-11-25T15:00:00Z", "2026-11-26"),
        ("2026-12-31T14:59:59.999999Z", "2026-12-31"),
        ("2026-12-31T15:00:00Z", "2027-01-01"),
        ("2028-02-28T15:00:00Z", "2028-02-29"),
        ("2026-11-25T23:59:59Z", "2026-11-26"),
        ("2026-11-26T00:00:00Z", "2026-11-26"),
        ("2026-11-25T08:30:00-07:00", "2026-11-26"),
    ],
)
def test_the_day_is_the_companys_own(arrived_at: str, day: str) -> None:
    assert str(TOKYO.day_of(datetime.fromisoformat(arrived_at))) == day
    assert clocks(arrived_at).target_on == date.fromisoformat(day) + timedelta(14)


def test_an_arrival_just_before_midnight_and_one_just_after_are_a_day_apart() -> None:
    before, after = clocks("2026-11-24T14:59:59Z"), clocks("2026-11-24T15:00:00Z")
    assert (str(before.first_touch_on), str(after.first_touch_on)) == ("2026-11-25", "2026-11-26")
    assert (str(before.legal_mark_on), str(after.legal_mark_on)) == ("2026-12-08", "2026-12-09")


def test_closures_count_as_days_without_staff_and_never_move_the_laws_mark() -> None:
    closed = replace(TOKYO, closures=NEW_YEAR)
    assert str(clocks("2026-12-28T03:00Z", closed).first_touch_on) == "2027-01-04"
    assert str(clocks("2026-12-28T03:00Z").first_touch_on) == "2026-12-29"
    assert clocks("2026-12-28T03:00Z", closed).legal_mark_on == clocks("2026-12-28T03:00Z").legal_mark_on


def test_a_company_without_japanese_holidays_works_on_them() -> None:
    assert str(clocks("2026-11-22T03:00Z", replace(TOKYO, japanese_holidays=False)).first_touch_on) == "2026-11-23"


@pytest.mark.parametrize("kind", RequestKind)
def test_the_mark_stands_only_where_the_law_has_one(kind: RequestKind) -> None:
    found = set_clocks(datetime(2026, 11, 24, 3, tzinfo=UTC), kind, LAW, TOKYO, Targets(1, 14))
    assert found.legal_mark_on == (date(2026, 12, 8) if kind in KINDS_WITH_A_MARK else None)


def test_targets_are_the_companys_and_the_mark_is_not() -> None:
    found = clocks("2026-11-24T03:00Z", first_touch=3, decide=30)
    assert [str(each) for each in (found.first_touch_on, found.target_on, found.legal_mark_on)] == [
        "2026-11-27", "2026-12-24", "2026-12-08",
    ]  # fmt: skip


def test_a_first_touch_on_the_same_day_can_be_promised() -> None:
    assert str(clocks("2026-11-24T03:00Z", first_touch=0).first_touch_on) == "2026-11-24"


def test_a_calendar_on_which_nobody_ever_works_is_refused() -> None:
    with pytest.raises(BadSetting) as fault:
        Calendar(ZoneInfo("Asia/Tokyo"), weekly_closed=frozenset(range(7)))
    assert fault.value.faults == ("The calendar closes the desk on all seven days of the week.",)


@given(CALENDARS, DAYS, COUNTS)
def test_business_days_land_on_a_staffed_day_and_count_every_one(calendar: Calendar, start: date, count: int) -> None:
    end = calendar.add_business_days(start, count)
    between = [start + timedelta(days) for days in range(1, (end - start).days + 1)]
    assert calendar.is_staffed(end)
    assert sum(map(calendar.is_staffed, between)) == count


@given(CALENDARS, st.lists(DAYS, min_size=2, max_size=6), COUNTS)
def test_a_later_start_never_ends_earlier(calendar: Calendar, starts: list[date], count: int) -> None:
    ends = [calendar.add_business_days(start, count) for start in sorted(starts)]
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


@given(INSTANTS, st.integers(0, 60), st.sampled_from(sorted(RequestKind)))
def test_dates_never_lie_before_the_arrival(instant: datetime, days: int, kind: RequestKind) -> None:
    found = set_clocks(instant, kind, LAW, TOKYO, Targets(1, days))
    arrived_on = TOKYO.day_of(instant)
    assert found.first_touch_on > arrived_on
    assert found.target_on == arrived_on + timedelta(days)
    assert found.legal_mark_on in {None, arrived_on + timedelta(14)}


def test_without_holidays_a_business_day_is_a_day() -> None:
    assert OPEN_ALWAYS.add_business_days(date(2028, 2, 28), 2) == date(2028, 3, 1)
