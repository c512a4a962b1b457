"""While the mail proof is closed the talk says so, to everybody in the same words, and goes on to a request on file."""

from datetime import timedelta

import pytest

from handlers.desk.requests import Status
from tests.factories import OpenDesk
from tests.handlers.dialogue.talks import (
    HANAKO,
    NOBODY,
    WANTED,
    asked_for_a_code,
    code_of,
    goes_on_to,
    state_of,
    wrong_code_of,
)  # fmt: skip

LINE = "closed for a while at the moment, for everybody"


async def close(desk: OpenDesk) -> None:
    async with desk.desk.memory.begin() as work:
        now = desk.clock()
        assert await work.challenges.close_mail_proof(desk.desk.company.id, now, now + timedelta(hours=1))


@pytest.mark.parametrize("email", [HANAKO, NOBODY])
async def test_who_names_an_address_goes_on_without_a_code(desk: OpenDesk, email: str) -> None:
    await close(desk)
    alice = desk.customer()
    for words in (WANTED, "1", "1"):
        await alice.says(words)
    assert LINE in await alice.says(email)
    await goes_on_to(alice, None)
    [case] = await desk.cases()
    assert (case.status, case.assurance) == (Status.AWAITING_IDENTITY, frozenset())


@pytest.mark.parametrize("what", ["1", "right", "wrong"])
async def test_who_waits_for_a_code_is_told_the_same_whatever_they_do(desk: OpenDesk, what: str) -> None:
    said = []
    for name, email in (("alice", HANAKO), ("mallory", NOBODY)):
        customer = await asked_for_a_code(desk, name, email)
        typed = {"right": await code_of(customer), "wrong": await wrong_code_of(customer)}.get(what, what)
        said.append((customer, typed))
    await close(desk)
    heard = {await customer.says(typed) for customer, typed in said}
    assert len(heard) == 1
    assert LINE in heard.pop()
    assert {(await state_of(customer)).requested for customer, _ in said} == {"reach"}
