"""Each kind of thing that Telegram brings, and what the talk is given of it."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.telegram.files import LARGEST
from handlers.dialogue.messages import Event
from intents.parse import Language
from tests.bot.telegram.conftest import Door
from tests.bot.telegram.talks import RecordingTalk, offering
from tests.botapi import BotApi

PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 100


async def test_a_text_is_an_inbound(api: BotApi, talk: RecordingTalk, door: Door) -> None:
    alice = api.person(language_code="ja")
    said = alice.says("こんにちは")
    [heard] = await alice.hears()
    [inbound] = talk.inbounds
    assert heard.text == "こんにちは"
    assert (inbound.channel, inbound.delivery) == (f"telegram:{api.token.split(':')[0]}", str(said.update_id))
    assert (inbound.chat, inbound.text, inbound.hint) == (str(alice.id), "こんにちは", Language.JA)
    assert inbound.at.utcoffset() == timedelta(0)
    assert abs(inbound.at - datetime.now(UTC)) < timedelta(minutes=1)


@pytest.mark.parametrize(
    ("code", "hint"),
    [("ja", Language.JA), ("ja-JP", Language.JA), ("en", Language.EN), ("de", Language.EN), ("jam", Language.EN)],
)
async def test_the_apps_language_is_a_hint(
    api: BotApi, talk: RecordingTalk, door: Door, code: str, hint: Language
) -> None:
    alice = api.person(language_code=code)
    alice.says("1")
    await alice.hears()
    assert talk.inbounds[0].hint is hint


async def test_no_language_is_no_hint(api: BotApi, talk: RecordingTalk, door: Door) -> None:
    alice = api.person(language_code="")
    alice.says("1")
    await alice.hears()
    assert talk.inbounds[0].hint is None


async def test_a_forwarded_text_is_a_text(api: BotApi, talk: RecordingTalk, door: Door) -> None:
    alice = api.person()
    alice.says("their words", forward_origin={"type": "hidden_user", "sender_user_name": "Bob", "date": 1})
    await alice.hears()
    assert talk.texts == ["their words"]


async def test_a_button_is_a_choice_and_stops_spinning(api: BotApi, talk: RecordingTalk, door: Door) -> None:
    alice = api.person()
    talk.says = offering("Which?", "One", "Two")
    alice.says("hello")
    await alice.hears()
    press = alice.presses("Two")
    await alice.hears()
    await alice.sees_answer(press)
    assert talk.inbounds[-1].choice == "key.1"
    assert (talk.inbounds[-1].chat, talk.inbounds[-1].text) == (str(alice.id), None)


async def test_a_button_of_a_message_that_telegram_hides_is_a_choice_still(
    api: BotApi, talk: RecordingTalk, door: Door
) -> None:
    alice = api.person()
    alice.says("hello")
    await alice.hears()
    alice.presses_data("old.0", inaccessible=True)
    await alice.hears()
    assert talk.inbounds[-1].choice == "old.0"


async def test_a_press_that_is_too_old_to_answer_is_handled(api: BotApi, talk: RecordingTalk, door: Door) -> None:
    alice = api.person()
    alice.says("hello")
    await alice.hears()
    api.fail("answerCallbackQuery", error=400, description="Bad Request: query is too old and response timeout expired")
    alice.presses_data("late.0")
    await alice.hears()
    assert talk.inbounds[-1].choice == "late.0"


async def test_a_press_in_anothers_chat_or_in_none_is_answered_and_goes_no_further(
    api: BotApi, talk: RecordingTalk, door: Door
) -> None:
    alice, bob, group = api.person(), api.person(), api.group()
    alice.says("hello")
    [message] = await alice.hears()
    bob.joins(group).says("/start")
    [line] = await group.hears()
    foreign = bob.presses_data("key.0", message)
    absent = bob.presses_data("key.0", absent=True)
    public = bob.presses_data("key.0", line)
    for press in (foreign, absent, public):
        await bob.sees_answer(press)
    await api.all_acknowledged()
    assert talk.texts == ["hello"]
    assert len(talk.inbounds) == 1


@pytest.mark.parametrize("how", [{}, {"user_id": 4711}, {"user_id": None}, {"forwarded": True}])
async def test_a_contact_is_an_event(api: BotApi, talk: RecordingTalk, door: Door, how: dict[str, Any]) -> None:
    alice = api.person()
    alice.shares_contact("+819012345678", **how)
    await alice.hears()
    assert talk.events == [Event.CONTACT]


async def test_a_document_comes_whole_and_its_caption_after_it(api: BotApi, talk: RecordingTalk, door: Door) -> None:
    alice = api.person()
    sent = alice.sends_document(b"%PDF-1.7 \x00\xff" * 1000, "../../x", caption="here it is")
    heard = await alice.hears(2)
    assert [message.text for message in heard] == ["../../x: 11000 bytes", "here it is"]
    document, caption = talk.inbounds
    assert document.document is not None
    assert document.document.content == b"%PDF-1.7 \x00\xff" * 1000
    assert (document.delivery, caption.delivery) == (str(sent.update_id), f"{sent.update_id}.caption")
    assert (document.text, caption.document) == (None, None)


async def test_a_document_without_a_name_gets_one(api: BotApi, talk: RecordingTalk, door: Door) -> None:
    alice = api.person()
    alice.sends_document(b"%PDF-1.7", file_name=None)
    assert (await alice.hears_one()).text == "document: 8 bytes"


async def test_a_photo_comes_in_its_largest_size(api: BotApi, talk: RecordingTalk, door: Door) -> None:
    alice = api.person()
    alice.sends_photo(PNG, caption="my card")
    heard = await alice.hears(2)
    assert [message.text for message in heard] == [f"photo.jpg: {len(PNG)} bytes", "my card"]
    [asked] = api.calls("getFile")
    assert not str(asked["file_id"]).endswith("-s")


async def test_a_file_over_the_limit_is_not_fetched(api: BotApi, talk: RecordingTalk, door: Door) -> None:
    alice = api.person()
    alice.sends_document(b"%PDF-1.7", size=LARGEST + 1, caption="too big")
    await alice.hears(2)
    assert talk.events == [Event.TOO_LARGE, None]
    assert talk.texts == [None, "too big"]
    assert not api.calls("getFile")


async def test_a_file_that_hides_its_size_is_fetched_up_to_the_limit(
    api: BotApi, talk: RecordingTalk, door: Door
) -> None:
    alice = api.person()
    stored = api.cloud.files.add_document(b"x" * (LARGEST + 1), "big.pdf", "application/pdf", size=8)
    alice.sends(document={"file_id": stored.file_id, "file_unique_id": stored.file_unique_id})
    await alice.hears()
    assert talk.events == [Event.TOO_LARGE]


async def test_a_file_that_telegram_calls_too_big_is_too_large(api: BotApi, talk: RecordingTalk, door: Door) -> None:
    alice = api.person()
    stored = api.cloud.files.add_document(b"x", "big.pdf", "application/pdf", size=21 * 1024 * 1024)
    alice.sends(document={"file_id": stored.file_id, "file_unique_id": stored.file_unique_id})
    await alice.hears()
    assert talk.events == [Event.TOO_LARGE]


async def test_fetching_a_file_is_tried_again(api: BotApi, talk: RecordingTalk, door: Door) -> None:
    alice = api.person()
    api.fail("getFile", times=2, error=502, html=True)
    api.fail("getFileContent", cut="before")
    alice.sends_document(b"%PDF-1.7")
    assert (await alice.hears_one()).text == "document.pdf: 8 bytes"


async def test_a_file_that_telegram_lost_is_set_aside_and_told(api: BotApi, talk: RecordingTalk, door: Door) -> None:
    alice = api.person(language_code="ja")
    sent = alice.sends(document={"file_id": "gone", "file_unique_id": "gone", "file_size": 8})
    assert (await alice.hears_one()).text == f"utter_mishap ja {sent.update_id}"
    await api.all_acknowledged()
    assert talk.parked[str(sent.update_id)][0] == "telegram.file_unreachable"


@pytest.mark.parametrize(
    "content",
    [
        {"voice": {"file_id": "v", "file_unique_id": "v", "duration": 1}},
        {"sticker": {"file_id": "s", "file_unique_id": "s", "type": "regular", "width": 1, "height": 1,
                     "is_animated": False, "is_video": False}},
        {"location": {"latitude": 35.0, "longitude": 139.0}},
        {"video": {"file_id": "v", "file_unique_id": "v", "width": 1, "height": 1, "duration": 1}},
        {"animation": {"file_id": "a", "file_unique_id": "a", "width": 1, "height": 1, "duration": 1},
         "document": {"file_id": "a", "file_unique_id": "a"}},
        {"dice": {"emoji": "🎲", "value": 3}},
        {"something_that_telegram_thinks_of_next_year": {"a": 1}},
        {},
    ],
    ids=lambda content: next(iter(content), "nothing"),
)  # fmt: skip
async def test_what_cannot_be_read_is_an_event(
    api: BotApi, talk: RecordingTalk, door: Door, content: dict[str, Any]
) -> None:
    alice = api.person()
    alice.sends(**content)
    await alice.hears()
    assert talk.events == [Event.UNSUPPORTED]


async def test_an_edit_is_an_event_with_a_delivery_of_its_own(api: BotApi, talk: RecordingTalk, door: Door) -> None:
    alice = api.person()
    said = alice.says("first")
    await alice.hears()
    alice.edits(said, "second")
    await alice.hears()
    assert [(inbound.text, inbound.event) for inbound in talk.inbounds] == [("first", None), (None, Event.EDITED)]
    assert len({inbound.delivery for inbound in talk.inbounds}) == 2


async def test_what_nobody_said_is_not_heard(api: BotApi, talk: RecordingTalk, door: Door) -> None:
    alice, bot = api.person(), api.person()
    place = {"latitude": 35.0, "longitude": 139.0, "live_period": 60}
    bot.user["is_bot"] = True
    bot.says("I am a bot")
    pinned = alice.says("pinned")
    alice.sends(pinned_message=pinned.as_json())
    alice.blocks_bot()
    alice.unblocks_bot()
    moved = {**pinned.as_json(), "edit_date": pinned.date, "location": place}
    del moved["text"]
    api.deliver({"edited_message": moved})
    await alice.hears()
    await alice.hears_nothing_more()
    await bot.hears_nothing_more()
    assert talk.texts == ["pinned"]
    assert not talk.parked


async def test_in_a_group_whoever_addresses_the_bot_gets_one_line(api: BotApi, talk: RecordingTalk, door: Door) -> None:
    group = api.group()
    alice = api.person(language_code="ja").joins(group)
    alice.says("/start")
    [line] = await group.hears()
    assert line.text == "utter_private_only ja"
    alice.says("/start@madoguchi_test_bot please")
    alice.says("ask @Madoguchi_test_bot, will you?")
    alice.says("what?", reply_to_message=line.as_json())
    alice.says("as the group", sender_chat=group.chat.as_json(), reply_to_message=line.as_json())
    await group.hears(4)
    await group.hears_nothing_more()
    assert talk.attempts == []
    assert len(api.calls("getMe")) == 1


async def test_in_a_group_nothing_else_is_answered(api: BotApi, talk: RecordingTalk, door: Door) -> None:
    group, channel = api.group(), api.group(-1_001_900_000_002, type="channel")
    alice, bot = api.person().joins(group), api.person().joins(group)
    bot.user["is_bot"] = True
    alice.says("hello everybody")
    alice.says("/start@some_other_bot")
    alice.says("mail me at a@example.org")
    alice.says("/start", is_automatic_forward=True, sender_chat=channel.chat.as_json())
    alice.sends(new_chat_title="A new title")
    bot.says("/start")
    channel.posts("/start")
    await group.hears_nothing_more()
    assert talk.attempts == []


async def test_a_line_in_a_group_stays_in_its_topic(api: BotApi, talk: RecordingTalk, door: Door) -> None:
    group = api.group()
    api.person().joins(group).says("/help", message_thread_id=7, is_topic_message=True)
    await group.hears()
    assert api.calls("sendMessage")[0]["message_thread_id"] == 7
