"""The form loop, with Rasa 3's semantics: activate, extract, validate, ask; give way to an aside; end.

Where each step comes from: Rasa's `LoopAction` and `FormAction` (rasa/core/actions), and rasa-sdk's
`FormValidationAction`, which chooses the next slot where a form's slots depend on the answers.
"""

from collections.abc import Mapping
from typing import Any

from rasa_sdk.events import ActiveLoop, SlotSet

from handlers.dialogue.script import Script
from handlers.dialogue.state import REQUESTED_SLOT
from handlers.dialogue.turn import Turn


async def run_form(form: str, turn: Turn, *, fresh: bool) -> bool:
    """Run one round of a form. `fresh` means that the customer's message is meant for it, not for an aside.

    Returns False where the message holds no answer to what the form asked: another rule may take it
    (Rasa's ActionExecutionRejection).
    """
    activated = turn.state.active_loop != form
    candidates: list[dict[str, Any]] = []
    if activated:
        turn.apply(ActiveLoop(form))
        turn.state.set_slot(REQUESTED_SLOT, None)
    elif fresh:
        candidates = _extract(form, turn)
        if not candidates and turn.state.requested:
            return False
    turn.done.append(("action", form))
    events = await turn.run(f"validate_{form}", *candidates)
    await _go_on(form, turn, events)
    return True


async def _go_on(form: str, turn: Turn, events: list[dict[str, Any]]) -> None:
    chosen = [event for event in events if event["event"] == "slot" and event["name"] == REQUESTED_SLOT]
    if turn.state.active_loop != form:
        return
    if chosen:
        slot = chosen[0]["value"]
    else:
        open_slots = (name for name in turn.voice.script.forms[form] if turn.state.slots.get(name) is None)
        slot = next(open_slots, None)
    if slot is None:
        turn.apply(ActiveLoop(None))
        turn.done.append(("loop", None))
        return
    turn.apply(SlotSet(REQUESTED_SLOT, slot))
    await _ask(form, slot, turn)


async def _ask(form: str, slot: str, turn: Turn) -> None:
    script = turn.voice.script
    for name in (f"action_ask_{form}_{slot}", f"utter_ask_{form}_{slot}", f"action_ask_{slot}", f"utter_ask_{slot}"):
        if name in script.domain["actions"] or script.has(name):
            await turn.run(name)
            break
    if ("action", "action_begin_request") in turn.done and "agent_as" in script.forms[form]:
        turn.offer_also("utter_choice_for_other", "/for_other")


def _extract(form: str, turn: Turn) -> list[dict[str, Any]]:
    slot = turn.state.requested
    if slot is None:
        return []
    value = _mapped(turn.voice.script, form, slot, turn)
    return [] if value is None else [SlotSet(slot, value)]


def _mapped(script: Script, form: str, slot: str, turn: Turn) -> str | None:
    here = {"active_loop": form, "requested_slot": slot}
    for mapping in script.domain["slots"][slot]["mappings"]:
        if here not in mapping.get("conditions", ()):
            continue
        kind = mapping["type"]
        if kind == "from_entity" and mapping["entity"] in turn.entities:
            return turn.entities[mapping["entity"]]
        if kind == "from_intent" and mapping["intent"] == turn.intent:
            return str(mapping["value"])
        if kind == "from_text" and turn.text and not _is_aside(mapping, form, slot, turn):
            return turn.text
    return None


def _is_aside(mapping: Mapping[str, Any], form: str, slot: str, turn: Turn) -> bool:
    """Whether what was meant is no answer. To say again what the form is about is one, where words are awaited."""
    if turn.intent not in mapping.get("not_intent", ()):
        return False
    repeats = turn.intent == turn.state.slots.get("draft_intent")
    return not (repeats and turn.voice.script.takes_words(form, slot))
