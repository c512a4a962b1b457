"""Splitting, by property: nothing is lost, nothing is too long, and no sign is cut in two."""

import unicodedata

from hypothesis import example, given
from hypothesis import strategies as st

from bot.telegram.splitting import LONGEST_LABEL, LONGEST_MESSAGE, shorten, split, units

SIGNS = st.sampled_from(
    [
        *("a", "漢", "。", ".", "!", " ", "\n", "\n\n", "word ", "文。", "，", "\t", "が", "한"),
        *("👍", "👍🏽", "❤️", "👩\u200d👩\u200d👧\u200d👦", "🇯🇵", "🇩🇪🇫🇷", "🏴\U000e0067\U000e0062\U000e007f"),
        *("e\u0301", "か\u3099", "カ\uff9e", "\u1112\u1161\u11ab", "ก\u0e47"),
    ]
)
TEXTS = st.lists(SIGNS, max_size=200).map("".join)
EXTENDING = "\u3099\u309a\u0301\ufe0f\u200d\uff9e\uff9f\U0001f3fd\u1161\u11ab\u0e47\U000e0067\U000e0062\U000e007f"


def solid(text: str) -> str:
    return "".join(text.split())


@given(TEXTS, st.integers(30, 120))
def test_nothing_is_lost_and_nothing_is_too_long(text: str, longest: int) -> None:
    parts = split(text, longest)
    assert solid("".join(parts)) == solid(text)
    assert all(part.strip() and units(part) <= longest for part in parts)


@given(st.text())
@example("\ud83d")
@example("x" * 4097)
@example("́" * 10_000)
def test_any_text_at_all_becomes_messages(text: str) -> None:
    parts = split(text)
    assert all(0 < len(part.encode("utf-16-le")) // 2 <= LONGEST_MESSAGE for part in parts)


@given(TEXTS, st.integers(30, 120))
def test_no_sign_is_cut_in_two(text: str, longest: int) -> None:
    rest = text.strip()
    for part in split(text, longest)[:-1]:
        assert rest.startswith(part)
        rest = rest[len(part) :]
        after = rest[:1]
        assert after not in EXTENDING
        assert not unicodedata.combining(after)
        assert not part.endswith("\u200d")
        rest = rest.lstrip()


@given(st.integers(0, 5), st.integers(1, 80), st.integers(30, 120))
def test_flags_stay_whole(letters: int, flags: int, longest: int) -> None:
    for part in split("a" * letters + "🇯🇵" * flags, longest):
        assert part.lstrip("a").replace("🇯🇵", "") == ""


@given(TEXTS)
def test_a_short_text_is_one_message(text: str) -> None:
    assert split(text) == ([text.strip()] if text.strip() else [])


def test_it_cuts_where_a_reader_would() -> None:
    paragraph, line, sentence = "p" * 30 + "\n\n", "l" * 30 + "\n", "s" * 30 + ". "
    rest = "word " * 20
    assert split(paragraph + "w. w\n" + rest, 60)[0] == "p" * 30
    assert split(line + "w. w " + rest, 60)[0] == "l" * 30
    assert split(sentence + rest, 60)[0] == "s" * 30 + "."
    assert split("文" * 40 + "。" + "字" * 40, 60)[0] == "文" * 40 + "。"
    assert split("w" * 40 + " " + "v" * 40, 60) == ["w" * 40, "v" * 40]
    assert split("w" * 100, 60) == ["w" * 60, "w" * 40]


def test_a_sign_longer_than_a_message_is_cut_after_all() -> None:
    zalgo = "e" + "\u0301" * 100
    assert [len(part) for part in split(zalgo, 60)] == [60, 41]


def test_a_large_text_is_split_quickly() -> None:
    assert len(split("\n" * 100_000 + "a " * 100_000 + "\u0301" * 100_000)) < 100


@given(st.text(max_size=200))
def test_a_label_fits_on_a_button(label: str) -> None:
    assert len(shorten(label)) <= LONGEST_LABEL


@given(st.lists(SIGNS, min_size=64, max_size=100).map("".join))
def test_a_cut_label_says_so(label: str) -> None:
    short = shorten(label)
    assert short == label.strip() or short.endswith("…")
