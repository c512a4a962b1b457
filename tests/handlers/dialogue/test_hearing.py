"""What comes in is made plain once: whatever people, phones and attackers put into a message."""

import time
import unicodedata
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.dialogue.hearing import Heard, clean, hear, is_question, language_of, plain
from handlers.dialogue.messages import MAX_TEXT, Inbound
from intents.parse import Language

AT = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
HIGH, LOW = chr(0xD83D), chr(0xDE00)
"""The halves of 😀."""
ANYTHING = st.text(st.characters())
"""Every code point there is, also NUL and half surrogates."""


def heard(text: str | None) -> Heard:
    return hear(Inbound("test", "1", "alice", AT, text=text))


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("hello", "hello"),
        ("  hello\n\n", "hello"),
        ("a\x00b", "ab"),
        (f"a{HIGH}b", "ab"),  # half of a pair
        (f"a{LOW}b", "ab"),  # the other half
        (f"{HIGH}{LOW}", "😀"),  # both halves, sent apart
        (f"{LOW}{HIGH}", ""),
        ("a\u202eb\u2066c", "abc"),  # right-to-left override and isolate
        ("a\u200bb\ufeffc", "abc"),  # zero-width space and byte order mark
        ("\ufeffhello", "hello"),
        ("a\x1b[31mb", "a[31mb"),
        ("a\r\nb", "a\nb"),
        ("a\tb", "a\tb"),
        ("e\u0301", "é"),
        ("か\u3099", "が"),
        ("a\ufffdb", "ab"),
        ("\U000e0061\U000e007f", ""),  # tag characters
        ("", ""),
        ("\x00", ""),
    ],
)
def test_what_is_kept_of_a_text(sent: str, kept: str) -> None:
    assert clean(sent) == kept
    assert heard(sent).text == kept


@given(ANYTHING)
def test_a_clean_text_can_be_kept_and_shown_anywhere(text: str) -> None:
    found = clean(text)
    found.encode("utf-8")
    assert unicodedata.is_normalized("NFC", found)
    assert not [sign for sign in found if unicodedata.category(sign) in {"Cc", "Cf", "Cs"} and sign not in "\n\t"]
    assert found == found.strip()


@given(ANYTHING)
def test_cleaning_twice_is_cleaning_once(text: str) -> None:
    assert clean(clean(text)) == clean(text)


@given(ANYTHING)
def test_hearing_never_fails(text: str) -> None:
    found = heard(text)
    assert len(found.said) <= MAX_TEXT
    assert plain(found.text) == plain(plain(found.text))


@pytest.mark.parametrize("text", ["x" * 200_000, "😀" * 50_000, "e\u0301" * 100_000, "\x00" * 200_000, "a@" * 100_000])
def test_two_hundred_kilobytes_are_cut_and_soon_done(text: str) -> None:
    began = time.perf_counter()
    found = heard(text)
    assert time.perf_counter() - began < 2
    assert found.cut
    assert len(found.text) <= MAX_TEXT


def test_a_long_text_is_cut_and_a_fitting_one_is_not() -> None:
    assert not heard("x" * MAX_TEXT).cut
    assert heard("x" * (MAX_TEXT + 1)).cut


def test_many_marks_on_one_letter_are_no_harm() -> None:
    assert heard("Z" + "\u0351" * 4000).text.startswith("Z")


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("/start", "start"),
        ("/START", "start"),
        ("/start@Madoguchi_bot", "start"),
        ("/help@Madoguchi_bot please", "help"),
        ("/start ref_123", "start"),
        ("/language\nEnglish", "language"),
        ("  /cancel  ", "cancel"),
        ("/mycases\u200b", "mycases"),
        ("/request_deletion", "request_deletion"),
    ],
)
def test_commands(text: str, command: str) -> None:
    found = heard(text)
    assert (found.command, found.text) == (command, "")


@pytest.mark.parametrize(
    "text", ["/", "/ start", "//start", "a /start", "/etc/passwd", "/123", "/start!", "/" + "x" * 40, "／start"]
)
def test_what_only_looks_like_a_command(text: str) -> None:
    found = heard(text)
    assert found.command is None
    assert found.text == text.strip()


def test_nothing_typed_is_nothing_heard() -> None:
    assert heard(None) == Heard(said="")


@pytest.mark.parametrize(
    ("text", "entities"),
    [
        ("hanako@example.com", {"email": "hanako@example.com"}),
        ("メールは hanako@example.com です", {"email": "hanako@example.com"}),
        ("a@example.com b@example.com", {"email": "a@example.com b@example.com"}),
        ("12345678", {"code": "12345678"}),
        ("1234 5678", {"code": "12345678"}),
        ("the code is 01234567.", {"code": "01234567"}),
        ("コードは０１２３４５６７です", {"code": "01234567"}),
        ("123456789", {}),
        ("call 090-1234-5678", {}),
        ("nothing here", {}),
    ],
)
def test_what_is_found_by_its_form(text: str, entities: dict[str, str]) -> None:
    assert heard(text).entities == entities


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("hello", Language.EN),
        ("こんにちは", Language.JA),
        ("ｶﾅ", Language.JA),
        ("削除", Language.JA),
        ("My data を消して", Language.JA),
        ("12345678", None),
        ("😀", None),
        ("a", None),
        ("привет", None),
        ("", None),
    ],
)
def test_the_language_that_a_script_shows(text: str, language: Language | None) -> None:
    assert language_of(text) is language


@pytest.mark.parametrize(
    ("text", "question"),
    [
        ("What does it cost?", True),
        ("how long does it take", True),
        ("but what is the fee", True),
        ("手数料はいくらですか", True),
        ("手数料は？", True),
        ("I moved in May", False),
        ("引っ越しました", False),
        ("", False),
    ],
)
def test_questions_by_their_form(text: str, question: bool) -> None:
    assert is_question(text) is question


@pytest.mark.parametrize(
    ("one", "other"),
    [("Yes", "yes"), ("YES!", "yes"), ("ＹＥＳ", "yes"), (" yes. ", "yes"), ("はい。", "はい"), ("１", "1")],
)
def test_typed_words_and_labels_are_compared_in_one_form(one: str, other: str) -> None:
    assert plain(one) == plain(other)


def test_a_persons_words_do_not_show_in_repr() -> None:
    assert "canary" not in repr(heard("canary@example.com 12345678"))
    assert "canary" not in repr(Inbound("test", "1", "alice", AT, text="canary"))
