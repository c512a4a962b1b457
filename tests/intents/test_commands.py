"""What an operator sees of `intents check`, `train` and `test`: figures, sentences, exit codes, and JSON alone."""

import json
import shutil
from pathlib import Path

import pytest

from intents.commands import check_intents, read_labelled, test_intents, train_intents
from intents.encoders import Encoders
from intents.parse import Language
from intents.training_data import TrainingDataError
from tests.intents.lines import SMALL, write_lines

measure = test_intents
test_intents.__test__ = False  # type: ignore[attr-defined]  # the command, not a test of ours


@pytest.fixture
def data(tmp_path: Path) -> Path:
    shutil.copytree(SMALL, tmp_path / "data")
    return tmp_path / "data"


@pytest.fixture
def model(tmp_path: Path) -> Path:
    return tmp_path / "var" / "model.madoguchi"


class Told(list[str]):
    """What was told, line by line."""

    def __call__(self, line: str) -> None:
        self.append(line)


@pytest.fixture
def told() -> Told:
    return Told()


def test_check_names_every_fault_and_counts_them(data: Path, told: Told) -> None:
    write_lines(data / "en" / "own.yml", {"ask_menu": ["what is for lunch"], "greet": ["THANKS"]})
    assert check_intents(data, None, told) == 1
    assert told[0] == "Checking 104 lines."
    assert f"{data}/en/own.yml:5: unknown intent ask_menu" in told
    assert f"{data}/en/own.yml:8: this line of greet also stands in thank ({data}/en/desk.yml:61)" in told
    assert told[-1] == f"{len(told) - 2} faults."


def test_check_takes_test_lines_beside(data: Path, tmp_path: Path, told: Told) -> None:
    write_lines(tmp_path / "split" / "en.yml", {"greet": ["hello!"]})
    assert check_intents(data, tmp_path / "split", told) == 1
    assert f"{tmp_path}/split/en.yml:5: this test line is a training line ({data}/en/desk.yml:47)" in told
    told.clear()
    assert check_intents(data, tmp_path / "typo", told) == 1
    assert told == [
        f"{tmp_path}/typo: there are no test lines: no en.yml, ja.yml or files under en/ or ja/",
        "1 fault.",
    ]


def test_check_as_json_is_json_and_nothing_else(data: Path, told: Told) -> None:
    assert check_intents(data, None, told, as_json=True) == 1
    [raw] = told
    report = json.loads(raw)
    assert set(report) == {"lines", "faults"}
    assert report["lines"] == 102
    assert {"file", "line", "message"} == set(report["faults"][0])


def test_check_of_a_broken_file_tells_where(data: Path, told: Told) -> None:
    (data / "en" / "bad.yml").write_text("nlu: [\n", encoding="utf-8")
    assert check_intents(data, None, told) == 1
    assert told[0].startswith(f"{data}/en/bad.yml:2: broken YAML: ")
    assert told[-1] == "1 fault."


def test_train_tells_what_it_does_and_where_the_model_is(data: Path, model: Path, told: Told) -> None:
    assert train_intents(data, model, told) == 0
    assert sorted(told[:2]) == ["Learning en from 72 lines.", "Learning ja from 30 lines."]
    assert told[-1].startswith(f"The model is at {model} (")
    assert model.is_file()


def test_train_keeps_the_old_model_where_the_lines_cannot_be_read(data: Path, model: Path, told: Told) -> None:
    train_intents(data, model, told)
    before = model.read_bytes()
    (data / "en" / "bad.yml").write_bytes(b"\xff")
    told.clear()
    assert train_intents(data, model, told) == 1
    assert told == [f"{data}/en/bad.yml:1: not UTF-8; save the file as UTF-8"]
    assert model.read_bytes() == before


def test_train_says_where_the_model_cannot_be_kept(data: Path, tmp_path: Path, told: Told) -> None:
    (tmp_path / "file").write_text("")
    where = tmp_path / "file" / "model"
    assert train_intents(data, where, told) == 1
    assert told[-1].startswith(f"The model cannot be kept at {where}: ")


@pytest.fixture
def asked(tmp_path: Path) -> Path:
    return write_lines(tmp_path / "asked.yml", {"greet": ["hello hello"], "thank": ["thanks a lot"], "stop": ["halt"]})


def test_test_tells_figures_per_language_and_over_all(data: Path, model: Path, asked: Path, told: Told) -> None:
    assert measure(data, model, asked, told, as_json=False) == 0
    assert "Hearing 3 lines." in told
    figures = [line for line in told if "accuracy" in line]
    assert [line.split(",")[0] for line in figures] == ["en: 3 lines", "all: 3 lines"]
    text = "\n".join(told)
    for words in ("macro F1", "calibration error", "asks back", "hands over", "p50", "meant -> heard", "precision"):
        assert words in text
    assert any(line.split()[:3] == ["1", "stop", "->"] for line in told)


def test_test_tells_its_progress_on_a_long_file(data: Path, model: Path, tmp_path: Path, told: Told) -> None:
    long = write_lines(tmp_path / "long.yml", {"greet": [f"hello number {n}" for n in range(1001)]})
    assert measure(data, model, long, told, as_json=False) == 0
    assert told[told.index("Hearing 1001 lines.") + 1 :][:2] == ["500 of 1001 are heard.", "1000 of 1001 are heard."]


def test_test_as_json_has_the_promised_keys_and_nothing_beside(
    data: Path, model: Path, asked: Path, told: Told
) -> None:
    assert measure(data, model, asked, told, as_json=True) == 0
    [raw] = told
    report = json.loads(raw)
    assert set(report) == {"overall", "languages"}
    assert set(report["overall"]) == {
        "lines", "accuracy", "macro_f1", "sure", "right_when_sure", "unsure", "unknown", "in_scope_lost",
        "out_of_scope_recall", "calibration_error", "p50_ms", "p99_ms", "intents", "confusions",
    }  # fmt: skip
    assert set(report["overall"]["intents"][0]) == {"intent", "lines", "precision", "recall", "f1"}
    assert set(report["overall"]["confusions"][0]) == {"meant", "heard", "times"}


def test_test_reads_json_lines(tmp_path: Path) -> None:
    path = tmp_path / "asked.jsonl"
    path.write_text(
        '\ufeff{"text": "hello", "intent": "greet"}\n\n'
        '{"text": "こんにちは", "intent": "greet"}\r\n'
        '{"text": "a\u2028b", "intent": "help", "language": "ja"}\n',
        encoding="utf-8",
    )
    assert [(e.text, e.intent, e.language, e.line) for e in read_labelled(path)] == [
        ("hello", "greet", Language.EN, 1),
        ("こんにちは", "greet", Language.JA, 3),
        ("a\u2028b", "help", Language.JA, 4),
    ]


@pytest.mark.parametrize(
    "raw",
    [
        b"hello", b"[]", b'{"text": "hi"}', b'{"text": 1, "intent": "greet"}', b'{"text": "hi", "intent": ""}',
        b'{"text": "hi", "intent": "greet", "language": "fr"}', b"[" * 100_000, b'{"text": "hi", "intent": "greet"',
    ],
)  # fmt: skip
def test_a_bad_json_line_is_named(tmp_path: Path, data: Path, model: Path, told: Told, raw: bytes) -> None:
    path = tmp_path / "asked.jsonl"
    path.write_bytes(b'{"text": "hello", "intent": "greet"}\n' + raw + b"\n")
    assert measure(data, model, path, told, as_json=False) == 1
    assert told == [f'{path}:2: expected {{"text": "...", "intent": "..."}}']


def test_json_lines_of_another_encoding_are_named(tmp_path: Path) -> None:
    path = tmp_path / "asked.jsonl"
    path.write_bytes(b"\n" + '{"text": "挨拶", "intent": "greet"}'.encode("shift-jis"))
    with pytest.raises(TrainingDataError, match="jsonl:2: not UTF-8; save the file as UTF-8"):
        read_labelled(path)


def test_a_file_that_is_not_there_or_holds_nothing_is_told(tmp_path: Path, data: Path, model: Path, told: Told) -> None:
    assert measure(data, model, tmp_path / "typo.yml", told, as_json=False) == 1
    (tmp_path / "empty.jsonl").write_text("\n")
    assert measure(data, model, tmp_path / "empty.jsonl", told, as_json=False) == 1
    assert told == [
        f"{tmp_path}/typo.yml: there is no such file",
        f"{tmp_path}/empty.jsonl: there are no labelled lines in it",
    ]


def test_a_folder_of_both_kinds_is_read_and_languages_are_told_by_name_or_script(tmp_path: Path) -> None:
    write_lines(tmp_path / "ja.yml", {"greet": ["hello"]})
    write_lines(tmp_path / "more.yml", {"greet": ["hello", "やあ"]})
    (tmp_path / "en.jsonl").write_text('{"text": "やあ", "intent": "greet"}', encoding="utf-8")
    assert [(e.text, e.language.value) for e in read_labelled(tmp_path)] == [
        ("やあ", "en"), ("hello", "ja"), ("hello", "en"), ("やあ", "ja"),
    ]  # fmt: skip


def test_with_an_encoder_it_is_asked(data: Path, model: Path, asked: Path, told: Told, letters: Encoders) -> None:
    assert measure(data, model, asked, told, letters, as_json=True) == 0
    assert list(model.parent.glob("*.vectors.en")), "the lines' vectors are kept for the next training"
