"""The letters' texts: one file a letter, in `letters/`, filled by string.Template and by nothing else.

A file opens with its subject, then an empty line, then the text. Paragraphs that a letter does not always need stand
behind it, each under a line of its own: `=== name`. Names behind `$` are filled once; a customer's words are values
and are never read as a template.
"""

import string
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from handlers.desk.errors import BadSetting

FOLDER = Path(__file__).parent / "letters"
STAFF = "staff"
_SUBJECT = "Subject: "
_PART = "=== "


@dataclass(frozen=True, slots=True)
class Form:
    """One letter's text with its further paragraphs."""

    subject: string.Template
    body: string.Template
    parts: Mapping[str, string.Template]

    def part(self, name: str, /, **values: str) -> str:
        """A paragraph, filled. Raises KeyError for one that is not there or not filled."""
        return self.parts[name].substitute(values)

    def part_if_any(self, name: str, /, **values: str) -> str:
        """A paragraph, filled; nothing where the letter has none of that name."""
        return self.part(name, **values) if name in self.parts else ""


@dataclass(frozen=True, slots=True)
class Stationery:
    """Every form, by folder (a language, or staff) and name."""

    forms: Mapping[tuple[str, str], Form]

    def form(self, folder: str, name: str) -> Form:
        """The form `name` in a language; in English for a language that has none. Raises KeyError without either."""
        return self.forms.get((folder, name)) or self.forms["en", name]


def load_stationery(folder: Path = FOLDER) -> Stationery:
    """Read all forms. Raises BadSetting with a sentence for each fault."""
    faults: list[str] = []
    forms = {}
    for path in sorted(folder.glob("*/*.txt")):
        forms[path.parent.name, path.stem] = _read(path, faults)
    if faults:
        raise BadSetting(faults)
    return Stationery(forms)


def _read(path: Path, faults: list[str]) -> Form:
    subject, parts = "", {}
    name, lines = "", list[str]()
    for line in [*path.read_text(encoding="utf-8").splitlines(), _PART]:
        if line.startswith(_SUBJECT) and not subject:
            subject = line.removeprefix(_SUBJECT)
        elif line.startswith(_PART):
            parts[name] = "\n".join(lines).strip("\n")
            name, lines = line.removeprefix(_PART).strip(), []
        else:
            lines.append(line)
    templates = {part: string.Template(text) for part, text in {**parts, "subject": subject}.items()}
    where = f"{path.parent.name}/{path.name}"
    faults += [f"{where}: {part or 'the letter'} is empty." for part, each in templates.items() if not each.template]
    faults += [
        f"{where}: {part or 'the letter'} has a stray $." for part, each in templates.items() if not each.is_valid()
    ]
    return Form(templates.pop("subject"), templates.pop(""), templates)
