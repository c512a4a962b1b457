"""How the benches measure: contestants in alternating order over several runs, medians with their spread."""

import os
import platform
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median


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
    """The value that `share` of the values do not exceed (nearest rank)."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def machine_line() -> str:
    """The machine and how busy it was, in one line."""
    model = platform.processor() or platform.machine()
    facts = Path("/proc/cpuinfo")
    if facts.is_file():
        names = [x.split(":", 1)[1].strip() for x in facts.read_text().splitlines() if x.startswith("model name")]
        model = names[0] if names else model
    load = f", load {os.getloadavg()[0]:.1f} when it began" if hasattr(os, "getloadavg") else ""
    return f"{model}, {os.cpu_count()} cores, Python {platform.python_version()}, {platform.system()}{load}."
