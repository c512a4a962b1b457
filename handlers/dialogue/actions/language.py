"""Which language is spoken, by the customer's word."""

import re

from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from handlers.dialogue.actions.desk_action import DeskAction, Events
from intents.parse import Language

_NAMED = {
    Language.EN: re.compile(r"english|inglis|eigo|英語|えいご|イングリッシュ", re.IGNORECASE),
    Language.JA: re.compile(r"japanese|nihongo|nippongo|日本語|にほんご|日語", re.IGNORECASE),
}


class ChangeLanguage(DeskAction):
    """Speak the language that was asked for; where none is named, the other one."""

    action_name = "action_change_language"

    async def act(self, say: CollectingDispatcher) -> Events:
        """Change it for this conversation from this reply on; an open form goes on in it."""
        turn = self.turn
        chosen = turn.entities.get("to_language")
        named = [language for language, words in _NAMED.items() if words.search(turn.text)]
        if chosen is None:
            other = Language.JA if turn.language is Language.EN else Language.EN
            chosen = named[0] if len(named) == 1 else other
        turn.state.set_slot("language", str(chosen))
        say.utter_message(response="utter_language_changed")
        return [SlotSet("language", str(chosen))]
