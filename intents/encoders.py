"""What the dense half asks of a sentence encoder, and which encoders this machine has.

An encoder is a folder under the encoders' folder, made at set-up (`intents.conversion`) or brought along, with an
`encoder.json` that says what it is and which languages it is for. Nothing is fetched here. A language without an
encoder is served by the sparse half alone.
"""

import hashlib
import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from intents.parse import Language

Floats = npt.NDArray[np.float32]

DESCRIPTION = "encoder.json"

ENCODERS = Path(sys.prefix) / "share" / "madoguchi" / "encoders"
"""Where set-up puts the encoders: beside the installed packages, for every desk that runs with them."""


class EncoderError(Exception):
    """An encoder that cannot be loaded or does not answer. Its words are a sentence, without any text it was given."""


class Encoder(Protocol):
    """Texts in, unit vectors out. A text's vector never depends on the texts beside it."""

    @property
    def fingerprint(self) -> str:
        """Changes with anything that changes a vector."""
        ...

    @property
    def width(self) -> int:
        """How many numbers a vector has."""
        ...

    def encode(self, texts: Sequence[str]) -> Floats:
        """One unit vector a row, for normalised texts. Raises EncoderError."""
        ...


@dataclass(frozen=True)
class Encoders:
    """The encoder of each language that has one, and a sentence for each that has none."""

    by_language: Mapping[Language, Encoder] = field(default_factory=dict)
    missing: tuple[str, ...] = ()


_LOST = "There is no encoder for {}: paraphrases are understood less well. Run: make encoders"
_NAMES = {Language.EN: "English", Language.JA: "Japanese"}


def find_encoders(folder: Path, own: Path | None = None) -> Encoders:
    """Load the encoders under `folder`; one at `own` (a folder with an encoder) wins for the languages it is for.

    Never raises: what cannot be loaded is told in `missing`.
    """
    found: dict[Language, Encoder] = {}
    missing: list[str] = []
    places = sorted(path.parent for path in folder.glob(f"*/{DESCRIPTION}"))
    for place in [*([own] if own is not None else []), *places]:
        try:
            facts = describe(place)
            wanted = [one for one in facts["languages"] if one not in found]
            if wanted:
                encoder = _load(place, facts)
                found.update(dict.fromkeys(wanted, encoder))
        except EncoderError as error:
            missing.append(str(error))
    missing += [_LOST.format(_NAMES[language]) for language in Language if language not in found]
    return Encoders(found, tuple(missing))


def describe(place: Path) -> dict[str, Any]:
    """What the folder says of itself: kind, languages, outputs and so on. Raises EncoderError."""
    try:
        facts: dict[str, Any] = json.loads((place / DESCRIPTION).read_text(encoding="utf-8"))
        facts["languages"] = [Language(one) for one in facts["languages"]]
        facts["kind"] = str(facts["kind"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise EncoderError(f"{place} is not an encoder ({type(error).__name__} in {DESCRIPTION}).") from error
    return facts


def folder_fingerprint(place: Path) -> str:
    """SHA-256 over the folder's files, remembered nowhere: 20 ms for 25 MB."""
    digest = hashlib.sha256()
    for path in sorted(place.iterdir()):
        if path.is_file():
            digest.update(path.name.encode() + b"\0")
            with path.open("rb") as file:
                digest.update(hashlib.file_digest(file, "sha256").digest())
    return digest.hexdigest()


def _load(place: Path, facts: Mapping[str, Any]) -> Encoder:
    """Open the encoder; its libraries are imported only where there is one to open. Raises EncoderError."""
    try:
        return _open(place, facts)
    except (OSError, ValueError, TypeError, LookupError) as error:
        raise EncoderError(f"The encoder at {place} cannot be used ({type(error).__name__}).") from error


def _open(place: Path, facts: Mapping[str, Any]) -> Encoder:
    if facts["kind"] == "onnx":
        from intents.sentence_encoder import SentenceEncoder  # noqa: PLC0415  only where there is one

        return SentenceEncoder(place, facts)
    if facts["kind"] == "word-vectors":
        from intents.word_vectors import WordVectors  # noqa: PLC0415  only where there is one

        return WordVectors(place)
    raise EncoderError(f"{place} is of a kind this desk does not know: {facts['kind']}.")
