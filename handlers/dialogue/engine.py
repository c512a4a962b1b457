"""Plays one turn: what was meant, then rule by rule and form by form until it is the customer's turn again.

The order is Rasa 3's: what was forced, the open form, the rules, and the form's question once more where an aside
was answered in the middle of it. At most ten actions a turn.
"""

import json
import re

from handlers.dialogue import documents, phrases
from handlers.dialogue.actions import drafts, quotations
from handlers.dialogue.actions.registry import executor_for
from handlers.dialogue.choosing import MOST_NUMBER, exact, loose
from handlers.dialogue.forms import run_form
from handlers.dialogue.hearing import Heard, columns, is_question
from handlers.dialogue.messages import Event, Inbound
from handlers.dialogue.policy import next_action
from handlers.dialogue.turn import ASIDE_CONFIDENCE, FALLBACK, LISTEN, QUOTE, RESUME, Turn
from intents.parse import Parse, Verdict

MOST_ACTIONS = 10
OUT_OF_SCOPE = "out_of_scope"
MOST_HEARD = 1000
"""Signs of the last message that are kept, to pass it on if the customer wants that."""

COMMANDS = {
    "start": "greet",
    "help": "help",
    "mycases": "check_status",
    "cancel": "stop",
}
"""Commands that mean the same as words."""
SPOKEN_COMMANDS = {"language": "utter_ask_language", "privacy": "utter_privacy"}
"""Commands that are answered and mean nothing else."""
DONE_COMMANDS = {"why": "action_explain_dates", "mydata": "action_my_data", "forget": "action_offer_forget"}
"""Commands that an action answers."""
ASK_BACK = ("action_unsure", "action_offer_switch")
"""Actions that ask what was meant: what is chosen then was wished before."""
_EVENTS = {
    Event.EDITED: "utter_edited",
    Event.UNSUPPORTED: "utter_unsupported",
    Event.TOO_LARGE: "utter_document_too_large",
    Event.CONTACT: "utter_contact_unused",
}
_SHORT = 26
"""Columns up to which words are first tried as one of the choices that a form has put: "by mail please"."""
_MEDIUM = 60
"""Columns up to which they are, where nothing else was understood for sure."""
_SENTENCE = 15
"""Signs from which words in the other language are more than a name."""
_CALL = 6
"""Signs up to which a question needs no form: "help"."""
_ASIDE = 160
"""Signs up to which something said in the middle of a form can be an aside."""
_NAME = 14
"""Letters up to which what sounds like a wish may be no more than the name of something: "old address"."""
_PAYLOAD = re.compile(r"/([a-z_]+)(\{.*\})?")


async def play(turn: Turn, inbound: Inbound, heard: Heard, parse: Parse | None) -> None:
    """Play a turn to its end: `turn` holds the new state and the words to say."""
    turn.executor = executor_for(turn)
    forced = await _understand(turn, inbound, heard, parse)
    if heard.cut:
        turn.say({"response": "utter_too_long"})
    for action in forced:
        await _do(turn, action)
    if forced:
        if turn.state.active_loop:
            await run_form(turn.state.active_loop, turn, fresh=False)
            await _follow(turn, aside=False)  # a document may have been all that the form still needed
        return
    turn.done.append(("intent", turn.intent))
    await _go(turn)
    if ("action", "action_unsure") not in turn.done:
        turn.state.set_slot("misunderstood", None)
    if not {("action", each) for each in ASK_BACK} & set(turn.done):
        turn.state.set_slot(drafts.WISHED_AT, None)


async def _go(turn: Turn) -> None:
    aside = False
    if _would_switch(turn):
        await _do(turn, "action_offer_switch")
        return
    if turn.state.active_loop and not await run_form(turn.state.active_loop, turn, fresh=True):
        aside = True
    await _follow(turn, aside=aside)


async def _follow(turn: Turn, *, aside: bool) -> None:
    """Do what the rules want, until it is the customer's turn again; after an aside the open form asks once more."""
    for _ in range(MOST_ACTIONS):
        loop = turn.state.active_loop
        if loop and not aside:
            return
        action = next_action(turn.voice.script.rules, turn.done, loop)
        if action == LISTEN and loop is None:
            return
        if action == LISTEN and loop is not None:
            await run_form(loop, turn, fresh=False)
            aside = False
        elif action in turn.voice.script.forms:
            await run_form(action, turn, fresh=False)
            aside = False
        else:
            await _do(turn, action)


def _would_switch(turn: Turn) -> bool:
    """Whether what was heard in the middle of a request would open another one: nothing is dropped unasked."""
    form = turn.state.active_loop
    if form is None or turn.chosen or turn.intent == turn.state.slots.get("draft_intent"):
        return False
    opens = any(rule.opens is not None and rule.steps[0] == ("intent", turn.intent) for rule in turn.voice.script.rules)
    slot = turn.state.requested
    return opens and slot is not None and turn.intent in turn.voice.script.asides(form, slot)


async def _do(turn: Turn, action: str) -> None:
    await turn.run(action)
    turn.done.append(("action", action))


async def _understand(turn: Turn, inbound: Inbound, heard: Heard, parse: Parse | None) -> list[str]:
    """Set what was meant; or return the actions that are due whatever was meant."""
    if inbound.event is not None:
        return [_EVENTS[inbound.event]]
    if inbound.document is not None:
        return await documents.receive(turn, inbound.document)
    if heard.command is not None:
        return _command(turn, heard.command)
    turn.entities = dict(heard.entities)
    chosen = _chosen(turn, inbound, heard, parse) or _phrase(turn, heard.text)
    if chosen is not None:
        return _choose(turn, *chosen)
    return ["utter_stale_choice"] if inbound.choice is not None else _listen(turn, heard, parse)


def _phrase(turn: Turn, text: str) -> tuple[str, str] | None:
    """(text, payload) of what is asked by a fixed phrase."""
    payload = QUOTE if quotations.is_asked(turn, text) else phrases.payload_of(turn, text)
    return None if payload is None else (text, payload)


def _listen(turn: Turn, heard: Heard, parse: Parse | None) -> list[str]:
    turn.text, turn.parse, turn.entities = heard.text, parse, dict(heard.entities)
    turn.intent = _intent(turn, parse)
    answered = _yes_or_no(turn, parse)
    if answered is None:
        turn.state.set_slot("heard", heard.text[:MOST_HEARD])
        _follow_language(turn, parse)
    return answered or []


def _yes_or_no(turn: Turn, parse: Parse | None) -> list[str] | None:
    """What "yes" or "no" means where it answers an offer of the desk: a single choice, or to turn to another wish."""
    is_offer = any(payload == RESUME for _, payload in turn.offered)
    if parse is None or parse.verdict is Verdict.UNKNOWN or not (is_offer or _asks_one_thing(turn)):
        return None
    if not is_offer and turn.state.active_loop:
        return None
    match parse.intent:
        case "affirm":
            return _choose(turn, *turn.offered[0])
        case "deny":
            return ["utter_resume" if is_offer else "utter_all_right"]
        case _:
            return None


def _asks_one_thing(turn: Turn) -> bool:
    """Whether a single choice was put as a question; the one under an answer asks nothing."""
    return len(turn.offered) == 1 and turn.offered[0][1] != QUOTE


def _command(turn: Turn, command: str) -> list[str]:
    if command in COMMANDS:
        turn.intent = COMMANDS[command]
        return []
    return [{**SPOKEN_COMMANDS, **DONE_COMMANDS}.get(command, "utter_help")]


def _chosen(turn: Turn, inbound: Inbound, heard: Heard, parse: Parse | None) -> tuple[str, str] | None:
    """(label, payload) of a pressed button, or of a choice that was typed by its number or its words."""
    offered = turn.offered
    if inbound.choice is not None:
        token, _, number = inbound.choice.partition(".")
        place = int(number) if number.isascii() and number.isdecimal() and len(number) <= MOST_NUMBER else -1
        return offered[place] if token == turn.state.token and 0 <= place < len(offered) else None
    found = exact(heard.text, offered)
    slot = turn.state.requested
    if found is not None or is_question(heard.text) or slot is None:
        return found
    if turn.voice.script.takes_words(turn.state.active_loop or "", slot):
        return None
    question = f"utter_ask_{slot}"
    is_sure = parse is not None and parse.verdict is Verdict.SURE and not turn.voice.is_firm(question, turn.language)
    if is_sure and parse is not None and parse.intent == "stop":
        return None  # "stop" leaves, though "Stop the use" may be among the choices
    if columns(heard.text) > (_SHORT if is_sure else _MEDIUM):
        return None
    return loose(heard.text, offered, turn.voice.synonyms(question, turn.language))


def _choose(turn: Turn, label: str, payload: str) -> list[str]:
    turn.text = payload
    turn.said = label
    if payload == RESUME:
        return ["utter_resume"]
    if payload == QUOTE:
        return ["action_quote_policy"]
    if command := _PAYLOAD.fullmatch(payload):
        turn.text = label
        turn.entities |= json.loads(command[2]) if command[2] else {}
        if f"/{command[1]}" in phrases.PHRASES:
            return [phrases.PHRASES[f"/{command[1]}"][1]]
        turn.chosen, turn.intent = True, command[1]
    return []


def _intent(turn: Turn, parse: Parse | None) -> str:
    if parse is None or parse.intent is None:
        return FALLBACK
    if parse.intent == OUT_OF_SCOPE and parse.verdict is not Verdict.UNSURE:
        return FALLBACK if turn.state.requested else OUT_OF_SCOPE  # what a form does not understand, the form answers
    if parse.verdict is not Verdict.SURE:
        return FALLBACK
    form, slot = turn.state.active_loop, turn.state.requested
    if form and slot and turn.voice.script.takes_words(form, slot) and not _is_aside(turn.text, parse):
        return FALLBACK
    return parse.intent


def _is_aside(text: str, parse: Parse) -> bool:
    """Whether something said where free words are awaited is no answer: understood without doubt, and short.

    A question must also look like one, since a story may well touch what a question would be about.
    """
    if parse.confidence < ASIDE_CONFIDENCE or len(text) > _ASIDE:
        return False
    if str(parse.intent).startswith("request_") and text.isascii() and len(text) <= _NAME:
        return False
    asks = str(parse.intent).startswith("ask_") or parse.intent == "help"
    return not asks or is_question(text) or len(text) <= _CALL


def _follow_language(turn: Turn, parse: Parse | None) -> None:
    """Answer in the language of what was understood, or of a whole sentence, unless a form is open."""
    if parse is None or parse.language in (None, turn.language) or turn.state.active_loop:
        return
    is_sentence = len(turn.text) >= _SENTENCE
    if is_sentence or (parse.verdict is Verdict.SURE and parse.intent != "change_language"):
        turn.state.set_slot("language", str(parse.language))
