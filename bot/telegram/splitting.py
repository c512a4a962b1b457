"""A long text as messages that Telegram takes. Pure; knows no API.

Telegram counts UTF-16 units. A cut falls, in this order of liking, after a paragraph, a line, a sentence, a word,
and never inside what a reader sees as one sign (a letter with its accents, a flag, a family of emoji), unless that one
sign alone is longer than a message.
"""

import re
import unicodedata

LONGEST_MESSAGE = 4096
LONGEST_LABEL = 64

_BREAKS = (
    re.compile(r"\n[^\S\n]*\n\s*"),
    re.compile(r"\n\s*"),
    re.compile(r"[.!?…]['\"”’)\]]*\s+|[。！？]+[」』）]*\s*"),
    re.compile(r"\s+|[、，]"),
)
_JOINER = "\u200d"
_EXTENDING = re.compile(
    "[\u1160-\u11ff\ufe00-\ufe0f\uff9e\uff9f\u200c\u200d\U0001f3fb-\U0001f3ff\U000e0020-\U000e007f]"
)


def units(text: str) -> int:
    """A text's length as Telegram counts it."""
    return len(text) + sum(sign > "\uffff" for sign in text)


def split(text: str, longest: int = LONGEST_MESSAGE) -> list[str]:
    """Cut a text into messages; blank ones are left out, since Telegram refuses them."""
    parts = []
    rest = _sendable(text)
    while rest:
        cut = _cut(rest, longest)
        parts.append(rest[:cut].strip())
        rest = rest[cut:].lstrip()
    return [part for part in parts if part]


def shorten(label: str, longest: int = LONGEST_LABEL) -> str:
    """A button's label, cut with an ellipsis where it is too long."""
    label = _sendable(label)
    if len(label) <= longest:
        return label
    return label[: _whole_sign(label, longest - 1)].rstrip() + "…"


def _sendable(text: str) -> str:
    """Without half surrogates, which no UTF-8 body can carry."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace").strip()


def _cut(text: str, longest: int) -> int:
    """Where to cut, so that the first part is at most `longest` units and, if it can be, at least half of that."""
    end = _reach(text, longest)
    if end == len(text):
        return end
    for kind in _BREAKS:
        places = [found.end() for found in kind.finditer(text, end // 2, end) if _is_edge(text, found.end())]
        if places:
            return places[-1]
    return _whole_sign(text, end)


def _reach(text: str, longest: int) -> int:
    """How many code points fit into `longest` units."""
    used = 0
    for place, sign in enumerate(text):
        used += 2 if sign > "\uffff" else 1
        if used > longest:
            return place
    return len(text)


def _whole_sign(text: str, end: int) -> int:
    """The last edge between two signs at or before `end`; `end` itself where one sign reaches over all of it."""
    place = end
    while place > 0 and not _is_edge(text, place):
        place -= 1
    return place or end


def _is_edge(text: str, place: int) -> bool:
    """Whether a reader sees one sign end and another begin here."""
    if place in {0, len(text)}:
        return True
    before, after = text[place - 1], text[place]
    if unicodedata.category(after).startswith("M") or _EXTENDING.match(after) or before == _JOINER:
        return False
    if before == "\r" and after == "\n":
        return False
    return not (_is_flag_half(after) and _flag_halves_before(text, place) % 2)


def _is_flag_half(sign: str) -> bool:
    return "\U0001f1e6" <= sign <= "\U0001f1ff"


def _flag_halves_before(text: str, place: int) -> int:
    start = place
    while start > 0 and _is_flag_half(text[start - 1]):
        start -= 1
    return place - start
