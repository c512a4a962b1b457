"""Which item a customer means: one that the company names, or one of the few kinds whose values can be checked."""

from rasa_sdk.executor import CollectingDispatcher

from handlers.dialogue.actions.desk_action import DeskAction, Events
from handlers.dialogue.choosing import names
from handlers.dialogue.item_values import Held
from handlers.dialogue.turn import Turn
from intents.parse import Language

_ASK = "utter_ask_item"
CONTACT = frozenset({Held.EMAIL, Held.PHONE, Held.ADDRESS})


def held_by(turn: Turn, said: str) -> Held | None:
    """The kind of item that these words mean, in either language; the longest name wins ("e-mail address")."""
    known = {each.value for each in Held}
    items = [each for each in turn.company.items if each.id in known]
    named = [(name, each.id) for each in items for name in (each.name.en, each.name.ja)]
    for language in Language:
        named += [(word, kind) for kind, also in turn.voice.synonyms(_ASK, language).items() for word in also]
    found = [(name, kind) for name, kind in named if names([name.casefold()], said)]
    return Held(max(found, key=lambda each: len(each[0]))[1]) if found else None


class AskItem(DeskAction):
    """Ask which item, with those that the company names."""

    action_name = "action_ask_item"

    async def act(self, say: CollectingDispatcher) -> Events:
        """Ask with each item as a choice; another one can be typed."""
        labels = [each.name[self.turn.language] for each in self.turn.company.items]
        say.utter_message(response=_ASK, buttons=[{"title": label, "payload": label} for label in labels])
        return []
