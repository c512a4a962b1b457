"""Who at the company reads which request, and what of its pack keeps the desk from serving it.

A pack that loaded is sound in itself. The holes here show only against the rest: a law preset, the kinds of requests,
the desk's words, the settings. Each is a sentence that names the field and why it matters.
"""

import re
from collections.abc import Collection, Iterator

from bot.settings import EMBEDDED_STAFF_MAIL, Settings
from handlers.desk.calendars import HOLIDAYS
from handlers.desk.errors import BadSetting
from handlers.desk.requests import RequestKind
from handlers.desk.rights import Law, Method, load_law
from intents.catalogue import CATALOGUE
from intents.companies import Company, Office
from intents.companies.company import EVERYTHING

_DISCLOSING = frozenset(
    {RequestKind.DISCLOSURE, RequestKind.PROVISION_RECORDS, RequestKind.PURPOSE_NOTICE, RequestKind.PORTABILITY}
)
_NOBODYS = re.compile(r"[@.](example|test|invalid|localhost|example\.(com|net|org))$", re.IGNORECASE)
"""Endings of addresses that nobody can have (RFC 2606)."""


def office_for(company: Company, kind: RequestKind) -> Office:
    """The office that answers a kind of request; whoever handles disclosure handles all that is shown to a person."""
    return company.office_for("disclosure" if kind in _DISCLOSING else kind)


def staff_mail(company: Company, settings: Settings, kind: RequestKind) -> tuple[str, ...]:
    """Where letters about this kind of request go, the meant address first; empty where nobody is named yet.

    An office's own address in the pack wins over the setting, which then stands in where the office refuses.
    """
    office = office_for(company, kind)
    fallback = settings.staff_mail or (EMBEDDED_STAFF_MAIL if settings.is_embedded else None)
    return tuple(dict.fromkeys(each for each in (office.mail, fallback) if each is not None))


def pack_holes(company: Company, settings: Settings, *, live: bool, own: Collection[str] = ()) -> list[str]:
    """Everything in the pack that keeps the desk from serving, in sentences; it may be one that is half read.

    `live`: it is to serve customers, so that addresses that lead nowhere do not count. `own` are
    the intents that were added to the catalogue.
    """
    file = f"{company.id}/company.yml"
    law, holes = None, []
    try:
        law = load_law(company.law) if company.law else None
    except BadSetting as fault:
        holes += [f"{file}: law is {company.law!r}. {each}" for each in fault.faults]
    holes += _unknown_names(company, file, own)
    if law is not None:
        holes += _unread(company, settings, law, file, live=live)
    if live:
        holes += _nobodys_addresses(company, file)
    return holes


def _unknown_names(company: Company, file: str, own: Collection[str]) -> Iterator[str]:
    """Names in the pack that nothing in the desk answers to."""
    for office in company.offices:
        for kind in office.handles:
            if kind != EVERYTHING and kind not in set(RequestKind):
                known = ", ".join(RequestKind)
                yield (
                    f"{file}: offices[{office.id}].handles names {kind}, and no request is called so."
                    f" There are: {known}."
                )
    for method in company.methods:
        if method not in set(Method):
            yield f"{file}: methods names {method}, and the desk has no words for it. It knows {', '.join(Method)}."
    if company.calendar.holidays not in (None, *HOLIDAYS):
        yield (
            f"{file}: calendar.holidays is {company.calendar.holidays!r}, and the desk knows the public holidays of"
            f" {', '.join(HOLIDAYS)} only. Write null, and put the days into closures."
        )
    named = {intent for clause in company.policy.clauses for intent in clause.intents}
    named |= {intent for gap in company.policy.gaps for intent in gap.intents}
    named |= {intent for ground in company.grounds for intent in ground.requests}
    for intent in sorted(named - CATALOGUE - set(own)):
        yield (
            f"{company.id}: a clause, gap or ground names {intent}, and no customer's words mean that."
            " Correct the name."
        )


def _unread(company: Company, settings: Settings, law: Law, file: str, *, live: bool) -> Iterator[str]:
    """Offices whose requests nobody would read. A pack without an office for everything else told so itself."""
    if not any(EVERYTHING in office.handles for office in company.offices):
        return
    nowhere = {EMBEDDED_STAFF_MAIL} if live else set()
    homeless: dict[str, list[str]] = {}
    for kind in law.types:
        if not set(staff_mail(company, settings, kind)) - nowhere:
            homeless.setdefault(office_for(company, kind).id, []).append(kind.replace("_", " "))
    for office, kinds in homeless.items():
        yield (
            f"Nobody would read requests of these kinds ({', '.join(kinds)}):"
            f" in {file}, offices[{office}].mail is null, and MADOGUCHI_STAFF_MAIL is not set. They would be filed,"
            " and their deadlines would run, and no person would know. Fill in the office's address, or set"
            " MADOGUCHI_STAFF_MAIL to a mailbox that staff read every working day."
        )


def _nobodys_addresses(company: Company, file: str) -> Iterator[str]:
    for office in company.offices:
        if office.mail is not None and _NOBODYS.search(office.mail):
            yield (
                f"{file}: offices[{office.id}].mail is {office.mail}, an address that stands in examples and that"
                " nobody has. Write the office's own."
            )
