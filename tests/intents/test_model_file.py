"""The model's file: what was saved comes back, and nothing else is ever used. No pickle is opened."""

import io
import json
import pickle
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from intents.classifier import Classifier, Model
from intents.encoders import Encoders
from intents.model_file import UnusableModelError, load_model, save_model
from intents.parse import Language

Arrays = dict[str, Any]


@pytest.fixture(scope="session")
def saved(two_halves: Model, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("model") / "model.madoguchi"
    save_model(two_halves, path)
    return path


def changed(saved: Path, path: Path, change: Callable[[Arrays], object]) -> Path:
    with np.load(saved) as parts:
        arrays = {name: parts[name] for name in parts.files}
    change(arrays)
    with path.open("wb") as file:
        np.savez(file, **arrays)
    return path


def facts_of(arrays: Arrays) -> Any:
    return json.loads(arrays["facts"].tobytes())


def put_facts(arrays: Arrays, facts: Any) -> None:
    arrays["facts"] = np.frombuffer(json.dumps(facts).encode(), np.uint8)


def test_what_was_saved_comes_back_and_hears_the_same(saved: Path, two_halves: Model, letters: Encoders) -> None:
    back = load_model(saved, two_halves.fingerprint)
    one, other = Classifier(two_halves, letters.by_language), Classifier(back, letters.by_language)
    for text in ("wipe my file", "hello", "手数料は", "zzz", "what do you keep about me"):
        assert one.parse(text) == other.parse(text)


class Bomb:
    """Pickled, it would leave a mark when opened."""

    def __init__(self, mark: Path) -> None:
        self.mark = mark

    def __reduce__(self) -> tuple[Any, ...]:
        return (Path.touch, (self.mark,))


def test_a_planted_pickle_is_refused_unopened(saved: Path, tmp_path: Path) -> None:
    mark = tmp_path / "opened"
    (tmp_path / "a").write_bytes(pickle.dumps(Bomb(mark)))
    changed(saved, tmp_path / "b", lambda a: a.update({"en.rarity": np.asarray([Bomb(mark)], object)}))
    changed(saved, tmp_path / "c", lambda a: a.update({"facts": np.asarray(Bomb(mark), object)}))
    for name in "abc":
        with pytest.raises(UnusableModelError, match="is damaged"):
            load_model(tmp_path / name)
    assert not mark.exists()


def _other_layout(arrays: Arrays) -> None:
    facts = facts_of(arrays)
    blocks = facts["languages"]["en"]["blocks"]
    facts["languages"]["en"]["blocks"] = [sum(blocks)]
    put_facts(arrays, facts)


def _fewer_limits(arrays: Arrays) -> None:
    facts = facts_of(arrays)
    facts["languages"]["en"]["judgement"].pop()
    put_facts(arrays, facts)


def _no_intents(arrays: Arrays) -> None:
    facts = facts_of(arrays)
    facts["languages"]["en"]["intents"] = []
    put_facts(arrays, facts)
    arrays["en.sparse.weights"] = arrays["en.sparse.weights"][:, :0]
    arrays["en.sparse.bias"] = arrays["en.sparse.bias"][:0]


def _not_a_number(arrays: Arrays) -> None:
    weights = arrays["en.sparse.weights"].copy()
    weights[3, 2] = np.nan
    arrays["en.sparse.weights"] = weights


DAMAGE: dict[str, Callable[[Arrays], object]] = {
    "a part is gone": lambda a: a.pop("en.dense.bias"),
    "the facts are gone": lambda a: a.pop("facts"),
    "the languages are swapped": lambda a: a.update({"en.sparse.weights": a["ja.sparse.weights"]}),
    "the halves are swapped": lambda a: a.update({"en.sparse.weights": a["en.dense.weights"]}),
    "a column short": lambda a: a.update({"en.sparse.weights": a["en.sparse.weights"][:, 1:]}),
    "a row short": lambda a: a.update({"en.sparse.weights": a["en.sparse.weights"][1:]}),
    "flat weights": lambda a: a.update({"en.sparse.weights": a["en.sparse.weights"].ravel()}),
    "a bias too long": lambda a: a.update({"en.sparse.bias": np.zeros(99, np.float32)}),
    "words short": lambda a: a.update({"en.grams": a["en.grams"][:50]}),
    "words that are no text": lambda a: a.update({"en.grams": np.full(9, 0xFF, np.uint8)}),
    "rarity short": lambda a: a.update({"en.rarity": a["en.rarity"][1:]}),
    "facts that are a list": lambda a: put_facts(a, []),
    "facts that are no JSON": lambda a: a.update({"facts": np.zeros(9, np.uint8)}),
    "facts without end": lambda a: a.update({"facts": np.frombuffer(b"[" * 100_000, np.uint8)}),
    "languages that are a list": lambda a: put_facts(a, {**facts_of(a), "languages": ["en"]}),
    "a language never heard of": lambda a: put_facts(a, {**facts_of(a), "languages": {"fr": {}}}),
    "blocks of another engine": _other_layout,
    "a limit short": _fewer_limits,
    "no intents": _no_intents,
    "not a number": _not_a_number,
    "whole numbers": lambda a: a.update({"en.sparse.bias": a["en.sparse.bias"].astype(np.int64)}),
}


@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE)
def test_parts_that_do_not_fit_are_refused_with_a_sentence(
    saved: Path, tmp_path: Path, damage: Callable[[Arrays], object]
) -> None:
    path = changed(saved, tmp_path / "m", damage)
    with pytest.raises(UnusableModelError, match=r"^The model at .* is damaged \(\w+\)\.$"):
        load_model(path)


@given(share=st.floats(0, 0.999))
def test_a_model_cut_short_anywhere_is_refused(saved: Path, share: float) -> None:
    cut = saved.with_name("cut")
    raw = saved.read_bytes()
    cut.write_bytes(raw[: int(len(raw) * share)])
    with pytest.raises(UnusableModelError, match="is damaged"):
        load_model(cut)


@given(at=st.floats(0, 1), flip=st.integers(1, 255))
def test_a_changed_byte_is_refused_or_changes_nothing(saved: Path, two_halves: Model, at: float, flip: int) -> None:
    """Every part has a checksum; between the parts a byte may mean nothing."""
    raw = bytearray(saved.read_bytes())
    raw[int((len(raw) - 1) * at)] ^= flip
    path = saved.with_name("flipped")
    path.write_bytes(raw)
    try:
        back = load_model(path)
    except UnusableModelError:
        return
    assert back.fingerprint == two_halves.fingerprint
    for language in Language:
        assert np.array_equal(back.languages[language].sparse.weights, two_halves.languages[language].sparse.weights)


def test_a_part_of_impossible_size_is_refused(saved: Path, tmp_path: Path) -> None:
    header = io.BytesIO()
    facts: Any = {"descr": "<f4", "fortran_order": False, "shape": (10**15,)}
    np.lib.format.write_array_header_1_0(header, facts)
    with zipfile.ZipFile(tmp_path / "m", "w") as file:
        file.writestr("facts.npy", header.getvalue())
    with pytest.raises(UnusableModelError, match="is damaged"):
        load_model(tmp_path / "m")


def test_a_plain_array_is_no_model(tmp_path: Path) -> None:
    with (tmp_path / "m").open("wb") as file:
        np.save(file, np.zeros(3))
    with pytest.raises(UnusableModelError, match="is damaged"):
        load_model(tmp_path / "m")


def test_a_model_of_other_lines_is_refused_where_these_are_asked_for(saved: Path) -> None:
    with pytest.raises(UnusableModelError, match="trained on other data or encoders than today's"):
        load_model(saved, "0" * 64)


def test_a_folder_is_no_model(tmp_path: Path) -> None:
    with pytest.raises(UnusableModelError, match="There is no trained model at"):
        load_model(tmp_path)


def test_saving_leaves_nothing_beside_it_and_no_half_where_it_cannot(two_halves: Model, tmp_path: Path) -> None:
    save_model(two_halves, tmp_path / "deep" / "m")
    assert [path.name for path in (tmp_path / "deep").iterdir()] == ["m"]
    (tmp_path / "taken").mkdir()
    with pytest.raises(OSError, match=r"."):
        save_model(two_halves, tmp_path / "taken")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["deep", "taken"]
