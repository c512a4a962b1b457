"""The way to an SMTP server, with all that servers do to one."""

import asyncio
import contextlib
import ssl
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from bot.mail.errors import MailError, Postponed, Reason, Refused
from bot.mail.smtp import Limits, Server, SmtpTransport, StartTls, read_smtp_url
from handlers.desk.errors import BadSetting
from tests.bot.mail.certificates import new_authority
from tests.bot.mail.test_harmless import letter
from tests.mailbox import MailFault, MailServer, Stage
from tests.mailbox.conversation import Conversation

HASTY = Limits(connect=0.3, command=0.3, whole=0.6)
AUTHORITY = new_authority()


def way_to(server: MailServer, tls: ssl.SSLContext | None = None) -> SmtpTransport:
    return SmtpTransport(read_smtp_url(server.url), limits=HASTY, tls=tls)


async def failure(transport: SmtpTransport) -> MailError:
    with pytest.raises(MailError) as failed:
        await transport.send(letter())
    return failed.value


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("smtp://mail.example.jp", Server("mail.example.jp", 25, StartTls.REQUIRED)),
        ("smtp://mail.example.jp:2525?starttls=never", Server("mail.example.jp", 2525, StartTls.NEVER)),
        ("smtp://127.0.0.1:2525", Server("127.0.0.1", 2525, StartTls.OPTIONAL)),
        ("smtp://localhost:1025?starttls=required", Server("localhost", 1025, StartTls.REQUIRED)),
        ("smtp://[::1]:1025", Server("::1", 1025, StartTls.OPTIONAL)),
        ("smtp://u%40x:p%2F%3A@h.jp", Server("h.jp", 587, StartTls.REQUIRED, user="u@x", password="p/:")),
        ("smtps://u:p@h.jp", Server("h.jp", 465, StartTls.NEVER, is_sealed=True, user="u", password="p")),
    ],
)
def test_urls(url: str, server: Server) -> None:
    assert read_smtp_url(url) == server


@pytest.mark.parametrize(
    "url",
    ["", "mail.example.jp", "http://h.jp", "smtp://", "smtp://u:hush@h.jp:x", "smtp://u:hush@h.jp:99999",
     "smtp://u:hush@h.jp/path", "smtp://u:hush@h.jp?tls=1", "smtp://u:hush@h.jp?starttls=perhaps",
     "smtps://u:hush@h.jp?starttls=required", "smtp://[u:hush@h.jp"],
)  # fmt: skip
def test_faulty_urls_are_told_without_their_secrets(url: str) -> None:
    with pytest.raises(BadSetting, match="MADOGUCHI_SMTP_URL") as refused:
        read_smtp_url(url)
    assert "hush" not in str(refused.value)
    assert refused.value.__cause__ is None


def test_a_password_never_shows() -> None:
    server = read_smtp_url("smtp://hanako:hush@h.jp")
    assert "hush" not in repr(server) + repr(SmtpTransport(server))
    assert "hanako" not in repr(server)


async def test_a_letter_is_handed_over(server: MailServer) -> None:
    await way_to(server).send(letter("ご確認"))
    [arrived] = server.letters
    assert (arrived.mail_from, arrived.recipients, arrived.subject) == ("desk@example.com", ("a@example.jp",), "ご確認")
    assert arrived.message_id == "<code.1@example.com>"


async def test_an_address_beyond_ascii_goes_out_where_the_server_can(server: MailServer) -> None:
    await way_to(server).send(letter(to="花子@example.jp"))
    assert server.letters[0].recipients == ("花子@example.jp",)


@pytest.mark.parametrize(
    ("reply", "kind", "reason", "alarm"),
    [
        ("450 4.2.0 Busy", Postponed, Reason.PUT_OFF, False),
        ("421 4.3.2 Closing", Postponed, Reason.PUT_OFF, False),
        ("550 5.1.1 No such user", Refused, Reason.RECIPIENT, None),
        ("552 5.2.2 Mailbox full", Refused, Reason.RECIPIENT, None),
        ("530 5.7.0 Authentication required", Postponed, Reason.SERVER, True),
    ],
)
async def test_answers_to_the_recipient(
    server: MailServer, reply: str, kind: type[MailError], reason: Reason, alarm: bool | None
) -> None:
    server.reject(reply=reply)
    failed = await failure(way_to(server))
    assert (type(failed), failed.reason, getattr(failed, "alarm", None)) == (kind, reason, alarm)
    assert server.letters == []


async def test_answers_to_the_letter(server: MailServer) -> None:
    server.refuse_data("554 5.7.1 Looks like spam")
    failed = await failure(way_to(server))
    assert (type(failed), failed.reason) == (Refused, Reason.LETTER)
    server.refuse_data("452 4.3.1 Disk full")
    failed = await failure(way_to(server))
    assert (type(failed), failed.reason) == (Postponed, Reason.PUT_OFF)


async def test_answers_to_the_sender_concern_every_letter_and_bury_none(server: MailServer) -> None:
    server.faults.append(_at_sender(server, "553 5.1.8 Sender not yours"))
    failed = await failure(way_to(server))
    assert isinstance(failed, Postponed)
    assert (failed.reason, failed.alarm) == (Reason.SERVER, True)


def _at_sender(server: MailServer, reply: str) -> MailFault:
    fault = server.reject(reply=reply)
    server.faults.remove(fault)
    fault.stage = Stage.SENDER
    return fault


async def test_a_server_that_is_away_or_busy(server: MailServer) -> None:
    server.refuse()
    assert (await failure(way_to(server))).reason is Reason.PUT_OFF
    server.stop()
    assert (await failure(way_to(server))).reason is Reason.UNREACHABLE


async def test_a_connection_that_breaks(server: MailServer) -> None:
    server.drop_before_250()
    assert (await failure(way_to(server))).reason is Reason.UNREACHABLE
    assert len(server.letters) == 1


@pytest.mark.parametrize("stage", [Stage.GREETING, Stage.SENDER, Stage.RECIPIENT, Stage.DATA, Stage.ACCEPTED])
async def test_a_stall_is_bounded(server: MailServer, stage: Stage) -> None:
    fault = server.stall(stage)
    started = time.monotonic()
    failed = await failure(way_to(server))
    assert time.monotonic() - started < 3
    assert failed.reason in {Reason.SLOW, Reason.UNREACHABLE}
    fault.release()


@asynccontextmanager
async def dripping() -> AsyncIterator[str]:
    """A server whose every answer is a line that goes on for ever, a sign at a time."""
    ending = asyncio.Event()

    async def drip(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220-")
        while not ending.is_set():
            writer.write(b"x")
            with contextlib.suppress(TimeoutError, ConnectionError):
                await writer.drain()
                await asyncio.wait_for(ending.wait(), 0.02)
        writer.close()

    server = await asyncio.start_server(drip, "127.0.0.1", 0)
    try:
        yield f"smtp://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    finally:
        ending.set()
        server.close()
        await server.wait_closed()


async def test_a_drip_is_bounded() -> None:
    async with dripping() as url:
        started = time.monotonic()
        failed = await failure(SmtpTransport(read_smtp_url(url), limits=replace(HASTY, connect=60.0, command=60.0)))
        assert time.monotonic() - started < 3
        assert failed.reason is Reason.SLOW


async def test_a_stall_after_the_letter_is_taken_changes_nothing(server: MailServer) -> None:
    server.drop_after_250()
    with contextlib.suppress(Postponed):  # the break may overtake the 250
        await way_to(server).send(letter())
    assert len(server.letters) == 1


async def test_starttls(tmp_path: Path) -> None:
    with MailServer(tls=AUTHORITY.serves(tmp_path), starttls="required", user="desk", password="hush") as server:
        await way_to(server, AUTHORITY.trusted()).send(letter())
        assert len(server.letters) == 1


@pytest.mark.parametrize("starttls", ["required", "optional"])
async def test_a_certificate_that_nobody_vouches_for_stops_everything(tmp_path: Path, starttls: str) -> None:
    with MailServer(tls=AUTHORITY.serves(tmp_path), starttls=starttls) as server:
        failed = await failure(way_to(server))
        assert isinstance(failed, Postponed)
        assert (failed.reason, failed.alarm) == (Reason.TLS, True)
        assert server.letters == []


async def test_a_certificate_that_has_run_out_stops_everything(tmp_path: Path) -> None:
    with MailServer(tls=AUTHORITY.serves(tmp_path, valid_days=-1), starttls="required") as server:
        assert (await failure(way_to(server, AUTHORITY.trusted()))).reason is Reason.TLS


async def test_encryption_that_was_stripped_is_never_done_without() -> None:
    with MailServer(starttls="required") as server:
        failed = await failure(way_to(server))
        assert isinstance(failed, Postponed)
        assert (failed.reason, failed.alarm) == (Reason.NO_STARTTLS, True)
        assert server.letters == []


async def test_a_wrong_password_is_an_alarm_and_shows_nowhere() -> None:
    with MailServer(user="desk", password="right") as server:
        right = read_smtp_url(server.url)
        await SmtpTransport(right).send(letter())
        failed = await failure(SmtpTransport(replace(right, password="hush")))
        assert isinstance(failed, Postponed)
        assert (failed.reason, failed.alarm) == (Reason.LOGIN, True)
        assert "hush" not in repr(failed)
        assert failed.__suppress_context__


async def test_a_log_in_that_is_not_offered(server: MailServer) -> None:
    way = SmtpTransport(replace(read_smtp_url(server.url), user="desk", password="hush"), limits=HASTY)
    failed = await failure(way)
    assert isinstance(failed, Postponed)
    assert (failed.reason, failed.alarm) == (Reason.LOGIN, True)


@asynccontextmanager
async def sealed_server(context: ssl.SSLContext, mailbox: MailServer) -> AsyncIterator[int]:
    """A server that is encrypted from the first byte."""
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Conversation(mailbox, loop), "127.0.0.1", 0, ssl=context)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        await server.wait_closed()


async def test_smtps(tmp_path: Path) -> None:
    mailbox = MailServer()
    async with sealed_server(AUTHORITY.serves(tmp_path), mailbox) as port:
        way = read_smtp_url(f"smtps://127.0.0.1:{port}")
        await SmtpTransport(way, tls=AUTHORITY.trusted()).send(letter())
        assert len(mailbox.letters) == 1
        failed = await failure(SmtpTransport(way))
        assert isinstance(failed, Postponed)
        assert (failed.reason, failed.alarm) == (Reason.TLS, True)


async def test_smtps_to_a_server_in_the_clear_says_nothing(server: MailServer) -> None:
    way = replace(read_smtp_url(server.url), is_sealed=True)
    assert (await failure(SmtpTransport(way, limits=HASTY))).reason in {Reason.TLS, Reason.UNREACHABLE}
    assert server.letters == []
