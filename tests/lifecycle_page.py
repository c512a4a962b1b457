"""Writes `docs/lifecycle.md` from the lifecycle's table: `python -m tests.lifecycle_page`. A test compares them."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from handlers.desk.lifecycle import LIVE, TABLE, Transition
from handlers.desk.requests import Status
from handlers.desk.stepping import FOR

PAGE = Path(__file__).parents[1] / "docs" / "lifecycle.md"

_HEAD = """\
# The life of a request

Written from the table in `handlers/desk/lifecycle.py` by `make docs`; do not edit. ADR 7 says why it is so.

Status says where a request stands, outcome how it ended; each item of a request is decided by itself, and the outcome \
of the whole follows. Where a step has two targets, the second holds while the proof that the request's kind needs is \
missing. *Proof* marks steps that need that proof; only the refusal that nobody proved who they are does without. \
*Two* marks steps for a second member of staff.

"""


def page() -> str:
    """The whole page."""
    return "\n".join([f"{_HEAD}```mermaid", *_diagram(), "```", "", *_table(), ""])


def _diagram() -> Iterator[str]:
    yield "stateDiagram-v2"
    arrows: dict[tuple[str, str], list[str]] = {}
    for (before, step), row in TABLE.items():
        for to in _targets(row):
            if to is not before:
                arrows.setdefault((before or "[*]", to), []).append(step)
    for (start, end), steps in arrows.items():
        yield f"  {start} --> {end}: {', '.join(steps)}"
    for status in Status:
        if not any(start == status for start, _ in arrows):
            yield f"  {status} --> [*]"


def _table() -> Iterator[str]:
    yield "| from | step | to | who | proof | two | outcome | notices | audit |"
    yield "|---|---|---|---|---|---|---|---|---|"
    for (status, step), row in TABLE.items():
        outcome = row.outcome or ("" if row.to in LIVE else "as it was")
        cells = [
            status or "new", step, _or(_targets(row)), _or(sorted(row.who)), "yes" if row.proof else "",
            "yes" if row.second else "", outcome, "; ".join(f"{each} ({', '.join(FOR[each])})" for each in row.notices),
            row.fact,
        ]  # fmt: skip
        yield f"| {' | '.join(cells)} |"


def _targets(row: Transition) -> tuple[Status, ...]:
    return (row.to,) if row.unproved in {None, row.to} else (row.to, row.unproved or row.to)


def _or(names: Iterable[str]) -> str:
    return " or ".join(names)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
