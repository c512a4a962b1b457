"""Finds what a policy says about a question: the clause that is named, the short answer, or the gap.

The rule, in order: clauses of the intent that the customer names; a gap of the intent that they name; the intent's
lead clauses; the intent's gap. Without an intent, or for one that the policy does not serve, only what is named.
Pure: the same words always find the same clauses.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

from intents.companies.clauses import Answer, Clause, Gap, Text
from intents.companies.words import find, normalise, outermost
from intents.parse import Language

MOST_CLAUSES = 8
"""More than this does not fit a phone."""
LISTED_FROM = 3
"""From so many clauses with a short phrase on, an answer reads better as a list."""

Entry: TypeAlias = Clause | Gap


@dataclass(frozen=True, slots=True)
class Policy:
    """A company's policy as numbered clauses and known gaps.

    `established` is the year and month it was established ("2022-04"), None where the source names no date.
    `written_in` is the source's own language, in which it is quoted.
    `cited_as` is how a place in it is cited, with `{number}` for the clause's number.
    """

    title: Text
    established: str | None
    written_in: Language
    cited_as: Text
    clauses: tuple[Clause, ...]
    gaps: tuple[Gap, ...]

    def clause(self, clause_id: str) -> Clause:
        """Give the clause with this id. Raises LookupError if there is none."""
        for clause in self.clauses:
            if clause.id == clause_id:
                return clause
        raise LookupError(clause_id)

    def cited(self, clause_ids: Sequence[str]) -> tuple[Clause, ...]:
        """Give the clauses with these ids, in the policy's order; an id that is gone by now is passed over."""
        return tuple(clause for clause in self.clauses if clause.id in clause_ids)

    def answer(self, intent: str | None, text: str, language: Language) -> Answer:
        """Find what the policy has on `text`, heard as `intent` in `language`.

        Gives at most eight clauses, or one gap, or an empty answer. Never raises, whatever the text holds.
        """
        words = normalise(text)
        clauses = tuple(clause for clause in self.clauses if intent in clause.intents)
        gaps = tuple(gap for gap in self.gaps if intent in gap.intents)
        if not clauses and not gaps:
            return self._named_anywhere(words, language)
        named = _named((*clauses, *gaps), words, language)
        return (
            _answer([clause for clause in clauses if clause.id in named])
            or Answer(gap=next((gap for gap in gaps if gap.id in named), None))
            or _answer([clause for clause in clauses if intent in clause.lead])
            or Answer(gap=next(iter(gaps), None))
        )

    def _named_anywhere(self, words: str, language: Language) -> Answer:
        """Find what is named most exactly in the whole policy: without an intent a passing word is no question."""
        named = _named((*self.clauses, *self.gaps), words, language)
        longest = max(named.values(), default=0)
        exact = {entry_id for entry_id, length in named.items() if length == longest}
        return _answer([clause for clause in self.clauses if clause.id in exact]) or Answer(
            gap=next((gap for gap in self.gaps if gap.id in exact), None)
        )


def _named(entries: Sequence[Entry], words: str, language: Language) -> dict[str, int]:
    """Give the ids of the entries that `words` name, each with the length of its longest topic there.

    Topics of the conversation's language go first; those of the others count where it names nothing, since people
    mix languages.
    """
    for tried in (language, *(other for other in Language if other is not language)):
        found = {entry.id: find(entry.topics[tried], words) for entry in entries}
        kept = outermost([match for places in found.values() for match in places])
        named = {
            entry_id: max(match.length for match in kept.intersection(places))
            for entry_id, places in found.items()
            if not kept.isdisjoint(places)
        }
        if named:
            return named
    return {}


def _answer(clauses: Sequence[Clause]) -> Answer:
    chosen = tuple(clauses[:MOST_CLAUSES])
    return Answer(clauses=chosen, listing=sum(clause.short is not None for clause in chosen) >= LISTED_FROM)
