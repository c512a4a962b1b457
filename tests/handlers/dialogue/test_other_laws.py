"""What only some laws know is offered where the company's law has it, and nowhere else."""

from handlers.desk.requests import RequestKind
from tests.factories import OpenDesk
from tests.handlers.dialogue.laws import under
from tests.handlers.dialogue.talks import WANTED, goes_on_to

PORTABLE = "My data in a form that I can take elsewhere"
BY_MACHINE = "A person should look at a decision that a machine made"
STOP_USING = "stop using my data but do not delete it"


async def test_data_to_take_elsewhere(desk: OpenDesk) -> None:
    desk = under("eu-gdpr", desk)
    customer = desk.customer()
    await customer.says(WANTED)
    await customer.presses(PORTABLE)
    assert customer.choices == ["Electronically"]
    await goes_on_to(customer, "email")
    await customer.says("I cannot use my registered address")
    assert f"What: {PORTABLE}" in await customer.says("Hanako, 03-1234-5678")
    assert "your data in a form that you can take elsewhere" in await customer.says("Yes, file it")
    [case] = await desk.cases()
    assert (case.kind, case.article) == (RequestKind.PORTABILITY, "20(1), 20(2)")


async def test_a_person_s_look_at_a_machine_s_decision(desk: OpenDesk) -> None:
    desk = under("eu-gdpr", desk)
    customer = desk.customer()
    await customer.says(STOP_USING)
    assert "Which decision is it" in await customer.presses(BY_MACHINE)
    await customer.says("My request to pay by invoice was turned down within a second")
    await customer.says("I cannot use my registered address")
    shown = await customer.says("Hanako, 03-1234-5678")
    assert f"What to do: {BY_MACHINE}" in shown
    assert "Which decision: My request to pay by invoice" in shown
    await customer.says("Yes, file it")
    [case] = await desk.cases()
    assert (case.kind, case.article) == (RequestKind.AUTOMATED_DECISION, "22(1), 22(3)")


async def test_neither_is_offered_where_the_law_has_no_such_right(desk: OpenDesk) -> None:
    customer = desk.customer()
    await customer.says(WANTED)
    assert PORTABLE not in customer.choices
    await customer.says("stop")
    assert "Which use of your data should stop?" in await customer.says(STOP_USING)
    assert BY_MACHINE not in customer.choices
