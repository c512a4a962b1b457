"""Twins: a registered address and one that nobody has cause the same rows, the same letters and the same work.

Two counters play one script, one with each address; whoever is not told which is which cannot tell them apart.
"""

import shutil
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from handlers.desk.casework import CodeResult
from handlers.desk.errors import NotFound
from handlers.desk.requests import RequestKind
from storage.tables import metadata
from tests.counter import HANAKO, NOBODY, Counter, open_counter

ALLOWED = {("challenges", "customer_id"), ("challenges", "identity")}
"""Where twins may differ: who it is, which is the secret itself, and the blind index, which differs for any two."""


@pytest.fixture
async def twin(tmp_path: Path, blank_database: Path, counter: Counter) -> AsyncIterator[Counter]:
    """Another counter with the same people."""
    folder = tmp_path / "twin"
    folder.mkdir()
    async with open_counter(folder, blank_database) as other:
        await counter.memory.engine.dispose()
        shutil.copyfile(counter.path, other.path)
        yield other


def listen(counter: Counter) -> list[str]:
    """Every statement that reaches the database from now on."""
    heard: list[str] = []

    def hear(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        heard.append(statement)

    event.listen(counter.memory.engine.sync_engine, "before_cursor_execute", hear)
    return heard


async def rows_of(counter: Counter) -> dict[str, list[dict[str, Any]]]:
    """Every table, with ids replaced by the order in which they come up and sealed values by their lengths."""
    names: dict[str, str] = {}
    found = {}
    for table in metadata.sorted_tables:
        if table.name != "customers":
            rows = await counter.rows(f"SELECT * FROM {table.name} ORDER BY rowid")  # noqa: S608 - our own names
            found[table.name] = [{name: masked(name, value, names) for name, value in row.items()} for row in rows]
    return found


def masked(name: str, value: object, names: dict[str, str]) -> object:
    if name == "customer_id":
        return value is not None
    if isinstance(value, bytes):
        return len(value)
    is_drawn = isinstance(value, str) and (len(value) in {32, 64} or value.startswith("M-"))
    return names.setdefault(str(value), f"#{len(names)}") if is_drawn else value


async def script(counter: Counter, email: str) -> list[object]:
    """Everything that somebody who does not have the mailbox can do; returns all they get to see."""
    seen: list[object] = []
    for kind in (RequestKind.DISCLOSURE, RequestKind.MARKETING_STOP):
        case = await counter.challenge("chat", email, kind=kind)
        seen += [await counter.guesses_wrong("chat", case) for _ in range(2)]
        counter.clock.goes_on(seconds=20)
        await counter.challenge("chat", email, case=case, kind=kind)
        seen += [await counter.guesses_wrong("chat", case) for _ in range(7)]
        await counter.challenge("chat", email, case=case, kind=kind)
        counter.clock.goes_on(minutes=10)
        seen.append(await counter.guesses_wrong("chat", case))
        for _ in range(4):
            await counter.challenge("chat", email, case=case, kind=kind)
            seen.append(await counter.guesses_wrong("chat", case))
        request = await counter.files("chat", kind, case=case)
        seen += [request.status, request.assurance, request.customer_id, request.outcome, request.target_on]
        async with counter.memory.begin() as work:
            await counter.casework(work, "chat").add(request.ref, case)
        async with counter.memory.begin() as work:
            await counter.casework(work, "chat").withdraw(request.ref)
    return seen


async def test_twins_see_the_same_and_leave_the_same(counter: Counter, twin: Counter) -> None:
    heard, heard_of_twin = listen(counter), listen(twin)
    assert await script(counter, HANAKO) == await script(twin, NOBODY)
    assert heard == heard_of_twin
    left, left_by_twin = await rows_of(counter), await rows_of(twin)
    for table, rows in left.items():
        assert len(rows) == len(left_by_twin[table]), table
        for row, other in zip(rows, left_by_twin[table], strict=True):
            differing = {(table, name) for name in row if row[name] != other[name]}
            assert differing <= ALLOWED


async def test_twins_owe_the_same_letters(counter: Counter, twin: Counter) -> None:
    await script(counter, HANAKO)
    await script(twin, NOBODY)
    assert await counter.owed() == await twin.owed() != []


async def test_the_twin_test_can_tell_a_difference(counter: Counter, twin: Counter) -> None:
    """What the test above looks for would be found: here the mailbox is there, and the code is right."""
    case, other = await counter.challenge("chat", HANAKO), await twin.challenge("chat", NOBODY)
    assert await counter.confirm("chat", case, await counter.code("chat", case)) is CodeResult.CONFIRMED
    assert await twin.confirm("chat", other, await twin.code("chat", other)) is CodeResult.WRONG
    assert await rows_of(counter) != await rows_of(twin)


@pytest.mark.parametrize("verb", ["withdraw", "add"])
async def test_a_reference_of_another_chat_is_refused_as_one_that_is_not_there(counter: Counter, verb: str) -> None:
    request = await counter.files("somebody")
    heard = listen(counter)

    async def act(ref: str) -> None:
        async with counter.memory.begin() as work:
            casework = counter.casework(work, "nosy")
            await (casework.withdraw(ref) if verb == "withdraw" else casework.add(ref, "draft"))

    async def refuse(ref: str) -> tuple[object, ...]:
        heard.clear()
        with pytest.raises(NotFound) as refused:
            await act(ref)
        return type(refused.value), refused.value.args, tuple(heard)

    assert await refuse(request.ref) == await refuse("M-2222-2222-22")
    assert await counter.case(request) == request
