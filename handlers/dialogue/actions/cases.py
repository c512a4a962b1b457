"""Requests on file: how they are going, taking one back, adding to one. A chat sees only its own."""

from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from handlers.desk.requests import Request
from handlers.dialogue.actions.desk_action import DeskAction, Events
from handlers.dialogue.actions.request_form import CONFIRMED, DeskForm, Slots, words
from handlers.dialogue.actions.summary import write_date
from handlers.dialogue.choosing import pick
from handlers.dialogue.turn import Turn


async def open_cases(turn: Turn) -> list[Request]:
    """The chat's own requests that have not ended, newest first."""
    return [each for each in await turn.casework.own_cases() if each.is_open]


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


class ShowCases(DeskAction):
    """How the chat's own requests are going."""

    action_name = "action_show_cases"

    async def act(self, say: CollectingDispatcher) -> Events:
        """Say a line a request, newest first."""
        cases = await self.turn.casework.own_cases()
        if not cases:
            say.utter_message(response="utter_no_cases")
            return []
        body = "\n\n".join(describe(each, self.turn) for each in cases[:10])
        can_change = any(each.is_open for each in cases)
        say.utter_message(response="utter_cases" if can_change else "utter_cases_ended", lines=body)
        return []


class AskCaseRef(DeskAction):
    """Ask which request is meant."""

    action_name = "action_ask_case_ref"

    async def act(self, say: CollectingDispatcher) -> Events:
        """Ask with each open request as a choice."""
        law = self.turn.casework.controller.law
        buttons = [
            {"title": f"{each.ref} · {law.right(each.kind).name.of(self.turn.language)}", "payload": each.ref}
            for each in (await open_cases(self.turn))[:8]
        ]
        say.utter_message(response="utter_ask_case_ref", buttons=buttons)
        return []


class CaseForm(DeskForm):
    """A form about a request on file. Where none is open there is nothing to ask, and the form ends at once."""

    follow_up: str

    async def required_slots(
        self, domain_slots: list[str], dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[str]:
        """Which request, then what this form is for."""
        self._open = [each.ref for each in await open_cases(self.turn)]
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
        ref = slots.get("case_ref")
        if ref is None:
            say.utter_message(response="utter_no_open_case")
        else:
            await self.turn.casework.add(ref, slots["draft_id"])
            say.utter_message(response="utter_added", ref=ref)
        return _forget("case_ref", "addition")


def _forget(*names: str) -> Events:
    return [SlotSet(each, None) for each in (*names, "draft_id", "draft_intent", "arrived_at")]
