"""Builds every object once; the only file that sees all rooms."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

import intents
from bot.clock import Clock
from bot.mail.letters import Letterhead, Letters
from bot.mail.relay import Relay
from bot.mail.transport import open_transport
from bot.offices import pack_holes, staff_mail
from bot.settings import Settings
from handlers.desk.calendars import Block, Calendar
from handlers.desk.controller import Controller, Retention
from handlers.desk.deadlines import Targets
from handlers.desk.errors import BadSetting
from handlers.desk.requests import RequestKind
from handlers.desk.rights import Limit, Words, load_law
from handlers.dialogue.conversation import Conversation
from handlers.dialogue.notices import complaints_contact
from handlers.dialogue.script import Script, load_script
from handlers.dialogue.voice import Voice
from intents.catalogue import CATALOGUE
from intents.companies import Company, PackError, Span, Weekday, load_companies, load_company, pack_folders
from intents.embedded import EmbeddedEars
from intents.encoders import ENCODERS, Encoders, find_encoders
from intents.parse import Ears, Language
from intents.training import ready_model
from storage import vault
from storage.database import Schema, migrate, open_engine, schema_of
from storage.rotation import Progress, rotate
from storage.unit_of_work import SqlMemory
from storage.vault import Vault, read_keys

DATA = Path(intents.__file__).parent / "data"
_UNKNOWN_WORDS = "nlu_fallback"
"""Rasa's name for a message that nobody understood: in the domain, and no intent of anybody's lines."""

_SCHEMA_FAULTS = {
    Schema.OLDER: "The database is not at this version's schema. Run: python -m bot migrate",
    Schema.FOREIGN: (
        "The database's schema is unknown to this version of the desk: a newer version wrote it, or it is not the"
        " desk's. Run the version that wrote it, or restore a backup."
    ),
}
_PATIENCE = 15.0
_NO_ANSWER = (SQLAlchemyError, OSError, ImportError, TimeoutError)
"""How a database shows that it is not there, or not what its URL says."""

Tell = Callable[[str], None]


def utc_now() -> datetime:
    """The instant now, in UTC."""
    return datetime.now(UTC)


def fresh_key() -> str:
    """A new key as it stands in `MADOGUCHI_SECRET_KEYS`."""
    return vault.new_key()


def rotation(memory: SqlMemory) -> AsyncIterator[Progress]:
    """Seal everything anew under the newest key, batch by batch."""
    return rotate(memory)


def read_pack(name: str) -> tuple[Company | None, tuple[str, ...]]:
    """The pack of that name, and its faults; of a faulty one what could be read, None where there is none."""
    folders = pack_folders()
    if name not in folders:
        return None, (f"There is no company pack called {name!r}. There are: {', '.join(folders)}.",)
    try:
        return load_company(folders[name]), ()
    except PackError as fault:
        return fault.company, fault.faults


def company_called(name: str) -> Company:
    """The pack of that name. Raises BadSetting where it is faulty or not there; other packs do not matter."""
    company, faults = read_pack(name)
    if company is None or faults:
        raise BadSetting(faults)
    return company


def choose_company(settings: Settings) -> Company:
    """The pack the desk speaks for. Raises BadSetting where it is faulty or not there."""
    return company_called(settings.company)


def own_intents(script: Script | None = None) -> frozenset[str]:
    """The intents that were added to the catalogue: those that the script's domain names beside it."""
    return (script or load_script()).intents - CATALOGUE - {_UNKNOWN_WORDS}


def pack_remarks(settings: Settings) -> list[str]:
    """What is wrong with packs that the desk does not speak for, in sentences: they keep nobody from serving."""
    try:
        load_companies()
    except PackError as fault:
        return [each for each in fault.faults if not each.startswith(f"{settings.company}/")]
    return []


async def _served_too(company: Company, memory: SqlMemory) -> list[Company]:
    """The company, and those others of whom requests are on file: their letters and days go on.

    Raises BadSetting with the faults of these packs. One that is gone altogether has no letters any more.
    """
    async with memory.begin() as work:
        on_file = await work.cases.companies()
    others = [read_pack(name) for name in on_file if name != company.id]
    if faults := [fault for other, found in others if other is not None for fault in found]:
        raise BadSetting(faults)
    return [company, *(other for other, _ in others if other is not None)]


def controller_of(company: Company) -> Controller:
    """What the desk needs to know of a company. Raises BadSetting for an unknown law."""
    days = list(Weekday)
    calendar = Calendar(
        timezone=ZoneInfo(company.timezone),
        weekly_closed=frozenset(days.index(day) for day in company.calendar.weekly_closed),
        holidays=company.calendar.holidays,
        closures=frozenset(company.calendar.closures),
        hours={
            number: tuple(Block(each.opens, each.closes) for each in company.calendar.hours or () if day in each.days)
            for number, day in enumerate(days)
        },
    )
    targets = Targets(_limit(company.targets.first_touch), _limit(company.targets.decide))
    law, retention = load_law(company.law), _retention(company)
    return Controller(company.id, law, calendar, targets, retention=retention)


def _retention(company: Company) -> Retention:
    """How long contents are kept: what the pack names, and the desk's own times for the rest. Raises BadSetting."""
    named, own = company.retention, Retention()
    if named is None:
        return own
    if unknown := set(named.kinds) - set(RequestKind):
        raise BadSetting([f"{company.id}: retention names no kind of request: {', '.join(sorted(unknown))}."])
    return Retention(
        case_days=named.cases or own.case_days,
        chat_days=named.chats or own.chat_days,
        draft_days=named.drafts or own.draft_days,
        kinds={RequestKind(kind): days for kind, days in named.kinds.items()},
    )


def _limit(span: Span) -> Limit:
    return Limit(business_days=span.days) if span.business else Limit(days=span.days)


def letterhead_of(company: Company, settings: Settings) -> Letterhead:
    """In whose name letters go out, and who reads them."""
    return Letterhead(
        controller=controller_of(company),
        company=Words(en=company.name.en, ja=company.name.ja),
        desk=Words(en=company.desk.en, ja=company.desk.ja),
        staff_mail=lambda kind: staff_mail(company, settings, kind),
        complaints=_complaints(company),
        policy_grounds={each.id: Words(en=each.words.en, ja=each.words.ja) for each in company.grounds},
    )


def _complaints(company: Company) -> Words | None:
    contacts = {language: complaints_contact(company, language) for language in Language}
    return Words(en=contacts[Language.EN], ja=contacts[Language.JA]) if all(contacts.values()) else None


def open_vault(settings: Settings) -> Vault:
    """The keyring: from the setting, or the embedded desk's own key file, made at the first start.

    Raises BadSetting with a sentence that holds no key.
    """
    if settings.secret_keys is not None:
        return _vault(settings.secret_keys.get_secret_value(), "MADOGUCHI_SECRET_KEYS")
    if settings.database_url is not None:
        sentence = (
            "MADOGUCHI_DATABASE_URL is set, so MADOGUCHI_SECRET_KEYS has to be set too: personal data there is"
            " sealed, and the key must not lie beside it. Make one with: python -m bot keys new"
        )
        raise BadSetting([sentence])
    path = settings.key_file
    if not path.exists():
        if settings.database_file.exists():
            sentence = (
                f"The database {settings.database_file} is there and its key {path} is not: without that key nobody can"
                " read what is sealed in it. Put the key back from where its copy is kept."
            )
            raise BadSetting([sentence])
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(fresh_key(), encoding="ascii")
    return _vault(path.read_text(encoding="utf-8", errors="replace"), str(path))


def _vault(keys: str, place: str) -> Vault:
    try:
        return Vault(read_keys(keys))
    except ValueError as fault:
        raise BadSetting([f"{place}: {fault}"]) from None


async def ready_database(engine: AsyncEngine, settings: Settings) -> None:
    """Bring an embedded database to the newest schema; refuse any other that is not there. Raises BadSetting."""
    schema = await schema_of(engine)
    if schema is Schema.OLDER and settings.database_url is None:
        await migrate(engine)
    elif schema is not Schema.CURRENT:
        raise BadSetting([_SCHEMA_FAULTS[schema]])


def _no_answer(settings: Settings, fault: Exception) -> str:
    """Why the database cannot be reached, without its URL: that may hold a password."""
    named = "MADOGUCHI_DATABASE_URL" if settings.database_url is not None else str(settings.database_file)
    return f"The database does not answer ({type(fault).__name__}). Look at {named}."


@asynccontextmanager
async def _engine(settings: Settings) -> AsyncIterator[AsyncEngine]:
    """An engine whose database has answered. Raises BadSetting where it does not."""
    try:
        engine = open_engine(settings.database)
    except _NO_ANSWER as fault:
        raise BadSetting([_no_answer(settings, fault)]) from None
    try:
        try:
            async with asyncio.timeout(_PATIENCE), engine.connect():
                pass
        except _NO_ANSWER as fault:
            raise BadSetting([_no_answer(settings, fault)]) from None
        yield engine
    finally:
        await engine.dispose()


async def database_faults(settings: Settings) -> list[str]:
    """Why the database cannot serve, in sentences. Changes nothing; an embedded one is made at the first start."""
    if settings.database_url is None and not settings.database_file.exists():
        return []
    try:
        async with _engine(settings) as engine:
            schema = await schema_of(engine)
    except BadSetting as fault:
        return list(fault.faults)
    return [] if schema is Schema.CURRENT else [_SCHEMA_FAULTS[schema]]


async def migrate_database(settings: Settings) -> None:
    """Bring any database to this version's schema. Raises BadSetting for one that a newer version wrote."""
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    if settings.database_url is None:
        open_vault(settings)  # the key comes first: a database without its key is refused from then on
    async with _engine(settings) as engine:
        if await schema_of(engine) is Schema.FOREIGN:
            raise BadSetting([_SCHEMA_FAULTS[Schema.FOREIGN]])
        await migrate(engine)


@dataclass(frozen=True)
class Desk:
    """Everything that one process works with."""

    settings: Settings
    company: Company
    memory: SqlMemory
    conversation: Conversation
    relay: Relay
    time: Clock


@asynccontextmanager
async def open_memory(settings: Settings) -> AsyncIterator[SqlMemory]:
    """The database, at the newest schema, with its keyring."""
    try:
        vault = open_vault(settings)
        settings.data_dir.mkdir(parents=True, exist_ok=True)
    except OSError as fault:
        sentence = f"The desk cannot keep its files in {settings.data_dir} ({type(fault).__name__})."
        raise BadSetting([f"{sentence} Look at MADOGUCHI_DATA_DIR."]) from None
    async with _engine(settings) as engine:
        await ready_database(engine, settings)
        yield SqlMemory(engine, vault)


@asynccontextmanager
async def open_desk(
    settings: Settings, tell: Tell, *, ears: Ears | None = None, clock: Callable[[], datetime] = utc_now
) -> AsyncIterator[Desk]:
    """Build the desk. `tell` hears, in sentences, what takes time. Raises BadSetting with all that is missing.

    `ears` and `clock` replace the trained model and the instant now, for who has others.
    """
    company, script = choose_company(settings), load_script()
    if holes := pack_holes(company, settings, live=not settings.is_embedded, own=own_intents(script)):
        raise BadSetting(holes)
    transport = open_transport(settings.smtp_url.get_secret_value() if settings.smtp_url else None, settings.mail_dir)
    async with open_memory(settings) as memory, AsyncExitStack() as stack:
        letterheads = {each.id: letterhead_of(each, settings) for each in await _served_too(company, memory)}
        heard_by = await stack.enter_async_context(_open_ears(settings, tell, ears))
        code_key = memory.vault.code_key
        relay = Relay(memory, Letters(letterheads, settings.mail_from, code_key), transport, clock)
        conversation = Conversation(
            company=company,
            controller=letterheads[company.id].controller,
            memory=memory,
            ears=heard_by,
            voice=Voice(script),
            code_key=code_key,
            clock=clock,
            committed=relay.wake.set,
        )
        controllers = {each: head.controller for each, head in letterheads.items()}
        time = Clock(memory, controllers, code_key, clock, relay.wake.set)
        yield Desk(settings, company, memory, conversation, relay, time)


def encoders_of(settings: Settings) -> Encoders:
    """Those that set-up made, and the operator's own where one is named."""
    return find_encoders(ENCODERS, settings.encoder)


@asynccontextmanager
async def _open_ears(settings: Settings, tell: Tell, others: Ears | None) -> AsyncIterator[Ears]:
    """The embedded ears, trained if they have to be; a Rasa NLU server before them where one is named.

    `others` are taken as they are, and closed by who brought them.
    """
    if others is not None:
        yield others
        return
    encoders = encoders_of(settings)
    embedded = EmbeddedEars(await asyncio.to_thread(ready_model, DATA, settings.model_path, tell, encoders), encoders)
    following = asyncio.create_task(embedded.follow(settings.model_path))
    try:
        if settings.rasa_nlu_url is None:
            yield embedded
        else:
            from intents.rasa_server import RasaEars  # noqa: PLC0415  aiohttp takes long to import

            async with RasaEars(settings.rasa_nlu_url, embedded) as server:
                yield server
    finally:
        following.cancel()
        embedded.close()
