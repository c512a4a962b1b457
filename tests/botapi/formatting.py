"""Text as Telegram takes it: cleaned, its markup parsed into entities, and measured in UTF-16 units.

Of the parse modes this stand-in knows HTML and none, the two that the desk uses; any other is refused.
"""

import re
from typing import Any

from tests.botapi.checks import int_field, json_of, string_field
from tests.botapi.markup_tags import parse_html
from tests.botapi.refusals import Flaw, JsonObject
from tests.botapi.wire import Call

LONGEST_TEXT = 4096
LONGEST_CAPTION = 1024
MOST_ENTITIES = 100
_MOST_BYTES = 1 << 15

_SPACES = {code: " " for code in range(33) if chr(code) not in "\n\r"}
_DROPPED = dict.fromkeys([ord("\r"), *range(0x2028, 0x202F), 0x030A, 0x0333, 0x033F])
_CLEANING = {**_SPACES, **_DROPPED}

_PLAIN_ENTITIES = {
    "bold", "italic", "underline", "strikethrough", "spoiler", "code", "blockquote", "expandable_blockquote",
}  # fmt: skip
_IGNORED_ENTITIES = {
    "mention", "hashtag", "cashtag", "bot_command", "url", "email", "phone_number", "bank_card_number",
}  # fmt: skip
_DETECTED = re.compile(
    r"(?P<url>https?://[^\s<>\"]+)"
    r"|(?P<email>(?<![\w.+-])[\w.+-]++@[\w-]++(?:\.[\w-]++)+)"
    r"|(?P<bot_command>(?<![\w/@])/[A-Za-z0-9_]{1,64}(?:@[A-Za-z]\w{3,31})?(?![\w/]))"
    r"|(?P<mention>(?<![\w@])@[A-Za-z]\w{3,31}(?!\w))"
)


def utf16_length(text: str) -> int:
    """What Telegram counts: UTF-16 code units."""
    return len(text) + sum(ord(character) > 0xFFFF for character in text)


def clean(text: str) -> str:
    """Control characters become spaces; carriage returns, line separators and bidi overrides vanish."""
    return text.translate(_CLEANING)


def read_text(call: Call, name: str, entities_name: str) -> tuple[str, list[JsonObject]]:
    """A text parameter and its entities, before any judgement of its length."""
    text = call.get(name)
    if len(text.encode()) > _MOST_BYTES:
        raise Flaw("Text is too long")
    mode = call.get("parse_mode").lower()
    if not text or mode in {"", "none"}:
        entities = _given_entities(call, entities_name)
    elif mode == "html":
        try:
            text, entities = parse_html(text)
        except Flaw as flaw:
            raise Flaw(f"Can't parse entities: {flaw}") from None
    else:
        raise Flaw("Unsupported parse_mode")
    return _trimmed(clean(text), entities)


def read_message_text(call: Call) -> JsonObject:
    """The content of a text message; refuses what is empty or too long."""
    if not call.get("text"):
        raise Flaw("Message text is empty")
    text, entities = read_text(call, "text", "entities")
    if not text:
        raise Flaw("Text must be non-empty")
    if utf16_length(text) > LONGEST_TEXT:
        raise Flaw("Message is too long")
    return with_entities({"text": text}, "entities", text, entities)


def read_caption(call: Call) -> JsonObject:
    text, entities = read_text(call, "caption", "caption_entities")
    if utf16_length(text) > LONGEST_CAPTION:
        raise Flaw("Message caption is too long")
    return with_entities({"caption": text}, "caption_entities", text, entities) if text else {}


def with_entities(content: JsonObject, name: str, text: str, given: list[JsonObject] | None = None) -> JsonObject:
    """Add the entities that were given and those that Telegram itself finds in the text."""
    entities = list(given or [])
    taken = [(entity["offset"], entity["offset"] + entity["length"]) for entity in entities]
    for entity in detected_entities(text):
        start, end = entity["offset"], entity["offset"] + entity["length"]
        if all(end <= other_start or start >= other_end for other_start, other_end in taken):
            entities.append(entity)
    if entities:
        content[name] = sorted(entities, key=lambda entity: (entity["offset"], -entity["length"]))[:MOST_ENTITIES]
    return content


def detected_entities(text: str) -> list[JsonObject]:
    """Commands, addresses, links and mentions, as Telegram's server marks them by itself."""
    entities: list[JsonObject] = []
    offset = end = 0
    for found in _DETECTED.finditer(text):
        offset += utf16_length(text[end : found.start()])
        length = utf16_length(found[0])
        entities.append({"offset": offset, "length": length, "type": found.lastgroup})
        offset, end = offset + length, found.end()
    return entities


def _given_entities(call: Call, name: str) -> list[JsonObject]:
    try:
        given = json_of(call, name, "entities")
    except Flaw:
        return []  # the real server ignores entities that do not parse
    if not isinstance(given, list):
        return []
    try:
        entities = [_given_entity(entity) for entity in given]
    except Flaw as flaw:
        raise Flaw(f"Can't parse MessageEntity: {flaw}") from None
    return [entity for entity in entities if entity is not None]


def _given_entity(value: Any) -> JsonObject | None:
    if not isinstance(value, dict):
        raise Flaw("expected an Object")
    entity: JsonObject = {"offset": int_field(value, "offset"), "length": int_field(value, "length")}
    entity["type"] = kind = string_field(value, "type", required=True)
    if kind in _IGNORED_ENTITIES:
        return None
    if kind == "text_link":
        entity["url"] = string_field(value, "url", required=True)
    elif kind == "pre":
        entity |= {"language": language} if (language := string_field(value, "language")) else {}
    elif kind not in _PLAIN_ENTITIES:
        raise Flaw("Unsupported type specified")
    return entity


def _trimmed(text: str, entities: list[JsonObject]) -> tuple[str, list[JsonObject]]:
    """Strip the text and move or cut its entities accordingly."""
    stripped = text.strip()
    lead = utf16_length(text) - utf16_length(text.lstrip())
    length = utf16_length(stripped)
    kept = []
    for entity in entities:
        start = max(entity["offset"] - lead, 0)
        end = min(entity["offset"] + entity["length"] - lead, length)
        if end > start:
            kept.append({**entity, "offset": start, "length": end - start})
    return stripped, kept
