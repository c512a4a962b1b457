"""The methods by which a bot changes or deletes what it said, and answers presses of its buttons."""

from tests.botapi.chats import Message
from tests.botapi.checks import json_of, message_id
from tests.botapi.cloud import Cloud
from tests.botapi.formatting import read_caption, read_message_text, utf16_length
from tests.botapi.keyboards import Kind, Markup, check_markup, read_markup
from tests.botapi.refusals import Flaw, JsonObject, bad_request
from tests.botapi.wire import Call

DELETABLE_FOR = 48 * 60 * 60
LONGEST_NOTICE = 200
NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same as a current "
    "content and reply markup of the message"
)
_KEPT = ("reply_to_message", "has_protected_content")


def edit_message_text(cloud: Cloud, call: Call) -> JsonObject:
    markup = read_markup(call, inline_only=True)
    content = read_message_text(call)
    message = _editable(cloud, call)
    if "text" not in message.content:
        raise bad_request("there is no text in the message to edit")
    return _edited(cloud, message, content, markup)


def edit_message_caption(cloud: Cloud, call: Call) -> JsonObject:
    markup = read_markup(call, inline_only=True)
    caption = read_caption(call)
    message = _editable(cloud, call)
    media = {name: value for name, value in message.content.items() if name in {"document", "photo"}}
    if not media:
        raise bad_request("there is no caption in the message to edit")
    return _edited(cloud, message, {**media, **caption}, markup)


def edit_message_reply_markup(cloud: Cloud, call: Call) -> JsonObject:
    markup = read_markup(call, inline_only=True)
    message = _editable(cloud, call)
    content = {name: value for name, value in message.content.items() if name not in _KEPT}
    return _edited(cloud, message, content, markup)


def delete_message(cloud: Cloud, call: Call) -> bool:
    if not call.get("chat_id"):
        raise bad_request("Chat identifier is not specified")
    if not message_id(call):
        raise bad_request("Message identifier is not specified")
    message = cloud.chat_to_write(call.get("chat_id")).find(message_id(call))
    if message is None:
        raise bad_request("message to delete not found")
    _delete(cloud, message)
    return True


def delete_messages(cloud: Cloud, call: Call) -> bool:
    numbers = json_of(call, "message_ids", "message_ids")
    if not numbers:
        raise bad_request("Message identifiers are not specified")
    if not isinstance(numbers, list):
        raise Flaw("Expected an Array of message identifiers")
    if len(numbers) > 100:
        raise Flaw("Too many message identifiers specified")
    if not all(isinstance(number, int) and number > 0 for number in numbers):
        raise Flaw("Invalid message identifier specified")
    chat = cloud.chat_to_write(call.get("chat_id"))
    for message in [found for number in numbers if (found := chat.find(number))]:
        _delete(cloud, message)
    return True


def answer_callback_query(cloud: Cloud, call: Call) -> bool:
    press = cloud.presses.get(call.get("callback_query_id"))
    if press is None or not cloud.is_answerable(press):
        raise bad_request("query is too old and response timeout expired or query ID is invalid")
    if utf16_length(call.get("text")) > LONGEST_NOTICE:
        raise bad_request("MESSAGE_TOO_LONG")
    press.answer = dict(call.params)
    return True


def _delete(cloud: Cloud, message: Message) -> None:
    may = message.from_bot or message.chat.type == "private"
    if not may or cloud.now() - message.date > DELETABLE_FOR:
        raise bad_request("message can't be deleted for everyone")
    message.deleted = True


def _editable(cloud: Cloud, call: Call) -> Message:
    number = message_id(call)
    if not call.get("chat_id") and not number:
        if not call.get("inline_message_id"):
            raise bad_request("Message identifier is not specified")
        raise bad_request("MESSAGE_ID_INVALID")  # this bot never sent anything inline
    message = cloud.chat_to_write(call.get("chat_id")).find(number)
    if message is None:
        raise bad_request("message to edit not found")
    has_other_keyboard = message.markup is not None and message.markup.kind is not Kind.INLINE
    if not message.from_bot or has_other_keyboard:
        raise bad_request("message can't be edited")
    return message


def _edited(cloud: Cloud, message: Message, content: JsonObject, markup: Markup | None) -> JsonObject:
    check_markup(markup, message.chat.type)
    kept = {name: message.content[name] for name in _KEPT if name in message.content}
    if {**content, **kept} == message.content and markup == message.markup:
        raise bad_request(NOT_MODIFIED)
    message.change({**content, **kept}, markup, cloud.now())
    return message.as_json()
