"""A code counts for half an hour: a request that is confirmed later is not filed unproved without a word."""

import pytest

from handlers.desk.assurance import Proof
from tests.factories import OpenDesk
from tests.handlers.dialogue.talks import at_the_summary, code_of, state_of


@pytest.mark.parametrize("yes", ["Yes, file it", "yes"])
async def test_a_yes_after_half_an_hour_asks_for_a_new_code_and_keeps_all_else(desk: OpenDesk, yes: str) -> None:
    customer = await at_the_summary(desk)
    before = (await state_of(customer)).slots
    desk.clock.goes_on(minutes=31)
    said = await customer.says(yes)
    assert "I need a new one before I file this" in said
    assert "Please type the eight digits here" in said
    assert await desk.cases() == []
    after = (await state_of(customer)).slots
    kept = ("draft_id", "arrived_at", "email", "disclosure_what", "method")
    assert {name: after[name] for name in kept} == {name: before[name] for name in kept}
    assert "what I will file" in await customer.says(await code_of(customer))
    assert "Your request is on file" in await customer.says(yes)
    assert [each.assurance for each in await desk.cases()] == [{Proof.MAIL}]


async def test_a_yes_in_time_files_at_once(desk: OpenDesk) -> None:
    customer = await at_the_summary(desk)
    desk.clock.goes_on(minutes=29)
    assert "Your request is on file" in await customer.says("Yes, file it")
    assert [each.assurance for each in await desk.cases()] == [{Proof.MAIL}]


async def test_who_could_not_use_a_code_is_not_asked_for_one(desk: OpenDesk) -> None:
    customer = desk.customer()
    for words in (
        "stop sending me ads",
        "E-mail magazine",
        "I cannot use my registered address",
        "Hanako, 03-1234-5678",
    ):
        await customer.says(words)
    desk.clock.goes_on(hours=5)
    assert "Your request is on file" in await customer.says("Yes, file it")
