"""Hearing one message: features, one linear layer per half, calibrated confidence, and a verdict.

Reads a trained model and never learns (that is `training.py`). The sparse half looks first; where it is not certain
and the language has an encoder, the dense half takes a second look. Answers for any string, in bounded time, and
raises nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from intents.catalogue import OUT_OF_SCOPE
from intents.encoders import Encoder, EncoderError, Floats
from intents.features import Vocabulary, normalise, script_of, spoken_in
from intents.parse import Language, Parse, Ranked, Verdict

CERTAIN = 0.9
"""From this calibrated confidence on the first look stands and the encoder is not asked."""

_SHOWN = 10
_ENDS = 2
"""Features that every text has, an empty one too: its two ends. Who has no more was not heard at all."""


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Where answering ends, chosen from data (`calibration.py`). All are probabilities, 0 to 1.

    Nothing was understood where the best intent's raw probability is below `known`, or where `out_of_scope` has at
    least `foreign` of the calibrated one. The desk asks back where the best is below `sure`, or nearer than `margin`
    to the second.
    """

    known: float
    foreign: float
    sure: float
    margin: float


@dataclass(frozen=True)
class Linear:
    """One linear layer: a row of `weights` per feature, a column per intent."""

    weights: Floats
    bias: Floats


@dataclass(frozen=True, slots=True)
class Judgement:
    """How logits become a verdict: each half's factor (that makes probabilities hold) and the limits."""

    sparse: float
    dense: float
    thresholds: Thresholds


@dataclass(frozen=True)
class DenseHalf:
    """What was learned over an encoder's vectors, and which encoder that was."""

    encoder: str
    linear: Linear
    judgement: Judgement


@dataclass(frozen=True)
class LanguageModel:
    """All that was learned of the texts in one language's letters."""

    intents: tuple[str, ...]
    vocabulary: Vocabulary
    sparse: Linear
    judgement: Judgement
    dense: DenseHalf | None


@dataclass(frozen=True)
class Model:
    """What training leaves: a model per language and the fingerprint of the data and encoders it came from."""

    languages: Mapping[Language, LanguageModel]
    fingerprint: str


@dataclass(frozen=True, slots=True)
class Glance:
    """A first look: its parse, and what a second look needs, None where the first one stands."""

    parse: Parse
    rest: "Unfinished | None" = None


@dataclass(frozen=True, slots=True)
class Unfinished:
    """What a second look starts from."""

    normal: str
    reader: Language
    logits: Floats


class Classifier:
    """The embedded ears, synchronous: text in, Parse out."""

    def __init__(self, model: Model, encoders: Mapping[Language, Encoder] | None = None) -> None:
        self.model = model
        self._encoders = {
            language: encoder
            for language, encoder in (encoders or {}).items()
            if (known := model.languages.get(language)) and known.dense and _fits(known.dense, encoder)
        }

    def parse(self, text: str, language: Language | None = None) -> Parse:
        """Understand `text`; `language` is used where the words show none. Never raises."""
        glance = self.glance(text, language)
        return glance.parse if glance.rest is None else self.look_again(glance.parse, glance.rest)

    def glance(self, text: str, language: Language | None = None) -> Glance:
        """The first look, with sparse features alone: a tenth of a millisecond."""
        normal = normalise(text)
        script = script_of(normal)
        heard = spoken_in(script, normal)
        reader = script or language or Language.EN
        known = self.model.languages.get(reader)
        if known is None:
            return Glance(_nothing(text, heard))
        index, values = known.vocabulary.weigh(normal)
        if len(index) <= _ENDS:
            return Glance(_nothing(text, heard))
        logits = values @ known.sparse.weights.take(index, axis=0) + known.sparse.bias
        parse = _judge(text, heard, known.intents, logits, logits * np.float32(known.judgement.sparse), known.judgement)
        if parse.confidence >= CERTAIN or reader not in self._encoders:
            return Glance(parse)
        return Glance(parse, Unfinished(normal, reader, logits))

    def look_again(self, first: Parse, rest: Unfinished) -> Parse:
        """The second look, with the encoder beside; the first one stands where the encoder fails."""
        known = self.model.languages[rest.reader]
        if known.dense is None:
            return first
        try:
            vector = self._encoders[rest.reader].encode([rest.normal])[0]
        except EncoderError:
            return first
        dense = vector @ known.dense.linear.weights + known.dense.linear.bias
        judgement = known.dense.judgement
        scaled = rest.logits * np.float32(judgement.sparse) + dense * np.float32(judgement.dense)
        return _judge(first.text, first.language, known.intents, rest.logits + dense, scaled, judgement)


def _fits(dense: DenseHalf, encoder: Encoder) -> bool:
    return dense.encoder == encoder.fingerprint and len(dense.linear.weights) == encoder.width


def probabilities(logits: Floats) -> Floats:
    """Softmax over the last axis."""
    shifted = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return np.asarray(shifted / shifted.sum(axis=-1, keepdims=True), np.float32)


def _nothing(text: str, language: Language | None) -> Parse:
    """The parse of a message without a single known feature."""
    return Parse(text, language, None, 0.0, (), Verdict.UNKNOWN)


def _judge(
    text: str, language: Language | None, intents: tuple[str, ...], raw: Floats, scaled: Floats, judgement: Judgement
) -> Parse:
    """Rank the intents by calibrated probability and judge how far the best can be trusted."""
    shown = probabilities(scaled)
    order = (-shown).argsort(kind="stable")[:_SHOWN].tolist()
    likely = shown.tolist()
    ranking = tuple([Ranked(intents[i], likely[i]) for i in order])
    best, limits = ranking[0], judgement.thresholds
    second = ranking[1].confidence if len(ranking) > 1 else 0.0
    foreign = next((one.confidence for one in ranking if one.intent == OUT_OF_SCOPE), 0.0)
    known = 1.0 / float(np.exp(raw - raw[order[0]]).sum())
    if best.intent == OUT_OF_SCOPE or foreign >= limits.foreign or known < limits.known:
        verdict = Verdict.UNKNOWN
    elif best.confidence < limits.sure or best.confidence - second < limits.margin:
        verdict = Verdict.UNSURE
    else:
        verdict = Verdict.SURE
    return Parse(text, language, best.intent, best.confidence, ranking, verdict)
