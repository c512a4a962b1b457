"""The forms: every language has all of them, with the same places to fill."""

from pathlib import Path

import pytest

from bot.mail.stationery import FOLDER, load_stationery
from handlers.desk.articles import article_ja
from handlers.desk.codes import DIGITS, LIFETIME
from handlers.desk.errors import BadSetting
from handlers.desk.requests import Status
from intents.parse import Language

STATIONERY = load_stationery()


def test_every_language_has_every_letter() -> None:
    names = {language: {name for folder, name in STATIONERY.forms if folder == language} for language in Language}
    assert names[Language.EN] == names[Language.JA] >= {"code", "receipt"}
    assert {folder for folder, _ in STATIONERY.forms} == {*Language, "staff"}


@pytest.mark.parametrize("name", sorted(name for folder, name in STATIONERY.forms if folder == "en"))
def test_languages_say_the_same(name: str) -> None:
    english, japanese = STATIONERY.form("en", name), STATIONERY.form("ja", name)
    assert set(english.body.get_identifiers()) == set(japanese.body.get_identifiers())
    assert set(english.subject.get_identifiers()) == set(japanese.subject.get_identifiers())
    assert set(english.parts) == set(japanese.parts)


@pytest.mark.parametrize("status", [Status.OPEN, Status.AWAITING_IDENTITY, Status.WITHDRAWN])
def test_a_status_that_a_fresh_request_can_have_has_its_words(status: Status) -> None:
    """A later one takes those of an open request."""
    assert f"lead.{status}" in STATIONERY.form("staff", "escalation").parts
    assert all(f"identity.{status}" in STATIONERY.form(language, "receipt").parts for language in Language)


def test_the_code_letter_says_how_long_and_how_many() -> None:
    assert (DIGITS, LIFETIME.total_seconds()) == (8, 600)
    assert "eight digits" in STATIONERY.form("en", "code").body.template
    assert "ten minutes" in STATIONERY.form("en", "code").body.template
    assert "8桁" in STATIONERY.form("ja", "code").body.template
    assert "10分間" in STATIONERY.form("ja", "code").body.template


def test_a_language_without_forms_gets_english_ones() -> None:
    assert STATIONERY.form("fr", "code") is STATIONERY.form("en", "code")


def test_faulty_forms_are_told_together(tmp_path: Path) -> None:
    (tmp_path / "en").mkdir()
    (tmp_path / "en" / "code.txt").write_text("Subject: A\n\nThat is 5 $ a day\n\n=== more\n\n", encoding="utf-8")
    (tmp_path / "en" / "receipt.txt").write_text("Words\n", encoding="utf-8")
    with pytest.raises(BadSetting) as refused:
        load_stationery(tmp_path)
    assert refused.value.faults == (
        "en/code.txt: more is empty.",
        "en/code.txt: the letter has a stray $.",
        "en/receipt.txt: subject is empty.",
    )


def test_no_form_holds_a_code_of_ours() -> None:
    for path in FOLDER.glob("*/*.txt"):
        body = path.read_text(encoding="utf-8").split("\n=== ")[0]
        assert "_" not in body.replace("$first_touch", "")


@pytest.mark.parametrize(
    ("article", "words"),
    [
        ("33(1)", "第33条第1項"),
        ("35(1), 18", "第35条第1項・第18条"),
        ("26", "第26条"),
        ("24-2(1)", "第24条の2第1項"),
        ("§7021(b)", "§7021(b)"),
    ],
)
def test_articles_in_japanese(article: str, words: str) -> None:
    assert article_ja(article) == words
