"""The law as data: which request stands on which article, on which grounds, with which proof.

Presets are the YAML files in `laws/`; one schema reads them all and answers with a sentence for each fault.
No article number stands in code.
"""

from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError, field_validator

from handlers.desk.assurance import Proof, read_need
from handlers.desk.errors import BadSetting
from handlers.desk.requests import RequestKind

LAWS = Path(__file__).parent / "laws"


class Fee(StrEnum):
    """Whether the law lets the company ask for a fee."""

    ALLOWED = "allowed"
    NEVER = "never"


class _Data(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Words(_Data):
    """The same words in each language."""

    en: str
    ja: str

    def of(self, language: str) -> str:
        """The words in `language`; English for a language that is not there."""
        return self.ja if language == "ja" else self.en


class Ground(_Data):
    """A reason that the law knows for a request, with its article and its plain words."""

    article: str
    text: Words


class LegalMark(_Data):
    """The law's own mark: so many calendar days from arrival."""

    article: str
    days: int


class Right(_Data):
    """One type of request as a law has it."""

    article: str | None
    name: Words
    fee: Fee
    proof: tuple[frozenset[Proof], ...]
    contact_proof: tuple[frozenset[Proof], ...] | None = None
    legal_mark: bool
    grounds: dict[str, Ground] = {}

    @field_validator("proof", "contact_proof", mode="before")
    @classmethod
    def _read_proof(cls, value: Any) -> Any:
        return None if value is None else read_need(value)


class Law(_Data):
    """One law preset. `types` holds a right for every kind of request."""

    id: str
    valid_from: date
    name: Words
    legal_mark: LegalMark
    types: dict[RequestKind, Right]

    @field_validator("types")
    @classmethod
    def _is_complete(cls, value: dict[RequestKind, Right]) -> dict[RequestKind, Right]:
        missing = [kind for kind in RequestKind if kind not in value]
        if missing:
            raise ValueError(f"says nothing about {', '.join(missing)}")
        return value

    def right(self, kind: RequestKind) -> Right:
        """The right behind a kind of request."""
        return self.types[kind]


def load_law(preset: str) -> Law:
    """Read the preset named `preset` from `laws/`.

    Raises:
        BadSetting: no such preset, or a fault in it; a sentence for each.
    """
    path = LAWS / f"{preset}.yml"
    if not path.is_file():
        known = ", ".join(sorted(each.stem for each in LAWS.glob("*.yml")))
        raise BadSetting([f"There is no law preset called {preset!r}. Known presets: {known}."])
    try:
        return Law.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
    except (yaml.YAMLError, UnicodeDecodeError) as fault:
        raise BadSetting([f"{path.name} is not readable YAML: {fault}"]) from fault
    except ValidationError as fault:
        raise BadSetting([f"{path.name}, {_place(each['loc'])}: {each['msg']}." for each in fault.errors()]) from fault


def _place(path: tuple[int | str, ...]) -> str:
    return ".".join(map(str, path)) or "the whole file"
