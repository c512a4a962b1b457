"""Finds which topics a customer's words name. Knows letters, not meaning: no clause, no intent.

Topics in Latin letters match as whole words, Japanese ones anywhere, since Japanese writes no spaces. Of two topics in
the same place the longer one counts: who writes "e-mail magazine" does not name "e-mail".
"""

import unicodedata
from collections.abc import Iterator, Sequence
from typing import NamedTuple

LONGEST_READ = 4096
"""As long as a Telegram message can be. A topic further on is not looked for."""

_ALIKE = str.maketrans({"\u2019": "'", "\u2018": "'", "\u2010": "-", "\u2011": "-", "\u2012": "-", "\u2013": "-"})
_LAST_LATIN = "\u024f"


class Match(NamedTuple):
    """Where a topic stands in the normalised text."""

    start: int
    end: int

    @property
    def length(self) -> int:
        """Count the characters."""
        return self.end - self.start

    def inside(self, other: "Match") -> bool:
        """Tell whether `other` covers this match and is longer."""
        return other.start <= self.start and self.end <= other.end and other.length > self.length


def normalise(text: str) -> str:
    """Make spellings comparable: NFKC, casefold, one kind of hyphen and apostrophe, "email", single spaces.

    Invisible characters are dropped. Takes any string, also with lone surrogates; never raises.
    """
    folded = unicodedata.normalize("NFKC", text[:LONGEST_READ]).casefold().translate(_ALIKE)
    visible = "".join(letter for letter in folded if unicodedata.category(letter) != "Cf")
    return " ".join(visible.replace("e-mail", "email").split())


def find(topics: Sequence[str], text: str) -> list[Match]:
    """Find every place in the normalised `text` where one of the normalised `topics` stands."""
    return [match for topic in topics for match in _places(topic, text) if _stands_alone(match, text)]


def outermost(matches: Sequence[Match]) -> set[Match]:
    """Leave out each match that lies inside a longer one."""
    return {match for match in matches if not any(match.inside(other) for other in matches)}


def _places(topic: str, text: str) -> Iterator[Match]:
    start = text.find(topic)
    while start >= 0:
        yield Match(start, start + len(topic))
        start = text.find(topic, start + 1)


def _stands_alone(match: Match, text: str) -> bool:
    """Tell whether no word goes on at either end; only between two Latin letters can one."""
    runs_in = match.start > 0 and _is_latin(text[match.start - 1]) and _is_latin(text[match.start])
    runs_on = match.end < len(text) and _is_latin(text[match.end - 1]) and _is_latin(text[match.end])
    return not runs_in and not runs_on


def _is_latin(letter: str) -> bool:
    """Tell whether a word in Latin letters can hold `letter`; a kana beside "SSL" ends the word."""
    return letter.isalnum() and letter <= _LAST_LATIN
