"""Confidence that holds: one sharpness and three thresholds, chosen from predictions on lines not trained on.

Input everywhere: logits (one row a line, float32) with the right column of each row. Nothing here reads text.
"""

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize_scalar

from intents.classifier import Floats, Thresholds, probabilities

_LOST_TO_UNKNOWN = 0.01
"""Share of in-scope lines that may be handed over although the best intent was right."""
_RIGHT_WHEN_SURE = 0.90
"""How often an answer given without asking back is right, at least."""
_BINS = 15


def fit_sharpness(logits: Floats, right: npt.NDArray[np.int64]) -> float:
    """The factor on the logits under which the right intents are likeliest (temperature scaling)."""
    rows = np.arange(len(right))

    def surprise(log_factor: float) -> float:
        scaled = logits.astype(np.float64) * np.exp(log_factor)
        top = scaled.max(axis=1)
        total = np.log(np.exp(scaled - top[:, None]).sum(axis=1)) + top
        return float((total - scaled[rows, right]).mean())

    found = minimize_scalar(surprise, bounds=(-3.0, 3.0), method="bounded", options={"xatol": 1e-3})
    return round(float(np.exp(found.x)), 3)


def choose_thresholds(
    logits: Floats, right: npt.NDArray[np.int64], sharpness: float, out_of_scope: int | None
) -> Thresholds:
    """Pick the three limits. `out_of_scope` is that intent's column, None where the data has none."""
    best = logits.argmax(axis=1)
    raw = probabilities(logits).max(axis=1)
    inside = np.ones(len(right), bool) if out_of_scope is None else right != out_of_scope
    answered_right = inside & (best == right)
    known = float(np.quantile(raw[answered_right], _LOST_TO_UNKNOWN)) if answered_right.any() else 0.0

    shown = np.sort(probabilities(logits * np.float32(sharpness)), axis=1)
    confidence = shown[:, -1]
    margin = confidence - shown[:, -2] if shown.shape[1] > 1 else confidence
    spoken = raw >= known if out_of_scope is None else (raw >= known) & (best != out_of_scope)
    sure = _lowest_limit(confidence[spoken], (best == right)[spoken])
    still = spoken & (confidence >= sure)
    near = _lowest_limit(margin[still], (best == right)[still])
    return Thresholds(round(known, 4), round(sure, 4), round(near, 4))


def _lowest_limit(scores: Floats, is_right: npt.NDArray[np.bool_]) -> float:
    """The lowest limit above which at least `_RIGHT_WHEN_SURE` of the lines are right."""
    if not len(scores):
        return 0.0
    order = np.argsort(-scores, kind="stable")
    share = np.cumsum(is_right[order]) / np.arange(1, len(order) + 1)
    reached = np.flatnonzero(share >= _RIGHT_WHEN_SURE)
    if not len(reached):
        return float(scores.max())
    last = int(reached[-1])
    return 0.0 if last == len(order) - 1 else float(scores[order[last]])


def calibration_error(confidence: npt.NDArray[np.float64], is_right: npt.NDArray[np.bool_]) -> float:
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
