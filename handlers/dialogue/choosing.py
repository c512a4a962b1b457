"""Which of the offered choices a person typed: by number, by label, or by words that only one of them has."""

import re
from collections.abc import Mapping, Sequence

from handlers.dialogue.hearing import plain

Offered = Sequence[tuple[str, str]]
"""(label, payload) in the order shown."""
MOST_NUMBER = 2
"""Digits that a choice's number may have: what has more is an answer of its own."""


def exact(text: str, offered: Offered) -> tuple[str, str] | None:
    """The choice whose number, label or payload was typed."""
    typed = plain(text)
    if typed.isdecimal() and typed.isascii() and len(typed) <= MOST_NUMBER and 1 <= int(typed) <= len(offered):
        return offered[int(typed) - 1]
    return next((each for each in offered if typed and typed in {plain(each[0]), plain(each[1])}), None)


def loose(text: str, offered: Offered, also: Mapping[str, Sequence[str]]) -> tuple[str, str] | None:
    """The only choice that shares its label or a further word of its own with the text."""
    typed = plain(text)
    if len(typed) < MOST_NUMBER:
        return None
    hits = {
        payload: (label, payload)
        for label, payload in offered
        if _named(typed, plain(label)) or any(_named(word, typed) for word in (plain(label), *also.get(payload, ())))
    }
    return hits.popitem()[1] if len(hits) == 1 else None


def pick(text: str, offered: Offered) -> str | None:
    """The payload of the choice that was typed, exactly or loosely."""
    chosen = exact(text, offered) or loose(text, offered, {})
    return chosen[1] if chosen else None


def names(words: Sequence[str], text: str) -> bool:
    """Whether one of `words` stands in the text."""
    return any(_named(word, plain(text)) for word in words)


def _named(word: str, text: str) -> bool:
    if word.isascii():
        return re.search(rf"(?<![a-z]){re.escape(word)}(?![a-z])", text) is not None
    return word in text
