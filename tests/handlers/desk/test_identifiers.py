"""Addresses: one form in which they are compared; look-alikes are other addresses, or none."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.provisional import domains

from handlers.desk.identifiers import find_address_parts, find_emails, normalise_email

LOCALS = st.text("abcdefghijklmnopqrstuvwxyz0123456789", min_size=1, max_size=20)


@pytest.mark.parametrize(
    ("typed", "indexed"),
    [
        ("Hanako@Example.COM", "hanako@example.com"),
        ("  hanako@example.com\n", "hanako@example.com"),
        ("ｈａｎａｋｏ＠ｅｘａｍｐｌｅ．ｃｏｍ", "hanako@example.com"),
        ("hanako+desk@example.com", "hanako+desk@example.com"),
        ("hana.ko@example.com", "hana.ko@example.com"),
        ("taro@xn--r8jz45g.jp", "taro@例え.jp"),
        ("taro@例え.jp", "taro@例え.jp"),
        ("TARO@XN--R8JZ45G.JP", "taro@例え.jp"),
        ("straße@example.jp", "straße@example.jp"),
        ("strasse@example.jp", "strasse@example.jp"),
        ("hanаko@example.com", "hanаko@example.com"),
        ("hanako@example.com, taro@example.jp", None),
        ("hanako@example.com;taro@example.jp", None),
        ("hanako@example.com taro@example.jp", None),
        ("hanako@example.com\ntaro@example.jp", None),
        ("Hanako <hanako@example.com>", None),
        ("hanako@@example.com", None),
        ("hanako@example", None),
        ("hanako@localhost", None),
        ("hanako@[127.0.0.1]", None),
        ('"hana ko"@example.com', None),
        ("hana..ko@example.com", None),
        (".hanako@example.com", None),
        ("hanako", None),
        ("@example.com", None),
        ("", None),
        ("hanako@example.com\r\nBcc: x@example.jp", None),
        ("hana\x00ko@example.com", None),
        ("hanako@example.com\u202e", None),
        ("hanako@exa mple.com", None),
    ],
)
def test_the_form_in_which_an_address_is_indexed(typed: str, indexed: str | None) -> None:
    assert normalise_email(typed) == indexed


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("hanako@example.com", "hanаko@example.com"),  # a Cyrillic а
        ("hanako@example.com", "hanakο@example.com"),  # a Greek ο
        ("taro@example.jp", "taro@exаmple.jp"),
        ("iris@example.jp", "ırıs@example.jp"),  # a dotless ı
        ("iris@example.jp", "İRİS@example.jp"),  # a dotted İ
        ("strasse@example.jp", "straße@example.jp"),
        ("muller@example.jp", "müller@example.jp"),
        ("taro@xn--r8jz45g.jp", "taro@例元.jp"),
        ("hanako@example.com", "hana.ko@example.com"),
        ("hanako@example.com", "hanako+a@example.com"),
    ],
)
def test_look_alikes_are_other_addresses(one: str, other: str) -> None:
    assert normalise_email(one) != normalise_email(other)


@given(LOCALS, domains())
def test_case_never_makes_a_difference(local: str, domain: str) -> None:
    address = f"{local}@{domain}"
    assert normalise_email(address) == normalise_email(address.upper())


@given(st.emails())
def test_an_indexed_address_is_its_own_form(address: str) -> None:
    indexed = normalise_email(address)
    assert indexed is None or normalise_email(indexed) == indexed


@given(st.text())
def test_reading_never_fails(text: str) -> None:
    normalise_email(text)
    find_emails(text)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("hanako@example.com", ["hanako@example.com"]),
        ("my address is hanako@example.com.", ["hanako@example.com"]),
        ("メールはhanako@example.comです", ["hanako@example.com"]),
        ("이메일은 hanako@example.com입니다", ["hanako@example.com"]),
        ("「ｈａｎａｋｏ＠ｅｘａｍｐｌｅ．ｃｏｍ」", ["hanako@example.com"]),
        ("<hanako@example.com>", ["hanako@example.com"]),
        ("mailto:hanako@example.com", ["hanako@example.com"]),
        ("hanako@example.com、taro@example.jp", ["hanako@example.com", "taro@example.jp"]),
        ("hanako@example.com,taro@example.jp", ["hanako@example.com", "taro@example.jp"]),
        ("taro@xn--r8jz45g.jp", ["taro@xn--r8jz45g.jp"]),
        ("no address", []),
        ("@hanako", []),
        ("аlex@example.org", []),  # would be lex@example.org
        ("alех@example.org", []),
        ("taro@exаmple.jp", []),
        ("taro@example.jр", []),  # would be taro@example.j
        ("jürgen@example.org", []),  # would be rgen@example.org
        ("straße@example.org", []),  # would be e@example.org
        ("taro@exámple.jp", []),
        ("٣taro@example.jp", []),
    ],
)
def test_addresses_in_a_text_are_whole_or_not_found(text: str, found: list[str]) -> None:
    assert find_emails(text) == found


@given(st.text("abх界ー .@-", max_size=30))
def test_what_is_found_stands_there_in_ascii(text: str) -> None:
    for address in find_emails(text):
        assert address.isascii()
        assert address in text


def test_masks_see_more_than_look_ups_do() -> None:
    assert find_address_parts("аlex@example.org, jürgen@example.org") == ["lex@example.org", "rgen@example.org"]
