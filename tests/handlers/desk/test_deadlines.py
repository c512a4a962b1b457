"""Both clocks and their explanations, on real calendars: holidays, ends of months and years, leap days, midnight."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.desk.calendars import Calendar, DayOff, LeftOut, add_months
from handlers.desk.deadlines import (
    Clocks,
    Explanation,
    Targets,
    explain_first_touch,
    explain_mark,
    explain_target,
    extended,
    set_clocks,
)
from handlers.desk.errors import CannotExtend, NoExtension, NoSuchRight, NotAllowed
from handlers.desk.requests import RequestKind
from handlers.desk.rights import Law, Limit, load_law
from tests.handlers.desk.test_calendars import CALENDARS, CHANGES, INSTANTS

LAW, GDPR, CCPA = load_law("jp-appi"), load_law("eu-gdpr"), load_law("us-ca-ccpa")
TOKYO = Calendar(ZoneInfo("Asia/Tokyo"), holidays="jp")
BERLIN = Calendar(ZoneInfo("Europe/Berlin"))
LOS_ANGELES = Calendar(ZoneInfo("America/Los_Angeles"))
TARGETS = Targets(Limit(business_days=1), Limit(days=14))
NEW_YEAR = frozenset(date(2026, 12, 29) + timedelta(days) for days in range(6))
"""29 December to 3 January: no public holidays but one, and closed all the same at most companies."""
KINDS_WITH_A_MARK = {
    RequestKind.DISCLOSURE, RequestKind.PROVISION_RECORDS, RequestKind.CORRECTION, RequestKind.DELETION,
    RequestKind.SUSPENSION, RequestKind.STOP_SHARING,
}  # fmt: skip
"""APPI Art. 39(1) speaks of requests under Art. 33, 34 and 35."""


def clocks(arrived_at: str, calendar: Calendar = TOKYO, first_touch: int = 1, decide: int = 14) -> Clocks:
    at = datetime.fromisoformat(arrived_at)
    targets = Targets(Limit(business_days=first_touch), Limit(days=decide))
    return set_clocks(at, RequestKind.DISCLOSURE, LAW, calendar, targets)


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
    assert str(clocks("2026-11-22T03:00Z", replace(TOKYO, holidays=None)).first_touch_on) == "2026-11-23"


@pytest.mark.parametrize("kind", LAW.types)
def test_the_mark_stands_only_where_the_law_has_one(kind: RequestKind) -> None:
    found = set_clocks(datetime(2026, 11, 24, 3, tzinfo=UTC), kind, LAW, TOKYO, TARGETS)
    assert found.legal_mark_on == (date(2026, 12, 8) if kind in KINDS_WITH_A_MARK else None)


def test_targets_are_the_companys_and_the_mark_is_not() -> None:
    found = clocks("2026-11-24T03:00Z", first_touch=3, decide=30)
    assert [str(each) for each in (found.first_touch_on, found.target_on, found.legal_mark_on)] == [
        "2026-11-27", "2026-12-24", "2026-12-08",
    ]  # fmt: skip


def test_an_aim_in_business_days_counts_business_days() -> None:
    targets = Targets(Limit(business_days=1), Limit(business_days=10))
    found = set_clocks(datetime(2026, 4, 27, 3, tzinfo=UTC), RequestKind.DISCLOSURE, LAW, TOKYO, targets)
    assert found.target_on == date(2026, 5, 15)


def test_a_kind_that_the_law_does_not_know_has_no_clocks() -> None:
    with pytest.raises(NoSuchRight) as refused:
        set_clocks(datetime(2026, 4, 27, 3, tzinfo=UTC), RequestKind.PORTABILITY, LAW, TOKYO, TARGETS)
    assert (refused.value.law, refused.value.kind) == ("jp-appi", RequestKind.PORTABILITY)
    assert isinstance(refused.value, NotAllowed)


# The other laws


@pytest.mark.parametrize(
    ("arrived_at", "mark_on", "extended_on", "why"),
    [
        (
            "2026-01-31T10:00Z",
            "2026-02-28",
            "2026-04-30",
            "the end of January; three months count as one length",
        ),
        ("2028-01-31T10:00Z", "2028-02-29", "2028-04-30", "a leap year"),
        ("2026-11-30T10:00Z", "2026-12-30", "2027-02-28", "over the end of the year"),
        ("2026-12-31T10:00Z", "2027-01-31", "2027-03-31", "a Sunday stays the mark"),
        ("2026-12-31T23:30Z", "2027-02-01", "2027-04-01", "New Year in Berlin already"),
        ("2026-03-28T23:30Z", "2026-04-29", "2026-06-29", "the night in which the clock is put forward"),
        ("2026-10-24T22:30Z", "2026-11-25", "2027-01-25", "the night in which it is put back"),
    ],
)
def test_a_month_and_two_more_in_berlin(arrived_at: str, mark_on: str, extended_on: str, why: str) -> None:
    at = datetime.fromisoformat(arrived_at)
    assert str(set_clocks(at, RequestKind.DISCLOSURE, GDPR, BERLIN, TARGETS).legal_mark_on) == mark_on, why
    found = extended(at, RequestKind.DISCLOSURE, GDPR, BERLIN, told_at=at)
    assert (str(found.legal_mark_on), str(found.tell_by), found.article) == (extended_on, mark_on, "12(3)"), why


def test_forty_five_days_and_as_many_more_in_california() -> None:
    at = datetime(2026, 10, 20, 6, 30, tzinfo=UTC)  # still the 19th there
    assert set_clocks(at, RequestKind.DELETION, CCPA, LOS_ANGELES, TARGETS).legal_mark_on == date(2026, 12, 3)
    found = extended(at, RequestKind.DELETION, CCPA, LOS_ANGELES, told_at=at)
    assert found.legal_mark_on == date(2026, 10, 19) + timedelta(90)


def test_an_opt_out_has_fifteen_business_days_and_nothing_more() -> None:
    at = datetime(2026, 10, 20, 20, tzinfo=UTC)
    for kind in (RequestKind.STOP_SHARING, RequestKind.LIMIT_SENSITIVE):
        assert set_clocks(at, kind, CCPA, LOS_ANGELES, TARGETS).legal_mark_on == date(2026, 11, 10)
        assert CCPA.acknowledge_of(kind) is None
        assert cannot_extend(at, kind, CCPA, LOS_ANGELES) is NoExtension.NONE_IN_LAW


def test_the_arrival_is_confirmed_within_ten_business_days_in_california() -> None:
    found = CCPA.acknowledge_of(RequestKind.DISCLOSURE)
    assert found is not None
    assert (found.business_days, found.article) == (10, "11 CCR § 7021(a)")
    assert CCPA.acknowledge_of(RequestKind.COMPLAINT) is None
    assert LAW.acknowledge_of(RequestKind.DISCLOSURE) is None


def cannot_extend(
    at: datetime, kind: RequestKind, law: Law, calendar: Calendar, told_at: datetime | None = None, before: int = 0
) -> NoExtension:
    with pytest.raises(CannotExtend) as refused:
        extended(at, kind, law, calendar, told_at=told_at or at, before=before)
    return refused.value.why


def test_an_extension_is_given_once_and_told_in_time() -> None:
    at = datetime(2026, 1, 31, 10, tzinfo=UTC)
    last_moment = datetime(2026, 2, 28, 22, 59, tzinfo=UTC)
    kind = RequestKind.DISCLOSURE
    assert extended(at, kind, GDPR, BERLIN, told_at=last_moment).legal_mark_on == date(2026, 4, 30)
    assert cannot_extend(at, kind, GDPR, BERLIN, last_moment + timedelta(minutes=1)) is NoExtension.TOO_LATE
    assert cannot_extend(at, kind, GDPR, BERLIN, before=1) is NoExtension.USED_UP
    assert cannot_extend(at, RequestKind.COMPLAINT, GDPR, BERLIN) is NoExtension.NONE_IN_LAW
    assert cannot_extend(at, kind, LAW, TOKYO) is NoExtension.NONE_IN_LAW


# Why that date?


def test_a_first_touch_explains_the_days_it_left_out() -> None:
    at = datetime(2026, 11, 20, 3, tzinfo=UTC)
    assert explain_first_touch(at, TOKYO, TARGETS) == Explanation(
        on=date(2026, 11, 24),
        counted_from=date(2026, 11, 20),
        lengths=(Limit(business_days=1),),
        left_out=(
            LeftOut(date(2026, 11, 21), DayOff.WEEKLY),
            LeftOut(date(2026, 11, 22), DayOff.WEEKLY),
            LeftOut(date(2026, 11, 23), DayOff.HOLIDAY, "勤労感謝の日"),
        ),
        article=None,
    )


def test_calendar_days_leave_nothing_out() -> None:
    at = datetime(2026, 4, 28, 3, tzinfo=UTC)
    target, mark = explain_target(at, TOKYO, TARGETS), explain_mark(at, RequestKind.DISCLOSURE, LAW, TOKYO)
    assert mark is not None
    assert (target.left_out, mark.left_out) == ((), ())
    assert (target.article, mark.article) == (None, "39(1)")
    assert [each.days for each in mark.lengths] == [14]


def test_an_extended_mark_explains_both_lengths() -> None:
    found = explain_mark(datetime(2026, 1, 31, 10, tzinfo=UTC), RequestKind.DISCLOSURE, GDPR, BERLIN, extensions=1)
    assert found is not None
    assert (found.on, [each.months for each in found.lengths]) == (date(2026, 4, 30), [1, 2])


def test_what_has_no_mark_has_nothing_to_explain() -> None:
    assert explain_mark(datetime(2026, 1, 31, 10, tzinfo=UTC), RequestKind.COMPLAINT, LAW, TOKYO) is None


# For any day


@given(INSTANTS | CHANGES, st.integers(1, 60), st.sampled_from([LAW, GDPR, CCPA]), CALENDARS, st.data())
def test_dates_never_lie_before_the_arrival(
    instant: datetime, days: int, law: Law, calendar: Calendar, data: st.DataObject
) -> None:
    kind = data.draw(st.sampled_from(sorted(law.types)))
    targets = Targets(Limit(business_days=1), Limit(days=days))
    found = set_clocks(instant, kind, law, calendar, targets)
    arrived_on = calendar.day_of(instant)
    assert found.first_touch_on > arrived_on
    assert found.target_on == arrived_on + timedelta(days)
    assert (found.legal_mark_on is None) is (law.mark_of(kind) is None)
    assert found.legal_mark_on is None or found.legal_mark_on > arrived_on


@given(INSTANTS | CHANGES, CALENDARS, st.integers(0, 40))
def test_marks_never_pause_and_no_calendar_moves_them(instant: datetime, calendar: Calendar, days: int) -> None:
    bare = Calendar(calendar.timezone, weekly_closed=frozenset())
    arrived_on = bare.day_of(instant)
    for law, mark in (
        (LAW, arrived_on + timedelta(14)), (GDPR, add_months(arrived_on, 1)), (CCPA, arrived_on + timedelta(45)),
    ):  # fmt: skip
        assert set_clocks(instant, RequestKind.DISCLOSURE, law, calendar, TARGETS).legal_mark_on == mark


@given(INSTANTS | CHANGES, CALENDARS, st.integers(0, 120), st.sampled_from([GDPR, CCPA]))
def test_an_extension_lengthens_and_is_told_before_the_first_answer_was_due(
    instant: datetime, calendar: Calendar, later: int, law: Law
) -> None:
    mark = explain_mark(instant, RequestKind.DISCLOSURE, law, calendar)
    assert mark is not None
    told_at = instant + timedelta(days=later)
    if calendar.day_of(told_at) > mark.on:
        assert cannot_extend(instant, RequestKind.DISCLOSURE, law, calendar, told_at) is NoExtension.TOO_LATE
        return
    found = extended(instant, RequestKind.DISCLOSURE, law, calendar, told_at=told_at)
    explained = explain_mark(instant, RequestKind.DISCLOSURE, law, calendar, extensions=1)
    assert explained is not None
    assert mark.on == found.tell_by < found.legal_mark_on == explained.on
