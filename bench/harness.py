"""How the benches measure: contestants in alternating order over several runs, medians with their spread."""

import math
import os
import platform
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from statistics import median

import numpy as np
from threadpoolctl import threadpool_limits

LIBRARIES = ("numpy", "scipy", "onnxruntime", "scikit-learn")


@dataclass(frozen=True, slots=True)
class Measured:
    """One figure over several runs."""

    median: float
    low: float
    high: float

    @classmethod
    def of(cls, values: Sequence[float]) -> "Measured":
        return cls(median(values), min(values), max(values))


def alternate(runs: int, contestants: Mapping[str, Callable[[], float]]) -> dict[str, Measured]:
    """Run each contestant `runs` times, every second round in reverse order; what each returns is its figure."""
    values: dict[str, list[float]] = {name: [] for name in contestants}
    for turn in range(runs):
        for name in list(contestants)[:: 1 if turn % 2 == 0 else -1]:
            values[name].append(contestants[name]())
    return {name: Measured.of(seen) for name, seen in values.items()}


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest of the values that at least `share` of them do not exceed (nearest rank)."""
    return sorted(values)[max(0, math.ceil(share * len(values)) - 1)]


def seconds(deed: Callable[[], object]) -> float:
    began = time.perf_counter()
    deed()
    return time.perf_counter() - began


@contextmanager
def one_core() -> Iterator[None]:
    """Keep this process, its children and their libraries on one core, where the system can (Linux)."""
    with threadpool_limits(limits=1):
        if not hasattr(os, "sched_setaffinity"):
            yield
            return
        before = os.sched_getaffinity(0)
        os.sched_setaffinity(0, {max(before)})
        try:
            yield
        finally:
            os.sched_setaffinity(0, before)


def yardstick() -> float:
    """Milliseconds that a fixed piece of work takes, Python and NumPy: above its lowest, the machine was busy."""
    words = [f"word {n % 997}" for n in range(20_000)]
    rows = np.arange(120_000, dtype=np.float32).reshape(3_000, 40)

    def work() -> None:
        counts: dict[str, int] = {}
        for word in words:
            counts[word] = counts.get(word, 0) + 1
        for start in range(0, 3_000, 10):
            np.exp(-(rows[start] @ rows[start : start + 40].T) / 1e12).argsort()

    return 1000 * seconds(work)


def machine_line() -> str:
    """Cores and versions, in one line."""
    return f"{os.cpu_count()} cores, Python {platform.python_version()}, {', '.join(_versions())}."


def _versions() -> Iterator[str]:
    for name in LIBRARIES:
        try:
            yield f"{name} {version(name)}"
        except PackageNotFoundError:
            yield f"no {name}"
