"""Makes a policy of the fields of `policy.yml`: what each field must look like, and nothing more.

Faults are noted in the fields. Whether values fit together (an id stands once) stands in `checks`.
"""

import re
from typing import Final

from intents.companies.clauses import Clause, Gap, Topics
from intents.companies.fields import Field
from intents.companies.policy import Policy
from intents.companies.words import normalise
from intents.parse import Language

LONGEST_SHORT: Final = 80
LONGEST_QUOTE: Final = 15
LONGEST_QUOTE_IN_SIGNS: Final = 100
"""For a source without spaces between its words, as Japanese is."""

_NAME = (r"[a-z][a-z0-9_]*", "an intent such as ask_fees")
_CLAUSE = (r"[A-Z][A-Za-z0-9-]*", "the id of a clause such as S14")
_NUMBER = (r"[A-Z0-9]+(\.[0-9]+)*", 'a number such as "2.2"')
_MONTH = (r"[0-9]{4}-(0[1-9]|1[0-2])", 'a year and month such as "2022-04"')
_LANGUAGE = ("|".join(Language), "one of " + ", ".join(Language))


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
