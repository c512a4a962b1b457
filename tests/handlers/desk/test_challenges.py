"""Codes at the counter, on a real database: bound, short-lived, passed once, five compares, budgets without reset."""

import asyncio
import random
from collections import Counter as Tally

import pytest

from handlers.desk import budgets
from handlers.desk.casework import CodeResult
from handlers.desk.ports import Challenge
from handlers.desk.requests import RequestKind, Status, new_id
from handlers.desk.rights import load_law
from tests.counter import COMPANY, HANAKO, NOBODY, TARO, Counter

SENDS_AN_HOUR, SENDS_A_DAY = (each.most for each in budgets.SENDS[:2])
CONFIRMED, WRONG, SPENT = CodeResult.CONFIRMED, CodeResult.WRONG, CodeResult.SPENT


async def facts(counter: Counter, fact: str) -> int:
    return len(await counter.rows("SELECT 1 FROM audit WHERE fact = :fact", fact=fact))


async def challenges_of(counter: Counter, email: str) -> list[Challenge]:
    async with counter.memory.begin() as work:
        identity = work.register.identities(COMPANY, email)[0]
    rows = await counter.rows("SELECT id FROM challenges WHERE identity = :identity", identity=identity)
    async with counter.memory.begin() as work:
        found = [await work.challenges.get(row["id"]) for row in rows]
    return [each for each in found if each is not None]


async def test_the_right_code_confirms(counter: Counter) -> None:
    case = await counter.challenge("chat")
    assert await counter.confirm("chat", case, await counter.code("chat", case)) is CONFIRMED


async def test_a_code_is_owed_once_and_to_the_customer(counter: Counter) -> None:
    await counter.challenge("chat")
    assert await counter.owed() == [("code", "customer")]


async def test_five_compares_and_the_sixth_right_code_is_refused(counter: Counter) -> None:
    case = await counter.challenge("chat")
    right = await counter.code("chat", case)
    assert [await counter.guesses_wrong("chat", case) for _ in range(5)] == [WRONG] * 4 + [SPENT]
    assert await counter.confirm("chat", case, right) is SPENT
    assert (await counter.current("chat", case)).tries == budgets.COMPARES
    assert (await counter.files("chat", case=case)).assurance == frozenset()


async def test_the_fifth_compare_may_still_be_right(counter: Counter) -> None:
    case = await counter.challenge("chat")
    assert [await counter.guesses_wrong("chat", case) for _ in range(4)] == [WRONG] * 4
    assert await counter.confirm("chat", case, await counter.code("chat", case)) is CONFIRMED


@pytest.mark.parametrize(
    ("after", "result"),
    [
        ({"minutes": 9, "seconds": 59, "microseconds": 999_999}, CONFIRMED),
        ({"minutes": 10}, SPENT),
        ({"minutes": 10, "microseconds": 1}, SPENT),
        ({"days": 400}, SPENT),
    ],
)
async def test_a_code_lives_ten_minutes(counter: Counter, after: dict[str, float], result: CodeResult) -> None:
    case = await counter.challenge("chat")
    right = await counter.code("chat", case)
    counter.clock.goes_on(**after)
    assert await counter.confirm("chat", case, right) is result


async def test_an_expired_code_costs_no_compare(counter: Counter) -> None:
    case = await counter.challenge("chat")
    counter.clock.goes_on(minutes=11)
    assert await counter.guesses_wrong("chat", case) is SPENT
    assert (await counter.current("chat", case)).tries == 0


async def test_a_code_is_used_once(counter: Counter) -> None:
    case = await counter.proves("chat")
    assert await counter.confirm("chat", case, await counter.code("chat", case)) is SPENT
    assert await facts(counter, "code_confirmed") == 1


async def test_a_newer_code_kills_the_older(counter: Counter) -> None:
    case = await counter.challenge("chat")
    older = await counter.code("chat", case)
    counter.clock.goes_on(seconds=30)
    await counter.challenge("chat", case=case)
    assert await counter.confirm("chat", case, older) is WRONG
    assert await counter.confirm("chat", case, await counter.code("chat", case)) is CONFIRMED


async def test_of_codes_asked_for_at_one_instant_the_last_one_counts(counter: Counter) -> None:
    case = new_id()
    for _ in range(3):
        await counter.challenge("chat", case=case)
    living = [each for each in await challenges_of(counter, HANAKO) if each.expires_at > counter.clock()]
    assert [each.id for each in living] == [(await counter.current("chat", case)).id]
    assert await counter.confirm("chat", case, await counter.code("chat", case)) is CONFIRMED


async def test_asking_again_takes_back_a_proof(counter: Counter) -> None:
    case = await counter.proves("chat")
    await counter.challenge("chat", NOBODY, case=case)
    assert (await counter.files("chat", case=case)).status is Status.AWAITING_IDENTITY


async def test_without_a_code_asked_for_nothing_is_confirmed(counter: Counter) -> None:
    assert await counter.confirm("chat", new_id(), "12345678") is SPENT


async def test_a_code_is_bound_to_its_chat(counter: Counter) -> None:
    case = await counter.challenge("chat")
    right = await counter.code("chat", case)
    assert await counter.confirm("another chat", case, right) is SPENT
    assert (await counter.current("chat", case)).tries == 0
    assert await counter.confirm("chat", case, right) is CONFIRMED
    assert (await counter.files("another chat", case=case)).assurance == frozenset()


async def test_a_code_is_bound_to_its_case(counter: Counter) -> None:
    case, other = await counter.challenge("chat"), await counter.challenge("chat", TARO)
    assert await counter.confirm("chat", other, await counter.code("chat", case)) is WRONG
    assert await counter.confirm("chat", case, await counter.code("chat", case)) is CONFIRMED
    assert (await counter.files("chat", case=other)).customer_id is None
    assert (await counter.files("chat", case=case)).customer_id is not None


@pytest.mark.parametrize("kind", sorted(load_law("jp-appi").types.keys() - {RequestKind.MARKETING_STOP}))
async def test_a_code_is_bound_to_its_kind(counter: Counter, kind: RequestKind) -> None:
    case = await counter.proves("chat", RequestKind.MARKETING_STOP)
    request = await counter.files("chat", kind, case=case)
    assert (request.assurance, request.customer_id) == (frozenset(), None)


@pytest.mark.parametrize(("minutes", "proof"), [(29.99, "E"), (30, "E"), (30.01, "")])
async def test_a_passed_code_counts_for_half_an_hour(counter: Counter, minutes: float, proof: str) -> None:
    case = await counter.proves("chat")
    counter.clock.goes_on(minutes=minutes)
    assert "".join((await counter.files("chat", case=case)).assurance) == proof


async def test_three_codes_an_hour_can_be_passed(counter: Counter) -> None:
    results = []
    for _ in range(5):
        case = await counter.challenge("chat")
        results.append(await counter.confirm("chat", case, await counter.code("chat", case)))
        counter.clock.goes_on(minutes=5)
    assert results == [CONFIRMED, CONFIRMED, CONFIRMED, WRONG, WRONG]


async def test_the_hour_is_counted_from_each_code(counter: Counter) -> None:
    for _ in range(3):
        await counter.challenge("chat")
    counter.clock.goes_on(minutes=59, seconds=59)
    case = await counter.challenge("chat")
    assert await counter.confirm("chat", case, await counter.code("chat", case)) is WRONG
    counter.clock.goes_on(minutes=60)  # an hour after the refused one, which counts as well
    case = await counter.challenge("chat")
    assert await counter.confirm("chat", case, await counter.code("chat", case)) is CONFIRMED


async def test_five_codes_a_day_can_be_passed(counter: Counter) -> None:
    results = []
    for _ in range(7):
        case = await counter.challenge("chat")
        results.append(await counter.confirm("chat", case, await counter.code("chat", case)))
        counter.clock.goes_on(minutes=61)
    assert results == [CONFIRMED] * 5 + [WRONG] * 2


async def test_the_budget_is_the_addresss_and_not_the_chats(counter: Counter) -> None:
    for number in range(100):
        await counter.challenge(f"chat {number}")
    passable = [each for each in await challenges_of(counter, HANAKO) if each.customer_id is not None]
    assert len(passable) == SENDS_AN_HOUR
    case = await counter.challenge("honest", TARO)
    assert await counter.confirm("honest", case, await counter.code("honest", case)) is CONFIRMED


async def test_asking_again_and_again_never_gives_more_guesses_than_the_budgets(counter: Counter) -> None:
    """A day of asking every 45 minutes and guessing six times each: 25 compares with a code that could be right."""
    for _ in range(32):
        case = await counter.challenge("attacker")
        right = await counter.code("attacker", case)
        for _ in range(6):
            await counter.confirm("attacker", case, "00000000" if right != "00000000" else "11111111")
        counter.clock.goes_on(minutes=45)
    found = await challenges_of(counter, HANAKO)
    assert sum(each.tries for each in found if each.customer_id is not None) == SENDS_A_DAY * budgets.COMPARES
    assert sum(each.tries for each in found) == budgets.FAILURES_OF_IDENTITY.most


async def test_beyond_the_budget_everything_looks_the_same(counter: Counter) -> None:
    """The first code of an hour and the tenth give the same results to the same wrong guesses."""
    seen = []
    for number in range(10):
        chat = f"chat {number // 3}"  # one chat alone has fewer guesses an hour
        case = await counter.challenge(chat)
        seen.append([await counter.guesses_wrong(chat, case) for _ in range(6)])
    assert seen == [[WRONG] * 4 + [SPENT] * 2] * 10
    assert await counter.owed() == [("code", "customer")] * 10


@pytest.mark.parametrize(("guesses", "chats"), [(1000, 1), (200, 10)])
async def test_a_thousand_guesses_at_once_are_five_compares(counter: Counter, guesses: int, chats: int) -> None:
    case = await counter.challenge("chat 0")
    right = await counter.code("chat 0", case)
    wrong = [f"{n:08d}" for n in random.sample(range(10**8), guesses + 1) if f"{n:08d}" != right][:guesses]
    found = await asyncio.gather(*(counter.confirm(f"chat {n % chats}", case, each) for n, each in enumerate(wrong)))
    assert Tally(found) == {WRONG: 4, SPENT: guesses - 4}
    assert (await counter.current("chat 0", case)).tries == 5
    assert await facts(counter, "code_refused") == 5
    assert await counter.confirm("chat 0", case, right) is SPENT


async def test_the_right_code_a_hundred_times_at_once_confirms_once(counter: Counter) -> None:
    case = await counter.challenge("chat")
    right = await counter.code("chat", case)
    found = await asyncio.gather(*(counter.confirm("chat", case, right) for _ in range(100)))
    assert Tally(found) == {CONFIRMED: 1, SPENT: 99}
    assert await facts(counter, "code_confirmed") == 1


async def test_a_hundred_chats_asking_at_once_stay_within_the_budget(counter: Counter) -> None:
    await asyncio.gather(*(counter.challenge(f"chat {n}") for n in range(100)))
    passable = [each for each in await challenges_of(counter, HANAKO) if each.customer_id is not None]
    assert len(passable) == SENDS_AN_HOUR


async def test_no_code_lies_in_the_database(counter: Counter) -> None:
    case = await counter.challenge("chat")
    right = await counter.code("chat", case)
    await counter.confirm("chat", case, right)
    for path in counter.path.parent.glob(f"{counter.path.name}*"):
        assert right.encode() not in path.read_bytes()
