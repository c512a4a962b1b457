"""Masks: the length is hidden, and what is left cannot be used."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.desk.masking import mask_digits, mask_email, mask_name


@pytest.mark.parametrize(
    ("name", "masked"),
    [
        ("Hanako Sample", "H••••• S•••••"),
        ("山田　花子", "山••••• 花•••••"),
        ("山田花子", "山•••••"),
        ("  Hanako   Sample ", "H••••• S•••••"),
        ("", ""),
    ],
)
def test_names(name: str, masked: str) -> None:
    assert mask_name(name) == masked


@pytest.mark.parametrize(
    ("email", "masked"),
    [
        ("hanako@example.com", "h•••••@example.com"),
        ("a@example.com", "a•••••@example.com"),
        ("no address", "n•••••@"),
        ("", "•••••@"),
    ],
)
def test_addresses(email: str, masked: str) -> None:
    assert mask_email(email) == masked


@pytest.mark.parametrize(
    ("number", "masked"),
    [("+81300000001", "•••••001"), ("100001", "•••••001"), ("12345", "•••••"), ("1", "•••••"), ("", "•••••")],
)
def test_numbers(number: str, masked: str) -> None:
    assert mask_digits(number) == masked


@given(st.text(min_size=2).filter(lambda word: not any(sign.isspace() for sign in word)))
def test_a_word_shows_its_first_sign_and_no_length(word: str) -> None:
    assert mask_name(word) == word[0] + "•••••"


@given(st.text("0123456789", min_size=6))
def test_a_number_shows_three_signs_and_no_length(number: str) -> None:
    assert mask_digits(number) == "•••••" + number[-3:]


@given(st.text("abcdefghij", min_size=2), st.text("klmnop", min_size=1))
def test_an_address_shows_one_sign_and_its_domain(local: str, domain: str) -> None:
    assert mask_email(f"{local}@{domain}") == f"{local[0]}•••••@{domain}"
