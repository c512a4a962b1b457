"""Words for the desk's closed sets, for every place where staff read them. The words are data: `wording.yml`.

Not here: what customers read (the talk's script, the mail room's letters) and what a law calls its rights (`laws/`).
"""

from enum import StrEnum
from pathlib import Path
from typing import TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError, field_validator

from handlers.desk.assurance import Proof
from handlers.desk.errors import BadSetting
from handlers.desk.faults import sentences
from handlers.desk.requests import Status
from handlers.desk.rights import Words

FILE = Path(__file__).parent / "wording.yml"

_Named = TypeVar("_Named", bound=StrEnum)


class Wording(BaseModel):
    """Each proof and each status in words; none is missing."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    proofs: dict[Proof, Words]
    statuses: dict[Status, Words]

    @field_validator("proofs")
    @classmethod
    def _names_every_proof(cls, value: dict[Proof, Words]) -> dict[Proof, Words]:
        return _complete(Proof, value)

    @field_validator("statuses")
    @classmethod
    def _names_every_status(cls, value: dict[Status, Words]) -> dict[Status, Words]:
        return _complete(Status, value)


def load_wording(path: Path = FILE) -> Wording:
    """Read the words. Raises BadSetting with a sentence for each fault."""
    try:
        return Wording.model_validate(yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader))
    except ValidationError as fault:
        raise BadSetting(sentences(path.name, fault)) from fault


def _complete(names: type[_Named], words: dict[_Named, Words]) -> dict[_Named, Words]:
    missing = [name for name in names if name not in words]
    if missing:
        raise ValueError(f"says nothing about {', '.join(missing)}")
    return words
