"""How well the ears hear: the test split, what they refuse, a new intent, and public sets."""

from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import yaml

from bench import peer
from bench.harness import Measured
from bench.page import Row, table
from bench.public_sets import AN_INTENT, Line, PublicSet, find_set
from bench.stage import ROOT, Stage, pairs
from intents.classifier import Classifier, LanguageModel, Model, Thresholds
from intents.encoders import Encoder, Encoders, Floats
from intents.evaluation import Report, evaluate
from intents.parse import Language
from intents.training import train
from intents.training_data import Example, TrainingData

LIMITS = {"BANKING77": (0.76, 0.86), "CLINC150": (0.81, 0.90), "HWU64": (0.71, 0.84)}
DRAWS = 3
STRICTNESS = (0.25, 0.5, 0.75, 1.0, 1.5, 2.0, 3.0)


def accuracy(stage: Stage, model: Model) -> str:
    sparse = evaluate(Classifier(model).parse, stage.split)
    both = evaluate(Classifier(model, stage.encoders.by_language).parse, stage.split)
    rows = []
    for x in Language:
        rival = Measured.of([peer.accuracy(stage.peers[x], pairs(stage.split, x))])
        for name, report, limit in (("sparse alone", sparse, None), ("with encoders", both, 0.90)):
            share = Measured.of([report.languages[x].accuracy])
            rows.append(Row(f"accuracy, {x.value}, {name}", share, "", limit, at_most=False, peer=rival))
        error = Measured.of([both.languages[x].calibration_error])
        rows.append(Row(f"calibration error, {x.value}, with encoders", error, "", 0.05))
    return table(rows)


def _stricter(model: Model, times: float) -> Model:
    """The model with the limits of not understanding moved: above 1 it gives up sooner."""

    def moved(limits: Thresholds) -> Thresholds:
        return replace(limits, known=min(1.0, limits.known * times), foreign=limits.foreign / times)

    def language(one: LanguageModel) -> LanguageModel:
        judged = replace(one.judgement, thresholds=moved(one.judgement.thresholds))
        if one.dense is None:
            return replace(one, judgement=judged)
        deep = one.dense.judgement
        dense = replace(one.dense, judgement=replace(deep, thresholds=moved(deep.thresholds)))
        return replace(one, judgement=judged, dense=dense)

    return replace(model, languages={x: language(one) for x, one in model.languages.items()})


class _Remembering:
    """An encoder that encodes each text once, for figures in which time does not count."""

    def __init__(self, encoder: Encoder) -> None:
        self.fingerprint, self.width = encoder.fingerprint, encoder.width
        self._encode = cache(lambda text: encoder.encode([text])[0])

    def encode(self, texts: Sequence[str]) -> Floats:
        return np.stack([self._encode(text) for text in texts])


def abstention(stage: Stage, model: Model) -> str:
    """Out-of-scope recall against in-scope lines lost, from lenient to strict, for each language."""
    encoders = {x: _Remembering(one) for x, one in stage.encoders.by_language.items()}
    reports = [evaluate(Classifier(_stricter(model, times), encoders).parse, stage.split) for times in STRICTNESS]
    return "\n".join(_curve(reports, x) for x in Language)


def _curve(reports: Sequence[Report], language: Language) -> str:
    lines = [
        f"| {language.value}: limits × | out_of_scope recognised | in-scope lost | accuracy |",
        "| --- | --- | --- | --- |",
    ]
    recalls, losses = [], []
    for times, report in zip(STRICTNESS, reports, strict=True):
        figures = report.languages[language]
        recalls.append(f"{100 * (figures.out_of_scope_recall or 0.0):.1f}")
        losses.append(f"{100 * figures.in_scope_lost:.1f}")
        name = f"**{times:g} (chosen)**" if times == 1 else f"{times:g}"
        lines.append(f"| {name} | {recalls[-1]} % | {losses[-1]} % | {figures.accuracy:.3f} |")
    chart = [
        "```mermaid",
        "xychart-beta",
        f'  title "{language.value}: upper line out_of_scope recognised, lower line in-scope lost"',
        f'  x-axis "limits, times the chosen ones" [{", ".join(f"{x:g}" for x in STRICTNESS)}]',
        '  y-axis "%" 0 --> 100',
        f"  line [{', '.join(recalls)}]",
        f"  line [{', '.join(losses)}]",
        "```",
    ]
    return "\n".join([*lines, "", *chart, ""])


def added(stage: Stage) -> str:
    """Three intents the catalogue lacks, learned beside it from eight lines; how many of ten wordings are heard."""
    probe = yaml.safe_load((ROOT / "bench" / "data" / "added_intents.yml").read_text(encoding="utf-8"))
    learn = tuple(Example(text, x, Language.EN) for x, facts in probe.items() for text in facts["learn"])
    english = TrainingData(stage.data.of(Language.EN) + learn)
    model = train(english, encoders=stage.encoders, vectors=stage.vectors)
    ears = Classifier(model, stage.encoders.by_language)
    rows = []
    for x, facts in probe.items():
        right = sum(ears.parse(text, Language.EN).intent == x for text in facts["unseen"])
        rows.append(Row(f"{x}, of {len(facts['unseen'])}", Measured.of([right]), "", 7, at_most=False))
    return table(rows)


def public(stage: Stage, sets: Path | None) -> str:
    """Accuracy with ten examples an intent: of three draws, or of the ten that the set itself brings."""
    rows: list[Row] = []
    absent: list[str] = []
    for name, limits in LIMITS.items():
        found = find_set(sets, name) if sets else None
        if found is None:
            absent.append(name)
            rows += [Row(f"{name}, sparse alone", None, "", limits[0], at_most=False)]
            rows += [Row(f"{name}, with the encoder", None, "", limits[1], at_most=False)]
        else:
            rows += _measure_set(stage, name, found)
    note = f"\nNot in the folder given (`make bench SETS=folder`): {', '.join(absent)}.\n" if absent else ""
    return table(rows) + note


def _measure_set(stage: Stage, name: str, public_set: PublicSet) -> list[Row]:
    draws = [public_set.draw(seed) for seed in range(DRAWS)] if public_set.is_larger else [list(public_set.train)]
    which = f"{DRAWS} draws of {AN_INTENT}" if public_set.is_larger else f"the set's own {AN_INTENT}"
    known = {intent for _, intent in public_set.train}
    test = [line for line in public_set.test if line[1] in known]
    rival = Measured.of([peer.accuracy(peer.fit(draw), test) for draw in draws])
    rows = []
    for kind, encoders, limit in zip(
        ("sparse alone", "with the encoder"), (Encoders(), stage.encoders), LIMITS[name], strict=True
    ):
        ours = Measured.of([_learned(draw, test, encoders) for draw in draws])
        rows.append(Row(f"{name}, {which}, {kind}", ours, "", limit, at_most=False, peer=rival))
    return rows


def _learned(draw: Sequence[Line], test: Sequence[Line], encoders: Encoders) -> float:
    """The share of the test lines heard rightly by ears that learned `draw`."""
    data = TrainingData(tuple(Example(text, intent, Language.EN) for text, intent in draw))
    ears = Classifier(train(data, encoders=encoders), encoders.by_language)
    return sum(ears.parse(text, Language.EN).intent == intent for text, intent in test) / len(test)
