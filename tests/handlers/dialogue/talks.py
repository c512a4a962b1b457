"""What tests of whole turns share: what a chat's state is, and customers who have come some way into a form."""

from pathlib import Path

from handlers.desk.codes import code_for
from handlers.dialogue.messages import Document
from handlers.dialogue.state import State, load_state
from tests.factories import Customer, OpenDesk

PNG = bytes.fromhex("89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000049454e44ae426082")
HANAKO, NOBODY = "hanako@example.com", "nobody@example.com"
WANTED = "I want to see what you have on me"
ANSWERS = {"reach": "Hanako, 03-1234-5678"}
"""What is answered where the first choice, or a mere 1, would not do."""


async def chat_id(customer: Customer) -> str:
    async with customer.at.desk.memory.begin() as work:
        record = await work.conversations.get(customer.at.desk.company.id, "test", customer.name)
    assert record is not None
    return record.id


async def state_of(customer: Customer) -> State:
    async with customer.at.desk.memory.begin() as work:
        record = await work.conversations.get(customer.at.desk.company.id, "test", customer.name)
    return load_state(record.state) if record is not None else State()


async def kept_of(customer: Customer) -> tuple[str | None, dict[str, object]]:
    """The open form and all that is remembered, without what belongs to the last message alone."""
    state = await state_of(customer)
    return state.active_loop, {name: value for name, value in state.slots.items() if name != "heard"}


async def code_of(customer: Customer) -> str:
    """The right code of the chat's newest challenge, whoever it is for."""
    memory, chat = customer.at.desk.memory, await chat_id(customer)
    draft = (await state_of(customer)).slots["draft_id"]
    async with memory.begin() as work:
        challenge = await work.challenges.current(draft, chat)
    assert challenge is not None
    return code_for(memory.vault.code_key, challenge.id)


async def wrong_code_of(customer: Customer) -> str:
    return "00000000" if await code_of(customer) != "00000000" else "11111111"


async def chooses(customer: Customer, intent: str) -> str:
    """Take a wish from those that the greeting offers, whatever it is called there."""
    await customer.says("/start")
    return await customer.says(customer.at.desk.conversation.voice.titles("utter_greet", "en")[f"/{intent}"])


async def asked_for_a_code(desk: OpenDesk, name: str = "alice", email: str = HANAKO) -> Customer:
    """Somebody who wants to see everything, electronically, and has named their address."""
    customer = desk.customer(name)
    for words in (WANTED, "1", "1", email):
        await customer.says(words)
    assert (await state_of(customer)).requested == "code"
    return customer


async def goes_on_to(customer: Customer, slot: str | None) -> str:
    """Answer whatever is asked, until `slot` is (None: until the form is through). Returns the desk's last words."""
    said = ""
    for _ in range(10):
        requested = (await state_of(customer)).requested
        if requested == slot:
            return said
        said = await customer.says(ANSWERS.get(str(requested), "1"))
    raise AssertionError(f"{slot} was never asked; the last words were {said!r}")


async def at_the_summary(desk: OpenDesk, name: str = "alice", email: str = HANAKO) -> Customer:
    customer = await asked_for_a_code(desk, name, email)
    await customer.says(await code_of(customer))
    assert (await state_of(customer)).requested == "confirmed"
    return customer


async def with_a_case(desk: OpenDesk, name: str = "alice") -> Customer:
    customer = await at_the_summary(desk, name)
    await customer.says("1")
    assert (await state_of(customer)).active_loop is None
    return customer


async def entries_of(desk: OpenDesk, number: int = 0) -> list[str]:
    """What lies with a request on file, in words."""
    cases = await desk.cases()
    async with desk.desk.memory.begin() as work:
        return [each.text for each in await work.cases.entries(cases[number].id)]


def picture(name: str = "passport.png", content: bytes = PNG) -> Document:
    return Document(name, content)


def files_of(desk: OpenDesk) -> list[Path]:
    """The database with its helper files."""
    return sorted(desk.desk.settings.data_dir.glob("madoguchi.db*"))
