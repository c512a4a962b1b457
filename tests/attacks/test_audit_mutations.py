"""Hundreds of random changes to the audit: each is found, given the head that was kept outside."""

import random
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from handlers.desk.actors import Actor, ActorKind
from handlers.desk.lifecycle import Fact
from handlers.desk.ports import Head
from storage.audit import SqlAudit
from storage.database import open_engine
from storage.unit_of_work import SqlMemory
from storage.vault import Vault
from tests.attacks.sizes import TIMES
from tests.counter import KEYS, url_of
from tests.factories import SUNDAY

ROWS = 30
MUTATIONS = 300 * TIMES
COLUMNS = ("at", "fact", "subject_id", "actor_kind", "actor_id", "notes", "previous", "hash")


def mutate(connection: sqlite3.Connection, chance: random.Random) -> str:
    """Do one thing to the chain without the key; returns what."""
    number, other = chance.sample(range(1, ROWS + 1), 2)
    column = chance.choice(COLUMNS)
    kind = chance.choice(["edit", "copy", "delete", "cut", "swap", "renumber", "empty"])
    match kind:
        case "edit":
            value = chance.randrange(10**15) if column == "at" else f"{chance.getrandbits(64):x}"
            connection.execute(f"UPDATE audit SET {column} = ? WHERE number = ?", (value, number))  # noqa: S608
        case "copy":
            columns = ", ".join(COLUMNS)
            copied = f"INSERT INTO audit SELECT ?, {columns} FROM audit WHERE number = ?"  # noqa: S608 - our names
            connection.execute(copied, (ROWS + 1, number))
        case "delete":
            connection.execute("DELETE FROM audit WHERE number = ?", (number,))
        case "cut":
            connection.execute("DELETE FROM audit WHERE number >= ?", (number,))
        case "swap":
            for before, after in ((number, 999), (other, number), (999, other)):
                connection.execute("UPDATE audit SET number = ? WHERE number = ?", (after, before))
        case "renumber":
            connection.execute("UPDATE audit SET number = number + 100 WHERE number >= ?", (number,))
        case _:
            connection.execute("DELETE FROM audit")
    connection.commit()
    return kind


async def missed(folder: Path, blank: Path, *, with_head: bool) -> set[str]:
    """The kinds of mutation that verifying did not find."""
    path, whole = folder / "chain.db", folder / "whole.db"
    shutil.copyfile(blank, path)
    engine = open_engine(url_of(path))
    memory, chance, found = SqlMemory(engine, Vault(KEYS)), random.Random(7), set[str]()
    async with memory.begin() as work:
        for number in range(ROWS):
            actor = Actor(ActorKind.STAFF, f"a{number % 3}")
            await work.audit.append(SUNDAY, list(Fact)[number % len(Fact)], f"s{number}", actor, {"n": str(number)})
        head = await work.audit.head()
    assert head is not None
    heads: list[Head] = [head] if with_head else []
    with closing(sqlite3.connect(path)) as connection, closing(sqlite3.connect(whole)) as copy:
        connection.backup(copy)
        for _ in range(MUTATIONS):
            kind = mutate(connection, chance)
            async with memory.begin() as work:
                if await work.audit.first_bad(heads) is None:
                    found.add(kind)
            rows = copy.execute("SELECT * FROM audit").fetchall()
            connection.execute("DELETE FROM audit")
            connection.executemany("INSERT INTO audit VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)
            connection.commit()
    async with memory.begin() as work:
        assert await work.audit.first_bad(heads) is None
    await engine.dispose()
    return found


async def test_every_mutation_is_found(tmp_path: Path, blank_database: Path) -> None:
    assert await missed(tmp_path, blank_database, with_head=True) == set()


async def test_control_without_a_head_what_is_cut_off_is_missed(tmp_path: Path, blank_database: Path) -> None:
    assert await missed(tmp_path, blank_database, with_head=False) == {"cut", "delete", "empty"}


async def test_control_a_chain_whose_rows_are_not_signed_is_caught(
    tmp_path: Path, blank_database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(SqlAudit, "_fits", lambda *_: True)
    assert "edit" in await missed(tmp_path, blank_database, with_head=True)
