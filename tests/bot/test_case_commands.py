"""Staff's commands: each is a use case, each refusal a sentence, and documents come out under names of ours."""

import json
from pathlib import Path
from typing import Any

import pytest

from bot import wiring
from bot.__main__ import parser
from bot.case_pages import SENTENCES
from bot.settings import Settings
from handlers.desk.actors import Actor, ActorKind
from handlers.desk.casework import Casework, Draft
from handlers.desk.errors import Why
from handlers.desk.requests import Detail, Request, RequestKind, new_id
from tests.factories import settings_for


async def run(settings: Settings, *words: str) -> int:
    arguments = parser().parse_args(["cases", *words])
    code: int = await arguments.run(arguments, settings)
    return code


async def files(settings: Settings) -> Request:
    """A disclosure with a document."""
    company = wiring.choose_company(settings)
    async with wiring.open_memory(settings) as memory, memory.begin() as work:
        actor = Actor(ActorKind.CUSTOMER, "chat")
        controller = wiring.controller_of(company)
        casework = Casework(work, controller, memory.vault.code_key, actor, wiring.utc_now())
        draft = Draft(
            new_id(), RequestKind.DISCLOSURE, (), (Detail("scope", "x", "What", "My letters"),), wiring.utc_now(), "en"
        )
        await casework.keep_document(draft.id, "../../etc/passwd", b"\x89PNG letter", "image/png")
        return await casework.file(draft)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return settings_for(tmp_path)


def test_every_reason_has_its_sentence() -> None:
    assert set(SENTENCES) == set(Why)


async def shown(settings: Settings, ref: str, capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    capsys.readouterr()
    assert await run(settings, "show", ref, "--json") == 0
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


async def test_from_claim_to_refusal(settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    ref = (await files(settings)).ref
    assert await run(settings, "claim", ref.lower(), "--by", "Aoi") == 0
    assert await run(settings, "refuse", ref, "--by", "Aoi", "--reason", "no_data") == 1
    assert "not proved" in capsys.readouterr().err
    assert await run(settings, "verify", ref, "--by", "Aoi", "--proof", "D", "--reason", "Passport") == 0
    assert await run(settings, "specify", ref, "--by", "Aoi", "--item", "Letters", "--item", "Bookings") == 0
    decision = ["--fulfil", "1", "--refuse", "2", "--reason", "no_data"]
    assert await run(settings, "propose", ref, "--by", "Aoi", *decision) == 0
    assert await run(settings, "approve", ref, "--by", "Aoi") == 1
    assert "second member of staff" in capsys.readouterr().err
    assert await run(settings, "approve", ref, "--by", "Ren") == 0
    page = await shown(settings, ref, capsys)
    assert (page["status"], page["outcome"], page["owner"]) == ("decided", "fulfilled_in_part", "Aoi")
    assert [each["text"] for each in page["items"]] == ["Letters", "Bookings"]
    assert [each["outcome"] for each in page["decisions"][0]["items"]] == ["fulfilled", "refused"]
    assert page["next"] == ["note", "reopen", "close"]
    assert await run(settings, "show", ref) == 0
    assert "Next: note, reopen, close" in capsys.readouterr().out


async def test_documents_come_out_under_our_own_names(
    settings: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ref = (await files(settings)).ref
    folder = tmp_path / "out"
    assert await run(settings, "documents", ref, "--by", "Aoi", "--to", str(folder)) == 0
    [path] = folder.iterdir()
    assert (path.read_bytes(), path.suffix, path.stat().st_mode & 0o777) == (b"\x89PNG letter", ".png", 0o600)
    assert "passwd" not in capsys.readouterr().out
    async with wiring.open_memory(settings) as memory, memory.engine.connect() as connection:
        facts = (await connection.exec_driver_sql("SELECT fact, actor_id FROM audit ORDER BY number")).all()
    assert tuple(facts[-1]) == ("documents_read", "Aoi")


@pytest.mark.parametrize("words", [["show"], ["claim", "--by", "Aoi"], ["documents", "--by", "Aoi", "--to", "x"]])
async def test_what_is_not_there(settings: Settings, words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert await run(settings, words[0], "M-2222-2222-22", *words[1:]) == 1
    assert capsys.readouterr().err == "There is no request M-2222-2222-22.\n"
