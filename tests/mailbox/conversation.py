"""One SMTP conversation, and the moments in it where a fault may wait."""

import asyncio
import email
import email.policy
import ssl
from email.message import EmailMessage
from typing import AnyStr, Protocol

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session

from tests.mailbox.letters import Letter, MailFault, Stage, held


class Mailbox(Protocol):
    """What a conversation asks of the server it belongs to."""

    credentials: tuple[str, str]
    tls: ssl.SSLContext | None

    def authenticate(self, server: object, session: object, envelope: object, kind: str, data: object) -> AuthResult:
        """Check a login."""

    def struck(self, stage: Stage, addresses: list[str]) -> MailFault | None:
        """The fault that waits at this stage, if any."""

    def keep(self, letter: Letter) -> None:
        """Take a letter in."""

    def opened(self, conversation: "Conversation") -> None:
        """Count a conversation."""

    def closed(self, conversation: "Conversation") -> None:
        """Forget it."""


class Conversation(SMTP):
    """One connection."""

    def __init__(self, mailbox: Mailbox, loop: asyncio.AbstractEventLoop) -> None:
        self._mailbox = mailbox
        super().__init__(
            _Handler(mailbox, self), hostname="mail.test.example", ident="test", enable_SMTPUTF8=True, loop=loop,
            tls_context=mailbox.tls, require_starttls=mailbox.tls is not None,
            auth_require_tls=mailbox.tls is not None, authenticator=mailbox.authenticate,
        )  # fmt: skip
        self.line: asyncio.Transport | None = None
        self._greeted = False
        self._confirmed = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        if self.line is None:
            self.line = transport
            self._mailbox.opened(self)
        super().connection_made(transport)

    def connection_lost(self, error: Exception | None) -> None:
        self._mailbox.closed(self)
        super().connection_lost(error)

    def hang_up(self) -> None:
        if self.line is not None:
            self.line.abort()

    async def confirm(self) -> None:
        """Send the 250 of a letter now, while there is still something to do."""
        await self.push("250 2.0.0 OK")
        self._confirmed = True

    async def push(self, status: AnyStr) -> None:
        """Send a reply; at the greeting a fault may wait."""
        if self._confirmed:  # aiosmtpd's own 250, after the one that `confirm` sent
            self._confirmed = False
            return
        text = status if isinstance(status, str) else status.decode("ascii", "replace")
        fault = self._mailbox.struck(Stage.GREETING, []) if text.startswith("220 ") and not self._greeted else None
        self._greeted = True
        if fault is None:
            await super().push(status)
            return
        await held(fault)
        await super().push(fault.reply or text)
        if fault.drops and self.line is not None:
            self.line.close()


class _Handler:
    """What becomes of the commands."""

    def __init__(self, mailbox: Mailbox, conversation: Conversation) -> None:
        self._mailbox = mailbox
        self._conversation = conversation

    async def handle_MAIL(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if reply := await self._at(Stage.SENDER, [address]):
            return reply
        if self._mailbox.credentials[0] and not session.authenticated:
            return "530 5.7.0 Authentication required"
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 2.1.0 OK"

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if reply := await self._at(Stage.RECIPIENT, [address]):
            return reply
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        recipients = [str(address) for address in envelope.rcpt_tos]
        if reply := await self._at(Stage.DATA, recipients):
            return reply
        raw = envelope.original_content or b""
        message = email.message_from_bytes(raw, policy=email.policy.default)
        assert isinstance(message, EmailMessage)
        letter = Letter(message, str(envelope.mail_from or ""), tuple(recipients), raw)
        self._mailbox.keep(letter)
        await self._at(Stage.ACCEPTED, recipients, letter)
        fault = self._mailbox.struck(Stage.CONFIRMED, recipients)
        if fault is not None:
            await self._conversation.confirm()
            await self._suffer(fault, letter)
        return "250 2.0.0 OK"

    async def _at(self, stage: Stage, addresses: list[str], letter: Letter | None = None) -> str:
        """Meet the fault that waits here, if any; returns its reply."""
        fault = self._mailbox.struck(stage, addresses)
        return await self._suffer(fault, letter) if fault is not None else ""

    async def _suffer(self, fault: MailFault, letter: Letter | None) -> str:
        await held(fault)
        if fault.callback is not None and letter is not None:
            await fault.call_back(letter)
        if fault.drops:
            self._conversation.hang_up()
        return fault.reply
