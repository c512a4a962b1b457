"""The methods by which a bot asks who it is and sets how it looks: commands, descriptions, menu button."""

import re
from typing import Any

from tests.botapi.checks import int_field, json_of, number_of, string_field
from tests.botapi.cloud import Cloud
from tests.botapi.refusals import Flaw, JsonObject, bad_request
from tests.botapi.wire import Call

PLAIN_SCOPES = {"default", "all_private_chats", "all_group_chats", "all_chat_administrators"}
CHAT_SCOPES = {"chat", "chat_administrators", "chat_member"}
MOST_COMMANDS = 100
LONGEST = {"name": 64, "description": 512, "short_description": 120}


def get_me(cloud: Cloud, call: Call) -> JsonObject:
    return {
        **cloud.account.as_user(), "can_join_groups": True, "can_read_all_group_messages": True,
        "supports_inline_queries": False, "can_connect_to_business": False, "has_main_web_app": False,
    }  # fmt: skip


def log_out(cloud: Cloud, call: Call) -> bool:
    cloud.account.logged_out = True
    cloud.queue.clear()
    return True


def close(cloud: Cloud, call: Call) -> bool:
    return True


def get_chat(cloud: Cloud, call: Call) -> JsonObject:
    chat = cloud.chat(call.get("chat_id"))
    gifts = dict.fromkeys(
        ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels"), True
    )
    return {**chat.as_json(), "accent_color_id": 0, "max_reaction_count": 11, "accepted_gift_types": gifts}


def get_my_commands(cloud: Cloud, call: Call) -> list[JsonObject]:
    return cloud.account.commands.get((_scope(cloud, call), _language(call)), [])


def set_my_commands(cloud: Cloud, call: Call) -> bool:
    given = json_of(call, "commands", "commands") or []
    if not isinstance(given, list):
        raise Flaw("Expected an Array of BotCommand")
    try:
        commands = [_command(command) for command in given]
    except Flaw as flaw:
        raise Flaw(f"Can't parse BotCommand: {flaw}") from None
    key = (_scope(cloud, call), _language(call))
    for command in commands:
        _check_command(command)
    if len(commands) > MOST_COMMANDS:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    cloud.account.commands[key] = commands
    return True


def delete_my_commands(cloud: Cloud, call: Call) -> bool:
    cloud.account.commands.pop((_scope(cloud, call), _language(call)), None)
    return True


def set_my_name(cloud: Cloud, call: Call) -> bool:
    return _set_words(call, "name", cloud.account.names)


def get_my_name(cloud: Cloud, call: Call) -> JsonObject:
    names = cloud.account.names
    return {"name": names.get(_language(call)) or names.get("") or cloud.account.first_name}


def set_my_description(cloud: Cloud, call: Call) -> bool:
    return _set_words(call, "description", cloud.account.descriptions)


def get_my_description(cloud: Cloud, call: Call) -> JsonObject:
    words = cloud.account.descriptions
    return {"description": words.get(_language(call)) or words.get("", "")}


def set_my_short_description(cloud: Cloud, call: Call) -> bool:
    return _set_words(call, "short_description", cloud.account.short_descriptions)


def get_my_short_description(cloud: Cloud, call: Call) -> JsonObject:
    words = cloud.account.short_descriptions
    return {"short_description": words.get(_language(call)) or words.get("", "")}


def set_chat_menu_button(cloud: Cloud, call: Call) -> bool:
    try:
        button = _menu_button(json_of(call, "menu_button", "menu button"))
    except Flaw as flaw:
        raise Flaw(f"Can't parse menu button: {flaw}") from None
    cloud.account.menu_buttons[_menu_owner(cloud, call)] = button
    return True


def get_chat_menu_button(cloud: Cloud, call: Call) -> JsonObject:
    buttons = cloud.account.menu_buttons
    return buttons.get(_menu_owner(cloud, call)) or buttons.get(0) or {"type": "commands"}


def commands_shown(cloud: Cloud, chat_id: int, language: str) -> list[JsonObject]:
    """The command menu of a private chat, by Telegram's order of scopes and languages."""
    for scope in (f"chat:{chat_id}", "all_private_chats", "default"):
        for code in (language, ""):
            if commands := cloud.account.commands.get((scope, code)):
                return commands
    return []


def _scope(cloud: Cloud, call: Call) -> str:
    given = json_of(call, "scope", "BotCommandScope")
    if given is None:
        return "default"
    try:
        kind, chat_id, user_id = _scope_parts(given)
    except Flaw as flaw:
        raise Flaw(f"Can't parse BotCommandScope: {flaw}") from None
    if kind in PLAIN_SCOPES:
        return kind
    cloud.chat(chat_id)
    return f"{kind}:{chat_id}" + (f":{user_id}" if user_id else "")


def _scope_parts(given: Any) -> tuple[str, str, int]:
    if not isinstance(given, dict):
        raise Flaw("BotCommandScope must be an Object")
    kind = string_field(given, "type", required=True)
    if kind in PLAIN_SCOPES:
        return kind, "", 0
    if kind not in CHAT_SCOPES:
        raise Flaw("Unsupported type specified")
    chat_id = string_field(given, "chat_id", required=True)
    if not chat_id:
        raise Flaw("Empty chat_id specified")
    user_id = int_field(given, "user_id") if kind == "chat_member" else 0
    if user_id < 0:
        raise Flaw("Invalid user_id specified")
    return kind, chat_id, user_id


def _language(call: Call) -> str:
    code = call.get("language_code")
    if code and not re.fullmatch(r"[a-z]{2}", code):
        raise bad_request("Invalid language code specified")
    return code


def _command(given: Any) -> JsonObject:
    if not isinstance(given, dict):
        raise Flaw("expected an Object")
    return {name: string_field(given, name, required=True).strip() for name in ("command", "description")}


def _check_command(command: JsonObject) -> None:
    command["command"] = command["command"].removeprefix("/")
    for name, called, longest in (("command", "Command", 32), ("description", "Command description", 256)):
        if not command[name]:
            raise bad_request(f"{called} must be non-empty")
        if len(command[name]) > longest:
            raise bad_request(f"{called} length must not exceed {longest}")
    if not re.fullmatch(r"[a-z0-9_]{1,32}", command["command"]):
        raise bad_request("BOT_COMMAND_INVALID")


def _set_words(call: Call, name: str, words: dict[str, str]) -> bool:
    if len(call.get(name)) > LONGEST[name]:
        # Telegram's core refuses these lengths; its own wording of the refusal is not documented.
        raise bad_request(f"BOT_{name.upper()}_TOO_LONG")
    words[_language(call)] = call.get(name)
    return True


def _menu_button(given: Any) -> JsonObject:
    if given is None:
        return {"type": "default"}
    if not isinstance(given, dict):
        raise Flaw("MenuButton must be an Object")
    kind = string_field(given, "type", required=True)
    if kind not in {"default", "commands", "web_app"}:
        raise Flaw("MenuButton has unsupported type")
    if kind == "web_app":
        string_field(given, "text", required=True)
        web_app = given.get("web_app")
        string_field(web_app if isinstance(web_app, dict) else {}, "url", required=True)
    return dict(given)


def _menu_owner(cloud: Cloud, call: Call) -> int:
    if "chat_id" not in call.params:
        return 0
    owner = number_of(call.get("chat_id"))
    if owner <= 0:
        raise bad_request("Invalid chat_id specified")
    cloud.chat(call.get("chat_id"))
    return owner
