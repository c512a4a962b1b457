"""What one identity, one chat and all of them together may spend, and what is left when it is gone."""

import asyncio
import logging
from collections import Counter as Tally
from datetime import timedelta

import pytest

from handlers.desk import budgets
from handlers.desk.actors import ActorKind
from handlers.desk.assurance import Proof
from handlers.desk.budgets import CLOSED_FOR, FAILURES_OF_ALL, FAILURES_OF_CHAT, FAILURES_OF_IDENTITY, SENDS
from handlers.desk.casework import CodeResult
from handlers.desk.requests import RequestKind, Status, new_id
from tests.counter import HANAKO, NOBODY, TARO, Counter
from tests.handlers.desk.test_challenges import challenges_of, facts

CONFIRMED, WRONG, SPENT, CLOSED = CodeResult.CONFIRMED, CodeResult.WRONG, CodeResult.SPENT, CodeResult.CLOSED
_CHATS = FAILURES_OF_ALL.most // FAILURES_OF_CHAT.most
_CODES = FAILURES_OF_CHAT.most // budgets.COMPARES


async def sprays(counter: Counter, chats: int = _CHATS) -> list[CodeResult]:
    """Each chat tries address after address, as often as a chat may."""
    seen = []
    for chat in range(chats):
        for number in range(_CODES):
            case = await counter.challenge(f"sprayer {chat}", f"person{chat}.{number}@example.net")
            seen += [await counter.guesses_wrong(f"sprayer {chat}", case) for _ in range(budgets.COMPARES)]
    return seen


async def test_ten_codes_a_month_can_be_passed(counter: Counter) -> None:
    results = []
    for _ in range(14):
        case = await counter.challenge("chat")
        results.append(await counter.confirm("chat", case, await counter.code("chat", case)))
        counter.clock.goes_on(days=1)
    assert results == [CONFIRMED] * 10 + [WRONG] * 4


@pytest.mark.parametrize("budget", SENDS)
async def test_a_budget_comes_back_when_its_time_is_over(counter: Counter, budget: budgets.Budget) -> None:
    async def has_send() -> bool:
        async with counter.memory.begin() as work:
            identities = work.register.identities(counter.controller.id, HANAKO)
            return await work.challenges.has_send(identities, counter.clock())

    for _ in range(budget.most):
        await counter.challenge("chat")
    assert not await has_send()
    counter.clock.now += budget.within - timedelta(microseconds=1)
    assert not await has_send()
    counter.clock.now += timedelta(microseconds=1)
    assert await has_send()


@pytest.mark.parametrize("email", [HANAKO, NOBODY])
async def test_an_identity_takes_so_many_wrong_guesses_whatever_chats_they_come_from(
    counter: Counter, email: str
) -> None:
    seen = []
    for number in range(FAILURES_OF_IDENTITY.most):
        case = await counter.challenge(f"chat {number}", email)
        seen += [await counter.guesses_wrong(f"chat {number}", case) for _ in range(2)]
    assert Tally(seen) == {WRONG: FAILURES_OF_IDENTITY.most, SPENT: FAILURES_OF_IDENTITY.most}
    assert sum(each.tries for each in await challenges_of(counter, email)) == FAILURES_OF_IDENTITY.most


async def test_a_chat_takes_so_many_wrong_guesses_an_hour_whomever_they_are_about(counter: Counter) -> None:
    await sprays(counter, chats=1)
    case = await counter.challenge("sprayer 0", TARO)
    right = await counter.code("sprayer 0", case)
    assert await counter.confirm("sprayer 0", case, right) is SPENT
    other = await counter.challenge("honest", TARO)
    assert await counter.confirm("honest", other, await counter.code("honest", other)) is CONFIRMED
    counter.clock.goes_on(hours=1)
    case = await counter.challenge("sprayer 0", TARO)
    assert await counter.confirm("sprayer 0", case, await counter.code("sprayer 0", case)) is CONFIRMED


async def test_right_codes_spend_nothing_of_what_is_for_wrong_ones(counter: Counter) -> None:
    for number in range(FAILURES_OF_CHAT.most + 1):
        email = f"person{number}@example.com"
        await counter.registers(email)
        await counter.proves("a branch office", email=email)
    async with counter.memory.begin() as work:
        assert await work.challenges.failures_since(counter.controller.id, counter.clock() - CLOSED_FOR) == 0


async def test_a_spray_closes_the_mail_proof_for_everybody(counter: Counter, caplog: pytest.LogCaptureFixture) -> None:
    waiting = await counter.challenge("honest")
    with caplog.at_level(logging.ERROR, logger="madoguchi"):
        await sprays(counter)
    assert [record.message for record in caplog.records] == ["desk.mail_proof_closed"]
    assert (await counter.owed()).count(("alarm", "staff")) == 1
    assert await facts(counter, "mail_proof_closed") == 1
    assert await counter.confirm("honest", waiting, await counter.code("honest", waiting)) is CLOSED
    letters = await counter.owed()
    for email in (HANAKO, NOBODY):
        async with counter.memory.begin() as work:
            assert not await counter.casework(work, "anybody").challenge(new_id(), RequestKind.DISCLOSURE, email)
    assert await counter.owed() == letters


async def test_while_it_is_closed_staff_can_still_prove_who_it_is(counter: Counter) -> None:
    await sprays(counter)
    request = await counter.files("victim")
    assert request.status is Status.AWAITING_IDENTITY
    async with counter.memory.begin() as work:
        proved = await counter.casework(work, "clerk", ActorKind.STAFF).verify(
            request.ref, Proof.DOCUMENT, "a passport, seen", HANAKO
        )
    assert proved.status is Status.OPEN


async def test_it_opens_again_by_itself_and_can_close_again(counter: Counter) -> None:
    await sprays(counter)
    counter.clock.now += CLOSED_FOR
    await counter.proves("honest")
    await sprays(counter)
    assert (await counter.owed()).count(("alarm", "staff")) == 2


async def test_one_guess_less_closes_nothing(counter: Counter) -> None:
    await sprays(counter, _CHATS - 1)
    case = await counter.challenge("last", "last@example.net")
    for number in range(FAILURES_OF_CHAT.most - 1):
        if number and number % budgets.COMPARES == 0:
            case = await counter.challenge("last", f"last{number}@example.net")
        await counter.guesses_wrong("last", case)
    await counter.challenge("honest")
    assert await facts(counter, "mail_proof_closed") == 0
    assert await counter.guesses_wrong("last", case) is SPENT
    assert await facts(counter, "mail_proof_closed") == 1


async def test_at_once_the_budgets_hold_as_well(counter: Counter) -> None:
    cases = {f"chat {n}": await counter.challenge(f"chat {n}", NOBODY) for n in range(20)}
    wrong = [counter.guesses_wrong(chat, case) for chat, case in cases.items() for _ in range(5)]
    seen = Tally(await asyncio.gather(*wrong))
    assert sum(each.tries for each in await challenges_of(counter, NOBODY)) == FAILURES_OF_IDENTITY.most
    assert seen[SPENT] >= FAILURES_OF_IDENTITY.most
