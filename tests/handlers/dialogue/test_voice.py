"""The voice: our own texts are filled once, and nothing that a customer wrote is ever read as one of them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.dialogue.script import Script
from handlers.dialogue.voice import Utterance, Voice, merge

EN = [{"type": "slot", "name": "language", "value": "en"}]
JA = [{"type": "slot", "name": "language", "value": "ja"}]
VOICE = Voice(
    Script(
        {
            "responses": {
                "utter_filed": [
                    {"condition": EN, "text": "On file: {what} as {ref}."},
                    {"condition": JA, "text": "{ref}：{what}"},
                ],
                "utter_both": [{"text": "Which? {company}", "buttons": [{"title": "Yes", "payload": "/affirm"}]}],
                "utter_odd": [{"text": "{} {0} {UPPER} {{ref}} {ref.__class__} {ref!r} %(ref)s $ref {ref}"}],
            }
        },
        (),
    )
)
TEMPLATES = ["{ref}", "{what}", "{company}", "{ref.__class__}", "%(ref)s", "$ref", "{{ref}}", "{0}"]


def test_places_are_filled_in_the_language_spoken() -> None:
    assert VOICE.line("utter_filed", "en", what="deletion", ref="M-1") == "On file: deletion as M-1."
    assert VOICE.line("utter_filed", "ja", what="削除", ref="M-1") == "M-1：削除"


def test_a_message_wins_over_what_is_remembered() -> None:
    message = {"response": "utter_filed", "what": "now"}
    assert VOICE.render(message, "en", {"what": "before", "ref": "M-1"}).text == "On file: now as M-1."


@pytest.mark.parametrize("words", TEMPLATES)
def test_a_customers_words_stay_as_they_are(words: str) -> None:
    assert VOICE.line("utter_filed", "en", what=words, ref="M-1") == f"On file: {words} as M-1."


@given(st.text() | st.lists(st.sampled_from(TEMPLATES)).map("".join), st.text())
def test_whatever_is_filled_in_is_never_read_again(what: str, ref: str) -> None:
    found = VOICE.line("utter_filed", "en", what=what, ref=ref)
    assert found == f"On file: {what} as {ref}.".strip()


def test_only_plain_names_in_braces_are_places() -> None:
    filled = "{} {0} {UPPER} {M-1} {ref.__class__} {ref!r} %(ref)s $ref M-1"
    assert VOICE.line("utter_odd", "en", ref="M-1") == filled


def test_a_place_that_nobody_filled_stays_to_be_seen() -> None:
    assert VOICE.line("utter_filed", "en", ref="M-1") == "On file: {what} as M-1."


def test_words_that_are_no_response_are_never_filled() -> None:
    said = VOICE.render({"text": " {ref} of the policy "}, "en", {"ref": "M-1"})
    assert said == Utterance("{ref} of the policy")


def test_choices_of_the_message_come_before_those_of_the_response() -> None:
    message = {"response": "utter_both", "buttons": [{"title": "No", "payload": "/deny"}]}
    said = VOICE.render(message, "ja", {"company": "{ref}"})
    assert said == Utterance("Which? {ref}", (("No", "/deny"), ("Yes", "/affirm")))
    assert VOICE.titles("utter_both", "en") == {"/affirm": "Yes"}


@pytest.mark.parametrize(
    ("said", "merged"),
    [
        ([], []),
        ([Utterance("a"), Utterance("b")], [Utterance("a\n\nb")]),
        ([Utterance("a"), Utterance("b", (("x", "y"),))], [Utterance("a\n\nb", (("x", "y"),))]),
        (
            [Utterance("a", (("x", "y"),)), Utterance("b")],
            [Utterance("a", (("x", "y"),)), Utterance("b")],
        ),
        ([Utterance(""), Utterance("b"), Utterance("")], [Utterance("b")]),
        ([Utterance("")], []),
        ([Utterance("a" * 3000), Utterance("b" * 3000)], [Utterance("a" * 3000), Utterance("b" * 3000)]),
    ],
)
def test_what_is_said_in_one_breath_is_one_message(said: list[Utterance], merged: list[Utterance]) -> None:
    assert merge(said) == merged


@given(st.lists(st.builds(Utterance, st.text("ab", min_size=1, max_size=2000)), max_size=8))
def test_merging_loses_no_word_and_keeps_their_order(said: list[Utterance]) -> None:
    assert "".join(each.text for each in merge(said)).replace("\n\n", "") == "".join(each.text for each in said)
