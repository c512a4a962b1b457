"""What can be read of a raw update without decoding it: enough to order it, and to say sorry where it fails."""

from dataclasses import dataclass
from typing import Any

from intents.parse import Language

_FROM_PEOPLE = ("message", "edited_message", "callback_query")


@dataclass(frozen=True, slots=True)
class Envelope:
    """The outside of an update. `chat` is set only where it is a person's own, private chat."""

    update_id: int | None
    lane: str
    chat: str | None = None
    hint: Language | None = None
    press: str | None = None
    """The id of a callback query, which wants an answer at once."""
    is_heavy: bool = False
    """Whether a file has to be fetched for it."""


def read_envelope(raw: Any) -> Envelope:
    """Read what there is; anything may be missing or of a wrong kind."""
    body = raw if isinstance(raw, dict) else {}
    number = body.get("update_id")
    update_id = number if isinstance(number, int) and not isinstance(number, bool) else None
    kind = next((name for name in body if name in _FROM_PEOPLE), None)
    event = _object(body, kind or "")
    message = _object(event, "message") if kind == "callback_query" else event
    sender, chat = _object(event, "from"), _object(message, "chat")
    place = chat.get("id", sender.get("id"))
    is_private = isinstance(place, int) and chat.get("type", "private") == "private"
    press = event.get("id") if kind == "callback_query" else None
    return Envelope(
        update_id=update_id,
        lane=str(place) if isinstance(place, int) else f"update {update_id}",
        chat=str(place) if is_private else None,
        hint=hint_of(sender.get("language_code")),
        press=press if isinstance(press, str) else None,
        is_heavy=kind == "message" and ("document" in event or "photo" in event),
    )


def hint_of(language_code: object) -> Language | None:
    """The desk's language for what a person's app is set to; None where that is not known."""
    if not isinstance(language_code, str) or not language_code:
        return None
    return Language.JA if language_code.lower().split("-")[0] == "ja" else Language.EN


def _object(parent: dict[str, Any], name: str) -> dict[str, Any]:
    value = parent.get(name)
    return value if isinstance(value, dict) else {}
