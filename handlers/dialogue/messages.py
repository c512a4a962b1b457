"""What comes in from a door and what goes back to it: the only words that doors and the talk share."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from enum import StrEnum

from intents.parse import Language

MAX_TEXT = 8000
"""Signs of one message that are read; Telegram itself sends 4096 at most."""


class Event(StrEnum):
    """What a customer did, where it was not to write or to choose."""

    EDITED = "edited"
    """Changed an earlier message."""
    UNSUPPORTED = "unsupported"
    """Sent something that the desk cannot read (voice, sticker, place …)."""
    TOO_LARGE = "too_large"
    """Sent a file over the limit, which was not fetched."""
    CONTACT = "contact"
    """Shared a Telegram contact."""


@dataclass(frozen=True, slots=True)
class Document:
    """A file or photo as it came, whatever it is called and claims to be."""

    name: str = field(repr=False)
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Inbound:
    """One thing that one person sent. Exactly one of text, choice, document and event is there.

    `channel` names the door (and, for Telegram, the bot), `delivery` the message within it: the pair is unique for
    ever. `hint` is the language that the person's app is set to, where the door knows it. `at` is UTC.
    """

    channel: str
    delivery: str
    chat: str
    at: datetime
    text: str | None = field(default=None, repr=False)
    choice: str | None = None
    document: Document | None = None
    event: Event | None = None
    hint: Language | None = None


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing that can be chosen instead of typed. `key` comes back as `Inbound.choice`: at most 64 bytes."""

    label: str
    key: str


@dataclass(frozen=True, slots=True)
class Reply:
    """One message of the desk: plain text, no markup in any channel's sense, and what can be chosen under it."""

    text: str = field(repr=False)
    choices: tuple[Choice, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """What the desk says to one Inbound. Everything in it is committed. `sent` replies went out before."""

    turn_id: str
    replies: tuple[Reply, ...] = field(repr=False)
    sent: int = 0
    done: bool = False


def dump_replies(replies: Sequence[Reply]) -> str:
    """Replies as JSON text, for the memory."""
    return json.dumps([asdict(reply) for reply in replies], ensure_ascii=False)


def load_replies(text: str) -> tuple[Reply, ...]:
    """Replies from what `dump_replies` wrote."""
    return tuple(
        Reply(each["text"], tuple(Choice(**choice) for choice in each["choices"])) for each in json.loads(text)
    )
