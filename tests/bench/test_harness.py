"""The bench's arithmetic and page; nothing here is timed."""

from pathlib import Path

from bench.harness import Measured, alternate, percentile
from bench.page import Row, table, write_section
from bench.public_sets import find_set


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
    assert percentile([4, 1, 3, 2], 0.5) == 3
    assert percentile(range(100), 0.99) == 99


def test_a_row_says_whether_its_limit_is_reached() -> None:
    assert Row("time", Measured.of([2.0]), " s", 5).is_reached is True
    assert Row("time", Measured.of([6.0]), " s", 5).is_reached is False
    assert Row("share", Measured.of([0.8]), "", 0.9, at_most=False).is_reached is False
    page = table([Row("time", Measured.of([6.0]), " s", 5, peer=Measured.of([3.0])), Row("absent", None, "", 0.76)])
    assert "| time | 6 s | ≤ 5 s | **not reached** | 1.20 | 3 s | 2.00 |" in page
    assert "| absent | not measured |" in page


def test_a_bench_replaces_its_own_section_alone(tmp_path: Path) -> None:
    page = tmp_path / "bench.md"
    write_section(page, "ears", "old \\1 words")
    write_section(page, "turns", "other")
    write_section(page, "ears", "new")
    text = page.read_text()
    assert "old" not in text
    assert text.index("new") < text.index("other")


def test_ten_an_intent_are_drawn_the_same_by_the_same_seed(tmp_path: Path) -> None:
    for part in ("train", "test"):
        folder = tmp_path / "HWU64" / part
        folder.mkdir(parents=True)
        (folder / "seq.in").write_text("".join(f"text {n}\n" for n in range(40)))
        (folder / "label").write_text("".join(f"{'a' if n % 2 else 'b'}\n" for n in range(40)))
    found = find_set(tmp_path, "HWU64")
    assert found is not None
    assert len(found.draw(1)) == 20
    assert found.draw(1) == found.draw(1) != found.draw(2)
    assert find_set(tmp_path, "CLINC150") is None
