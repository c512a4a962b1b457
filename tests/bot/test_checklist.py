"""What is missing before the desk can go live, on real files and real servers: all at once, and nothing is touched."""

import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr
from sqlalchemy import text

import intents.companies
from bot import wiring
from bot.checklist import faults_of, folder_faults
from bot.commands import SAMPLE
from bot.register_file import read_register
from bot.settings import Settings
from handlers.desk.actors import Actor, ActorKind
from handlers.desk.casework import Casework, Draft
from handlers.desk.errors import BadSetting
from handlers.desk.lifecycle import Fact
from handlers.desk.requests import RequestKind, new_id
from intents.companies import PACKS
from storage.database import open_engine
from storage.vault import new_key
from tests.botapi import BotApi
from tests.factories import SUNDAY, settings_for
from tests.mailbox import MailServer

SECRET = "AAF1canaryTokenThatNobodyKnows_00001"


@pytest.fixture
async def api() -> AsyncIterator[BotApi]:
    async with BotApi() as running:
        yield running


@pytest.fixture
def server() -> Iterator[MailServer]:
    with MailServer() as running:
        yield running


@pytest.fixture
async def ready(tmp_path: Path, model_path: Path, api: BotApi, server: MailServer) -> Settings:
    """A desk that could go live: everything is there."""
    folder = tmp_path / "desk"
    settings = settings_for(
        folder,
        telegram_token=SecretStr(api.token),
        telegram_api_base=api.base_url,
        smtp_url=SecretStr(server.url),
        mail_from="desk@example.jp",
    )
    async with wiring.open_memory(settings) as memory, memory.begin() as work:
        await work.register.replace_all(settings.company, read_register(SAMPLE, settings.company))
        await work.audit.append(SUNDAY, Fact.REGISTER_IMPORTED, settings.company, Actor(ActorKind.STAFF, "s"))
    shutil.copyfile(model_path, settings.model_path)
    return settings


def but(settings: Settings, **changes: Any) -> Settings:
    return settings.model_copy(update=changes)


def tree(folder: Path) -> dict[str, bytes]:
    """Every file and its content; SQLite's own helper files come and go."""
    files = (path for path in folder.rglob("*") if path.is_file() and not path.name.endswith(("-wal", "-shm")))
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


async def execute(settings: Settings, statement: str) -> None:
    engine = open_engine(settings.database)
    async with engine.begin() as connection:
        await connection.execute(text(statement))
    await engine.dispose()


async def test_nothing_is_missing(ready: Settings) -> None:
    before = tree(ready.data_dir)
    assert await faults_of(ready) == []
    assert tree(ready.data_dir) == before


async def test_on_a_fresh_machine_everything_is_told_at_once_and_nothing_is_made(tmp_path: Path) -> None:
    settings = settings_for(tmp_path / "none", "plus_one")
    found = await faults_of(settings)
    assert [each.split()[0:4] for each in found] == [
        ["Nobody", "would", "read", "requests"],
        ["Nobody", "would", "read", "requests"],
        ["No", "customer", "of", "plus_one"],
        ["There", "is", "no", "trained"],
        ["MADOGUCHI_SMTP_URL", "is", "not", "set,"],
        ["MADOGUCHI_TELEGRAM_TOKEN", "is", "not", "set,"],
    ]
    assert tree(tmp_path) == {}


async def test_every_fault_is_whole_sentences_without_a_secret(ready: Settings, server: MailServer) -> None:
    broken = but(
        ready,
        company="nobody_ltd",
        secret_keys=SecretStr(SECRET),
        database_url=SecretStr(f"postgresql+asyncpg://u:{SECRET}@127.0.0.1:1/x"),
        smtp_url=SecretStr(f"smtp://u:{SECRET}@127.0.0.1:1"),
        telegram_token=SecretStr(f"1234567:{SECRET}"),
        data_dir=ready.data_dir / "none",
    )
    found = await faults_of(broken)
    assert len(found) == 6
    assert all(each[0].isupper() and each.endswith((".", "migrate", "train")) for each in found), found
    assert SECRET not in " ".join(found)


async def test_an_unknown_company(ready: Settings) -> None:
    assert await faults_of(but(ready, company="nobody_ltd")) == [
        "There is no company pack called 'nobody_ltd'. There are: example_bookshop, planet_management, plus_one."
    ]


async def test_nobody_to_read(ready: Settings) -> None:
    of_office, of_window, *_ = await faults_of(but(ready, company="plus_one"))
    assert "disclosure" in of_office.split(")")[0]
    assert "deletion" in of_window.split(")")[0]
    for fault, office in ((of_office, "plus_one_office"), (of_window, "service_window")):
        assert fault.startswith("Nobody would read requests of these kinds (")
        assert (
            f"): in plus_one/company.yml, offices[{office}].mail is null, and MADOGUCHI_STAFF_MAIL is not set. They"
            " would be filed, and their deadlines would run, and no person would know."
        ) in fault
    assert "Nobody would" not in " ".join(await faults_of(but(ready, company="plus_one", staff_mail="a@example.jp")))


async def test_a_staff_address_that_is_none(ready: Settings) -> None:
    assert await faults_of(but(ready, staff_mail="privacy desk")) == [
        "MADOGUCHI_STAFF_MAIL is not an e-mail address, so letters to staff cannot arrive."
    ]


async def test_a_database_without_its_key(ready: Settings) -> None:
    ready.key_file.unlink()
    [fault] = await faults_of(ready)
    assert fault.startswith(f"The database {ready.database_file} is there and its key {ready.key_file} is not")
    assert not ready.key_file.exists()


@pytest.mark.parametrize("content", [b"", b"k1:AAAA", b"\xff\xfe", "k1:鍵".encode()])
async def test_a_key_file_that_holds_no_key(ready: Settings, content: bytes) -> None:
    ready.key_file.write_bytes(content)
    [fault] = await faults_of(ready)
    assert fault.startswith(f"{ready.key_file}: ")


async def test_a_key_that_everybody_can_read(ready: Settings) -> None:
    ready.key_file.chmod(0o644)
    assert await faults_of(ready) == [
        f"The secret key can be read by others on this machine. Run: chmod 600 {ready.key_file}"
    ]


async def test_another_key_than_the_databases(ready: Settings) -> None:
    ready.key_file.write_text(new_key(), encoding="ascii")
    found = await faults_of(ready)
    assert found[0].startswith("The secret keys are not those that the database was written with")


async def test_keys_that_are_set_but_are_none(ready: Settings) -> None:
    assert await faults_of(but(ready, secret_keys=SecretStr(f"k1:{SECRET}"))) == [
        "MADOGUCHI_SECRET_KEYS: Secret key number 1 is not of the form id:base64 with 32 bytes behind it."
    ]


async def test_a_database_elsewhere_needs_its_keys_set(ready: Settings) -> None:
    [fault] = await faults_of(but(ready, database_url=SecretStr(ready.database)))
    assert fault.startswith("MADOGUCHI_DATABASE_URL is set, so MADOGUCHI_SECRET_KEYS has to be set too")


async def test_a_database_elsewhere_with_its_keys(ready: Settings) -> None:
    keys = SecretStr(ready.key_file.read_text(encoding="ascii"))
    assert await faults_of(but(ready, database_url=SecretStr(ready.database), secret_keys=keys)) == []


@pytest.mark.parametrize(
    "url",
    [
        "nonsense",
        "sqlite:///x.db",
        "nosuchdb://x",
        "postgresql+asyncpg://u:canary@127.0.0.1:1/x",
        "sqlite+aiosqlite:////no/x",
    ],
)
async def test_a_database_that_does_not_answer(ready: Settings, url: str) -> None:
    found = await faults_of(but(ready, database_url=SecretStr(url), secret_keys=SecretStr(new_key())))
    assert len(found) == 1
    assert found[0].startswith("The database does not answer (")
    assert found[0].endswith("). Look at MADOGUCHI_DATABASE_URL.")


async def test_a_database_file_that_is_none(ready: Settings) -> None:
    ready.database_file.write_bytes(b"not a database, but long enough to be taken for one" * 100)
    assert await faults_of(ready) == [f"The database does not answer (DatabaseError). Look at {ready.database_file}."]


@pytest.mark.parametrize(
    ("statement", "beginning"),
    [
        ("DELETE FROM alembic_version", "The database is not at this version's schema. Run: python -m bot migrate"),
        ("UPDATE alembic_version SET version_num = 'later'", "The database's schema is unknown to this version"),
    ],
)
async def test_another_schema(ready: Settings, statement: str, beginning: str) -> None:
    await execute(ready, statement)
    before = tree(ready.data_dir)
    [fault] = await faults_of(ready)
    assert fault.startswith(beginning)
    assert tree(ready.data_dir) == before


async def test_an_empty_register(ready: Settings) -> None:
    await execute(ready, "DELETE FROM customers")
    [fault] = await faults_of(ready)
    assert fault == (
        "No customer of planet_management is in the register, so nobody can prove who they are by e-mail."
        " Run: python -m bot customers import FILE.csv"
    )


async def test_an_audit_that_was_changed(ready: Settings) -> None:
    async with wiring.open_memory(ready) as memory, memory.begin() as work:
        await work.audit.append(SUNDAY, Fact.FILED, "x", Actor(ActorKind.CUSTOMER, "c"))
    await execute(ready, "UPDATE audit SET subject_id = 'y' WHERE number = 2")
    [fault] = await faults_of(ready)
    assert fault.startswith("The audit was changed at row 2 or just before it.")


async def test_no_model_and_one_that_is_damaged(ready: Settings) -> None:
    ready.model_path.write_bytes(b"PK nothing")
    [fault] = await faults_of(ready)
    assert fault.startswith(f"The model at {ready.model_path} is damaged")
    ready.model_path.unlink()
    assert await faults_of(ready) == [
        f"There is no trained model at {ready.model_path}. Run: python -m bot intents train"
    ]


async def test_a_mail_server_that_is_down(ready: Settings, server: MailServer) -> None:
    server.stop()
    [fault] = await faults_of(ready)
    assert fault.startswith("The mail server of MADOGUCHI_SMTP_URL cannot be reached")


async def test_a_mail_server_that_does_not_encrypt(ready: Settings, server: MailServer) -> None:
    [fault] = await faults_of(but(ready, smtp_url=SecretStr(f"{server.url}?starttls=required")))
    assert "STARTTLS" in fault


async def test_a_mail_server_that_lets_nobody_in(ready: Settings) -> None:
    with MailServer(user="desk", password="right") as strict:
        url = strict.url.replace("right", "canary")
        [fault] = await faults_of(but(ready, smtp_url=SecretStr(url)))
    assert "does not let us in" in fault
    assert "canary" not in fault


async def test_a_url_that_is_none(ready: Settings) -> None:
    [fault] = await faults_of(but(ready, smtp_url=SecretStr("mail.example.jp")))
    assert fault.startswith("MADOGUCHI_SMTP_URL must look like")


async def test_a_sender_that_nobody_has_and_one_that_is_none(ready: Settings) -> None:
    [fault] = await faults_of(but(ready, mail_from="desk@madoguchi.example"))
    assert fault.startswith("MADOGUCHI_MAIL_FROM is still desk@madoguchi.example")
    assert await faults_of(but(ready, mail_from="the desk")) == ["MADOGUCHI_MAIL_FROM is not an e-mail address."]


async def test_no_mail_server_at_all(ready: Settings) -> None:
    [fault] = await faults_of(but(ready, smtp_url=None))
    assert fault.startswith("MADOGUCHI_SMTP_URL is not set, so letters stay on this machine")


async def test_a_token_that_telegram_does_not_know(ready: Settings) -> None:
    [fault] = await faults_of(but(ready, telegram_token=SecretStr(f"7312456098:{SECRET}")))
    assert fault.startswith("Telegram does not know MADOGUCHI_TELEGRAM_TOKEN")
    assert SECRET not in fault


async def test_a_bot_api_server_that_is_down(ready: Settings, api: BotApi) -> None:
    await api.goes_down()
    [fault] = await faults_of(ready)
    assert fault.startswith("The server that MADOGUCHI_TELEGRAM_API_BASE names does not answer")
    await api.comes_back()


async def test_no_token_at_all(ready: Settings) -> None:
    [fault] = await faults_of(but(ready, telegram_token=None))
    assert fault.startswith("MADOGUCHI_TELEGRAM_TOKEN is not set")


def test_a_folder_that_may_not_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    assert folder_faults(tmp_path / "not there yet") == []
    [fault] = folder_faults(tmp_path / "file" / "var")
    assert (
        fault == f"The desk may not write in {tmp_path / 'file'}, where it has to keep its files (MADOGUCHI_DATA_DIR)."
    )


@pytest.fixture
def packs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Copies of all packs, to be edited, and the bookshop's once more as `my_company`."""
    folder = tmp_path / "packs"
    shutil.copytree(PACKS, folder, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    shutil.copytree(folder / "example_bookshop", folder / "my_company")
    edit(folder / "my_company" / "company.yml", "id: example_bookshop", "id: my_company")
    monkeypatch.setattr(intents.companies.pack, "PACKS", folder)
    return folder


def edit(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert text.count(old) == 1
    file.write_text(text.replace(old, new), encoding="utf-8")


async def test_all_that_is_wrong_with_a_pack_comes_in_one_run_as_the_guide_shows(ready: Settings, packs: Path) -> None:
    lead = "intents: [ask_retention]\n    lead: "
    edit(packs / "my_company" / "policy.yml", f"{lead}true", f"{lead}false")
    found = await faults_of(but(ready, company="my_company"))
    guide = (Path(__file__).parents[2] / "docs" / "your-company.md").read_text(encoding="utf-8")
    shown = guide.split("## 5. Check")[1].split("```")[3]
    assert " ".join(shown.split()) == " ".join(each for each in found if each.startswith("my_company"))
    assert any(each.startswith("No customer of my_company") for each in found)


@pytest.mark.parametrize("broken", ["law: jp-appi", 'handles: ["*"]', "id: my_company"])
async def test_a_pack_that_is_half_read_tells_the_rest_too(ready: Settings, packs: Path, broken: str) -> None:
    edit(packs / "my_company" / "company.yml", broken, f"{broken.split(':', maxsplit=1)[0]}: []")
    found = await faults_of(but(ready, company="my_company"))
    assert any(each.startswith("my_company/company.yml: ") for each in found)
    assert any("[privacy_desk].mail is privacy@bookshop.example" in each for each in found)
    assert any(each.startswith("No customer of my_company") for each in found)


async def test_another_companys_half_edited_pack_stops_nobody(ready: Settings, packs: Path) -> None:
    (packs / "my_company" / "company.yml").write_text("id: [", encoding="utf-8")
    assert await faults_of(ready) == []
    [remark] = {each.split(":")[0] for each in wiring.pack_remarks(ready)}
    assert remark == "my_company/company.yml"
    assert wiring.pack_remarks(but(ready, company="my_company")) == []
    async with wiring.open_desk(ready, lambda _: None) as desk:
        assert desk.company.id == "planet_management"


async def test_a_pack_whose_requests_are_on_file_is_needed_for_their_letters(ready: Settings, packs: Path) -> None:
    mine = but(ready, company="my_company")
    async with wiring.open_memory(mine) as memory, memory.begin() as work:
        controller = wiring.controller_of(wiring.choose_company(mine))
        casework = Casework(work, controller, memory.vault.code_key, Actor(ActorKind.CUSTOMER, "chat"), SUNDAY)
        await casework.file(Draft(new_id(), RequestKind.COMPLAINT, (), (), SUNDAY, "en"))
    assert await faults_of(ready) == []
    (packs / "my_company" / "company.yml").write_text("id: [", encoding="utf-8")
    [fault] = {each.split(":")[0] for each in await faults_of(ready)}
    assert fault == "my_company/company.yml"
    with pytest.raises(BadSetting, match=r"my_company/company\.yml"):
        async with wiring.open_desk(ready, lambda _: None):
            pass
