"""Public sets are read from the layouts they come in."""

import json
from pathlib import Path

from bench.public_sets import find_set


def _write_pair(folder: Path, texts: list[str], labels: list[str]) -> None:
    folder.mkdir(parents=True)
    (folder / "seq.in").write_text("".join(f"{text}\n" for text in texts), encoding="utf-8")
    (folder / "label").write_text("".join(f"{label}\n" for label in labels), encoding="utf-8")


def _write_set(folder: Path, lines: int) -> None:
    texts = [f"text {n}" for n in range(lines)]
    labels = ["a" if n % 2 else "b" for n in range(lines)]
    _write_pair(folder / "train", texts, labels)
    _write_pair(folder / "test", ["another\u2028line"], ["a"])


def test_ten_an_intent_are_drawn_the_same_by_the_same_seed(tmp_path: Path) -> None:
    _write_set(tmp_path / "HWU64", 40)
    found = find_set(tmp_path, "HWU64")
    assert found is not None
    assert found.is_larger
    assert len(found.draw(1)) == 20
    assert found.draw(1) == found.draw(1) != found.draw(2)
    assert found.test == (("another\u2028line", "a"),)
    assert find_set(tmp_path, "CLINC150") is None


def test_a_set_that_brings_its_own_ten_leaves_nothing_to_draw(tmp_path: Path) -> None:
    _write_set(tmp_path / "few" / "BANKING77", 20)
    found = find_set(tmp_path, "BANKING77")
    assert found is not None
    assert not found.is_larger
    assert sorted(found.draw(1)) == sorted(found.train)


def test_banking77_comes_as_csv(tmp_path: Path) -> None:
    folder = tmp_path / "banking_data"
    folder.mkdir()
    (folder / "train.csv").write_text('text,category\n"My card, please",card_arrival\n', encoding="utf-8")
    (folder / "test.csv").write_text("text,category\nwhere is it?,card_arrival\n", encoding="utf-8")
    found = find_set(tmp_path, "BANKING77")
    assert found is not None
    assert found.train == (("My card, please", "card_arrival"),)
    assert found.test == (("where is it?", "card_arrival"),)


def test_clinc150_comes_as_one_json(tmp_path: Path) -> None:
    parts = {"train": [["hello", "greeting"]], "test": [["hi", "greeting"]], "oos_test": [["what?", "oos"]]}
    (tmp_path / "data_full.json").write_text(json.dumps(parts), encoding="utf-8")
    found = find_set(tmp_path, "CLINC150")
    assert found is not None
    assert found.train == (("hello", "greeting"),)
    assert found.test == (("hi", "greeting"),)
