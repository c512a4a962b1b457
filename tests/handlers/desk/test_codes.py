"""Codes: eight digits from a challenge's id and a key, read generously and compared strictly."""

import hashlib
import hmac

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.desk.codes import code_for, matches, read_code
from handlers.desk.requests import new_id

KEY = bytes(range(32))
IDS = st.text("0123456789abcdef", min_size=32, max_size=32)
CODES = st.text("0123456789", min_size=8, max_size=8)


@given(st.binary(min_size=1, max_size=64), IDS)
def test_a_code_is_eight_digits(key: bytes, challenge: str) -> None:
    code = code_for(key, challenge)
    assert len(code) == 8
    assert code.isascii()
    assert code.isdecimal()


@given(IDS)
def test_a_code_stays_the_same_over_retries(challenge: str) -> None:
    assert len({code_for(KEY, challenge) for _ in range(3)}) == 1
    assert matches(KEY, challenge, code_for(KEY, challenge))


def test_a_code_is_the_keyed_hash_that_it_says_it_is() -> None:
    digest = hmac.new(KEY, b"c1", hashlib.sha256).digest()
    assert code_for(KEY, "c1") == f"{int.from_bytes(digest[:8], 'big') % 10**8:08d}"


def test_leading_zeros_are_kept() -> None:
    zeros = next(str(n) for n in range(100_000) if code_for(KEY, str(n)).startswith("00"))
    assert matches(KEY, zeros, code_for(KEY, zeros))
    assert not matches(KEY, zeros, code_for(KEY, zeros).lstrip("0"))


def test_challenges_and_keys_have_codes_of_their_own() -> None:
    ids = [new_id() for _ in range(1000)]
    assert len({code_for(KEY, each) for each in ids}) > 990
    assert sum(code_for(KEY, each) == code_for(KEY[::-1], each) for each in ids) < 3


@given(IDS, CODES)
def test_only_the_right_code_matches(challenge: str, typed: str) -> None:
    assert matches(KEY, challenge, typed) is (typed == code_for(KEY, challenge))


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("01234567", "01234567"),
        ("00000000", "00000000"),
        ("０１２３４５６７", "01234567"),
        ("0123 4567", "01234567"),
        ("0123-4567", "01234567"),
        ("0123−4567", "01234567"),
        ("０１２３ー４５６７", "01234567"),
        ("0123–4567", "01234567"),
        ("0123—4567", "01234567"),
        ("0123―4567", "01234567"),
        ("0123‑4567", "01234567"),
        ("0 1 2 3 4 5 6 7", "01234567"),
        ("０１２３　４５６７", "01234567"),
        ("0123・4567", "01234567"),
        ("  01234567\n", "01234567"),
        ("01234567。", None),
        ("0123.4567", "01234567"),
        ("𝟎𝟏𝟐𝟑𝟒𝟓𝟔𝟕", "01234567"),
        ("①②③④⑤⑥⑦⑧", "12345678"),
        ("٠١٢٣٤٥٦٧", None),
        ("०१२३४५६७", None),
        ("一二三四五六七八", None),
        ("0123456", None),
        ("012345678", None),
        ("0123456O", None),
        ("", None),
        ("        ", None),
        ("12345678 is my code", None),
        ("1234567²", "12345672"),
        ("+1234567", None),
        ("0x123456", None),
    ],
)
def test_what_people_type(typed: str, code: str | None) -> None:
    assert read_code(typed) == code


@given(CODES, st.lists(st.sampled_from(["", " ", "-", "\u3000", "\u2010", "ー"]), min_size=9, max_size=9))
def test_what_stands_between_digits_does_not_matter(code: str, between: list[str]) -> None:
    typed = "".join(a + b for a, b in zip(between, [*code, ""], strict=True))
    assert read_code(typed) == code


@given(CODES)
def test_full_width_digits_are_digits(code: str) -> None:
    assert read_code("".join(chr(ord(digit) + 0xFEE0) for digit in code)) == code


@given(st.text())
def test_reading_never_fails(text: str) -> None:
    code = read_code(text)
    assert code is None or (len(code) == 8 and code.isascii() and code.isdecimal())
