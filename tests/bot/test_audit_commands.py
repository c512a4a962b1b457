"""The audit by command: its head printed and taken back, and reading a request is a row of it."""

from pathlib import Path

import pytest

from bot import wiring
from bot.__main__ import parser
from bot.settings import Settings
from handlers.desk.errors import BadSetting
from tests.bot.test_case_commands import files
from tests.factories import settings_for


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return settings_for(tmp_path)


async def run(settings: Settings, *words: str) -> int:
    arguments = parser().parse_args(list(words))
    code: int = await arguments.run(arguments, settings)
    return code


async def facts(settings: Settings) -> list[tuple[str, str]]:
    async with wiring.open_memory(settings) as memory, memory.engine.connect() as connection:
        rows = await connection.exec_driver_sql("SELECT fact, actor_id FROM audit ORDER BY number")
        return [(row.fact, row.actor_id) for row in rows]


async def cut(settings: Settings) -> None:
    async with wiring.open_memory(settings) as memory, memory.engine.begin() as connection:
        await connection.exec_driver_sql("DELETE FROM audit WHERE number = (SELECT max(number) FROM audit)")


async def test_who_reads_a_request_is_on_record(settings: Settings) -> None:
    request = await files(settings)
    assert await run(settings, "cases", "show", request.ref, "--by", "Sato") == 0
    assert await run(settings, "cases", "show", request.ref, "--json") == 0
    assert await run(settings, "cases", "show", "M-2222-2222-22") == 1
    assert await facts(settings) == [("filed", "chat"), ("read", "Sato"), ("read", "command_line")]


async def test_a_head_that_was_kept_finds_what_was_cut_off(
    settings: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    await files(settings)
    request = await files(settings)
    await run(settings, "cases", "show", request.ref)
    capsys.readouterr()
    assert await run(settings, "audit", "head") == 0
    head = capsys.readouterr().out.strip()
    assert head.startswith("3:")
    kept = tmp_path / "heads.txt"
    kept.write_text(f"2026-11-22T03:00:00 info audit.head head={head}\n\n{head}\n", encoding="utf-8")
    given = ("audit", "verify", "--head", head, "--heads", str(kept))
    assert await run(settings, *given) == 0
    assert capsys.readouterr().out == "The chain is whole. It holds every head that was given: 3.\n"
    await cut(settings)
    assert await run(settings, "audit", "verify") == 0
    assert await run(settings, *given) == 1
    assert "broken at row 3" in capsys.readouterr().out


async def test_before_anything_happened_there_is_no_head(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    assert await run(settings, "audit", "head") == 1
    assert capsys.readouterr() == ("", "Nothing has happened yet.\n")


@pytest.mark.parametrize("head", ["", "1", "0:" + "0" * 64, "x:" + "0" * 64, "1:" + "0" * 63, "1:" + "G" * 64])
async def test_what_is_no_head_is_refused_in_a_sentence(settings: Settings, head: str) -> None:
    with pytest.raises(BadSetting) as refused:
        await run(settings, "audit", "verify", "--head", head)
    assert refused.value.faults == ("A head has the form NUMBER:LINK, as `python -m bot audit head` prints it.",)


async def test_a_file_that_is_not_there_is_told(settings: Settings, tmp_path: Path) -> None:
    with pytest.raises(BadSetting):
        await run(settings, "audit", "verify", "--heads", str(tmp_path / "none"))
