"""Importing the register by the command: all of it or nothing, told in sentences, and kept in the audit."""

from argparse import Namespace
from pathlib import Path

import pytest

from bot import wiring
from bot.commands import check, import_customers, list_dead_letters, revive_letters
from bot.settings import Settings
from handlers.desk.lifecycle import Notice
from handlers.desk.ports import OutboxRow, Recipient
from handlers.desk.requests import new_id
from tests.factories import settings_for

GOOD = "name,email\nHanako Sample,hanako@example.com\nTaro Rei,taro@example.jp\n"


async def run(settings: Settings, content: str, company: str | None = None) -> int:
    path = settings.data_dir / "register.csv"
    path.write_text(content, encoding="utf-8")
    return await import_customers(Namespace(file=path, company=company), settings)


async def people_of(settings: Settings, company: str = "planet_management") -> int:
    async with wiring.open_memory(settings) as memory, memory.begin() as work:
        assert await work.audit.first_bad() is None
        return await work.register.count(company)


async def audited(settings: Settings) -> list[tuple[str, str, str]]:
    async with wiring.open_memory(settings) as memory, memory.engine.connect() as connection:
        rows = await connection.exec_driver_sql("SELECT fact, subject_id, notes FROM audit ORDER BY number")
        return [(row.fact, row.subject_id, row.notes) for row in rows]


async def test_an_import_replaces_the_register_and_is_audited(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = settings_for(tmp_path)
    assert await run(settings, GOOD) == 0
    assert "2 customers of Planet Management" in capsys.readouterr().out
    assert await run(settings, "name,email\nHanako Sample,hanako@example.com\n") == 0
    assert await people_of(settings) == 1
    assert await audited(settings) == [
        ("register_imported", "planet_management", '{"people": "2"}'),
        ("register_imported", "planet_management", '{"people": "1"}'),
    ]


async def test_one_bad_row_and_nothing_is_imported(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    settings = settings_for(tmp_path)
    assert await run(settings, GOOD) == 0
    assert await run(settings, f"{GOOD}Canary,not-an-address\n") == 1
    told = capsys.readouterr().err
    assert "Nothing was imported." in told
    assert "Line 4: the e-mail address is not valid." in told
    assert "Canary" not in told
    assert await people_of(settings) == 2
    assert len(await audited(settings)) == 1


async def test_an_import_for_another_company(tmp_path: Path) -> None:
    settings = settings_for(tmp_path)
    assert await run(settings, GOOD, "plus_one") == 0
    assert (await people_of(settings), await people_of(settings, "plus_one")) == (0, 2)


async def test_check_tells_what_is_missing_and_fails(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert await check(Namespace(), settings_for(tmp_path)) == 1
    told = capsys.readouterr().out.splitlines()
    assert any(line.startswith("MADOGUCHI_TELEGRAM_TOKEN is not set") for line in told)
    assert "Everything is in place." not in told


async def test_letters_that_were_given_up_are_listed_and_revived(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings, now = settings_for(tmp_path), wiring.utc_now()
    letter = OutboxRow(new_id(), Notice.RECEIPT, Recipient.CUSTOMER, "plus_one", new_id(), new_id(), now, now)
    async with wiring.open_memory(settings) as memory, memory.begin() as work:
        await work.outbox.add(letter)
        await work.outbox.bury(letter.id, now, "address")
    assert await list_dead_letters(Namespace(), settings) == 0
    assert letter.id in capsys.readouterr().out
    assert await revive_letters(Namespace(letter="other"), settings) == 1
    assert await revive_letters(Namespace(letter=None), settings) == 0
    assert capsys.readouterr().out == "One letter will be tried again.\n"
    assert await list_dead_letters(Namespace(), settings) == 0
    assert capsys.readouterr().out == "No letter was given up.\n"
    assert await audited(settings) == [("letters_revived", "outbox", '{"letters": "1"}')]
