"""Asking for somebody else: said before a request, or in the middle of one. People check it."""

from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from handlers.dialogue.actions.desk_action import DeskAction, Events
from handlers.dialogue.actions.request_form import FOR_ANOTHER
from handlers.dialogue.actions.request_forms import REQUEST_FORMS
from handlers.dialogue.choosing import names
from handlers.dialogue.turn import Turn
from intents.parse import Language

_PROVED_ONESELF = ("email", "code", "reach")
"""What was said of oneself, and does not hold for an agent."""
_CHOICE, _PAYLOAD = "utter_choice_for_other", "/for_other"


def speaks_for_another(turn: Turn) -> Events:
    """What a wish shows by its words: that it is somebody else's data."""
    told = turn.state.slots.get("heard") or "" if turn.chosen else turn.text
    words = [turn.voice.synonyms(_CHOICE, language).get(_PAYLOAD, []) for language in Language]
    return [SlotSet(FOR_ANOTHER, "yes")] if any(names(each, told) for each in words) else []


class ForOther(DeskAction):
    """It is about somebody else's data: in the middle of a request, or before one."""

    action_name = "action_for_other"

    async def act(self, say: CollectingDispatcher) -> Events:
        """Turn the open request into an agent's, or ask what it shall be."""
        form = REQUEST_FORMS.get(self.turn.state.active_loop or "")
        if form is not None and form.proves:
            for name in _PROVED_ONESELF:
                self.turn.state.set_slot(name, None)
            return [SlotSet(FOR_ANOTHER, "yes")]
        if form is not None:
            say.utter_message(response="utter_for_other_as_well")
            return []
        say.utter_message(response="utter_for_other_what")
        return [SlotSet(FOR_ANOTHER, "yes")]
