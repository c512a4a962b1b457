"""Questions whose choices the law and the company decide: only what there is, is offered."""

from datetime import datetime

from rasa_sdk.executor import CollectingDispatcher

from handlers.desk.assurance import Proof, is_proved
from handlers.desk.deadlines import explain_target
from handlers.desk.requests import RequestKind
from handlers.dialogue.actions.dates import write_date
from handlers.dialogue.actions.desk_action import DeskAction, Events
from handlers.dialogue.actions.request_forms import REQUEST_FORMS, DisclosureForm

_FURTHER = {"request_suspension": RequestKind.SUSPENSION, "request_deletion": RequestKind.DELETION}
"""What goes further than to end advertising: intent → kind."""


class AskDisclosureWhat(DeskAction):
    """Ask what somebody would like to see."""

    action_name = "action_ask_disclosure_what"

    async def act(self, say: CollectingDispatcher) -> Events:
        """Offer the records of provision, the purposes, and a form to take elsewhere only where the law has them."""
        turn, name = self.turn, "utter_ask_disclosure_what"
        law = turn.casework.controller.law
        buttons = [
            {"title": title, "payload": payload}
            for payload, title in turn.voice.titles(name, turn.language).items()
            if law.has(DisclosureForm.kinds.get(payload, DisclosureForm.kind))
        ]
        say.utter_message(text=turn.voice.line(name, turn.language), buttons=buttons)
        return []


class AskUse(DeskAction):
    """Ask which use of somebody's data shall stop."""

    action_name = "action_ask_use"

    async def act(self, say: CollectingDispatcher) -> Events:
        """Offer a person's look at a machine's decision only where the law has a right to it."""
        turn, name = self.turn, "utter_ask_use"
        has_it = turn.casework.controller.law.has(RequestKind.AUTOMATED_DECISION)
        titles = turn.voice.titles(name, turn.language).items() if has_it else ()
        buttons = [{"title": title, "payload": payload} for payload, title in titles]
        say.utter_message(text=turn.voice.line(name, turn.language), buttons=buttons)
        return []


class AskMethod(DeskAction):
    """Ask how somebody would like to receive their data."""

    action_name = "action_ask_method"

    async def act(self, say: CollectingDispatcher) -> Events:
        """Offer the ways that the law gives and the company has."""
        turn, name = self.turn, "utter_ask_method"
        form = REQUEST_FORMS[turn.state.active_loop or ""](turn)
        ways = set(form.law.right(form.right_kind()).methods) & set(turn.company.methods)
        titles = turn.voice.titles(name, turn.language).items()
        buttons = [{"title": title, "payload": payload} for payload, title in titles if payload in ways]
        say.utter_message(text=turn.voice.line(name, turn.language), buttons=buttons)
        return []


class AskMarketing(DeskAction):
    """Ask which advertising shall end, or whether the customer would rather go further."""

    action_name = "action_ask_marketing"

    async def act(self, say: CollectingDispatcher) -> Events:
        """Say what there is without legal words, and what each needs: proof and time."""
        turn, voice, language = self.turn, self.turn.voice, self.turn.language
        controller = turn.casework.controller
        further = {intent: kind for intent, kind in _FURTHER.items() if controller.law.has(kind)}
        kinds = {"opt_out_marketing": controller.law.closest(RequestKind.MARKETING_STOP), **further}
        lines = [
            voice.line(f"utter_offer_{intent}", language, needs=voice.line(f"utter_needs_{self._need(kind)}", language))
            for intent, kind in kinds.items()
        ]
        target = explain_target(
            datetime.fromisoformat(turn.state.slots["arrived_at"]), controller.calendar, controller.targets
        ).on
        buttons = [
            {"title": voice.line(f"utter_rather_{intent}", language), "payload": f"/{intent}"} for intent in further
        ]
        titles = voice.titles("utter_ask_marketing", language).items()
        say.utter_message(
            text=voice.line(
                "utter_ask_marketing", language, lines="\n".join(lines), target=write_date(target, language)
            ),
            buttons=[*({"title": title, "payload": payload} for payload, title in titles), *buttons],
        )
        return []

    def _need(self, kind: RequestKind) -> str:
        proof = self.turn.casework.controller.law.right(kind).proof
        if not proof:
            return "nothing"
        return "code" if is_proved(proof, frozenset({Proof.MAIL})) else "more"
