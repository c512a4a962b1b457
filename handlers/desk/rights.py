"""The law as data: which request stands on which article, on which grounds, with which proof, clocks and refusals.

Presets are the YAML files in `laws/`; one schema reads them all and answers with a sentence for each fault
(`faults`). No article number stands in code, and a law need not know every kind of request.
"""

from collections.abc import Iterator
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Self

import yaml
from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
    field_validator,
    model_validator,
)

from handlers.desk.articles import article_ja
from handlers.desk.assurance import Proof, read_need
from handlers.desk.errors import BadSetting, NoSuchRight
from handlers.desk.faults import sentences
from handlers.desk.requests import RequestKind

LAWS = Path(__file__).parent / "laws"
EVERY_LAW_HAS = frozenset({RequestKind.COMPLAINT, RequestKind.INCIDENT, RequestKind.INQUIRY})
"""What anybody may bring to any desk, whatever its law."""

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Count = Annotated[int, Field(strict=True, ge=1)]


class Fee(StrEnum):
    """Whether the law lets the company ask for a fee."""

    ALLOWED = "allowed"
    NEVER = "never"


class Ask(StrEnum):
    """What a type of request must ask the person."""

    SCOPE = "scope"
    """Which of their data, which newsletter, which consent."""
    METHOD = "method"
    ITEM = "item"
    NOW = "now"
    SHOULD_BE = "should_be"
    REASON = "reason"
    GROUND = "ground"
    STORY = "story"


class Tell(StrEnum):
    """What a type of request must tell the person in the end, whichever of them is the case."""

    DONE = "done"
    DONE_WITH_CONTENT = "done_with_content"
    """Done, and what was changed."""
    NOT_DONE = "not_done"
    DECISION_NOT_TO_NOTIFY = "decision_not_to_notify"
    NO_DATA = "no_data"
    METHOD_DIFFICULT = "method_difficult"


class Method(StrEnum):
    """A way in which data may be handed over."""

    ELECTRONIC = "electronic"
    PAPER = "paper"
    OTHER = "other"


class Says(StrEnum):
    """What a refusal amounts to."""

    REFUSED = "refused"
    NO_DATA = "no_data"
    METHOD_DIFFICULT = "method_difficult"
    IDENTITY = "identity"
    AGENT = "agent"


class _Data(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Words(_Data):
    """The same words in each language."""

    en: Text
    ja: Text

    def of(self, language: str) -> str:
        """The words in `language`; English for a language that is not there."""
        return self.ja if language == "ja" else self.en


class Limit(_Data):
    """A length of time: exactly one of calendar days, calendar months, business days."""

    days: Count | None = None
    months: Count | None = None
    business_days: Count | None = None

    @model_validator(mode="after")
    def _is_one(self) -> Self:
        if sum(each is not None for each in (self.days, self.months, self.business_days)) != 1:
            raise ValueError("needs exactly one of days, months and business_days")
        return self


class LegalLimit(Limit):
    """A length of time that an article sets."""

    article: Text


class Extension(_Data):
    """How the law lets an answer take longer. The reason is always told to the person."""

    article: Text
    length: Limit
    times: Count = 1
    tell_within: Limit | None = None
    """Counted from arrival; None where it must only be told before the answer is due."""


class Ground(_Data):
    """A reason that the law knows for a request, with its article and its plain words."""

    article: Text
    text: Words


class Refusal(_Data):
    """A reason for which the law lets a company say no, to all of a request or to a part."""

    article: Text | None
    text: Words
    says: Says = Says.REFUSED
    needs_facts: bool = False
    """Whether staff must write down the facts that bear it out."""
    substitute: bool = False
    """Whether it holds only together with a measure that takes the place of what was asked."""


class GeneralRule(_Data):
    """What the law says in general to a question on which a company's policy is silent."""

    article: Text
    text: Words


def _read_proof(value: Any) -> Any:
    return None if value is None else read_need(value)


def _each_once(value: tuple[Any, ...]) -> tuple[Any, ...]:
    if len(set(value)) < len(value):
        raise ValueError("names something twice; leave each name in once")
    return value


class Right(_Data):
    """One type of request as a law has it."""

    article: Text | None
    name: Words
    fee: Fee
    proof: tuple[frozenset[Proof], ...]
    contact_proof: tuple[frozenset[Proof], ...] | None = None
    legal_mark: bool
    """Whether the law's clock counts for it."""
    answer: LegalLimit | None = None
    """A limit of its own instead of the law's; it is neither acknowledged nor extended by the law's rules then."""
    asks: Annotated[tuple[Ask, ...], AfterValidator(_each_once)]
    tells: Annotated[tuple[Tell, ...], AfterValidator(_each_once)]
    grounds: dict[str, Ground] = {}
    methods: Annotated[tuple[Method, ...], AfterValidator(_each_once)] = ()
    refusals: Annotated[tuple[str, ...], AfterValidator(_each_once)] = ()
    """Which refusals of the law's catalogue may be used."""
    partial: bool = False
    """Whether it can be done for a part of what was asked."""
    finding: bool = False
    """Whether what was found must be on record before the decision."""
    four_eyes: bool = False
    """Whether doing it takes two members of staff. Refusing always does."""
    valid_from: date | None = None
    """Where it is not the law's own day."""

    _proofs = field_validator("proof", "contact_proof", mode="before")(_read_proof)

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if self.ground_asked and not self.grounds:
            raise ValueError("asks for a ground and lists none under grounds")
        if (Ask.METHOD in self.asks) != bool(self.methods):
            raise ValueError("asks for a method exactly where methods lists some")
        if self.answer is not None and not self.legal_mark:
            raise ValueError("has an answer limit, so legal_mark must be true")
        return self

    @property
    def ground_asked(self) -> bool:
        """Whether the person must say on which ground."""
        return Ask.GROUND in self.asks


class Law(_Data):
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
    general: dict[Annotated[str, StringConstraints(pattern=r"^ask_[a-z_]+$")], GeneralRule] = {}
    """By the name of the question's intent."""
    refusals: dict[str, Refusal]
    instead: dict[RequestKind, RequestKind] = {}
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

    def mark_of(self, kind: RequestKind) -> LegalLimit | None:
        """What the law's clock counts for this kind: its answer limit, or else the law's own mark."""
        right = self.right(kind)
        return (right.answer or self.answer or self.legal_mark) if right.legal_mark else None

    def acknowledge_of(self, kind: RequestKind) -> LegalLimit | None:
        """By when the law wants the arrival of this kind acknowledged; None where it does not."""
        return self.acknowledge if self._follows_the_law(kind) else None

    def extension_of(self, kind: RequestKind) -> Extension | None:
        """How the answer to this kind may be put off; None where it may not."""
        return self.extension if self._follows_the_law(kind) else None

    def refusals_of(self, kind: RequestKind) -> dict[str, Refusal]:
        """The reasons for which this kind may be refused, by their names, in the preset's order."""
        return {name: self.refusals[name] for name in self.right(kind).refusals}

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
        law = Law.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
    except (yaml.YAMLError, UnicodeDecodeError) as fault:
        raise BadSetting([f"{path.name} is not readable YAML: {fault}"]) from fault
    except ValidationError as fault:
        raise BadSetting(sentences(path.name, fault)) from fault
    if misfits := [f"{path.name}, {each}." for each in _misfits(law)]:
        raise BadSetting(misfits)
    return law
