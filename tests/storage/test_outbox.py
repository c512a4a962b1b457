"""Letters owed: each is in one pair of hands at a time, for as long as the lease lasts, and none is forgotten."""

import asyncio
from datetime import datetime, timedelta
from itertools import product

from handlers.desk.lifecycle import Notice
from handlers.desk.ports import BY_MAIL, OutboxRow, Recipient
from handlers.desk.requests import new_id
from tests.counter import COMPANY, Counter

LEASE = timedelta(minutes=2)


def row(created_at: datetime, due_at: datetime | None = None) -> OutboxRow:
    return OutboxRow(
        new_id(), Notice.RECEIPT, Recipient.CUSTOMER, COMPANY, new_id(), new_id(), created_at, due_at or created_at
    )


async def owe(counter: Counter, count: int = 1, due_in: timedelta = timedelta()) -> list[OutboxRow]:
    now = counter.clock()
    owed = [row(now + timedelta(microseconds=number), now + due_in) for number in range(count)]
    async with counter.memory.begin() as work:
        for each in owed:
            await work.outbox.add(each)
    return owed


async def claim(counter: Counter, limit: int = 10) -> list[OutboxRow]:
    now = counter.clock()
    async with counter.memory.begin() as work:
        return list(await work.outbox.claim(now, now + LEASE, limit))


async def waiting(counter: Counter) -> int:
    async with counter.memory.begin() as work:
        return await work.outbox.waiting()


async def test_a_claimed_letter_comes_back_whole_with_its_attempt_counted(counter: Counter) -> None:
    [owed] = await owe(counter)
    [claimed] = await claim(counter)
    assert claimed == OutboxRow(
        owed.id, owed.notice, owed.recipient, owed.company, owed.case_id, owed.subject_id, owed.created_at,
        due_at=counter.clock() + LEASE, attempts=1,
    )  # fmt: skip


async def test_nothing_is_claimed_before_it_is_due(counter: Counter) -> None:
    await owe(counter, due_in=timedelta(seconds=30))
    counter.clock.goes_on(seconds=29)
    assert await claim(counter) == []
    counter.clock.goes_on(seconds=1)
    assert len(await claim(counter)) == 1


async def test_oldest_first_and_no_more_than_asked(counter: Counter) -> None:
    owed = await owe(counter, 5)
    assert [each.id for each in await claim(counter, 2)] == [each.id for each in owed[:2]]
    assert [each.id for each in await claim(counter, 9)] == [each.id for each in owed[2:]]


async def test_a_lease_keeps_others_away_and_ends_by_itself(counter: Counter) -> None:
    await owe(counter)
    assert len(await claim(counter)) == 1
    counter.clock.goes_on(minutes=1, seconds=59)
    assert await claim(counter) == []
    counter.clock.goes_on(seconds=1)
    assert [each.attempts for each in await claim(counter)] == [2]


async def test_many_hands_never_hold_the_same_letter(counter: Counter) -> None:
    owed = await owe(counter, 40)
    hands = await asyncio.gather(*(claim(counter, 3) for _ in range(30)))
    held = [each.id for hand in hands for each in hand]
    assert sorted(held) == sorted(each.id for each in owed)


async def test_a_letter_that_is_out_is_never_claimed_again(counter: Counter) -> None:
    await owe(counter)
    [claimed] = await claim(counter)
    async with counter.memory.begin() as work:
        await work.outbox.done(claimed.id, counter.clock())
    counter.clock.goes_on(days=400)
    assert (await claim(counter), await waiting(counter)) == ([], 0)


async def test_a_retry_waits_until_its_time(counter: Counter) -> None:
    await owe(counter)
    [claimed] = await claim(counter)
    async with counter.memory.begin() as work:
        await work.outbox.retry(claimed.id, counter.clock() + timedelta(minutes=30), "put_off")
    counter.clock.goes_on(minutes=29)
    assert (await claim(counter), await waiting(counter)) == ([], 1)
    assert (await counter.rows("SELECT reason FROM outbox")) == [{"reason": "put_off"}]
    counter.clock.goes_on(minutes=1)
    assert [each.attempts for each in await claim(counter)] == [2]


async def test_what_waits_for_a_reason_that_is_gone_becomes_due(counter: Counter) -> None:
    await owe(counter, 5)
    unreachable, slow, out, dead, _claimed = await claim(counter)
    later, now = counter.clock() + timedelta(hours=1), counter.clock()
    async with counter.memory.begin() as work:
        for each, reason in ((unreachable, "unreachable"), (slow, "slow"), (out, "slow"), (dead, "slow")):
            await work.outbox.retry(each.id, later, reason)
        await work.outbox.done(out.id, now)
        await work.outbox.bury(dead.id, now, "slow")
        await work.outbox.hasten(now, {"slow", "tls"})
    assert [each.id for each in await claim(counter)] == [slow.id]
    counter.clock.goes_on(hours=1)
    assert unreachable.id in [each.id for each in await claim(counter)]


async def test_a_dead_letter_stays_for_a_person_to_look_at(counter: Counter) -> None:
    await owe(counter)
    [claimed] = await claim(counter)
    async with counter.memory.begin() as work:
        await work.outbox.bury(claimed.id, counter.clock(), "recipient")
    counter.clock.goes_on(days=400)
    assert (await claim(counter), await waiting(counter)) == ([], 0)
    [left] = await counter.rows("SELECT dead_at, done_at, reason FROM outbox")
    assert left["dead_at"]
    assert (left["done_at"], left["reason"]) == (None, "recipient")


async def test_being_out_at_last_forgets_why_it_was_late(counter: Counter) -> None:
    await owe(counter)
    [claimed] = await claim(counter)
    async with counter.memory.begin() as work:
        await work.outbox.retry(claimed.id, counter.clock(), "slow")
        await work.outbox.done(claimed.id, counter.clock())
    assert await counter.rows("SELECT reason FROM outbox") == [{"reason": None}]


async def test_a_long_reason_is_cut(counter: Counter) -> None:
    await owe(counter, 2)
    one, other = await claim(counter)
    async with counter.memory.begin() as work:
        await work.outbox.retry(one.id, counter.clock(), "x" * 100)
        await work.outbox.bury(other.id, counter.clock(), "y" * 100)
    reasons = {row["reason"] for row in await counter.rows("SELECT reason FROM outbox")}
    assert reasons == {"x" * 64, "y" * 64}


async def test_a_claim_that_is_rolled_back_was_never_made(counter: Counter) -> None:
    await owe(counter)
    try:
        async with counter.memory.begin() as work:
            assert await work.outbox.claim(counter.clock(), counter.clock() + LEASE, 5)
            raise LookupError
    except LookupError:
        pass
    assert [each.attempts for each in await claim(counter)] == [1]


async def test_every_notice_and_recipient_comes_back(counter: Counter) -> None:
    now = counter.clock()
    async with counter.memory.begin() as work:
        for notice in Notice:
            for recipient in Recipient:
                await work.outbox.add(OutboxRow(new_id(), notice, recipient, COMPANY, "c", "s", now, now))
    assert {(each.notice, each.recipient) for each in await claim(counter, 100)} == set(product(Notice, BY_MAIL))
    async with counter.memory.begin() as work:
        found = await work.outbox.claim(now, now + LEASE, 100, {Recipient.CHAT}, COMPANY)
    assert {(each.notice, each.recipient) for each in found} == {(notice, Recipient.CHAT) for notice in Notice}


async def test_a_company_claims_its_own(counter: Counter) -> None:
    now = counter.clock()
    async with counter.memory.begin() as work:
        await work.outbox.add(OutboxRow(new_id(), Notice.LAPSE, Recipient.CHAT, "plus_one", "c", "s", now, now))
        assert await work.outbox.claim(now, now + LEASE, 100, {Recipient.CHAT}, COMPANY) == []
        assert len(await work.outbox.claim(now, now + LEASE, 100, {Recipient.CHAT})) == 1


async def test_a_dead_letter_is_told_with_its_reason_and_can_be_revived(counter: Counter) -> None:
    first, second = await owe(counter, 2)
    async with counter.memory.begin() as work:
        for each in (first, second):
            await work.outbox.bury(each.id, counter.clock(), "address")
    counter.clock.goes_on(days=1)
    assert await claim(counter) == []
    async with counter.memory.begin() as work:
        assert [(each.id, each.reason) for each in await work.outbox.dead()] == [
            (each.id, "address") for each in sorted((first, second), key=lambda each: each.id)
        ]
        assert await work.outbox.revive(counter.clock(), "no such letter") == 0
        assert await work.outbox.revive(counter.clock(), second.id) == 1
    [claimed] = await claim(counter)
    assert (claimed.id, claimed.attempts) == (second.id, 1)
    async with counter.memory.begin() as work:
        assert await work.outbox.revive(counter.clock()) == 1
        assert await work.outbox.dead() == []
