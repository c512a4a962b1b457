"""Fetching, order and acknowledgement, against a real Bot API server with everything that can go wrong there."""

import asyncio
import logging
from dataclasses import replace
from itertools import pairwise
from time import monotonic
from typing import Any

import pytest

from handlers.dialogue.messages import Reply
from tests.bot.telegram.conftest import HURRIED, Door, Opens
from tests.bot.telegram.talks import RecordingTalk
from tests.botapi import BotApi, Call, CutOff


def hold(talk: RecordingTalk, chat: int) -> asyncio.Event:
    gate = talk.held[str(chat)] = asyncio.Event()
    return gate


async def test_an_update_is_acknowledged_only_when_its_replies_are_out(
    api: BotApi, talk: RecordingTalk, door: Door
) -> None:
    alice = api.person()
    talk.says = lambda _: [Reply("one"), Reply("two"), Reply("three")]
    unconfirmed: list[list[int]] = []
    api.on("sendMessage", lambda _: unconfirmed.append(api.unconfirmed), times=None)
    said = alice.says("hello")
    await alice.hears(3)
    await api.all_acknowledged()
    assert unconfirmed == [[said.update_id]] * 3


async def test_a_kill_in_the_middle_of_a_turn_brings_the_update_again(
    api: BotApi, talk: RecordingTalk, opens: Opens
) -> None:
    alice = api.person()
    hold(talk, alice.id)
    async with opens(talk) as door:
        alice.says("hello")
        await api.until(lambda: talk.attempts)
        await door.dies()
    talk.held.clear()
    async with opens(talk):
        assert (await alice.hears_one()).text == "hello"
        await alice.hears_nothing_more()
    assert len(talk.turns) == 1


async def test_a_kill_between_commit_and_reply_says_it_once(api: BotApi, talk: RecordingTalk, opens: Opens) -> None:
    alice = api.person()
    async with opens(talk) as door:

        async def kill(_: Call) -> None:
            await door.dies()
            raise CutOff

        api.on("sendMessage", kill)
        said = alice.says("hello")
        await asyncio.wait({door.task})
        assert len(talk.turns) == 1
        assert api.unconfirmed == [said.update_id]
    async with opens(talk):
        await alice.hears()
        await alice.hears_nothing_more()
    assert talk.is_square
    assert alice.chat.texts == ["hello"]


async def test_a_kill_between_two_replies_says_each_once(api: BotApi, talk: RecordingTalk, opens: Opens) -> None:
    alice = api.person()
    talk.says = lambda _: [Reply("one"), Reply("two"), Reply("three")]
    async with opens(talk) as door:

        async def kill_at_the_second(call: Call) -> None:
            if call.get("text") == "two":
                await door.dies()
                raise CutOff

        hook = api.on("sendMessage", kill_at_the_second, times=None)
        alice.says("hello")
        await asyncio.wait({door.task})
    hook.lift()
    async with opens(talk):
        await alice.hears(3)
        await alice.hears_nothing_more()
    assert alice.chat.texts == ["one", "two", "three"]


async def test_a_kill_before_the_reply_is_marked_repeats_it_once_at_most(
    api: BotApi, talk: RecordingTalk, opens: Opens
) -> None:
    alice = api.person()
    async with opens(talk) as door:
        api.on("sendMessage", lambda _: door.dies(), after=True)
        alice.says("hello")
        await asyncio.wait({door.task})
    async with opens(talk):
        await alice.hears(2)
        await alice.hears_nothing_more()
    assert alice.chat.texts == ["hello", "hello"]


async def test_a_redelivered_update_is_not_answered_again(api: BotApi, talk: RecordingTalk, door: Door) -> None:
    alice = api.person()
    said = alice.says("hello")
    await alice.hears()
    await api.all_acknowledged()
    assert said.update_id is not None
    for _ in range(3):
        api.redeliver(said.update_id)
        await alice.hears_nothing_more()
    assert len(talk.attempts) == 4
    assert len(talk.turns) == 1


async def test_a_random_lower_number_after_a_quiet_week_is_served(api: BotApi, talk: RecordingTalk, door: Door) -> None:
    alice = api.person()
    for number, text in ((900_000_000, "before"), (5, "after"), (400, "later"), (6, "and again")):
        await api.all_acknowledged()
        api.number_next_update(number)
        alice.says(text)
        assert (await alice.hears_one()).text == text
    await alice.hears_nothing_more()


async def test_one_chat_is_served_in_order_and_others_beside_it(api: BotApi, talk: RecordingTalk, door: Door) -> None:
    alice, bob = api.person(), api.person()
    gate = hold(talk, alice.id)
    for n in range(5):
        alice.says(f"{n}")
    for n in range(5):
        bob.says(f"{n}")
    assert [message.text for message in await bob.hears(5)] == list("01234")
    assert [inbound.text for inbound in talk.attempts if inbound.chat == str(alice.id)] == ["0"]
    gate.set()
    assert [message.text for message in await alice.hears(5)] == list("01234")
    assert talk.texts[5:] == list("01234")


async def test_an_unfinished_update_holds_back_every_later_acknowledgement(
    api: BotApi, talk: RecordingTalk, opens: Opens
) -> None:
    alice, bob = api.person(), api.person()
    gate = hold(talk, alice.id)
    async with opens(talk) as door:
        first = alice.says("first")
        for n in range(3):
            bob.says(f"{n}")
        await bob.hears(3)
        await talk.until(lambda: len(talk.turns) == 3 and talk.is_square)
        assert first.update_id is not None
        assert api.unconfirmed == [first.update_id + n for n in range(4)]
        await door.dies()
    gate.set()
    async with opens(talk):
        assert (await alice.hears_one()).text == "first"
        await bob.hears_nothing_more()
    assert api.unconfirmed == []


async def test_waiting_for_an_unfinished_update_is_no_busy_loop(api: BotApi, talk: RecordingTalk, opens: Opens) -> None:
    alice = api.person()
    gate = hold(talk, alice.id)
    async with opens(talk, replace(HURRIED, recheck=(0.02, 10.0))):
        alice.says("first")
        await talk_has_tried(api, talk)
        began, before = monotonic(), len(api.calls("getUpdates"))
        await api.until(lambda: len(api.calls("getUpdates")) >= before + 4)
        assert monotonic() - began > 0.02 * (1 + 2 + 4) * 0.75
        gate.set()
        await alice.hears()


async def talk_has_tried(api: BotApi, talk: RecordingTalk) -> None:
    await api.until(lambda: len(talk.attempts) and api.calls("getUpdates"))


async def test_an_idle_door_polls_long_and_confirms_once(api: BotApi, talk: RecordingTalk, door: Door) -> None:
    alice = api.person()
    said = alice.says("hello")
    await alice.hears()
    await api.all_acknowledged()
    assert said.update_id is not None
    alice.says("again")
    await alice.hears()
    await api.all_acknowledged()
    offsets = [request["offset"] for request in api.calls("getUpdates")]
    assert {offset for offset in offsets if offset} == {said.update_id + 1, said.update_id + 2}
    assert all(later is None or earlier is None or later > earlier for earlier, later in pairwise(map(_int, offsets)))
    assert api.calls("getUpdates")[0]["allowed_updates"] == [
        "message", "edited_message", "callback_query", "my_chat_member",
    ]  # fmt: skip


def _int(value: object) -> int | None:
    return value if isinstance(value, int) else None


async def test_a_flood_of_one_chat_does_not_lose_or_turn_round_anything(
    api: BotApi, talk: RecordingTalk, door: Door
) -> None:
    alice, bob = api.person(), api.person()
    for n in range(250):
        alice.says(str(n))
    bob.says("and me?")
    assert (await bob.hears_one(30)).text == "and me?"
    assert [message.text for message in await alice.hears(250, 30)] == [str(n) for n in range(250)]
    await alice.hears_nothing_more()


@pytest.mark.parametrize(
    "fault",
    [
        {"error": 500}, {"error": 502, "html": True}, {"half_json": True}, {"cut": "before"}, {"cut": "after"},
        {"error": 401}, {"error": 409}, {"error": 404}, {"error": 429, "retry_after": 1}, {"error": 429, "html": True},
    ],
    ids=str,
)  # fmt: skip
async def test_a_failed_fetch_is_tried_again(
    api: BotApi, talk: RecordingTalk, opens: Opens, fault: dict[str, Any]
) -> None:
    alice = api.person()
    api.fail("getUpdates", times=3 if "retry_after" not in fault else 1, **fault)
    async with opens(talk):
        alice.says("hello")
        assert (await alice.hears_one()).text == "hello"
        await alice.hears_nothing_more()


async def test_the_network_may_go_and_come_back(api: BotApi, talk: RecordingTalk, door: Door) -> None:
    alice = api.person()
    alice.says("before")
    await alice.hears()
    await api.goes_down()
    alice.says("in between")
    await api.comes_back()
    assert (await alice.hears_one()).text == "in between"


@pytest.mark.parametrize(
    ("description", "word"),
    [
        ("Conflict: can't use getUpdates method while webhook is active; use deleteWebhook", "webhook"),
        ("Conflict: terminated by other getUpdates request", "leaked"),
    ],
)
async def test_updates_that_go_elsewhere_raise_an_alarm(
    api: BotApi, talk: RecordingTalk, opens: Opens, caplog: pytest.LogCaptureFixture, description: str, word: str
) -> None:
    fault = api.fail("getUpdates", times=2, error=409, description=description)
    async with opens(talk):
        await fault.struck(2)
        await api.until(lambda: len(api.calls("getUpdates")) > 2)
    alarms = [record for record in caplog.records if record.getMessage() == "telegram.updates_go_elsewhere"]
    assert [record.levelno for record in alarms] == [logging.ERROR] * 2
    assert word in str(vars(alarms[0])["ids"]["advice"])
    assert not api.calls("deleteWebhook")


async def test_a_refused_token_raises_an_alarm(
    api: BotApi, talk: RecordingTalk, opens: Opens, caplog: pytest.LogCaptureFixture
) -> None:
    fault = api.fail("getUpdates", error=401)
    async with opens(talk):
        await fault.struck()
        await api.until(lambda: len(api.calls("getUpdates")) > 1)
    [alarm] = [record for record in caplog.records if record.getMessage() == "telegram.token_refused"]
    assert alarm.levelno == logging.ERROR
    assert api.token not in caplog.text


async def test_a_graceful_stop_finishes_what_is_in_hand_and_acknowledges_it(
    api: BotApi, talk: RecordingTalk, opens: Opens
) -> None:
    alice = api.person()
    gate = hold(talk, alice.id)
    async with opens(talk) as door:
        alice.says("one")
        alice.says("two")
        await api.until(lambda: talk.attempts)
        await api.until(lambda: sum(len(request.call.params) > 0 for request in api.calls("getUpdates")) > 1)
        door.stopping.set()
        gate.set()
        await door.task
        assert [message.text for message in await alice.hears(2)] == ["one", "two"]
        assert api.unconfirmed == []
        assert api.calls("getUpdates")[-1]["limit"] == 1
    said = alice.says("to the next one")
    assert api.unconfirmed == [said.update_id]


async def test_a_stop_does_not_wait_for_ever_for_what_hangs(api: BotApi, talk: RecordingTalk, opens: Opens) -> None:
    alice, bob = api.person(), api.person()
    hold(talk, bob.id)
    async with opens(talk, replace(HURRIED, drain=0.2)) as door:
        alice.says("one")
        stuck = bob.says("two")
        await alice.hears()
        await api.until(lambda: len(talk.attempts) == 2)
        await door.shuts()
    assert api.unconfirmed == [stuck.update_id]
