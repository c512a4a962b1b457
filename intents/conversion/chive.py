"""Japanese word vectors (chiVe, as ja-ginza carries them) as one compact npz for `intents.word_vectors`.

ja-ginza keeps 480,000 words on 20,000 vectors, the commonest first: `vectors` (npy), `key2row` (msgpack, from spaCy's
hash of a word to its row) and `strings.json` (the words). Words are brought into the desk's normal form; of those
that meet there the first stays.
"""

import json
import zipfile
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from intents.conversion.murmur import murmur64
from intents.features import normalise
from intents.word_vectors import LONGEST_WORD, hashes

_VOCABULARY = "ja_ginza/ja_ginza-5.3.0/vocab"
_MARKS = frozenset("ー々〆ヶ")


def write_word_vectors(wheel: zipfile.ZipFile, folder: Path) -> dict[str, Any]:
    """Write `vectors.npz`; return what the description adds (nothing)."""
    vectors: npt.NDArray[np.float32] = np.load(BytesIO(wheel.read(f"{_VOCABULARY}/vectors")), allow_pickle=False)
    rows = read_map(wheel.read(f"{_VOCABULARY}/key2row"))
    words: list[str] = json.loads(wheel.read(f"{_VOCABULARY}/strings.json"))
    kept: dict[int, int] = {}
    for word in words:
        normal = normalise(word)
        if not 0 < len(normal) <= LONGEST_WORD or not all(c.isalnum() or c in _MARKS for c in normal):
            continue
        row = rows.get(murmur64(word.encode()))
        if row is not None:
            kept.setdefault(int(hashes(normal)[-1][0]), row)
    keys = np.asarray(sorted(kept), np.uint64)
    units = vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)
    np.savez(
        folder / "vectors.npz",
        keys=keys,
        rows=np.asarray([kept[key] for key in sorted(kept)], np.uint16),
        vectors=units.astype(np.float16),
        weights=np.log(np.arange(len(vectors), dtype=np.float32) + 2.0),
    )
    return {}


def read_map(raw: bytes) -> dict[int, int]:
    """A msgpack map from whole numbers to whole numbers. Raises ValueError for anything else."""
    place = 0

    def number() -> int:
        nonlocal place
        kind = raw[place]
        place += 1
        if kind < 0x80:
            return kind
        if kind >= 0xE0:
            return kind - 256
        size = {0xCC: 1, 0xCD: 2, 0xCE: 4, 0xCF: 8, 0xD0: 1, 0xD1: 2, 0xD2: 4, 0xD3: 8}.get(kind)
        if size is None:
            raise ValueError("not a map of numbers")
        place += size
        return int.from_bytes(raw[place - size : place], "big", signed=kind >= 0xD0)

    kind = raw[0]
    size = {0xDE: 2, 0xDF: 4}.get(kind, 0)
    if not size and kind & 0xF0 != 0x80:
        raise ValueError("not a map of numbers")
    place = 1 + size
    length = int.from_bytes(raw[1 : 1 + size], "big") if size else kind & 0x0F
    return {number(): number() for _ in range(length)}
