"""Before anything is understood: what came in, made safe and plain, once, at the door of the talk.

Unicode to NFC (for what is kept and shown), without NUL, lone surrogates and other control characters. Commands and
the few things that are found by form and not by meaning (addresses, codes) are found here.
"""

import re
import unicodedata
from dataclasses import dataclass, field

from handlers.desk import codes
from handlers.desk.identifiers import find_emails
from handlers.dialogue.messages import MAX_TEXT, Inbound
from intents.parse import Language

_COMMAND = re.compile(r"/([a-z_]{1,32})(?:@\w+)?(?:\s.*)?", re.DOTALL | re.IGNORECASE)
_CODE = re.compile(rf"(?<!\d)\d{{{codes.DIGITS}}}(?!\d)")
_REF = re.compile(r"\bM-?([2-9A-Z]{4})-?([2-9A-Z]{4})-?([2-9A-Z]{2})\b")
_KANA = re.compile(r"[\u3040-\u30ff\u31f0-\u31ff\uff66-\uff9f]")
_HAN = re.compile(r"[\u3400-\u9fff]")
_LATIN = re.compile(r"[A-Za-z]{2}")
_QUESTION = re.compile(
    r"[?？]|(?:か|かな|の)[。!！\s]*$"
    r"|^\s*(?:and |but |actually |wait )*(?:what|how|why|who|where|when|which|is|are|do|does|can|will)\b",
    re.IGNORECASE,
)
_KEPT = "\n\t"


@dataclass(frozen=True, slots=True)
class Heard:
    """A message made plain. `text` is what there is to understand, empty for commands, choices and events."""

    said: str = field(repr=False)
    text: str = field(default="", repr=False)
    command: str | None = None
    entities: dict[str, str] = field(default_factory=dict, repr=False)
    language: Language | None = None
    cut: bool = False
    """Whether the message was longer than the desk reads."""


def hear(inbound: Inbound) -> Heard:
    """Make one message plain."""
    if inbound.text is None:
        return Heard(said="")
    raw = inbound.text[: MAX_TEXT * 4]
    text = clean(raw)
    cut = len(inbound.text) > len(raw) or len(text) > MAX_TEXT
    text = text[:MAX_TEXT]
    if command := _COMMAND.fullmatch(text):
        return Heard(said=text, command=command[1].lower())
    return Heard(said=text, text=text, entities=_entities(text), language=language_of(text), cut=cut)


def clean(text: str) -> str:
    """NFC, without control characters, lone surrogates, and direction marks that would turn our own words around."""
    whole = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    kept = "".join(sign for sign in whole if sign in _KEPT or unicodedata.category(sign) not in {"Cc", "Cf", "Cs"})
    return unicodedata.normalize("NFC", kept.replace("\ufffd", "")).strip()


def plain(text: str) -> str:
    """The form in which typed words and labels are compared: NFKC, without the marks around them, lower case."""
    return unicodedata.normalize("NFKC", text).strip(" \t\n.。!?、,・").casefold()


def language_of(text: str) -> Language | None:
    """The language that a text's script shows; None where it shows none (digits, emoji, a third script)."""
    if _KANA.search(text) or _HAN.search(text):
        return Language.JA
    return Language.EN if _LATIN.search(text) else None


def columns(text: str) -> int:
    """How wide a text is on a terminal: Japanese says in half the signs what English does (UAX 11)."""
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)


def is_question(text: str) -> bool:
    """Whether a text has the form of a question."""
    return _QUESTION.search(text) is not None


def _entities(text: str) -> dict[str, str]:
    found = {}
    if emails := find_emails(text):
        found["email"] = " ".join(emails)
    narrow = unicodedata.normalize("NFKC", text)
    code = codes.read_code(narrow) or next(iter(_CODE.findall(narrow)), None)
    if code is not None:
        found["code"] = code
    if ref := _REF.search(narrow.upper()):
        found["ref"] = "M-" + "-".join(ref.groups())
    return found
