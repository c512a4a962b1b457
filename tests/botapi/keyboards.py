"""Keyboards under messages: what Telegram accepts as `reply_markup`, and what it shows of it.

A button with several actions shows the first that Telegram looks for; one with none is refused.
"""

import re
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from tests.botapi.checks import bool_field, json_of, string_field
from tests.botapi.refusals import Flaw, JsonObject, bad_request
from tests.botapi.wire import Call

MOST_INLINE_BUTTONS = 100
MOST_KEYBOARD_BUTTONS = 300
LONGEST_CALLBACK_DATA = 64
_LOOKS = ("style", "icon_custom_emoji_id")
_OTHER_ACTIONS = (
    "callback_game", "pay", "switch_inline_query", "switch_inline_query_chosen_chat",
    "switch_inline_query_current_chat", "login_url", "web_app", "copy_text",
)  # fmt: skip
_ASKING = {
    "request_contact": "Phone number",
    "request_location": "Location",
    "request_poll": "Poll",
    "request_users": "Users",
    "request_chat": "Chats",
}


class Kind(StrEnum):
    """What a reply markup does."""

    INLINE = "inline_keyboard"
    KEYBOARD = "keyboard"
    REMOVE = "remove_keyboard"
    FORCE_REPLY = "force_reply"


@dataclass(frozen=True)
class Button:
    """A button as a person sees it, with what it sends."""

    label: str
    data: str | None = None
    url: str | None = None
    asks_contact: bool = False


@dataclass(frozen=True)
class Markup:
    """A reply markup that Telegram accepted."""

    kind: Kind
    rows: list[list[JsonObject]] = field(default_factory=list)
    options: JsonObject = field(default_factory=dict)

    @property
    def buttons(self) -> list[list[Button]]:
        return [[_button_of(button) for button in row] for row in self.rows]

    def as_json(self) -> JsonObject:
        return {"inline_keyboard": self.rows}


def _button_of(button: JsonObject) -> Button:
    return Button(button["text"], button.get("callback_data"), button.get("url"), bool(button.get("request_contact")))


def read_markup(call: Call, *, inline_only: bool = False) -> Markup | None:
    """The reply markup of a call, or None; checks what the Bot API server itself checks."""
    given = json_of(call, "reply_markup", "reply keyboard markup")
    if given is None:
        return None
    if not isinstance(given, dict):
        raise Flaw("Object expected as reply markup")
    keyboard = _rows(given, "keyboard", 'Field "keyboard" must be an Array of Arrays')
    inline = _rows(
        given, "inline_keyboard", 'Field "inline_keyboard" of the InlineKeyboardMarkup must be an Array of Arrays'
    )
    rows = [[_part("keyboard button", _keyboard_button, button) for button in row] for row in keyboard]
    inline_rows = [[_part("inline keyboard button", _inline_button, button) for button in row] for row in inline]
    markup = _chosen(given, rows, inline_rows)
    if inline_only and markup is not None and markup.kind is not Kind.INLINE:
        raise Flaw("Inline keyboard expected")
    return markup


def _chosen(given: JsonObject, rows: list[list[JsonObject]], inline_rows: list[list[JsonObject]]) -> Markup | None:
    flags = ("is_persistent", "resize_keyboard", "one_time_keyboard", "selective", "remove_keyboard", "force_reply")
    options: JsonObject = {name: True for name in flags if bool_field(given, name)}
    if placeholder := string_field(given, "input_field_placeholder"):
        options["input_field_placeholder"] = placeholder
    if rows:
        return Markup(Kind.KEYBOARD, [row for row in rows if row], options)
    if inline_rows:
        shown = [row for row in inline_rows if row]
        return Markup(Kind.INLINE, shown) if shown else None
    if "remove_keyboard" in options:
        return Markup(Kind.REMOVE, options=options)
    if "force_reply" in options:
        return Markup(Kind.FORCE_REPLY, options=options)
    return None


def check_markup(markup: Markup | None, chat_type: str) -> None:
    """What Telegram's core checks once it knows the chat."""
    if markup is None:
        return
    buttons = [button for row in markup.rows for button in row]
    for button in buttons:
        if not button["text"]:
            named = "Inline keyboard" if markup.kind is Kind.INLINE else "Keyboard"
            raise bad_request(f"{named} button text must be non-empty")
        for asked, what in _ASKING.items():
            if asked in button and chat_type != "private":
                raise bad_request(f"{what} can be requested in private chats only")
    most = MOST_INLINE_BUTTONS if markup.kind is Kind.INLINE else MOST_KEYBOARD_BUTTONS
    if len(buttons) > most:
        raise bad_request("reply markup is too long")
    for button in buttons:
        if len(button.get("callback_data", "").encode()) > LONGEST_CALLBACK_DATA:
            raise bad_request("BUTTON_DATA_INVALID")


def _rows(given: JsonObject, name: str, complaint: str) -> list[list[Any]]:
    rows = given.get(name)
    if rows is None:
        return []
    if not isinstance(rows, list):
        raise Flaw(f'Field "{name}" must be of type Array')
    if not all(isinstance(row, list) for row in rows):
        raise Flaw(complaint)
    return rows


def _part(called: str, read: Any, value: Any) -> JsonObject:
    try:
        button: JsonObject = read(value)
    except Flaw as flaw:
        raise Flaw(f"Can't parse {called}: {flaw}") from None
    return button


def _keyboard_button(value: Any) -> JsonObject:
    if isinstance(value, str):
        return {"text": value.strip()}
    if not isinstance(value, dict):
        raise Flaw("KeyboardButton must be a String or an Object")
    button: JsonObject = {"text": string_field(value, "text", required=True).strip()}
    button |= {name: value[name] for name in _LOOKS if name in value}
    for name in ("request_contact", "request_location"):
        if bool_field(value, name):
            return {**button, name: True}
    for name in ("request_poll", "web_app", "request_users", "request_chat"):
        if name in value:
            return {**button, name: _object_field(value, name)}
    return button


def _inline_button(value: Any) -> JsonObject:
    if not isinstance(value, dict):
        raise Flaw("InlineKeyboardButton must be an Object")
    button: JsonObject = {"text": string_field(value, "text", required=True).strip()}
    button |= {name: value[name] for name in _LOOKS if name in value}
    if url := string_field(value, "url"):
        return {**button, "url": _checked_url(url)}
    if data := string_field(value, "callback_data"):
        return {**button, "callback_data": data}
    for name in _OTHER_ACTIONS:
        if name in value:
            return {**button, name: value[name]}
    raise Flaw("Text buttons are unallowed in the inline keyboard")


def _object_field(value: JsonObject, name: str) -> JsonObject:
    found = value[name]
    if not isinstance(found, dict):
        raise Flaw(f'Field "{name}" must be of type Object')
    return found


def _checked_url(url: str) -> str:
    if re.match(r"(?i)(https?|tg|ton)://\S+$", url):
        return url
    if re.match(r"[\w-]+(\.[\w-]+)+(/\S*)?$", url):
        return f"http://{url}"
    raise bad_request(f"inline keyboard button URL '{url}' is invalid: Wrong HTTP URL")
