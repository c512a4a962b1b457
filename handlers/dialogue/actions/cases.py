"""Requests on file: how they are going, taking one back, adding to one, disagreeing. A chat sees only its own."""

from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import ActiveLoop, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from handlers.desk.casework import CaseView
from handlers.desk.lifecycle import Step
from handlers.desk.requests import Request
from handlers.desk.telling import told_items
from handlers.dialogue.actions import drafts, hours
from handlers.dialogue.actions.dates import write_date
from handlers.dialogue.actions.desk_action import DeskAction, Events
from handlers.dialogue.actions.request_form import CONFIRMED, DeskForm, Slots, words
from handlers.dialogue.choosing import pick
from handlers.dialogue.decisions import write_items
from handlers.dialogue.turn import Turn

_STEPS = {
    "cancel_form": frozenset({Step.WITHDRAW}),
    "add_form": frozenset({Step.ADD, Step.ANSWER}),
    "disagree_form": frozenset({Step.DISAGREE}),
}
"""What each form does to a request: it is about those that can be moved so."""
_OFFERED = {
    Step.ANSWER: ("utter_choice_answer", "/add_to_request"),
    Step.DISAGREE: ("utter_choice_disagree", "/disagree"),
    Step.ADD: ("utter_choice_add", "/add_to_request"),
    Step.WITHDRAW: ("utter_choice_withdraw", "/cancel_request"),
}
"""What is offered under a request, where it can be done: the choice, and what it opens."""
_MOST_SHOWN = 8
UNSAID = "unsaid"


async def cases_for(turn: Turn, form: str) -> list[CaseView]:
    """The chat's own requests that a form can be about, newest first."""
    views = [await turn.casework.view(each.ref) for each in await turn.casework.own_cases()]
    return [each for each in views if _STEPS[form] & set(each.steps)]


def describe(request: Request, turn: Turn) -> str:
    """One request in a line."""
    controller = turn.casework.controller
    return turn.voice.line(
        f"utter_case_{request.status}",
        turn.language,
        ref=request.ref,
        what=controller.law.right(request.kind).name.of(turn.language),
        arrived=write_date(controller.calendar.day_of(request.arrived_at), turn.language),
        target=write_date(request.target_on, turn.language),
    )


def _button(request: Request, turn: Turn, payload: str) -> dict[str, str]:
    name = turn.casework.controller.law.right(request.kind).name.of(turn.language)
    return {"title": f"{request.ref} · {name}", "payload": payload}


class ShowCases(DeskAction):
    """How the chat's own requests are going."""

    action_name = "action_show_cases"

    async def act(self, say: CollectingDispatcher) -> Events:
        """The only one in full; of several a line each, newest first."""
        cases = await self.turn.casework.own_cases()
        if not cases:
            say.utter_message(response="utter_no_cases")
        elif len(cases) == 1:
            await show(cases[0].ref, self.turn, say)
        else:
            body = "\n\n".join(describe(each, self.turn) for each in cases[:_MOST_SHOWN])
            buttons = [_button(each, self.turn, f'/case{{"ref": "{each.ref}"}}') for each in cases[:_MOST_SHOWN]]
            say.utter_message(response="utter_cases", lines=body, buttons=buttons)
        return []


class ShowCase(DeskAction):
    """One request in full, by its reference."""

    action_name = "action_show_case"

    async def act(self, say: CollectingDispatcher) -> Events:
        """Say it, if it is one of this chat; of any other nothing is known here."""
        ref = self.turn.entities.get("ref")
        if ref in {each.ref for each in await self.turn.casework.own_cases()}:
            await show(str(ref), self.turn, say)
        else:
            say.utter_message(response="utter_no_such_case")
        return []


async def show(ref: str, turn: Turn, say: CollectingDispatcher) -> None:
    """How a request is going, what was asked, what was decided or staff want to know, and what can be done with it."""
    view = await turn.casework.view(ref)
    voice, language, details = turn.voice, turn.language, view.request.details
    asked = [voice.line("utter_summary_line", language, label=each.label, shown=each.shown) for each in details]
    paragraphs = [describe(view.request, turn), "\n".join(asked)]
    if view.decision is not None:
        controller = turn.casework.controller
        items = told_items(view.request, view.decision, controller)
        lines = write_items(items, controller.law, voice, language)
        paragraphs.append(voice.line("utter_case_decision", language, lines=lines))
    if view.question is not None:
        paragraphs.append(voice.line("utter_case_question", language, words=view.question.text))
    if Step.DISAGREE in view.steps and view.request.disagree_until is not None:
        until = write_date(view.request.disagree_until, language)
        paragraphs.append(voice.line("utter_case_disagree_until", language, day=until))
    offered = [each for step, each in _OFFERED.items() if step in view.steps]
    if view.question is not None:
        offered.remove(_OFFERED[Step.ADD])
    if view.request.is_open:
        offered.append(("utter_choice_why", "/why"))
    buttons = [
        {"title": voice.line(choice, language), "payload": f'{payload}{{"ref": "{ref}"}}'}
        for choice, payload in offered
    ]
    say.utter_message(text="\n\n".join(each for each in paragraphs if each), buttons=buttons)


class AskCaseRef(DeskAction):
    """Ask which request is meant."""

    action_name = "action_ask_case_ref"

    async def act(self, say: CollectingDispatcher) -> Events:
        """Ask with each request that the form can be about as a choice."""
        cases = await cases_for(self.turn, self.turn.state.active_loop or "")
        buttons = [_button(each.request, self.turn, each.request.ref) for each in cases[:_MOST_SHOWN]]
        say.utter_message(response="utter_ask_case_ref", buttons=buttons)
        return []


class AskAddition(DeskAction):
    """Ask for what is to be added: the answer to what staff asked, if they did."""

    action_name = "action_ask_addition"

    async def act(self, say: CollectingDispatcher) -> Events:
        """Ask, with the question that waits for an answer."""
        question = (await self.turn.casework.view(self.turn.state.slots["case_ref"])).question
        if question is None:
            say.utter_message(response="utter_ask_addition")
        else:
            say.utter_message(response="utter_ask_answer", words=question.text)
        return []


class CaseForm(DeskForm):
    """A form about a request on file. Where none is open there is nothing to ask, and the form ends at once."""

    follow_up: str

    async def required_slots(
        self, domain_slots: list[str], dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[str]:
        """Which request, then what this form is for."""
        self._open = [each.request.ref for each in await cases_for(self.turn, self.form)]
        return await super().required_slots(domain_slots, dispatcher, tracker, domain)

    def asked(self) -> list[str]:
        """Nothing without an open request."""
        return ["case_ref", self.follow_up] if self._open else []

    def validate_case_ref(self, value: Any, say: CollectingDispatcher, *_: Any) -> Slots:
        """Take one of the chat's own open requests; any other reference is simply not found."""
        typed = str(value).strip().upper()
        chosen = pick(str(value), self.turn.offered) or next((ref for ref in self._open if ref in typed), None)
        if chosen not in self._open:
            say.utter_message(response="utter_case_not_found")
            return {"case_ref": None}
        return {"case_ref": chosen}


class CancelForm(CaseForm):
    """Taking a request back."""

    form = "cancel_form"
    follow_up = "confirmed"

    def validate_confirmed(self, value: Any, say: CollectingDispatcher, *_: Any) -> Slots:
        """Yes takes it back; anything else keeps it."""
        chosen = pick(str(value), self.turn.offered) or str(value)
        if chosen not in {CONFIRMED, "no"}:
            say.utter_message(response="utter_choose_one")
            return {"confirmed": None}
        return {"confirmed": chosen}


class AddForm(CaseForm):
    """Adding words or a document to a request."""

    form = "add_form"
    follow_up = "addition"

    async def validate_addition(self, value: Any, say: CollectingDispatcher, *rest: Any) -> Slots:
        """Keep the words until the request is known."""
        taken = words("addition")(self, value, say, *rest)
        if taken["addition"] is None:
            return taken
        await self.turn.casework.keep_words(self.turn.state.slots["draft_id"], taken["addition"])
        return {"addition": "kept"}


class WithdrawCase(DeskAction):
    """Take the chosen request back, if the customer said yes to that."""

    action_name = "action_withdraw_case"

    async def act(self, say: CollectingDispatcher) -> Events:
        """Withdraw, or keep."""
        slots = self.turn.state.slots
        ref = slots.get("case_ref")
        if ref is None:
            say.utter_message(response="utter_no_open_case")
        elif slots.get("confirmed") == CONFIRMED:
            await self.turn.casework.withdraw(ref)
            say.utter_message(response="utter_withdrawn", ref=ref)
        else:
            say.utter_message(response="utter_kept", ref=ref)
        return _forget("case_ref", "confirmed")


class AddToCase(DeskAction):
    """Put what was kept into the chosen request."""

    action_name = "action_add_to_case"

    async def act(self, say: CollectingDispatcher) -> Events:
        """Add, and tell staff."""
        slots = self.turn.state.slots
        told: Events = []
        ref = slots.get("case_ref")
        if ref is None:
            say.utter_message(response="utter_no_open_case")
        elif (await self.turn.casework.view(ref)).question is not None:
            await self.turn.casework.answer(ref, slots["draft_id"])
            say.utter_message(response="utter_answered", ref=ref)
            told = hours.tell_once(self.turn, say, "utter_closed_kept")
        else:
            await self.turn.casework.add(ref, slots["draft_id"])
            say.utter_message(response="utter_added", ref=ref)
            told = hours.tell_once(self.turn, say, "utter_closed_kept")
        return [*_forget("case_ref", "addition"), *told]


class BeginDisagreement(DeskAction):
    """The customer does not agree with a decision."""

    action_name = "action_begin_disagreement"

    async def act(self, say: CollectingDispatcher) -> Events:
        """Open the form about it; where nothing can be opened again, offer a complaint and a person."""
        refs = [each.request.ref for each in await cases_for(self.turn, DisagreeForm.form)]
        if not refs:
            say.utter_message(response="utter_nothing_to_disagree")
            return []
        named = [ref for ref in refs if ref == self.turn.entities.get("ref")] or refs
        only = named[0] if len(named) == 1 else None
        draft = drafts.begin(self.turn, DisagreeForm.form, say)
        return [*draft, SlotSet("case_ref", only), ActiveLoop(DisagreeForm.form)]


class DisagreeForm(CaseForm):
    """Disagreeing with a decision."""

    form = "disagree_form"
    follow_up = "disagreement"

    async def validate_disagreement(self, value: Any, say: CollectingDispatcher, *rest: Any) -> Slots:
        """Keep the reason, if one is given, until it is put with the request."""
        if pick(str(value), self.turn.offered) == UNSAID:
            return {"disagreement": UNSAID}
        taken = words("disagreement")(self, value, say, *rest)
        if taken["disagreement"] is None:
            return taken
        await self.turn.casework.keep_words(self.turn.state.slots["draft_id"], taken["disagreement"])
        return {"disagreement": "kept"}


class Disagree(DeskAction):
    """Have a decision looked at again."""

    action_name = "action_disagree"

    async def act(self, say: CollectingDispatcher) -> Events:
        """Open it again, and say what comes next."""
        slots = self.turn.state.slots
        told: Events = []
        ref = slots.get("case_ref")
        if ref is None:
            say.utter_message(response="utter_nothing_to_disagree")
        else:
            await self.turn.casework.disagree(ref, slots["draft_id"])
            say.utter_message(response="utter_disagreed", ref=ref)
            told = hours.tell_once(self.turn, say, "utter_closed_kept")
        return [*_forget("case_ref", "disagreement"), *told]


def _forget(*names: str) -> Events:
    return [SlotSet(each, None) for each in (*names, "draft_id", "draft_intent", "arrived_at")]
