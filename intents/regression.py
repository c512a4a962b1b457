"""Multinomial logistic regression over one block of features, sparse or dense, in a few steps of L-BFGS.

SciPy minimises; what is added here is the scale it minimises in. Sparse columns are scaled by their own curvature,
dense ones rotated by the Cholesky factor of their Gram matrix, after which a dozen steps are enough. The same input
gives the same weights on the same machine. Loss: mean cross-entropy plus `|weights|^2 / (2 * strength * rows)`, where
a row of an intent with fewer rows than most counts for more, so that an intent just added is heard at all.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.linalg import cholesky, solve_triangular
from scipy.optimize import minimize
from scipy.sparse import csr_matrix

from intents.classifier import Linear
from intents.encoders import Floats

Table = Any
"""A row for each line, a column for each feature, float32: a SciPy sparse matrix or a NumPy array."""

Rows = npt.NDArray[np.int64]
Turn = tuple[Rows, Rows]
"""Rows to learn from, and rows to judge on."""

_CURVATURE = 0.15
"""What p(1-p) of a softmax is about; only sets the scale, not the optimum."""
_MEMORY = 4
_STEPS, _MORE_STEPS = 10, 6
"""Steps from nothing, and from a layer that has learned most of the rows; more change no figure (docs/ears.md)."""
_FLAT = 1e-5


@dataclass(frozen=True)
class _Scaled:
    """A table in the scale that is minimised in, and the way back."""

    rows: Table
    pull: Callable[[Floats], Floats]
    """The gradient of the penalty, of scaled weights."""
    restore: Callable[[Floats, Floats], Linear]
    """Scaled weights and bias to the layer over the table as it was."""


def fit(table: Table, right: Rows, intents: int, strength: float, turns: Sequence[Turn]) -> tuple[Linear, Floats]:
    """Learn which of `intents` columns is right for each row of `table`; a larger `strength` regularises less.

    Returns the layer over all rows, and the logits of the rows judged on in `turns`, each from a layer that did not
    learn from it. The whole starts where the last turn ended, which takes fewer steps than from nothing.
    """
    scaled = _scale(table, 1.0 / (strength * len(right)))
    state = np.zeros((table.shape[1] + 1) * intents)
    held: list[Floats] = []
    for inside, outside in turns:
        state = _minimise(scaled, scaled.rows[inside], right[inside], np.zeros_like(state), _STEPS)
        held.append(_logits(scaled.rows[outside], state, intents))
    state = _minimise(scaled, scaled.rows, right, state, _MORE_STEPS if held else _STEPS + _MORE_STEPS)
    return scaled.restore(*_apart(state, intents)), np.concatenate(held) if held else np.empty((0, intents), np.float32)


def _minimise(
    scaled: "_Scaled", rows: Table, right: Rows, state: npt.NDArray[np.float64], steps: int
) -> npt.NDArray[np.float64]:
    """Scaled weights and bias, flat, after at most `steps` steps from `state`."""
    heed = _heed(right)
    columns = rows.T if isinstance(rows, np.ndarray) else rows.T.tocsr()
    intents = len(state) // (rows.shape[1] + 1)

    def surprise(flat: npt.NDArray[np.float64]) -> tuple[float, npt.NDArray[np.float64]]:
        weights, _ = _apart(flat, intents)
        loss, slope = _cross_entropy(_logits(rows, flat, intents), right, heed)
        pull = scaled.pull(weights)
        gradient = np.empty_like(flat)
        gradient[:-intents] = (columns @ slope + pull).ravel()
        gradient[-intents:] = slope.sum(axis=0)
        return loss + 0.5 * float(np.vdot(weights, pull)), gradient

    options = {"maxiter": steps, "maxcor": _MEMORY, "ftol": _FLAT}
    found: npt.NDArray[np.float64] = minimize(surprise, state, jac=True, method="L-BFGS-B", options=options).x
    return found


def _apart(state: npt.NDArray[np.float64], intents: int) -> tuple[Floats, Floats]:
    """Weights (a row a feature) and bias."""
    return state[:-intents].astype(np.float32).reshape(-1, intents), state[-intents:].astype(np.float32)


def _logits(rows: Table, state: npt.NDArray[np.float64], intents: int) -> Floats:
    weights, bias = _apart(state, intents)
    return np.asarray(rows @ weights + bias, np.float32)


def _heed(right: Rows) -> Floats:
    """How much each row counts: one, or as many times more as its intent has fewer rows than the mean intent."""
    rows = np.bincount(right)
    mean = len(right) / np.count_nonzero(rows)
    return np.maximum(1.0, mean / np.maximum(rows, 1))[right].astype(np.float32)


def _cross_entropy(logits: Floats, right: Rows, heed: Floats) -> tuple[float, Floats]:
    """The mean loss of the rows, each as it counts, and its slope over the logits (which are used up)."""
    rows = np.arange(len(right))
    logits -= logits.max(axis=1, keepdims=True)
    hit = logits[rows, right].copy()
    np.exp(logits, out=logits)
    total = logits.sum(axis=1, keepdims=True)
    loss = float((heed * (np.log(total[:, 0]) - hit)).mean())
    logits /= total
    logits[rows, right] -= 1.0
    logits *= (heed / np.float32(len(right)))[:, None]
    return loss, logits


def _scale(table: Table, penalty: float) -> _Scaled:
    return _rotate(table, penalty) if isinstance(table, np.ndarray) else _scale_columns(table, penalty)


def _scale_columns(table: csr_matrix, penalty: float) -> _Scaled:
    squares = np.asarray(table.multiply(table).sum(axis=0), np.float64).ravel()
    scale = (1.0 / np.sqrt(squares / table.shape[0] * _CURVATURE + penalty)).astype(np.float32)
    rows = table.copy()
    rows.data = rows.data * scale[rows.indices]
    shrink = (penalty * scale**2)[:, None].astype(np.float32)
    return _Scaled(
        rows, lambda weights: weights * shrink, lambda weights, bias: Linear(weights * scale[:, None], bias.copy())
    )


def _rotate(table: Floats, penalty: float) -> _Scaled:
    """The scale for dense vectors, which are first moved to their middle and stretched to length 1 on average.

    Encoders differ in how much all their vectors have in common, and what all share tells nothing.
    """
    middle = table.mean(axis=0)
    apart = table - middle
    stretch = np.float32(1.0 / np.sqrt(np.einsum("ij,ij->i", apart, apart).mean()))
    apart *= stretch
    gram = (apart.T @ apart).astype(np.float64) / len(table) * _CURVATURE
    gram[np.diag_indices_from(gram)] += penalty
    lower = cholesky(gram, lower=True)
    turn = solve_triangular(lower, np.eye(len(lower)), lower=True).astype(np.float32)
    shrink = (turn @ turn.T) * np.float32(penalty)

    def restore(weights: Floats, bias: Floats) -> Linear:
        plain = (turn.T @ weights) * stretch
        return Linear(plain, bias - middle @ plain)

    return _Scaled(apart @ turn.T, lambda weights: shrink @ weights, restore)
