"""The receipt: reference, arrival, what was asked, what comes next, and both clocks in plain words."""

from rasa_sdk.executor import CollectingDispatcher

from handlers.desk.requests import Request, RequestKind, Status
from handlers.dialogue.actions.dates import write_date
from handlers.dialogue.turn import Turn


def give(request: Request, turn: Turn, say: CollectingDispatcher, *, by_agent: bool) -> None:
    """Say the receipt of a request that has just been put on file."""
    controller, language, voice = turn.casework.controller, turn.language, turn.voice
    name = controller.law.right(request.kind).name.of(language)
    is_incident = request.kind is RequestKind.INCIDENT
    target = write_date(request.first_touch_on if is_incident else request.target_on, language)
    asked = [voice.line("utter_summary_line", language, label=each.label, shown=each.shown) for each in request.details]
    say.utter_message(
        response="utter_filed_incident" if is_incident else "utter_filed",
        ref=request.ref,
        what=name,
        arrived=write_date(controller.calendar.day_of(request.arrived_at), language),
        lines="\n".join(asked),
        target=target,
    )
    if by_agent:
        say.utter_message(response="utter_filed_agent")
    elif request.status is Status.AWAITING_IDENTITY:
        say.utter_message(response=f"utter_filed_identity_{'more' if request.assurance else 'later'}")
    if request.customer_id is not None:
        say.utter_message(response="utter_filed_receipt")
    if request.legal_mark_on is not None:
        counted = "mark" if controller.law.answer_of(request.kind) is None else "limit"
        say.utter_message(response=f"utter_filed_{counted}", mark=write_date(request.legal_mark_on, language))
    say.utter_message(response="utter_filed_next")
