"""Hearing one message: features, one linear head per language, calibrated confidence, and a verdict.

Reads a trained model and never learns (that is `training.py`). `Classifier.parse` answers for any string, in
bounded time, and raises nothing.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from intents.catalogue import OUT_OF_SCOPE
from intents.features import Vocabulary, language_of, normalise
from intents.parse import Language, Parse, Ranked, Verdict

Floats = npt.NDArray[np.float32]

_SHOWN = 10


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Where answering ends, chosen from data. All are probabilities, 0 to 1.

    Below `known` on the raw (uncalibrated) probability of the best intent nothing was understood. Below `sure` on
    the calibrated one, or nearer than `margin` to the second, the desk asks back.
    """

    known: float
    sure: float
    margin: float


@dataclass(frozen=True)
class Head:
    """One linear layer over the sparse columns: a row of `weights` per column, a column per intent."""

    weights: Floats
    bias: Floats
    sharpness: float
    """Logits are multiplied by this to make probabilities that hold (the inverse of a temperature)."""
    thresholds: Thresholds


@dataclass(frozen=True)
class LanguageModel:
    """All that was learned of one language."""

    intents: tuple[str, ...]
    vocabulary: Vocabulary
    head: Head


@dataclass(frozen=True)
class Model:
    """What training leaves: a model per language and the fingerprint of the data it came from."""

    languages: Mapping[Language, LanguageModel]
    fingerprint: str


def probabilities(logits: Floats) -> Floats:
    """Softmax over the last axis."""
    shifted = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return np.asarray(shifted / shifted.sum(axis=-1, keepdims=True), np.float32)


class Classifier:
    """The embedded ears, synchronous: text in, Parse out."""

    def __init__(self, model: Model) -> None:
        self.model = model

    def parse(self, text: str, language: Language | None = None) -> Parse:
        """Understand `text`; `language` is used where the words show none. Never raises."""
        normal = normalise(text)
        heard = language_of(normal)
        known = self.model.languages.get(heard or language or Language.EN)
        if known is None:
            return nothing(text, heard)
        index, values = known.vocabulary.weigh(normal)
        if not len(index):
            return nothing(text, heard)
        logits = values @ known.head.weights[index] + known.head.bias
        return verdict_on(text, heard, known.intents, logits, known.head)


def nothing(text: str, language: Language | None) -> Parse:
    """The parse of a message without a single known feature."""
    return Parse(text, language, None, 0.0, (), Verdict.UNKNOWN)


def verdict_on(text: str, language: Language | None, intents: tuple[str, ...], logits: Floats, head: Head) -> Parse:
    """Rank the intents by calibrated probability and judge how far the best can be trusted."""
    shown = probabilities(logits * head.sharpness)
    order = np.argsort(-shown, kind="stable")[:_SHOWN]
    ranking = tuple(Ranked(intents[i], float(shown[i])) for i in order)
    raw = float(probabilities(logits)[order[0]])
    best = ranking[0]
    second = ranking[1].confidence if len(ranking) > 1 else 0.0
    limits = head.thresholds
    if best.intent == OUT_OF_SCOPE or raw < limits.known or math.isnan(raw):
        verdict = Verdict.UNKNOWN
    elif best.confidence < limits.sure or best.confidence - second < limits.margin:
        verdict = Verdict.UNSURE
    else:
        verdict = Verdict.SURE
    return Parse(text, language, best.intent, best.confidence, ranking, verdict)
