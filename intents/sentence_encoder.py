"""A transformer from a local folder, run by onnxruntime: `model.onnx` and the pieces its texts are cut into.

The pieces are `vocab.txt` (BERT), `pieces.txt` (SentencePiece) or `tokenizer.json` (the library tokenizers).
`encoder.json` says: `outputs` (names of the graph's outputs to use, default all that are needed), `prefix` (put before
every text), `longest` (tokens). An output with a row per token is averaged over the tokens; several outputs stand side
by side, each a unit vector. Texts are run one by one, so that a vector depends on its text alone.
"""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from intents.encoders import EncoderError, Floats, folder_fingerprint
from intents.unigram import Unigram
from intents.wordpiece import WordPiece

PIECES = "pieces.txt"
_LONGEST = 64

Tokens = Callable[[str, int], list[int]]


class SentenceEncoder:
    """See `Encoder`. Thread-safe: onnxruntime runs without the interpreter's lock, one thread a call."""

    def __init__(self, place: Path, facts: Mapping[str, Any]) -> None:
        """Open the encoder in folder `place`. Raises EncoderError."""
        self._prefix = str(facts.get("prefix", ""))
        self._longest = int(facts.get("longest", _LONGEST))
        self._tokens = _tokens(place)
        self._session = _session(place / "model.onnx")
        self._inputs = [one.name for one in self._session.get_inputs()]
        self._outputs = list(facts.get("outputs") or [self._session.get_outputs()[0].name])
        self._fingerprint = folder_fingerprint(place)
        self._width = int(self.encode(["width"]).shape[1])

    @property
    def fingerprint(self) -> str:
        """See `Encoder`."""
        return self._fingerprint

    @property
    def width(self) -> int:
        """See `Encoder`."""
        return self._width

    def encode(self, texts: Sequence[str]) -> Floats:
        """See `Encoder`. Raises EncoderError."""
        return np.stack([self._one(text) for text in texts])

    def _one(self, text: str) -> Floats:
        numbers = np.asarray([self._tokens(self._prefix + text, self._longest)], np.int64)
        given = {name: numbers if name == "input_ids" else np.zeros_like(numbers) for name in self._inputs}
        if "attention_mask" in given:
            given["attention_mask"] = np.ones_like(numbers)
        try:
            outputs = self._session.run(self._outputs, given)
        except Exception as error:  # onnxruntime's errors share no other root
            raise EncoderError(f"The encoder does not answer ({type(error).__name__}).") from error
        if any(output.ndim not in (2, 3) or not np.isfinite(output).all() for output in outputs):
            raise EncoderError("The encoder's outputs are no vectors of numbers.")
        parts = [output[0].mean(axis=0) if output.ndim == 3 else output[0] for output in outputs]
        units = [part / max(float(np.linalg.norm(part)), 1e-9) for part in parts]
        return np.asarray(np.concatenate(units) / np.sqrt(len(units)), np.float32)


def _tokens(place: Path) -> Tokens:
    """How this encoder's texts are cut, by the file that is there."""
    try:
        if (place / "vocab.txt").is_file():
            return WordPiece(place / "vocab.txt").numbers
        if (place / PIECES).is_file():
            return Unigram(place / PIECES).numbers
        from tokenizers import Tokenizer  # noqa: PLC0415  an optional package

        library = Tokenizer.from_file(str(place / "tokenizer.json"))
    except ImportError as error:
        raise EncoderError(f"The encoder at {place} needs the package tokenizers, which is not installed.") from error
    except Exception as error:  # the library raises bare Exception for a broken file
        raise EncoderError(f"The tokenizer at {place} cannot be read ({type(error).__name__}).") from error

    def numbers(text: str, longest: int) -> list[int]:
        ids: list[int] = library.encode(text).ids
        return ids if len(ids) <= longest else [*ids[: longest - 1], ids[-1]]

    return numbers


def _session(path: Path) -> Any:
    """A session of one thread. Raises EncoderError."""
    try:
        import onnxruntime  # noqa: PLC0415  an optional package
    except ImportError as error:
        raise EncoderError(f"The encoder at {path.parent} needs the package onnxruntime.") from error
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    try:
        return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    except Exception as error:  # onnxruntime's errors share no other root
        raise EncoderError(f"The encoder at {path.parent} cannot be opened ({type(error).__name__}).") from error
