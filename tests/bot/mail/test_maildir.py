"""The mailbox folder, for who has no mail server."""

import mailbox
from dataclasses import replace
from pathlib import Path

import pytest

from bot.mail.errors import Postponed, Reason
from bot.mail.transport import MaildirTransport, open_transport
from tests.bot.mail.office import HANAKO, Office
from tests.bot.mail.test_harmless import letter


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


async def test_letters_lie_there_for_any_mail_program(tmp_path: Path, office: Office) -> None:
    chat = await office.chat("ja")
    await office.files(chat, case_id=await office.proves(chat), language="ja")
    folder = tmp_path / "mail"
    assert await office.relay(open_transport(None, folder)).run_once() == 3
    found = list(mailbox.Maildir(folder, create=False))
    assert sorted(str(each["To"]) for each in found) == [HANAKO, "privacy@example.co.jp"]
    assert [state for _, state, _, _ in await office.fate()] == ["done"] * 3
    path = next((folder / "new").iterdir())
    assert path.stat().st_mode & 0o777 == 0o600
    assert b"\r\n" not in path.read_bytes()
    assert list((folder / "tmp").iterdir()) == []


async def test_a_repetition_is_there_once(tmp_path: Path) -> None:
    way = MaildirTransport(tmp_path / "mail")
    await way.send(letter())
    await way.send(letter())
    await way.send(replace(letter(), id="2"))
    assert names(tmp_path) == ["1795316400.1.madoguchi", "1795316400.2.madoguchi"]


async def test_a_letter_that_was_read_does_not_come_back(tmp_path: Path) -> None:
    way = MaildirTransport(tmp_path / "mail")
    await way.send(letter())
    name = "1795316400.1.madoguchi"
    (tmp_path / "mail" / "new" / name).rename(tmp_path / "mail" / "cur" / f"{name}:2,S")
    await way.send(letter())
    assert names(tmp_path) == [f"{name}:2,S"]


async def test_a_folder_that_cannot_be_written_is_an_alarm(tmp_path: Path) -> None:
    (tmp_path / "mail").write_text("not a folder", encoding="utf-8")
    with pytest.raises(Postponed) as failed:
        await MaildirTransport(tmp_path / "mail").send(letter())
    assert (failed.value.reason, failed.value.alarm) == (Reason.FOLDER, True)
