"""One letter, ready to be put in an envelope: values in, EmailMessage out. Knows no case and no company.

The rule this file guards: everything in a header is ours, on one line, and the same at every repetition. A letter that
was accepted just before we died goes out again with the same Message-ID (RFC 5321 section 6.1 leaves no other way),
so that a mailbox can tell it for the same.
"""

from dataclasses import dataclass, field, replace
from datetime import datetime
from email.headerregistry import Address, HeaderRegistry, MessageIDHeader
from email.message import EmailMessage
from email.policy import SMTP, EmailPolicy
from typing import Self

from bot.mail.harmless import one_line


def _policy(*, utf8: bool) -> "EmailPolicy[EmailMessage]":
    """SMTP's policy, with References kept whole: as free text a long id would be folded into encoded words."""
    headers = HeaderRegistry()
    for name in ("in-reply-to", "references"):
        headers.map_to_type(name, MessageIDHeader)  # type: ignore[arg-type] # typeshed lacks what it is mixed into
    return SMTP.clone(header_factory=headers, cte_type="7bit", utf8=utf8)


def _address(name: str, address: str) -> Address:
    local, _, domain = address.rpartition("@")
    return Address(name, local, domain)


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter. `id` is its outbox row's, `thread` the Message-ID of the letter that opened the thread."""

    id: str
    message_id: str
    thread: str | None
    written_at: datetime
    sender_name: str
    sender: str
    to: str = field(repr=False)
    subject: str
    body: str = field(repr=False)
    others: tuple[str, ...] = field(repr=False, default=())
    """Who gets it instead, one after the other, where `to` is refused for good."""

    def redirected(self) -> Self | None:
        """The same letter to the next of `others`; None where nobody is left."""
        return replace(self, to=self.others[0], others=self.others[1:]) if self.others else None

    def as_message(self) -> EmailMessage:
        """The letter as it goes over the wire: exactly one To, plain text in UTF-8.

        Automatic answers are asked not to come: RFC 3834, and the header that Exchange and Outlook heed instead.
        """
        message = EmailMessage(policy=_policy(utf8=not self.to.isascii()))
        message["From"] = _address(one_line(self.sender_name), self.sender)
        message["To"] = _address("", self.to)
        message["Subject"] = one_line(self.subject)
        message["Date"] = self.written_at
        message["Message-ID"] = self.message_id
        if self.thread is not None:
            message["In-Reply-To"] = self.thread
            message["References"] = self.thread
        message["Auto-Submitted"] = "auto-generated"
        message["X-Auto-Response-Suppress"] = "All"
        message.set_content(self.body, charset="utf-8")
        return message
