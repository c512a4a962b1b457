"""The policy's own words come on demand only: by the choice or by name, never for a mere yes, never in a story."""

import pytest

from tests.factories import OpenDesk
from tests.handlers.dialogue.talks import chooses, state_of

JOINT = "do you use my data jointly with group companies?"
OWN_WORDS = "“The Company, Planet Group companies and the Company’s business partners”"


@pytest.mark.parametrize("words", ["The exact words", "can I see the original wording?", "原文", "quote it please"])
async def test_who_asks_gets_them_with_their_place(desk: OpenDesk, words: str) -> None:
    customer = desk.customer()
    assert OWN_WORDS not in await customer.says(JOINT)
    said = await customer.says(words)
    assert f"Policy, 4.2, Joint use: {OWN_WORDS}" in said


async def test_a_yes_after_an_answer_is_no_wish_for_them(desk: OpenDesk) -> None:
    customer = desk.customer()
    await customer.says(JOINT)
    assert customer.choices == ["The exact words"]
    assert OWN_WORDS not in await customer.says("yes")


async def test_after_a_silence_there_is_nothing_to_quote(desk: OpenDesk) -> None:
    customer = desk.customer()
    await customer.says(JOINT)
    await customer.says("how long do you keep my data?")
    assert "cited" not in (await state_of(customer)).slots
    assert OWN_WORDS not in await customer.says("the exact words please")


async def test_in_a_story_the_words_belong_to_the_story(desk: OpenDesk) -> None:
    customer = desk.customer()
    await customer.says(JOINT)
    await chooses(customer, "request_correction")
    await customer.says("1")
    await customer.says("1")
    assert (await state_of(customer)).requested == "now_says"
    await customer.says("exact words: Hanako")
    state = await state_of(customer)
    assert (state.slots["now_says"], state.requested) == ("exact words: Hanako", "should_say")
