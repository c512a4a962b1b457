"""The stand-in, spoken to by aiogram as the desk speaks to Telegram."""

import asyncio
import signal
import sys
from io import BytesIO

import pytest
from aiogram import Bot, Dispatcher, F
from aiogram.exceptions import (
    TelegramBadRequest,
    TelegramConflictError,
    TelegramEntityTooLarge,
    TelegramForbiddenError,
    TelegramNetworkError,
    TelegramNotFound,
    TelegramRetryAfter,
    TelegramServerError,
    TelegramUnauthorizedError,
)
from aiogram.methods import GetMe, SendDice
from aiogram.types import (
    BotCommand,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeChat,
    BufferedInputFile,
    CallbackQuery,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    KeyboardButton,
    MenuButtonCommands,
    Message,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
    ReplyParameters,
)

from tests.botapi import BotApi

PNG = b"\x89PNG\r\n\x1a\n" + bytes(64)
YES_NO = InlineKeyboardMarkup(
    inline_keyboard=[
        [InlineKeyboardButton(text="Yes", callback_data="y"), InlineKeyboardButton(text="No", callback_data="n")]
    ]
)


async def test_the_bot_knows_itself(api: BotApi, bot: Bot) -> None:
    me = await bot.get_me()
    assert (me.id, me.is_bot) == (int(api.token.split(":")[0]), True)


async def test_a_dispatcher_talks_with_a_person(api: BotApi, bot: Bot) -> None:
    dispatcher = Dispatcher()

    @dispatcher.message(F.text)
    async def on_text(message: Message) -> None:
        await message.answer(f"You said <b>{message.html_text}</b>", parse_mode="HTML", reply_markup=YES_NO)

    @dispatcher.callback_query()
    async def on_press(query: CallbackQuery) -> None:
        await query.answer("noted")
        assert isinstance(query.message, Message)
        await query.message.edit_text(f"You chose {query.data}")

    polling = asyncio.create_task(dispatcher.start_polling(bot, handle_signals=False, close_bot_session=False))
    alice = api.person(language_code="ja", first_name="Alice")
    alice.says("good & bad")
    [reply] = await alice.hears()
    assert (reply.text, reply.labels) == ("You said good & bad", ["Yes", "No"])
    assert reply.entities == [{"offset": 9, "length": 10, "type": "bold"}]
    press = alice.presses("No")
    assert await alice.sees_answer(press) == "noted"
    changed = await alice.sees_change(reply)
    assert (changed.text, changed.labels, changed.earlier[0]["text"]) == ("You chose n", [], "You said good & bad")
    await alice.hears_nothing_more()
    await dispatcher.stop_polling()
    await polling


async def test_everything_a_person_sends_can_be_decoded(api: BotApi, bot: Bot) -> None:
    alice = api.person(last_name="Ito", username="alice_ito")
    text = alice.says("/start@madoguchi_test_bot a@b.example 🙂 /help")
    alice.shares_contact("+819012345678")
    alice.sends_document(b"%PDF-1.7", "申請書.pdf", caption="mine")
    alice.sends_photo(PNG)
    alice.edits(text, "changed")
    answer = await bot.send_message(alice.id, "?", reply_markup=YES_NO)
    alice.presses("Yes")
    alice.presses_data("forged", absent=True)
    alice.presses_data("old", inaccessible=True)
    alice.blocks_bot()
    updates = await bot.get_updates()
    assert [update.event_type for update in updates] == [
        *["message"] * 4, "edited_message", *["callback_query"] * 3, "my_chat_member",
    ]  # fmt: skip
    first, contact, document, photo = (update.message for update in updates[:4])
    assert first is not None
    assert first.entities is not None
    assert first.from_user is not None
    assert [entity.extract_from(first.text or "") for entity in first.entities] == [
        "/start@madoguchi_test_bot", "a@b.example", "/help",
    ]  # fmt: skip
    assert contact is not None
    assert contact.contact is not None
    assert contact.contact.user_id == alice.id
    assert document is not None
    assert document.document is not None
    assert document.document.file_name == "申請書.pdf"
    assert photo is not None
    assert photo.photo is not None
    assert len(photo.photo) == 2
    press = updates[5].callback_query
    assert press is not None
    assert isinstance(press.message, Message)
    assert press.message.message_id == answer.message_id


async def test_files_go_both_ways(api: BotApi, bot: Bot) -> None:
    alice = api.person()
    sent = alice.sends_document(b"%PDF-1.7 claim", "claim.pdf")
    file = await bot.get_file(sent.content["document"]["file_id"])
    assert file.file_path is not None
    assert file.file_path.startswith("documents/")
    downloaded = await bot.download_file(file.file_path, BytesIO())
    assert downloaded is not None
    assert downloaded.read() == b"%PDF-1.7 claim"
    await bot.send_document(alice.id, BufferedInputFile(b"letter", "letter.txt"), caption="here")
    answer = await bot.send_photo(alice.id, BufferedInputFile(PNG, "seal.png"))
    assert answer.photo is not None
    await bot.send_photo(alice.id, answer.photo[-1].file_id, caption="again")
    letter, seal, again = await alice.hears(3)
    assert (letter.text, letter.content["document"]["file_name"]) == ("here", "letter.txt")
    assert (again.text, again.content["photo"]) == ("again", seal.content["photo"])
    assert api.calls("sendDocument")[0].files.popitem()[1].data == b"letter"


async def test_keyboards_come_and_go(api: BotApi, bot: Bot) -> None:
    alice = api.person(started=True)
    keys = [[KeyboardButton(text="Share my number", request_contact=True), KeyboardButton(text="Cancel")]]
    await bot.send_message(alice.id, "?", reply_markup=ReplyKeyboardMarkup(keyboard=keys, one_time_keyboard=True))
    assert [(key.label, key.asks_contact) for key in alice.chat.keyboard] == [
        ("Share my number", True), ("Cancel", False),
    ]  # fmt: skip
    assert alice.taps("Cancel").text == "Cancel"
    await bot.send_message(alice.id, "!", reply_markup=ReplyKeyboardRemove())
    assert alice.chat.keyboard == []


async def test_edits_and_deletions(api: BotApi, bot: Bot) -> None:
    alice = api.person(started=True)
    sent = await bot.send_message(alice.id, "first", reply_markup=YES_NO)
    edited = await bot.edit_message_reply_markup(chat_id=alice.id, message_id=sent.message_id)
    assert isinstance(edited, Message)
    assert edited.reply_markup is None
    assert edited.edit_date
    with pytest.raises(TelegramBadRequest, match="message is not modified"):
        await bot.edit_message_text("first", chat_id=alice.id, message_id=sent.message_id)
    await bot.send_message(alice.id, "re", reply_parameters=ReplyParameters(message_id=sent.message_id))
    assert await bot.delete_message(alice.id, sent.message_id)
    with pytest.raises(TelegramBadRequest, match="message to edit not found"):
        await bot.edit_message_text("late", chat_id=alice.id, message_id=sent.message_id)
    with pytest.raises(TelegramBadRequest, match="message to be replied not found"):
        await bot.send_message(alice.id, "re", reply_parameters=ReplyParameters(message_id=sent.message_id))
    assert [str(message) for message in alice.chat] == ["bot> first <edited> <deleted>", "bot> re"]
    assert alice.chat.texts == ["re"]


async def test_the_menu_follows_scope_and_language(api: BotApi, bot: Bot) -> None:
    ja, en = api.person(language_code="ja", started=True), api.person(language_code="en", started=True)
    await bot.set_my_commands([BotCommand(command="help", description="Help")])
    await bot.set_my_commands(
        [BotCommand(command="help", description="ヘルプ")],
        BotCommandScopeAllPrivateChats(),
        language_code="ja",
    )
    assert (ja.menu, en.menu) == ({"help": "ヘルプ"}, {"help": "Help"})
    await bot.set_my_commands([BotCommand(command="a", description="A")], BotCommandScopeChat(chat_id=en.id))
    assert en.menu == {"a": "A"}
    assert await bot.delete_my_commands(BotCommandScopeChat(chat_id=en.id))
    assert await bot.get_my_commands(BotCommandScopeChat(chat_id=en.id)) == []
    with pytest.raises(TelegramBadRequest, match="BOT_COMMAND_INVALID"):
        await bot.set_my_commands([BotCommand(command="Help", description="x")])


async def test_the_profile_is_kept(api: BotApi, bot: Bot) -> None:
    assert await bot.set_my_description("窓口です", language_code="ja")
    assert await bot.set_my_short_description("desk")
    assert await bot.set_my_name("Desk")
    assert await bot.set_chat_menu_button(menu_button=MenuButtonCommands())
    assert (await bot.get_my_description(language_code="ja")).description == "窓口です"
    assert (await bot.get_my_short_description(language_code="ja")).short_description == "desk"
    assert (await bot.get_my_name()).name == "Desk"
    assert (await bot.get_chat_menu_button()).type == "commands"
    with pytest.raises(TelegramBadRequest):
        await bot.set_my_description("x" * 513)


async def test_chats_are_known_once_somebody_spoke(api: BotApi, bot: Bot) -> None:
    alice = api.person(first_name="Alice")
    with pytest.raises(TelegramBadRequest, match="chat not found"):
        await bot.send_message(alice.id, "hello")
    alice.says("hi")
    assert (await bot.get_chat(alice.id)).first_name == "Alice"
    assert await bot.send_chat_action(alice.id, "typing")
    assert alice.chat.actions == ["typing"]


async def test_who_blocks_the_bot_cannot_be_reached(api: BotApi, bot: Bot) -> None:
    alice = api.person(started=True)
    alice.blocks_bot()
    with pytest.raises(TelegramForbiddenError, match="bot was blocked by the user"):
        await bot.send_message(alice.id, "hello")
    alice.unblocks_bot()
    await bot.send_message(alice.id, "hello")
    changes = [update.my_chat_member for update in await bot.get_updates()]
    assert [change.new_chat_member.status for change in changes if change] == ["kicked", "member"]


@pytest.mark.parametrize(
    ("code", "error"),
    [
        (401, TelegramUnauthorizedError), (403, TelegramForbiddenError), (404, TelegramNotFound),
        (409, TelegramConflictError), (413, TelegramEntityTooLarge), (500, TelegramServerError),
        (502, TelegramServerError),
    ],
)  # fmt: skip
async def test_aiogram_understands_every_refusal(api: BotApi, bot: Bot, code: int, error: type[Exception]) -> None:
    api.fail("getMe", error=code)
    with pytest.raises(error):
        await bot(GetMe())


async def test_flood_control_names_its_seconds(api: BotApi, bot: Bot) -> None:
    api.fail("sendMessage", error=429, retry_after=17)
    with pytest.raises(TelegramRetryAfter) as refused:
        await bot.send_message(api.person(started=True).id, "hello")
    assert refused.value.retry_after == 17


async def test_what_is_not_there_is_not_found(api: BotApi, bot: Bot) -> None:
    with pytest.raises(TelegramNotFound, match="method not found"):
        await bot(SendDice(chat_id=1))


async def test_the_network_goes_and_comes_back(api: BotApi, bot: Bot) -> None:
    alice = api.person()
    await api.goes_down()
    with pytest.raises(TelegramNetworkError):
        await bot.get_me()
    alice.says("are you there?")
    await api.comes_back()
    assert len(await bot.get_updates()) == 1


BOT_PROCESS = """
import sys, urllib.request
urllib.request.urlopen(sys.argv[1], data=sys.argv[2].encode()).read()
"""


@pytest.mark.parametrize(("after", "delivered"), [(False, 0), (True, 1)])
async def test_a_bot_can_be_killed_while_it_sends(api: BotApi, after: bool, delivered: int) -> None:
    alice = api.person(started=True)
    url, form = f"{api.base_url}/bot{api.token}/sendMessage", f"chat_id={alice.id}&text=hello"
    killed = asyncio.Event()

    async def kill(_: object) -> None:
        process.send_signal(signal.SIGKILL)
        await process.wait()
        killed.set()

    api.on("sendMessage", kill, after=after)
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", BOT_PROCESS, url, form)
    await asyncio.wait_for(killed.wait(), 10)
    await api.until(lambda: not after or alice.chat.texts)
    again = await asyncio.create_subprocess_exec(sys.executable, "-c", BOT_PROCESS, url, form)
    assert await again.wait() == 0
    assert len(api.calls("sendMessage")) == len(alice.chat.texts) == delivered + 1
