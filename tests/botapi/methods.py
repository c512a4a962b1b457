"""The table of methods: what the bot may ask, and which function answers."""

from collections.abc import Awaitable, Callable
from typing import Any

from tests.botapi import editing, polling, profile, sending
from tests.botapi.cloud import Cloud
from tests.botapi.refusals import Flaw, Refusal, bad_request
from tests.botapi.wire import Call

Method = Callable[[Cloud, Call], Any]


def get_file(cloud: Cloud, call: Call) -> dict[str, Any]:
    return cloud.files.described(call.get("file_id"))


METHODS: dict[str, Method] = {
    "getMe": profile.get_me,
    "logOut": profile.log_out,
    "close": profile.close,
    "getChat": profile.get_chat,
    "getMyCommands": profile.get_my_commands,
    "setMyCommands": profile.set_my_commands,
    "deleteMyCommands": profile.delete_my_commands,
    "getMyName": profile.get_my_name,
    "setMyName": profile.set_my_name,
    "getMyDescription": profile.get_my_description,
    "setMyDescription": profile.set_my_description,
    "getMyShortDescription": profile.get_my_short_description,
    "setMyShortDescription": profile.set_my_short_description,
    "getChatMenuButton": profile.get_chat_menu_button,
    "setChatMenuButton": profile.set_chat_menu_button,
    "getWebhookInfo": polling.get_webhook_info,
    "setWebhook": polling.set_webhook,
    "deleteWebhook": polling.delete_webhook,
    "sendMessage": sending.send_message,
    "sendDocument": sending.send_document,
    "sendPhoto": sending.send_photo,
    "sendContact": sending.send_contact,
    "sendChatAction": sending.send_chat_action,
    "copyMessage": sending.copy_message,
    "editMessageText": editing.edit_message_text,
    "editMessageCaption": editing.edit_message_caption,
    "editMessageReplyMarkup": editing.edit_message_reply_markup,
    "deleteMessage": editing.delete_message,
    "deleteMessages": editing.delete_messages,
    "answerCallbackQuery": editing.answer_callback_query,
    "getFile": get_file,
}
WAITING: dict[str, Callable[[Cloud, Call], Awaitable[Any]]] = {"getUpdates": polling.get_updates}
_BY_SMALL_LETTERS = {name.lower(): name for name in (*METHODS, *WAITING)}


def proper_name(method: str) -> str:
    """Method names are case-insensitive; this is how the docs write them. Unknown ones stay as they came."""
    return _BY_SMALL_LETTERS.get(method.lower(), method)


async def perform(cloud: Cloud, call: Call) -> Any:
    """Do what a request asks, or raise Refusal."""
    if cloud.account.logged_out:
        raise Refusal(400, "Logged out")
    try:
        if call.method in WAITING:
            return await WAITING[call.method](cloud, call)
        if call.method not in METHODS:
            raise Refusal(404, "Not Found: method not found")
        with cloud.changing():
            return METHODS[call.method](cloud, call)
    except Flaw as flaw:
        raise bad_request(str(flaw)) from None
