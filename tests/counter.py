"""The desk's counter without the talk: casework on a real SQLite file, each step in a transaction of its own."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import text

from handlers.desk import codes
from handlers.desk.actors import Actor, ActorKind
from handlers.desk.calendars import Calendar
from handlers.desk.casework import Casework, CodeResult, Controller, Draft
from handlers.desk.deadlines import Targets
from handlers.desk.ports import Challenge, ConversationRecord, Customer
from handlers.desk.requests import Detail, Request, RequestKind, new_id
from handlers.desk.rights import Limit, load_law
from storage.database import migrate, open_engine
from storage.unit_of_work import SqlMemory, SqlUnitOfWork
from storage.vault import Vault
from tests.factories import Clock

COMPANY = "planet_management"
HANAKO = "hanako@example.com"
TARO = "taro@example.jp"
NOBODY = "nobody@example.com"
KEYS = {"k1": bytes(range(32))}
TOKYO = ZoneInfo("Asia/Tokyo")
WORDS = Detail("scope", "my bookings", "Which data", "my bookings")


def url_of(path: Path) -> str:
    return f"sqlite+aiosqlite:///{path}"


@dataclass
class Counter:
    """A desk with its clock; chats are named by the tests."""

    memory: SqlMemory
    clock: Clock
    path: Path
    controller: Controller = field(
        default_factory=lambda: Controller(
            COMPANY,
            load_law("jp-appi"),
            Calendar(TOKYO, holidays="jp"),
            Targets(Limit(business_days=1), Limit(days=14)),
        )
    )

    @property
    def code_key(self) -> bytes:
        return self.memory.vault.code_key

    def casework(self, work: SqlUnitOfWork, who: str, kind: ActorKind = ActorKind.CUSTOMER) -> Casework:
        return Casework(work, self.controller, self.code_key, Actor(kind, who), self.clock())

    async def registers(self, *emails: str) -> dict[str, str]:
        """Put these people into the register; returns their ids by address."""
        people = [Customer(new_id(), COMPANY, f"Person {each}", each, "+81300000001") for each in emails]
        async with self.memory.begin() as work:
            await work.register.replace_all(COMPANY, people)
            return {each: str(await work.register.find(COMPANY, each)) for each in emails}

    async def challenge(
        self, chat: str, email: str = HANAKO, *, case: str = "", kind: RequestKind = RequestKind.DISCLOSURE
    ) -> str:
        """Ask for a code; returns the id that the case will have."""
        case = case or new_id()
        async with self.memory.begin() as work:
            await self.casework(work, chat).challenge(case, kind, email)
        return case

    async def current(self, chat: str, case: str) -> Challenge:
        async with self.memory.begin() as work:
            challenge = await work.challenges.current(case, chat)
        assert challenge is not None
        return challenge

    async def code(self, chat: str, case: str) -> str:
        """The right code of the newest challenge, as its letter would carry it."""
        return codes.code_for(self.code_key, (await self.current(chat, case)).id)

    async def confirm(self, chat: str, case: str, typed: str) -> CodeResult:
        async with self.memory.begin() as work:
            return await self.casework(work, chat).confirm(case, typed)

    async def guesses_wrong(self, chat: str, case: str) -> CodeResult:
        right = await self.code(chat, case)
        return await self.confirm(chat, case, "00000000" if right != "00000000" else "11111111")

    async def proves(self, chat: str, kind: RequestKind = RequestKind.DISCLOSURE, email: str = HANAKO) -> str:
        case = await self.challenge(chat, email, kind=kind)
        assert await self.confirm(chat, case, await self.code(chat, case)) is CodeResult.CONFIRMED
        return case

    async def files(
        self,
        chat: str,
        kind: RequestKind = RequestKind.DISCLOSURE,
        *,
        case: str = "",
        arrived_at: datetime | None = None,
        touches_contact: bool = False,
        grounds: tuple[str, ...] = (),
    ) -> Request:
        draft = Draft(
            id=case or new_id(),
            kind=kind,
            grounds=grounds,
            details=(WORDS,),
            arrived_at=arrived_at or self.clock(),
            language="en",
            touches_contact=touches_contact,
        )
        async with self.memory.begin() as work:
            return await self.casework(work, chat).file(draft)

    async def case(self, request: Request) -> Request:
        """The request as it is on file now."""
        async with self.memory.begin() as work:
            found = await work.cases.get(request.id)
        assert found is not None
        return found

    async def owed(self) -> list[tuple[str, str]]:
        """Letters owed, oldest first: notice and recipient."""
        rows = await self.rows("SELECT notice, recipient FROM outbox WHERE done_at IS NULL AND dead_at IS NULL")
        return [(row["notice"], row["recipient"]) for row in rows]

    async def rows(self, query: str, **values: object) -> list[dict[str, Any]]:
        """What lies in the database, past all of our own code."""
        async with self.memory.engine.connect() as connection:
            return [dict(row) for row in (await connection.execute(text(query), values)).mappings()]

    async def chat(self, name: str) -> str:
        """A conversation on file; returns its id."""
        record = ConversationRecord(new_id(), COMPANY, "test", name, "en", self.clock(), self.clock(), "{}")
        async with self.memory.begin() as work:
            await work.conversations.save(record)
        return record.id


@pytest.fixture(scope="session")
def blank_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database at the newest schema with nothing in it, made by Alembic once a run; tests copy it."""
    path = tmp_path_factory.mktemp("blank") / "blank.db"

    async def make() -> None:
        engine = open_engine(url_of(path))
        await migrate(engine)
        await engine.dispose()

    asyncio.run(make())
    return path


@asynccontextmanager
async def open_counter(folder: Path, blank: Path) -> AsyncIterator[Counter]:
    path = folder / "desk.db"
    shutil.copyfile(blank, path)
    engine = open_engine(url_of(path))
    try:
        yield Counter(SqlMemory(engine, Vault(KEYS)), Clock(), path)
    finally:
        await engine.dispose()


@pytest.fixture
async def counter(tmp_path: Path, blank_database: Path) -> AsyncIterator[Counter]:
    """A counter with Hanako and Taro in the register."""
    async with open_counter(tmp_path, blank_database) as opened:
        await opened.registers(HANAKO, TARO)
        yield opened
