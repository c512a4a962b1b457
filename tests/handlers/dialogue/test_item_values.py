"""What a correction may put into an item, told by its words."""

from datetime import date

import pytest

from handlers.dialogue.item_values import (
    NO_ADDRESS,
    NO_PHONE,
    NO_POSTAL_CODE,
    NO_SUCH_DAY,
    NOT_YET_BORN,
    TWO_ADDRESSES,
    Held,
    doubt,
)

TODAY = date(2026, 11, 22)
IMPOSSIBLE = [
    "30 February 1990",
    "February 30, 1990",
    "the 31st of June 1990",
    "1990-02-30",
    "1990/13/01",
    "30/02/1990",
    "19900230",
    "1990年2月30日",
    "１９９０年２月３０日",
    "平成2年2月30日",
    "S65.2.30",
    "2月30日",
    "29 February 1990",
    "30 february",
    "Feb 30",
]
POSSIBLE = [
    "28 February 1990",
    "29 February 1992",
    "29 February",
    "1990-02-28",
    "02/28/1990",
    "28/02/1990",
    "1990年2月28日",
    "１９９０年２月２８日",
    "平成2年2月28日",
    "令和元年5月1日",
    "昭和六十年",
    "S60.2.28",
    "19900228",
    "in the spring of 1990",
    "I was born in May 1990",
    "I may be 30",
]


@pytest.mark.parametrize("said", IMPOSSIBLE)
def test_a_day_that_does_not_exist_is_no_date_of_birth(said: str) -> None:
    assert doubt(Held.BIRTH, said, TODAY) is NO_SUCH_DAY


@pytest.mark.parametrize("said", POSSIBLE)
def test_a_day_that_exists_passes_however_it_is_written(said: str) -> None:
    assert doubt(Held.BIRTH, said, TODAY) is None


def test_a_birth_lies_in_the_past_and_other_days_need_not() -> None:
    assert doubt(Held.BIRTH, "23 November 2026", TODAY) is NOT_YET_BORN
    assert doubt(Held.BIRTH, "令和9年1月1日", TODAY) is NOT_YET_BORN
    assert doubt(None, "from 23 November 2026", TODAY) is None


def test_a_day_that_does_not_exist_is_none_in_any_other_item() -> None:
    assert doubt(None, "my trip began on 31 April 2024", TODAY) is NO_SUCH_DAY


@pytest.mark.parametrize("said", ["new@example.com", "ｎｅｗ＠ｅｘａｍｐｌｅ．ｃｏｍ", "it is new@example.com now"])
def test_one_whole_address_passes(said: str) -> None:
    assert doubt(Held.EMAIL, said, TODAY) is None


def test_two_addresses_and_none_are_told_apart() -> None:
    assert doubt(Held.EMAIL, "a@example.com or b@example.com", TODAY) is TWO_ADDRESSES
    assert doubt(Held.EMAIL, "new at example", TODAY) is NO_ADDRESS
    assert doubt(Held.EMAIL, "new@example..com", TODAY) is NO_ADDRESS
    assert TWO_ADDRESSES.firm
    assert not NO_ADDRESS.firm


@pytest.mark.parametrize(
    "said", ["03-1234-5678", "０９０－１２３４－５６７８", "+81 90 1234 5678", "call 03-1234-5678"]
)
def test_a_phone_number_passes(said: str) -> None:
    assert doubt(Held.PHONE, said, TODAY) is None


@pytest.mark.parametrize("said", ["03-12", "none", "1234567890123456"])
def test_too_few_or_too_many_digits_are_doubted(said: str) -> None:
    assert doubt(Held.PHONE, said, TODAY) is NO_PHONE


@pytest.mark.parametrize(
    "said", ["〒123-4567 東京都", "１２３－４５６７", "1234567", "12 Example Street, Leeds", "東京都港区1-2-3"]
)
def test_an_address_passes(said: str) -> None:
    assert doubt(Held.ADDRESS, said, TODAY) is None


@pytest.mark.parametrize("said", ["〒123-456 東京都", "123-45678", "12345"])
def test_a_postal_code_of_another_length_is_doubted(said: str) -> None:
    assert doubt(Held.ADDRESS, said, TODAY) is NO_POSTAL_CODE
