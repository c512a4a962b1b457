"""What is asked by a fixed phrase: the few things that no intent of the catalogue stands for.

Each has a command, a choice with the same payload, and the words in its choice's `metadata.also`.
"""

from handlers.dialogue.choosing import names
from handlers.dialogue.hearing import columns, is_question
from handlers.dialogue.turn import Turn
from intents.parse import Language

FOR_OTHER = "/for_other"
PHRASES = {
    "/why": ("utter_choice_why", "action_explain_dates"),
    "/disagree": ("utter_choice_disagree", "action_begin_disagreement"),
    FOR_OTHER: ("utter_choice_for_other", "action_for_other"),
    "/forget_now": ("utter_choice_forget", "action_forget"),
    "/case": ("utter_choice_case", "action_show_case"),
}
"""Payload → the response of its choice, and the action it stands for."""
_BARE_REFERENCE = 24
_BESIDE = 24
"""Columns that may stand beside a phrase; with more around it, it is a part of something else."""


def payload_of(turn: Turn, text: str) -> str | None:
    """The payload that a text means by one of its phrases; None where a form awaits free words, or none is meant."""
    form, slot = turn.state.active_loop, turn.state.requested
    if not text:
        return None
    if form and slot and turn.voice.script.takes_words(form, slot):
        return None
    if form is None and columns(text) <= _BARE_REFERENCE and "ref" in turn.entities:
        return "/case"
    return next((payload for payload in PHRASES if _means(turn, payload, text)), None)


def _means(turn: Turn, payload: str, text: str) -> bool:
    response, _ = PHRASES[payload]
    if payload == FOR_OTHER and is_question(text):
        return False  # whether one may ask for another is a question to the policy, which then offers it
    words = [word for language in Language for word in turn.voice.synonyms(response, language).get(payload, ())]
    return any(columns(text) - columns(word) <= _BESIDE and names([word], text) for word in words)
