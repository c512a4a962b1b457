"""Why a letter is not out. Errors here carry reasons, never an address or a server's words.

MailError
├── Postponed        not now: try again later
└── Refused          never: a person has to look at it
"""

from enum import StrEnum


class Reason(StrEnum):
    """What stands between a letter and its mailbox. Kept with the outbox row."""

    UNREACHABLE = "unreachable"
    """No connection, or it broke off."""
    SLOW = "slow"
    """The server took longer than we wait."""
    PUT_OFF = "put_off"
    """The server said: later (4xx)."""
    TLS = "tls"
    """No encryption that can be trusted: bad certificate, failed handshake."""
    NO_STARTTLS = "no_starttls"
    """Encryption is required and not offered."""
    LOGIN = "login"
    """The server does not let us in."""
    SERVER = "server"
    """The server refuses to talk to us, or to take our sender address."""
    RECIPIENT = "recipient"
    """The server refuses this recipient for good."""
    LETTER = "letter"
    """The server refuses this letter for good."""
    ADDRESS = "address"
    """What should be an address is none."""
    NO_ROUTE = "no_route"
    """No member of staff is named for it."""
    NO_CASE = "no_case"
    """The request it is about is not there."""
    FOLDER = "folder"
    """The mailbox folder cannot be written."""
    FAULT = "fault"
    """A mistake of ours."""


OF_THE_WAY = frozenset(
    {Reason.UNREACHABLE, Reason.SLOW, Reason.TLS, Reason.NO_STARTTLS, Reason.LOGIN, Reason.SERVER, Reason.FOLDER}
)
"""Reasons that lie with the way out, not with a letter: when one letter gets through, the others may follow."""


class MailError(Exception):
    """A letter that is not out."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.value)
        self.reason = reason


class Postponed(MailError):
    """Try again later. `alarm`: it will not get better by itself."""

    def __init__(self, reason: Reason, *, alarm: bool = False) -> None:
        super().__init__(reason)
        self.alarm = alarm


class Refused(MailError):
    """Never try this again."""
