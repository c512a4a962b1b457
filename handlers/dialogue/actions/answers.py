"""Answers: from the company's own policy, or honestly none, with the law's general rule. Nothing is invented here."""

from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from handlers.dialogue.actions import drafts, hours, quotations
from handlers.dialogue.actions.desk_action import DeskAction, Events
from handlers.dialogue.hearing import is_question
from handlers.dialogue.turn import FALLBACK, RESUME, Turn
from intents.companies import Answer, Clause, Gap, render

_LIKELY = 0.08
"""Probability from which a meaning is worth asking about."""


class AnswerPolicy(DeskAction):
    """Answer a question with the clauses that serve it."""

    action_name = "action_answer_policy"

    async def act(self, say: CollectingDispatcher) -> Events:
        """Say the clauses with their places, or that the policy does not say, and offer a person."""
        turn = self.turn
        return tell(turn.company.policy.answer(turn.intent, turn.text, turn.language), self, say)


def tell(answer: Answer, action: DeskAction, say: CollectingDispatcher) -> Events:
    """Say an answer, with the exact words to be had; a gap comes with the offer of a person."""
    turn = action.turn
    is_free = turn.state.active_loop is None
    if answer:
        buttons = quotations.offer(turn) if answer.clauses and is_free else []
        say.utter_message(text=render(answer, turn.company, turn.language), buttons=buttons)
    else:
        say.utter_message(response="utter_policy_silent")
    told: Events = []
    if not answer.clauses:
        _tell_general_rule(answer.gap, turn, say)
        if is_free:
            told = hours.tell_once(turn, say)
            say.utter_message(response="utter_gap_offer")
    return [*quotations.remember(answer), *told]


def _tell_general_rule(gap: Gap | None, turn: Turn, say: CollectingDispatcher) -> None:
    """Where the policy is silent: the law's general rule on that question, marked as the law's, if there is one.

    A gap is about the first of its intents; whoever wrote it may have said that the general rule misses its point.
    """
    asked = turn.intent if gap is None else gap.intents[0]
    law = turn.casework.controller.law
    rule = law.general.get(str(asked)) if gap is None or gap.general_rule else None
    if rule is not None:
        article = law.cite(rule.article, turn.language)
        say.utter_message(response="utter_general_rule", article=article, words=rule.text.of(turn.language))


class OfferSwitch(DeskAction):
    """Another wish was heard in the middle of a request: ask before anything is dropped."""

    action_name = "action_offer_switch"

    async def act(self, say: CollectingDispatcher) -> Events:
        """Ask; what is neither yes nor no is still an answer to the open form."""
        voice, language, intent = self.turn.voice, self.turn.language, self.turn.intent
        buttons = [
            {"title": voice.line("utter_choice_switch", language), "payload": f"/{intent}"},
            {"title": voice.line("utter_choice_resume", language), "payload": RESUME},
        ]
        wish = voice.line(f"utter_meaning_{intent}", language)
        say.utter_message(response="utter_offer_switch", wish=wish, buttons=buttons)
        return drafts.remember_arrival(self.turn)


class Unsure(DeskAction):
    """Not understood: first ask with the likeliest meanings, then offer a person."""

    action_name = "action_unsure"

    async def act(self, say: CollectingDispatcher) -> Events:
        """Ask back; else answer what the policy's own words name; else offer a person."""
        turn = self.turn
        before = int(turn.state.slots.get("misunderstood") or 0)
        meanings = self._meanings() if before == 0 else []
        named = turn.company.policy.answer(None, turn.text, turn.language)
        if is_question(turn.text) and self._is_likely(named, bool(meanings)):
            return tell(named, self, say)
        if meanings:
            none_of_these = {"title": turn.voice.line("utter_choice_none", turn.language), "payload": f"/{FALLBACK}"}
            say.utter_message(response="utter_unsure", buttons=[*meanings, none_of_these])
        else:
            say.utter_message(response="utter_offer_person")
        return [SlotSet("misunderstood", before + 1), *drafts.remember_arrival(turn)]

    def _is_likely(self, named: Answer, has_meanings: bool) -> bool:
        """Whether what the words name in the policy may be answered at once: nothing else was heard, or it was too."""
        entries: list[Clause | Gap] = [*named.clauses, *([named.gap] if named.gap else [])]
        if not has_meanings:
            return bool(named.clauses)
        ranking = self.turn.parse.ranking if self.turn.parse else ()
        likely = {each.intent for each in ranking[:2]}
        return any(likely & set(entry.intents) for entry in entries)

    def _meanings(self) -> list[dict[str, str]]:
        parse, voice = self.turn.parse, self.turn.voice
        if parse is None:
            return []
        likely = [
            each.intent
            for each in parse.ranking
            if each.confidence >= _LIKELY and voice.script.has(f"utter_meaning_{each.intent}")
        ]
        return [
            {"title": voice.line(f"utter_meaning_{intent}", self.turn.language), "payload": f"/{intent}"}
            for intent in likely[:3]
        ]
