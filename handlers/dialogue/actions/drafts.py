"""A clean draft: what every form begins with, whether a wish, a choice or a phrase opens it."""

from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from handlers.desk.requests import new_id
from handlers.dialogue.actions.desk_action import Events
from handlers.dialogue.turn import Turn

WISHED_AT = "wished_at"
"""The slot that holds when the wish came about which the desk asked back."""


def begin(turn: Turn, intent: str | None, say: CollectingDispatcher) -> Events:
    """Forget the last draft, saying so where one is open, and give the new one its id and its arrival."""
    slots = turn.state.slots
    asked = {slot for form in turn.voice.script.forms.values() for slot in form}
    filled = [name for name in sorted(asked) if name in slots]
    goes_further = slots.get("draft_intent") == "opt_out_marketing"  # it offers that itself
    if turn.state.active_loop and (filled or not goes_further):
        say.utter_message(response="utter_set_aside")
    return [
        *(SlotSet(name, None) for name in filled),
        SlotSet("draft_id", new_id()),
        SlotSet("draft_intent", intent),
        SlotSet("arrived_at", _arrival(turn)),
    ]


def remember_arrival(turn: Turn) -> Events:
    """Where the desk asks back: a request that is chosen then counts from the message that wished for it."""
    return [SlotSet(WISHED_AT, turn.state.slots.get(WISHED_AT) or turn.arrived.isoformat())]


def _arrival(turn: Turn) -> str:
    wished = turn.state.slots.get(WISHED_AT) if turn.chosen else None
    return str(wished or turn.arrived.isoformat())
