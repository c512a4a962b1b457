"""Encoders from folders: which is found, which wins, and a sentence for each that is not there."""

import builtins
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from intents.encoders import DESCRIPTION, Encoder, EncoderError, describe, find_encoders
from intents.parse import Language
from intents.word_vectors import WordVectors, hashes
from intents.wordpiece import WordPiece, split
from tests.intents.lines import write_encoder

NO_ENGLISH = "There is no encoder for English: paraphrases are understood less well. Run: make encoders"
NO_JAPANESE = "There is no encoder for Japanese: paraphrases are understood less well. Run: make encoders"


def only(folder: Path) -> Encoder:
    return find_encoders(folder).by_language[Language.EN]


def test_where_there_is_none_each_language_is_told(tmp_path: Path) -> None:
    found = find_encoders(tmp_path / "nowhere")
    assert found.by_language == {}
    assert found.missing == (NO_ENGLISH, NO_JAPANESE)


@pytest.mark.parametrize("tokens", [False, True], ids=["pooled", "a row a token"])
def test_an_onnx_encoder_gives_unit_vectors_that_depend_on_their_text_alone(tmp_path: Path, tokens: bool) -> None:
    write_encoder(tmp_path / "one", tokens=tokens)
    encoder = only(tmp_path)
    together = encoder.encode(["delete my data", "hi", "", "消して"])
    assert together.shape == (4, encoder.width)
    assert np.linalg.norm(together, axis=1) == pytest.approx(np.ones(4), abs=1e-5)
    assert np.array_equal(encoder.encode(["hi"])[0], together[1])
    assert together.dtype == np.float32


def test_pooled_and_token_rows_agree(tmp_path: Path) -> None:
    write_encoder(tmp_path / "a" / "one")
    write_encoder(tmp_path / "b" / "one", tokens=True)
    assert only(tmp_path / "a").encode(["some words"]) == pytest.approx(only(tmp_path / "b").encode(["some words"]))


def test_several_outputs_stand_side_by_side(tmp_path: Path) -> None:
    write_encoder(tmp_path / "one", outputs=["mean", "mean"])
    encoder = only(tmp_path)
    [vector] = encoder.encode(["some words"])
    assert encoder.width == 16
    assert np.array_equal(vector[:8], vector[8:])
    assert float(np.linalg.norm(vector)) == pytest.approx(1.0)


def test_prefix_and_longest_are_heeded(tmp_path: Path) -> None:
    write_encoder(tmp_path / "plain" / "one")
    write_encoder(tmp_path / "prefixed" / "one", prefix="query: ")
    write_encoder(tmp_path / "short" / "one", longest=4)
    plain, prefixed, short = (only(tmp_path / name) for name in ("plain", "prefixed", "short"))
    assert np.array_equal(prefixed.encode(["abc"]), plain.encode(["query: abc"]))
    assert np.array_equal(short.encode(["a b c d e f"]), plain.encode(["a b"]))
    assert len({plain.fingerprint, prefixed.fingerprint, short.fingerprint}) == 3


def test_the_operators_own_encoder_wins_for_its_languages(tmp_path: Path) -> None:
    write_encoder(tmp_path / "all" / "first", ["en", "ja"])
    own = write_encoder(tmp_path / "own", ["ja"], seed=8, width=4)
    found = find_encoders(tmp_path / "all", own)
    assert {language: one.width for language, one in found.by_language.items()} == {Language.EN: 8, Language.JA: 4}
    assert found.missing == ()


def test_an_own_encoder_that_is_not_there_is_told_and_the_others_serve(tmp_path: Path) -> None:
    write_encoder(tmp_path / "all" / "first", ["en", "ja"])
    found = find_encoders(tmp_path / "all", tmp_path / "typo")
    assert set(found.by_language) == set(Language)
    assert found.missing == (f"{tmp_path / 'typo'} is not an encoder (FileNotFoundError in encoder.json).",)


def _facts(place: Path, facts: Any) -> None:
    (place / DESCRIPTION).write_text(facts if isinstance(facts, str) else json.dumps(facts), encoding="utf-8")


ONNX = {"kind": "onnx", "languages": ["en"]}
BROKEN: dict[str, Callable[[Path], object]] = {
    "no description": lambda p: _facts(p, "{"),
    "a list for a description": lambda p: _facts(p, []),
    "no languages": lambda p: _facts(p, {"kind": "onnx"}),
    "a language nobody speaks here": lambda p: _facts(p, {**ONNX, "languages": ["tlh"]}),
    "a kind nobody knows": lambda p: _facts(p, {**ONNX, "kind": "oracle"}),
    "a length that is no number": lambda p: _facts(p, {**ONNX, "longest": "many"}),
    "an output that is not there": lambda p: _facts(p, {**ONNX, "outputs": ["mood"]}),
    "no graph": lambda p: (p / "model.onnx").unlink(),
    "half a graph": lambda p: (p / "model.onnx").write_bytes((p / "model.onnx").read_bytes()[:300]),
    "an empty graph": lambda p: (p / "model.onnx").write_bytes(b""),
    "no pieces": lambda p: (p / "vocab.txt").write_text("a\nb\n"),
    "pieces that are no text": lambda p: (p / "vocab.txt").write_bytes(b"\xff\xfe"),
    "more pieces than rows": lambda p: (p / "vocab.txt").write_text("[PAD]\n" * 500 + "[UNK]\n[CLS]\n[SEP]\n"),
    "word vectors that are none": lambda p: _facts(p, {**ONNX, "kind": "word-vectors"}),
}


@pytest.mark.parametrize("breaking", BROKEN.values(), ids=BROKEN)
def test_a_damaged_encoder_is_told_in_a_sentence_and_the_desk_serves_without(
    tmp_path: Path, breaking: Callable[[Path], object]
) -> None:
    place = write_encoder(tmp_path / "one")
    assert set(find_encoders(tmp_path).by_language) == {Language.EN}, "it was whole before"
    breaking(place)
    found = find_encoders(tmp_path)
    assert found.by_language == {}
    assert found.missing[1:] == (NO_ENGLISH, NO_JAPANESE)
    assert found.missing[0].endswith(".")


def test_outputs_that_are_not_numbers_are_an_error_and_no_vector(tmp_path: Path) -> None:
    write_encoder(tmp_path / "one", spoilt=True)
    found = find_encoders(tmp_path)
    assert found.by_language == {}
    assert found.missing[0] == "The encoder's outputs are no vectors of numbers."


@pytest.mark.parametrize(
    ("package", "sentence"),
    [
        ("onnxruntime", "needs the package onnxruntime."),
        ("tokenizers", "needs the package tokenizers, which is not installed."),
    ],
)
def test_without_its_library_there_is_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, package: str, sentence: str
) -> None:
    place = write_encoder(tmp_path / "one")
    if package == "tokenizers":
        (place / "vocab.txt").unlink()
    real = builtins.__import__

    def without(name: str, *rest: Any) -> Any:
        if name == package:
            raise ImportError(name)
        return real(name, *rest)

    monkeypatch.delitem(sys.modules, package, raising=False)
    monkeypatch.setattr(builtins, "__import__", without)
    found = find_encoders(tmp_path)
    assert found.missing == (f"The encoder at {place} {sentence}", NO_ENGLISH, NO_JAPANESE)


def test_an_encoder_with_the_librarys_tokenizer_loads(tmp_path: Path) -> None:
    tokenizers = pytest.importorskip("tokenizers", reason="an optional package")
    place = write_encoder(tmp_path / "one")
    pieces = (place / "vocab.txt").read_text().split()
    (place / "vocab.txt").unlink()
    model = tokenizers.models.WordPiece({piece: n for n, piece in enumerate(pieces)}, unk_token="[UNK]")
    tokenizers.Tokenizer(model).save(str(place / "tokenizer.json"))
    assert only(tmp_path).encode(["abc"]).shape == (1, 8)


def test_a_description_that_cannot_be_used_is_an_encoder_error(tmp_path: Path) -> None:
    with pytest.raises(EncoderError, match="is not an encoder"):
        describe(tmp_path)


def word_vectors(place: Path) -> WordVectors:
    words = ["データ", "消", "消す", "を", "して"]
    keys = {int(hashes(word)[-1][0]): row for row, word in enumerate(words)}
    units = np.eye(len(words), dtype=np.float16)
    place.mkdir(parents=True)
    np.savez(
        place / "vectors.npz",
        keys=np.asarray(sorted(keys), np.uint64),
        rows=np.asarray([keys[key] for key in sorted(keys)], np.uint16),
        vectors=units,
        weights=np.ones(len(words), np.float32),
    )
    return WordVectors(place)


def test_word_vectors_find_the_longest_known_word_and_hear_the_matter_apart(tmp_path: Path) -> None:
    vectors = word_vectors(tmp_path / "v")
    assert vectors.words("データを消すね") == [("データ", 0), ("を", 3), ("消す", 2)]
    [vector] = vectors.encode(["データ を 消す"])
    assert vectors.width == len(vector) == 10
    assert float(np.linalg.norm(vector)) == pytest.approx(1.0, abs=1e-3)
    assert vector[3] > 0
    assert vector[5 + 3] == 0, "hiragana alone carries the manner, not the matter"
    assert not vectors.encode(["zzz", ""]).any()


def test_damaged_word_vectors_are_an_encoder_error(tmp_path: Path) -> None:
    word_vectors(tmp_path / "v")
    for raw in (b"", b"PK\x03\x04", b"\x80\x04N.", (tmp_path / "v" / "vectors.npz").read_bytes()[:400]):
        (tmp_path / "v" / "vectors.npz").write_bytes(raw)
        with pytest.raises(EncoderError, match="cannot be read"):
            WordVectors(tmp_path / "v")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Delete my data!", ["delete", "my", "data", "!"]),
        ("don't", ["don", "'", "t"]),
        ("Café", ["cafe"]),
        ("個人data", ["個", "人", "data"]),
        ("a\u200bb", ["ab"]),
        ("", []),
    ],
)
def test_text_is_cut_as_bert_cuts_it(text: str, words: list[str]) -> None:
    assert split(text) == words


def test_pieces_are_the_longest_known_ones(tmp_path: Path) -> None:
    (tmp_path / "v").write_text("[UNK]\n[CLS]\n[SEP]\nun\nuna\n##able\n##ble\n##a\n", encoding="utf-8")
    pieces = WordPiece(tmp_path / "v")
    assert pieces.numbers("unable", 64) == [1, 4, 6, 2]
    assert pieces.numbers("zzz " + "x" * 101, 64) == [1, 0, 0, 2]
    assert pieces.numbers("un " * 100, 5) == [1, 3, 3, 3, 2]
