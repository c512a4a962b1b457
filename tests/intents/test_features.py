"""From any string to n-grams: one normal form, the right reader, bounded work."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from intents.features import (
    BLOCK_WEIGHTS,
    LONGEST,
    english_grams,
    grams_of,
    is_romaji,
    japanese_grams,
    language_of,
    normalise,
    script_of,
)
from intents.parse import Language
from intents.vocabulary import learn_vocabulary

anything = st.text(alphabet=st.characters(exclude_categories=()), max_size=300)
"""Lone surrogates and control characters among them."""


@pytest.mark.parametrize(
    ("written", "normal"),
    [
        ("  Delete\tmy\n DATA ", "delete my data"),
        ("ＤＥＬＥＴＥ　ＭＥ", "delete me"),
        ("ｱｶｳﾝﾄ", "アカウント"),
        ("plsssss", "plss"),
        ("えーーーーー", "えーー"),
        ("don\u2019t", "don't"),
        ("zero\u200bwidth\u202e", "zerowidth"),
        ("a\x00b\x07c", "abc"),
        ("\ud83dhello\udc00", "hello"),
        ("", ""),
        ("\u3000\u00a0 ", ""),
        ("か\u3099", "が"),
    ],
)
def test_one_normal_form(written: str, normal: str) -> None:
    assert normalise(written) == normal


def test_of_a_long_message_the_beginning_and_the_end_are_read() -> None:
    normal = normalise("delete " + "x y " * 50_000 + "please")
    assert normal.startswith("delete ")
    assert normal.endswith(" please")
    assert len(normal) <= LONGEST + 1


def test_one_character_that_unfolds_into_many_does_not_unbind_the_length() -> None:
    assert len(normalise("\ufdfa" * 200_000)) <= 2 * LONGEST


@given(anything)
def test_normalising_is_steady_bounded_and_printable(text: str) -> None:
    normal = normalise(text)
    assert len(normal) <= 2 * LONGEST
    assert all(c.isprintable() for c in normal)
    assert normal == normal.strip()
    assert "  " not in normal
    normal.encode()


@given(anything, st.sampled_from(Language))
def test_every_text_has_grams_and_none_is_an_end_of_its_own(text: str, language: Language) -> None:
    blocks = grams_of(normalise(text), language)
    assert len(blocks) == len(BLOCK_WEIGHTS[language])
    assert sum(map(len, blocks)) <= 20 * (2 * LONGEST + 4)


@pytest.mark.parametrize(
    ("text", "script", "language"),
    [
        ("delete my data", Language.EN, Language.EN),
        ("削除して", Language.JA, Language.JA),
        ("my dataのコピーください", Language.JA, Language.JA),
        ("i need to see the 個人情報 that your office has", Language.EN, Language.EN),
        ("kaiji onegaishimasu", Language.EN, Language.JA),
        ("watashi no data wo keshite kudasai", Language.EN, Language.JA),
        ("banana", Language.EN, Language.EN),
        ("🙏🙏", None, None),
        ("12345", None, None),
        ("Сколько это стоит", None, None),
        ("¿cuánto cuesta?", Language.EN, Language.EN),
        ("", None, None),
    ],
)
def test_who_reads_and_which_language_it_is(text: str, script: Language | None, language: Language | None) -> None:
    assert script_of(normalise(text)) is script
    assert language_of(normalise(text)) is language


def test_syllables_without_end_are_judged_in_one_pass() -> None:
    """A pattern that can read "na" in two ways would try two to the power of three hundred of them."""
    assert not is_romaji("na" * 300 + "q")
    assert not is_romaji("nya" * 300 + "q")
    assert is_romaji("na" * 300 + " kudasai")


def test_english_grams_know_words_pairs_and_borders() -> None:
    words, pieces = english_grams("don't go!")
    assert {"don't", "go", "!", "don't go"} <= set(words)
    assert {"_go", "go_", "_go_"} <= set(pieces)
    assert "t_g" not in pieces


def test_japanese_grams_do_not_care_about_spaces() -> None:
    assert japanese_grams("消して 下さい") == japanese_grams("消して下さい")


def test_a_vocabulary_is_the_same_in_any_order_of_lines() -> None:
    lines = ["delete my data", "show my data", "hello"]
    (one, _), (other, _) = learn_vocabulary(lines, Language.EN), learn_vocabulary(lines[::-1], Language.EN)
    assert [list(block.items()) for block in one.columns] == [list(block.items()) for block in other.columns]
    assert np.array_equal(one.rarity, other.rarity)


@pytest.mark.parametrize("language", Language)
def test_many_texts_weigh_what_each_weighs_alone(language: Language) -> None:
    lines = ["delete my data, delete it", "データを消して、消してください", "👍", "show"]
    known, table = learn_vocabulary(lines, language)
    for row, line in enumerate(lines):
        index, values = known.weigh(line)
        assert sorted(zip(index.tolist(), values.tolist(), strict=True)) == [
            (column, pytest.approx(value, abs=1e-6))
            for column, value in sorted(zip(table[row].indices.tolist(), table[row].data.tolist(), strict=True))
        ]


def test_each_block_weighs_what_it_should_whatever_the_length() -> None:
    known, _ = learn_vocabulary(["delete my data", "show my data"], Language.EN)
    for text in ("data", "delete my data my data my data"):
        index, values = known.weigh(text)
        border = len(known.columns[0])
        lengths = [float(np.linalg.norm(values[index < border])), float(np.linalg.norm(values[index >= border]))]
        assert lengths == pytest.approx(BLOCK_WEIGHTS[Language.EN], abs=1e-5)


def test_words_never_learned_have_no_features() -> None:
    known, _ = learn_vocabulary(["abc"], Language.EN)
    index, values = known.weigh("zzz")
    assert {gram for gram, column in known.columns[0].items() if column in index.tolist()} == {"\x02", "\x03"}
    assert len(index) == len(values) == 2, "the ends of a text, and no more"


def test_a_vocabulary_remembers_no_word_that_it_did_not_learn() -> None:
    known, _ = learn_vocabulary(["delete my data"], Language.EN)
    first, again = (known.weigh("delete hanako data") for _ in range(2))
    assert [part.tolist() for part in first] == [part.tolist() for part in again]
    assert "'delete': (" in repr(vars(known)), "a learned word's pieces are looked up once"
    assert "hanako" not in repr(vars(known))
