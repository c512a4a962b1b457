"""Texts cut into the likeliest pieces."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intents.unigram import Unigram

SPECIAL = {"<s>": 0.0, "<pad>": 0.0, "</s>": 0.0, "<unk>": 0.0}
PIECES = {**SPECIAL, "\u2581": -2.0, "個人": -5.0, "情報": -5.0, "個人情報": -7.0, "個": -8.0}


@pytest.fixture(scope="module")
def cutter(tmp_path_factory: pytest.TempPathFactory) -> Unigram:
    path = tmp_path_factory.mktemp("pieces") / "pieces.txt"
    path.write_text("\n".join(f"{piece}\t{score}" for piece, score in PIECES.items()), encoding="utf-8")
    return Unigram(path)


def named(cutter: Unigram, text: str, longest: int = 64) -> list[str]:
    names = list(PIECES)
    return [names[number] for number in cutter.numbers(text, longest)]


def test_one_likelier_piece_is_taken_before_two(cutter: Unigram) -> None:
    assert named(cutter, "個人情報") == ["<s>", "\u2581", "個人情報", "</s>"]


def test_what_is_unknown_costs_no_more_than_itself(cutter: Unigram) -> None:
    assert named(cutter, "個人X情報") == ["<s>", "\u2581", "個人", "<unk>", "情報", "</s>"]


def test_spaces_begin_pieces(cutter: Unigram) -> None:
    assert named(cutter, "情報 個") == ["<s>", "\u2581", "情報", "\u2581", "個", "</s>"]


@given(text=st.text(max_size=300), longest=st.integers(2, 64))
def test_any_text_has_both_ends_and_no_more_than_was_asked(cutter: Unigram, text: str, longest: int) -> None:
    numbers = cutter.numbers(text, longest)
    assert (numbers[0], numbers[-1]) == (0, 2)
    assert len(numbers) <= longest
