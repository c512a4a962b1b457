"""Reading Rasa's files: every line with its place, and what is no training file refused with a sentence."""

from pathlib import Path

import pytest

from intents.parse import Language
from intents.training_data import TrainingData, TrainingDataError, plain_text, read_examples, read_training_data
from tests.intents.lines import example, small_data, write_lines

HEAD = b'version: "3.1"\nnlu:\n'
NO_ALIASES = "anchors and aliases (& and *) are not read; write the lines out"
GOOD = HEAD + b"- intent: greet\n  examples: |\n    - hello\n"


def read(path: Path, raw: bytes) -> list[tuple[str, str, int]]:
    path.write_bytes(raw)
    return [(e.intent, e.text, e.line) for e in read_examples(path, Language.EN)]


def refused(path: Path, raw: bytes) -> list[str]:
    """The faults of such a file, without the folder."""
    path.write_bytes(raw)
    with pytest.raises(TrainingDataError) as caught:
        read_examples(path, Language.EN)
    return [str(fault).removeprefix(f"{path.parent}/") for fault in caught.value.faults]


@pytest.mark.parametrize(
    ("raw", "found"),
    [
        (GOOD, [("greet", "hello", 5)]),
        (b"\xef\xbb\xbf" + GOOD, [("greet", "hello", 5)]),
        (GOOD.replace(b"\n", b"\r\n"), [("greet", "hello", 5)]),
        (
            HEAD + b"\n- intent: greet\n\n  examples: |\n\n    - a\n    # not this\n\n    - b\n",
            [("greet", "a", 8), ("greet", "b", 11)],
        ),
        (HEAD + b"- intent: greet\n  examples: '- hi'\n", [("greet", "hi", 4)]),
        (
            HEAD + b"- intent: greet\n  examples:\n  - text: |\n      - hi\n  - text: hey\n    metadata: {a: b}\n",
            [("greet", "hi", 6), ("greet", "hey", 7)],
        ),
        (
            HEAD + b"- intent: greet\n  examples: |\n    - yes\n    - 12\n    - null\n",
            [("greet", "yes", 5), ("greet", "12", 6), ("greet", "null", 7)],
        ),
        (HEAD + b"- synonym: x\n  examples: |\n    - y\n- regex: r\n  examples: |\n    - z\n", []),
    ],
)
def test_rasas_forms_are_read_with_the_line_of_each_example(
    tmp_path: Path, raw: bytes, found: list[tuple[str, str, int]]
) -> None:
    assert read(tmp_path / "a.yml", raw) == found


@pytest.mark.parametrize(
    ("raw", "sentence"),
    [
        (b"", "a.yml: the file is empty"),
        (b"- a\n", "a.yml:1: a training file is a mapping with the keys version and nlu"),
        (b"rules: []\n", "a.yml:1: unknown key rules; a training file has version and nlu"),
        (b"? [a]\n: b\n", "a.yml:1: unknown key; a training file has version and nlu"),
        (b"nlu: hello\n", "a.yml:1: nlu must be a list of intents"),
        (HEAD + b"- greet\n", "a.yml:3: expected '- intent: name' with examples below it"),
        (HEAD + b"- intent: ''\n  examples: |\n    - a\n", "a.yml:3: an entry without the name of its intent"),
        (HEAD + b"- intent: greet\n", "a.yml:3: greet has no examples"),
        (
            HEAD + b"- intent: greet\n  examples: {a: b}\n",
            "a.yml:4: examples must be a block of lines that start with '- '",
        ),
        (HEAD + b"- intent: greet\n  examples: |\n    - a\n    b\n", "a.yml:6: an example line starts with '- '"),
        (HEAD + b"- intent: greet\n  examples: |\n    - a\n    -\n", "a.yml:6: an example without words"),
        (HEAD + b"- intent: greet\n  examples:\n  - [a]\n", "a.yml:5: an example of the long form is '- text: ...'"),
        (
            HEAD + b"- intent: greet\n  examples: |\n    - a\n  examples: |\n    - b\n",
            "a.yml:6: the key examples stands twice",
        ),
        (GOOD + b"nlu: []\n", "a.yml:6: the key nlu stands twice"),
        (HEAD + b"- intent: [greet\n", "a.yml:4: broken YAML: did not find expected ',' or ']'"),
        (GOOD + b"---\nnlu: []\n", "a.yml:6: broken YAML: but found another document"),
        (GOOD + b"    - caf\xe9\n", "a.yml:6: not UTF-8; save the file as UTF-8"),
        (GOOD.decode().encode("utf-16"), "a.yml:1: not UTF-8; save the file as UTF-8"),
        (GOOD.decode().encode("utf-16-be"), "a.yml:1: broken YAML: control characters are not allowed"),
        ("version: '3.1' # 挨拶\n".encode("shift-jis"), "a.yml:1: not UTF-8; save the file as UTF-8"),
        (GOOD + b"    - bell \x07\n", "a.yml:6: broken YAML: control characters are not allowed"),
        (HEAD + b"- intent: &name greet\n  examples: |\n    - a\n", f"a.yml:3: {NO_ALIASES}"),
        (HEAD + b"- &again [*again]\n", f"a.yml:3: {NO_ALIASES}"),
        (HEAD + b"- intent: !!python/object/apply:os.system [ls]\n", "a.yml:3: tags (!) are not read"),
        (HEAD + b"- " + b"[" * 100_000, "a.yml:3: nested too deeply for a training file"),
        (HEAD + b"- " * 100_000, "a.yml:3: nested too deeply for a training file"),
        (b"{" * 100_000, "a.yml:1: nested too deeply for a training file"),
    ],
)
def test_what_is_no_training_file_is_refused_by_line(tmp_path: Path, raw: bytes, sentence: str) -> None:
    assert sentence in refused(tmp_path / "a.yml", raw)


def test_a_bomb_of_aliases_is_refused_before_it_is_built(tmp_path: Path) -> None:
    levels = b"".join(b"l%d: &l%d [%s]\n" % (i, i, b",".join([b"*l%d" % (i - 1)] * 9)) for i in range(1, 12))
    assert refused(tmp_path / "a.yml", b"l0: &l0 [lol]\n" + levels) == [f"a.yml:1: {NO_ALIASES}"]


def test_fifty_megabytes_are_refused_unread(tmp_path: Path) -> None:
    with (tmp_path / "a.yml").open("wb") as file:
        file.truncate(50_000_000)
    with pytest.raises(TrainingDataError, match="larger than 8 MB; split it by topic"):
        read_examples(tmp_path / "a.yml", Language.EN)


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(TrainingDataError, match="cannot be read: No such file or directory"):
        read_examples(tmp_path / "a.yml", Language.EN)


def test_the_faults_of_all_files_are_told_at_once(tmp_path: Path) -> None:
    write_lines(tmp_path / "en" / "good.yml", {"greet": ["hello"]})
    (tmp_path / "en" / "bad.yml").write_bytes(b"[")
    (tmp_path / "ja").mkdir()
    (tmp_path / "ja" / "bad.yml").write_bytes(b"")
    with pytest.raises(TrainingDataError) as caught:
        read_training_data(tmp_path)
    assert [Path(fault.file).parent.name for fault in caught.value.faults] == ["en", "ja"]


def test_a_folder_without_lines_is_told(tmp_path: Path) -> None:
    with pytest.raises(TrainingDataError, match=r"there is no training data: no \.yml file with examples"):
        read_training_data(tmp_path)


def test_the_fingerprint_is_of_the_lines_and_not_of_their_places() -> None:
    one = TrainingData((example("a", "x", file="1", line=1), example("b", "y", file="1", line=2)))
    moved = TrainingData((example("b", "y", file="2", line=9), example("a", "x", file="3", line=4)))
    assert one.fingerprint == moved.fingerprint
    for changed in (
        (example("a", "x"),),
        (example("a", "y"), example("b", "y")),
        (example("a", "x"), example("B", "y")),
        (example("a", "x", Language.JA), example("b", "y")),
    ):
        assert TrainingData(changed).fingerprint != one.fingerprint


def test_data_may_be_added_to() -> None:
    small = small_data()
    more = TrainingData((example("tell me your hours", "ask_hours"),))
    assert "ask_hours" in (small + more).intents
    assert (small + more).fingerprint != small.fingerprint


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("fly to [Tokyo](city)", "fly to Tokyo"),
        ('[tomorrow]{"entity": "day"} then', "tomorrow then"),
        ("an [aside] stays", "an [aside] stays"),
        (" - ", "-"),
    ],
)
def test_entity_marks_are_no_words(written: str, plain: str) -> None:
    assert plain_text(written) == plain
