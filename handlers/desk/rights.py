"""The law as data: which request stands on which article, on which grounds, with which proof, clocks and refusals.

Presets are the YAML files in `laws/`; one schema reads them all (its parts are `law_schema`) and answers with a
sentence for each fault (`faults`). No article number stands in code, and a law need not know every kind of request.
"""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Annotated

import yaml
from pydantic import StringConstraints, ValidationError, field_validator

from handlers.desk.articles import article_ja
from handlers.desk.errors import BadSetting, NoSuchRight
from handlers.desk.faults import sentences, unreadable
from handlers.desk.law_schema import (
    Ask,
    Extension,
    Fee,
    GeneralRule,
    Ground,
    LegalLimit,
    Limit,
    Method,
    Part,
    Refusal,
    Right,
    Says,
    Tell,
    Text,
    Words,
)
from handlers.desk.requests import RequestKind

__all__ = [
    "EVERY_LAW_HAS",
    "LAWS",
    "Ask",
    "Extension",
    "Fee",
    "GeneralRule",
    "Ground",
    "Law",
    "LegalLimit",
    "Limit",
    "Method",
    "Refusal",
    "Right",
    "Says",
    "Tell",
    "Words",
    "load_law",
]

LAWS = Path(__file__).parent / "laws"
EVERY_LAW_HAS = frozenset({RequestKind.COMPLAINT, RequestKind.INCIDENT, RequestKind.INQUIRY})
"""What anybody may bring to any desk, whatever its law."""


class Law(Part):
    """One law preset. `types` holds a right for each kind of request that the law knows."""

    id: Text
    valid_from: date
    name: Words
    citation: Words
    """How an article is written in a sentence; `{article}` stands for it."""
    acknowledge: LegalLimit | None = None
    """By when the person must be told that the request has come."""
    answer: LegalLimit | None
    """By when the person must have the answer; None where the law says no number, only `answer_wording`."""
    answer_wording: Words
    extension: Extension | None = None
    legal_mark: LegalLimit | None = None
    """The law's own mark where it has no answer limit."""
    remedies: Words
    """Where a person can turn who does not agree."""
    general: dict[Annotated[str, StringConstraints(pattern=r"^ask_[a-z_]+$")], GeneralRule]
    """By the name of the question's intent."""
    refusals: dict[str, Refusal]
    instead: dict[RequestKind, RequestKind]
    """Which of its kinds takes the place of one that it does not know."""
    types: dict[RequestKind, Right]

    @field_validator("types")
    @classmethod
    def _has_the_least(cls, value: dict[RequestKind, Right]) -> dict[RequestKind, Right]:
        missing = [kind for kind in RequestKind if kind in EVERY_LAW_HAS - set(value)]
        if missing:
            raise ValueError(f"says nothing about {', '.join(missing)}; every law has it, so add it")
        return value

    @field_validator("citation")
    @classmethod
    def _cites(cls, value: Words) -> Words:
        if any("{article}" not in words for words in (value.en, value.ja)):
            raise ValueError("must hold {article} in each language, where the number goes")
        return value

    def has(self, kind: RequestKind) -> bool:
        """Whether the law knows this kind of request."""
        return kind in self.types

    def right(self, kind: RequestKind) -> Right:
        """The right behind a kind of request. Raises NoSuchRight where the law does not know it."""
        if kind not in self.types:
            raise NoSuchRight(self.id, kind)
        return self.types[kind]

    def closest(self, kind: RequestKind) -> RequestKind:
        """The kind itself where the law knows it, else what takes its place: an inquiry if nothing else does."""
        return kind if self.has(kind) else self.instead.get(kind, RequestKind.INQUIRY)

    def answer_of(self, kind: RequestKind) -> LegalLimit | None:
        """By when the person must have the answer to this kind; None where the law says no number."""
        right = self.right(kind)
        return (right.answer or self.answer) if right.legal_mark else None

    def mark_of(self, kind: RequestKind) -> LegalLimit | None:
        """What the law's clock counts for this kind: its answer limit, or else the law's own mark."""
        return self.answer_of(kind) or (self.legal_mark if self.right(kind).legal_mark else None)

    def acknowledge_of(self, kind: RequestKind) -> LegalLimit | None:
        """By when the law wants the arrival of this kind acknowledged; None where it does not."""
        return self.acknowledge if self._follows_the_law(kind) else None

    def extension_of(self, kind: RequestKind) -> Extension | None:
        """How the answer to this kind may be put off; None where it may not."""
        return self.extension if self._follows_the_law(kind) else None

    def cite(self, article: str, language: str) -> str:
        """An article as a sentence in `language` names it."""
        return self.citation.of(language).format(article=article_ja(article) if language == "ja" else article)

    def _follows_the_law(self, kind: RequestKind) -> bool:
        right = self.right(kind)
        return right.legal_mark and right.answer is None


def _misfits(law: Law) -> Iterator[str]:
    """What single lines cannot show: names that lead nowhere, clocks that contradict each other."""
    if law.answer is not None and law.legal_mark is not None:
        yield "legal_mark: cannot stand beside answer, whose limit is the law's mark; leave legal_mark out"
    if law.answer is None and law.extension is not None:
        yield "extension: has no answer limit that it could extend; leave it out or add answer"
    for kind, right in law.types.items():
        unknown = [name for name in right.refusals if name not in law.refusals]
        if unknown:
            yield f"types.{kind}.refusals: names {', '.join(unknown)}, which refusals lacks; add or correct it"
        if right.legal_mark and law.mark_of(kind) is None:
            yield f"types.{kind}.legal_mark: is true, and there is no answer and no legal_mark to count; add one"
    for absent, present in law.instead.items():
        if absent in law.types or present not in law.types:
            yield f"instead.{absent}: must lead from a kind that types lacks to one that it has; correct it"


def load_law(preset: str) -> Law:
    """Read the preset named `preset` from `laws/`.

    Raises:
        BadSetting: no such preset, or a fault in it; a sentence for each.
    """
    path = LAWS / f"{preset}.yml"
    if not path.is_file():
        known = ", ".join(sorted(each.stem for each in LAWS.glob("*.yml")))
        raise BadSetting([f"There is no law preset called {preset!r}. Known presets: {known}."])
    try:
        law = Law.model_validate(yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader))
    except (yaml.YAMLError, UnicodeDecodeError) as fault:
        raise BadSetting([unreadable(path.name, fault)]) from fault
    except ValidationError as fault:
        raise BadSetting(sentences(path.name, fault)) from fault
    if misfits := [f"{path.name}, {each}." for each in _misfits(law)]:
        raise BadSetting(misfits)
    return law
