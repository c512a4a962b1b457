"""The page about the life of a request is what the table says."""

from handlers.desk.lifecycle import TABLE
from tests.lifecycle_page import PAGE, page


def test_the_page_is_written_from_the_table() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "write it anew: make docs"


def test_the_page_has_every_row() -> None:
    rows = [line for line in page().splitlines() if line.startswith("| ")]
    assert len(rows) == len(TABLE) + 1
