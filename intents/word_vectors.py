"""Static word vectors from a local folder: a text is the weighted mean of its words' vectors. NumPy alone.

The folder's `vectors.npz` holds `keys` (sorted 64-bit hashes of words), `rows` (each word's vector number), `vectors`
(float16, a unit vector a row, the commonest words first) and `weights` (one a
row: common words count less). Words are found without a tokenizer: from left to right, the longest known word. Two
vectors stand side by side: all words, and those not in hiragana alone, which carry the matter rather than the manner.
"""

import re
import zipfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from intents.encoders import EncoderError, Floats, folder_fingerprint

LONGEST_WORD = 8
_FACTOR = np.uint64(0x9E3779B97F4A7C15)
_HIRAGANA = re.compile(r"[\u3040-\u309fー]+")


def hashes(text: str) -> list[npt.NDArray[np.uint64]]:
    """For each word length from 1, the hash of every piece of that length: a polynomial modulo 2**64."""
    codes = np.frombuffer(text.encode("utf-32-le", "replace"), np.uint32).astype(np.uint64)
    found, running = [], np.zeros(len(codes), np.uint64)
    for length in range(1, min(LONGEST_WORD, len(codes)) + 1):
        running = running[: len(codes) - length + 1] * _FACTOR + codes[length - 1 :]
        found.append(running)
    return found


class WordVectors:
    """See `Encoder`."""

    def __init__(self, place: Path) -> None:
        """Open the vectors in folder `place`. Raises EncoderError."""
        try:
            with (place / "vectors.npz").open("rb") as file, np.load(file, allow_pickle=False) as parts:
                self._keys: npt.NDArray[np.uint64] = parts["keys"]
                self._rows: npt.NDArray[np.uint16] = parts["rows"]
                self._vectors: npt.NDArray[np.float16] = parts["vectors"]
                self._weights: Floats = parts["weights"]
        except (OSError, EOFError, ValueError, KeyError, zipfile.BadZipFile) as error:
            raise EncoderError(f"The word vectors at {place} cannot be read ({type(error).__name__}).") from error
        self._fingerprint = folder_fingerprint(place)

    @property
    def fingerprint(self) -> str:
        """See `Encoder`."""
        return self._fingerprint

    @property
    def width(self) -> int:
        """See `Encoder`."""
        return 2 * int(self._vectors.shape[1])

    def encode(self, texts: Sequence[str]) -> Floats:
        """See `Encoder`. A text without a known word is all zeros."""
        return np.stack([self._one(text.replace(" ", "")) for text in texts])

    def words(self, text: str) -> list[tuple[str, int]]:
        """The known words of a text without spaces, each with its row."""
        pieces = hashes(text)
        if not pieces:
            return []
        flat = np.concatenate(pieces)
        at = np.minimum(np.searchsorted(self._keys, flat), len(self._keys) - 1)
        rows = np.where(self._keys[at] == flat, self._rows[at].astype(np.int64), -1).tolist()
        starts = np.concatenate([[0], np.cumsum([len(piece) for piece in pieces])]).tolist()
        found: list[tuple[str, int]] = []
        place = 0
        while place < len(text):
            for length in range(min(len(pieces), len(text) - place), 0, -1):
                row = rows[starts[length - 1] + place]
                if row >= 0:
                    found.append((text[place : place + length], row))
                    place += length
                    break
            else:
                place += 1
        return found

    def _one(self, text: str) -> Floats:
        words = self.words(text)
        matter = [row for word, row in words if not _HIRAGANA.fullmatch(word)]
        both = [self._mean([row for _, row in words]), self._mean(matter)]
        return np.asarray(np.concatenate(both) / np.sqrt(2.0), np.float32)

    def _mean(self, rows: list[int]) -> Floats:
        if not rows:
            return np.zeros(self._vectors.shape[1], np.float32)
        total = self._weights[rows] @ self._vectors[rows].astype(np.float32)
        return np.asarray(total / max(float(np.linalg.norm(total)), 1e-9), np.float32)
