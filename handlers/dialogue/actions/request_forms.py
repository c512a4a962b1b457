"""The forms for what a customer wants done: what each asks, and which kind of request it becomes."""

from typing import Any, ClassVar

from rasa_sdk.executor import CollectingDispatcher

from handlers.desk.requests import RequestKind
from handlers.dialogue.actions.items import held_by
from handlers.dialogue.actions.request_form import RequestForm, Slots, choice, words
from handlers.dialogue.actions.scope import narrowed, scope_of
from handlers.dialogue.choosing import pick
from handlers.dialogue.hearing import columns
from handlers.dialogue.item_values import doubt

BY_MACHINE = "by_machine"
"""Value of `use` where a person should look at a decision that a machine made."""
_BARE_WISH = 50
"""Columns up to which asking for a person says nothing else."""


class DisclosureForm(RequestForm):
    """Seeing one's data: scope and method (APPI Art. 33(1), (2)), or records of provision, or the purposes.

    Where the law knows it, also getting it in a form to take elsewhere (GDPR Art. 20).
    """

    form = "disclosure_form"
    kind = RequestKind.DISCLOSURE
    kinds: ClassVar[dict[str, RequestKind]] = {
        "recipients": RequestKind.PROVISION_RECORDS,
        "purposes": RequestKind.PURPOSE_NOTICE,
        "portable": RequestKind.PORTABILITY,
    }

    async def validate_disclosure_what(self, value: Any, say: CollectingDispatcher, *rest: Any) -> Slots:
        """Take what is to be seen."""
        chosen = choice("disclosure_what")(self, value, say, *rest)
        if chosen["disclosure_what"] is None:
            return chosen
        return await self.keep_bound(chosen, self.kinds.get(chosen["disclosure_what"], self.kind))

    validate_scope = narrowed
    validate_scope_item = words("scope_item")
    validate_scope_period = words("scope_period")
    validate_method = choice("method")
    validate_method_other = words("method_other")

    def details(self) -> list[str]:
        """Scope only for a part, other method only where no listed one is wanted."""
        scope = scope_of(self) if self.slot("disclosure_what") == "some" else []
        method = ["method"] if self.law.right(self.right_kind()).methods else []
        other = ["method_other"] if self.slot("method") == "other" else []
        return ["disclosure_what", *scope, *method, *other]

    def request_kind(self) -> RequestKind:
        """Whom it was given to and what it is used for stand on articles of their own."""
        return self.kinds.get(self.slot("disclosure_what"), self.kind)


class CorrectionForm(RequestForm):
    """Item, what it says, what it should say, why (APPI Art. 34)."""

    form = "correction_form"
    kind = RequestKind.CORRECTION

    validate_correction_kind = choice("correction_kind")
    validate_now_says = words("now_says")
    validate_why = words("why")

    def validate_item(self, value: Any, say: CollectingDispatcher, *rest: Any) -> Slots:
        """Take the item. What it should say was checked for another one, so it is checked again."""
        taken = words("item")(self, value, say, *rest)
        said = self.slot("should_say")
        if taken["item"] is None or not said:
            return taken
        return {**taken, **self._checked(str(taken["item"]), said, say)}

    def validate_should_say(self, value: Any, say: CollectingDispatcher, *rest: Any) -> Slots:
        """Take what the item should say, if it can be that; what it says now may be anything, for that is wrong."""
        taken = words("should_say")(self, value, say, *rest)
        if taken["should_say"] is None:
            return taken
        return self._checked(self.slot("item"), str(taken["should_say"]), say)

    def _checked(self, item: str, said: str, say: CollectingDispatcher) -> Slots:
        """Turn away what cannot be; ask once about what looks odd, and take it when it is said again."""
        turn = self.turn
        today = turn.casework.controller.calendar.day_of(turn.now)
        found = doubt(held_by(turn, item), said, today)
        if found is None or (not found.firm and turn.state.slots.get("doubted") == said):
            return {"should_say": said, "doubted": None}
        say.utter_message(response=found.response)
        return {"should_say": None, "doubted": None if found.firm else said}

    def details(self) -> list[str]:
        """Nothing stands there yet where something is added; nothing shall stand there where it is deleted."""
        kind = self.slot("correction_kind")
        now = [] if kind == "add" else ["now_says"]
        should = [] if kind == "delete" else ["should_say"]
        return ["correction_kind", "item", *now, *should, "why"]


class DeletionForm(RequestForm):
    """Untrue (APPI Art. 34) or no longer wanted (Art. 35)."""

    form = "deletion_form"
    kind = RequestKind.DELETION

    validate_deletion_why = choice("deletion_why")
    validate_untrue = words("untrue")
    validate_deletion_what = choice("deletion_what")
    validate_scope = narrowed
    validate_scope_item = words("scope_item")
    validate_scope_period = words("scope_period")
    validate_ground = choice("ground")

    def details(self) -> list[str]:
        """What is untrue needs no further ground."""
        scope = scope_of(self) if self.slot("deletion_what") == "some" else []
        why = ["untrue"] if self.slot("deletion_why") == "untrue" else []
        ground = [] if why else self.ground()
        return ["deletion_why", *why, "deletion_what", *scope, *ground]


class SuspensionForm(RequestForm):
    """Stopping a use (APPI Art. 35(1), (5)); where the law knows it, a person's look at a machine's decision."""

    form = "suspension_form"
    kind = RequestKind.SUSPENSION

    validate_decision = words("decision")
    validate_ground = choice("ground")

    async def validate_use(self, value: Any, say: CollectingDispatcher, *rest: Any) -> Slots:
        """Take the use in the customer's words, or that it is about a machine's decision."""
        if pick(str(value), self.turn.offered) == BY_MACHINE:
            return await self.keep_bound({"use": BY_MACHINE}, RequestKind.AUTOMATED_DECISION)
        taken = words("use")(self, value, say, *rest)
        return taken if taken["use"] is None else await self.keep_bound(taken, self.kind)

    def details(self) -> list[str]:
        """Which use, and on which ground; or which decision."""
        return ["use", *(["decision"] if self.slot("use") == BY_MACHINE else self.ground())]

    def label_of(self, slot: str) -> str:
        """A look at a decision is no use to stop."""
        return "utter_line_by_machine" if self.slot(slot) == BY_MACHINE else super().label_of(slot)

    def request_kind(self) -> RequestKind:
        """A decision that a machine made stands on an article of its own."""
        return RequestKind.AUTOMATED_DECISION if self.slot("use") == BY_MACHINE else self.kind


class SharingForm(RequestForm):
    """Stopping the giving to third parties (APPI Art. 35(3), (5))."""

    form = "sharing_form"
    kind = RequestKind.STOP_SHARING

    validate_recipient = words("recipient")
    validate_ground = choice("ground")

    def details(self) -> list[str]:
        """To whom, and on which ground."""
        return ["recipient", *self.ground()]


class MarketingForm(RequestForm):
    """No more advertising."""

    form = "marketing_form"
    kind = RequestKind.MARKETING_STOP

    validate_marketing = choice("marketing")

    def details(self) -> list[str]:
        """Which kind of it."""
        return ["marketing"]


class ConsentForm(RequestForm):
    """Taking a consent back, or unlinking an external service."""

    form = "consent_form"
    kind = RequestKind.CONSENT_WITHDRAWAL

    validate_consent = words("consent")

    def details(self) -> list[str]:
        """Which consent."""
        return ["consent"]


class ComplaintForm(RequestForm):
    """A complaint or opinion (APPI Art. 40). Nobody need say who they are."""

    form = "complaint_form"
    kind = RequestKind.COMPLAINT
    proves = False
    story = "complaint"

    validate_complaint = words("complaint")

    def details(self) -> list[str]:
        """What it is about."""
        return ["complaint"]


class IncidentForm(RequestForm):
    """A suspected leak or misuse (APPI Art. 26 is the company's side of it)."""

    form = "incident_form"
    kind = RequestKind.INCIDENT
    proves = False
    story = "incident"

    validate_incident = words("incident")
    validate_incident_when = words("incident_when")

    def details(self) -> list[str]:
        """What happened, and when it was noticed."""
        return ["incident", "incident_when"]


class PersonForm(RequestForm):
    """A question for a person."""

    form = "person_form"
    kind = RequestKind.INQUIRY
    proves = False
    story = "question"

    def validate_question(self, value: Any, say: CollectingDispatcher, *rest: Any) -> Slots:
        """Take what to pass on; to ask for a person once more is not it."""
        if self.turn.intent == "talk_to_staff" and columns(str(value)) <= _BARE_WISH:
            return {"question": None}
        return words("question")(self, value, say, *rest)

    def details(self) -> list[str]:
        """What to pass on."""
        return ["question"]


REQUEST_FORMS: dict[str, type[RequestForm]] = {
    each.form: each
    for each in (
        DisclosureForm,
        CorrectionForm,
        DeletionForm,
        SuspensionForm,
        SharingForm,
        MarketingForm,
        ConsentForm,
        ComplaintForm,
        IncidentForm,
        PersonForm,
    )
}
