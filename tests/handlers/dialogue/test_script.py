"""The script holds together: what it names is there, what is there is named, in both languages alike."""

import re
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Any

import pytest

import bot
import handlers
from handlers.desk.calendars import DayOff
from handlers.desk.casework import CodeResult
from handlers.desk.ports import Recipient
from handlers.desk.requests import RequestKind, Status
from handlers.desk.rights import Limit, load_law
from handlers.desk.stepping import FOR
from handlers.dialogue import engine
from handlers.dialogue.actions.registry import ACTIONS
from handlers.dialogue.actions.request_forms import REQUEST_FORMS, DisclosureForm
from handlers.dialogue.actions.summary import NO_GROUND
from handlers.dialogue.item_values import Held
from handlers.dialogue.messages import Event
from handlers.dialogue.phrases import PHRASES
from handlers.dialogue.script import Script, load_script
from handlers.dialogue.turn import FALLBACK, QUOTE
from intents.catalogue import CATALOGUE
from intents.parse import Language

SCRIPT = load_script()
RESPONSES = sorted(SCRIPT.domain["responses"])
FORM_SLOTS = [(form, slot) for form, slots in SCRIPT.forms.items() for slot in slots]
PLACE = re.compile(r"\{([a-z_]+)\}")
KNOWN_PLACES = {
    "arrived", "article", "case_ref", "company", "count", "counted", "day", "days", "desk", "hour", "incident", "label",
    "length", "line", "lines", "mark", "name", "needs", "number", "ref", "refs", "shown", "start", "target", "told",
    "total", "what", "why", "wish", "words",
}  # fmt: skip
"""Whoever adds a place to a text says here that somebody fills it."""

SOURCES = [
    path.read_text(encoding="utf-8")
    for package in (bot, handlers)
    for path in Path(str(package.__file__)).parent.rglob("*.py")
]
BY_PHRASE = {"disagree_form"}
FOLLOWING = {
    "cancel_form": "action_withdraw_case",
    "add_form": "action_add_to_case",
    "disagree_form": "action_disagree",
}
UNLISTED = {"email", "code", "confirmed"}
"""Slots that the last look does not show line by line."""
VOCABULARY = {
    "utter_ask_item": {each.value for each in Held},
    "utter_ask_scope": {"unknown", "everything"},
}
"""Words that are known by themselves, with no choice beside them."""
PATTERNS: dict[str, set[str]] = {
    "utter_ask_": {slot for _, slot in FORM_SLOTS} | {f"{form}_{slot}" for form, slot in FORM_SLOTS},
    "utter_begin_": set(CATALOGUE),
    "utter_case_": set(Status),
    "utter_code_": set(CodeResult),
    "utter_counted_": {"every", "business", "without"},
    "utter_day_off_": set(DayOff),
    "utter_filed_": {"mark", "limit"},
    "utter_filed_identity_": {"more", "later"},
    "utter_identity_": {"proved_line", "later_line"},
    "utter_length_": {f"{unit}_{number}" for unit in Limit.model_fields for number in ("one", "many")},
    "utter_line_": {slot for _, slot in FORM_SLOTS},
    "utter_meaning_": set(CATALOGUE),
    "utter_needs_": {"nothing", "code", "more"},
    "utter_offer_": {"opt_out_marketing", "request_suspension", "request_deletion"},
    "utter_quotation_": set(Language),
    "utter_notice_": {
        *(notice for notice, to in FOR.items() if Recipient.CHAT in to),
        "mark_stays",
        "mark_moved",
        "item_fulfilled",
        "item_handed_over",
        "item_refused",
        "article",
        "changed",
        "facts",
        "substitute",
        "complaints",
        "disagree",
    },
    "utter_rather_": {"request_suspension", "request_deletion"},
    "utter_why_": {"target", "mark", "limit"},
    "utter_menu_": {*engine.COMMANDS, *engine.SPOKEN_COMMANDS, *engine.DONE_COMMANDS},
}
"""Responses whose names are put together: beginning, and what may follow it."""


def names_of_actions() -> set[str]:
    return {getattr(each, "action_name", None) or f"validate_{getattr(each, 'form', '')}" for each in ACTIONS}


def variants(response: str, language: Language) -> list[Any]:
    return list(SCRIPT.variants(response, language))


def mappings() -> Iterator[tuple[str, dict[str, Any]]]:
    for slot, about in SCRIPT.domain["slots"].items():
        yield from ((slot, mapping) for mapping in about["mappings"])


def named_in_code() -> set[str]:
    return {name.rstrip("_") for source in SOURCES for name in re.findall(r"[\"'`](utter_[a-z_]+)[\"'`]", source)}


def named_in_rules() -> set[str]:
    return {name for rule in SCRIPT.rules for kind, name in rule.steps if kind == "action" and name is not None}


# Actions


def test_every_action_of_the_domain_is_registered_and_every_registered_one_is_in_the_domain() -> None:
    assert names_of_actions() == set(SCRIPT.domain["actions"])
    assert len(ACTIONS) == len(names_of_actions())
    assert len(SCRIPT.domain["actions"]) == len(set(SCRIPT.domain["actions"]))


def test_every_action_is_used() -> None:
    asked = {name for name in names_of_actions() if name.startswith("action_ask_")}
    validating = {f"validate_{form}" for form in SCRIPT.forms}
    by_engine = {name for source in SOURCES for name in re.findall(r"\"(action_[a-z_]+)\"", source)}
    assert names_of_actions() <= asked | validating | by_engine | named_in_rules()
    assert validating <= names_of_actions()


def test_every_ask_belongs_to_a_slot() -> None:
    slots = set(SCRIPT.domain["slots"])
    for name in names_of_actions():
        if name.startswith("action_ask_"):
            assert name.removeprefix("action_ask_") in slots


# Rules and forms


def test_every_intent_of_the_catalogue_has_a_rule_and_is_in_the_domain() -> None:
    begins = {rule.steps[0][1] for rule in SCRIPT.rules if rule.steps[0][0] == "intent"}
    assert SCRIPT.intents == CATALOGUE | {FALLBACK}
    assert begins == CATALOGUE | {FALLBACK}


def test_no_intent_has_two_rules() -> None:
    begins = [rule.steps[0] for rule in SCRIPT.rules if rule.steps[0][0] == "intent"]
    assert len(begins) == len(set(begins))
    assert len({rule.name for rule in SCRIPT.rules}) == len(SCRIPT.rules)


@pytest.mark.parametrize("rule", SCRIPT.rules, ids=lambda rule: rule.name)
def test_a_rule_names_only_what_there_is(rule: Any) -> None:
    for kind, name in rule.steps:
        match kind:
            case "intent":
                assert name in SCRIPT.domain["intents"]
            case "loop":
                assert name is None or name in SCRIPT.forms
            case "action":
                assert name in names_of_actions() | set(SCRIPT.forms) or SCRIPT.has(name)
            case _:
                pytest.fail(f"a rule has a step of an unknown kind: {kind}")
    assert rule.loop is None or rule.loop in SCRIPT.forms


@pytest.mark.parametrize("form", SCRIPT.forms)
def test_a_form_is_opened_by_one_rule_and_followed_by_one(form: str) -> None:
    opening = [rule for rule in SCRIPT.rules if rule.opens == form]
    by_rule = [(("action", "action_begin_request"), ("action", form))]
    assert [rule.steps[1:3] for rule in opening] == ([] if form in BY_PHRASE else by_rule)
    [following] = [rule for rule in SCRIPT.rules if rule.steps[:2] == (("action", form), ("loop", None))]
    assert following.loop == form
    assert following.steps[2][1] == FOLLOWING.get(form, "action_file_request")


def test_what_is_filed_has_a_form_and_every_kind_can_be_asked_for() -> None:
    filed = {rule.loop for rule in SCRIPT.rules if rule.steps[-1] == ("action", "action_file_request")}
    assert filed == set(REQUEST_FORMS)
    asked = {each.kind for each in REQUEST_FORMS.values()} | set(DisclosureForm.kinds.values())
    assert asked - {RequestKind.PORTABILITY} == set(load_law("jp-appi").types)
    for law in map(load_law, ("eu-gdpr", "us-ca-ccpa")):
        assert all(law.has(law.closest(kind)) for kind in asked)


@pytest.mark.parametrize(("form", "slot"), FORM_SLOTS)
def test_every_slot_that_is_asked_has_an_ask_and_takes_an_answer(form: str, slot: str) -> None:
    asks = (f"action_ask_{form}_{slot}", f"utter_ask_{form}_{slot}", f"action_ask_{slot}", f"utter_ask_{slot}")
    assert any(name in names_of_actions() or SCRIPT.has(name) for name in asks)
    here = {"active_loop": form, "requested_slot": slot}
    taking = [m["type"] for owner, m in mappings() if owner == slot and here in m.get("conditions", ())]
    assert "from_text" in taking


def test_slots_name_only_forms_intents_and_entities_that_there_are() -> None:
    for slot, mapping in mappings():
        for condition in mapping.get("conditions", ()):
            assert slot == condition["requested_slot"]
            assert slot in SCRIPT.forms[condition["active_loop"]]
        assert set(mapping.get("not_intent", ())) <= set(SCRIPT.domain["intents"])
        assert mapping.get("intent", "affirm") in SCRIPT.domain["intents"]
        assert mapping.get("entity", "email") in SCRIPT.domain["entities"]


def test_stop_and_a_change_of_language_get_through_everywhere() -> None:
    for form, slot in FORM_SLOTS:
        assert {"stop", "change_language"} <= SCRIPT.asides(form, slot), (form, slot)


# Responses


@pytest.mark.parametrize("response", RESPONSES)
def test_a_response_speaks_both_languages_with_the_same_choices(response: str) -> None:
    english, japanese = variants(response, Language.EN), variants(response, Language.JA)
    assert len(english) == len(japanese) == 1
    [[one], [other]] = english, japanese
    pairs = zip(one.get("buttons", ()), other.get("buttons", ()), strict=True)
    for left, right in pairs:
        is_the_answer_itself = (left["payload"], right["payload"]) == (left["title"], right["title"])
        assert left["payload"] == right["payload"] or is_the_answer_itself
    assert set(PLACE.findall(one["text"])) == set(PLACE.findall(other["text"]))


@pytest.mark.parametrize("response", RESPONSES)
def test_a_response_has_only_places_that_somebody_fills(response: str) -> None:
    for language in Language:
        [variant] = variants(response, language)
        assert set(PLACE.findall(variant["text"])) <= KNOWN_PLACES
        assert not re.search(r"[{}]", PLACE.sub("", variant["text"]))
        assert not PLACE.search("".join(button["title"] for button in variant.get("buttons", ())))


@pytest.mark.parametrize("response", RESPONSES)
def test_a_response_can_be_sent(response: str) -> None:
    for language in Language:
        [variant] = variants(response, language)
        assert variant["text"].strip() == variant["text"] != ""
        titles = [button["title"] for button in variant.get("buttons", ())]
        assert len(set(titles)) == len(titles)
        assert all(0 < len(title) <= 60 for title in titles)


@pytest.mark.parametrize("response", RESPONSES)
def test_a_choice_leads_to_something_that_there_is(response: str) -> None:
    for language in Language:
        [variant] = variants(response, language)
        payloads = [*PHRASES, *(button["payload"] for button in variant.get("buttons", ()))]
        for payload in payloads:
            if payload.startswith("/") and payload not in PHRASES:
                assert re.split(r"[/{]", payload)[1] in SCRIPT.domain["intents"]
        by_action = {"utter_ask_ground": {NO_GROUND}, "utter_choice_quote": {QUOTE}, **VOCABULARY}.get(response, set())
        assert set(variant.get("metadata", {}).get("also", {})) <= set(payloads) | by_action


def test_places_that_are_known_are_used() -> None:
    used = {
        place
        for name in RESPONSES
        for language in Language
        for each in variants(name, language)
        for place in PLACE.findall(each["text"])
    }
    assert used == KNOWN_PLACES


def test_every_response_that_is_named_is_there() -> None:
    single = {name for name in named_in_code() if f"{name}_" not in PATTERNS}
    for name in single | {name for name in named_in_rules() if name.startswith("utter_")}:
        assert SCRIPT.has(name), name


@pytest.mark.parametrize(
    "response",
    [
        *(f"utter_begin_{rule.steps[0][1]}" for rule in SCRIPT.rules if rule.opens in REQUEST_FORMS),
        *(f"utter_case_{status}" for status in Status),
        *(f"utter_code_{result}" for result in CodeResult),
        *(f"utter_meaning_{rule.steps[0][1]}" for rule in SCRIPT.rules if rule.opens is not None),
        *(f"utter_menu_{command}" for command in (*engine.COMMANDS, *engine.SPOKEN_COMMANDS, *engine.DONE_COMMANDS)),
        *(f"utter_line_{slot}" for form, slot in FORM_SLOTS if form in REQUEST_FORMS and slot not in UNLISTED),
        *engine.SPOKEN_COMMANDS.values(),
    ],
)  # fmt: skip
def test_every_response_whose_name_is_put_together_is_there(response: str) -> None:
    assert SCRIPT.has(response)


def test_every_response_is_used() -> None:
    put_together = {begin + end for begin, ends in PATTERNS.items() for end in ends}
    named = named_in_code() | named_in_rules() | put_together
    assert set(RESPONSES) <= named, set(RESPONSES) - named


def test_every_event_and_every_command_is_answered() -> None:
    answers = engine._EVENTS  # noqa: SLF001 - the table itself is what is checked
    assert set(answers) == set(Event)
    assert all(SCRIPT.has(each) for each in answers.values())
    assert set(engine.COMMANDS.values()) <= CATALOGUE


def test_one_response_in_two_files_is_refused(tmp_path: Path) -> None:
    for name in ("domain.yml", "rules.yml"):
        (tmp_path / name).write_text("rules: []\n", encoding="utf-8")
    (tmp_path / "responses").mkdir()
    for name in "ab":
        (tmp_path / "responses" / f"{name}.yml").write_text("responses: {utter_x: [{text: x}]}\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"b\.yml: utter_x stands in another file already\."):
        load_script(tmp_path)


def test_only_what_is_said_of_a_language_is_said_in_it() -> None:
    here = {"condition": [{"type": "slot", "name": "language", "value": "ja"}], "text": "ja"}
    script = Script({"responses": {"utter_x": [here, {"text": "any"}]}}, ())
    assert [each["text"] for each in script.variants("utter_x", "en")] == ["any"]
    assert [each["text"] for each in script.variants("utter_x", "ja")] == ["ja", "any"]


def test_every_source_was_read() -> None:
    assert len(SOURCES) > 40
    assert any("class BeginRequest" in source for source in chain(SOURCES))
