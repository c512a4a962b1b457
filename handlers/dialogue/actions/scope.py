"""Help to say which data is meant (APPI Art. 37(2)): where words fail, by the company's own items and a period."""

from typing import Any

from rasa_sdk.executor import CollectingDispatcher

from handlers.dialogue.actions.desk_action import DeskAction, Events
from handlers.dialogue.actions.request_form import RequestForm, Slots, words
from handlers.dialogue.choosing import names, pick
from handlers.dialogue.hearing import columns
from handlers.dialogue.turn import Turn

HELP = "help"
"""Value of `scope` where the customer is helped to say it."""
_SHORT = 48
"""Columns up to which words that name no data leave it open."""


def scope_of(form: RequestForm) -> list[str]:
    """The slots that say which data is meant."""
    return ["scope_item", "scope_period"] if form.slot("scope") == HELP else ["scope"]


def narrowed(form: RequestForm, value: Any, say: CollectingDispatcher, *rest: Any) -> Slots:
    """Take the words; "I do not know" and "everything from last year" call for help, the latter with its period."""
    text, turn = str(value), form.turn
    if pick(text, turn.offered) == HELP or _leaves_open(text, turn, "unknown"):
        return {"scope": HELP}
    if _leaves_open(text, turn, "everything"):
        return {"scope": HELP, "scope_period": text.strip()}
    return words("scope")(form, value, say, *rest)


def _leaves_open(text: str, turn: Turn, how: str) -> bool:
    also = turn.voice.synonyms("utter_ask_scope", turn.language).get(how, [])
    return columns(text) <= _SHORT and names(also, text)


class AskScopeItem(DeskAction):
    """Ask which items, with those that the company names."""

    action_name = "action_ask_scope_item"

    async def act(self, say: CollectingDispatcher) -> Events:
        """Ask with each item as a choice; others, or several, can be typed."""
        labels = [each.name[self.turn.language] for each in self.turn.company.items]
        say.utter_message(
            response="utter_ask_scope_item", buttons=[{"title": each, "payload": each} for each in labels]
        )
        return []
