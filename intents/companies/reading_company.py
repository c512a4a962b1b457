"""Makes a company of the fields of `company.yml`: what each field must look like, and nothing more.

Faults are noted in the fields. Whether values fit together (a clause that is named exists) stands in `checks`.
"""

import re
from datetime import time
from zoneinfo import available_timezones

from intents.companies.clauses import Text
from intents.companies.company import (
    AgentPapers,
    Calendar,
    Company,
    Fee,
    Ground,
    Item,
    Office,
    Opening,
    Retention,
    Span,
    Targets,
    Weekday,
)
from intents.companies.fields import Field
from intents.companies.policy import Policy

_NAME = (r"[a-z][a-z0-9_]*", "a lower-case word such as plus_one")
_PRESET = (r"[a-z]{2}(-[a-z]+)+", "the name of a law preset such as jp-appi")
_CLAUSE = (r"[A-Z][A-Za-z0-9-]*", "the id of a clause such as S14")
_HANDLED = (r"[a-z][a-z0-9_]*|\*", 'a kind of request such as disclosure, or "*" for everything else')
_MAIL = (r"[^@\s,;<>]+@[^@\s,;<>]+\.[^@\s,;<>]+", "one e-mail address")
_PHONE = (r"\+?[0-9][0-9-]{6,18}[0-9]", "a phone number in digits and hyphens")
_HOUR = (r"([01][0-9]|2[0-3]):[0-5][0-9]", 'a time such as "09:00"')
_WEEKDAY = ("|".join(Weekday), "one of " + ", ".join(Weekday))


def read_company(field: Field, policy: Policy) -> Company:
    """Read `company.yml`. Faults are noted in `field`; the company is of use only if there are none."""
    field.only(
        "id", "name", "aliases", "law", "timezone", "desk", "offices", "calendar", "targets", "fee", "agent_papers",
        "methods", "items", "grounds", "retention",
    )  # fmt: skip
    fee, papers, retention = field.at("fee"), field.maybe("agent_papers"), field.maybe("retention")
    return Company(
        id=field.at("id").string(*_NAME),
        name=field.at("name").pair(),
        aliases=field.at("aliases").strings(),
        law=field.at("law").string(*_PRESET),
        timezone=_timezone(field.at("timezone")),
        desk=field.at("desk").pair(),
        offices=tuple(_office(entry) for entry in field.at("offices").entries(at_least=1)),
        calendar=_calendar(field.at("calendar")),
        targets=_targets(field.at("targets")),
        fee=None if fee.is_null or fee.is_missing else _fee(fee),
        agent_papers=None if papers.is_null or papers.is_missing else _agent_papers(papers),
        methods=field.at("methods").strings(*_NAME, at_least=1),
        items=tuple(_item(entry) for entry in field.at("items").entries(at_least=1)),
        grounds=tuple(_ground(entry) for entry in field.at("grounds").entries()),
        policy=policy,
        retention=None if retention.is_null or retention.is_missing else _retention(retention),
    )


def _retention(field: Field) -> Retention:
    field.only("cases", "chats", "drafts", "kinds")
    kinds = field.maybe("kinds")
    return Retention(
        cases=_days(field.maybe("cases")),
        chats=_days(field.maybe("chats")),
        drafts=_days(field.maybe("drafts")),
        kinds={} if kinds.is_missing else dict(_kept_kind(entry) for entry in kinds.entries(at_least=1)),
    )


def _days(field: Field) -> int | None:
    return None if field.is_missing else field.count()


def _kept_kind(field: Field) -> tuple[str, int]:
    field.only("id", "days")
    return field.at("id").string(*_NAME), field.at("days").count()


def _timezone(field: Field) -> str:
    zone = field.string()
    if zone and zone not in available_timezones():
        field.fault(f"must be a time zone such as Asia/Tokyo, but is {zone!r}.")
    return zone


def _office(field: Field) -> Office:
    field.only("id", "name", "clause", "handles", "mail", "phone")
    mail, phone = field.at("mail"), field.at("phone")
    return Office(
        id=field.at("id").string(*_NAME),
        name=field.at("name").pair(),
        clause=field.at("clause").string(*_CLAUSE),
        handles=field.at("handles").strings(*_HANDLED, at_least=1),
        mail=None if mail.is_null else mail.string(*_MAIL) or None,
        phone=None if phone.is_null else phone.string(*_PHONE) or None,
    )


def _calendar(field: Field) -> Calendar:
    field.only("weekly_closed", "holidays", "closures", "hours", "clause")
    holidays, hours, clause = field.at("holidays"), field.at("hours"), field.at("clause")
    return Calendar(
        weekly_closed=_weekdays(field.at("weekly_closed")),
        holidays=None if holidays.is_null else holidays.string(r"[a-z]{2}", "a country such as jp") or None,
        closures=tuple(entry.day() for entry in field.at("closures").entries()),
        hours=None
        if hours.is_null or hours.is_missing
        else tuple(_opening(entry) for entry in hours.entries(at_least=1)),
        clause=None if clause.is_null else clause.string(*_CLAUSE) or None,
    )


def _weekdays(field: Field) -> tuple[Weekday, ...]:
    return tuple(Weekday(day) for day in field.strings(*_WEEKDAY) if day in set(Weekday))


def _opening(field: Field) -> Opening:
    field.only("days", "opens", "closes")
    opening = Opening(
        days=_weekdays(field.at("days")), opens=_hour(field.at("opens")), closes=_hour(field.at("closes"))
    )
    if opening.closes <= opening.opens:
        field.fault("closes before it opens. A block ends on the day it begins.")
    return opening


def _hour(field: Field) -> time:
    written = field.string(*_HOUR)
    return time.fromisoformat(written) if re.fullmatch(_HOUR[0], written) else time.min


def _fee(field: Field) -> Fee:
    field.only("amount", "words", "clause")
    clause = field.at("clause")
    return Fee(
        amount=field.at("amount").count(),
        words=field.at("words").pair(),
        clause=None if clause.is_null else clause.string(*_CLAUSE) or None,
    )


def _agent_papers(field: Field) -> AgentPapers:
    field.only("legal", "entrusted")
    return AgentPapers(legal=_papers(field.at("legal")), entrusted=_papers(field.at("entrusted")))


def _papers(field: Field) -> tuple[Text, ...]:
    return tuple(entry.pair() for entry in field.entries(at_least=1))


def _targets(field: Field) -> Targets:
    field.only("first_touch", "decide")
    return Targets(_span(field.at("first_touch")), _span(field.at("decide")))


def _span(field: Field) -> Span:
    field.only("days", "business_days")
    days, business = field.maybe("days"), field.maybe("business_days")
    if not field.is_missing and days.is_missing is business.is_missing:
        field.fault("needs either days or business_days.")
    return Span(days=(days if business.is_missing else business).count(), business=days.is_missing)


def _item(field: Field) -> Item:
    field.only("id", "name", "clause")
    return Item(field.at("id").string(*_NAME), field.at("name").pair(), field.at("clause").string(*_CLAUSE))


def _ground(field: Field) -> Ground:
    field.only("id", "clause", "requests", "words")
    return Ground(
        id=field.at("id").string(*_NAME),
        clause=field.at("clause").string(*_CLAUSE),
        requests=field.at("requests").strings(*_NAME, at_least=1),
        words=field.at("words").pair(),
    )
