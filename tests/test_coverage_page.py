"""The coverage page tells what the tests prove today, and no row of it is empty."""

import subprocess
import sys

from intents.companies import load_companies
from tests.coverage_page import PAGE, ROOT, SOURCES, page, rows_of, sections, unproved


def test_the_page_is_up_to_date_and_no_row_is_empty() -> None:
    made = subprocess.run(
        [sys.executable, "-m", "tests.coverage_page", "--print"],
        cwd=ROOT, capture_output=True, text=True, encoding="utf-8", check=False,
    )  # fmt: skip
    assert made.returncode == 0, made.stderr
    assert made.stdout == PAGE.read_text(encoding="utf-8"), "docs/coverage.md is not up to date. Run: make docs"


def test_rows_are_those_of_the_sources_whatever_the_packs_hold() -> None:
    companies = load_companies()
    for company, (letter, count) in SOURCES.items():
        counted = [row for row in rows_of(companies[company]) if row[1:].isdecimal()]
        assert counted == [f"{letter}{number}" for number in range(1, count + 1)]


def test_a_row_without_a_test_is_told_in_the_language_that_lacks_one() -> None:
    everything = {row: {"a::test": {"en", "ja"}} for part in sections().values() for row in part}
    assert unproved(everything) == []
    assert unproved({**everything, "S12": {}, "P7": {"a::test": {"en"}}}) == ["S12 in en", "S12 in ja", "P7 in ja"]


def test_a_test_in_one_language_says_so() -> None:
    shown = page({"S1": {"a/b::test": {"en"}, "c::test": {"en", "ja"}, "plus_one/en/x.yml": {"en"}}})
    assert "| `a/b::test` (en), `c::test`, `plus_one/en/x.yml` |" in shown
