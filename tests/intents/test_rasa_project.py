"""Our lines and script as a Rasa 3.1 project: what `rasa data validate` would refuse stands in none of the files.

Rasa itself is no dependency; docs/ears.md says how its own check is run.
"""

from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.wiring import DATA
from handlers.dialogue.script import SCRIPT
from intents.catalogue import CATALOGUE
from intents.training_data import read_training_data

LINES = sorted(DATA.glob("*/*.yml"))
TALK = sorted(SCRIPT.rglob("*.yml"))


def load(path: Path) -> Any:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def domain() -> dict[str, Any]:
    """What Rasa makes of the script's folder: all its domain files, merged."""
    merged: dict[str, Any] = {}
    for path in TALK:
        for key, value in load(path).items():
            if key in ("version", "rules"):
                continue
            assert key == "responses" or key not in merged, f"{key} stands in two files"
            merged[key] = {**merged.get(key, {}), **value} if key == "responses" else value
    return merged


@pytest.mark.parametrize("path", [*LINES, *TALK], ids=lambda path: f"{path.parent.name}/{path.name}")
def test_every_file_is_of_version_31(path: Path) -> None:
    assert load(path)["version"] == "3.1"


@pytest.mark.parametrize("path", LINES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_lines_stand_in_blocks_under_an_intent_of_the_catalogue(path: Path) -> None:
    content = load(path)
    assert set(content) == {"version", "nlu"}
    for section in content["nlu"]:
        assert set(section) == {"intent", "examples"}
        assert section["intent"] in CATALOGUE
        lines = section["examples"].rstrip("\n").split("\n")
        assert all(line.startswith("- ") and line[2:].strip() for line in lines)


def test_the_domain_names_every_intent_once_and_no_other() -> None:
    """But for the one that Rasa's own FallbackClassifier gives, which has no lines."""
    named = domain()["intents"]
    assert len(named) == len(set(named))
    assert set(named) - {"nlu_fallback"} == CATALOGUE == set(read_training_data(DATA).intents)


def test_no_line_stands_in_two_intents_whichever_the_language() -> None:
    """Rasa learns both languages in one; it compares the lines as they are written."""
    meant: dict[str, set[str]] = defaultdict(set)
    for example in read_training_data(DATA).examples:
        meant[example.text.strip()].add(example.intent)
    assert {text: intents for text, intents in meant.items() if len(intents) > 1} == {}


def test_rules_name_nothing_that_the_domain_does_not() -> None:
    known = domain()
    actions = {*known["actions"], *known["responses"], *known["forms"], "action_listen", "action_deactivate_loop"}
    for rule in load(SCRIPT / "rules.yml")["rules"]:
        for step in [*rule["steps"], *rule.get("condition", [])]:
            assert "intent" not in step or step["intent"] in known["intents"], rule["rule"]
            assert "action" not in step or step["action"] in actions, rule["rule"]
            assert step.get("active_loop") is None or step["active_loop"] in known["forms"], rule["rule"]


def test_forms_ask_for_slots_that_are_there() -> None:
    known = domain()
    for name, form in known["forms"].items():
        assert set(form["required_slots"]) <= set(known["slots"]), name


def test_response_conditions_are_of_slots_that_are_there() -> None:
    known = domain()
    for name, variants in known["responses"].items():
        assert name.startswith("utter_")
        for variant in variants:
            for condition in variant.get("condition", []):
                assert condition["name"] in known["slots"], name
