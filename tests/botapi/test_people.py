"""People as tests play them: what reaches the bot when they do something."""

from typing import Any

import pytest

from tests.botapi import BotApi
from tests.botapi.conftest import Ask


async def last(ask: Ask) -> dict[str, Any]:
    update: dict[str, Any] = (await ask("getUpdates"))["result"][-1]
    return update


async def test_a_person_has_a_name_and_a_language(api: BotApi, ask: Ask) -> None:
    alice = api.person(77, first_name="アリス", language_code="ja", username="alice_ito")
    alice.says("hi")
    message = (await last(ask))["message"]
    assert message["from"] == {
        "id": 77, "is_bot": False, "first_name": "アリス", "username": "alice_ito", "language_code": "ja",
    }  # fmt: skip
    assert message["chat"] == {"id": 77, "type": "private", "first_name": "アリス", "username": "alice_ito"}


@pytest.mark.parametrize("text", ["x" * 200_000, "\x00", "\ud83d half", "\u202eexe.pdf", "🙂" * 3000])
async def test_anything_can_be_said(api: BotApi, ask: Ask, text: str) -> None:
    api.person().says(text)
    assert (await last(ask))["message"]["text"] == text


async def test_contacts_are_one_s_own_or_not(api: BotApi, ask: Ask) -> None:
    alice = api.person(5, first_name="Alice")
    alice.shares_contact("+8190")
    assert (await last(ask))["message"]["contact"] == {"phone_number": "+8190", "first_name": "Alice", "user_id": 5}
    alice.shares_contact("+8190", user_id=6, first_name="Bob")
    assert (await last(ask))["message"]["contact"]["user_id"] == 6
    alice.shares_contact("+8190", user_id=None)
    assert "user_id" not in (await last(ask))["message"]["contact"]
    alice.shares_contact("+8190", forwarded=True)
    assert (await last(ask))["message"]["forward_origin"]["type"] == "user"


async def test_files_are_named_as_one_likes(api: BotApi, ask: Ask) -> None:
    alice = api.person()
    alice.sends_document(b"x", "../../x", None)
    document = (await last(ask))["message"]["document"]
    assert document["file_name"] == "../../x"
    assert "mime_type" not in document
    path = (await ask("getFile", file_id=document["file_id"]))["result"]["file_path"]
    assert path.startswith("documents/file_")
    assert ".." not in path
    alice.sends_photo(b"\xff\xd8\xff", caption="my card")
    assert (await last(ask))["message"]["caption"] == "my card"


async def test_edits_come_as_edits(api: BotApi, ask: Ask) -> None:
    alice = api.person()
    said = alice.says("old")
    alice.edits(said, "new /help")
    edited = (await last(ask))["edited_message"]
    assert (edited["message_id"], edited["text"]) == (said.message_id, "new /help")
    assert edited["edit_date"] >= edited["date"]
    assert edited["entities"][0]["type"] == "bot_command"
    alice.edits(said, "plain")
    assert "entities" not in (await last(ask))["edited_message"]


async def test_groups_and_channels(api: BotApi, ask: Ask) -> None:
    office, news = api.group(title="Office"), api.group(-100_5, "News", "channel")
    alice = api.person().joins(office)
    alice.says("hello all")
    assert (await last(ask))["message"]["chat"] == {"id": office.chat.id, "type": "supergroup", "title": "Office"}
    await ask("sendMessage", chat_id=office.chat.id, text="private only")
    assert (await office.hears_one()).text == (await alice.hears_one()).text == "private only"
    news.posts("news")
    post = (await last(ask))["channel_post"]
    assert (post["chat"]["type"], "from" in post) == ("channel", False)
    office.kicks_bot()
    assert (await last(ask))["my_chat_member"]["new_chat_member"]["status"] == "kicked"
    envelope = await ask("sendMessage", chat_id=office.chat.id, text="again")
    assert envelope["description"] == "Forbidden: bot was kicked from the supergroup chat"


async def test_who_blocked_the_bot_says_nothing(api: BotApi) -> None:
    alice = api.person()
    alice.blocks_bot()
    with pytest.raises(AssertionError):
        alice.says("hi")


async def test_raw_fields_pass_as_they_are(api: BotApi, ask: Ask) -> None:
    alice = api.person()
    alice.sends(sticker={"emoji": "🙂"}, via_bot={"id": 1})
    assert (await last(ask))["message"]["sticker"] == {"emoji": "🙂"}
    mallory: dict[str, Any] = {"from": {"id": 9, "is_bot": False, "first_name": "Mallory"}}
    alice.presses_data("x", **mallory)
    assert (await last(ask))["callback_query"]["from"]["id"] == 9


def test_without_a_loop_it_is_a_plain_context() -> None:
    with BotApi() as api:
        assert api.base_url.startswith("http://127.0.0.1:")
