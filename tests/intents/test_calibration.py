"""Probabilities that hold, and limits that lose no more than they may."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from intents.calibration import (
    LOST_TO_FOREIGN,
    LOST_TO_UNKNOWN,
    RIGHT_WHEN_SURE,
    Columns,
    calibration_error,
    choose_thresholds,
    fit_factors,
    judge,
)
from intents.classifier import probabilities
from intents.encoders import Floats

INTENTS = 6


def lines(count: int, sharpness: float, seed: int = 3) -> tuple[Floats, Columns]:
    """Logits whose own probabilities hold, times `sharpness`."""
    chance = np.random.default_rng(seed)
    honest = chance.normal(size=(count, INTENTS)) * 2
    right = np.asarray([chance.choice(INTENTS, p=p / p.sum()) for p in probabilities(honest.astype(np.float32))])
    return (honest * sharpness).astype(np.float32), right.astype(np.int64)


@pytest.mark.parametrize("sharpness", [0.25, 1.0, 3.0])
def test_a_factor_makes_confidence_hold_whatever_the_scale(sharpness: float) -> None:
    logits, right = lines(6000, sharpness)
    [factor] = fit_factors([logits], right)
    assert factor == pytest.approx(1 / sharpness, rel=0.1)
    fresh, answers = lines(6000, sharpness, seed=4)
    shown = probabilities(fresh * np.float32(factor))
    assert calibration_error(shown.max(axis=1).astype(np.float64), shown.argmax(axis=1) == answers) < 0.025


def test_a_half_that_knows_nothing_hardly_counts() -> None:
    logits, right = lines(4000, 1.0)
    noise = np.random.default_rng(9).normal(size=logits.shape).astype(np.float32)
    knowing, guessing = fit_factors([logits, noise], right)
    assert knowing > 0.9
    assert guessing < 0.1


def test_limits_lose_no_more_than_they_may() -> None:
    logits, right = lines(8000, 2.0)
    shown = probabilities(logits)
    best = shown.argmax(axis=1)
    limits = choose_thresholds(logits, logits, right, 0)
    inside = right != 0
    hit = inside & (best == right)
    lost_to_foreign = hit & (shown[:, 0] >= limits.foreign)
    lost_to_unknown = hit & (shown.max(axis=1) < limits.known - 1e-4)
    assert lost_to_foreign.sum() <= inside.sum() * LOST_TO_FOREIGN
    assert lost_to_unknown.sum() <= inside.sum() * LOST_TO_UNKNOWN + 1


def test_who_is_answered_without_asking_back_is_right_often_enough() -> None:
    logits, right = lines(8000, 1.0)
    limits = choose_thresholds(logits, logits, right, None)
    shown = probabilities(logits)
    ranked = np.sort(shown, axis=1)
    sure = (ranked[:, -1] >= limits.sure) & (ranked[:, -1] - ranked[:, -2] >= limits.margin)
    assert sure.sum() > 100
    assert float((shown.argmax(axis=1) == right)[sure].mean()) >= RIGHT_WHEN_SURE - 0.005
    assert limits.foreign == 1.0, "without an out_of_scope intent nothing looks foreign"


@given(st.integers(1, 40), st.integers(0, 2**32 - 1), st.booleans())
def test_any_few_lines_give_limits_that_are_probabilities(count: int, seed: int, has_other: bool) -> None:
    chance = np.random.default_rng(seed)
    sparse = chance.normal(size=(count, 3)).astype(np.float32)
    dense = chance.normal(size=(count, 3)).astype(np.float32)
    right = chance.integers(0, 3, count)
    judgement = judge(sparse, dense, right, 2 if has_other else None)
    limits = judgement.thresholds
    for one in (limits.known, limits.foreign, limits.sure, limits.margin):
        assert 0.0 <= one <= 1.0
    assert judgement.sparse > 0
    assert judgement.dense > 0


def test_the_error_of_calibration_is_the_mean_gap() -> None:
    assert calibration_error(np.asarray([1.0, 1.0]), np.asarray([True, True])) == 0.0
    assert calibration_error(np.asarray([0.9, 0.9]), np.asarray([True, False])) == pytest.approx(0.4)
    assert calibration_error(np.empty(0), np.empty(0, bool)) == 0.0
