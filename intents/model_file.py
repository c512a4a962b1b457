"""The model as one file: plain arrays and JSON, never pickle, whole or not at all.

The file is NumPy's npz (a zip with a checksum for each part). It is written beside its place and moved there in one
step, so a reader sees the old model or the new one. What cannot be used is refused with a sentence.
"""

import json
import os
import zipfile
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from intents.classifier import DenseHalf, Judgement, LanguageModel, Linear, Model, Thresholds
from intents.features import BLOCK_WEIGHTS, Vocabulary
from intents.parse import Language

FORMAT = 3
"""Raise with every change to what the file holds, how features are made or how they are learned: older models are then
retrained."""


_DAMAGE = (
    OSError, EOFError, ValueError, LookupError, TypeError, AttributeError, RuntimeError, MemoryError,
    zipfile.BadZipFile,
)  # fmt: skip
"""What NumPy, zipfile and JSON raise over a file that is not what `save_model` wrote."""


class UnusableModelError(Exception):
    """The model file is absent, damaged, or of other data. Its words are a sentence for the person at the desk."""


def save_model(model: Model, path: Path) -> None:
    """Write `model` to `path` in one step. Raises OSError where the folder cannot be written."""
    facts: dict[str, Any] = {"format": FORMAT, "fingerprint": model.fingerprint, "languages": {}}
    arrays: dict[str, Any] = {}
    for language, known in sorted(model.languages.items()):
        blocks = known.vocabulary.columns
        grams = "\n".join(gram for block in blocks for gram in block)
        of_language = facts["languages"][language.value] = {
            "intents": list(known.intents),
            "blocks": [len(block) for block in blocks],
            "judgement": _numbers(known.judgement),
        }
        arrays[f"{language.value}.grams"] = np.frombuffer(grams.encode(), np.uint8)
        arrays[f"{language.value}.rarity"] = known.vocabulary.rarity
        arrays |= _layer(f"{language.value}.sparse", known.sparse)
        if known.dense is not None:
            of_language["dense"] = {"encoder": known.dense.encoder, "judgement": _numbers(known.dense.judgement)}
            arrays |= _layer(f"{language.value}.dense", known.dense.linear)
    arrays["facts"] = np.frombuffer(json.dumps(facts, sort_keys=True).encode(), np.uint8)
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with beside.open("wb") as file:
            np.savez(file, **arrays)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


def load_model(path: Path, fingerprint: str | None = None) -> Model:
    """Read the model at `path`; with `fingerprint`, only the one with that fingerprint. Raises UnusableModelError."""
    if not path.is_file():
        raise UnusableModelError(f"There is no trained model at {path}.")
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as parts:
            arrays = {name: parts[name] for name in parts.files}
        facts = json.loads(arrays["facts"].tobytes())
        if facts["format"] != FORMAT:
            raise UnusableModelError(f"The model at {path} was written by another version of the desk.")
        if fingerprint is not None and facts["fingerprint"] != fingerprint:
            raise UnusableModelError(f"The model at {path} was trained on other data or encoders than today's.")
        languages = {Language(name): _language(name, one, arrays) for name, one in facts["languages"].items()}
    except _DAMAGE as error:
        raise UnusableModelError(f"The model at {path} is damaged ({type(error).__name__}).") from error
    return Model(languages, facts["fingerprint"])


def _numbers(judgement: Judgement) -> list[float]:
    limits = judgement.thresholds
    return [judgement.sparse, judgement.dense, limits.known, limits.foreign, limits.sure, limits.margin]


def _judgement(numbers: list[float]) -> Judgement:
    sparse, dense, *limits = map(float, numbers)
    return Judgement(sparse, dense, Thresholds(*limits))


def _layer(name: str, linear: Linear) -> dict[str, Any]:
    return {f"{name}.weights": linear.weights, f"{name}.bias": linear.bias}


def _language(name: str, facts: dict[str, Any], arrays: dict[str, Any]) -> LanguageModel:
    """Put one language together again. Raises ValueError where the parts do not fit each other."""
    grams = arrays[f"{name}.grams"].tobytes().decode().split("\n")
    borders = np.concatenate([[0], np.cumsum(facts["blocks"])]).tolist()
    columns = tuple({gram: start + i for i, gram in enumerate(grams[start:end])} for start, end in pairwise(borders))
    vocabulary = Vocabulary(Language(name), columns, arrays[f"{name}.rarity"])
    intents = tuple(facts["intents"])
    sparse = _linear(f"{name}.sparse", arrays, len(intents))
    if not borders[-1] == len(grams) == len(vocabulary.rarity) == len(sparse.weights):
        raise ValueError("parts do not fit")
    if len(columns) != len(BLOCK_WEIGHTS[vocabulary.language]) or not _are_numbers(vocabulary.rarity):
        raise ValueError("parts do not fit")
    dense = None
    if "dense" in facts:
        linear = _linear(f"{name}.dense", arrays, len(intents))
        dense = DenseHalf(str(facts["dense"]["encoder"]), linear, _judgement(facts["dense"]["judgement"]))
    return LanguageModel(intents, vocabulary, sparse, _judgement(facts["judgement"]), dense)


def _linear(name: str, arrays: dict[str, Any], intents: int) -> Linear:
    weights, bias = arrays[f"{name}.weights"], arrays[f"{name}.bias"]
    if not intents or weights.ndim != 2 or weights.shape[1] != intents or bias.shape != (intents,):
        raise ValueError("parts do not fit")
    if not _are_numbers(weights) or not _are_numbers(bias):
        raise ValueError("not numbers")
    return Linear(weights, bias)


def _are_numbers(array: Any) -> bool:
    return array.dtype == np.float32 and bool(np.isfinite(array).all())
