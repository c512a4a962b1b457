"""Sending: how replies look, and what becomes of them when Telegram is slow, broken or refuses."""

import logging
from dataclasses import replace
from typing import Any

import pytest

from bot.telegram.replies import compose
from handlers.dialogue.messages import Choice, Reply
from tests.bot.telegram.conftest import HURRIED, Door, Opens
from tests.bot.telegram.talks import RecordingTalk, offering
from tests.botapi import BotApi, Call, CutOff

STUBBORN = replace(HURRIED, patience=30.0)


def events(caplog: pytest.LogCaptureFixture, level: int) -> list[str]:
    return [record.getMessage() for record in caplog.records if record.levelno >= level]


async def test_words_are_never_markup(api: BotApi, talk: RecordingTalk, door: Door) -> None:
    alice = api.person()
    wild = "<b>*bold*</b> [x](http://evil.example) `code` _it_ &amp; <script>"
    alice.says(wild)
    [heard] = await alice.hears()
    assert heard.text == wild
    [request] = api.calls("sendMessage")
    assert "parse_mode" not in request.params
    assert request["link_preview_options"] == {"is_disabled": True}


async def test_choices_are_buttons_one_a_row_under_the_last_part(api: BotApi, talk: RecordingTalk, door: Door) -> None:
    alice = api.person()
    choices = (Choice("Yes", "k.0"), Choice("長" * 18, "k.1"), Choice(" ", "k.2"), Choice("Too long a key", "k" * 65))
    talk.says = lambda _: [Reply("word " * 2000, choices)]
    alice.says("hello")
    *firsts, last = await alice.hears(3)
    assert not any(message.buttons for message in firsts)
    assert last.markup is not None
    assert [[(button.label, button.data) for button in row] for row in last.markup.buttons] == [
        [("Yes", "k.0")],
        [("長" * 18, "k.1")],
    ]


async def test_a_long_reply_comes_in_parts_that_telegram_takes(api: BotApi, talk: RecordingTalk, door: Door) -> None:
    alice = api.person()
    talk.says = lambda _: [Reply("👩‍👩‍👧 emoji. " * 1500), Reply("the end")]
    alice.says("hello")
    await api.until(lambda: alice.chat.texts[-1:] == ["the end"])
    await api.all_acknowledged()
    assert "".join(alice.chat.texts[:-1]).replace(" ", "") == "👩‍👩‍👧emoji." * 1500
    assert {request.code for request in api.calls("sendMessage")} == {200}


async def test_an_answer_without_words_is_done(api: BotApi, talk: RecordingTalk, door: Door) -> None:
    alice = api.person()
    talk.says = lambda _: []
    alice.says("hello")
    await alice.hears_nothing_more()
    assert talk.is_square
    talk.says = lambda _: [Reply(" \n "), Reply("words")]
    alice.says("hello")
    assert (await alice.hears_one()).text == "words"
    await alice.hears_nothing_more()
    assert talk.is_square


@pytest.mark.parametrize(
    "fault",
    [{"error": 500}, {"error": 502, "html": True}, {"cut": "before"}, {"error": 429, "html": True}, {"error": 401}],
    ids=str,
)
async def test_what_passes_by_itself_is_tried_again_and_said_once(
    api: BotApi, talk: RecordingTalk, opens: Opens, fault: dict[str, Any]
) -> None:
    alice = api.person()
    api.fail("sendMessage", times=3, **fault)
    async with opens(talk, STUBBORN):
        alice.says("hello")
        await alice.hears()
        await alice.hears_nothing_more()
    assert alice.chat.texts == ["hello"]


async def test_an_answer_that_cannot_be_read_but_says_done_is_not_repeated(
    api: BotApi, talk: RecordingTalk, door: Door
) -> None:
    alice = api.person()
    api.fail("sendMessage", half_json=True)
    alice.says("hello")
    await alice.hears()
    await alice.hears_nothing_more()
    assert talk.is_square


async def test_retry_after_is_obeyed_and_other_chats_go_on(api: BotApi, talk: RecordingTalk, door: Door) -> None:
    alice, bob = api.person(), api.person()
    limited = api.fail("sendMessage", chat=alice, error=429, retry_after=1)
    alice.says("hello")
    await limited.struck()
    bob.says("hello")
    await bob.hears()
    assert alice.chat.texts == []
    await alice.hears()
    await alice.hears_nothing_more()
    assert len(api.calls("sendMessage", alice)) == 2


async def test_what_telegram_delays_for_long_is_acknowledged_and_owed(
    api: BotApi, talk: RecordingTalk, opens: Opens
) -> None:
    alice = api.person()
    api.fail("sendMessage", chat=alice, error=429, retry_after=3600)
    async with opens(talk):
        alice.says("one")
        await api.all_acknowledged()
        alice.says("two")
        await api.until(lambda: len(talk.turns) == 2)
        await api.all_acknowledged()
        assert not talk.is_square
        assert len(api.calls("sendMessage", alice)) == 1
    async with opens(talk):
        assert [message.text for message in await alice.hears(2)] == ["one", "two"]
        await talk.until(lambda: talk.is_square)


async def test_after_an_outage_what_is_owed_is_said_in_order_before_what_is_new(
    api: BotApi, talk: RecordingTalk, opens: Opens
) -> None:
    alice, bob = api.person(), api.person()
    outage = api.fail("sendMessage", times=None, error=503)
    async with opens(talk, replace(HURRIED, patience=0.1)):
        for n in range(3):
            alice.says(f"{n}")
        bob.says("bob")
        await api.all_acknowledged()
        assert len(talk.turns) == 4
        outage.lift()
        alice.says("3")
        assert [message.text for message in await alice.hears(4)] == list("0123")
        await bob.hears()
        await talk.until(lambda: talk.is_square)
        await alice.hears_nothing_more()
        await bob.hears_nothing_more()


async def test_a_reply_of_many_parts_goes_on_where_it_stopped(api: BotApi, talk: RecordingTalk, opens: Opens) -> None:
    alice = api.person()
    talk.says = lambda _: [Reply("a" * 4096 + "b" * 4096 + "c" * 10)]

    def refuse_the_second(call: Call) -> None:
        if call.get("text").startswith("b"):
            raise CutOff

    outage = api.on("sendMessage", refuse_the_second, times=None)
    async with opens(talk, replace(HURRIED, patience=0.1)):
        alice.says("hello")
        await api.all_acknowledged()
        outage.lift()
        assert [message.text[0] for message in await alice.hears(3)] == list("abc")
        await alice.hears_nothing_more()


@pytest.mark.parametrize(
    "fault",
    [
        {"error": 403},
        {"error": 403, "description": "Forbidden: user is deactivated"},
        {"error": 400, "description": "Bad Request: chat not found"},
    ],
    ids=str,
)
async def test_who_is_gone_is_owed_nothing(
    api: BotApi, talk: RecordingTalk, door: Door, caplog: pytest.LogCaptureFixture, fault: dict[str, Any]
) -> None:
    alice = api.person()
    talk.says = lambda _: [Reply("one"), Reply("two")]
    api.fail("sendMessage", **fault)
    with caplog.at_level(logging.INFO, "madoguchi"):
        alice.says("hello")
        await talk.until(lambda: talk.turns and talk.is_square)
        await api.all_acknowledged()
    assert "telegram.chat_gone" in events(caplog, logging.INFO)
    assert len(api.calls("sendMessage")) == 1


async def test_refused_buttons_do_not_keep_the_words_back(
    api: BotApi, talk: RecordingTalk, door: Door, caplog: pytest.LogCaptureFixture
) -> None:
    alice = api.person()
    talk.says = offering("Which?", "One")
    api.fail("sendMessage", error=400, description="Bad Request: BUTTON_DATA_INVALID")
    alice.says("hello")
    [heard] = await alice.hears()
    assert (heard.text, heard.buttons) == ("Which?", [])
    assert events(caplog, logging.ERROR) == ["telegram.message_refused"]


async def test_refused_words_raise_an_alarm_and_do_not_keep_the_rest_back(
    api: BotApi, talk: RecordingTalk, door: Door, caplog: pytest.LogCaptureFixture
) -> None:
    alice = api.person()
    talk.says = lambda _: [Reply("refused"), Reply("taken")]
    api.fail("sendMessage", error=400, description="Bad Request: refused is no word")
    alice.says("hello")
    assert (await alice.hears_one()).text == "taken"
    await alice.hears_nothing_more()
    assert events(caplog, logging.ERROR) == ["telegram.message_refused"]
    assert talk.is_square


async def test_half_surrogates_do_not_break_sending(api: BotApi, talk: RecordingTalk, door: Door) -> None:
    alice = api.person()
    talk.says = lambda _: [Reply("half \ud83d here", (Choice("\ud83d", "k"),))]
    alice.says("hello")
    assert (await alice.hears_one()).text == "half \ufffd here"


async def test_what_cannot_be_marked_is_not_said_again_while_the_desk_lives(
    api: BotApi, talk: RecordingTalk, door: Door
) -> None:
    alice = api.person()
    talk.says = lambda _: [Reply("one"), Reply("two")]
    talk.marking_failures = [OSError(), OSError(), OSError()]
    alice.says("hello")
    await talk.until(lambda: talk.turns and talk.is_square)
    await alice.hears(2)
    await alice.hears_nothing_more()
    assert alice.chat.texts == ["one", "two"]


async def test_a_stop_leaves_what_waits_to_the_next_start(api: BotApi, talk: RecordingTalk, opens: Opens) -> None:
    alice = api.person()
    limited = api.fail("sendMessage", error=429, retry_after=20)
    async with opens(talk, STUBBORN) as door:
        alice.says("hello")
        await limited.struck()
        await door.shuts()
        assert api.unconfirmed == []
    async with opens(talk):
        await alice.hears()
        await alice.hears_nothing_more()


async def test_what_is_owed_from_before_goes_out_at_the_start_also_from_many_chats(
    api: BotApi, talk: RecordingTalk, opens: Opens
) -> None:
    people = [api.person() for _ in range(130)]
    outage = api.fail("sendMessage", times=None, error=503)
    async with opens(talk, replace(HURRIED, patience=0.0)):
        for person in people:
            person.says("one")
            person.says("two")
        await api.until(lambda: len(talk.turns) == 260, timeout=30)
        await api.all_acknowledged()
    outage.lift()
    async with opens(talk):
        for person in people:
            assert [message.text for message in await person.hears(2, 30)] == ["one", "two"]
        await talk.until(lambda: talk.is_square)
    assert all(person.chat.texts == ["one", "two"] for person in people)


async def test_chats_that_must_wait_do_not_hide_those_behind_them(
    api: BotApi, talk: RecordingTalk, opens: Opens
) -> None:
    waiting = [api.person() for _ in range(110)]
    late = api.person()
    for person in waiting:
        api.fail("sendMessage", chat=person, times=None, error=429, retry_after=3600)
    outage = api.fail("sendMessage", chat=late, times=None, error=503)
    async with opens(talk, replace(HURRIED, patience=0.0)):
        for person in waiting:
            person.says("hello")
        await api.until(lambda: len(talk.turns) == 110, timeout=30)
        late.says("hello")
        await api.until(lambda: len(talk.turns) == 111)
        outage.lift()
        await late.hears()
        await late.hears_nothing_more()


def test_choices_too_long_for_a_phone_are_listed_and_chosen_by_number() -> None:
    long = "My data is used in an unlawful or unfair way (law, Art. 35(1), 19)"
    [piece] = compose(Reply("Does one of these fit?", (Choice(long, "t.0"), Choice("None of these", "t.1"))))
    assert piece.text == f"Does one of these fit?\n\n1. {long}\n2. None of these"
    assert piece.keyboard is not None
    buttons = [(b.text, b.callback_data) for row in piece.keyboard.inline_keyboard for b in row]
    assert buttons == [("1", "t.0"), ("2", "t.1")]
