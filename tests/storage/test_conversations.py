"""Chats and turns: a delivery is answered once, whoever asks and however often."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handlers.desk.ports import ConversationRecord, ParkedUpdate, TurnRecord
from handlers.desk.requests import new_id
from tests.counter import COMPANY, Counter, open_counter


def turn(counter: Counter, chat: str, delivery: str, channel: str = "test") -> TurnRecord:
    return TurnRecord(new_id(), chat, channel, delivery, counter.clock(), "said", "[]")


async def claim(counter: Counter, one: TurnRecord) -> TurnRecord | None:
    async with counter.memory.begin() as work:
        return await work.conversations.claim(one)


async def test_a_conversation_comes_back_and_changes(counter: Counter) -> None:
    now = counter.clock()
    record = ConversationRecord(new_id(), COMPANY, "test", "alice", "en", now, now, '{"slots": {"name": "花子"}}')
    async with counter.memory.begin() as work:
        await work.conversations.save(record)
        assert await work.conversations.get(COMPANY, "test", "alice") == record
        assert await work.conversations.by_id(record.id) == record
    later = replace(record, language="ja", updated_at=now + timedelta(hours=1), state="{}")
    async with counter.memory.begin() as work:
        await work.conversations.save(later)
    async with counter.memory.begin() as work:
        assert await work.conversations.get(COMPANY, "test", "alice") == later


@pytest.mark.parametrize(
    "other", [("plus_one", "test", "alice"), (COMPANY, "terminal", "alice"), (COMPANY, "test", "b")]
)
async def test_conversations_are_kept_apart(counter: Counter, other: tuple[str, str, str]) -> None:
    await counter.chat("alice")
    async with counter.memory.begin() as work:
        assert await work.conversations.get(*other) is None
        assert await work.conversations.by_id("0" * 32) is None


async def test_the_first_claim_has_the_delivery_and_the_second_gets_its_answer(counter: Counter) -> None:
    chat = await counter.chat("alice")
    first = turn(counter, chat, "7")
    assert await claim(counter, first) is None
    async with counter.memory.begin() as work:
        await work.conversations.answer(first.id, "hello", '[{"text": "hi", "choices": []}]')
    seen = await claim(counter, turn(counter, chat, "7"))
    assert seen == replace(first, said="hello", replies='[{"text": "hi", "choices": []}]')


async def test_of_many_claims_at_once_one_has_it(counter: Counter) -> None:
    chat = await counter.chat("alice")
    turns = [turn(counter, chat, "7") for _ in range(40)]
    found = await asyncio.gather(*(claim(counter, each) for each in turns))
    [mine] = [each for each, seen in zip(turns, found, strict=True) if seen is None]
    assert {seen.id for seen in found if seen is not None} == {mine.id}
    assert len(await counter.rows("SELECT id FROM turns")) == 1


async def test_a_claim_that_is_rolled_back_leaves_the_delivery_free(counter: Counter) -> None:
    chat = await counter.chat("alice")
    with pytest.raises(LookupError):
        await claim_and_fail(counter, turn(counter, chat, "7"))
    assert await claim(counter, turn(counter, chat, "7")) is None


async def claim_and_fail(counter: Counter, one: TurnRecord) -> None:
    async with counter.memory.begin() as work:
        assert await work.conversations.claim(one) is None
        raise LookupError


async def test_deliveries_are_counted_by_channel(counter: Counter) -> None:
    chat = await counter.chat("alice")
    assert await claim(counter, turn(counter, chat, "7")) is None
    assert await claim(counter, turn(counter, chat, "7", "another")) is None
    assert await claim(counter, turn(counter, chat, "8")) is None


async def test_what_is_owed(counter: Counter) -> None:
    chat, now = await counter.chat("alice"), counter.clock()
    turns = []
    for number in range(4):
        turns.append(turn(counter, chat, str(number)))
        assert await claim(counter, turns[-1]) is None
        counter.clock.goes_on(seconds=1)
    await claim(counter, turn(counter, chat, "9", "another"))
    async with counter.memory.begin() as work:
        await work.conversations.mark_sent(turns[0].id, 1, counter.clock())
        await work.conversations.mark_sent(turns[1].id, 1, None)
    async with counter.memory.begin() as work:
        owed = await work.conversations.owed("test", now + timedelta(seconds=3), 10)
        assert [(name, each.id, each.sent) for name, each in owed] == [
            ("alice", turns[1].id, 1), ("alice", turns[2].id, 0),
        ]  # fmt: skip
        assert len(await work.conversations.owed("test", counter.clock(), 2)) == 2
        assert await work.conversations.owed("test", now, 10) == []


async def test_turns_since_an_instant_oldest_first(counter: Counter) -> None:
    chat, other = await counter.chat("alice"), await counter.chat("bob")
    for number in range(3):
        await claim(counter, turn(counter, chat, f"a{number}"))
        await claim(counter, turn(counter, other, f"b{number}"))
        counter.clock.goes_on(seconds=1)
    async with counter.memory.begin() as work:
        found = await work.conversations.turns_since(chat, counter.clock() - timedelta(seconds=2))
    assert [each.delivery for each in found] == ["a1", "a2"]


async def test_an_update_is_set_aside_once(counter: Counter) -> None:
    update = ParkedUpdate(new_id(), "test", "7", counter.clock(), "r" * 100, '{"secret": 1}')
    async with counter.memory.begin() as work:
        await work.conversations.park(update)
        await work.conversations.park(replace(update, id=new_id()))
        await work.conversations.park(replace(update, id=new_id(), delivery="8"))
        assert await work.conversations.parked() == 2
    [row, _] = await counter.rows("SELECT reason, raw FROM parked_updates ORDER BY delivery")
    assert row["reason"] == "r" * 64
    assert b"secret" not in row["raw"]


@settings(max_examples=40)
@given(said=st.text(st.characters(), max_size=50))
async def test_any_words_come_back(blank_database: Path, said: str) -> None:
    """Also NUL and half surrogates: the talk takes them out, but the memory must not break where one slips through."""
    with TemporaryDirectory() as folder:
        async with open_counter(Path(folder), blank_database) as counter:
            chat = await counter.chat("alice")
            one = turn(counter, chat, "7")
            await claim(counter, one)
            async with counter.memory.begin() as work:
                await work.conversations.answer(one.id, said, said)
            seen = await claim(counter, turn(counter, chat, "7"))
    assert seen == replace(one, said=said, replies=said)
