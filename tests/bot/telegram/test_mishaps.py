"""What cannot be decoded or handled: set aside with an alarm, told to its sender, and nobody waits for it."""

import json
import logging
from typing import Any

import pytest

from tests.bot.telegram.conftest import Door, Opens
from tests.bot.telegram.talks import RecordingTalk
from tests.botapi import BotApi, Person

SECRET = "Tanaka Hanako"


def poison(person: Person) -> dict[str, Any]:
    """aiogram's issue 1840: a forwarded message whose hidden author has no name."""
    origin = {"type": "hidden_user", "date": 1}
    sent = {"message_id": 7, "from": person.user, "chat": person.chat.as_json(), "date": 1, "text": SECRET}
    return {"message": {**sent, "forward_origin": origin}}


def parked_alarms(caplog: pytest.LogCaptureFixture) -> list[dict[str, Any]]:
    records = [record for record in caplog.records if record.getMessage() == "telegram.update_set_aside"]
    assert all(record.levelno == logging.ERROR for record in records)
    return [vars(record)["ids"] for record in records]


async def test_an_undecodable_update_is_set_aside_while_others_are_served(
    api: BotApi, talk: RecordingTalk, door: Door, caplog: pytest.LogCaptureFixture
) -> None:
    alice, bob = api.person(language_code="ja", started=True), api.person()
    poisoned = api.deliver(poison(alice))
    bob.says("hello")
    assert (await bob.hears_one()).text == "hello"
    assert (await alice.hears_one()).text == f"utter_mishap ja {poisoned}"
    await api.all_acknowledged()
    reason, raw = talk.parked[str(poisoned)]
    assert reason == "telegram.undecodable"
    assert json.loads(raw)["message"]["text"] == SECRET
    assert [alarm["update"] for alarm in parked_alarms(caplog)] == [str(poisoned)]
    assert SECRET not in caplog.text
    alice.says("still there?")
    assert (await alice.hears_one()).text == "still there?"


@pytest.mark.parametrize(
    "update",
    [
        {"message": None}, {"message": 5}, {"message": {}}, {"message": {"chat": {"id": "x"}, "text": SECRET}},
        {"callback_query": {"id": 5, "from": None, "message": []}}, {"edited_message": "x"}, {},
        {"of_a_kind_from_next_year": {"text": SECRET}}, {"message": {"chat": {"id": True}}},
        {"message": {"text": "\ud800", "date": 10**30, "chat": {"id": 1, "type": "private"}}},
    ],
    ids=str,
)  # fmt: skip
async def test_whatever_comes_is_acknowledged_and_the_next_one_served(
    api: BotApi, talk: RecordingTalk, door: Door, caplog: pytest.LogCaptureFixture, update: dict[str, Any]
) -> None:
    alice = api.person()
    strange = api.deliver(update)
    alice.says("hello")
    assert (await alice.hears_one()).text == "hello"
    await api.all_acknowledged()
    assert list(talk.parked) == [str(strange)]
    assert SECRET not in caplog.text


async def test_updates_that_nobody_asked_for_are_passed_over(api: BotApi, talk: RecordingTalk, door: Door) -> None:
    alice = api.person()
    api.deliver({"inline_query": {"id": "1", "from": alice.user, "query": "x", "offset": ""}})
    alice.says("hello")
    await alice.hears()
    await alice.hears_nothing_more()
    assert not talk.parked


async def test_an_update_without_a_number_is_set_aside_once_and_blocks_nobody(
    api: BotApi, talk: RecordingTalk, door: Door
) -> None:
    alice = api.person()
    nameless = api.cloud.queue
    with api.cloud.changing():
        added = nameless.add({"message": {"text": SECRET}}, raw=True)
        assert added is not None
        added.as_json = lambda: {"message": {"text": SECRET}}  # type: ignore[method-assign]
    await talk.until(lambda: talk.parked)
    began = len(api.calls("getUpdates"))
    await api.until(lambda: len(api.calls("getUpdates")) > began + 3)
    [(delivery, (reason, _))] = talk.parked.items()
    assert delivery.startswith("nameless.")
    assert reason == "telegram.nameless"
    alice.says("hello")
    assert (await alice.hears_one()).text == "hello"
    await api.all_acknowledged()


async def test_a_turn_that_fails_once_is_played_again(api: BotApi, talk: RecordingTalk, door: Door) -> None:
    alice = api.person()
    talk.failures = [RuntimeError("database is locked")]
    alice.says("hello")
    assert (await alice.hears_one()).text == "hello"
    await alice.hears_nothing_more()
    assert not talk.parked


async def test_a_turn_that_fails_is_set_aside_and_told_with_its_number(
    api: BotApi, talk: RecordingTalk, door: Door, caplog: pytest.LogCaptureFixture
) -> None:
    alice, bob = api.person(), api.person()
    talk.failures = [RuntimeError(f"no rule for {SECRET}")] * 2
    said = alice.says(SECRET)
    assert (await alice.hears_one()).text == f"utter_mishap en {said.update_id}"
    bob.says("hello")
    await bob.hears()
    await alice.hears_nothing_more()
    [alarm] = parked_alarms(caplog)
    assert (alarm["reason"], alarm["error"]) == ("telegram.handling_failed", "RuntimeError")
    assert alarm["where"].startswith("handle:")
    assert SECRET not in caplog.text
    assert not any(record.exc_info for record in caplog.records)


async def test_what_was_answered_before_the_mishap_is_said(api: BotApi, talk: RecordingTalk, door: Door) -> None:
    alice = api.person()
    played = talk.says

    def fail_at_the_caption(inbound: Any) -> Any:
        if inbound.text:
            raise RuntimeError
        return played(inbound)

    talk.says = fail_at_the_caption
    sent = alice.sends_document(b"%PDF-1.7", caption="here")
    heard = await alice.hears(2)
    assert [message.text for message in heard] == ["document.pdf: 8 bytes", f"utter_mishap en {sent.update_id}"]
    await alice.hears_nothing_more()
    assert talk.is_square


async def test_without_a_memory_nothing_is_acknowledged(api: BotApi, talk: RecordingTalk, opens: Opens) -> None:
    alice = api.person()
    async with opens(talk) as door:
        talk.failures = [OSError()] * 1000
        talk.parking_failures = [OSError()] * 1000
        said = alice.says("hello")
        await api.until(lambda: len(talk.attempts) > 3)
        await door.shuts()
        assert api.unconfirmed == [said.update_id]
    talk.failures.clear()
    talk.parking_failures.clear()
    async with opens(talk):
        assert (await alice.hears_one()).text == "hello"
        await alice.hears_nothing_more()


async def test_when_the_memory_comes_back_the_turn_is_played_after_all(
    api: BotApi, talk: RecordingTalk, door: Door
) -> None:
    alice = api.person()
    talk.failures = [OSError()] * 4
    talk.parking_failures = [OSError()] * 2
    alice.says("hello")
    assert (await alice.hears_one()).text == "hello"
    await alice.hears_nothing_more()
    assert not talk.parked
