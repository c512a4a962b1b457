"""Part one, the ears: how well they hear and what they cost, beside the limits of the project and a peer."""

import json
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import yaml

from bench import peer
from bench.harness import Measured, alternate, machine_line, percentile
from bench.page import Row, table
from bench.public_sets import PublicSet, find_set
from intents.classifier import Classifier, LanguageModel, Model, Thresholds
from intents.encoders import ENCODERS, Encoders, find_encoders
from intents.evaluation import evaluate
from intents.model_file import save_model
from intents.parse import Language
from intents.training import train
from intents.training_data import Example, TrainingData, read_examples, read_training_data

ROOT = Path(__file__).parent.parent
STRICTNESS = (0.25, 0.5, 0.75, 1.0, 1.5, 2.0, 3.0)
LIMITS = {"BANKING77": (0.76, 0.86), "CLINC150": (0.81, 0.90), "HWU64": (0.71, 0.84)}
DRAWS = 3


@dataclass(frozen=True)
class Stage:
    """What every part of the bench needs."""

    data: TrainingData
    split: tuple[Example, ...]
    encoders: Encoders
    runs: int
    folder: Path


def run(runs: int, sets: Path | None, tell: Callable[[str], None]) -> str:
    """Measure everything; the section of the page as Markdown. `sets` is a folder with public sets."""
    data = read_training_data(ROOT / "intents" / "data")
    split = tuple(
        one for x in Language for one in read_examples(ROOT / "tests" / "intents" / "split" / f"{x.value}.yml", x)
    )
    folder = ROOT / "var" / "bench"
    folder.mkdir(parents=True, exist_ok=True)
    stage = Stage(data, split, find_encoders(ENCODERS), runs, folder)
    head = f"## Ears\n\n{machine_line()} {len(data.examples)} lines learned, {len(split)} tested, {runs} runs.\n"
    head += "".join(f"\n{sentence}\n" for sentence in stage.encoders.missing)
    tell("Training ...")
    model, training = _training(stage)
    save_model(model, folder / "ears.model")
    parts = [head, "### Training\n", training]
    for title, measure in (
        ("Accuracy on the test split", lambda: _accuracy(stage, model)),
        ("What is not understood", lambda: _abstention(stage, model)),
        ("One message", lambda: _latency(stage, model)),
        ("Loading and memory", lambda: _serving(stage)),
        ("An intent added with eight examples", lambda: _added(stage)),
        ("Public sets, ten examples an intent", lambda: _public(stage, sets)),
    ):
        tell(f"{title} ...")
        parts += [f"### {title}\n", measure()]
    return "\n".join(parts)


def _pairs(examples: Sequence[Example], language: Language) -> list[tuple[str, str]]:
    return [(one.text, one.intent) for one in examples if one.language is language]


def _seconds(deed: Callable[[], object]) -> float:
    began = time.perf_counter()
    deed()
    return time.perf_counter() - began


def _training(stage: Stage) -> tuple[Model, str]:
    """A cold training that encodes every line, then warm ones in turn with those without encoders and the peer."""
    vectors = stage.folder / "ears.vectors"
    for old in stage.folder.glob("ears.vectors*"):
        old.unlink()
    kept: list[Model] = []

    def with_encoders() -> None:
        kept[:] = [train(stage.data, encoders=stage.encoders, vectors=vectors)]

    def peers() -> None:
        for x in Language:
            peer.fit(_pairs(stage.data.examples, x), letters=x is Language.JA)

    cold = _seconds(with_encoders)
    seen = alternate(
        stage.runs,
        {
            "warm": lambda: _seconds(with_encoders),
            "sparse": lambda: _seconds(lambda: train(stage.data)),
            "peer": lambda: _seconds(peers),
        },
    )
    rows = [
        Row("whole catalogue, every line encoded anew", Measured.of([cold]), " s", 5, peer=seen["peer"]),
        Row("whole catalogue, vectors remembered", seen["warm"], " s", 5, peer=seen["peer"]),
        Row("whole catalogue, sparse alone", seen["sparse"], " s", 5, peer=seen["peer"]),
    ]
    return kept[0], table(rows)


def _accuracy(stage: Stage, model: Model) -> str:
    ears = {"sparse alone": Classifier(model), "with encoders": Classifier(model, stage.encoders.by_language)}
    reports = {name: evaluate(one.parse, stage.split) for name, one in ears.items()}
    rows = []
    for x in Language:
        pipeline = peer.fit(_pairs(stage.data.examples, x), letters=x is Language.JA)
        rival = Measured.of([_share(pipeline, _pairs(stage.split, x))])
        for name, report in reports.items():
            accuracy = Measured.of([report.languages[x].accuracy])
            limit = 0.90 if name == "with encoders" else None
            rows.append(Row(f"accuracy, {x.value}, {name}", accuracy, "", limit, at_most=False, peer=rival))
        error = Measured.of([reports["with encoders"].languages[x].calibration_error])
        rows.append(Row(f"calibration error, {x.value}, with encoders", error, "", 0.05))
    return table(rows)


def _share(pipeline: peer.Any, lines: Sequence[tuple[str, str]]) -> float:
    heard = pipeline.predict([text for text, _ in lines])
    return sum(a == b for a, (_, b) in zip(heard, lines, strict=True)) / len(lines)


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


def _abstention(stage: Stage, model: Model) -> str:
    """Out-of-scope recall against in-scope lines lost, from lenient to strict."""
    lines = ["| limits × | out_of_scope recognised | in-scope lost | accuracy |", "| --- | --- | --- | --- |"]
    recalls, losses = [], []
    for times in STRICTNESS:
        ears = Classifier(_stricter(model, times), stage.encoders.by_language)
        figures = evaluate(ears.parse, stage.split).overall
        recalls.append(100 * (figures.out_of_scope_recall or 0.0))
        losses.append(100 * figures.in_scope_lost)
        name = f"**{times:g} (chosen)**" if times == 1 else f"{times:g}"
        lines.append(f"| {name} | {recalls[-1]:.1f} % | {losses[-1]:.1f} % | {figures.accuracy:.3f} |")
    chart = [
        "```mermaid",
        "xychart-beta",
        '  title "Upper line: out_of_scope recognised; lower line: in-scope lost"',
        f'  x-axis "limits, times the chosen ones" [{", ".join(f"{x:g}" for x in STRICTNESS)}]',
        '  y-axis "%" 0 --> 100',
        f"  line [{', '.join(f'{x:.1f}' for x in recalls)}]",
        f"  line [{', '.join(f'{x:.1f}' for x in losses)}]",
        "```",
    ]
    return "\n".join([*lines, "", *chart, ""])


def _latency(stage: Stage, model: Model) -> str:
    """One line at a time over the split: the sparse half, the default, only the lines that need the encoder, a peer."""
    sparse, both = Classifier(model), Classifier(model, stage.encoders.by_language)
    second = [one for one in stage.split if both.glance(one.text).rest is not None]
    pipelines = {x: peer.fit(_pairs(stage.data.examples, x), letters=x is Language.JA) for x in Language}
    deeds: dict[str, tuple[Sequence[Example], Callable[[Example], object]]] = {
        "sparse alone": (stage.split, lambda one: sparse.parse(one.text)),
        "with encoders": (stage.split, lambda one: both.parse(one.text)),
        "with encoders, lines that need them": (second, lambda one: both.parse(one.text)),
        "peer": (stage.split, lambda one: pipelines[one.language].predict_proba([one.text])),
    }
    p99: dict[str, list[float]] = {name: [] for name in deeds}
    rate: dict[str, list[float]] = {name: [] for name in deeds}

    def once(name: str) -> float:
        lines, deed = deeds[name]
        times = [1000 * _seconds(lambda one=one: deed(one)) for one in lines]
        p99[name].append(percentile(times, 0.99))
        rate[name].append(1000 * len(times) / sum(times))
        return percentile(times, 0.5)

    p50 = alternate(stage.runs, {name: partial(once, name) for name, (lines, _) in deeds.items() if lines})
    rows = []
    for name in (x for x in p50 if x != "peer"):
        limits = (0.15, 1.0, 5000.0) if name == "sparse alone" else (1.5, None, None)
        for what, seen, limit, rival, unit, at_most in (
            ("p50", p50[name], limits[0], p50["peer"], " ms", True),
            ("p99", Measured.of(p99[name]), limits[1], Measured.of(p99["peer"]), " ms", True),
            ("messages a second", Measured.of(rate[name]), limits[2], Measured.of(rate["peer"]), "", False),
        ):
            rows.append(Row(f"{what}, {name}", seen, unit, limit, at_most=at_most, peer=rival))
    asked = f"{100 * len(second) / len(stage.split):.0f} % of the lines need the encoder.\n"
    return f"{table(rows)}\n{asked}"


def _serving(stage: Stage) -> str:
    """Fresh processes: what loading takes beyond imports, and what the ears add to a bare Python."""
    loads: dict[str, list[float]] = {"bare": [], "sparse": [], "encoders": []}

    def once(mode: str) -> float:
        command = [sys.executable, "-m", "bench.serving", mode, str(stage.folder / "ears.model")]
        told = json.loads(subprocess.run(command, check=True, capture_output=True, cwd=ROOT, text=True).stdout)
        loads[mode].append(told["load"])
        return float(told["mb"])

    seen = alternate(stage.runs, {mode: partial(once, mode) for mode in loads})
    bare = seen["bare"].median
    rows = []
    for mode, name, limit in (("sparse", "sparse alone", 80), ("encoders", "with encoders", 250)):
        added = Measured(seen[mode].median - bare, seen[mode].low - bare, seen[mode].high - bare)
        rows.append(Row(f"load beyond imports, {name}", Measured.of(loads[mode]), " s", 0.5))
        rows.append(Row(f"memory added to a bare Python, {name}", added, " MB", limit))
    return table(rows)


def _added(stage: Stage) -> str:
    """Three intents the catalogue lacks, learned beside it from eight lines; how many of ten wordings are heard."""
    probe = yaml.safe_load((ROOT / "bench" / "data" / "added_intents.yml").read_text(encoding="utf-8"))
    learn = tuple(Example(text, x, Language.EN) for x, facts in probe.items() for text in facts["learn"])
    english = TrainingData(stage.data.of(Language.EN) + learn)
    model = train(english, encoders=stage.encoders, vectors=stage.folder / "added.vectors")
    ears = Classifier(model, stage.encoders.by_language)
    rows = []
    for x, facts in probe.items():
        right = sum(ears.parse(text, Language.EN).intent == x for text in facts["unseen"])
        rows.append(Row(f"{x}, of {len(facts['unseen'])}", Measured.of([right]), "", 7, at_most=False))
    return table(rows)


def _public(stage: Stage, sets: Path | None) -> str:
    found = {name: find_set(sets, name) if sets else None for name in LIMITS}
    rows = []
    for name, public in found.items():
        for index, kind in enumerate(("sparse alone", "with encoder")):
            limit = LIMITS[name][index]
            scores = [_drawn(stage, public, seed, dense=index == 1) for seed in range(DRAWS)] if public else []
            ours = Measured.of([x for x, _ in scores]) if scores else None
            rival = Measured.of([x for _, x in scores]) if scores else None
            rows.append(Row(f"{name}, {kind}", ours, "", limit, at_most=False, peer=rival))
    absent = [name for name, public in found.items() if public is None]
    note = f"\nNot in the folder given (`make bench SETS=folder`): {', '.join(absent)}.\n" if absent else ""
    return table(rows) + note


def _drawn(stage: Stage, public: PublicSet, seed: int, *, dense: bool) -> tuple[float, float]:
    """Accuracy of ours and of the peer on one draw."""
    drawn = public.draw(seed)
    encoders = stage.encoders if dense else Encoders()
    data = TrainingData(tuple(Example(text, intent, Language.EN) for text, intent in drawn))
    ears = Classifier(train(data, encoders=encoders), encoders.by_language)
    known = {intent for _, intent in public.train}
    test = [line for line in public.test if line[1] in known]
    ours = sum(ears.parse(text, Language.EN).intent == intent for text, intent in test) / len(test)
    return ours, _share(peer.fit(drawn), test)
