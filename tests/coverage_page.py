"""Writes `docs/coverage.md`: every row of the policies and every type of every law, with the tests that prove it.

    python -m tests.coverage_page             writes the page
    python -m tests.coverage_page --print     shows it

What a test proves is told where the test stands, and read when pytest collects it: by `@pytest.mark.row("S12")`, by
`rows:` in a dialogue, or by an id such as `jp-appi/disclosure`. A test with a parameter `language`, or a mark
that names one, proves its rows in that language; any other test proves them in both.
"""

import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import redirect_stdout
from dataclasses import dataclass, field
from functools import cache
from io import StringIO
from pathlib import Path

import pytest

from handlers.desk.rights import LAWS, load_law
from intents.companies import Company, load_companies
from intents.parse import Language

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "coverage.md"
SOURCES = {"plus_one": ("S", 50), "planet_management": ("P", 41)}
"""The companies whose sources are counted row by row: the letter of a row, and how many there are."""
_OTHER_ROWS = {
    "planet_management": {"P-noise": "Machine-translated lines: told in plain wording, quoted only on demand."}
}
_LONGEST_CELL = 110
_HEAD = """\
# What proves what

Every row of the two policies, every silence of theirs, and every type of request of every law, with the tests that
prove it. `make docs` writes this page from the tests themselves; a test fails when it is not up to date, or when a row
is empty in one of the two languages. A transcript is named by its file in `tests/dialogues`; a test by its file in
`tests`, with the language in brackets where it proves the row in only one.
"""

Proofs = dict[str, dict[str, set[str]]]
"""Row → test → the languages in which it proves the row."""


@dataclass
class Collector:
    """A pytest plugin that reads what each collected test proves, and keeps every test from running."""

    proofs: Proofs = field(default_factory=dict)

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Read the marks and the ids of all tests."""
        for item in session.items:
            self._read(item)

    def _read(self, item: pytest.Item) -> None:
        callspec = getattr(item, "callspec", None)
        params = callspec.params if callspec is not None else {}
        asked = params.get("language")
        for mark in item.iter_markers("row"):
            self._note(mark.args, item, mark.kwargs.get("language") or asked)
        if callspec is not None:
            self._note(_types_in(callspec.id), item, asked)

    def _note(self, rows: Iterable[str | None], item: pytest.Item, language: object) -> None:
        languages = {str(language)} if language in set(Language) else set(Language)
        for row in rows:
            if row is not None:
                self.proofs.setdefault(row, {}).setdefault(_name(item), set()).update(map(str, languages))


@cache
def _types() -> dict[str, re.Pattern[str]]:
    """Each type of each law, with how a parameter's id names it: `jp-appi/disclosure` or `jp-appi-disclosure`."""
    rows = [row for part in laws().values() for row in part]
    return {row: re.compile(rf"(?<![\w-]){row.replace('/', '[/-]')}(?!\w)") for row in rows}


def _types_in(test_id: str) -> list[str]:
    return [row for row, named in _types().items() if named.search(test_id)]


def collect() -> Proofs:
    """What all tests prove. Collects the whole suite and runs none of it. Raises RuntimeError if that fails."""
    collector = Collector()
    with redirect_stdout(StringIO()) as told:
        status = pytest.main(["--collect-only", "-p", "no:cacheprovider", str(ROOT / "tests")], [collector])
    if status is not pytest.ExitCode.OK:
        raise RuntimeError(f"the tests could not be collected:\n{told.getvalue()}")
    return collector.proofs


def rows_of(company: Company) -> dict[str, str]:
    """Each row of a policy with what it is about: its clauses as the source counts them, then its gaps."""
    letter, count = SOURCES[company.id]
    clauses = {f"{letter}{number}": "" for number in range(1, count + 1)}
    clauses |= {each.id: each.text.en for each in company.policy.clauses if each.id in clauses}
    return clauses | {each.id: each.text.en for each in company.policy.gaps} | _OTHER_ROWS.get(company.id, {})


def laws() -> dict[str, dict[str, str]]:
    """Each law's name with its types: `jp-appi/disclosure` and the type's name and article."""
    found = {}
    for path in sorted(LAWS.glob("*.yml")):
        law = load_law(path.stem)
        found[law.name.en] = {
            f"{law.id}/{kind}": right.name.en + (f" ({law.cite(right.article, 'en')})" if right.article else "")
            for kind, right in law.types.items()
        }
    return found


def sections() -> dict[str, dict[str, str]]:
    """Every part of the page with its rows."""
    companies = load_companies()
    return {companies[each].name.en: rows_of(companies[each]) for each in SOURCES} | laws()


def unproved(proofs: Proofs) -> list[str]:
    """The rows that no test proves, each with the language in which none does."""
    rows = [row for part in sections().values() for row in part]
    proved = {row: set[str]().union(*proofs.get(row, {"": set()}).values()) for row in rows}
    return [f"{row} in {language}" for row in rows for language in Language if language not in proved[row]]


def page(proofs: Proofs) -> str:
    """The whole page."""
    return "\n".join([_HEAD, *(line for title, rows in sections().items() for line in _part(title, rows, proofs))])


def _part(title: str, rows: Mapping[str, str], proofs: Proofs) -> Iterator[str]:
    yield f"## {title[:1].upper()}{title[1:]}\n"
    yield "| Row | What it is about | Proved by |"
    yield "|---|---|---|"
    for row, about in rows.items():
        tests = ", ".join(_cell(name, languages) for name, languages in sorted(proofs.get(row, {}).items()))
        yield f"| {row} | {_short(about)} | {tests} |"
    yield ""


def _cell(name: str, languages: set[str]) -> str:
    if name.endswith(".yml"):
        return f"`{name}`"
    return f"`{name}`" + (f" ({next(iter(languages))})" if len(languages) == 1 else "")


def _short(text: str) -> str:
    plain = " ".join(text.replace("|", "/").split())
    return plain if len(plain) <= _LONGEST_CELL else plain[:_LONGEST_CELL].rsplit(" ", 1)[0] + " …"


def _name(item: pytest.Item) -> str:
    """A transcript by its file; any other test by its file and function."""
    path = getattr(item, "callspec", None) and item.callspec.params.get("path")  # type: ignore[attr-defined]
    dialogues = ROOT / "tests" / "dialogues"
    if isinstance(path, Path) and path.is_relative_to(dialogues):
        return path.relative_to(dialogues).as_posix()
    function = getattr(item, "originalname", item.name)
    return f"{item.path.relative_to(ROOT / 'tests').as_posix().removesuffix('.py')}::{function}"


def main(arguments: list[str]) -> int:
    """Write the page, or show it."""
    proofs = collect()
    if arguments == ["--print"]:
        sys.stdout.write(page(proofs))
    else:
        PAGE.write_text(page(proofs), encoding="utf-8")
    for row in unproved(proofs):
        sys.stderr.write(f"Nothing proves {row}.\n")
    return 1 if unproved(proofs) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
