"""Keyboards: what Telegram takes, refuses and shows."""

from typing import Any

import pytest

from tests.botapi import BotApi
from tests.botapi.conftest import Ask


def inline(*buttons: object) -> dict[str, Any]:
    return {"inline_keyboard": [list(buttons)]}


def data(text: str) -> dict[str, str]:
    return {"text": "ok", "callback_data": text}


@pytest.mark.parametrize(
    ("markup", "complaint"),
    [
        ("[", "can't parse reply keyboard markup JSON object"),
        ([], "object expected as reply markup"),
        ({"inline_keyboard": {}}, 'field "inline_keyboard" must be of type Array'),
        ({"inline_keyboard": [data("x")]},
         'field "inline_keyboard" of the InlineKeyboardMarkup must be an Array of Arrays'),
        (inline("x"), "can't parse inline keyboard button: InlineKeyboardButton must be an Object"),
        (inline({"callback_data": "x"}), 'can\'t parse inline keyboard button: Can\'t find field "text"'),
        (inline({"text": "x"}),
         "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard"),
        (inline(data("")), "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard"),
        (inline(data("x" * 65)), "BUTTON_DATA_INVALID"),
        (inline(data("あ" * 22)), "BUTTON_DATA_INVALID"),
        (inline({"text": " ", "callback_data": "x"}), "inline keyboard button text must be non-empty"),
        (inline({"text": "x", "url": "java script"}),
         "inline keyboard button URL 'java script' is invalid: Wrong HTTP URL"),
        (inline(*[data("x")] * 101), "reply markup is too long"),
        ({"keyboard": ["x"]}, 'field "keyboard" must be an Array of Arrays'),
        ({"keyboard": [[{"text": "x", "request_contact": "yes"}]]},
         "can't parse keyboard button: Field \"request_contact\" must be of type Boolean"),
        ({"keyboard": [[{"text": ""}]]}, "keyboard button text must be non-empty"),
    ],
)  # fmt: skip
async def test_bad_keyboards_are_refused(api: BotApi, ask: Ask, markup: object, complaint: str) -> None:
    alice = api.person(started=True)
    envelope = await ask("sendMessage", chat_id=alice.id, text="?", reply_markup=markup)
    assert envelope["description"] == f"Bad Request: {complaint}"
    assert alice.chat.texts == []


@pytest.mark.parametrize("payload", ["x", "x" * 64, "あ" * 21, "\u0000"])
async def test_up_to_64_bytes_of_data(api: BotApi, ask: Ask, payload: str) -> None:
    alice = api.person(started=True)
    assert (await ask("sendMessage", chat_id=alice.id, text="?", reply_markup=inline(data(payload))))["ok"]
    assert alice.presses("ok").data == payload


async def test_only_inline_keyboards_are_part_of_the_message(api: BotApi, ask: Ask) -> None:
    alice = api.person(started=True)
    answers = [
        await ask("sendMessage", chat_id=alice.id, text="?", reply_markup=markup)
        for markup in ({"keyboard": [["A", "B"]]}, {"remove_keyboard": True}, {"force_reply": True}, inline(data("x")))
    ]
    assert ["reply_markup" in answer["result"] for answer in answers] == [False, False, False, True]
    envelope = await ask(
        "editMessageText", chat_id=alice.id, message_id=answers[0]["result"]["message_id"], text="other"
    )
    assert envelope["description"] == "Bad Request: message can't be edited"


async def test_edits_take_inline_keyboards_only(api: BotApi, ask: Ask) -> None:
    alice = api.person(started=True)
    sent = (await ask("sendMessage", chat_id=alice.id, text="?", reply_markup=inline(data("x"))))["result"]
    edit = {"chat_id": alice.id, "message_id": sent["message_id"], "text": "!"}
    envelope = await ask("editMessageText", **edit, reply_markup={"keyboard": [["A"]]})
    assert envelope["description"] == "Bad Request: inline keyboard expected"
    assert (await ask("editMessageText", **edit, reply_markup=inline(data("y"))))["ok"]
    assert (await ask("editMessageText", **edit))["result"].get("reply_markup") is None
    assert [change["reply_markup"].buttons[0][0].data for change in alice.chat.from_bot[0].earlier] == ["x", "y"]


async def test_contacts_are_asked_for_in_private_only(api: BotApi, ask: Ask) -> None:
    group = api.group()
    keyboard = {"keyboard": [[{"text": "number", "request_contact": True}]]}
    envelope = await ask("sendMessage", chat_id=group.chat.id, text="?", reply_markup=keyboard)
    assert envelope["description"] == "Bad Request: phone number can be requested in private chats only"


async def test_a_press_is_answered_once(api: BotApi, ask: Ask) -> None:
    alice = api.person(started=True)
    await ask("sendMessage", chat_id=alice.id, text="?", reply_markup=inline(data("x")))
    press = alice.presses("ok")
    assert not (await ask("answerCallbackQuery", callback_query_id=press.id, text="x" * 201))["ok"]
    assert (await ask("answerCallbackQuery", callback_query_id=press.id, text="thanks"))["ok"]
    assert not (await ask("answerCallbackQuery", callback_query_id=press.id))["ok"]
    assert await alice.sees_answer(press) == "thanks"
    late = alice.presses("ok")
    api.time_passes(151)
    assert not (await ask("answerCallbackQuery", callback_query_id=late.id))["ok"]


async def test_only_buttons_that_are_there_can_be_pressed(api: BotApi, ask: Ask) -> None:
    alice = api.person(started=True)
    await ask(
        "sendMessage", chat_id=alice.id, text="?", reply_markup=inline({"text": "site", "url": "https://e.example"})
    )
    for label in ("none", "site"):
        with pytest.raises(AssertionError):
            alice.presses(label)
    with pytest.raises(AssertionError):
        alice.taps("none")
    assert (await ask("deleteMessage", chat_id=alice.id, message_id=alice.chat.from_bot[0].message_id))["ok"]
    press = alice.presses_data("x" * 300)
    update = (await ask("getUpdates"))["result"][-1]["callback_query"]
    assert (update["id"], update["data"], update["message"]["date"]) == (press.id, "x" * 300, 0)


async def test_the_newest_of_two_like_buttons_is_pressed(api: BotApi, ask: Ask) -> None:
    alice = api.person(started=True)
    for payload in ("old", "new"):
        await ask("sendMessage", chat_id=alice.id, text=payload, reply_markup=inline(data(payload)))
    old, _ = await alice.hears(2)
    assert alice.presses("ok").data == "new"
    assert alice.presses("ok", old).data == "old"
