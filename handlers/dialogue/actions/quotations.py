"""The policy's own words on demand: a short extract from each clause that the last answer cited.

An answer is in the desk's wording and leaves the clauses' ids in the slot `cited`; the words themselves stay in the
pack. `/quote` is the payload of the choice under an answer, and what asking for the exact words means.
"""

from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from handlers.dialogue.actions.desk_action import DeskAction, Events
from handlers.dialogue.choosing import names
from handlers.dialogue.hearing import columns
from handlers.dialogue.turn import QUOTE, Turn
from intents.companies import Answer, quote
from intents.parse import Language

CITED = "cited"
_CHOICE = "utter_choice_quote"
_LONGEST_CALL = 48
"""Columns up to which words that name the exact words ask for them, and for nothing else."""


def remember(answer: Answer) -> Events:
    """What the last answer cited, for who asks for its exact words; a gap cites nothing."""
    return [SlotSet(CITED, " ".join(clause.id for clause in answer.clauses) or None)]


def offer(turn: Turn) -> list[dict[str, str]]:
    """The choice under an answer."""
    return [{"title": turn.voice.line(_CHOICE, turn.language), "payload": QUOTE}]


def is_asked(turn: Turn, text: str) -> bool:
    """Whether `text` asks for the exact words of what was cited last; not where a form awaits free words."""
    form, slot = turn.state.active_loop, turn.state.requested
    if not turn.state.slots.get(CITED) or not text or columns(text) > _LONGEST_CALL:
        return False
    if form and slot and turn.voice.script.takes_words(form, slot):
        return False
    return any(names(turn.voice.synonyms(_CHOICE, language)[QUOTE], text) for language in Language)


class QuotePolicy(DeskAction):
    """Say what the policy itself says where it was cited last."""

    action_name = "action_quote_policy"

    async def act(self, say: CollectingDispatcher) -> Events:
        """Say a short marked extract of each clause with its place, or that nothing was cited."""
        turn, policy = self.turn, self.turn.company.policy
        clauses = policy.cited(str(turn.state.slots.get(CITED) or "").split())
        if not clauses:
            say.utter_message(response="utter_nothing_to_quote")
            return []
        extracts = quote(clauses, turn.company, turn.language)
        say.utter_message(response=f"utter_quotation_{policy.written_in}", lines=extracts)
        return []
