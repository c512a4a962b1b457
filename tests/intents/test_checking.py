"""What training lines may not be, each with its file and line; and that ours are in order."""

from collections.abc import Iterable

import pytest

from bot.wiring import DATA
from intents.catalogue import OUT_OF_SCOPE, lines_owed
from intents.checking import check
from intents.commands import read_split
from intents.parse import Language
from intents.training_data import Example, Fault, TrainingData, read_training_data
from tests.intents.lines import SPLIT, example


def told(faults: Iterable[Fault], about: str) -> list[str]:
    """The faults that say this; too few lines is told of every small set."""
    return [str(fault) for fault in faults if about in fault.message]


def data(*examples: Example) -> TrainingData:
    return TrainingData(examples)


@pytest.mark.parametrize("again", ["Price?", "ｐｒｉｃｅ？", "  price? ", "PRICE?"])
def test_a_line_in_two_intents_is_refused(again: str) -> None:
    faults = check(data(example("price?", "ask_fees", line=3), example(again, OUT_OF_SCOPE, file="b.yml", line=7)))
    assert told(faults, "stands") == ["b.yml:7: this line of out_of_scope also stands in ask_fees (a.yml:3)"]


def test_a_line_in_two_intents_is_refused_across_the_languages() -> None:
    """The reader of its letters learns it from both files."""
    faults = check(data(example("ok", "affirm", line=3), example("OK", "thank", Language.JA, "b.yml", 7)))
    assert told(faults, "stands") == ["b.yml:7: this line of thank also stands in affirm (a.yml:3)"]


def test_the_same_line_twice_is_refused() -> None:
    faults = check(data(example("hello", "greet", line=3), example("hello", "greet", file="b.yml", line=7)))
    assert told(faults, "stands") == ["b.yml:7: the same line stands in a.yml:3"]


def test_another_spelling_of_a_line_may_stand_beside_it() -> None:
    assert not told(check(data(example("hello", "greet"), example("HELLO", "greet", line=2))), "stands")


def test_an_unknown_name_is_told_once_a_file() -> None:
    lines = [example(text, "book_flight", line=line) for line, text in enumerate("abc", start=4)]
    assert told(check(data(*lines)), "unknown") == ["a.yml:4: unknown intent book_flight"]
    assert not told(check(data(*lines), own={"book_flight"}), "unknown")


@pytest.mark.parametrize(("intent", "owed"), [("greet", 150), (OUT_OF_SCOPE, 500), ("ask_menu", 8)])
def test_an_intent_with_too_few_different_lines_is_told_in_each_language(intent: str, owed: int) -> None:
    assert lines_owed(intent) == owed
    lines = [example(" ".join(f"line{n}"), intent, file="en/x.yml") for n in range(owed - 1)]
    doubled = example("L I N E 1", intent, file="en/x.yml")
    own = {"ask_menu"}
    assert told(check(data(*lines, doubled), own=own), f"{intent} has") == [
        f"en/x.yml: {intent} has {owed - 1} different lines in en, and needs {owed}",
        f"ja/{intent}.yml: {intent} has 0 different lines in ja, and needs {owed}",
    ]
    enough = example("one more", intent, file="en/x.yml")
    assert len(told(check(data(*lines, enough), own=own), f"{intent} has")) == 1


@pytest.mark.parametrize(
    ("asked", "kind"),
    [
        ("Could you please erase all the personal data that you hold about ME?!", "is"),
        ("could you please erase all of the personal data that you hold about me", "is nearly"),
        ("please erase the personal data you hold", None),
    ],
)
def test_a_test_line_near_a_training_line_is_refused(asked: str, kind: str | None) -> None:
    split = data(example(asked, "request_deletion", file="split.yml", line=9))
    learned = "could you please erase all the personal data that you hold about me"
    faults = told(check(data(example(learned, "request_deletion", line=3)), split), "test line")
    assert faults == ([] if kind is None else [f"split.yml:9: this test line {kind} a training line (a.yml:3)"])


def test_of_short_test_lines_only_the_very_same_are_refused() -> None:
    training = data(example("yes please", "affirm"))
    assert told(check(training, data(example("yes, please", "affirm"))), "test line")
    assert not told(check(training, data(example("yes pleas", "affirm"))), "test line")


def test_the_test_lines_are_judged_among_themselves_too() -> None:
    split = data(example("hi", "greet", file="s.yml", line=1), example("hi", "help", file="s.yml", line=2))
    assert told(check(data(example("hello", "greet")), split), "also stands in greet (s.yml:1)")


def test_test_lines_in_letters_of_no_language_do_not_disturb() -> None:
    assert not told(check(data(example("👍", "affirm")), data(example("🙏", "thank"))), "test line")


def test_an_intent_with_fewer_than_twelve_different_test_lines_is_told() -> None:
    lines = [example(f"hello {n}", "greet", file="split/en.yml") for n in range(11)]
    doubled = example("HELLO 1", "greet", file="split/en.yml")
    faults = check(data(), data(*lines, doubled))
    assert told(faults, "greet is tested") == [
        "ja.yml: greet is tested by 0 different lines in ja, and needs 12",
        "split/en.yml: greet is tested by 11 different lines in en, and needs 12",
    ]
    assert told(faults, "thank is tested")[1].startswith("split/en.yml: thank is tested by 0 different lines in en")
    enough = check(data(), data(*lines, example("hello you", "greet", file="split/en.yml")))
    assert len(told(enough, "greet is tested")) == 1


def test_our_lines_are_in_order_and_no_test_line_is_near_them() -> None:
    split = read_split(SPLIT)
    assert [str(fault) for fault in check(read_training_data(DATA), split)] == []
