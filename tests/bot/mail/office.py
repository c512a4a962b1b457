"""A mail room on a real SQLite file: customers, requests and letters owed come about by doing the work."""

import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import text

from bot.mail.letter import Letter
from bot.mail.letters import Letterhead, Letters
from bot.mail.relay import Relay
from bot.mail.transport import Transport
from handlers.desk import codes
from handlers.desk.actors import Actor, ActorKind
from handlers.desk.calendars import Calendar
from handlers.desk.casework import Casework, CodeResult, Controller, Draft
from handlers.desk.deadlines import Targets
from handlers.desk.lifecycle import Notice
from handlers.desk.ports import ConversationRecord, Customer, TurnRecord
from handlers.desk.requests import Detail, Request, RequestKind, new_id
from handlers.desk.rights import Limit, Words, load_law
from storage.database import migrate, open_engine
from storage.unit_of_work import SqlMemory, SqlUnitOfWork
from storage.vault import Vault

SUNDAY = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
"""Noon in Tokyo, on a Sunday before a public holiday."""
HANAKO = "hanako@example.jp"
STAFF = "privacy@example.co.jp"
SECOND = "second@example.co.jp"
COMPANY = "plus_one"
MAIL_FROM = "desk@plus-one.example"
DISCLOSURE = (
    Detail("disclosure_what", "some", "Which data", "Only some of it"),
    Detail("scope", "orders", "What", "My orders of 2025"),
)


@dataclass
class Clock:
    """Stands still until it is told to go on."""

    now: datetime = SUNDAY

    def __call__(self) -> datetime:
        return self.now

    def goes_on(self, **span: float) -> None:
        self.now += timedelta(**span)


@dataclass
class Office:
    """The mail room, and the desk's doings that owe it letters."""

    memory: SqlMemory
    letters: Letters
    controller: Controller
    clock: Clock
    staff: list[str] = field(default_factory=lambda: [STAFF])

    def relay(self, transport: Transport, look_every: float = 60.0) -> Relay:
        return Relay(self.memory, self.letters, transport, self.clock, look_every=look_every, chance=lambda: 0.0)

    async def registers(self, *people: Customer) -> None:
        async with self.memory.begin() as work:
            await work.register.replace_all(COMPANY, people or (customer(),))

    async def chat(self, language: str = "en") -> str:
        """A conversation; returns its id."""
        now = self.clock()
        record = ConversationRecord(new_id(), COMPANY, "test", new_id(), language, now, now, "{}")
        async with self.memory.begin() as work:
            await work.conversations.save(record)
        return record.id

    async def exchange(self, chat: str, said: str, *replies: str, choices: Sequence[str] = ()) -> None:
        """One turn of the talk, as the talk keeps it."""
        shown = [{"label": each, "key": "k"} for each in choices]
        kept = [{"text": each, "choices": shown if each == replies[-1] else []} for each in replies]
        turn = TurnRecord(new_id(), chat, "test", new_id(), self.clock(), "", "[]")
        async with self.memory.begin() as work:
            await work.conversations.claim(turn)
            await work.conversations.answer(turn.id, said, json.dumps(kept, ensure_ascii=False))

    def casework(self, work: SqlUnitOfWork, chat: str) -> Casework:
        return Casework(work, self.controller, self.letters.code_key, Actor(ActorKind.CUSTOMER, chat), self.clock())

    async def asks_code(self, chat: str, email: str = HANAKO, case_id: str = "", kind: str = "disclosure") -> str:
        """Ask for a code; returns the id that the case will have."""
        case_id = case_id or new_id()
        async with self.memory.begin() as work:
            await self.casework(work, chat).challenge(case_id, RequestKind(kind), email)
        return case_id

    async def code_of(self, case_id: str, chat: str) -> str:
        async with self.memory.begin() as work:
            challenge = await work.challenges.current(case_id, chat)
        assert challenge is not None
        return codes.code_for(self.letters.code_key, challenge.id)

    async def proves(self, chat: str, kind: str = "disclosure") -> str:
        """Ask for a code and type it; returns the id that the case will have. The letter with the code stays owed."""
        case_id = await self.asks_code(chat, kind=kind)
        code = await self.code_of(case_id, chat)
        async with self.memory.begin() as work:
            assert await self.casework(work, chat).confirm(case_id, code) is CodeResult.CONFIRMED
        return case_id

    async def files(
        self,
        chat: str,
        *details: Detail,
        case_id: str = "",
        kind: str = "disclosure",
        grounds: tuple[str, ...] = (),
        language: str = "en",
        arrived_at: datetime | None = None,
        touches_contact: bool = False,
    ) -> Request:
        draft = Draft(
            id=case_id or new_id(),
            kind=RequestKind(kind),
            grounds=grounds,
            details=details or DISCLOSURE,
            arrived_at=arrived_at or self.clock(),
            language=language,
            touches_contact=touches_contact,
        )
        async with self.memory.begin() as work:
            return await self.casework(work, chat).file(draft)

    async def adds(self, request: Request, *words: str, document: str = "") -> None:
        draft = new_id()
        async with self.memory.begin() as work:
            casework = self.casework(work, request.conversation_id)
            for each in words:
                await casework.keep_words(draft, each)
            if document:
                await casework.keep_document(draft, document, b"%PDF-1.7", "application/pdf")
            await casework.add(request.ref, draft)

    async def withdraws(self, request: Request) -> None:
        async with self.memory.begin() as work:
            await self.casework(work, request.conversation_id).withdraw(request.ref)

    async def writes(self, *notices: Notice) -> list[Letter]:
        """What the relay would send now, of these kinds (of all, where none is named); everything stays owed."""
        found = []
        async with self.memory.begin() as work:
            rows = await work.outbox.claim(self.clock(), self.clock(), 100)
            for row in rows:
                letter = (
                    await self.letters.write(work, row, self.clock()) if row.notice in (notices or Notice) else None
                )
                found += [letter] if letter else []
        return found

    async def fate(self) -> list[tuple[str, str, int, str | None]]:
        """Each letter owed, oldest first: notice, what became of it, attempts, reason."""
        query = "SELECT notice, done_at, dead_at, attempts, reason FROM outbox ORDER BY created_at, rowid"
        async with self.memory.engine.connect() as connection:
            rows = (await connection.execute(text(query))).all()
        return [
            (r.notice, "done" if r.done_at else "dead" if r.dead_at else "owed", r.attempts, r.reason) for r in rows
        ]


def customer(email: str = HANAKO, name: str = "Hanako Sample", phone: str | None = "+81300000001") -> Customer:
    return Customer(new_id(), COMPANY, name, email, phone)


@asynccontextmanager
async def open_office(folder: Path) -> AsyncIterator[Office]:
    """An office of PLUS ONE on a fresh database, with Hanako in the register."""
    engine = open_engine(f"sqlite+aiosqlite:///{folder / 'mail.db'}")
    await migrate(engine)
    vault = Vault({"k1": b"k" * 32})
    controller = Controller(
        COMPANY,
        load_law("jp-appi"),
        Calendar(ZoneInfo("Asia/Tokyo"), holidays="jp"),
        Targets(Limit(business_days=1), Limit(days=14)),
    )
    staff = [STAFF]
    head = Letterhead(
        controller,
        company=Words(en="PLUS ONE Co., Ltd.", ja="PLUS ONE Co., Ltd."),
        desk=Words(en="PLUS ONE privacy desk", ja="PLUS ONE 個人情報窓口"),
        staff_mail=lambda _kind: tuple(staff),
        policy_grounds={
            "beyond_purpose": Words(en="used for what the policy does not name", ja="ポリシーにない目的での利用")
        },
    )
    letters = Letters({COMPANY: head}, MAIL_FROM, vault.code_key)
    office = Office(SqlMemory(engine, vault), letters, controller, Clock(), staff)
    await office.registers()
    try:
        yield office
    finally:
        await engine.dispose()
