"""Looking at the mail server without a letter: what an operator reads when none would leave."""

import ssl
from pathlib import Path

import pytest

from bot.mail.probe import mail_fault
from bot.mail.smtp import Limits
from handlers.desk.errors import BadSetting
from tests.bot.mail.certificates import new_authority
from tests.mailbox import MailFault, MailServer, Stage

SENDER = "desk@example.com"
HASTY = Limits(connect=0.3, command=0.3, whole=0.6)


async def fault_of(server: MailServer, url: str = "", tls: ssl.SSLContext | None = None) -> str:
    fault = await mail_fault(url or server.url, SENDER, limits=HASTY, tls=tls)
    assert fault is not None
    assert fault.startswith("The mail server of MADOGUCHI_SMTP_URL ")
    assert "hush" not in fault
    return fault.removeprefix("The mail server of MADOGUCHI_SMTP_URL ")


async def test_a_server_that_takes_letters_gets_none(server: MailServer) -> None:
    assert await mail_fault(server.url, SENDER, limits=HASTY) is None
    assert (server.letters, server.connections) == ([], 1)


async def test_with_a_log_in_and_encryption(tmp_path: Path) -> None:
    authority = new_authority()
    with MailServer(user="desk", password="hush", tls=authority.serves(tmp_path), starttls="required") as server:
        assert await mail_fault(server.url, SENDER, limits=HASTY, tls=authority.trusted()) is None
        assert (await fault_of(server)).startswith("has no certificate that can be trusted")


async def test_a_wrong_password() -> None:
    with MailServer(user="desk", password="right") as server:
        url = server.url.replace("right", "hush")
        assert (await fault_of(server, url)).startswith("does not let us in")


async def test_no_encryption_where_it_is_required(server: MailServer) -> None:
    assert (await fault_of(server, f"{server.url}?starttls=required")).startswith("does not offer encryption")


async def test_a_server_that_is_down(server: MailServer) -> None:
    server.stop()
    assert (await fault_of(server)).startswith("cannot be reached")


async def test_a_server_that_stalls(server: MailServer) -> None:
    stall = server.stall(Stage.SENDER)
    assert (await fault_of(server)).startswith("takes too long")
    stall.release()


async def test_a_server_that_is_busy(server: MailServer) -> None:
    server.refuse()
    assert (await fault_of(server)).startswith("puts us off")


async def test_a_sender_that_the_server_does_not_want(server: MailServer) -> None:
    server.faults.append(MailFault(Stage.SENDER, server.bell, None, reply="553 5.7.1 hush@example.com is not yours"))
    assert (await fault_of(server)).startswith("refuses us or the sender MADOGUCHI_MAIL_FROM.")


async def test_what_is_no_url() -> None:
    with pytest.raises(BadSetting, match="MADOGUCHI_SMTP_URL must look like"):
        await mail_fault("mail.example.jp", SENDER)
