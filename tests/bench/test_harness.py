"""The bench's arithmetic and page; nothing here is timed."""

import os
import subprocess
import sys
from pathlib import Path

from bench.harness import Measured, alternate, one_core, percentile
from bench.page import Row, table, write_section


def test_every_second_round_runs_in_reverse_and_medians_keep_their_spread() -> None:
    order: list[str] = []
    values = {"a": iter([3.0, 1.0, 2.0]), "b": iter([9.0, 9.0, 9.0])}

    def one(name: str) -> float:
        order.append(name)
        return next(values[name])

    seen = alternate(3, {"a": lambda: one("a"), "b": lambda: one("b")})
    assert order == ["a", "b", "b", "a", "a", "b"]
    assert seen["a"] == Measured(2.0, 1.0, 3.0)


def test_percentiles_are_values_that_were_seen() -> None:
    assert percentile([4, 1, 3, 2], 0.5) == 2
    assert percentile([4, 1, 3], 0.5) == 3
    assert percentile(range(1, 101), 0.99) == 99
    assert percentile([7], 0.99) == 7


def test_a_row_says_whether_its_limit_is_reached() -> None:
    assert Row("time", Measured.of([2.0]), " s", 5).is_reached is True
    assert Row("time", Measured.of([6.0]), " s", 5).is_reached is False
    assert Row("share", Measured.of([0.8]), "", 0.9, at_most=False).is_reached is False
    page = table([Row("time", Measured.of([6.0]), " s", 5, peer=Measured.of([3.0])), Row("absent", None, "", 0.76)])
    assert "| time | 6 s | ≤ 5 s | **not reached** | 0.83 | 3 s | 0.50 |" in page
    assert "| absent | not measured |" in page


def test_more_is_better_where_a_limit_points_up() -> None:
    page = table([Row("share", Measured(0.96, 0.9, 0.97), "", 0.8, at_most=False, peer=Measured.of([0.48]))])
    assert "| share | 0.96 (0.9 to 0.97) | ≥ 0.8 | reached | 1.20 | 0.48 | 2.00 |" in page


def test_a_bench_replaces_its_own_section_alone(tmp_path: Path) -> None:
    page = tmp_path / "bench.md"
    write_section(page, "ears", "old \\1 words")
    write_section(page, "turns", "other")
    write_section(page, "ears", "new")
    text = page.read_text()
    assert "old" not in text
    assert text.index("new") < text.index("other")


def test_what_is_measured_on_one_core_has_one_core() -> None:
    before = os.sched_getaffinity(0)
    with one_core():
        assert len(os.sched_getaffinity(0)) == 1
        asked = subprocess.run(
            [sys.executable, "-c", "import os; print(len(os.sched_getaffinity(0)))"], capture_output=True, check=True
        )
        assert asked.stdout.strip() == b"1"
    assert os.sched_getaffinity(0) == before
