"""How well the real lines are heard, on test lines that no training saw: the floor under which a change may not fall.

The data and the mathematics hold no chance, so these figures move only when one of them is changed.
"""

import pytest

from intents.classifier import Classifier
from intents.commands import read_split
from intents.embedded import EmbeddedEars
from intents.encoders import Encoders
from intents.evaluation import Report, evaluate
from intents.parse import Language
from tests.intents.lines import SPLIT

ACCURACY = 0.90
CALIBRATION_ERROR = 0.05
RIGHT_WHEN_SURE = 0.94
OUT_OF_SCOPE_RECALL = 0.7
LOST = 0.02


@pytest.fixture(scope="session")
def report(ears: EmbeddedEars, encoders: Encoders) -> Report:
    if missing := [language for language in Language if language not in encoders.by_language]:
        pytest.skip(f"set-up could make no encoder for {', '.join(missing)}: the desk hears less well here")
    return evaluate(Classifier(ears.model, encoders.by_language).parse, read_split(SPLIT).examples)


@pytest.mark.parametrize("language", Language)
def test_the_test_lines_are_understood(report: Report, language: Language) -> None:
    assert report.languages[language].accuracy >= ACCURACY


@pytest.mark.parametrize("language", Language)
def test_confidence_holds(report: Report, language: Language) -> None:
    assert report.languages[language].calibration_error < CALIBRATION_ERROR


@pytest.mark.parametrize("language", Language)
def test_who_is_answered_without_asking_back_is_answered_rightly(report: Report, language: Language) -> None:
    assert report.languages[language].right_when_sure >= RIGHT_WHEN_SURE


@pytest.mark.parametrize("language", Language)
def test_what_the_desk_does_not_handle_is_told_apart_at_little_loss(report: Report, language: Language) -> None:
    figures = report.languages[language]
    assert figures.out_of_scope_recall is not None
    assert figures.out_of_scope_recall >= OUT_OF_SCOPE_RECALL
    assert figures.in_scope_lost <= LOST
