"""Builds every object once; the only file that sees all rooms."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncEngine

import intents
from bot.mail.relay import Relay
from bot.mail.transport import open_transport
from bot.settings import EMBEDDED_STAFF_MAIL, Settings
from handlers.desk.casework import Controller
from handlers.desk.deadlines import Calendar, Targets
from handlers.desk.errors import BadSetting
from handlers.desk.requests import RequestKind
from handlers.desk.rights import load_law
from handlers.dialogue.conversation import Conversation
from handlers.dialogue.script import load_script
from handlers.dialogue.voice import Voice
from intents.companies import Company, PackError, Weekday, load_companies
from intents.embedded import EmbeddedEars
from intents.parse import Ears
from intents.training import ready_model
from storage import vault
from storage.database import is_current, migrate, open_engine
from storage.unit_of_work import SqlMemory
from storage.vault import Vault, read_keys

DATA = Path(intents.__file__).parent / "data"

_DISCLOSING = frozenset({RequestKind.DISCLOSURE, RequestKind.PROVISION_RECORDS, RequestKind.PURPOSE_NOTICE})

Tell = Callable[[str], None]


def utc_now() -> datetime:
    """The instant now, in UTC."""
    return datetime.now(UTC)


def fresh_key() -> str:
    """A new key as it stands in `MADOGUCHI_SECRET_KEYS`."""
    return vault.new_key()


def choose_company(settings: Settings) -> Company:
    """The pack the desk speaks for. Raises BadSetting where there is none of that name."""
    try:
        companies = load_companies()
    except PackError as fault:
        raise BadSetting(fault.faults) from fault
    if settings.company not in companies:
        known = ", ".join(sorted(companies))
        raise BadSetting([f"There is no company pack called {settings.company!r}. There are: {known}."])
    return companies[settings.company]


def controller_of(company: Company) -> Controller:
    """What the desk needs to know of a company. Raises BadSetting for an unknown law."""
    days = list(Weekday)
    calendar = Calendar(
        timezone=ZoneInfo(company.timezone),
        weekly_closed=frozenset(days.index(day) for day in company.calendar.weekly_closed),
        japanese_holidays=company.calendar.holidays == "jp",
        closures=frozenset(company.calendar.closures),
    )
    targets = Targets(company.targets.first_touch.days, company.targets.decide.days)
    return Controller(company.id, load_law(company.law), calendar, targets)


def staff_mail(company: Company, settings: Settings, kind: RequestKind) -> str | None:
    """Where letters about this kind of request go: the office's own address, else the setting, else nowhere yet."""
    office = company.office_for("disclosure" if kind in _DISCLOSING else "*")
    if office.mail is not None:
        return office.mail
    return settings.staff_mail or (EMBEDDED_STAFF_MAIL if settings.is_embedded else None)


def open_vault(settings: Settings) -> Vault:
    """The keyring: from the setting, or the embedded desk's own key file, made at the first start."""
    if settings.secret_keys is not None:
        return Vault(read_keys(settings.secret_keys.get_secret_value()))
    if settings.database_url is not None:
        sentence = (
            "MADOGUCHI_DATABASE_URL is set, so MADOGUCHI_SECRET_KEYS has to be set too: personal data there is"
            " sealed, and the key must not lie beside it. Make one with: python -m bot keys new"
        )
        raise BadSetting([sentence])
    path = settings.key_file
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(fresh_key(), encoding="ascii")
    return Vault(read_keys(path.read_text(encoding="ascii")))


async def ready_database(engine: AsyncEngine, settings: Settings) -> None:
    """Bring an embedded database to the newest schema; refuse any other that is not there. Raises BadSetting."""
    if settings.database_url is None:
        await migrate(engine)
    elif not await is_current(engine):
        raise BadSetting(["The database is not at this version's schema. Run: python -m bot migrate"])


async def migrate_database(settings: Settings) -> None:
    """Bring any database to this version's schema."""
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    engine = open_engine(settings.database)
    try:
        await migrate(engine)
    finally:
        await engine.dispose()


@dataclass(frozen=True)
class Desk:
    """Everything that one process works with."""

    settings: Settings
    company: Company
    engine: AsyncEngine
    memory: SqlMemory
    conversation: Conversation
    relay: Relay


@asynccontextmanager
async def open_memory(settings: Settings) -> AsyncIterator[SqlMemory]:
    """The database, at the newest schema, with its keyring."""
    vault = open_vault(settings)
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    engine = open_engine(settings.database)
    try:
        await ready_database(engine, settings)
        yield SqlMemory(engine, vault)
    finally:
        await engine.dispose()


@asynccontextmanager
async def open_desk(
    settings: Settings, tell: Tell, *, ears: Ears | None = None, clock: Callable[[], datetime] = utc_now
) -> AsyncIterator[Desk]:
    """Build the desk. `tell` hears, in sentences, what takes time. Raises BadSetting with all that is missing.

    `ears` and `clock` replace the trained model and the instant now, for who has others.
    """
    company = choose_company(settings)
    controller = controller_of(company)
    homeless = [kind for kind in RequestKind if staff_mail(company, settings, kind) is None]
    if homeless:
        sentence = (
            f"Nobody would read the requests: the pack of {company.name.en} names no address for"
            f" {', '.join(homeless)}, and MADOGUCHI_STAFF_MAIL is not set. Set it to the desk's mailbox."
        )
        raise BadSetting([sentence])
    async with open_memory(settings) as memory:
        heard_by = ears or EmbeddedEars(ready_model(DATA, settings.model_path, tell))
        voice = Voice(load_script())
        conversation = Conversation(company, controller, memory, heard_by, voice, memory.vault.code_key, clock)
        transport = open_transport(
            settings.smtp_url.get_secret_value() if settings.smtp_url else None, settings.mail_dir
        )
        relay = Relay(memory, transport)
        yield Desk(settings, company, memory.engine, memory, conversation, relay)
