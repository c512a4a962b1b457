"""The mail server of the tests, written to by aiosmtplib as the desk writes to its relay."""

import asyncio
import functools
import ssl
from collections.abc import Iterator
from email.message import EmailMessage

import aiosmtplib
import pytest

from tests.bell import NeverHappened
from tests.mailbox import Letter, MailServer, Stage


@pytest.fixture
def server() -> Iterator[MailServer]:
    with MailServer() as server:
        yield server


def letter_to(address: str = "hanako@example.jp", subject: str = "Your code") -> EmailMessage:
    letter = EmailMessage()
    letter["From"], letter["To"], letter["Subject"] = "desk@example.com", address, subject
    letter["Message-ID"] = "<1@example.com>"
    letter.set_content("12345678\n日本語\n")
    return letter


async def send(server: MailServer, letter: EmailMessage | None = None, patience: float = 5) -> None:
    await aiosmtplib.send(letter or letter_to(), hostname=server.host, port=server.port, timeout=patience)


async def test_a_letter_arrives_whole(server: MailServer) -> None:
    await send(server, letter_to(subject="ご本人確認コード"))
    letter = await server.arrives(to="HANAKO@example.jp", subject_part="確認")
    assert (letter.mail_from, letter.recipients) == ("desk@example.com", ("hanako@example.jp",))
    assert (letter.text, letter.message_id) == ("12345678\n日本語\n", "<1@example.com>")
    assert letter.raw.startswith(b"From: desk@example.com\r\n")
    assert server.url == f"smtp://127.0.0.1:{server.port}"


async def test_each_letter_is_returned_once(server: MailServer) -> None:
    waiting = asyncio.ensure_future(server.arrives(to="b@example.jp"))
    for address, subject in (("a@example.jp", "1"), ("b@example.jp", "2"), ("a@example.jp", "3")):
        await send(server, letter_to(address, subject))
    assert (await waiting).subject == "2"
    assert [(await server.arrives(to="a@example.jp")).subject for _ in range(2)] == ["1", "3"]
    with pytest.raises(NeverHappened, match=r"desk@example\.com -> b@example\.jp: 2"):
        await server.arrives(timeout=0.01)
    assert len(server.to("a@example.jp")) == 2


async def test_it_refuses_connections(server: MailServer) -> None:
    fault = server.refuse(2)
    for _ in range(2):
        with pytest.raises(aiosmtplib.SMTPConnectError):
            await send(server)
    await send(server)
    assert (fault.hits, len(server.letters)) == (2, 1)


async def test_it_greylists_and_rejects(server: MailServer) -> None:
    server.greylist(1)
    with pytest.raises(aiosmtplib.SMTPRecipientsRefused) as refused:
        await send(server)
    assert refused.value.recipients[0].code == 451
    await send(server)
    server.reject("gone@example.jp")
    for _ in range(2):
        with pytest.raises(aiosmtplib.SMTPRecipientsRefused) as refused:
            await send(server, letter_to("gone@example.jp"))
        assert refused.value.recipients[0].code == 550
    await send(server)
    assert len(server.letters) == 2


async def test_it_refuses_the_data(server: MailServer) -> None:
    server.refuse_data()
    with pytest.raises(aiosmtplib.SMTPDataError) as refused:
        await send(server)
    assert (refused.value.code, server.letters) == (552, [])


async def test_it_drops_the_line_around_the_250(server: MailServer) -> None:
    server.drop_before_250()
    with pytest.raises(aiosmtplib.SMTPServerDisconnected):
        await send(server)
    assert len(server.letters) == 1
    server.drop_after_250()
    client = aiosmtplib.SMTP(hostname=server.host, port=server.port, timeout=5)
    await client.connect()
    assert (await client.send_message(letter_to()))[1].startswith("2.0.0 OK")
    with pytest.raises(aiosmtplib.SMTPServerDisconnected):
        await client.noop()
    client.close()
    assert len(server.letters) == 2


@pytest.mark.parametrize("stage", [Stage.GREETING, Stage.SENDER, Stage.RECIPIENT, Stage.DATA])
async def test_it_stalls_until_released(server: MailServer, stage: Stage) -> None:
    stall = server.stall(stage)
    with pytest.raises((aiosmtplib.SMTPTimeoutError, aiosmtplib.SMTPConnectTimeoutError)):
        await send(server, patience=0.05)
    await stall.struck()
    stall.release()
    await send(server)
    await server.count_reaches(1)


@pytest.mark.parametrize("after", [False, True])
async def test_a_hook_sees_the_letter_at_its_250(server: MailServer, after: bool) -> None:
    here, seen = asyncio.get_running_loop(), list[Letter]()

    async def look(letter: Letter) -> None:
        assert asyncio.get_running_loop() is here
        seen.append(letter)

    hook = server.on_letter(look, after=after)
    async with aiosmtplib.SMTP(hostname=server.host, port=server.port, timeout=5) as client:
        for subject in "12":
            await client.send_message(letter_to(subject=subject))
    await hook.struck()
    await server.bell.until(lambda: [letter.subject for letter in seen] == ["1"], 5, lambda: f"saw {seen}")
    assert [letter.subject for letter in server.letters] == ["1", "2"]


async def test_an_outage_keeps_the_port_and_the_letters(server: MailServer) -> None:
    client = aiosmtplib.SMTP(hostname=server.host, port=server.port, timeout=5)
    await client.connect()
    await client.send_message(letter_to())
    port = server.port
    server.stop()
    with pytest.raises(aiosmtplib.SMTPServerDisconnected):
        await client.noop()
    client.close()
    with pytest.raises(aiosmtplib.SMTPConnectError):
        await send(server)
    server.start()
    await send(server)
    assert (server.port, len(server.letters)) == (port, 2)


async def test_it_can_ask_for_a_login() -> None:
    with MailServer(user="desk", password="right") as server:
        assert server.url == f"smtp://desk:right@127.0.0.1:{server.port}"
        send_as = functools.partial(aiosmtplib.send, hostname=server.host, port=server.port, start_tls=False, timeout=5)
        with pytest.raises(aiosmtplib.SMTPException):
            await send(server)
        with pytest.raises(aiosmtplib.SMTPAuthenticationError):
            await send_as(letter_to(), username="desk", password="wrong")
        await send_as(letter_to(), username="desk", password="right")
        assert len(server.letters) == 1


async def test_it_can_ask_for_tls() -> None:
    with MailServer(tls=ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER), starttls="required") as server:
        assert server.url.endswith("?starttls=required")
        with pytest.raises(aiosmtplib.SMTPException):
            await aiosmtplib.send(letter_to(), hostname=server.host, port=server.port, start_tls=False, timeout=5)
        assert server.letters == []
