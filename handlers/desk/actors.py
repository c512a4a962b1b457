"""Who does a step: a customer in a conversation, a member of staff, or the clock."""

from dataclasses import dataclass
from enum import StrEnum


class ActorKind(StrEnum):
    """The kinds of hands that may move a request."""

    CUSTOMER = "customer"
    STAFF = "staff"
    CLOCK = "clock"


@dataclass(frozen=True, slots=True)
class Actor:
    """One pair of hands. `id` is a conversation's id for customers and a staff id for staff."""

    kind: ActorKind
    id: str
