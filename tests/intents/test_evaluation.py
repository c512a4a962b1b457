"""Figures over a handful of lines that can be counted by hand."""

import json

import pytest

from intents.catalogue import OUT_OF_SCOPE
from intents.evaluation import Confusion, evaluate
from intents.parse import Language, Parse, Ranked, Verdict
from tests.intents.lines import example

HEARD = {
    "right": ("greet", 1.0, Verdict.SURE),
    "wrong": ("thank", 1.0, Verdict.SURE),
    "asked": ("greet", 0.5, Verdict.UNSURE),
    "lost": ("greet", 0.5, Verdict.UNKNOWN),
    "outside": (OUT_OF_SCOPE, 1.0, Verdict.UNKNOWN),
    "taken in": ("greet", 1.0, Verdict.SURE),
}


def hear(text: str, language: Language | None) -> Parse:
    intent, confidence, verdict = HEARD[text]
    return Parse(text, language, intent, confidence, (Ranked(intent, confidence),), verdict)


LINES = [
    example("right", "greet"),
    example("wrong", "greet"),
    example("asked", "greet", Language.JA),
    example("lost", "greet", Language.JA),
    example("outside", OUT_OF_SCOPE),
    example("taken in", OUT_OF_SCOPE, Language.JA),
]


def test_every_figure_can_be_counted() -> None:
    figures = evaluate(hear, LINES).overall
    assert figures.lines == 6
    assert figures.accuracy == pytest.approx(3 / 6)
    assert figures.sure == pytest.approx(3 / 6)
    assert figures.right_when_sure == pytest.approx(1 / 3)
    assert figures.unsure == pytest.approx(1 / 6)
    assert figures.unknown == pytest.approx(2 / 6)
    assert figures.in_scope_lost == pytest.approx(1 / 4)
    assert figures.out_of_scope_recall == pytest.approx(1 / 2)
    by_name = {score.intent: score for score in figures.intents}
    assert by_name["greet"].precision == pytest.approx(2 / 3)
    assert by_name["greet"].recall == pytest.approx(2 / 4)
    assert by_name["greet"].f1 == pytest.approx(4 / 7)
    assert figures.macro_f1 == pytest.approx((4 / 7 + 1 / 2) / 2)
    assert figures.calibration_error == pytest.approx((4 / 6) * 0.5 + (2 / 6) * 0.5)
    assert figures.confusions[0] == Confusion("greet", OUT_OF_SCOPE, 1)
    assert 0 <= figures.p50_ms <= figures.p99_ms


def test_each_language_has_its_own_figures() -> None:
    report = evaluate(hear, LINES)
    assert report.languages[Language.EN].accuracy == pytest.approx(2 / 3)
    assert report.languages[Language.JA].accuracy == pytest.approx(1 / 3)
    assert set(evaluate(hear, LINES[:1]).languages) == {Language.EN}


def test_what_was_not_asked_is_not_counted() -> None:
    inside = evaluate(hear, LINES[:1]).overall
    assert inside.out_of_scope_recall is None
    outside = evaluate(hear, [LINES[4]]).overall
    assert (outside.in_scope_lost, outside.right_when_sure) == (0.0, 1.0)


def test_the_report_is_plain_json() -> None:
    raw = json.loads(json.dumps(evaluate(hear, LINES).as_json()))
    assert set(raw) == {"overall", "languages"}
    assert set(raw["languages"]) == {"en", "ja"}
    assert {"accuracy", "macro_f1", "calibration_error", "intents", "confusions", "p50_ms"} <= set(raw["overall"])


def test_no_lines_are_no_measurement() -> None:
    with pytest.raises(ValueError, match="no lines"):
        evaluate(hear, [])
