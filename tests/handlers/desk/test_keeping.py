"""Retention: what is over is shredded for good, its row stays; what is held, open or young is not touched."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from bot.clock import A_DAY
from bot.clock import Clock as ClockDoor
from handlers.desk.actors import ActorKind
from handlers.desk.controller import Retention
from handlers.desk.errors import NotAllowed
from handlers.desk.ports import TurnRecord
from handlers.desk.requests import Request, RequestKind, new_id
from storage.case_keys import SqlCaseKeys
from storage.columns import sealed_columns
from storage.tables import metadata
from storage.vault import SealBroken
from tests.counter import Counter

DAYS = Retention().case_days


async def documented(counter: Counter, kind: RequestKind = RequestKind.DISCLOSURE) -> Request:
    """A request with words and a document beside it."""
    case = await counter.proves("chat", kind)
    async with counter.memory.begin() as work:
        casework = counter.casework(work, "chat")
        await casework.keep_words(case, "canary words")
        await casework.keep_document(case, "canary.pdf", b"%PDF-1.7 canary", "application/pdf")
    return await counter.files("chat", kind, case=case)


async def withdrawn(counter: Counter, kind: RequestKind = RequestKind.DISCLOSURE) -> Request:
    request = await documented(counter, kind)
    async with counter.memory.begin() as work:
        return await counter.casework(work, "chat").withdraw(request.ref)


async def sweep(counter: Counter) -> ClockDoor:
    """A day's clearing up, by a clock that has just started."""
    door = ClockDoor(counter.memory, {"it": counter.controller}, counter.code_key, counter.clock)
    await door.run_once()
    return door


async def sealed_of(counter: Counter, case_id: str) -> list[tuple[str, str, bytes]]:
    """(column, row, value) of everything sealed that belongs to a case, past all of our own code."""
    owners = {"cases": "id", "case_entries": "case_id", "case_decisions": "case_id"}
    found = []
    async with counter.memory.engine.connect() as connection:
        for name, owner in owners.items():
            table = metadata.tables[name]
            for row in await connection.execute(select(table).where(table.c[owner] == case_id)):
                found += [(f"{name}.{each}", row.id, getattr(row, each)) for each in sealed_columns(table)]
    return [each for each in found if each[2] is not None]


async def shredded_at(counter: Counter, request: Request) -> Any:
    [row] = await counter.rows("SELECT shredded_at FROM cases WHERE id = :id", id=request.id)
    return row["shredded_at"]


async def test_when_its_time_is_over_the_row_stays_and_the_content_is_noise(counter: Counter) -> None:
    request = await withdrawn(counter)
    copies = await sealed_of(counter, request.id)
    assert len(copies) == 4
    counter.clock.goes_on(days=DAYS)
    await sweep(counter)
    after = await counter.case(request)
    assert after == replace(request, details=())
    async with counter.memory.begin() as work:
        entries = [await work.cases.entry(each.id) for each in await work.cases.entries(request.id)]
        assert await work.audit.first_bad() is None
    async with counter.memory.engine.connect() as connection:
        seal = await SqlCaseKeys(connection, counter.memory.vault).of(request.id)
    assert [(each.text, each.content) for each in entries if each] == [("", None), ("", None)]
    assert {value for _, _, value in await sealed_of(counter, request.id)} == {b""}
    for column, row_id, copy in copies:  # as a backup would have them
        assert seal.open(column, row_id, copy) is None
        with pytest.raises(SealBroken):
            counter.memory.vault.open(column, row_id, copy)
    facts = [row["fact"] for row in await counter.rows("SELECT fact FROM audit ORDER BY number")]
    assert facts[-1] == "shredded"


async def test_a_moment_before_nothing_is_gone(counter: Counter) -> None:
    request = await withdrawn(counter)
    counter.clock.now += timedelta(days=DAYS) - timedelta(microseconds=1)
    await sweep(counter)
    assert await counter.case(request) == request


async def test_what_is_not_ended_is_never_shredded(counter: Counter) -> None:
    request = await documented(counter)
    counter.clock.goes_on(days=DAYS * 10)
    await sweep(counter)
    assert (await counter.case(request)).details == request.details


async def test_a_hold_keeps_it_until_it_is_released(counter: Counter) -> None:
    request = await withdrawn(counter)

    async def staff(do: str) -> None:
        async with counter.memory.begin() as work:
            casework = counter.casework(work, "Aoi", ActorKind.STAFF)
            await getattr(casework, do)(request.ref, "a lawsuit")

    await staff("hold")
    counter.clock.goes_on(days=DAYS + 1)
    await sweep(counter)
    assert (await counter.case(request)).details == request.details
    await staff("release")
    await sweep(counter)
    assert (await counter.case(request)).details == ()
    facts = [row["fact"] for row in await counter.rows("SELECT fact FROM audit ORDER BY number")]
    assert facts[-3:] == ["held", "released", "shredded"]


async def test_only_staff_hold_and_they_say_why(counter: Counter) -> None:
    request = await withdrawn(counter)
    for who, kind, reason in (("chat", ActorKind.CUSTOMER, "why not"), ("Aoi", ActorKind.STAFF, "  ")):
        with pytest.raises(NotAllowed):
            async with counter.memory.begin() as work:
                await counter.casework(work, who, kind).hold(request.ref, reason)


async def test_kinds_have_times_of_their_own(counter: Counter) -> None:
    counter.controller = replace(counter.controller, retention=Retention(kinds={RequestKind.DELETION: 7}))
    deletion, disclosure = await withdrawn(counter, RequestKind.DELETION), await withdrawn(counter)
    counter.clock.goes_on(days=7)
    await sweep(counter)
    assert await shredded_at(counter, deletion) is not None
    assert await shredded_at(counter, disclosure) is None


async def test_staff_can_still_note_something_about_a_shredded_request(counter: Counter) -> None:
    request = await withdrawn(counter)
    counter.clock.goes_on(days=DAYS)
    await sweep(counter)
    async with counter.memory.begin() as work:
        await counter.casework(work, "Aoi", ActorKind.STAFF).note(request.ref, "They called about it.")
    async with counter.memory.begin() as work:
        texts = [each.text for each in await work.cases.entries(request.id)]
    assert texts == ["", "", "They called about it."]


async def test_drafts_that_were_never_filed_go_and_cases_stay(counter: Counter) -> None:
    draft = new_id()
    async with counter.memory.begin() as work:
        await counter.casework(work, "chat").keep_document(draft, "canary.pdf", b"%PDF", "application/pdf")
    request = await documented(counter)
    counter.clock.goes_on(days=Retention().draft_days, seconds=1)
    await sweep(counter)
    assert await counter.rows("SELECT 1 FROM case_entries WHERE case_id = :id", id=draft) == []
    assert [row["id"] for row in await counter.rows("SELECT id FROM case_keys")] == [request.id]


async def test_a_silent_chat_is_forgotten_and_its_row_stays(counter: Counter) -> None:
    chat, other = await counter.chat("alice"), ""
    async with counter.memory.begin() as work:
        await work.conversations.claim(TurnRecord(new_id(), chat, "test", "d1", counter.clock(), "canary", "[]"))
    counter.clock.goes_on(days=Retention().chat_days, seconds=1)
    other = await counter.chat("bob")
    await sweep(counter)
    assert await counter.rows("SELECT 1 FROM turns") == []
    assert {row["id"] for row in await counter.rows("SELECT id FROM conversations")} == {chat, other}


async def test_a_clock_that_runs_on_clears_up_once_a_day(counter: Counter) -> None:
    request = await withdrawn(counter)
    door = await sweep(counter)
    counter.clock.goes_on(days=DAYS)
    counter.clock.now -= timedelta(days=DAYS) - A_DAY + timedelta(seconds=1)
    await door.run_once()
    assert await shredded_at(counter, request) is None
    counter.clock.goes_on(days=DAYS)
    await door.run_once()
    assert await shredded_at(counter, request) is not None
