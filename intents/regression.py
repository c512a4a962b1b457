"""Multinomial logistic regression over one block of features, sparse or dense, in a few steps of L-BFGS.

SciPy minimises; what is added here is the scale it minimises in. Sparse columns are scaled by their own curvature,
dense ones rotated by the Cholesky factor of their Gram matrix, after which a dozen steps are enough. The same input
gives the same weights on the same machine. Loss: mean cross-entropy plus `|weights|^2 / (2 * strength * rows)`.
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
from intents.features import Vocabulary

Table = Any
"""A row for each line, a column for each feature, float32: a SciPy sparse matrix or a NumPy array."""

_CURVATURE = 0.15
"""What p(1-p) of a softmax is about; only sets the scale, not the optimum."""
_MEMORY = 4
_STEPS = {"sparse": 15, "dense": 25}
_FLAT = 1e-5


@dataclass(frozen=True)
class _Scaled:
    """A table in the scale that is minimised in, and the way back."""

    rows: Table
    columns: Table
    """`rows` transposed."""
    pull: Callable[[Floats], Floats]
    """The gradient of the penalty, of scaled weights."""
    restore: Callable[[Floats], Floats]
    """Scaled weights to weights."""


def feature_table(vocabulary: Vocabulary, normals: Sequence[str]) -> csr_matrix:
    """The sparse features of many normalised texts, one row each."""
    rows = [vocabulary.weigh(normal) for normal in normals]
    starts = np.concatenate([[0], np.cumsum([len(index) for index, _ in rows])]).astype(np.int32)
    indices = np.concatenate([index for index, _ in rows])
    values = np.concatenate([value for _, value in rows])
    table = csr_matrix((values, indices, starts), shape=(len(rows), len(vocabulary.rarity)))
    table.sort_indices()
    return table


def fit(table: Table, right: npt.NDArray[np.int64], intents: int, strength: float) -> Linear:
    """Learn which of `intents` columns is right for each row of `table`. `strength`: larger regularises less."""
    penalty = 1.0 / (strength * len(right))
    sparse = not isinstance(table, np.ndarray)
    scaled = _scale_columns(table, penalty) if sparse else _rotate(table, penalty)
    width = table.shape[1]

    def surprise(flat: npt.NDArray[np.float64]) -> tuple[float, npt.NDArray[np.float64]]:
        weights, bias = flat[:-intents].astype(np.float32).reshape(width, intents), flat[-intents:]
        loss, slope = _cross_entropy(scaled.rows @ weights + bias.astype(np.float32), right)
        pull = scaled.pull(weights)
        gradient = np.empty_like(flat)
        gradient[:-intents] = (scaled.columns @ slope + pull).ravel()
        gradient[-intents:] = slope.sum(axis=0)
        return loss + 0.5 * float(np.vdot(weights, pull)), gradient

    options = {"maxiter": _STEPS["sparse" if sparse else "dense"], "maxcor": _MEMORY, "ftol": _FLAT}
    begin = np.zeros((width + 1) * intents)
    found = minimize(surprise, begin, jac=True, method="L-BFGS-B", options=options).x.astype(np.float32)
    return Linear(scaled.restore(found[:-intents].reshape(width, intents)), found[-intents:].copy())


def _cross_entropy(logits: Floats, right: npt.NDArray[np.int64]) -> tuple[float, Floats]:
    """The mean loss of the rows and its slope over the logits (which are used up)."""
    rows = np.arange(len(right))
    logits -= logits.max(axis=1, keepdims=True)
    hit = logits[rows, right].copy()
    np.exp(logits, out=logits)
    total = logits.sum(axis=1, keepdims=True)
    loss = float((np.log(total[:, 0]) - hit).mean())
    logits /= total
    logits[rows, right] -= 1.0
    logits /= np.float32(len(right))
    return loss, logits


def _scale_columns(table: csr_matrix, penalty: float) -> _Scaled:
    squares = np.asarray(table.multiply(table).sum(axis=0), np.float64).ravel()
    scale = (1.0 / np.sqrt(squares / table.shape[0] * _CURVATURE + penalty)).astype(np.float32)
    rows = table.copy()
    rows.data = rows.data * scale[rows.indices]
    shrink = (penalty * scale**2)[:, None].astype(np.float32)
    return _Scaled(rows, rows.T.tocsr(), lambda weights: weights * shrink, lambda weights: weights * scale[:, None])


def _rotate(table: Floats, penalty: float) -> _Scaled:
    gram = (table.T @ table).astype(np.float64) / len(table) * _CURVATURE
    gram[np.diag_indices_from(gram)] += penalty
    lower = cholesky(gram, lower=True)
    turn = solve_triangular(lower, np.eye(len(lower)), lower=True).astype(np.float32)
    shrink = (turn @ turn.T) * np.float32(penalty)
    rows = table @ turn.T
    return _Scaled(rows, rows.T, lambda weights: shrink @ weights, lambda weights: turn.T @ weights)
