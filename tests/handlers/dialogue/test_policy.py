"""The next action, by rules alone: what a turn begins with, and what follows a form that was filled."""

import pytest

from handlers.dialogue.policy import Step, next_action
from handlers.dialogue.script import Rule

OPENS = Rule("opens", None, (("intent", "complain"), ("action", "begin"), ("action", "form"), ("loop", "form")))
FILLED = Rule("filled", "form", (("action", "form"), ("loop", None), ("action", "file")))
GREET = Rule("greet", None, (("intent", "greet"), ("action", "hello")))
LONGER = Rule("longer", None, (("intent", "greet"), ("action", "hello"), ("action", "more")))
RULES = (OPENS, FILLED, GREET)


@pytest.mark.parametrize(
    ("done", "loop", "action"),
    [
        ([], None, "action_listen"),
        ([("intent", "greet")], None, "hello"),
        ([("intent", "greet"), ("action", "hello")], None, "action_listen"),
        ([("intent", "unheard_of")], None, "action_listen"),
        ([("intent", "complain")], None, "begin"),
        ([("intent", "complain"), ("action", "begin")], None, "form"),
        ([("intent", "complain"), ("action", "begin"), ("action", "form")], "form", "action_listen"),
        ([("intent", "complain"), ("action", "other")], None, "action_listen"),
        ([("action", "form"), ("loop", None)], None, "file"),
        ([("intent", "affirm"), ("action", "form"), ("loop", None)], None, "file"),
        ([("intent", "affirm"), ("action", "form"), ("loop", None), ("action", "file")], None, "action_listen"),
        ([("action", "form")], "form", "action_listen"),
        ([("action", "form"), ("loop", None)], "form", "action_listen"),
    ],
)
def test_the_next_action(done: list[Step], loop: str | None, action: str) -> None:
    assert next_action(RULES, done, loop) == action


def test_the_longest_rule_that_fits_wins() -> None:
    done: list[Step] = [("intent", "greet"), ("action", "hello")]
    assert next_action((*RULES, LONGER), done, None) == "more"
    assert next_action((LONGER, *RULES), done, None) == "more"


def test_without_rules_there_is_nothing_to_do() -> None:
    assert next_action((), [("intent", "greet")], None) == "action_listen"
