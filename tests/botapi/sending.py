"""The methods by which a bot says something."""

from typing import Any

from tests.botapi.chats import Chat
from tests.botapi.checks import bool_field, boolean, int_field, json_of, message_id
from tests.botapi.cloud import Cloud
from tests.botapi.files import StoredFile, check_photo
from tests.botapi.formatting import read_caption, read_message_text
from tests.botapi.keyboards import check_markup, read_markup
from tests.botapi.refusals import Flaw, JsonObject, bad_request, forbidden
from tests.botapi.wire import Call, Upload

ACTIONS = {
    "typing", "record_video", "upload_video", "record_audio", "record_voice", "upload_audio", "upload_voice",
    "upload_photo", "upload_document", "choose_sticker", "pick_up_location", "find_location", "record_video_note",
    "upload_video_note", "cancel",
}  # fmt: skip


def send_message(cloud: Cloud, call: Call) -> JsonObject:
    preview = json_of(call, "link_preview_options", "link preview options")
    if preview is not None and not isinstance(preview, dict):
        raise Flaw("Object expected as link preview options")
    return _said(cloud, call, read_message_text(call))


def send_document(cloud: Cloud, call: Call) -> JsonObject:
    upload = _given_file(cloud, call, "document")
    caption = read_caption(call)
    if isinstance(upload, Upload):
        upload = cloud.files.add_document(_filled(upload).data, upload.name, upload.mime)
    return _said(cloud, call, {"document": upload.as_document(), **caption})


def send_photo(cloud: Cloud, call: Call) -> JsonObject:
    upload = _given_file(cloud, call, "photo")
    caption = read_caption(call)
    if isinstance(upload, Upload):
        check_photo(_filled(upload).data)
        upload = cloud.files.add_photo(upload.data)
    elif not upload.is_photo:
        raise bad_request("can't use file of type Document as Photo")
    return _said(cloud, call, {"photo": upload.as_photo(), **caption})


def send_contact(cloud: Cloud, call: Call) -> JsonObject:
    for name in ("phone_number", "first_name"):
        if not call.get(name):
            raise bad_request(f'Parameter "{name}" is required')
    named = {name: call.get(name) for name in ("phone_number", "first_name", "last_name", "vcard") if call.get(name)}
    return _said(cloud, call, {"contact": named})


def copy_message(cloud: Cloud, call: Call) -> JsonObject:
    source = cloud.chat(call.get("from_chat_id")).find(message_id(call))
    if source is None:
        raise bad_request("message to copy not found")
    content = {name: value for name, value in source.content.items() if name != "reply_to_message"}
    if call.get("caption"):
        content = {name: value for name, value in content.items() if not name.startswith("caption")}
        content |= read_caption(call)
    return {"message_id": _said(cloud, call, content)["message_id"]}


def send_chat_action(cloud: Cloud, call: Call) -> bool:
    action = call.get("action").lower()
    if action not in ACTIONS:
        raise bad_request("wrong parameter action in request")
    chat = cloud.chat_to_write(call.get("chat_id"))
    if chat.blocked:
        raise forbidden("bot was blocked by the user")
    chat.actions.append(action)
    return True


def _said(cloud: Cloud, call: Call, content: JsonObject) -> JsonObject:
    reply = _reply_parameters(call)
    markup = read_markup(call)
    chat = cloud.chat_to_write(call.get("chat_id"))
    check_markup(markup, chat.type)
    replied = _replied_to(chat, reply)
    if replied:
        content = {**content, "reply_to_message": replied}
    if boolean(call, "protect_content"):
        content = {**content, "has_protected_content": True}
    return cloud.bot_says(chat, content, markup).as_json()


def _reply_parameters(call: Call) -> tuple[int, bool]:
    """Which message is replied to (0: none), and whether the message may go out without it."""
    given: Any = json_of(call, "reply_parameters", "reply parameters")
    if given is None:
        return message_id(call, "reply_to_message_id"), boolean(call, "allow_sending_without_reply")
    if not isinstance(given, dict):
        raise Flaw("Object expected as reply parameters")
    if not given:
        return 0, False
    return max(int_field(given, "message_id"), 0), bool_field(given, "allow_sending_without_reply")


def _replied_to(chat: Chat, reply: tuple[int, bool]) -> JsonObject | None:
    number, may_lack = reply
    if not number:
        return None
    found = chat.find(number)
    if found is None:
        if may_lack:
            return None
        raise bad_request("message to be replied not found")
    shown = found.as_json()
    shown.pop("reply_to_message", None)
    return shown


def _given_file(cloud: Cloud, call: Call, name: str) -> Upload | StoredFile:
    reference = call.get(name)
    if reference and not reference.startswith("attach://"):
        if stored := cloud.files.find(reference):
            return stored
        if reference.startswith(("http://", "https://")):
            raise bad_request("failed to get HTTP URL content")
        raise bad_request("wrong file identifier/HTTP URL specified")
    upload = call.files.get(reference.removeprefix("attach://") if reference else name)
    if upload is None:
        raise bad_request(f"there is no {name} in the request")
    return upload


def _filled(upload: Upload) -> Upload:
    if not upload.data:
        raise bad_request("file must be non-empty")
    return upload
