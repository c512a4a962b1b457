"""The audit chain: whatever is edited, removed, moved or put in is found, and the row is named.

What is cut off at the end is not seen by the chain alone: a head that was kept outside tells that, and also that
somebody who had the key wrote everything anew.
"""

import asyncio
import shutil
import sqlite3
from collections.abc import Callable, Collection
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handlers.desk.actors import Actor, ActorKind
from handlers.desk.lifecycle import Fact
from handlers.desk.ports import Head
from storage.database import open_engine
from storage.unit_of_work import SqlMemory
from storage.vault import Vault
from tests.counter import KEYS, Counter, url_of
from tests.factories import SUNDAY

ROWS = 12
NUMBERS = st.integers(1, ROWS)
COLUMNS = ["at", "fact", "subject_id", "actor_kind", "actor_id", "notes", "previous", "hash"]
VALUES = st.text(max_size=20) | st.integers(-(2**63), 2**63 - 1) | st.binary(max_size=8) | st.floats(allow_nan=False)

Mutation = Callable[[sqlite3.Connection], object]


@pytest.fixture(scope="module")
def chain(tmp_path_factory: pytest.TempPathFactory, blank_database: Path) -> Path:
    """A chain of a dozen rows in a file of its own."""
    path = tmp_path_factory.mktemp("chain") / "chain.db"
    shutil.copyfile(blank_database, path)

    async def write() -> None:
        engine = open_engine(url_of(path))
        async with SqlMemory(engine, Vault(KEYS)).begin() as work:
            for number in range(ROWS):
                actor = Actor(list(ActorKind)[number % 3], f"a{number % 2}")
                await work.audit.append(
                    SUNDAY, list(Fact)[number % len(Fact)], f"s{number % 4}", actor, {"n": str(number)}
                )
        await engine.dispose()

    asyncio.run(write())
    return path


async def first_bad(path: Path, vault: Vault, heads: Collection[Head] = ()) -> int | None:
    engine = open_engine(url_of(path))
    try:
        async with SqlMemory(engine, vault).begin() as work:
            return await work.audit.first_bad(heads)
    finally:
        await engine.dispose()


async def after(chain: Path, mutate: Mutation, vault: Vault | None = None, heads: Collection[Head] = ()) -> int | None:
    """What verifying says after somebody with the file, but without the key, has done something to it."""
    with TemporaryDirectory() as folder:
        path = Path(shutil.copyfile(chain, Path(folder) / "chain.db"))
        with closing(sqlite3.connect(path)) as connection, connection:
            mutate(connection)
        return await first_bad(path, vault or Vault(KEYS), heads)


def heads_of(chain: Path, *numbers: int) -> list[Head]:
    """What was kept outside when the chain was so long."""
    with closing(sqlite3.connect(chain)) as connection:
        links = dict(connection.execute("SELECT number, hash FROM audit"))
    return [Head(each, links[each]) for each in numbers]


def rows(connection: sqlite3.Connection) -> list[tuple[object, ...]]:
    return connection.execute(f"SELECT number, {', '.join(COLUMNS)} FROM audit ORDER BY number").fetchall()  # noqa: S608


def put(connection: sqlite3.Connection, *new: tuple[object, ...]) -> None:
    marks = ", ".join("?" * (len(COLUMNS) + 1))
    connection.executemany(f"INSERT INTO audit (number, {', '.join(COLUMNS)}) VALUES ({marks})", new)  # noqa: S608


async def test_an_untouched_chain_is_whole(chain: Path) -> None:
    assert await after(chain, lambda connection: None) is None


@given(NUMBERS, st.sampled_from(COLUMNS), VALUES)
async def test_an_edited_row_is_named(chain: Path, number: int, column: str, value: object) -> None:
    changed = False

    def edit(connection: sqlite3.Connection) -> None:
        nonlocal changed
        before = rows(connection)
        connection.execute(f"UPDATE audit SET {column} = ? WHERE number = ?", (value, number))  # noqa: S608 - our names
        changed = rows(connection) != before

    found = await after(chain, edit)
    assert found == (number if changed else None)


@settings(max_examples=30)
@given(NUMBERS, st.integers(1, 3))
async def test_removed_rows_are_noticed_at_the_next_one(chain: Path, number: int, count: int) -> None:
    found = await after(
        chain, lambda c: c.execute("DELETE FROM audit WHERE number >= ? AND number < ?", (number, number + count))
    )
    assert found == (number + count if number + count <= ROWS else None)


@settings(max_examples=30)
@given(NUMBERS, st.integers(1, 3))
async def test_removed_rows_are_noticed_though_the_rest_moves_up(chain: Path, number: int, count: int) -> None:
    def close_the_gap(connection: sqlite3.Connection) -> None:
        connection.execute("DELETE FROM audit WHERE number >= ? AND number < ?", (number, number + count))
        left = rows(connection)
        connection.execute("DELETE FROM audit")
        put(connection, *((place, *row[1:]) for place, row in enumerate(left, start=1)))

    found = await after(chain, close_the_gap)
    assert found == (number if number + count <= ROWS else None)


@settings(max_examples=30)
@given(st.lists(NUMBERS, min_size=2, max_size=2, unique=True))
async def test_swapped_rows_are_noticed(chain: Path, two: list[int]) -> None:
    def swap(connection: sqlite3.Connection) -> None:
        one, other = (row for row in rows(connection) if row[0] in two)
        connection.execute("DELETE FROM audit WHERE number IN (?, ?)", two)
        put(connection, (other[0], *one[1:]), (one[0], *other[1:]))

    assert await after(chain, swap) == min(two)


@settings(max_examples=30)
@given(st.integers(1, ROWS + 1), NUMBERS)
async def test_an_inserted_row_is_named(chain: Path, place: int, copied: int) -> None:
    """A copy of a real row, with its real signature, in between or behind the end."""

    def insert(connection: sqlite3.Connection) -> None:
        there = rows(connection)
        connection.execute("DELETE FROM audit")
        there.insert(place - 1, there[copied - 1])
        put(connection, *((number, *row[1:]) for number, row in enumerate(there, start=1)))

    found = await after(chain, insert)
    assert found == (place + 1 if copied == place else place)


@pytest.mark.parametrize("number", [0, -5, ROWS + 2, 10**9])
async def test_a_row_out_of_line_is_named(chain: Path, number: int) -> None:
    assert await after(chain, lambda c: put(c, (number, *rows(c)[0][1:]))) == number


@settings(max_examples=20)
@given(st.permutations(range(1, ROWS + 1)))
async def test_a_new_order_is_noticed(chain: Path, order: list[int]) -> None:
    def reorder(connection: sqlite3.Connection) -> None:
        there = rows(connection)
        connection.execute("DELETE FROM audit")
        put(connection, *((number, *there[place - 1][1:]) for number, place in enumerate(order, start=1)))

    moved = next((number for number, place in enumerate(order, start=1) if number != place), None)
    assert await after(chain, reorder) == moved


async def test_a_chain_written_with_another_key_is_bad_from_the_first_row(chain: Path) -> None:
    assert await after(chain, lambda connection: None, Vault({"k1": bytes(32)})) == 1


@pytest.mark.parametrize("kept", [0, 1, ROWS - 1])
async def test_what_is_cut_off_at_the_end_is_seen_by_a_head_that_was_kept(chain: Path, kept: int) -> None:
    def cut(connection: sqlite3.Connection) -> None:
        connection.execute("DELETE FROM audit WHERE number > ?", (kept,))

    assert await after(chain, cut, heads=heads_of(chain, ROWS)) == kept + 1
    assert await after(chain, cut) is None  # what the chain alone cannot tell
    if kept:
        assert await after(chain, cut, heads=heads_of(chain, kept)) is None


async def test_heads_of_a_chain_that_grew_since_are_still_in_it(chain: Path) -> None:
    assert await after(chain, lambda c: None, heads=heads_of(chain, 1, 5, ROWS)) is None


async def test_a_head_that_was_never_there_is_named(chain: Path) -> None:
    [head] = heads_of(chain, 5)
    assert await after(chain, lambda c: None, heads=[head, Head(5, "0" * 64)]) == 5
    assert await after(chain, lambda c: None, heads=[head, Head(ROWS + 9, "0" * 64)]) == ROWS + 1


async def test_a_chain_written_anew_by_who_has_the_key_is_seen_by_a_head(
    chain: Path, tmp_path: Path, blank_database: Path
) -> None:
    forged = Path(shutil.copyfile(blank_database, tmp_path / "forged.db"))
    engine = open_engine(url_of(forged))
    async with SqlMemory(engine, Vault(KEYS)).begin() as work:
        for number in range(ROWS + 3):
            await work.audit.append(SUNDAY, Fact.NOTED, "s", Actor(ActorKind.STAFF, "forger"), {"n": str(number)})
    await engine.dispose()
    assert await first_bad(forged, Vault(KEYS)) is None
    assert await first_bad(forged, Vault(KEYS), heads_of(chain, 3, ROWS)) == 3


async def test_the_chain_goes_on_after_a_restart(counter: Counter) -> None:
    await counter.files("chat")
    await counter.memory.engine.dispose()
    await counter.files("chat")
    found = await counter.rows("SELECT number, previous, hash FROM audit ORDER BY number")
    assert [row["number"] for row in found] == [1, 2]
    assert (found[0]["previous"], found[1]["previous"]) == ("0" * 64, found[0]["hash"])
    async with counter.memory.begin() as work:
        assert await work.audit.first_bad() is None
