"""Opening key and database: what is there is kept, what is missing is made or refused, and nothing is guessed."""

import stat
from pathlib import Path

import pytest
from pydantic import SecretStr
from sqlalchemy import text

from bot import offices, wiring
from bot.settings import Settings
from handlers.desk.errors import BadSetting
from handlers.desk.requests import RequestKind
from storage.database import Schema, open_engine, schema_of
from storage.vault import new_key, read_keys
from tests.factories import settings_for


async def stand_at(settings: Settings, revision: str) -> None:
    """As a version of the desk that knows this revision would leave the database."""
    engine = open_engine(settings.database)
    async with engine.begin() as connection:
        await connection.execute(text("UPDATE alembic_version SET version_num = :revision"), {"revision": revision})
    await engine.dispose()


async def standing(settings: Settings) -> Schema:
    engine = open_engine(settings.database)
    try:
        return await schema_of(engine)
    finally:
        await engine.dispose()


def refusal_of(settings: Settings) -> str:
    with pytest.raises(BadSetting) as refused:
        wiring.open_vault(settings)
    [sentence] = refused.value.faults
    return sentence


def test_the_first_start_makes_a_key_that_only_its_owner_reads(tmp_path: Path) -> None:
    settings = settings_for(tmp_path / "desk")
    vault = wiring.open_vault(settings)
    assert stat.S_IMODE(settings.key_file.stat().st_mode) == 0o600
    assert read_keys(settings.key_file.read_text(encoding="ascii")) == vault.keys
    assert wiring.open_vault(settings).keys == vault.keys


async def test_a_database_whose_key_is_gone_gets_no_new_one(tmp_path: Path) -> None:
    settings = settings_for(tmp_path)
    await wiring.migrate_database(settings)
    settings.key_file.unlink()
    assert refusal_of(settings).startswith(f"The database {settings.database_file} is there and its key")
    assert not settings.key_file.exists()


def test_keys_that_are_none_are_refused_without_being_repeated(tmp_path: Path) -> None:
    set_so = settings_for(tmp_path, secret_keys=SecretStr("k1:canary"))
    assert refusal_of(set_so).startswith("MADOGUCHI_SECRET_KEYS: Secret key number 1 is not")
    settings = settings_for(tmp_path)
    settings.key_file.write_text("canary", encoding="ascii")
    assert refusal_of(settings).startswith(f"{settings.key_file}: Secret key number 1 is not")
    assert "canary" not in refusal_of(set_so) + refusal_of(settings)


def test_a_database_elsewhere_needs_keys_elsewhere(tmp_path: Path) -> None:
    settings = settings_for(tmp_path, database_url=SecretStr("sqlite+aiosqlite:///x.db"))
    assert refusal_of(settings).startswith("MADOGUCHI_DATABASE_URL is set, so MADOGUCHI_SECRET_KEYS has to be set too")
    assert not settings.key_file.exists()


async def test_an_embedded_database_comes_to_the_newest_schema_by_itself(tmp_path: Path) -> None:
    settings = settings_for(tmp_path)
    async with wiring.open_memory(settings) as memory, memory.begin() as work:
        assert await work.cases.all() == []
    assert await standing(settings) is Schema.CURRENT


async def test_migrating_first_and_opening_then(tmp_path: Path) -> None:
    settings = settings_for(tmp_path / "fresh")
    await wiring.migrate_database(settings)
    async with wiring.open_memory(settings) as memory, memory.begin() as work:
        assert await work.cases.all() == []


@pytest.mark.parametrize("is_embedded", [True, False])
async def test_a_database_of_a_newer_version_is_left_alone(tmp_path: Path, is_embedded: bool) -> None:
    settings = settings_for(tmp_path)
    await wiring.migrate_database(settings)
    await stand_at(settings, "9999")
    if not is_embedded:
        keys = SecretStr(settings.key_file.read_text(encoding="ascii"))
        settings = settings.model_copy(update={"database_url": SecretStr(settings.database), "secret_keys": keys})
    for opening in (wiring.migrate_database(settings), open_and_close(settings)):
        with pytest.raises(BadSetting, match="unknown to this version"):
            await opening
    assert await standing(settings) is Schema.FOREIGN


async def test_a_database_elsewhere_is_migrated_by_hand_only(tmp_path: Path) -> None:
    url = SecretStr(f"sqlite+aiosqlite:///{tmp_path / 'elsewhere.db'}")
    settings = settings_for(tmp_path / "desk", database_url=url, secret_keys=SecretStr(new_key()))
    with pytest.raises(BadSetting, match="python -m bot migrate"):
        await open_and_close(settings)
    await wiring.migrate_database(settings)
    await open_and_close(settings)
    assert not settings.key_file.exists()


async def open_and_close(settings: Settings) -> None:
    async with wiring.open_memory(settings):
        pass


@pytest.mark.parametrize(
    ("company", "staff_mail", "expected"),
    [
        ("planet_management", None, ("info@planetmgmt.biz",)),
        ("planet_management", "staff@example.jp", ("info@planetmgmt.biz", "staff@example.jp")),
        ("plus_one", "staff@example.jp", ("staff@example.jp",)),
        ("plus_one", None, ()),
    ],
)
def test_staff_letters_go_to_the_office_and_then_to_the_setting(
    tmp_path: Path, company: str, staff_mail: str | None, expected: tuple[str, ...]
) -> None:
    server = SecretStr("smtp://mail.example.jp")
    settings = settings_for(tmp_path, company, staff_mail=staff_mail, smtp_url=server)
    pack = wiring.choose_company(settings)
    assert {offices.staff_mail(pack, settings, kind) for kind in RequestKind} == {expected}


@pytest.mark.parametrize(
    "live", [{"smtp_url": SecretStr("smtp://mail.example.jp")}, {"telegram_token": SecretStr("1234567:x")}]
)
async def test_a_desk_whose_requests_nobody_would_read_does_not_open(
    tmp_path: Path, live: dict[str, SecretStr]
) -> None:
    settings = settings_for(tmp_path, "plus_one", **live)
    with pytest.raises(BadSetting, match=r"offices\[plus_one_office\]\.mail is null"):
        async with wiring.open_desk(settings, lambda _: None):
            pass


def test_an_unknown_company_is_told_with_those_that_there_are(tmp_path: Path) -> None:
    with pytest.raises(BadSetting, match="There are: example_bookshop, planet_management, plus_one"):
        wiring.choose_company(settings_for(tmp_path, "nobody_ltd"))


@pytest.mark.parametrize("url", ["nonsense", "sqlite+aiosqlite:////nowhere/x.db", "mongodb://u:very-secret@host/x"])
async def test_a_database_that_is_not_there_is_told_in_a_sentence_without_its_url(tmp_path: Path, url: str) -> None:
    settings = settings_for(tmp_path, database_url=SecretStr(url), secret_keys=SecretStr(new_key()))
    with pytest.raises(BadSetting, match="Look at MADOGUCHI_DATABASE_URL") as fault:
        async with wiring.open_memory(settings):
            pass
    assert url not in str(fault.value.faults)
    with pytest.raises(BadSetting, match="Look at MADOGUCHI_DATABASE_URL"):
        await wiring.migrate_database(settings)
