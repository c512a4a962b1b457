"""Reads the golden questions of a pack: for each row of its source, what a customer asks and what must be found."""

from dataclasses import dataclass
from pathlib import Path

from intents.companies.clauses import Text
from intents.companies.fields import Field, PackError, read_file

GOLDEN_FILE = "golden.yml"


@dataclass(frozen=True, slots=True)
class Question:
    """One question in every language, with what it means and what answers it.

    `row` is the clause or gap it was written for, or the intent, for a question that names nothing narrower.
    `intent` is None for a question that no catalogue intent fits. Either `clauses` or `gap` answers.
    """

    row: str
    words: Text
    intent: str | None
    clauses: tuple[str, ...]
    gap: str | None


def load_golden(folder: Path) -> tuple[Question, ...]:
    """Load the golden questions of the pack in `folder`. Raises PackError with a sentence for each fault."""
    faults: list[str] = []
    field = read_file(folder / GOLDEN_FILE, faults)
    field.only("questions")
    questions = tuple(_question(entry) for entry in field.at("questions").entries(at_least=1))
    if faults:
        raise PackError([f"{folder.name}/{fault}" for fault in faults])
    return questions


def _question(field: Field) -> Question:
    field.only("row", "en", "ja", "intent", "clauses", "gap")
    intent, clauses, gap = field.at("intent"), field.maybe("clauses"), field.maybe("gap")
    if clauses.is_missing is gap.is_missing:
        field.fault("needs either clauses or a gap.")
    return Question(
        row=field.at("row").string(),
        words=Text(en=field.at("en").string(), ja=field.at("ja").string()),
        intent=None if intent.is_null else intent.string(),
        clauses=() if clauses.is_missing else clauses.strings(at_least=1),
        gap=None if gap.is_missing else gap.string(),
    )
