"""Confidence that holds: a factor for each half and four thresholds, chosen from predictions on lines not trained on.

Input everywhere: logits (one row a line, float32) with the right column of each row. Nothing here reads text.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize

from intents.classifier import Judgement, Thresholds, probabilities
from intents.encoders import Floats

LOST_TO_FOREIGN = 0.002
"""Share of the in-scope lines that may be handed over, though the best intent was right, for looking out of scope."""
LOST_TO_UNKNOWN = 0.001
"""The same for looking like nothing that was learned."""
RIGHT_WHEN_SURE = 0.92
"""How often an answer given without asking back is right, at least, on lines as hard as the training lines."""

_BINS = 15
_DIGITS = 4
_SURE_RANGE = (0.3, 0.96, 0.02)

Columns = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]


def judge(sparse: Floats, dense: Floats | None, right: Columns, out_of_scope: int | None) -> Judgement:
    """Choose factors and thresholds. `out_of_scope` is that intent's column, None where the data has none."""
    halves = [sparse] if dense is None else [sparse, dense]
    factors = fit_factors(halves, right)
    scaled = sum((np.float32(f) * half for f, half in zip(factors, halves, strict=True)), np.zeros_like(sparse))
    raw = sparse if dense is None else sparse + dense
    thresholds = choose_thresholds(raw, scaled, right, out_of_scope)
    return Judgement(factors[0], factors[1] if dense is not None else 0.0, thresholds)


def fit_factors(halves: Sequence[Floats], right: Columns) -> list[float]:
    """A positive factor for each half's logits under whose sum the right intents are likeliest."""
    rows = np.arange(len(right))
    stack = np.stack(halves).astype(np.float64)

    def surprise(logs: npt.NDArray[np.float64]) -> float:
        scaled = np.tensordot(np.exp(logs), stack, axes=1)
        top = scaled.max(axis=1)
        return float((np.log(np.exp(scaled - top[:, None]).sum(axis=1)) + top - scaled[rows, right]).mean())

    found = minimize(surprise, np.zeros(len(halves)), method="L-BFGS-B", bounds=[(-3.0, 3.0)] * len(halves))
    return [round(float(np.exp(one)), 3) for one in found.x]


def choose_thresholds(raw: Floats, scaled: Floats, right: Columns, out_of_scope: int | None) -> Thresholds:
    """Pick the limits: first those of handing over, by what they may lose; then those of asking back."""
    shown = probabilities(scaled)
    best = shown.argmax(axis=1)
    familiar = probabilities(raw)[np.arange(len(best)), best]
    inside = np.ones(len(right), bool) if out_of_scope is None else right != out_of_scope
    hit = inside & (best == right)
    foreign_share = np.zeros(len(right), np.float32) if out_of_scope is None else shown[:, out_of_scope]

    known = _limit_losing(-familiar[hit], int(inside.sum() * LOST_TO_UNKNOWN))
    foreign = _limit_losing(foreign_share[hit], int(inside.sum() * LOST_TO_FOREIGN))
    foreign = max(foreign, 0.02) if out_of_scope is not None else 1.0
    spoken = (familiar >= -known) & (foreign_share < foreign)
    if out_of_scope is not None:
        spoken &= best != out_of_scope

    ranked = np.sort(shown[spoken], axis=1)
    sure, margin = _widest(ranked[:, -1], ranked[:, -1] - ranked[:, -2], (best == right)[spoken])
    return Thresholds(*(round(float(one), _DIGITS) for one in (max(-known, 0.0), min(foreign, 1.0), sure, margin)))


def _widest(confidence: Floats, margin: Floats, is_right: Flags) -> tuple[float, float]:
    """The threshold and margin that answer most lines without asking back, at least `RIGHT_WHEN_SURE` rightly."""
    found, widest = (1.0, 1.0), -1
    for sure in np.arange(*_SURE_RANGE):
        kept = confidence >= sure
        near = _lowest_limit(margin[kept], is_right[kept])
        answered = int((margin[kept] >= near).sum())
        if answered > widest:
            found, widest = (float(sure), near), answered
    return found


def _limit_losing(scores: Floats, lost: int) -> float:
    """The limit that at most `lost` of the scores reach."""
    if not len(scores):
        return 1.0
    ordered = np.sort(scores)[::-1]
    return float(np.nextafter(ordered[min(lost, len(ordered) - 1)], np.float32(np.inf)))


def _lowest_limit(scores: Floats, is_right: Flags) -> float:
    """The lowest limit from which on at least `RIGHT_WHEN_SURE` of the lines are right."""
    if not len(scores):
        return 0.0
    order = np.argsort(-scores, kind="stable")
    share = np.cumsum(is_right[order]) / np.arange(1, len(order) + 1)
    reached = np.flatnonzero(share >= RIGHT_WHEN_SURE)
    if not len(reached):
        return float(scores.max())
    last = int(reached[-1])
    return 0.0 if last == len(order) - 1 else float(scores[order[last]])


def calibration_error(confidence: npt.NDArray[np.float64], is_right: Flags) -> float:
    """Expected calibration error over 15 equal bins, 0 to 1."""
    if not len(confidence):
        return 0.0
    bins = np.minimum((confidence * _BINS).astype(int), _BINS - 1)
    gaps = [
        abs(float(confidence[bins == b].mean()) - float(is_right[bins == b].mean())) * float((bins == b).mean())
        for b in range(_BINS)
        if (bins == b).any()
    ]
    return float(sum(gaps))
