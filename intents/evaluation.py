"""How well the ears hear: figures over labelled lines, in words and as JSON.

Takes any function from text to Parse, so that the embedded engine and a server are measured alike. What counts as
the answer: the likeliest intent, and `out_of_scope` where the verdict is UNKNOWN.
"""

import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from intents.calibration import calibration_error
from intents.catalogue import OUT_OF_SCOPE
from intents.parse import Language, Parse, Verdict
from intents.training_data import Example

Hear = Callable[[str, Language | None], Parse]


@dataclass(frozen=True, slots=True)
class IntentScore:
    """How one intent fared; shares 0 to 1."""

    intent: str
    lines: int
    precision: float
    recall: float
    f1: float


@dataclass(frozen=True, slots=True)
class Confusion:
    """`times` lines that mean `meant` were heard as `heard`."""

    meant: str
    heard: str
    times: int


@dataclass(frozen=True, slots=True)
class Figures:
    """What was measured over one set of lines; shares 0 to 1, times in milliseconds."""

    lines: int
    accuracy: float
    macro_f1: float
    sure: float
    right_when_sure: float
    unsure: float
    unknown: float
    in_scope_lost: float
    out_of_scope_recall: float | None
    calibration_error: float
    p50_ms: float
    p99_ms: float
    intents: tuple[IntentScore, ...]
    confusions: tuple[Confusion, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """Figures over all lines and for each language."""

    overall: Figures
    languages: dict[Language, Figures]

    def as_json(self) -> dict[str, Any]:
        """Plain values for `json.dumps`."""
        return {
            "overall": asdict(self.overall),
            "languages": {language.value: asdict(figures) for language, figures in self.languages.items()},
        }


@dataclass(frozen=True, slots=True)
class _Heard:
    example: Example
    parse: Parse
    seconds: float

    @property
    def answer(self) -> str:
        if self.parse.verdict is Verdict.UNKNOWN or self.parse.intent is None:
            return OUT_OF_SCOPE
        return self.parse.intent

    @property
    def is_right(self) -> bool:
        return self.answer == self.example.intent


def evaluate(hear: Hear, examples: Sequence[Example], progress: Callable[[int], None] = lambda _: None) -> Report:
    """Let `hear` read every example; `progress` is told how many were read. Raises ValueError where there is none."""
    if not examples:
        raise ValueError("there are no lines to test on")
    heard: list[_Heard] = []
    for example in examples:
        begun = time.perf_counter()
        parse = hear(example.text, example.language)
        heard.append(_Heard(example, parse, time.perf_counter() - begun))
        progress(len(heard))
    languages = [language for language in Language if any(h.example.language is language for h in heard)]
    return Report(
        _figures(heard), {one: _figures([h for h in heard if h.example.language is one]) for one in languages}
    )


def _figures(heard: Sequence[_Heard]) -> Figures:
    right = np.asarray([h.is_right for h in heard])
    verdicts = Counter(h.parse.verdict for h in heard)
    sure = [h for h in heard if h.parse.verdict is Verdict.SURE]
    inside = [h for h in heard if h.example.intent != OUT_OF_SCOPE]
    outside = [h for h in heard if h.example.intent == OUT_OF_SCOPE]
    lost = [h for h in inside if h.parse.intent == h.example.intent and not h.is_right]
    confidence = np.asarray([h.parse.confidence for h in heard], np.float64)
    top_right = np.asarray([h.parse.intent == h.example.intent for h in heard])
    p50, p99 = np.quantile([h.seconds * 1000 for h in heard], [0.5, 0.99])
    scores = _scores(heard)
    pairs = Counter((h.example.intent, h.answer) for h in heard if not h.is_right)
    return Figures(
        lines=len(heard),
        accuracy=float(right.mean()),
        macro_f1=float(np.mean([score.f1 for score in scores])),
        sure=len(sure) / len(heard),
        right_when_sure=sum(h.is_right for h in sure) / len(sure) if sure else 1.0,
        unsure=verdicts[Verdict.UNSURE] / len(heard),
        unknown=verdicts[Verdict.UNKNOWN] / len(heard),
        in_scope_lost=len(lost) / len(inside) if inside else 0.0,
        out_of_scope_recall=sum(h.is_right for h in outside) / len(outside) if outside else None,
        calibration_error=calibration_error(confidence, top_right),
        p50_ms=float(p50),
        p99_ms=float(p99),
        intents=scores,
        confusions=tuple(Confusion(a, b, n) for (a, b), n in sorted(pairs.items(), key=lambda x: (-x[1], x[0]))),
    )


def _scores(heard: Sequence[_Heard]) -> tuple[IntentScore, ...]:
    """Precision, recall and F1 of every intent that has a line, sorted by name."""
    meant = Counter(h.example.intent for h in heard)
    answered = Counter(h.answer for h in heard)
    hit = Counter(h.example.intent for h in heard if h.is_right)
    scores = []
    for intent in sorted(meant):
        precision = hit[intent] / answered[intent] if answered[intent] else 0.0
        recall = hit[intent] / meant[intent]
        f1 = 2 * precision * recall / (precision + recall) if precision + recall else 0.0
        scores.append(IntentScore(intent, meant[intent], precision, recall, f1))
    return tuple(scores)
