"""What the ears cost: seconds to train and to load, milliseconds a message, megabytes."""

import json
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from functools import partial

from bench.harness import Measured, alternate, one_core, percentile, seconds, yardstick
from bench.page import Row, table
from bench.stage import ROOT, Stage
from intents.classifier import Classifier, Model
from intents.training import train
from intents.training_data import Example


def training(stage: Stage) -> tuple[Model, str]:
    """One training that encodes every line anew on all cores, then those that find the lines' vectors kept."""
    for old in stage.folder.glob(f"{stage.vectors.name}*"):
        old.unlink()
    kept: list[Model] = []

    def with_encoders() -> None:
        kept[:] = [train(stage.data, encoders=stage.encoders, vectors=stage.vectors)]

    def pinned(deed: Callable[[], object]) -> float:
        with one_core():
            return seconds(deed)

    cold = Measured.of([seconds(with_encoders)])
    seen = alternate(
        stage.runs,
        {
            "yardstick": _pinned_yardstick,
            "one core": lambda: pinned(with_encoders),
            "all cores": lambda: seconds(with_encoders),
            "sparse": lambda: pinned(lambda: train(stage.data)),
        },
    )
    rival = Measured.of([stage.peers_took])
    rows = [
        Row(
            "whole catalogue, one core, the lines' vectors kept beside the model", seen["one core"], " s", 5, peer=rival
        ),
        Row("the same on all cores, a thread a language", seen["all cores"], " s"),
        Row("whole catalogue, one core, sparse alone", seen["sparse"], " s", 5, peer=rival),
        Row("whole catalogue, all cores, every line encoded anew (one run)", cold, " s"),
        Row("yardstick", seen["yardstick"], " ms"),
    ]
    return kept[0], table(rows)


def _pinned_yardstick() -> float:
    with one_core():
        return yardstick()


def latency(stage: Stage, model: Model) -> str:
    """One line at a time over the split: the sparse half, the default, only the lines that need the encoder, a peer."""
    sparse, both = Classifier(model), Classifier(model, stage.encoders.by_language)
    second = [one for one in stage.split if both.glance(one.text).rest is not None]
    deeds: dict[str, tuple[Sequence[Example], Callable[[Example], object]]] = {
        "sparse alone": (stage.split, lambda one: sparse.parse(one.text)),
        "with encoders": (stage.split, lambda one: both.parse(one.text)),
        "with encoders, lines that need them": (second, lambda one: both.parse(one.text)),
        "peer": (stage.split, lambda one: stage.peers[one.language].predict_proba([one.text])),
    }
    seen: dict[str, list[_Pass]] = {name: [] for name in deeds}

    def once(name: str) -> float:
        seen[name].append(_Pass(*deeds[name]))
        return seen[name][-1].wall(0.5)

    contestants: dict[str, Callable[[], float]] = {name: partial(once, name) for name in deeds if deeds[name][0]}
    busy = alternate(stage.runs, {"yardstick": yardstick, **contestants})["yardstick"]
    rows = [Row("yardstick", busy, " ms")]
    for name in (x for x in contestants if x != "peer"):
        limits = {"sparse alone": (0.15, 1.0, 5000.0), "with encoders": (1.5, None, None)}.get(name, (None,) * 3)
        for (what, unit, figure), limit in zip(_FIGURES, limits, strict=True):
            ours, rival = (Measured.of([figure(one) for one in seen[x]]) for x in (name, "peer"))
            rows.append(Row(f"{what}, {name}", ours, unit, limit, at_most=bool(unit), peer=rival))
        own = Measured.of([one.own(0.99) for one in seen[name]])
        rows.append(Row(f"p99 of the process's own time on the core, {name}", own, " ms"))
    asked = f"{100 * len(second) / len(stage.split):.0f} % of the lines need the encoder.\n"
    return f"{table(rows)}\n{asked}"


class _Pass:
    """Milliseconds of every line of one pass: on the clock, and on the core without what others did on it."""

    def __init__(self, lines: Sequence[Example], deed: Callable[[Example], object]) -> None:
        self._wall: list[float] = []
        self._own: list[float] = []
        for one in lines:
            began, own = time.perf_counter(), time.thread_time()
            deed(one)
            self._own.append(1000 * (time.thread_time() - own))
            self._wall.append(1000 * (time.perf_counter() - began))

    def wall(self, share: float) -> float:
        return percentile(self._wall, share)

    def own(self, share: float) -> float:
        return percentile(self._own, share)

    def rate(self) -> float:
        return 1000 * len(self._wall) / sum(self._wall)


_FIGURES: tuple[tuple[str, str, Callable[[_Pass], float]], ...] = (
    ("p50", " ms", lambda one: one.wall(0.5)),
    ("p99", " ms", lambda one: one.wall(0.99)),
    ("messages a second", "", _Pass.rate),
)


def serving(stage: Stage) -> str:
    """Fresh processes: what loading takes beyond imports, and what the ears add to a bare Python."""
    loads: dict[str, list[float]] = {"bare": [], "sparse": [], "encoders": []}

    def once(mode: str) -> float:
        command = [sys.executable, "-m", "bench.serving", mode, str(stage.model_file)]
        told = json.loads(subprocess.run(command, check=True, capture_output=True, cwd=ROOT, text=True).stdout)
        loads[mode].append(told["load"])
        return float(told["mb"])

    seen = alternate(stage.runs, {"yardstick": yardstick, **{mode: partial(once, mode) for mode in loads}})
    bare = seen["bare"].median
    rows = [Row("yardstick", seen["yardstick"], " ms")]
    for mode, name, limit in (("sparse", "sparse alone", 80), ("encoders", "with encoders", 250)):
        added = Measured(seen[mode].median - bare, seen[mode].low - bare, seen[mode].high - bare)
        rows.append(Row(f"load beyond imports, {name}", Measured.of(loads[mode]), " s", 0.5))
        rows.append(Row(f"memory added to a bare Python, {name}", added, " MB", limit))
    return table(rows)
