"""Telegram's HTML: a handful of tags, four named character references, and complaints with byte offsets."""

import re
from dataclasses import dataclass

from tests.botapi.refusals import Flaw, JsonObject

_SIMPLE = {
    "b": "bold", "strong": "bold", "i": "italic", "em": "italic", "u": "underline", "ins": "underline",
    "s": "strikethrough", "strike": "strikethrough", "del": "strikethrough", "tg-spoiler": "spoiler", "span": "spoiler",
    "code": "code", "pre": "pre",
}  # fmt: skip
_TAGS = {*_SIMPLE, "a", "blockquote", "tg-emoji"}
_REFERENCE = re.compile(r"&(?:#x([0-9a-fA-F]+)|#([0-9]+)|(lt|gt|amp|quot)(?![a-zA-Z]));?")
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
_ATTRIBUTE = re.compile(r"\s*([^\s=>]*)\s*(=?)\s*(?:\"([^\"]*)(?:\"|$)|'([^']*)(?:'|$)|([A-Za-z0-9.-]*))")


@dataclass
class _Open:
    tag: str
    attributes: dict[str, str]
    at: int
    text_at: int


class _Parser:
    def __init__(self, source: str) -> None:
        self.source = source
        self.position = 0
        self.parts: list[str] = []
        self.units = 0
        self.open: list[_Open] = []
        self.entities: list[JsonObject] = []

    def run(self) -> tuple[str, list[JsonObject]]:
        while self.position < len(self.source):
            character = self.source[self.position]
            if character == "<":
                self._tag()
            elif character == "&" and (found := _REFERENCE.match(self.source, self.position)):
                self._take(_referred(found), found.end())
            else:
                self._take(character, self.position + 1)
        if self.open:
            raise Flaw(f'Can\'t find end tag corresponding to start tag "{self.open[-1].tag}"')
        for entity in self.entities:
            if entity["type"] == "code":
                entity.pop("language", None)  # only a block of code has a language
        self.entities.sort(key=lambda entity: (entity["offset"], -entity["length"]))
        return "".join(self.parts), self.entities

    def _take(self, text: str, position: int) -> None:
        self.parts.append(text)
        self.units += sum(1 + (ord(character) > 0xFFFF) for character in text)
        self.position = position

    @property
    def _byte_offset(self) -> int:
        return len(self.source[: self.position].encode("utf-8", "surrogatepass"))

    def _tag(self) -> None:
        if self.source.startswith("</", self.position):
            self._end_tag()
        else:
            self._start_tag()

    def _start_tag(self) -> None:
        found = re.compile(r"<([^\s>]*)").match(self.source, self.position)
        assert found is not None
        if found.end() == len(self.source):
            raise Flaw(f"Unclosed start tag at byte offset {self._byte_offset}")
        tag = found[1].lower()
        if tag not in _TAGS:
            raise Flaw(f'Unsupported start tag "{tag}" at byte offset {self._byte_offset}')
        attributes, end = self._attributes(tag, found.end())
        if tag == "span" and attributes.get("class") != "tg-spoiler":
            raise Flaw(f'Tag "span" must have class "tg-spoiler" at byte offset {self._byte_offset}')
        self.open.append(_Open(tag, attributes, self.units, len(self.parts)))
        self.position = end

    def _attributes(self, tag: str, position: int) -> tuple[dict[str, str], int]:
        attributes: dict[str, str] = {}
        while True:
            position += len(self.source[position:]) - len(self.source[position:].lstrip())
            if self.source[position : position + 1] == ">":
                return attributes, position + 1
            found = _ATTRIBUTE.match(self.source, position)
            if found is None or position >= len(self.source):
                raise Flaw(f"Unclosed start tag at byte offset {self._byte_offset}")
            if not found[1]:
                raise Flaw(f'Empty attribute name in the tag "{tag}" at byte offset {self._byte_offset}')
            if not found[2] and not (tag == "blockquote" and found[1] == "expandable"):
                raise Flaw(
                    f'Expected equal sign in declaration of an attribute of the tag "{tag}" '
                    f"at byte offset {self._byte_offset}"
                )
            value = next((group for group in found.groups()[2:] if group is not None), "")
            attributes[found[1].lower()] = _REFERENCE.sub(_referred, value)
            position = found.end()

    def _end_tag(self) -> None:
        if not self.open:
            raise Flaw(f"Unexpected end tag at byte offset {self._byte_offset}")
        found = re.compile(r"</([^\s>]*)\s*>").match(self.source, self.position)
        if found is None:
            raise Flaw(f"Unclosed end tag at byte offset {self._byte_offset}")
        opened = self.open[-1]
        if found[1] and found[1].lower() != opened.tag:
            raise Flaw(
                f"Unmatched end tag at byte offset {self._byte_offset}, "
                f'expected "</{opened.tag}>", found "</{found[1]}>"'
            )
        self.open.pop()
        if self.units > opened.at and (entity := self._entity(opened)):
            self.entities.append({"offset": opened.at, "length": self.units - opened.at, **entity})
        self.position = found.end()

    def _entity(self, opened: _Open) -> JsonObject | None:
        if opened.tag == "a":
            return _link(opened.attributes.get("href") or "".join(self.parts[opened.text_at :]))
        if opened.tag == "blockquote":
            return {"type": "expandable_blockquote" if "expandable" in opened.attributes else "blockquote"}
        if opened.tag == "tg-emoji":
            return {"type": "custom_emoji", "custom_emoji_id": opened.attributes.get("emoji-id", "")}
        if opened.tag == "pre" and self._is_language_of(opened):
            return {"type": "pre", "language": self.entities.pop()["language"]}
        entity: JsonObject = {"type": _SIMPLE[opened.tag]}
        language = opened.attributes.get("class", "")
        if opened.tag == "code" and language.startswith("language-"):
            entity["language"] = language.removeprefix("language-")
        return entity

    def _is_language_of(self, opened: _Open) -> bool:
        last = self.entities[-1] if self.entities else {}
        return bool(last.get("language")) and (last["offset"], last["length"]) == (opened.at, self.units - opened.at)


def _referred(found: re.Match[str]) -> str:
    hexadecimal, decimal, name = found.groups()
    if name:
        return _NAMED[name]
    code = int(hexadecimal, 16) if hexadecimal else int(decimal)
    if code == 0 or code >= 0x10FFFF or len(found[0]) > 10:
        return found[0]
    return chr(code)


def _link(url: str) -> JsonObject | None:
    if re.match(r"(?i)(https?://|tg://|mailto:|tel:)\S", url):
        return {"type": "text_link", "url": url}
    if re.match(r"[\w-]+(\.[\w-]+)+", url):
        return {"type": "text_link", "url": f"http://{url}"}
    return None  # the real server drops links that lead nowhere, too


def parse_html(source: str) -> tuple[str, list[JsonObject]]:
    """The text without its tags, and what they marked; raises Flaw in Telegram's words."""
    text, entities = _Parser(source).run()
    if re.search("[\ud800-\udfff]", text):
        raise Flaw(
            "Text contains invalid Unicode characters after decoding HTML entities, check for unmatched "
            "surrogate code units"
        )
    return text, entities
