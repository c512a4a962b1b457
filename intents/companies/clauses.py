"""What one piece of a policy is: a clause that says something, or a gap where the policy is silent.

Values only: nothing here searches, reads a file or renders.
"""

from dataclasses import dataclass
from typing import assert_never

from intents.parse import Language


@dataclass(frozen=True, slots=True)
class Text:
    """The same words in every language of the desk."""

    en: str
    ja: str

    def __getitem__(self, language: Language) -> str:
        """Give the words in `language`."""
        match language:
            case Language.EN:
                return self.en
            case Language.JA:
                return self.ja
            case _:
                assert_never(language)


@dataclass(frozen=True, slots=True)
class Topics:
    """The words and phrases by which a customer names exactly this clause or gap, normalised."""

    en: tuple[str, ...]
    ja: tuple[str, ...]

    def __getitem__(self, language: Language) -> tuple[str, ...]:
        """Give the topics of `language`."""
        match language:
            case Language.EN:
                return self.en
            case Language.JA:
                return self.ja
            case _:
                assert_never(language)


@dataclass(frozen=True, slots=True)
class Clause:
    """One thing that the policy says.

    `number` is the place as cited ("2.2.3"); clauses that stand in one sentence of the source share it. `cite`, where
    present, is said instead of the number (for a place without one, as an opening). `intents` are the questions it
    serves, `lead` those of them whose short answer it belongs to. `text` is our wording; `short` the phrase that
    stands for it in a list; `quote` and `line` show where the source says it.
    """

    id: str
    number: str
    section: Text
    intents: tuple[str, ...]
    lead: tuple[str, ...]
    topics: Topics
    text: Text
    quote: str
    line: int
    short: Text | None = None
    cite: Text | None = None


@dataclass(frozen=True, slots=True)
class Gap:
    """One thing that customers ask and the policy does not say. `text` tells them so and promises nothing.

    It is about the first of its `intents`. `general_rule` is False where the law's general rule on that intent would
    miss the point of this gap.
    """

    id: str
    intents: tuple[str, ...]
    topics: Topics
    text: Text
    general_rule: bool = True


@dataclass(frozen=True, slots=True)
class Answer:
    """What a policy has on a question: clauses, or the gap where it is silent, or neither.

    `listing` says that the clauses with a `short` phrase read better as list lines than as sentences.
    """

    clauses: tuple[Clause, ...] = ()
    gap: Gap | None = None
    listing: bool = False

    def __bool__(self) -> bool:
        """Tell whether there is anything to say."""
        return bool(self.clauses) or self.gap is not None
