"""What all forms share: which slots are asked, and how choices and words are taken.

A form says what it asks in `details()`; identity and the last look before filing follow by themselves.
"""

from abc import ABC
from collections.abc import Callable
from typing import Any, ClassVar

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.forms import FormValidationAction

from handlers.desk import codes
from handlers.desk.casework import CodeResult
from handlers.desk.identifiers import find_emails, normalise_email
from handlers.desk.requests import RequestKind
from handlers.desk.rights import Law
from handlers.dialogue.choosing import pick
from handlers.dialogue.hearing import columns
from handlers.dialogue.turn import Turn

Slots = dict[str, Any]
Validator = Callable[["RequestForm", Any, CollectingDispatcher, Tracker, dict[str, Any]], Slots]

MAX_WORDS = 4000
NO_MAIL = "none"
"""Value of `email` and `code` for who cannot prove it this way: staff check by other means."""
CONFIRMED = "yes"
PROVED = "proved"
FOR_ANOTHER = "for_another"
"""The slot that says that the request is about somebody else's data."""
_AGENT = ("agent_as", "agent_for", "agent_email")
_REMARK = 15
"""Columns from which words at the last look are more of the story."""


def choice(slot: str) -> Validator:
    """Make a validator for a slot with a closed list of choices: a number, a label or words of one label."""

    def validate(form: "RequestForm", value: Any, say: CollectingDispatcher, *_: Any) -> Slots:
        chosen = pick(str(value), form.turn.offered)
        if chosen is None or chosen.startswith("/"):
            say.utter_message(response="utter_choose_one")
            return {slot: None}
        return {slot: chosen}

    return validate


def words(slot: str) -> Validator:
    """Make a validator for a slot that takes the person's own words, or one of the choices offered with it."""

    def validate(_form: "RequestForm", value: Any, say: CollectingDispatcher, *_: Any) -> Slots:
        text = str(value).strip()
        if not any(sign.isalnum() for sign in text):
            say.utter_message(response="utter_say_in_words")
            return {slot: None}
        return {slot: text[:MAX_WORDS]}

    return validate


def tell_papers(turn: Turn, role: str, say: CollectingDispatcher) -> None:
    """Say which papers show that somebody may ask for another; where the company lists none, that staff will say."""
    papers = turn.company.agent_papers
    listed = () if papers is None else papers.legal if role == "legal" else papers.entrusted
    lines = [turn.voice.line("utter_paper", turn.language, words=each[turn.language]) for each in listed]
    response = "utter_agent_papers" if lines else "utter_agent_papers_later"
    say.utter_message(response=response, lines="\n".join(lines))


class DeskForm(FormValidationAction, ABC):  # type: ignore[misc]
    """A form of one turn."""

    form: ClassVar[str]

    def __init__(self, turn: Turn) -> None:
        self.turn = turn
        self._slots: Slots = turn.state.slots

    def name(self) -> str:
        """The name in the domain."""
        return f"validate_{self.form}"

    def slot(self, name: str) -> str:
        """A slot's value as the tracker has it now; empty where it has none."""
        return self._slots.get(name) or ""

    async def required_slots(
        self, domain_slots: list[str], dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[str]:
        """The slots to ask, in order, as far as the answers so far decide it."""
        self._slots = tracker.slots
        return self.asked()

    def asked(self) -> list[str]:
        """The slots to ask, in order."""
        raise NotImplementedError


class RequestForm(DeskForm, ABC):
    """A form that ends in a request on file."""

    kind: ClassVar[RequestKind]
    proves: ClassVar[bool] = True
    """Whether the desk tries to find out who is asking."""
    story: ClassVar[str | None] = None
    """The slot that holds what the customer tells in their own words; what they add at the last look goes there."""

    def details(self) -> list[str]:
        """The slots that say what is wanted, in order, as far as the answers so far decide it."""
        raise NotImplementedError

    def request_kind(self) -> RequestKind:
        """What the answers amount to."""
        return self.kind

    def right_kind(self) -> RequestKind:
        """The kind as which it is filed: what the law knows in the place of what it does not."""
        return self.law.closest(self.request_kind())

    @property
    def law(self) -> Law:
        """The law that the company goes by."""
        return self.turn.casework.controller.law

    @property
    def for_another(self) -> bool:
        """Whether the data is somebody else's, for whom the customer asks."""
        return self.proves and bool(self.slot(FOR_ANOTHER))

    async def keep_bound(self, taken: Slots, kind: RequestKind) -> Slots:
        """What was taken. A code is bound to a kind of request: with another kind it has to be given anew."""
        if self.slot("email") in {"", NO_MAIL}:
            return taken
        bound_to = await self.turn.casework.challenged_for(self.turn.state.slots["draft_id"])
        return taken if bound_to is self.law.closest(kind) else {**taken, "email": None, "code": None}

    def ground(self) -> list[str]:
        """The ground is asked only where the law needs one."""
        return ["ground"] if self.law.right(self.right_kind()).ground_asked else []

    def asked(self) -> list[str]:
        """Details, then identity, then how to be reached where that is not known, then the last look.

        Who asks for another says so first, and proves nothing here: a code would prove the wrong person.
        """
        if self.for_another:
            return [*_AGENT, *self.details(), "reach", "confirmed"]
        identity = ["email", "code"] if self.proves else []
        return [*self.details(), *identity, *self._reach(), "confirmed"]

    def shown(self) -> list[str]:
        """The slots that the last look shows and that go on file, in order."""
        return [*(_AGENT if self.for_another else ()), *self.details(), *self._reach()]

    def label_of(self, slot: str) -> str:
        """The response that names a slot's line at the last look and on file."""
        return f"utter_line_{slot}"

    def _reach(self) -> list[str]:
        return ["reach"] if not self.proves or self.for_another or self.slot("code") == NO_MAIL else []

    validate_reach = words("reach")
    validate_agent_for = words("agent_for")

    def validate_agent_as(self, value: Any, say: CollectingDispatcher, *rest: Any) -> Slots:
        """Take the role and list its papers; or it is one's own data after all."""
        taken = choice("agent_as")(self, value, say, *rest)
        match taken["agent_as"]:
            case None:
                return taken
            case "myself":
                return {"agent_as": None, FOR_ANOTHER: None}
        tell_papers(self.turn, str(taken["agent_as"]), say)
        return taken

    def validate_agent_email(self, value: Any, say: CollectingDispatcher, *_: Any) -> Slots:
        """Take the registered address of the person themselves; known or not looks the same."""
        if pick(str(value), self.turn.offered) == NO_MAIL:
            return {"agent_email": NO_MAIL}
        found = find_emails(self.turn.text)
        address = normalise_email(found[0]) if len(found) == 1 else None
        if address is None:
            say.utter_message(response="utter_one_email" if len(found) > 1 else "utter_bad_email")
        return {"agent_email": address}

    async def validate_email(self, value: Any, say: CollectingDispatcher, *_: Any) -> Slots:
        """Take the registered address and owe a code to it, if it is registered. Known or not looks the same."""
        if pick(str(value), self.turn.offered) == NO_MAIL:
            say.utter_message(response="utter_identity_later")
            return {"email": NO_MAIL, "code": NO_MAIL}
        found = find_emails(self.turn.text)
        address = normalise_email(found[0]) if len(found) == 1 else None
        if address is None:
            say.utter_message(response="utter_one_email" if len(found) > 1 else "utter_bad_email")
            return {"email": None}
        return await self._send_code(address, say, "utter_code_sent")

    async def _send_code(self, address: str, say: CollectingDispatcher, sent: str) -> Slots:
        """Owe a code, and say so; or that codes are closed for now, which leaves the way by staff."""
        if not await self.turn.casework.challenge(self.turn.state.slots["draft_id"], self.right_kind(), address):
            return self._closed(say)
        say.utter_message(response=sent)
        return {"email": address, "code": None}

    def _closed(self, say: CollectingDispatcher) -> Slots:
        say.utter_message(response="utter_code_closed")
        return {"email": NO_MAIL, "code": NO_MAIL}

    async def validate_code(self, value: Any, say: CollectingDispatcher, *_: Any) -> Slots:
        """Compare the code, or do what was chosen instead."""
        draft_id = self.turn.state.slots["draft_id"]
        match pick(str(value), self.turn.offered):
            case "resend":
                return await self._send_code(self.turn.state.slots["email"], say, "utter_code_again")
            case "other_address":
                return {"code": None, "email": None}
            case "none":
                say.utter_message(response="utter_identity_later")
                return {"code": NO_MAIL, "email": NO_MAIL}
        typed = codes.read_code(str(value))
        if typed is None:
            say.utter_message(response="utter_no_code")
            return {"code": None}
        result = await self.turn.casework.confirm(draft_id, typed)
        if result is CodeResult.CLOSED:
            return self._closed(say)
        say.utter_message(response=f"utter_code_{result}")
        return {"code": PROVED if result is CodeResult.CONFIRMED else None}

    async def validate_confirmed(self, value: Any, say: CollectingDispatcher, *_: Any) -> Slots:
        """File, change a line, or look again. A code that was passed too long ago is asked for anew before filing."""
        chosen = pick(str(value), self.turn.offered) or str(value)
        if chosen == CONFIRMED:
            return await self._renew_code(say) or {"confirmed": CONFIRMED}
        if chosen in self.shown():
            return {"confirmed": None, chosen: None}
        if self.story is not None and columns(chosen) > _REMARK:
            say.utter_message(response="utter_story_goes_on")
            return {"confirmed": None, self.story: f"{self.slot(self.story)}\n{chosen}"[:MAX_WORDS]}
        say.utter_message(response="utter_change_which")
        return {"confirmed": None}

    async def _renew_code(self, say: CollectingDispatcher) -> Slots:
        """Ask for a new code where the one that was passed no longer counts; else nothing."""
        draft_id, kind = self.turn.state.slots["draft_id"], self.right_kind()
        is_proved = self.proves and not self.for_another and self.slot("code") == PROVED
        if not is_proved or await self.turn.casework.holds(draft_id, kind):
            return {}
        return {"confirmed": None, **await self._send_code(self.slot("email"), say, "utter_code_lapsed")}
