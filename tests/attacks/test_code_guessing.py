"""Guessing codes, from one chat, from a hundred, in bursts: never more compares than the budgets allow."""

import asyncio
from datetime import datetime

import pytest

from handlers.desk.budgets import COMPARES, FAILURES_OF_ALL, FAILURES_OF_IDENTITY, SENDS
from handlers.desk.casework import CodeResult
from storage.challenges import SqlChallenges
from tests.attacks.sizes import TIMES
from tests.counter import HANAKO, Counter


async def compares(counter: Counter, email: str = HANAKO) -> int:
    """Guesses that were compared with a code that could have been right, past all of our own code."""
    query = "SELECT coalesce(sum(tries), 0) AS n FROM challenges WHERE customer_id IS NOT NULL AND identity = :identity"
    async with counter.memory.begin() as work:
        identity = work.register.identities(counter.controller.id, email)[0]
    [row] = await counter.rows(query, identity=identity)
    return int(row["n"])


async def a_month_of_guessing(counter: Counter, chats: int) -> None:
    """Ask for a code again and again, from so many chats, and guess each time far more often than one may."""
    for number in range(60 * TIMES):
        chat = f"chat {number % chats}"
        case = await counter.challenge(chat)
        await asyncio.gather(*(counter.guesses_wrong(chat, case) for _ in range(COMPARES * 2)))
        counter.clock.goes_on(hours=30 * 24 / 60 / TIMES - 1e-6)


def most() -> int:
    return SENDS[-1].most * COMPARES


@pytest.mark.parametrize("chats", [1, 100])
async def test_a_month_of_guessing_is_fifty_compares(counter: Counter, chats: int) -> None:
    await a_month_of_guessing(counter, chats)
    assert await compares(counter) <= min(most(), FAILURES_OF_IDENTITY.most)


async def test_control_a_compare_that_counts_afterwards_is_caught(
    counter: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The weakness of a counter that is read, compared and then written: everybody in a burst gets the same number."""

    async def spend_try(self: SqlChallenges, challenge_id: str, _now: datetime) -> bool:
        found = await self.get(challenge_id)
        assert found is not None
        return found.tries < COMPARES  # and nobody has written yet

    monkeypatch.setattr(SqlChallenges, "spend_try", spend_try)
    case = await counter.challenge("chat")
    found = await asyncio.gather(*(counter.guesses_wrong("chat", case) for _ in range(100)))
    assert found.count(CodeResult.WRONG) > COMPARES


@pytest.mark.parametrize("chats", [1, 100])
async def test_a_burst_in_one_batch_is_five_compares(counter: Counter, chats: int) -> None:
    case = await counter.challenge("chat 0")
    guesses = (counter.confirm(f"chat {n % chats}", case, f"{n:08d}") for n in range(100 * TIMES))
    found = await asyncio.gather(*guesses)
    assert CodeResult.CONFIRMED not in found
    assert await compares(counter) <= COMPARES


async def test_a_spray_over_many_identities_is_stopped_by_the_breaker(counter: Counter) -> None:
    tried = 0
    for number in range(60 * TIMES):
        chat, case = f"chat {number // 4}", await counter.challenge(f"chat {number // 4}", f"p{number}@example.net")
        rows = await counter.rows("SELECT 1 FROM challenges WHERE case_id = :case", case=case)
        if rows:
            for _ in range(COMPARES):
                tried += await counter.guesses_wrong(chat, case) is not CodeResult.CLOSED
    assert tried <= FAILURES_OF_ALL.most
    assert len(await counter.rows("SELECT 1 FROM audit WHERE fact = 'code_refused'")) == FAILURES_OF_ALL.most
