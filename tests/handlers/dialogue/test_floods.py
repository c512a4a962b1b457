"""A chat that sends faster than anybody writes is told so once, then met with silence; other chats notice nothing."""

from handlers.dialogue.conversation import MOST_A_MINUTE
from tests.factories import Customer, OpenDesk
from tests.handlers.dialogue.talks import at_the_summary, kept_of, with_a_case

LINE = "That was a lot at once"


async def floods(customer: Customer, sent_before: int, times: int = 5) -> list[str]:
    """Go to the brim of what a minute takes, and then some; returns what is said from the first one too many on."""
    for _ in range(MOST_A_MINUTE - sent_before):
        assert LINE not in await customer.sends(choice="stale.0")
    return [await customer.says("yes") for _ in range(times)]


async def sent_by(customer: Customer) -> int:
    async with customer.at.desk.memory.begin() as work:
        record = await work.conversations.get(customer.at.desk.company.id, "test", customer.name)
        assert record is not None
        return len(await work.conversations.turns_since(record.id, record.created_at))


async def test_one_line_then_silence_then_on_where_it_was(desk: OpenDesk) -> None:
    alice = await at_the_summary(desk)
    before = await kept_of(alice)
    first, *rest = await floods(alice, await sent_by(alice))
    assert LINE in first
    assert rest == [""] * 4
    assert await kept_of(alice) == before
    assert await desk.cases() == []
    desk.clock.goes_on(seconds=60)
    await alice.says("yes")
    assert len(await desk.cases()) == 1


async def test_other_chats_are_answered_meanwhile_and_what_is_filed_stays(desk: OpenDesk) -> None:
    alice = await with_a_case(desk)
    await floods(alice, await sent_by(alice))
    assert "privacy desk" in await desk.customer("bob").says("hello")
    assert len(await desk.cases()) == 1


async def test_a_flood_that_goes_on_gets_no_further_word(desk: OpenDesk) -> None:
    alice = desk.customer()
    await alice.says("hello")
    assert LINE in (await floods(alice, 1))[0]
    for _ in range(3):
        desk.clock.goes_on(seconds=25)
        assert [await alice.says("yes") for _ in range(MOST_A_MINUTE // 2 + 1)] == [""] * (MOST_A_MINUTE // 2 + 1)


async def test_a_repeated_delivery_gets_what_it_got(desk: OpenDesk) -> None:
    alice = desk.customer()
    await alice.says("hello")
    await floods(alice, 1, times=0)
    assert LINE in await alice.sends(text="yes", delivery="one too many")
    assert LINE in await alice.sends(text="yes", delivery="one too many")
    assert await alice.sends(text="yes", delivery="two too many") == ""
