"""The page docs/bench.md: a section a bench, each replaced by the run of its owner and left alone by the others."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.harness import Measured

_HEAD = (
    "# Bench\n\nWritten by `make bench`; every figure was measured by the run. Median (lowest to highest); one number "
    "alone is one run, or the same in all. *Times the limit* and *times the peer* say how much better: 2 is half the "
    "time, or twice the share; below 1 is worse.\n"
)


@dataclass(frozen=True, slots=True)
class Row:
    """One figure beside its limit and a peer. `at_most` says that less is better, for both."""

    what: str
    measured: Measured | None
    unit: str = ""
    limit: float | None = None
    at_most: bool = True
    peer: Measured | None = None

    @property
    def is_reached(self) -> bool | None:
        if self.measured is None or self.limit is None:
            return None
        value = self.measured.median
        return value <= self.limit if self.at_most else value >= self.limit

    def cells(self) -> tuple[str, ...]:
        limit = "–" if self.limit is None else f"{'≤' if self.at_most else '≥'} {self.limit:g}{self.unit}"
        verdict = {True: "reached", False: "**not reached**", None: "–"}[self.is_reached]
        if self.measured is None:
            return self.what, "not measured", limit, "–", "–", "–", "–"
        rival = self.peer.median if self.peer else None
        shown = _show(self.measured, self.unit)
        return (
            self.what,
            shown,
            limit,
            verdict,
            self._times(self.limit),
            _show(self.peer, self.unit),
            self._times(rival),
        )

    def _times(self, other: float | None) -> str:
        """How many times better than `other`."""
        if self.measured is None or not other or not self.measured.median:
            return "–"
        ratio = self.measured.median / other
        return f"{1 / ratio if self.at_most else ratio:.2f}"


def table(rows: Sequence[Row]) -> str:
    head = ("figure", "measured", "limit", "", "times the limit", "peer", "times the peer")
    lines = [head, ("---",) * len(head), *(row.cells() for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines) + "\n"


def write_section(path: Path, owner: str, text: str) -> None:
    """Put `text` in the section of `owner`; sections of other benches stay as they are."""
    page = path.read_text(encoding="utf-8") if path.is_file() else _HEAD
    section = f"<!-- {owner}: begin -->\n{text.strip()}\n<!-- {owner}: end -->"
    known = re.compile(rf"<!-- {re.escape(owner)}: begin -->.*?<!-- {re.escape(owner)}: end -->", re.DOTALL)
    page = known.sub(lambda _: section, page) if known.search(page) else f"{page.rstrip()}\n\n{section}"
    path.write_text(page.rstrip() + "\n", encoding="utf-8")


def _show(value: Measured | None, unit: str) -> str:
    if value is None:
        return "–"
    middle, low, high = (f"{x:.3g}" if abs(x) < 1000 else f"{x:.0f}" for x in (value.median, value.low, value.high))
    return f"{middle}{unit}" if low == high else f"{middle}{unit} ({low} to {high})"
