"""From a wish to a request on file: begin, file, stop."""

from datetime import datetime

from rasa_sdk.events import ActiveLoop, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from handlers.desk.casework import Draft
from handlers.desk.requests import RequestKind
from handlers.dialogue.actions import agents, drafts, hours, receipt
from handlers.dialogue.actions.cases import cases_for
from handlers.dialogue.actions.desk_action import DeskAction, Events
from handlers.dialogue.actions.items import CONTACT, held_by
from handlers.dialogue.actions.request_form import FOR_ANOTHER, NO_MAIL, RequestForm
from handlers.dialogue.actions.request_forms import REQUEST_FORMS
from handlers.dialogue.actions.summary import NO_GROUND, lines
from handlers.dialogue.hearing import columns

_STORIES = {"talk_to_staff": "question", "complain": "complaint", "report_incident": "incident"}
_STORY = 90
"""Columns from which an opening message is the story itself."""
_ON_FILE = frozenset({"cancel_request", "add_to_request"})


class BeginRequest(DeskAction):
    """Open a clean draft for what the customer wants; saying it again in the middle of it changes nothing."""

    action_name = "action_begin_request"

    async def act(self, say: CollectingDispatcher) -> Events:
        """Forget the last draft, give the new one its id and its arrival, and say what is coming."""
        turn = self.turn
        slots, intent = turn.state.slots, turn.intent
        if turn.state.active_loop and slots.get("draft_intent") == intent:
            return []
        events = drafts.begin(turn, intent, say)
        if intent in _ON_FILE:
            return [*events, *await self._named_case()]
        events += agents.speaks_for_another(turn)
        events += hours.tell_once(turn, say)
        say.utter_message(response=f"utter_begin_{intent}")
        if story := self._told():
            events.append(SlotSet(_STORIES[str(intent)], story))
        return events

    def _told(self) -> str | None:
        """What was told already and need not be told again: what the customer offered to pass on, or a whole story."""
        turn = self.turn
        if turn.intent not in _STORIES:
            return None
        if turn.chosen and turn.intent == "talk_to_staff":
            return turn.state.slots.get("heard")
        told = turn.state.slots.get("heard") if turn.chosen else turn.text
        return told if told and columns(told) >= _STORY else None

    async def _named_case(self) -> Events:
        """The case that the customer named, or the only one there is."""
        form = {"cancel_request": "cancel_form", "add_to_request": "add_form"}[str(self.turn.intent)]
        open_cases = [each.request.ref for each in await cases_for(self.turn, form)]
        named = [ref for ref in open_cases if ref == self.turn.entities.get("ref")]
        chosen = named if len(named) == 1 else open_cases
        return [SlotSet("case_ref", chosen[0])] if len(chosen) == 1 else []


class FileRequest(DeskAction):
    """Put the filled form on file and give the receipt."""

    action_name = "action_file_request"

    async def act(self, say: CollectingDispatcher) -> Events:
        """File, and say reference, proof and both clocks in plain words."""
        turn = self.turn
        name = next(step for kind, step in reversed(turn.done) if kind == "action" and step in REQUEST_FORMS)
        form = REQUEST_FORMS[name](turn)
        ground = form.slot("ground")
        is_correction = form.right_kind() is RequestKind.CORRECTION
        draft = Draft(
            id=turn.state.slots["draft_id"],
            kind=form.right_kind(),
            grounds=self._grounds(form, ground),
            details=tuple(lines(form)),
            arrived_at=datetime.fromisoformat(turn.state.slots["arrived_at"]),
            language=turn.language,
            touches_contact=is_correction and held_by(turn, form.slot("item")) in CONTACT,
        )
        request = await turn.casework.file(draft)
        if form.for_another and form.slot("agent_email") not in {"", NO_MAIL}:
            await turn.casework.tell_principal(request, form.slot("agent_email"))
        receipt.give(request, turn, say, by_agent=form.for_another)
        return [SlotSet(each, None) for each in (*form.asked(), FOR_ANOTHER, "draft_id", "draft_intent", "arrived_at")]

    def _grounds(self, form: RequestForm, ground: str) -> tuple[str, ...]:
        if form.right_kind() is RequestKind.CORRECTION or form.slot("deletion_why") == "untrue":
            return ("untrue",)
        return (ground,) if ground and ground != NO_GROUND else ()


class Stop(DeskAction):
    """Leave whatever is open. What is on file stays on file."""

    action_name = "action_stop"

    async def act(self, say: CollectingDispatcher) -> Events:
        """Close the form and forget its draft."""
        state = self.turn.state
        if state.active_loop is None:
            say.utter_message(response="utter_nothing_to_stop")
            return []
        say.utter_message(response="utter_stopped")
        asked = self.turn.voice.script.forms[state.active_loop]
        forgotten = (*asked, FOR_ANOTHER, "draft_id", "draft_intent", "arrived_at")
        return [ActiveLoop(None), *(SlotSet(each, None) for each in forgotten)]
