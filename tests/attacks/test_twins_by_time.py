"""A registered address and one that nobody has, by the time that each step takes: no difference that can be measured.

Twins are interleaved in drawn order, so that whatever else the machine does falls on both. Two statistics, one that
counts who was slower and one that compares means (without the slowest tenth), as in dudect: beyond 4.5 is a leak.
"""

import asyncio
import random
import statistics
import time
from math import sqrt

import pytest

from storage.register import SqlRegister
from tests.attacks.sizes import TIMES
from tests.counter import HANAKO, NOBODY, Counter

LEAK = 4.5
PAIRS = 120 * TIMES


async def steps(counter: Counter, email: str, number: int) -> tuple[float, float]:
    """Seconds that it takes to ask for a code, and to guess it wrongly."""
    chat = f"{email} {number}"
    begun = time.perf_counter()
    case = await counter.challenge(chat, email)
    asked = time.perf_counter()
    await counter.confirm(chat, case, "0000000x")
    return asked - begun, time.perf_counter() - asked


async def measured(counter: Counter) -> tuple[list[tuple[float, float]], list[tuple[float, float]]]:
    """(asking, guessing) of twins, pair by pair."""
    chance = random.Random(5)
    found: dict[str, list[tuple[float, float]]] = {HANAKO: [], NOBODY: []}
    for number in range(PAIRS):
        for email in chance.sample([HANAKO, NOBODY], 2):
            found[email].append(await steps(counter, email, number))
        counter.clock.goes_on(days=31)  # no budget is spent, so both could be passed
    return found[HANAKO], found[NOBODY]


def slower(one: list[float], other: list[float]) -> float:
    """How far from chance it is that one of a pair is slower: a sign test's z."""
    count = sum(a > b for a, b in zip(one, other, strict=True))
    return (count - len(one) / 2) / sqrt(len(one) / 4)


def welch(one: list[float], other: list[float]) -> float:
    """Welch's t without the slowest tenth of each."""
    kept = [sorted(each)[: len(each) * 9 // 10] for each in (one, other)]
    spread = sqrt(sum(statistics.variance(each) / len(each) for each in kept))
    return (statistics.fmean(kept[0]) - statistics.fmean(kept[1])) / spread


def scores(one: list[tuple[float, float]], other: list[tuple[float, float]]) -> list[float]:
    """Both statistics for both steps."""
    found = []
    for step in (0, 1):
        a, b = [each[step] for each in one], [each[step] for each in other]
        found += [abs(slower(a, b)), abs(welch(a, b))]
    return found


async def test_no_step_takes_longer_for_one_than_for_the_other(counter: Counter) -> None:
    assert max(scores(*await measured(counter))) < LEAK


async def test_control_five_milliseconds_are_found(counter: Counter, monkeypatch: pytest.MonkeyPatch) -> None:
    honest = SqlRegister.find

    async def find(self: SqlRegister, company: str, email: str) -> str | None:
        found = await honest(self, company, email)
        if found is not None:
            await asyncio.sleep(0.005)  # as a look-up that goes on where there is somebody
        return found

    monkeypatch.setattr(SqlRegister, "find", find)
    asking, asking_by_mean, *_ = scores(*await measured(counter))
    assert asking > LEAK
    assert asking_by_mean > LEAK
