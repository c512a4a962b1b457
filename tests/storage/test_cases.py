"""Requests and their timelines come back as they were put on file."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handlers.desk.assurance import Proof
from handlers.desk.ports import Entry, EntryKind
from handlers.desk.requests import Detail, Outcome, Request, RequestKind, Status, new_id, new_ref
from storage.case_keys import SqlCaseKeys
from storage.vault import SealBroken
from tests.counter import COMPANY, Counter, open_counter

INSTANTS = st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - just below
DATES = st.dates(date(2000, 1, 1), date(2100, 1, 1))
WORDS = st.text(st.characters(), max_size=30)
REQUESTS = st.builds(
    Request,
    id=st.builds(new_id),
    ref=st.builds(new_ref),
    company=st.sampled_from([COMPANY, "plus_one"]),
    kind=st.sampled_from(RequestKind),
    article=st.none() | st.sampled_from(["33(1)", "35(1), 35(5)"]),
    grounds=st.lists(st.sampled_from(["harm", "leak", "not_true"]), unique=True).map(tuple),
    status=st.sampled_from(Status),
    outcome=st.none() | st.sampled_from(Outcome),
    assurance=st.frozensets(st.sampled_from(Proof)),
    customer_id=st.none() | st.builds(new_id),
    conversation_id=st.builds(new_id),
    language=st.sampled_from(["en", "ja"]),
    details=st.lists(st.builds(Detail, WORDS, WORDS, WORDS, WORDS), max_size=3).map(tuple),
    arrived_at=INSTANTS,
    filed_at=INSTANTS,
    first_touch_on=DATES,
    target_on=DATES,
    legal_mark_on=st.none() | DATES,
    owner=st.none() | st.just("staff-1"),
)


@settings(max_examples=40)
@given(filed=REQUESTS)
async def test_a_request_comes_back_whole(blank_database: Path, filed: Request) -> None:
    with TemporaryDirectory() as folder:
        async with open_counter(Path(folder), blank_database) as counter:
            async with counter.memory.begin() as work:
                await work.cases.add(filed)
            async with counter.memory.begin() as work:
                assert await work.cases.get(filed.id) == filed
                assert await work.cases.by_ref(filed.ref) == filed
                assert list(await work.cases.of_conversation(filed.conversation_id)) == [filed]


async def test_saving_keeps_status_outcome_and_owner_and_nothing_else(counter: Counter) -> None:
    request = await counter.files("chat")
    changed = replace(
        request, status=Status.WITHDRAWN, outcome=Outcome.WITHDRAWN, owner="staff-1", language="ja", article="1"
    )
    async with counter.memory.begin() as work:
        await work.cases.save(changed)
    assert await counter.case(request) == replace(changed, language=request.language, article=request.article)


async def test_what_is_not_there_is_none(counter: Counter) -> None:
    async with counter.memory.begin() as work:
        assert await work.cases.get("0" * 32) is None
        assert await work.cases.by_ref("M-2222-2222-22") is None
        assert await work.cases.entries("0" * 32) == []
        assert await work.cases.all() == []


async def test_all_requests_oldest_first_or_a_companys(counter: Counter) -> None:
    first = await counter.files("a")
    counter.clock.goes_on(seconds=1)
    second = await counter.files("b")
    async with counter.memory.begin() as work:
        assert list(await work.cases.all()) == list(await work.cases.all(COMPANY)) == [first, second]
        assert await work.cases.all("plus_one") == []


async def test_a_timeline_is_in_order_and_without_the_content(counter: Counter) -> None:
    now = counter.clock()
    kept = [
        Entry(new_id(), "case", EntryKind.WORDS, now + timedelta(seconds=2), "second"),
        Entry(new_id(), "case", EntryKind.DOCUMENT, now, "first.png", b"\x89PNG content", "image/png"),
        Entry(new_id(), "other", EntryKind.WORDS, now, "elsewhere"),
    ]
    async with counter.memory.begin() as work:
        for each in kept:
            await work.cases.add_entry(each)
    async with counter.memory.begin() as work:
        found = await work.cases.entries("case")
        assert list(found) == [replace(kept[1], content=None), kept[0]]
        await work.cases.adopt_entries("other", "case", "add")
        *at_first, last = [each.text for each in await work.cases.entries("case")]
    assert (sorted(at_first), last) == (["elsewhere", "first.png"], "second")


async def test_the_content_of_a_document_is_kept_sealed(counter: Counter) -> None:
    entry = Entry(new_id(), "case", EntryKind.DOCUMENT, counter.clock(), "p.png", b"\x89PNG canary", "image/png")
    async with counter.memory.begin() as work:
        await work.cases.add_entry(entry)
    [row] = await counter.rows("SELECT content, text FROM case_entries")
    assert b"canary" not in row["content"]
    with pytest.raises(SealBroken):  # the master key alone does not open it
        counter.memory.vault.open("case_entries.content", entry.id, row["content"])
    async with counter.memory.engine.connect() as connection:
        seal = await SqlCaseKeys(connection, counter.memory.vault).of("case")
    assert seal.open("case_entries.content", entry.id, row["content"]) == entry.content
    with pytest.raises(SealBroken):
        seal.open("case_entries.text", entry.id, row["content"])


async def test_details_put_into_another_row_do_not_open(counter: Counter) -> None:
    one, other = await counter.files("chat"), await counter.files("chat")
    async with counter.memory.engine.begin() as connection:
        await connection.exec_driver_sql(
            "UPDATE cases SET details = (SELECT details FROM cases WHERE id = ?) WHERE id = ?", (one.id, other.id)
        )
    async with counter.memory.begin() as work:
        assert await work.cases.get(one.id) == one
        with pytest.raises(SealBroken):
            await work.cases.get(other.id)
