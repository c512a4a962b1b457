"""Makes one message of an answer: our words, each with the place in the policy where it stands; or the policy's own.

Pure: no choice of clauses, no offer of a person, no escaping for a channel. Adds no words of its own.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import assert_never

from intents.companies.clauses import Answer, Clause
from intents.companies.company import Company
from intents.parse import Language

_NUMBER = "{number}"


@dataclass(frozen=True, slots=True)
class _Marks:
    """The punctuation of a language."""

    between_sentences: str
    citation: str
    bullet: str
    heading: str
    quotation: str


def render(answer: Answer, company: Company, language: Language) -> str:
    """Write `answer` out in `language`, as plain text.

    Sentences end with their citation, "(Policy, 4.2)" or its like; neighbours from one place share it. In a
    listing each line carries its number alone, once a full citation has shown what it is. A gap is its own sentence.
    Gives "" for an empty answer.
    """
    if answer.gap is not None:
        return answer.gap.text[language]
    blocks: list[str] = []
    for (listed, place), group in groupby(answer.clauses, key=lambda clause: _kind(clause, answer, language)):
        clauses = tuple(group)
        if listed:
            bare = bool(blocks)
            lines = [_line(clause, company, language, bare=bare) for clause in clauses]
            blocks.append("\n".join(([blocks.pop()] if blocks else []) + lines))
        else:
            blocks.append(_paragraph(clauses, place, company, language))
    return "\n\n".join(blocks)


def quote(clauses: Sequence[Clause], company: Company, language: Language) -> str:
    """Write out what the source itself says in each of `clauses`, a line each: the place, then its words, marked.

    The words are in the source's language, whatever `language` the places are named in.
    """
    marks = _marks(language)
    return "\n".join(
        marks.bullet + marks.quotation.format(place=_heading(clause, company, language), words=clause.quote)
        for clause in clauses
    )


def _heading(clause: Clause, company: Company, language: Language) -> str:
    """Name the place with its section; a place that is told in words is its own heading."""
    if clause.cite is not None:
        return clause.cite[language]
    named = company.policy.cited_as[language].replace(_NUMBER, clause.number)
    return _marks(language).heading.format(place=named, section=clause.section[language])


def _kind(clause: Clause, answer: Answer, language: Language) -> tuple[bool, str]:
    """Tell what may stand together: all list lines, and sentences from one place."""
    listed = answer.listing and clause.short is not None
    return listed, "" if listed else _place(clause, language)


def _place(clause: Clause, language: Language) -> str:
    return clause.number if clause.cite is None else clause.cite[language]


def _paragraph(clauses: tuple[Clause, ...], place: str, company: Company, language: Language) -> str:
    marks = _marks(language)
    words = marks.between_sentences.join(clause.text[language] for clause in clauses)
    named = place if clauses[0].cite is not None else company.policy.cited_as[language].replace(_NUMBER, place)
    return words + marks.citation.format(named)


def _line(clause: Clause, company: Company, language: Language, *, bare: bool) -> str:
    marks = _marks(language)
    phrase = clause.text[language] if clause.short is None else clause.short[language]
    place = _place(clause, language)
    if clause.cite is None and not bare:
        place = company.policy.cited_as[language].replace(_NUMBER, place)
    return marks.bullet + phrase[:1].upper() + phrase[1:] + marks.citation.format(place)


def _marks(language: Language) -> _Marks:
    match language:
        case Language.EN:
            return _Marks(
                between_sentences=" ",
                citation=" ({})",
                bullet="• ",
                heading="{place}, {section}",
                quotation="{place}: “{words}”",
            )
        case Language.JA:
            return _Marks(
                between_sentences="",
                citation="（{}）",
                bullet="・",
                heading="{place}（{section}）",
                quotation="{place}　「{words}」",
            )
        case _:
            assert_never(language)
