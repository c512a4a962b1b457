"""The desk's own family of errors. They carry ids and enum members, never a person's words.

DeskError
├── NotFound         what was asked for is not there, or not for this actor (told alike)
├── NotAllowed       the life of a request has no such step from here
│   ├── NoSuchRight  the law does not know this kind of request
│   └── CannotExtend the law's clock cannot be put off
└── BadSetting       a law preset or a company pack cannot serve; holds a sentence for each fault
"""

from collections.abc import Sequence
from enum import StrEnum


class DeskError(Exception):
    """Anything that the desk itself refuses."""


class NotFound(DeskError):
    """The thing is absent, or the actor may not know of it. Both look the same from outside."""


class NotAllowed(DeskError):
    """No such step from this status, or not by this actor."""

    def __init__(self, status: str, step: str) -> None:
        super().__init__(f"no step {step} from status {status}")
        self.status = status
        self.step = step


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


class CannotExtend(NotAllowed):
    """The law's clock of this request cannot be put off; `why` says for which reason."""

    def __init__(self, why: NoExtension) -> None:
        super().__init__(why, "extend")
        self.why = why


class BadSetting(DeskError):
    """Data that the desk runs on is faulty; `faults` says where and why, a sentence each."""

    def __init__(self, faults: Sequence[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = tuple(faults)
