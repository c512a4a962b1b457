"""What the chat keeps is told, and forgotten when the person wants it: words, drafts and state, and nothing filed."""

from intents.parse import Language
from tests.factories import Customer, OpenDesk
from tests.handlers.dialogue.talks import (
    WANTED,
    asked_for_a_code,
    chat_id,
    code_of,
    entries_of,
    goes_on_to,
    picture,
    state_of,
    with_a_case,
)

CANARY = "my canary question"


async def sees_out(customer: Customer) -> None:
    """What was said so far goes out, as a door would see to it."""
    chat = await chat_id(customer)
    async with customer.at.desk.memory.begin() as work:
        for turn in await work.conversations.turns_since(chat, customer.at.clock.now.replace(year=2000)):
            await work.conversations.mark_sent(turn.id, 1, customer.at.clock())


async def words_of(customer: Customer) -> str:
    """Everything that is remembered of the chat, unsealed."""
    chat = await chat_id(customer)
    async with customer.at.desk.memory.begin() as work:
        turns = await work.conversations.turns_since(chat, customer.at.clock.now.replace(year=2000))
        record = await work.conversations.by_id(chat)
    assert record is not None
    return "\n".join([record.state, *(f"{each.said} {each.replies}" for each in turns)])


async def test_what_is_kept_is_told(desk: OpenDesk) -> None:
    alice = await with_a_case(desk)
    [case] = await desk.cases()
    said = await alice.says("/mydata")
    assert case.ref in said
    assert "deleted after 90 days" in said
    assert "not filed yet" not in said
    await alice.says(WANTED)
    assert "not filed yet" in await alice.says("/mydata")


async def test_the_command_alone_forgets_nothing(desk: OpenDesk) -> None:
    alice = desk.customer()
    await alice.says(CANARY)
    await sees_out(alice)
    assert "cannot be undone" in await alice.says("/forget")
    await alice.says("hello")
    assert CANARY in await words_of(alice)


async def test_words_drafts_and_state_are_forgotten(desk: OpenDesk) -> None:
    alice = await asked_for_a_code(desk)
    await alice.says(CANARY)
    await alice.sends(document=picture("canary.png"))
    draft = (await state_of(alice)).slots["draft_id"]
    await sees_out(alice)
    await alice.says("/forget")
    await sees_out(alice)
    assert "Done." in await alice.presses("Yes, forget it")
    words = await words_of(alice)
    for canary in (CANARY, "hanako@example.com", WANTED, draft):
        assert canary not in words
    async with desk.desk.memory.begin() as work:
        assert await work.cases.entries(draft) == []
    state = await state_of(alice)
    assert (state.active_loop, set(state.slots)) == (None, {"language", "company", "desk"})
    await alice.says(WANTED)
    await goes_on_to(alice, "email")


async def test_what_is_filed_stays(desk: OpenDesk) -> None:
    alice = await asked_for_a_code(desk)
    await alice.sends(document=picture("passport.png"))
    await alice.says(await code_of(alice))
    await goes_on_to(alice, None)
    before = await desk.cases()
    await alice.says("/forget")
    await sees_out(alice)
    await alice.presses("Yes, forget it")
    assert await desk.cases() == before
    assert await entries_of(desk) == ["passport.png"]
    assert before[0].ref in await alice.says("/mycases")


async def test_budgets_are_not_forgotten(desk: OpenDesk) -> None:
    alice = await asked_for_a_code(desk)
    await alice.says("/forget")
    await alice.presses("Yes, forget it")
    async with desk.desk.memory.engine.connect() as connection:
        assert len((await connection.exec_driver_sql("SELECT 1 FROM challenges")).all()) == 1
        facts = [row.fact for row in await connection.exec_driver_sql("SELECT fact FROM audit ORDER BY number")]
    assert facts == ["code_requested", "forgotten"]


async def test_a_delivery_that_was_forgotten_is_not_taken_twice(desk: OpenDesk) -> None:
    alice = desk.customer()
    await alice.sends(text=CANARY, delivery="d1")
    await sees_out(alice)
    await alice.says("/forget")
    await alice.presses("Yes, forget it")
    assert await alice.sends(text=CANARY, delivery="d1") == ""


async def test_in_japanese(desk: OpenDesk) -> None:
    hana = desk.customer("hana", Language.JA)
    assert "90日後に削除します" in await hana.says("/mydata")
    assert "元に戻せません" in await hana.says("/forget")
    assert "消しました" in await hana.says("はい、消してください")
