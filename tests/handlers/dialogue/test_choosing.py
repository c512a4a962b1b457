"""Which choice was typed: by number, by words, or by words that only one of them has."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.dialogue.choosing import exact, loose, pick

OFFERED = [("Electronically", "electronic"), ("On paper", "paper"), ("Another way", "other")]
ALSO = {"electronic": ["email", "pdf"], "paper": ["post"], "other": ["メール以外"]}


@pytest.mark.parametrize(
    ("typed", "payload"),
    [
        ("1", "electronic"),
        ("３", "other"),
        (" 2. ", "paper"),
        ("on paper", "paper"),
        ("ON PAPER!", "paper"),
        ("paper", "paper"),
        ("electronic", "electronic"),
        ("0", None),
        ("4", None),
        ("001", None),
        ("1 2", None),
        ("", None),
        (" ", None),
        ("by pigeon", None),
    ],
)
def test_exactly(typed: str, payload: str | None) -> None:
    found = exact(typed, OFFERED)
    assert (found and found[1]) == payload


@pytest.mark.parametrize(
    ("typed", "payload"),
    [
        ("on paper please", "paper"),
        ("as a pdf", "electronic"),
        ("by post", "paper"),
        ("by email or by post", None),
        ("poster", None),
        ("x", None),
        ("メール以外で", "other"),
    ],
)
def test_loosely(typed: str, payload: str | None) -> None:
    found = loose(typed, OFFERED, ALSO)
    assert (found and found[1]) == payload


@given(st.text(), st.lists(st.tuples(st.text(), st.text()), max_size=5))
def test_what_is_chosen_was_offered(typed: str, offered: list[tuple[str, str]]) -> None:
    assert pick(typed, offered) in {None, *(payload for _, payload in offered)}


@given(st.text())
def test_where_nothing_is_offered_nothing_is_chosen(typed: str) -> None:
    assert exact(typed, []) is loose(typed, [], {}) is None
