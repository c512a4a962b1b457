"""Going over to a new key: row by row, while others read and write; and, killed in the middle, from there on."""

import asyncio
import sys
from pathlib import Path

import pytest
from sqlalchemy import select, update

from handlers.desk.ports import Entry, EntryKind, TurnRecord
from handlers.desk.requests import new_id
from storage.columns import sealed_columns
from storage.rotation import rotate
from storage.tables import case_entries, customers, metadata
from storage.unit_of_work import SqlMemory
from storage.vault import CASE, SealBroken, Vault
from tests.counter import COMPANY, HANAKO, KEYS, NOBODY, TARO, Counter, url_of
from tests.journeys.process import environment

NEWEST = {"k2": bytes(reversed(range(32)))}
BOTH = {**NEWEST, **KEYS}
RING = "k2:Hx4dHBsaGRgXFhUUExIREA8ODQwLCgkIBwYFBAMCAQA=,k1:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="


async def fill(counter: Counter, turns: int = 30) -> str:
    """A case with a document, and a chat with so many turns; returns the case's reference."""
    chat = await counter.chat("alice")
    request = await counter.files(chat, case=await counter.proves(chat))
    async with counter.memory.begin() as work:
        document = Entry(new_id(), request.id, EntryKind.DOCUMENT, counter.clock(), "p.pdf", b"%PDF-1.7 ")
        await work.cases.add_entry(document)
        for number in range(turns):
            turn = TurnRecord(new_id(), chat, "test", f"d{number}", counter.clock(), f"words {number}", "[]")
            await work.conversations.claim(turn)
    return request.ref


async def keys_in_use(memory: SqlMemory) -> set[str]:
    """The master keys under which anything lies sealed: what is a case's own is under its key, and that one here."""
    found = set()
    async with memory.engine.connect() as connection:
        for table in metadata.sorted_tables:
            for name in sealed_columns(table):
                for (value,) in await connection.execute(select(table.c[name]).where(table.c[name].is_not(None))):
                    found.add(value[1 : 1 + value[0]].decode())
    return found - {CASE}


async def all_of(counter: Counter, vault: Vault, ref: str) -> tuple[object, ...]:
    """Everything that can be read of a case and of the register."""
    async with SqlMemory(counter.memory.engine, vault).begin() as work:
        request = await work.cases.by_ref(ref)
        assert request is not None
        entries = [await work.cases.entry(each.id) for each in await work.cases.entries(request.id)]
        found = [await work.register.find(COMPANY, email) for email in (HANAKO, TARO, NOBODY)]
        people = [None if each is None else await work.register.get(each) for each in found]
        said = [each.said for each in await work.conversations.turns_since(request.conversation_id, request.filed_at)]
        return request, (entries, said), people, await work.audit.first_bad()


async def test_everything_comes_under_the_newest_key_and_reads_as_before(counter: Counter) -> None:
    ref = await fill(counter)
    before = await all_of(counter, Vault(KEYS), ref)
    progress = [each async for each in rotate(SqlMemory(counter.memory.engine, Vault(BOTH)), batch=7)]
    assert await keys_in_use(counter.memory) == {"k2"}
    assert await all_of(counter, Vault(BOTH), ref) == before
    assert {each.table for each in progress} == {
        "customers", "cases", "case_entries", "case_keys", "conversations", "turns",
    }  # fmt: skip
    assert all(each.seen <= each.rows for each in progress)
    again = [each async for each in rotate(SqlMemory(counter.memory.engine, Vault(BOTH)))]
    assert sum(each.resealed for each in again) == 0
    request, entries, people, _ = await all_of(counter, Vault(NEWEST), ref)
    assert (request, entries, people) == before[:3]


async def test_people_are_found_before_in_the_middle_and_after(counter: Counter) -> None:
    async def find() -> list[bool]:
        async with SqlMemory(counter.memory.engine, Vault(BOTH)).begin() as work:
            return [await work.register.find(COMPANY, each) is not None for each in (HANAKO, TARO, NOBODY)]

    assert await find() == [True, True, False]
    batches = 0
    async for _ in rotate(SqlMemory(counter.memory.engine, Vault(BOTH)), batch=1):
        assert await find() == [True, True, False]
        batches += 1
    assert batches == 2  # a person each
    async with counter.memory.engine.connect() as connection:
        kept = set((await connection.execute(select(customers.c.email_index))).scalars())
    newest = Vault(NEWEST)
    assert kept == {newest.indexes("customers.email", f"{COMPANY}|{each}")[0] for each in (HANAKO, TARO)}


async def test_budgets_go_on_over_a_change_of_keys(counter: Counter) -> None:
    for _ in range(3):
        await counter.challenge("chat")
    counter.memory = SqlMemory(counter.memory.engine, Vault(BOTH))
    case = await counter.challenge("chat")
    assert (await counter.current("chat", case)).customer_id is None


async def test_what_no_key_opens_stops_it_by_name(counter: Counter) -> None:
    await fill(counter)
    async with counter.memory.engine.begin() as connection:
        await connection.execute(update(case_entries).values(text=b"\x02k9nothing"))
    with pytest.raises(SealBroken, match=r"case_entries\.text"):
        _ = [each async for each in rotate(SqlMemory(counter.memory.engine, Vault(BOTH)))]


async def command(folder: Path, database: Path) -> asyncio.subprocess.Process:
    settings = {"database_url": url_of(database), "secret_keys": RING, "data_dir": folder / "data"}
    return await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", "keys", "rotate",
        cwd=folder, env=environment(**settings), stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip


async def test_killed_in_the_middle_it_goes_on_from_there_while_the_desk_serves(
    counter: Counter, tmp_path: Path
) -> None:
    ref = await fill(counter, turns=2000)
    before = await all_of(counter, Vault(KEYS), ref)
    serving = Counter(SqlMemory(counter.memory.engine, Vault(BOTH)), counter.clock, counter.path)
    process = await command(tmp_path, counter.path)
    assert process.stdout is not None
    while b"turns" not in await process.stdout.readline():
        assert not process.stdout.at_eof()
    process.kill()
    await process.wait()
    assert await keys_in_use(counter.memory) == {"k1", "k2"}
    assert await all_of(serving, Vault(BOTH), ref) == before
    process = await command(tmp_path, counter.path)
    filed = 0
    while process.returncode is None:
        await serving.files("another chat", case=await serving.proves("another chat", email=TARO))
        filed += 1
        serving.clock.goes_on(days=31)
        await asyncio.wait({asyncio.create_task(process.wait())}, timeout=0.2)
    assert process.stdout is not None
    told = (await process.stdout.read()).decode()
    assert process.returncode == 0
    assert "everything is sealed under the key k2" in told
    assert filed > 1
    assert await keys_in_use(counter.memory) == {"k2"}
    assert await all_of(serving, Vault(BOTH), ref) == before
    facts = await counter.rows("SELECT fact FROM audit WHERE fact LIKE '%rotat%' ORDER BY number")
    assert [row["fact"] for row in facts] == ["key_rotation_begun", "key_rotation_begun", "keys_rotated"]
