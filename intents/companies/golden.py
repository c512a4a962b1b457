"""The golden questions of a pack: for each row of its source, what a customer asks and what must be found."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from intents.companies.clauses import Text
from intents.companies.company import Company
from intents.companies.fields import Field, PackError, read_file
from intents.parse import Language

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


def check_golden(company: Company, questions: Sequence[Question]) -> Iterator[str]:
    """Find what the questions show: words that find something else, and clauses and gaps that nobody asks for."""
    policy = company.policy
    known = ({clause.id for clause in policy.clauses} | {gap.id for gap in policy.gaps}) - {""}
    for question in questions:
        wanted = [*question.clauses, *([question.gap] if question.gap else [])]
        for language in Language:
            answer = policy.answer(question.intent, question.words[language], language)
            found = [clause.id for clause in answer.clauses] + ([answer.gap.id] if answer.gap else [])
            if found != wanted:
                yield f"{question.words[language]!r} finds {_names(found)}, where {_names(wanted)} should be found."
    asked = {each for question in questions for each in (question.row, *question.clauses, question.gap)}
    for unasked in sorted(known - asked):
        yield f"no question finds {unasked}. Write one that a customer would ask."


def _names(ids: Sequence[str]) -> str:
    return ", ".join(ids) or "nothing"


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
