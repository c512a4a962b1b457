"""Makes a company and a policy of the fields of their files: what each field must look like, and nothing more.

Faults are noted in the fields. Whether values fit together (a clause that is named exists) stands in `checks`.
"""

import re
from datetime import time
from typing import Final
from zoneinfo import available_timezones

from intents.companies.clauses import Clause, Gap, Topics
from intents.companies.company import (
    Calendar,
    Company,
    Ground,
    Item,
    Office,
    Opening,
    Span,
    Targets,
    Weekday,
)
from intents.companies.fields import Field
from intents.companies.policy import Policy
from intents.companies.words import normalise
from intents.parse import Language

LONGEST_SHORT: Final = 80
LONGEST_QUOTE: Final = 15
LONGEST_QUOTE_IN_SIGNS: Final = 100
"""For a source without spaces between its words, as Japanese is."""

_NAME = (r"[a-z][a-z0-9_]*", "a lower-case word such as plus_one")
_PRESET = (r"[a-z]{2}(-[a-z]+)+", "the name of a law preset such as jp-appi")
_CLAUSE = (r"[A-Z][A-Za-z0-9-]*", "the id of a clause such as S14")
_NUMBER = (r"[A-Z0-9]+(\.[0-9]+)*", 'a number such as "2.2"')
_HANDLED = (r"[a-z][a-z0-9_]*|\*", 'a kind of request such as disclosure, or "*" for everything else')
_MAIL = (r"[^@\s,;<>]+@[^@\s,;<>]+\.[^@\s,;<>]+", "one e-mail address")
_PHONE = (r"\+?[0-9][0-9-]{6,18}[0-9]", "a phone number in digits and hyphens")
_MONTH = (r"[0-9]{4}-(0[1-9]|1[0-2])", 'a year and month such as "2022-04"')
_HOUR = (r"([01][0-9]|2[0-3]):[0-5][0-9]", 'a time such as "09:00"')
_LANGUAGE = ("|".join(Language), "one of " + ", ".join(Language))
_WEEKDAY = ("|".join(Weekday), "one of " + ", ".join(Weekday))


def read_policy(field: Field) -> Policy:
    """Read `policy.yml`. Faults are noted in `field`; the policy is of use only if there are none."""
    field.only("source", "clauses", "gaps")
    source = field.at("source")
    source.only("title", "established", "written_in", "cited_as")
    established = source.at("established")
    cited_as = source.at("cited_as")
    words = cited_as.pair(LONGEST_SHORT)
    if not all(re.fullmatch(r"[^{}]*\{number\}[^{}]*", form) for form in (words.en, words.ja) if form):
        cited_as.fault("must hold {number} once in each language, and no other braces.")
    return Policy(
        title=source.at("title").pair(),
        established=None if established.is_null else established.string(*_MONTH) or None,
        written_in=_language(source.at("written_in")),
        cited_as=words,
        clauses=tuple(_clause(entry) for entry in field.at("clauses").entries(at_least=1)),
        gaps=tuple(_gap(entry) for entry in field.at("gaps").entries()),
    )


def _language(field: Field) -> Language:
    written = field.string(*_LANGUAGE)
    return Language(written) if written in set(Language) else Language.EN


def _clause(field: Field) -> Clause:
    field.only("id", "number", "cite", "section", "intents", "lead", "topics", "text", "short", "quote", "line")
    intents = field.at("intents").strings(*_NAME, at_least=1)
    short, cite, quote = field.maybe("short"), field.maybe("cite"), field.at("quote")
    words = quote.string(longest=LONGEST_QUOTE_IN_SIGNS)
    if len(words.split()) > LONGEST_QUOTE:
        quote.fault(f"has {len(words.split())} words. Quote at most {LONGEST_QUOTE}.")
    return Clause(
        id=field.at("id").string(*_CLAUSE),
        number=field.at("number").string(*_NUMBER),
        section=field.at("section").pair(),
        intents=intents,
        lead=_lead(field.at("lead"), intents),
        topics=_topics(field.at("topics")),
        text=field.at("text").pair(),
        quote=words,
        line=field.at("line").count(),
        short=None if short.is_missing else short.pair(LONGEST_SHORT),
        cite=None if cite.is_missing else cite.pair(LONGEST_SHORT),
    )


def _lead(field: Field, intents: tuple[str, ...]) -> tuple[str, ...]:
    """Read for which intents a clause leads: all of its own (true), none (false), or those in a list."""
    if field.is_missing:
        return ()
    flag = field.flag()
    if flag is not None:
        return intents if flag else ()
    chosen = field.strings(*_NAME)
    for intent in chosen:
        if intent not in intents:
            field.fault(f"names {intent}, which is not among the clause's intents.")
    return chosen


def _topics(field: Field) -> Topics:
    field.only("en", "ja")
    return Topics(en=_phrases(field.at("en")), ja=_phrases(field.at("ja")))


def _phrases(field: Field) -> tuple[str, ...]:
    phrases = tuple(normalise(phrase) for phrase in field.strings())
    for phrase in phrases:
        if len(phrase) == 1:
            field.fault(f"holds {phrase!r}. One letter names nothing: write a word.")
    return phrases


def _gap(field: Field) -> Gap:
    field.only("id", "intents", "topics", "text", "general_rule")
    return Gap(
        id=field.at("id").string(*_CLAUSE),
        intents=field.at("intents").strings(*_NAME, at_least=1),
        topics=_topics(field.at("topics")),
        text=field.at("text").pair(),
        general_rule=_general_rule(field.maybe("general_rule")),
    )


def _general_rule(field: Field) -> bool:
    flag = field.flag()
    if flag is None and not field.is_missing:
        field.fault("must be true or false.")
    return flag is not False


def read_company(field: Field, policy: Policy) -> Company:
    """Read `company.yml`. Faults are noted in `field`; the company is of use only if there are none."""
    field.only(
        "id", "name", "aliases", "law", "timezone", "desk", "offices", "calendar", "targets", "fee", "methods",
        "items", "grounds", "identifiers",
    )  # fmt: skip
    fee = field.at("fee")
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
        fee=None if fee.is_null or fee.is_missing else fee.pair(),
        methods=field.at("methods").strings(*_NAME, at_least=1),
        items=tuple(_item(entry) for entry in field.at("items").entries(at_least=1)),
        grounds=tuple(_ground(entry) for entry in field.at("grounds").entries()),
        identifiers=field.at("identifiers").strings(*_NAME, at_least=1),
        policy=policy,
    )


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
        hours=None if hours.is_null or hours.is_missing else tuple(_opening(entry) for entry in hours.entries()),
        clause=None if clause.is_null else clause.string(*_CLAUSE) or None,
    )


def _weekdays(field: Field) -> tuple[Weekday, ...]:
    return tuple(Weekday(day) for day in field.strings(*_WEEKDAY) if day in set(Weekday))


def _opening(field: Field) -> Opening:
    field.only("days", "opens", "closes")
    opening = Opening(
        days=_weekdays(field.at("days")), opens=_hour(field.at("opens")), closes=_hour(field.at("closes"))
    )
    if opening.closes < opening.opens:
        field.fault("closes before it opens.")
    return opening


def _hour(field: Field) -> time:
    written = field.string(*_HOUR)
    return time.fromisoformat(written) if re.fullmatch(_HOUR[0], written) else time.min


def _targets(field: Field) -> Targets:
    field.only("first_touch", "decide", "done")
    return Targets(_span(field.at("first_touch")), _span(field.at("decide")), _span(field.at("done")))


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
