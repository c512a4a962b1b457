"""What to do next: pure matching of the script's rules with what has happened in this turn."""

from collections.abc import Sequence

from handlers.dialogue.script import Rule
from handlers.dialogue.turn import LISTEN

Step = tuple[str, str | None]


def next_action(rules: Sequence[Rule], done: Sequence[Step], loop: str | None) -> str:
    """The action that the rules want after the steps `done`, or `action_listen`.

    A rule that begins with an intent must match the turn from its start. A rule that begins with a form's action
    (what follows a filled form) must match the end of the turn. The longest match wins, as in Rasa's RulePolicy.
    """
    best: tuple[int, str] = (0, LISTEN)
    for rule in rules:
        for length in range(len(rule.steps) - 1, 0, -1):
            kind, name = rule.steps[length]
            if kind == "action" and name is not None and length > best[0] and _matches(rule, length, done, loop):
                best = (length, name)
    return best[1]


def _matches(rule: Rule, length: int, done: Sequence[Step], loop: str | None) -> bool:
    prefix = rule.steps[:length]
    if prefix[0][0] == "intent":
        return tuple(done) == prefix
    # What follows a filled form: the loop is closed by now, so the rule's condition names the form that was open.
    return len(done) >= length and tuple(done[-length:]) == prefix and loop is None
