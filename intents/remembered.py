"""Vectors of training lines, kept between trainings: encoding the whole catalogue takes longer than learning it.

Kept beside the model in one npz, float16, under a hash of encoder and text. A file that is absent, damaged or of
another encoder costs time and nothing else. A text's vector is the same whether remembered or made anew.
"""

import hashlib
import os
import zipfile
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import numpy.typing as npt

from intents.encoders import Encoder, Floats

_AT_ONCE = 64
_THREADS = 2
_TOLD_FROM = 1000


def encode_lines(
    encoder: Encoder, normals: Sequence[str], kept: Path | None, progress: Callable[[str], None]
) -> Floats:
    """One vector a line, from the file `kept` where it has them, else encoded and kept. Raises EncoderError."""
    keys = np.asarray([_key(encoder.fingerprint, normal) for normal in normals], np.uint64)
    old_keys, old_vectors = _read(kept, encoder.width)
    at = np.minimum(np.searchsorted(old_keys, keys), max(len(old_keys) - 1, 0))
    have = old_keys[at] == keys if len(old_keys) else np.zeros(len(keys), bool)
    vectors = np.zeros((len(normals), encoder.width), np.float16)
    vectors[have] = old_vectors[at[have]]
    new = np.flatnonzero(~have)
    if len(new) >= _TOLD_FROM:
        progress(f"Encoding {len(new)} lines, once; later trainings encode new lines only.")
    chunks = [new[i : i + _AT_ONCE] for i in range(0, len(new), _AT_ONCE)]
    with ThreadPoolExecutor(_THREADS, "encode") as pool:
        for chunk, made in zip(
            chunks, pool.map(lambda c: encoder.encode([normals[i] for i in c]), chunks), strict=True
        ):
            vectors[chunk] = made.astype(np.float16)
    if kept is not None and (len(new) or len(old_keys) > len(keys)):
        _write(kept, keys, vectors)
    return vectors.astype(np.float32)


def _key(fingerprint: str, normal: str) -> int:
    return int.from_bytes(hashlib.sha256(f"{fingerprint}\0{normal}".encode()).digest()[:8], "little")


def _read(path: Path | None, width: int) -> tuple[npt.NDArray[np.uint64], npt.NDArray[np.float16]]:
    if path is not None and path.is_file():
        try:
            with path.open("rb") as file, np.load(file, allow_pickle=False) as parts:
                keys, vectors = parts["keys"], parts["vectors"]
            if vectors.shape == (len(keys), width) and keys.dtype == np.uint64 and vectors.dtype == np.float16:
                return keys, vectors
        except (OSError, EOFError, ValueError, KeyError, zipfile.BadZipFile):
            pass  # it costs the time of encoding again
    return np.empty(0, np.uint64), np.empty((0, width), np.float16)


def _write(path: Path, keys: npt.NDArray[np.uint64], vectors: npt.NDArray[np.float16]) -> None:
    unique, first = np.unique(keys, return_index=True)
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with beside.open("wb") as file:
            np.savez(file, keys=unique, vectors=vectors[first])
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
