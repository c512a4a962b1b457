"""The engine's manners, and one transaction: everything in it is kept together or not at all."""

import asyncio
from pathlib import Path

import aiosqlite
import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from handlers.desk.actors import Actor, ActorKind
from handlers.desk.lifecycle import Fact
from handlers.desk.ports import TurnRecord
from handlers.desk.requests import new_id
from storage.database import open_engine
from storage.tables import metadata
from tests.counter import COMPANY, HANAKO, Counter, url_of


async def state_of(counter: Counter) -> dict[str, list[dict[str, object]]]:
    return {table: await counter.rows(f"SELECT * FROM {table}") for table in metadata.tables}  # noqa: S608 - our names


async def do_everything(counter: Counter, chat: str) -> None:
    """Something in every table, and then a fault."""
    async with counter.memory.begin() as work:
        casework = counter.casework(work, chat)
        await work.register.replace_all(COMPANY, [])
        await work.conversations.claim(TurnRecord(new_id(), chat, "test", new_id(), counter.clock(), "said", "[]"))
        await casework.keep_words(new_id(), "words")
        await work.audit.append(counter.clock(), Fact.FILED, "x", Actor(ActorKind.CUSTOMER, chat))
        raise LookupError("in the middle")


async def test_an_exception_inside_leaves_nothing(counter: Counter) -> None:
    chat = await counter.chat("alice")
    await counter.files(chat)
    before = await state_of(counter)
    with pytest.raises(LookupError):
        await do_everything(counter, chat)
    assert await state_of(counter) == before


async def test_being_cancelled_inside_leaves_nothing(counter: Counter) -> None:
    before, inside = await state_of(counter), asyncio.Event()

    async def begin() -> None:
        async with counter.memory.begin() as work:
            await work.register.replace_all(COMPANY, [])
            inside.set()
            await asyncio.Event().wait()

    task = asyncio.create_task(begin())
    await inside.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await state_of(counter) == before


async def test_a_refusal_by_the_database_leaves_nothing(counter: Counter) -> None:
    before = await state_of(counter)
    turn = TurnRecord(new_id(), "no such conversation", "test", "1", counter.clock(), "", "[]")

    async def be_refused() -> None:
        async with counter.memory.begin() as work:
            await work.register.replace_all(COMPANY, [])
            await work.conversations.claim(turn)

    with pytest.raises(IntegrityError):
        await be_refused()
    assert await state_of(counter) == before


async def test_what_is_done_is_kept_when_everything_closes(counter: Counter) -> None:
    request = await counter.files("chat")
    await counter.memory.engine.dispose()
    assert await counter.case(request) == request


async def test_what_is_not_committed_is_seen_by_nobody(counter: Counter) -> None:
    async with counter.memory.begin() as work:
        await work.register.replace_all(COMPANY, [])
        rows = await rows_by_another_reader(counter.path)
    assert rows == 2
    assert await rows_by_another_reader(counter.path) == 0


async def rows_by_another_reader(path: Path) -> int:
    async with aiosqlite.connect(path) as other, other.execute("SELECT count(*) FROM customers") as cursor:
        row = await cursor.fetchone()
    assert row is not None
    return int(row[0])


async def test_sqlites_manners(counter: Counter) -> None:
    expected = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "secure_delete": 1, "busy_timeout": 10_000}
    async with counter.memory.engine.connect() as connection:
        for pragma, value in expected.items():
            assert (await connection.execute(text(f"PRAGMA {pragma}"))).scalar_one() == value, pragma


async def test_two_writers_come_one_after_the_other(counter: Counter) -> None:
    """Both read, then both write: without BEGIN IMMEDIATE one of them would be told that the database is locked."""
    met = []

    async def add(number: int) -> None:
        async with counter.memory.begin() as work:
            await work.audit.append(counter.clock(), Fact.FILED, f"s{number}", Actor(ActorKind.CLOCK, "c"))
            met.append(number)

    await asyncio.gather(*(add(number) for number in range(50)))
    assert len(met) == 50
    assert [row["number"] for row in await counter.rows("SELECT number FROM audit ORDER BY number")] == [*range(1, 51)]
    async with counter.memory.begin() as work:
        assert await work.audit.first_bad() is None


def test_an_engine_connects_only_when_it_is_used(tmp_path: Path) -> None:
    asyncio.run(open_engine(url_of(tmp_path / "none.db")).dispose())
    assert list(tmp_path.iterdir()) == []


async def test_what_is_deleted_is_overwritten(counter: Counter) -> None:
    [row] = await counter.rows("SELECT record FROM customers WHERE company = 'planet_management' LIMIT 1")
    async with counter.memory.begin() as work:
        assert await work.register.find(COMPANY, HANAKO)
        await work.register.replace_all(COMPANY, [])
    await counter.memory.engine.dispose()  # the last one to leave empties the write-ahead log into the file
    assert row["record"][16:48] not in counter.path.read_bytes()
