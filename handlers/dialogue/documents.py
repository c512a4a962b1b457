"""Documents and photos: taken by what they hold, not by what they are called, and kept for a request."""

from handlers.desk.requests import new_id
from handlers.dialogue.actions.cases import cases_for
from handlers.dialogue.hearing import clean
from handlers.dialogue.messages import Document
from handlers.dialogue.turn import Turn

MAX_BYTES = 10 * 1024 * 1024
MAX_NAME = 120
_ENDING = 6
"""Signs that a name's ending has at most, with its dot."""
_STARTS = {b"\xff\xd8\xff": "image/jpeg", b"\x89PNG\r\n\x1a\n": "image/png", b"%PDF-": "application/pdf"}


def media_type(content: bytes) -> str | None:
    """JPEG, PNG or PDF by the first bytes; None for anything else."""
    return next((kind for start, kind in _STARTS.items() if content.startswith(start)), None)


def plain_name(name: str) -> str:
    """A file name as it may be shown: one line, no path, no control or direction marks, no more than 120 signs."""
    last = " ".join(clean(name).replace("\\", "/").rsplit("/", 1)[-1].split()).strip(". ")
    _, dot, ending = last[-_ENDING:].rpartition(".")
    return last if 0 < len(last) <= MAX_NAME else last[: MAX_NAME - len(dot + ending)] + dot + ending or "document"


async def receive(turn: Turn, document: Document) -> list[str]:
    """Keep a document for the request in hand, or for one on file. Returns the actions that say what became of it."""
    kind = media_type(document.content)
    if kind is None or len(document.content) > MAX_BYTES:
        return ["utter_document_refused"]
    slots = turn.state.slots
    adding = turn.state.active_loop == "add_form"
    if turn.state.active_loop is None:
        cases = await cases_for(turn, "add_form")
        if not cases:
            return ["utter_document_for_nothing"]
        turn.state.set_slot("draft_id", new_id())
        turn.state.set_slot("draft_intent", "add_to_request")
        turn.state.set_slot("case_ref", cases[0].request.ref if len(cases) == 1 else None)
        turn.state.active_loop = "add_form"
        adding = True
    if "draft_id" not in slots or turn.state.active_loop in {"cancel_form", "disagree_form"}:
        return ["utter_document_for_nothing"]
    await turn.casework.keep_document(slots["draft_id"], plain_name(document.name), document.content, kind)
    if adding:
        turn.state.set_slot("addition", "kept")
    return ["utter_document_kept"]
