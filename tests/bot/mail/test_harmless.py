"""Words made safe: no line of a header can be forged, nothing of a customer's can be clicked."""

import email
import email.policy
import unicodedata
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.mail.harmless import BadAddress, defang, one_address, one_line, plain_lines, quoted
from bot.mail.letter import Letter

SEPARATORS = [
    "\r\n", "\n", "\r", "\v", "\f", "\x1c", "\x1d", "\x1e", "\x85", "\u2028", "\u2029", "\x00", "\t", "\x1b", "\x7f",
    "\u202e", "\u202a", "\u2066", "\u2069", "\u200e", "\u200f", "\u061c", "\u200b", "\ufeff", "\ud800", "\U000e0041",
]  # fmt: skip


def letter(subject: str = "Hello", name: str = "Desk", to: str = "a@example.jp", thread: str | None = None) -> Letter:
    at = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
    return Letter("1", "<code.1@example.com>", thread, at, name, "desk@example.com", to, subject, "Words\n")


@pytest.mark.parametrize("separator", SEPARATORS, ids=lambda sign: "-".join(f"{ord(each):04X}" for each in sign))
def test_no_separator_ends_a_header(separator: str) -> None:
    poison = f"Hello{separator}Bcc: victim@example.org{separator}{separator}<b>body</b>"
    raw = letter(subject=poison, name=poison).as_message().as_bytes()
    parsed = email.message_from_bytes(raw, policy=email.policy.default)
    assert sorted(parsed.keys()) == sorted(letter().as_message().keys())
    assert parsed["Bcc"] is None
    assert [each.addr_spec for each in parsed["From"].addresses] == ["desk@example.com"]
    assert parsed.get_content().replace("\r\n", "\n") == "Words\n"
    assert separator not in str(parsed["Subject"])


@given(st.text())
def test_a_header_value_is_one_seen_line(text: str) -> None:
    value = one_line(text)
    assert len(value) <= 160
    assert not {unicodedata.category(sign) for sign in value} & {"Cc", "Cf", "Cs", "Zl", "Zp"}
    letter(subject=text, name=text).as_message().as_bytes()


@given(st.text())
def test_a_body_takes_any_words(text: str) -> None:
    for words in (plain_lines(text), quoted(text, 100)):
        assert not {unicodedata.category(sign) for sign in words if sign != "\n"} & {"Cc", "Cf", "Cs", "Zl", "Zp"}
    assert all(line.startswith("  |") for line in quoted(text, 100).splitlines())


@pytest.mark.parametrize(
    ("words", "harmless"),
    [
        ("https://evil.example/a.b?c=d", "hxxps[:]//evil[.]example/a[.]b?c=d"),
        ("see HTTP://EVIL.example.", "see hxxp[:]//EVIL[.]example[.]"),
        ("ここhttps://evil.example/です", "ここhxxps[:]//evil[.]example/です"),
        ("www.evil.example/x and evil.co.jp", "www[.]evil[.]example/x and evil[.]co[.]jp"),
        ("tg://resolve?domain=x file://c/x", "tg[:]//resolve?domain=x file[:]//c/x"),
        (r"\\evil\share", r"[\\]evil\share"),
        ("http://user@evil.example", "hxxp[:]//user@evil[.]example"),
        ("例え.テスト and xn--r8jz45g.xn--zckzah", "例え.テスト and xn--r8jz45g[.]xn--zckzah"),
        ("new address: hanako.s@example.co.jp.", "new address: hanako.s@example.co.jp."),
        ("passport.pdf, 1.5 kg, 3.14.", "passport.pdf, 1.5 kg, 3.14."),
        ("そうです。よろしく", "そうです。よろしく"),
    ],
)
def test_nothing_can_be_clicked(words: str, harmless: str) -> None:
    assert defang(words) == harmless


def test_a_customer_cannot_speak_in_our_voice() -> None:
    assert (
        quoted("I agree\r\n■ Case / 案件\u2028Status: closed", 100)
        == "  | I agree\n  | ■ Case / 案件\n  | Status: closed"
    )
    assert quoted("a" * 50, 10) == "  | " + "a" * 10 + " …"
    assert quoted(" \n ", 10) == ""


@pytest.mark.parametrize(
    "text",
    ["", "a", "a@", "@b.jp", "a@b.jp, c@d.jp", "a@b.jp c@d.jp", "a@b.jp\r\nBcc: c@d.jp", "<a@b.jp>", "A <a@b.jp>",
     '"a b"@c.jp', "a@b.jp\n", " a@b.jp", "a@b.jp;c@d.jp", "a@b@c.jp", "a@-b.jp", "a@b.jp\u2028", "a@b.jp>",
     "a@b.jp\x00"],
)  # fmt: skip
def test_two_addresses_are_not_one(text: str) -> None:
    with pytest.raises(BadAddress) as refused:
        one_address(text)
    assert len(text) < 4 or text not in str(refused.value)


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("hanako+x@example.co.jp", "hanako+x@example.co.jp"),
        ("staff@localhost", "staff@localhost"),
        ("hanako@例え.jp", "hanako@xn--r8jz45g.jp"),
        ("a@straße.de", "a@xn--strae-oqa.de"),
        ("花子@example.jp", "花子@example.jp"),
    ],
)
def test_one_address_is_taken(text: str, address: str) -> None:
    assert one_address(text) == address
