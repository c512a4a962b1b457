"""The desk's own family of errors. They carry ids and enum members, never a person's words.

DeskError
├── NotFound         what was asked for is not there, or not for this actor (told alike)
├── NotAllowed       a step that may not be done: no such step from here, or something stands in its way
│   └── NoSuchRight  the law does not know this kind of request
├── CannotExtend     the law's clock cannot be put off
└── BadSetting       a law preset or a company pack cannot serve; holds a sentence for each fault
"""

from collections.abc import Sequence
from enum import StrEnum


class DeskError(Exception):
    """Anything that the desk itself refuses."""


class NotFound(DeskError):
    """The thing is absent, or the actor may not know of it. Both look the same from outside."""


class Why(StrEnum):
    """What stands in a step's way."""

    STATUS = "status"
    """The life of a request has no such step from here."""
    HANDS = "hands"
    """It has, but not for this kind of actor."""
    SAME_PERSON = "same_person"
    """A second member of staff has to do it, not the one who proposed it."""
    PROOF = "proof"
    """Who is asking is not proved as this kind of request needs."""
    FINDING = "finding"
    """Nothing is on record of what was found."""
    REASON = "reason"
    """The law's catalogue has no such reason for this kind of request."""
    FACTS = "facts"
    """This reason needs the facts that bear it out."""
    SUBSTITUTE = "substitute"
    """This reason holds only with a measure in the place of what was asked."""
    ITEMS = "items"
    """Each item has to be decided exactly once."""
    PARTIAL = "partial"
    """This kind of request is decided as a whole."""
    WORDS = "words"
    """It needs words, and there are none."""
    CONTENT = "content"
    """What is handed over does not go into a message."""
    TWICE = "twice"
    """It can be done once, and it was."""
    DATE = "date"
    """The date is not after the one that stands, or further off than the law or the company allows."""
    TOO_LATE = "too_late"
    TOO_EARLY = "too_early"
    NOT_ASKED = "not_asked"
    """Nothing was asked that could be answered."""


class NotAllowed(DeskError):
    """A step that may not be done; `why` says what stands in its way."""

    def __init__(self, status: str, step: str, why: Why = Why.STATUS) -> None:
        super().__init__(f"no step {step} from status {status}" + ("" if why is Why.STATUS else f" ({why})"))
        self.status = status
        self.step = step
        self.why = why


class NoSuchRight(NotAllowed):
    """The law preset does not know this kind of request, so none can be filed."""

    def __init__(self, law: str, kind: str) -> None:
        super().__init__("none", "file")
        self.args = (f"{law} knows no {kind}",)
        self.law = law
        self.kind = kind


class NoExtension(StrEnum):
    """Why the law's clock cannot be put off."""

    NONE_IN_LAW = "none_in_law"
    USED_UP = "used_up"
    TOO_LATE = "too_late"
    """The person had to be told of it earlier."""


class CannotExtend(DeskError):
    """The law's clock of this request cannot be put off; `why` says for which reason."""

    def __init__(self, why: NoExtension) -> None:
        super().__init__(f"no extension: {why}")
        self.why = why


class BadSetting(DeskError):
    """Data that the desk runs on is faulty; `faults` says where and why, a sentence each."""

    def __init__(self, faults: Sequence[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = tuple(faults)
