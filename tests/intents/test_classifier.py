"""Whatever somebody sends is a defined Parse: three verdicts, no exception, bounded work."""

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from intents.catalogue import OUT_OF_SCOPE
from intents.classifier import (
    CERTAIN,
    Classifier,
    DenseHalf,
    Judgement,
    LanguageModel,
    Linear,
    Model,
    Thresholds,
    probabilities,
)
from intents.encoders import EncoderError, Encoders, Floats
from intents.parse import Language, Parse, Verdict
from intents.vocabulary import learn_vocabulary

LIMITS = Thresholds(known=0.2, foreign=0.3, sure=0.6, margin=0.2)


def model_of(shares: Sequence[float], limits: Thresholds = LIMITS, dense: DenseHalf | None = None) -> Model:
    """A model that answers every known word with these probabilities, the last being `out_of_scope`."""
    vocabulary, _ = learn_vocabulary(["data"], Language.EN)
    weights = np.zeros((len(vocabulary.rarity), len(shares)), np.float32)
    bias = np.log(np.asarray(shares, np.float32))
    intents = (*(f"intent_{n}" for n in range(len(shares) - 1)), OUT_OF_SCOPE)
    known = LanguageModel(intents, vocabulary, Linear(weights, bias), Judgement(1.0, 0.0, limits), dense)
    return Model({Language.EN: known}, "0" * 64)


@pytest.mark.parametrize(
    ("shares", "verdict"),
    [
        ((0.9, 0.05, 0.05), Verdict.SURE),
        ((0.61, 0.3, 0.09), Verdict.SURE),
        ((0.59, 0.3, 0.11), Verdict.UNSURE),
        ((0.45, 0.4, 0.15), Verdict.UNSURE),
        ((0.65, 0.04, 0.31), Verdict.UNKNOWN),
        ((0.05, 0.05, 0.9), Verdict.UNKNOWN),
        ((0.19, 0.18, 0.16, 0.16, 0.16, 0.15), Verdict.UNKNOWN),
    ],
)
def test_three_verdicts(shares: Sequence[float], verdict: Verdict) -> None:
    parse = Classifier(model_of(shares)).parse("data")
    assert parse.verdict is verdict
    assert [one.confidence for one in parse.ranking] == pytest.approx(sorted(shares, reverse=True), abs=1e-5)
    assert parse.intent == parse.ranking[0].intent


def test_a_near_second_is_asked_about_though_the_first_is_likely() -> None:
    limits = Thresholds(known=0.0, foreign=1.0, sure=0.4, margin=0.2)
    assert Classifier(model_of((0.5, 0.35, 0.15), limits)).parse("data").verdict is Verdict.UNSURE
    assert Classifier(model_of((0.6, 0.25, 0.15), limits)).parse("data").verdict is Verdict.SURE


class Encoder:
    """One vector for every text, or none; counts how often it is asked."""

    fingerprint = "the one"
    width = 2

    def __init__(self, fails: bool = False) -> None:
        self.fails = fails
        self.asked = 0

    def encode(self, texts: Sequence[str]) -> Floats:
        self.asked += len(texts)
        if self.fails:
            raise EncoderError("It does not answer.")
        return np.tile(np.asarray([1.0, 0.0], np.float32), (len(texts), 1))


def second_half(encoder: str = "the one", width: int = 2) -> DenseHalf:
    """Sees intent_1 in every text."""
    weights = np.zeros((width, 3), np.float32)
    weights[0, 1] = 9.0
    return DenseHalf(encoder, Linear(weights, np.zeros(3, np.float32)), Judgement(1.0, 1.0, LIMITS))


def test_the_second_look_is_taken_only_where_the_first_is_not_certain() -> None:
    encoder = Encoder()
    doubtful = Classifier(model_of((0.5, 0.3, 0.2), dense=second_half()), {Language.EN: encoder})
    assert doubtful.parse("data").intent == "intent_1"
    assert encoder.asked == 1
    certain = Classifier(model_of((0.95, 0.03, 0.02), dense=second_half()), {Language.EN: encoder})
    parse = certain.parse("data")
    assert (parse.intent, encoder.asked) == ("intent_0", 1)
    assert parse.confidence >= CERTAIN


def test_the_first_look_stands_where_the_encoder_fails() -> None:
    ears = Classifier(model_of((0.5, 0.3, 0.2), dense=second_half()), {Language.EN: Encoder(fails=True)})
    assert ears.parse("data") == Classifier(model_of((0.5, 0.3, 0.2))).parse("data")


@pytest.mark.parametrize("half", [second_half("another one"), second_half(width=3), None])
def test_an_encoder_that_the_model_was_not_trained_with_is_not_asked(half: DenseHalf | None) -> None:
    encoder = Encoder()
    ears = Classifier(model_of((0.5, 0.3, 0.2), dense=half), {Language.EN: encoder})
    assert ears.parse("data").intent == "intent_0"
    assert encoder.asked == 0


def is_defined(parse: Parse, text: str) -> bool:
    """What every reader of a Parse may count on."""
    confidences = [one.confidence for one in parse.ranking]
    assert parse.text == text
    assert confidences == sorted(confidences, reverse=True)
    assert len(confidences) <= 10
    assert all(0.0 <= one <= 1.0 for one in confidences)
    assert sum(confidences) <= 1.0001
    if parse.intent is None:
        assert (parse.confidence, parse.ranking, parse.verdict) == (0.0, (), Verdict.UNKNOWN)
    else:
        assert (parse.intent, parse.confidence) == (parse.ranking[0].intent, parse.ranking[0].confidence)
    return True


ODD = {
    "empty": "",
    "spaces": " \t\n\u3000",
    "an emoji never seen": "🦄",
    "many emoji": "💩🦄🪿" * 300,
    "200 kB": "delete my data " * 14_000,
    "200 kB in one word": "x" * 200_000,
    "200 kB of kanji": "消" * 70_000,
    "mixed scripts": "я want 消して my данные ください الآن",
    "control characters": "\x00\x01\x1b[31m\x7f\x9f",
    "lone surrogates": "\ud83d\ude00\udfff\ud800",
    "right to left": "\u202eatad ym eteled\u202c",
    "combining marks without end": "a" + "\u0301" * 5000,
    "a third language": "Сколько это стоит?",
    "a third language with Latin letters": "löschen Sie bitte meine Daten",
    "a language with kanji": "请删除我的数据",
    "ligatures": "\ufdfa" * 5000,
    "syllables": "na" * 5000 + "q",
    "apostrophes": "'" * 5000,
    "noncharacters": "\ufffe\uffff\U0010ffff",
}


@pytest.mark.parametrize("language", [None, *Language])
@pytest.mark.parametrize("text", ODD.values(), ids=ODD)
def test_bad_input_is_a_defined_parse(
    text: str, language: Language | None, two_halves: Model, letters: Encoders
) -> None:
    assert is_defined(Classifier(two_halves, letters.by_language).parse(text, language), text)


@given(st.text(alphabet=st.characters(exclude_categories=())), st.sampled_from([None, *Language]))
def test_any_text_at_all_is_a_defined_parse(
    two_halves: Model, letters: Encoders, text: str, language: Language | None
) -> None:
    assert is_defined(Classifier(two_halves, letters.by_language).parse(text, language), text)


@pytest.mark.parametrize("text", ["", "  ", "\x00\x07", "\ud800", "🦄"])
def test_what_holds_nothing_known_is_not_heard(text: str, two_halves: Model, letters: Encoders) -> None:
    """An empty message must never count as yes."""
    parse = Classifier(two_halves, letters.by_language).parse(text, Language.EN)
    assert (parse.intent, parse.verdict) == (None, Verdict.UNKNOWN)


def test_work_is_bounded_by_the_letters_that_are_read(two_halves: Model) -> None:
    """Of 200 kB the encoder and the features see what a thousand letters hold, and no more."""
    encoder = Encoder()
    seen: list[str] = []
    encoder.encode = lambda texts: seen.extend(texts) or np.zeros((1, 2), np.float32)  # type: ignore[method-assign,func-returns-value]
    ears = Classifier(model_of((0.5, 0.3, 0.2), dense=second_half()), {Language.EN: encoder})
    ears.parse("data " * 40_000)
    assert [len(text) <= 1001 for text in seen] == [True]
    known = two_halves.languages[Language.EN].vocabulary
    index, _ = known.weigh("x" * 1000)
    assert len(index) <= 3000


def test_the_conversations_language_reads_what_shows_none(two_halves: Model) -> None:
    ears = Classifier(two_halves)
    assert ears.parse("?", Language.JA).language is None
    assert ears.parse("削除して", Language.EN).language is Language.JA


def test_a_language_without_a_model_is_not_guessed_at() -> None:
    parse = Classifier(model_of((0.9, 0.05, 0.05))).parse("消して")
    assert (parse.intent, parse.verdict, parse.language) == (None, Verdict.UNKNOWN, Language.JA)


def test_words_are_kept_out_of_what_is_shown_of_a_parse(two_halves: Model) -> None:
    assert "secret" not in repr(Classifier(two_halves).parse("my secret is out"))


def test_probabilities_stand_great_logits() -> None:
    assert probabilities(np.asarray([1e4, 0, -1e4], np.float32)).tolist() == [1.0, 0.0, 0.0]
