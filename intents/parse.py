"""What the ears heard: one message understood, or honestly not.

Knows no request, no person and no company. Everything behind this file (classifier, a Rasa NLU server)
answers with these types and nothing else.
"""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol


class Language(StrEnum):
    """The languages the desk speaks."""

    EN = "en"
    JA = "ja"


class Verdict(StrEnum):
    """What the desk may do with a parse."""

    SURE = "sure"
    """Act on `intent`."""
    UNSURE = "unsure"
    """Ask back with the likeliest meanings."""
    UNKNOWN = "unknown"
    """Nothing the desk handles was heard."""


@dataclass(frozen=True, slots=True)
class Ranked:
    """One possible meaning with its calibrated probability, 0 to 1."""

    intent: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Parse:
    """One message as the ears understood it.

    `intent` is the likeliest meaning and `confidence` its probability; `ranking` holds the likeliest meanings,
    best first, at most ten. `language` is the language the words are in, None where they have none (digits, emoji).
    """

    text: str = field(repr=False)
    language: Language | None
    intent: str | None
    confidence: float
    ranking: tuple[Ranked, ...]
    verdict: Verdict


class Ears(Protocol):
    """Whoever can understand a message: the embedded classifier or a Rasa NLU server."""

    async def parse(self, text: str, language: Language | None = None) -> Parse:
        """Understand `text`; `language` is the conversation's, used where the words show none. Never raises."""
        ...
