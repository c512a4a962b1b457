"""What is learned of one reader's lines: vocabulary, a regression for each half, and how far each can be trusted.

Loads SciPy, which serving a trained model never needs: so this is imported where training begins (`training.py`).
"""

import math
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np

from intents.calibration import judge
from intents.catalogue import OUT_OF_SCOPE
from intents.classifier import DenseHalf, LanguageModel
from intents.encoders import Encoder, EncoderError, Floats
from intents.parse import Language
from intents.regression import Rows, Turn, fit
from intents.remembered import encode_lines
from intents.vocabulary import learn_vocabulary

Progress = Callable[[str], None]

_STRENGTH = 10.0
"""Inverse of the regularisation, for both halves; chosen by cross-validation, see docs/ears.md."""
_FOLDS = 5
_HELD_OUT_ENOUGH = 1500
"""Lines that suffice to calibrate on: with fewer in a fold, more folds are held out in turn."""
_MANY = 2000
"""From this many lines on an n-gram must stand in two of them."""


def learn(
    lines: Sequence[tuple[str, str]], language: Language, encoder: Encoder | None, kept: Path | None, progress: Progress
) -> LanguageModel:
    """Both halves of one reader, each with its judgement."""
    normals = [normal for normal, _ in lines]
    intents = tuple(sorted({intent for _, intent in lines}))
    right = np.asarray([intents.index(intent) for _, intent in lines], np.int64)
    vocabulary, table = learn_vocabulary(normals, language, fewest=2 if len(lines) >= _MANY else 1)
    vectors = _vectors(encoder, normals, kept, progress)

    other = intents.index(OUT_OF_SCOPE) if OUT_OF_SCOPE in intents else None
    turns = list(_held_out(right))
    held = right[np.concatenate([outside for _, outside in turns])]
    sparse, alone = fit(table, right, len(intents), _STRENGTH, turns)
    judgement = judge(alone, None, held, other)
    if vectors is None or encoder is None:
        return LanguageModel(intents, vocabulary, sparse, judgement, None)
    layer, beside = fit(vectors, right, len(intents), _STRENGTH, turns)
    dense = DenseHalf(encoder.fingerprint, layer, judge(alone, beside, held, other))
    return LanguageModel(intents, vocabulary, sparse, judgement, dense)


def _vectors(encoder: Encoder | None, normals: Sequence[str], kept: Path | None, progress: Progress) -> Floats | None:
    if encoder is None:
        return None
    try:
        return encode_lines(encoder, normals, kept, progress)
    except EncoderError as error:
        progress(f"{error} Learning without it.")
        return None


def _held_out(right: Rows) -> Iterator[Turn]:
    """Rows to learn from and rows to judge on, in turns; every intent's lines are dealt out evenly.

    Rows of an intent that would have no line to learn from are left out of both.
    """
    order = np.argsort(right, kind="stable")
    fold = np.empty(len(right), np.int64)
    fold[order] = np.arange(len(right)) % _FOLDS
    turns = min(_FOLDS, math.ceil(_HELD_OUT_ENOUGH * _FOLDS / len(right)))
    for turn in range(turns):
        inside = np.flatnonzero(fold != turn)
        outside = np.flatnonzero(fold == turn)
        outside = outside[np.isin(right[outside], right[inside])]
        if len(outside) and len(set(right[inside].tolist())) > 1:
            yield inside, outside
