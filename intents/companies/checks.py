"""Whether the parts of a pack fit together, a sentence per fault.

What single values look like stands in `reading_*`. Values that were faulty there are empty here, and passed over.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import pairwise

from intents.companies.company import EVERYTHING, Calendar, Company, Fee, Ground, Item, Office, Weekday
from intents.companies.policy import MOST_CLAUSES, Policy
from intents.parse import Language

QUESTIONS = (
    "ask_data_collected",
    "ask_collection_method",
    "ask_purposes",
    "ask_third_parties",
    "ask_joint_use",
    "ask_outsourcing",
    "ask_security",
    "ask_external_services",
    "ask_analytics_ads",
    "ask_retention",
    "ask_policy_changes",
    "ask_exceptions",
    "ask_procedure",
    "ask_verification",
    "ask_fees",
    "ask_response_time",
    "ask_representative",
    "ask_contact",
)
"""What customers ask of any policy. Each needs an answer, or a gap that says the policy is silent."""


def check_policy(policy: Policy) -> Iterator[str]:
    """Find what keeps a policy from answering: ids used twice, questions without an answer, answers too long."""
    for twice in _twice([*(clause.id for clause in policy.clauses), *(gap.id for gap in policy.gaps)]):
        yield f"the id {twice} stands twice. Give each clause and gap its own."
    if not policy.clauses:
        return
    leads = Counter(intent for clause in policy.clauses for intent in clause.lead)
    silent = {intent for gap in policy.gaps for intent in gap.intents}
    for intent in QUESTIONS:
        if intent not in leads and intent not in silent:
            yield f"nothing answers {intent}. Add a clause that leads for it, or a gap."
    for intent, count in leads.items():
        if count > MOST_CLAUSES:
            yield f"{count} clauses lead for {intent}. At most {MOST_CLAUSES} fit one message."


def check_company(company: Company, folder: str) -> Iterator[str]:
    """Find what in `company.yml` names something that is not there, or that stands twice."""
    if company.id and company.id != folder:
        yield f"id is {company.id!r}, but the folder is named {folder!r}. Name both alike."
    catch_all = [office for office in company.offices if EVERYTHING in office.handles]
    if company.offices and len(catch_all) != 1:
        yield f'offices: {len(catch_all)} of them handle "*". Exactly one office must take everything else.'
    for twice in _twice([kind for office in company.offices for kind in office.handles if kind != EVERYTHING]):
        yield f"offices: {twice} is handled by more than one office."
    named: dict[str, tuple[Office | Item | Ground, ...]] = {
        "offices": company.offices,
        "items": company.items,
        "grounds": company.grounds,
    }
    for name, parts in named.items():
        for twice in _twice([part.id for part in parts]):
            yield f"{name}: the id {twice} stands twice."
        for part in parts:
            yield from _check_clause(f"{name}[{part.id}].clause", part.clause, company.policy)
    if company.calendar.clause is not None:
        yield from _check_clause("calendar.clause", company.calendar.clause, company.policy)
    yield from _check_hours(company.calendar)
    if company.fee is not None:
        yield from _check_fee(company.fee, company.policy)


def _check_hours(calendar: Calendar) -> Iterator[str]:
    """Find opening blocks that no clock can follow: two at once, or one on a day that is closed."""
    if set(calendar.weekly_closed) == set(Weekday):
        yield "calendar.weekly_closed names all seven days, so nobody would ever be at the desk."
    for day in Weekday:
        blocks = sorted((each.opens, each.closes) for each in calendar.hours or () if day in each.days)
        if blocks and day in calendar.weekly_closed:
            yield f"calendar.hours opens the desk on {day}, which weekly_closed closes. Keep one of them."
        for (_, closes), (opens, _) in pairwise(blocks):
            if opens < closes:
                yield f"calendar.hours has two blocks on {day} that overlap at {opens:%H:%M}. Part or join them."


def _check_fee(fee: Fee, policy: Policy) -> Iterator[str]:
    """Find a fee whose words name another amount, or a clause that is not there."""
    for language in Language:
        named = {int(number.replace(",", "")) for number in re.findall(r"\d[\d,]*", fee.words[language])}
        if fee.words[language] and fee.amount not in named:
            yield f"fee.words.{language} does not name the amount {fee.amount}."
    if fee.clause is not None:
        yield from _check_clause("fee.clause", fee.clause, policy)


def _check_clause(name: str, clause_id: str, policy: Policy) -> Iterator[str]:
    if clause_id and clause_id not in {clause.id for clause in policy.clauses}:
        yield f"{name} names {clause_id}, which policy.yml does not have."


def _twice(names: Iterable[str]) -> list[str]:
    return [name for name, count in Counter(names).items() if name and count > 1]
