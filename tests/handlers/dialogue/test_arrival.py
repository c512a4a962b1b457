"""A request arrives with the customer's first message about it, whenever the desk reads it and however it asks back."""

from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest

from handlers.desk.escalation import brief
from handlers.desk.wording import load_wording
from handlers.dialogue.messages import Inbound
from tests.factories import Customer, OpenDesk
from tests.handlers.dialogue.talks import WANTED, code_of, goes_on_to

FRIDAY = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
"""Friday evening in Tokyo."""
TUESDAY = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
"""The next morning on which somebody is at the desk."""
VAGUE = "something about my personal data"


async def sent(customer: Customer, text: str, at: datetime) -> str:
    """Have the desk read now what was sent at `at`."""
    inbound = Inbound("test", uuid4().hex, customer.name, at, text=text)
    customer.last = await customer.at.desk.conversation.handle(inbound)
    return "\n".join(reply.text for reply in customer.last.replies)


async def files(customer: Customer) -> str:
    """From the open form to the receipt."""
    await goes_on_to(customer, "email")
    await customer.says("hanako@example.com")
    await customer.says(await code_of(customer))
    return await customer.says("Yes, file it")


async def wished_and_read_late(desk: OpenDesk) -> Customer:
    customer = desk.customer()
    desk.clock.now = TUESDAY
    await sent(customer, WANTED, FRIDAY)
    return customer


async def wished_vaguely_and_chosen_later(desk: OpenDesk) -> Customer:
    customer = desk.customer()
    desk.clock.now = FRIDAY
    assert "Do you mean this?" in await customer.says(VAGUE)
    desk.clock.now = TUESDAY
    await customer.presses("See the data you hold about me")
    return customer


async def wished_in_the_middle_of_another(desk: OpenDesk) -> Customer:
    customer = desk.customer()
    desk.clock.now = FRIDAY - timedelta(days=3)
    await customer.says("please correct my data")
    desk.clock.now = FRIDAY
    assert "Shall I put it aside" in await customer.says(WANTED)
    desk.clock.now = TUESDAY
    await customer.presses("Yes, turn to that")
    return customer


@pytest.mark.parametrize(
    "wish", [wished_and_read_late, wished_vaguely_and_chosen_later, wished_in_the_middle_of_another]
)
async def test_the_wish_itself_dates_the_request(
    desk: OpenDesk, wish: Callable[[OpenDesk], Awaitable[Customer]]
) -> None:
    receipt = await files(await wish(desk))
    [case] = await desk.cases()
    assert case.arrived_at == FRIDAY
    assert (case.first_touch_on, case.target_on) == (date(2026, 11, 24), date(2026, 12, 4))
    assert case.legal_mark_on == date(2026, 12, 4)
    assert "Arrived: 20 November 2026" in receipt
    assert "4 December 2026" in receipt
    talk = desk.desk.conversation
    async with desk.desk.memory.begin() as work:
        told = await brief(work, case, talk.controller, load_wording())
    assert told.exchanges[0].said in {WANTED, VAGUE}


async def test_a_sender_s_clock_that_is_ahead_dates_nothing_into_the_future(desk: OpenDesk) -> None:
    customer = desk.customer()
    await sent(customer, WANTED, desk.clock() + timedelta(days=2))
    await files(customer)
    assert [each.arrived_at for each in await desk.cases()] == [desk.clock()]


async def test_a_wish_that_was_vague_and_given_up_dates_nothing_later(desk: OpenDesk) -> None:
    customer = desk.customer()
    desk.clock.now = FRIDAY
    await customer.says(VAGUE)
    await customer.says("/start")
    desk.clock.now = TUESDAY
    await customer.presses("See my data")
    await files(customer)
    assert [each.arrived_at for each in await desk.cases()] == [TUESDAY]
