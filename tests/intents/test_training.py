"""The same lines give the same model, byte for byte; what is stale, absent or damaged is made anew, and says so."""

import multiprocessing
import os
import shutil
from pathlib import Path

import pytest

from intents import model_file
from intents.classifier import Classifier, Model
from intents.encoders import Encoders
from intents.model_file import load_model, save_model
from intents.parse import Language, Verdict
from intents.training import model_fingerprint, ready_model, train
from intents.training_data import TrainingData, TrainingDataError
from tests.intents.lines import SMALL, example, small_data, small_encoders, write_lines


def bytes_of(model: Model, path: Path) -> bytes:
    save_model(model, path)
    return path.read_bytes()


def test_the_same_lines_give_the_same_model_byte_for_byte(tmp_path: Path, two_halves: Model, letters: Encoders) -> None:
    shuffled = TrainingData(tuple(reversed(small_data().examples)))
    again = train(shuffled, encoders=letters)
    assert bytes_of(again, tmp_path / "one") == bytes_of(two_halves, tmp_path / "other")


def test_lines_remembered_and_lines_encoded_anew_give_the_same_model(
    tmp_path: Path, letters: Encoders, two_halves: Model
) -> None:
    kept = tmp_path / "kept.vectors"
    train(TrainingData(small_data().examples[:40]), encoders=letters, vectors=kept)
    again = train(small_data(), encoders=letters, vectors=kept)
    assert bytes_of(again, tmp_path / "one") == bytes_of(two_halves, tmp_path / "other")


def test_a_changed_line_or_encoder_changes_the_fingerprint(tmp_path: Path, letters: Encoders) -> None:
    data = small_data()
    prints = {
        model_fingerprint(data),
        model_fingerprint(data, letters),
        model_fingerprint(data, small_encoders(tmp_path, seed=8)),
        model_fingerprint(data + TrainingData((example("one more", "greet"),))),
        model_fingerprint(TrainingData(data.examples[1:])),
    }
    assert len(prints) == 5
    assert train(data, encoders=letters).fingerprint in prints


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copytree(SMALL, tmp_path / "data")
    return tmp_path


def ready(folder: Path) -> tuple[Model, list[str]]:
    told: list[str] = []
    return ready_model(folder / "data", folder / "model.madoguchi", told.append), told


def test_an_absent_model_is_trained_and_then_loaded(folder: Path) -> None:
    first, told = ready(folder)
    assert told[0] == f"There is no trained model at {folder / 'model.madoguchi'}. Training it now."
    assert "Learning en from 72 lines." in told
    second, silence = ready(folder)
    assert silence == []
    assert second.fingerprint == first.fingerprint


def test_a_stale_model_is_trained_anew(folder: Path) -> None:
    first, _ = ready(folder)
    write_lines(folder / "data" / "en" / "more.yml", {"greet": ["salutations"]})
    second, told = ready(folder)
    assert "was trained on other data or encoders than today's. Training it now." in told[0]
    assert second.fingerprint != first.fingerprint


@pytest.mark.parametrize("damage", [b"", b"\x80\x04N.", b"PK\x03\x04 not a zip", b"\x00" * 5000])
def test_a_damaged_model_is_trained_anew(folder: Path, damage: bytes) -> None:
    ready(folder)
    (folder / "model.madoguchi").write_bytes(damage)
    model, told = ready(folder)
    assert "is damaged" in told[0]
    assert load_model(folder / "model.madoguchi", model.fingerprint).fingerprint == model.fingerprint


def test_lines_that_cannot_be_read_leave_the_model_alone(folder: Path) -> None:
    ready(folder)
    before = (folder / "model.madoguchi").read_bytes()
    (folder / "data" / "en" / "desk.yml").write_text("nlu: [", encoding="utf-8")
    with pytest.raises(TrainingDataError, match="broken YAML"):
        ready(folder)
    assert (folder / "model.madoguchi").read_bytes() == before


def _die_before_the_move(path: Path) -> None:
    """Save a model in a process that ends, as if its power were cut, when all is written and nothing moved."""
    model = train(small_data())
    os.fsync = lambda _: os._exit(9)  # type: ignore[assignment]
    save_model(model, path)


def test_death_in_the_middle_of_saving_leaves_the_old_model_whole(tmp_path: Path, small_model: Model) -> None:
    path = tmp_path / "model.madoguchi"
    save_model(small_model, path)
    process = multiprocessing.get_context("spawn").Process(target=_die_before_the_move, args=(path,))
    process.start()
    process.join(60)
    assert process.exitcode == 9
    assert load_model(path, small_model.fingerprint).fingerprint == small_model.fingerprint
    assert len(list(tmp_path.iterdir())) == 2, "what was half moved lies beside, under another name"
    save_model(small_model, path)
    assert load_model(path).fingerprint == small_model.fingerprint


@pytest.mark.parametrize("damage", [b"", b"PK", b"\x80\x04N."])
def test_damaged_vectors_cost_time_and_nothing_else(
    tmp_path: Path, letters: Encoders, two_halves: Model, damage: bytes
) -> None:
    kept = tmp_path / "kept.vectors.en"
    kept.write_bytes(damage)
    model = train(small_data(), encoders=letters, vectors=tmp_path / "kept.vectors")
    assert bytes_of(model, tmp_path / "one") == bytes_of(two_halves, tmp_path / "other")
    assert kept.stat().st_size > 1000, "and they are whole again"


def test_vectors_of_another_encoder_are_not_mistaken_for_its_own(tmp_path: Path, letters: Encoders) -> None:
    other = small_encoders(tmp_path / "other", seed=8)
    train(small_data(), encoders=other, vectors=tmp_path / "kept.vectors")
    mixed = train(small_data(), encoders=letters, vectors=tmp_path / "kept.vectors")
    alone = train(small_data(), encoders=letters)
    assert bytes_of(mixed, tmp_path / "one") == bytes_of(alone, tmp_path / "two")


def test_what_was_learned_is_heard(small_model: Model) -> None:
    ears = Classifier(small_model)
    assert ears.parse("please erase my account").intent == "request_deletion"
    assert ears.parse("手数料はかかりますか").intent == "ask_fees"


def test_japanese_in_latin_letters_is_learned_by_the_reader_of_latin() -> None:
    lines = [example(text, "request_deletion", Language.JA) for text in ("keshite kudasai", "sakujo onegaishimasu")]
    model = train(small_data() + TrainingData(tuple(lines)))
    parse = Classifier(model).parse("sakujo shite kudasai")
    assert (parse.intent, parse.language) == ("request_deletion", Language.JA)


def test_a_language_with_one_intent_is_not_guessed_at() -> None:
    english = small_data().of(Language.EN)
    model = train(TrainingData((*english, example("こんにちは", "greet", Language.JA))))
    assert set(model.languages) == {Language.EN}
    assert Classifier(model).parse("こんにちは").verdict is Verdict.UNKNOWN


def test_an_encoder_that_fails_leaves_the_sparse_half(tmp_path: Path, letters: Encoders) -> None:
    broken = small_encoders(tmp_path)
    encoder = broken.by_language[Language.EN]
    place = tmp_path / "letters" / "vocab.txt"
    assert place.is_file()
    encoder._tokens = lambda text, longest: [10_000]  # type: ignore[attr-defined]  # noqa: SLF001  rows that are not there
    told: list[str] = []
    model = train(small_data(), told.append, broken)
    assert model.languages[Language.EN].dense is None
    assert any(sentence.endswith("Learning without it.") for sentence in told)


def test_features_of_another_version_make_a_model_stale(
    small_model: Model, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    save_model(small_model, tmp_path / "m")
    monkeypatch.setattr(model_file, "FORMAT", model_file.FORMAT + 1)
    with pytest.raises(model_file.UnusableModelError, match="written by another version of the desk"):
        load_model(tmp_path / "m")
