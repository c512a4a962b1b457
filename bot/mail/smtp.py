"""The way to an SMTP server.

The rules this file guards: nothing goes out in the clear where encryption is asked for; one letter takes a minute at
most, however the server stalls; neither the password nor a server's words (which repeat addresses) leave this file.
"""

import asyncio
import contextlib
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from ipaddress import ip_address
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from aiosmtplib import (
    SMTP,
    SMTPAuthenticationError,
    SMTPConnectError,
    SMTPDataError,
    SMTPException,
    SMTPNotSupported,
    SMTPRecipientRefused,
    SMTPRecipientsRefused,
    SMTPResponseException,
)

from bot.mail.errors import MailError, Postponed, Reason, Refused
from bot.mail.letter import Letter
from handlers.desk.errors import BadSetting

_OURS = frozenset({500, 502, 503, 504, 530, 534, 535, 538})
"""Permanent answers that speak of our side (commands, log-in), not of the recipient: letters outlive them."""
_PARTING = 2.0


class StartTls(StrEnum):
    """Whether a connection that begins in the clear is encrypted before anything is said on it."""

    REQUIRED = "required"
    OPTIONAL = "optional"
    NEVER = "never"


@dataclass(frozen=True, slots=True)
class Server:
    """Where letters are handed over. `is_sealed`: encrypted from the first byte (`smtps`)."""

    host: str
    port: int
    starttls: StartTls
    is_sealed: bool = False
    user: str | None = field(default=None, repr=False)
    password: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Limits:
    """Patience in seconds: to connect, for each answer, and for a whole letter."""

    connect: float = 10.0
    command: float = 20.0
    whole: float = 60.0


def read_smtp_url(url: str) -> Server:
    """Read `smtp://user:password@host:port?starttls=required|optional|never` or `smtps://…`.

    Without `starttls`, encryption is required, except on this machine's own loopback, where it is optional. Raises
    BadSetting with a sentence that holds nothing of the URL but its scheme.
    """
    parts, port = _split(url)
    options = parse_qs(parts.query)
    unknown = sorted(set(options) - {"starttls"})
    wanted = options.get("starttls", [None])[-1]
    if parts.scheme not in {"smtp", "smtps"} or not parts.hostname or parts.path.strip("/") or unknown:
        raise BadSetting([_SHAPE])
    if wanted is not None and (parts.scheme == "smtps" or wanted not in set(StartTls)):
        raise BadSetting(["MADOGUCHI_SMTP_URL: starttls is required, optional or never, and only with smtp://."])
    default = StartTls.OPTIONAL if _is_loopback(parts.hostname) else StartTls.REQUIRED
    sealed = parts.scheme == "smtps"
    return Server(
        host=parts.hostname,
        port=port or (465 if sealed else 587 if parts.username else 25),
        starttls=StartTls.NEVER if sealed else StartTls(wanted or default),
        is_sealed=sealed,
        user=unquote(parts.username) if parts.username else None,
        password=unquote(parts.password or ""),
    )


class SmtpTransport:
    """Hands letters to one server, a connection a letter. `tls` is for servers with a certificate of one's own."""

    def __init__(self, server: Server, *, limits: Limits | None = None, tls: ssl.SSLContext | None = None) -> None:
        self._server = server
        self._limits = limits or Limits()
        self._tls = tls

    async def send(self, letter: Letter) -> None:
        """Hand a letter over. Returns once the server has taken it; raises Postponed or Refused."""
        async with self._visit(letter.sender) as client:
            await client.send_message(letter.as_message(), sender=letter.sender, recipients=[letter.to])

    async def look(self, sender: str) -> None:
        """Go all the way to where a letter of `sender` would be handed over, and hand none. Raises Postponed."""
        async with self._visit(sender) as client:
            await client.mail(sender)

    @asynccontextmanager
    async def _visit(self, sender: str) -> AsyncIterator[SMTP]:
        """A connection that is let in. Raises Postponed or Refused, also for what fails inside the block."""
        client = SMTP(
            hostname=self._server.host,
            port=self._server.port,
            timeout=self._limits.command,
            use_tls=self._server.is_sealed,
            start_tls=False,
            tls_context=self._tls,
            local_hostname=sender.rpartition("@")[2],
        )
        try:
            async with asyncio.timeout(self._limits.whole):
                await self._enter(client)
                yield client
        except (SMTPException, OSError, TimeoutError) as fault:
            _hang_up(client)
            raise read_failure(fault) from None  # the server's words may repeat the address
        except BaseException:
            _hang_up(client)
            raise
        await _part(client)

    async def _enter(self, client: SMTP) -> None:
        """Connect, encrypt, log in."""
        server = self._server
        await client.connect(timeout=self._limits.connect)
        await client.ehlo()
        if server.starttls is not StartTls.NEVER:
            if client.supports_extension("starttls"):
                await client.starttls()
            elif server.starttls is StartTls.REQUIRED or (server.user is not None and not _is_loopback(server.host)):
                raise Postponed(Reason.NO_STARTTLS, alarm=True)
        if server.user is not None:
            await client.login(server.user, server.password)


_FOR_GOOD: tuple[tuple[type[SMTPResponseException], type[MailError], Reason], ...] = (
    (SMTPRecipientRefused, Refused, Reason.RECIPIENT),
    (SMTPDataError, Refused, Reason.LETTER),
    (SMTPAuthenticationError, Postponed, Reason.LOGIN),
    (SMTPResponseException, Postponed, Reason.SERVER),
)
"""What a permanent answer means, by the step that got it; the first that fits."""


def read_failure(fault: Exception) -> MailError:
    """What a failure means for the letter: an answer by its code, anything else by its kind."""
    if isinstance(fault, SMTPRecipientsRefused):
        return read_failure(fault.recipients[0])  # there is one recipient
    if isinstance(fault, SMTPResponseException):
        return _read_answer(fault)
    if isinstance(fault, ssl.SSLError) or isinstance(fault.__cause__, ssl.SSLError):
        return Postponed(Reason.TLS, alarm=True)
    if isinstance(fault, SMTPNotSupported):
        return Refused(Reason.RECIPIENT)  # an address with letters that the server's mail cannot carry
    if isinstance(fault, OSError):
        is_slow = isinstance(fault, TimeoutError) and not isinstance(fault, SMTPConnectError)
        return Postponed(Reason.SLOW if is_slow else Reason.UNREACHABLE)
    return Postponed(Reason.LOGIN, alarm=True)  # no log-in is offered


def _read_answer(fault: SMTPResponseException) -> MailError:
    """An answer by its code: 4xx is for now; 5xx is for good, unless it speaks of our side and not of the letter."""
    if not 500 <= fault.code < 600:
        return Postponed(Reason.PUT_OFF if 400 <= fault.code < 500 else Reason.UNREACHABLE)
    meaning, reason = next((meaning, reason) for kind, meaning, reason in _FOR_GOOD if isinstance(fault, kind))
    if meaning is Refused and fault.code not in _OURS:
        return Refused(reason)
    return Postponed(Reason.SERVER if meaning is Refused else reason, alarm=True)


async def _part(client: SMTP) -> None:
    """Say good-bye to a server that has the letter; whatever it answers, the letter is out."""
    with contextlib.suppress(SMTPException, OSError, TimeoutError):
        await client.quit(timeout=_PARTING)
    _hang_up(client)


def _hang_up(client: SMTP) -> None:
    """Close at once: a polite close would wait for a stalled server to read what we wrote."""
    if isinstance(client.transport, asyncio.WriteTransport):
        client.transport.abort()
    client.close()


_SHAPE = (
    "MADOGUCHI_SMTP_URL must look like smtp://user:password@host:port?starttls=required or smtps://user:password@host."
    " Signs such as @ or / in the user or the password are written as %40 or %2F."
)


def _split(url: str) -> tuple[SplitResult, int | None]:
    try:
        parts = urlsplit(url)
        return parts, parts.port
    except ValueError:
        raise BadSetting([_SHAPE]) from None


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
