"""The parts of a law preset: what a type of request asks, tells and costs, its grounds, limits and refusals.

Not here: the law as a whole, and where presets are read (`rights`).
"""

from datetime import date
from enum import StrEnum
from typing import Annotated, Any, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, field_validator, model_validator

from handlers.desk.assurance import Proof, read_need

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


class Part(BaseModel):
    """A part of a preset: it never changes, and what it does not know is a fault."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Words(Part):
    """The same words in each language."""

    en: Text
    ja: Text

    def of(self, language: str) -> str:
        """The words in `language`; English for a language that is not there."""
        return self.ja if language == "ja" else self.en


class Limit(Part):
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


class Extension(Part):
    """How the law lets an answer take longer. The reason is always told to the person."""

    article: Text
    length: Limit
    times: Count = 1
    tell_within: Limit | None = None
    """Counted from arrival; None where it must only be told before the answer is due."""


class Ground(Part):
    """A reason that the law knows for a request, with its article and its plain words."""

    article: Text
    text: Words


class Refusal(Part):
    """A reason for which the law lets a company say no, to all of a request or to a part."""

    article: Text | None
    text: Words
    says: Says = Says.REFUSED
    needs_facts: bool = False
    """Whether staff must write down the facts that bear it out."""
    substitute: bool = False
    """Whether it holds only together with a measure that takes the place of what was asked."""


class GeneralRule(Part):
    """What the law says in general to a question on which a company's policy is silent."""

    article: Text
    text: Words


def _read_proof(value: Any) -> Any:
    return None if value is None else read_need(value)


def _each_once(value: tuple[Any, ...]) -> tuple[Any, ...]:
    if len(set(value)) < len(value):
        raise ValueError("names something twice; leave each name in once")
    return value


class Right(Part):
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
