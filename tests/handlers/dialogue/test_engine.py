"""Whole turns against a whole desk: what is stale, forged, repeated or edited changes nothing."""

import asyncio
import re
from collections.abc import Awaitable, Callable
from uuid import uuid4

import pytest

from handlers.desk.requests import Status
from handlers.dialogue.messages import Answer, Event, Inbound
from handlers.dialogue.state import State, load_state
from tests.factories import Customer, OpenDesk
from tests.handlers.dialogue.talks import (
    HANAKO,
    NOBODY,
    WANTED,
    asked_for_a_code,
    at_the_summary,
    chat_id,
    code_of,
    kept_of,
    picture,
    state_of,
    with_a_case,
    wrong_code_of,
)

NASTY = [
    "\x00", "\ud83d", "\udc00\ud83d", "\u202e\u202e", "x" * 200_000, "😀" * 4096, "Z" + "\u0351" * 3000, "\U000e0061",
    "/", "/start@Somebody_bot", "/nothing", "{ref} {0} %s ${x}", "'; DROP TABLE cases; --", "<b>&amp;</b>", "=1+1",
    "a@b.jp, c@d.jp", "30 February", "99999999999999999999", "１", "-1", "0", "", " ", "\n\n", "M-2222-2222-22",
]  # fmt: skip
STAGES: dict[str, Callable[[OpenDesk], Awaitable[Customer]]] = {}


def stage(reach: Callable[[OpenDesk], Awaitable[Customer]]) -> Callable[[OpenDesk], Awaitable[Customer]]:
    STAGES[reach.__name__] = reach
    return reach


@stage
async def at_the_beginning(desk: OpenDesk) -> Customer:
    customer = desk.customer()
    await customer.says("hello")
    return customer


@stage
async def at_a_choice(desk: OpenDesk) -> Customer:
    customer = desk.customer()
    await customer.says(WANTED)
    return customer


@stage
async def at_words(desk: OpenDesk) -> Customer:
    customer = desk.customer()
    await customer.says("I want to complain")
    return customer


STAGES["at_the_code"] = asked_for_a_code
STAGES["at_the_summary"] = at_the_summary
STAGES["with_a_case"] = with_a_case


def keys(answer: Answer | None) -> list[str]:
    assert answer is not None
    return [choice.key for reply in answer.replies for choice in reply.choices]


def texts(answer: Answer | None) -> str:
    assert answer is not None
    return "\n".join(reply.text for reply in answer.replies)


def inbound(customer: Customer, delivery: str, text: str | None = None, choice: str | None = None) -> Inbound:
    return Inbound("test", delivery, customer.name, customer.at.clock(), text=text, choice=choice)


async def all_rows(desk: OpenDesk) -> dict[str, int]:
    tables = ("cases", "case_entries", "challenges", "outbox", "audit")
    async with desk.desk.memory.engine.connect() as connection:
        return {
            table: int((await connection.exec_driver_sql(f"SELECT count(*) FROM {table}")).scalar_one())  # noqa: S608
            for table in tables
        }


# Buttons


async def test_a_button_does_what_it_says(desk: OpenDesk) -> None:
    customer = await at_a_choice(desk)
    await customer.sends(choice=keys(customer.last)[0])
    state = await state_of(customer)
    assert (state.slots["disclosure_what"], state.requested) == ("everything", "method")


async def test_a_key_fits_into_telegrams_64_bytes(desk: OpenDesk) -> None:
    customer = await at_the_summary(desk)
    assert keys(customer.last)
    assert all(len(key.encode()) <= 64 and key.isascii() for key in keys(customer.last))
    assert len(set(keys(customer.last))) == len(keys(customer.last))


async def test_a_button_of_an_earlier_question_changes_nothing(desk: OpenDesk) -> None:
    customer = await at_a_choice(desk)
    old = keys(customer.last)
    await customer.says("1")
    before, rows = await kept_of(customer), await all_rows(desk)
    for key in old:
        await customer.sends(choice=key)
        assert await kept_of(customer) == before
    assert await all_rows(desk) == rows
    assert keys(customer.last), "the open question is put again, with buttons that work"


async def test_a_button_of_a_filed_request_files_it_once(desk: OpenDesk) -> None:
    customer = await at_the_summary(desk)
    file_it = keys(customer.last)[0]
    for _ in range(3):
        await customer.sends(choice=file_it)
    assert len(await desk.cases()) == 1


@pytest.mark.parametrize(
    "forge",
    [
        lambda key: "", lambda key: ".", lambda key: "x", lambda key: key.split(".")[0], lambda key: f"{key}9",
        lambda key: key.split(".")[0] + ".99", lambda key: key.split(".")[0] + ".-1", lambda key: key + ".0",
        lambda key: key.split(".")[0] + ".", lambda key: key.split(".")[0] + ".1e1", lambda key: ".0",
        lambda key: key.split(".")[0] + ".\uff11", lambda key: key.split(".")[0] + ".²", lambda key: "0" * 12 + ".0",
        lambda key: key.split(".")[0] + "." + "9" * 51, lambda key: key.upper() if key != key.upper() else "y.0",
        lambda key: "/stop", lambda key: "\x00", lambda key: "\ud83d.0", lambda key: key.split(".")[0] + "." + "1" * 5000,
    ],
)  # fmt: skip
async def test_a_forged_key_changes_nothing(desk: OpenDesk, forge: Callable[[str], str]) -> None:
    customer = await at_a_choice(desk)
    key = keys(customer.last)[0]
    before, rows = await kept_of(customer), await all_rows(desk)
    await customer.sends(choice=forge(key))
    assert await kept_of(customer) == before
    assert await all_rows(desk) == rows


async def test_a_button_of_another_chat_changes_nothing(desk: OpenDesk) -> None:
    alice, mallory = await at_the_summary(desk, "alice"), await at_the_summary(desk, "mallory")
    before = await kept_of(mallory)
    await mallory.sends(choice=keys(alice.last)[0])
    assert await kept_of(mallory) == before
    assert await desk.cases() == []


@pytest.mark.parametrize("typed", ["1", "１", " 1. ", "Everything you hold about me", "everything you hold about me"])
async def test_a_choice_can_be_typed(desk: OpenDesk, typed: str) -> None:
    customer = await at_a_choice(desk)
    await customer.says(typed)
    assert (await state_of(customer)).slots["disclosure_what"] == "everything"


@pytest.mark.parametrize("typed", ["0", "99", "5", "-1", "1.5", "٣", "①①", "000000000000000001"])
async def test_a_number_that_is_none_of_the_choices_chooses_nothing(desk: OpenDesk, typed: str) -> None:
    customer = await at_a_choice(desk)
    await customer.says(typed)
    state = await state_of(customer)
    assert (state.requested, "disclosure_what" in state.slots) == ("disclosure_what", False)


async def test_where_nothing_can_be_chosen_a_number_is_only_a_number(desk: OpenDesk) -> None:
    customer = await at_words(desk)
    await customer.says("1")
    assert (await state_of(customer)).slots.get("complaint") == "1"


# What comes twice


@pytest.mark.parametrize("reach", STAGES.values(), ids=STAGES)
async def test_a_message_that_comes_again_gets_the_same_answer_and_does_nothing(
    desk: OpenDesk, reach: Callable[[OpenDesk], Awaitable[Customer]]
) -> None:
    customer = await reach(desk)
    message = inbound(customer, uuid4().hex, "1")
    first = await desk.desk.conversation.handle(message)
    before, rows = await state_of(customer), await all_rows(desk)
    desk.clock.goes_on(hours=1)
    for _ in range(3):
        again = await desk.desk.conversation.handle(message)
        assert (again.turn_id, again.replies) == (first.turn_id, first.replies)
    assert await state_of(customer) == before
    assert await all_rows(desk) == rows


async def test_filing_that_comes_ten_times_at_once_files_one(desk: OpenDesk) -> None:
    customer = await at_the_summary(desk)
    message = inbound(customer, uuid4().hex, choice=keys(customer.last)[0])
    answers = await asyncio.gather(*(desk.desk.conversation.handle(message) for _ in range(10)))
    assert len({each.turn_id for each in answers}) == 1
    assert len({each.replies for each in answers}) == 1
    [case] = await desk.cases()
    assert case.ref in texts(answers[0])


async def test_two_presses_at_once_file_one(desk: OpenDesk) -> None:
    """Not the same delivery twice: two of them, of one button."""
    customer = await at_the_summary(desk)
    key = keys(customer.last)[0]
    await asyncio.gather(
        *(desk.desk.conversation.handle(inbound(customer, uuid4().hex, choice=key)) for _ in range(10))
    )
    assert len(await desk.cases()) == 1


async def test_a_code_that_comes_twice_at_once_counts_once(desk: OpenDesk) -> None:
    customer = await asked_for_a_code(desk)
    message = inbound(customer, uuid4().hex, await wrong_code_of(customer))
    await asyncio.gather(*(desk.desk.conversation.handle(message) for _ in range(5)))
    async with desk.desk.memory.engine.connect() as connection:
        assert (await connection.exec_driver_sql("SELECT tries FROM challenges")).scalar_one() == 1


async def test_what_was_sent_is_told_with_an_answer_that_is_given_again(desk: OpenDesk) -> None:
    customer = await at_the_beginning(desk)
    message = inbound(customer, uuid4().hex, "hello")
    first = await desk.desk.conversation.handle(message)
    assert (first.sent, first.done) == (0, False)
    await desk.desk.conversation.mark_sent(first.turn_id, 1, done=True)
    again = await desk.desk.conversation.handle(message)
    assert (again.sent, again.done) == (1, True)


# What is not a message


@pytest.mark.parametrize("reach", STAGES.values(), ids=STAGES)
@pytest.mark.parametrize("event", Event)
async def test_an_edit_and_its_like_change_nothing(
    desk: OpenDesk, reach: Callable[[OpenDesk], Awaitable[Customer]], event: Event
) -> None:
    customer = await reach(desk)
    before, rows, cases = await kept_of(customer), await all_rows(desk), await desk.cases()
    await customer.sends(event=event)
    assert await kept_of(customer) == before
    assert await all_rows(desk) == rows
    assert await desk.cases() == cases
    assert texts(customer.last)


async def test_an_edit_in_the_middle_puts_the_question_again(desk: OpenDesk) -> None:
    customer = await at_a_choice(desk)
    await customer.sends(event=Event.EDITED)
    await customer.presses("Everything you hold about me")
    assert (await state_of(customer)).slots["disclosure_what"] == "everything"


# What nobody should send


@pytest.mark.parametrize("reach", STAGES.values(), ids=STAGES)
@pytest.mark.parametrize("text", NASTY, ids=lambda text: ascii(text[:12]))
async def test_whatever_is_sent_gets_a_sentence_and_loses_nothing(
    desk: OpenDesk, reach: Callable[[OpenDesk], Awaitable[Customer]], text: str
) -> None:
    customer = await reach(desk)
    before, filed = await state_of(customer), {case.ref for case in await desk.cases()}
    said = await customer.says(text)
    assert said.strip()
    said.encode("utf-8")
    after = await state_of(customer)
    assert {case.ref for case in await desk.cases()} >= filed
    assert after.active_loop is not None or before.active_loop is None
    assert text in {"{ref} {0} %s ${x}"} or not re.search(r"\{[a-z_]+\}", said)


async def test_places_in_a_customers_words_are_filed_as_they_were_written(desk: OpenDesk) -> None:
    words = "I wrote {ref} and {company} and {lines} and %(ref)s and ${ref}"
    customer = await at_words(desk)
    assert words in await customer.says(words)
    await customer.says("1")
    [case] = await desk.cases()
    assert [detail.shown for detail in case.details] == [words]


async def test_stopping_in_the_middle_files_nothing_and_forgets_the_draft(desk: OpenDesk) -> None:
    for number, reach in enumerate(STAGES.values()):
        folder_of_one = desk.customer(f"c{number}")
        assert folder_of_one.last is None
        customer = await reach(desk)
        filed = await desk.cases()
        await customer.says("/cancel")
        state = await state_of(customer)
        assert (state.active_loop, state.requested) == (None, None)
        assert not {"draft_id", "email", "code", "complaint", "arrived_at"} & set(state.slots)
        assert await desk.cases() == filed


# Codes, as a customer meets them


async def test_six_right_codes_too_late(desk: OpenDesk) -> None:
    customer = await asked_for_a_code(desk)
    right, wrong = await code_of(customer), await wrong_code_of(customer)
    for _ in range(5):
        await customer.says(wrong)
    await customer.says(right)
    state = await state_of(customer)
    assert (state.requested, state.slots.get("code")) == ("code", None)


async def test_beyond_the_budget_no_code_can_be_passed_and_every_reply_stays_equal(desk: OpenDesk) -> None:
    customer = await asked_for_a_code(desk)
    replies = []
    for _ in range(8):
        replies.append([await customer.says(await wrong_code_of(customer)), *customer.choices])
        resend = customer.choices[0]
        replies.append([await customer.presses(resend), *customer.choices])
    assert replies == replies[:2] * 8
    await customer.says(await code_of(customer))
    assert (await state_of(customer)).slots.get("code") is None
    desk.clock.goes_on(hours=24)
    await customer.presses(customer.choices[0])
    await customer.says(await code_of(customer))
    assert (await state_of(customer)).slots["code"] == "proved"


async def test_a_known_and_an_unknown_address_are_told_the_same_to_the_letter(desk: OpenDesk) -> None:
    """Every path of somebody without the mailbox, in both languages, from the first word to the withdrawal."""

    async def transcript(name: str, email: str, opening: str) -> list[object]:
        customer = desk.customer(name)
        said: list[object] = []

        async def say(text: str) -> None:
            said.append(re.sub(r"M-[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{2}", "REF", await customer.says(text)))
            said.append([re.sub(r"M-[0-9A-Z-]{10,}", "REF", choice) for choice in customer.choices])

        for text in (opening, "1", "1", f"my address is {email}"):
            await say(text)
        for _ in range(6):
            await say(await wrong_code_of(customer))
        await say("1")  # send a new code
        await say(await wrong_code_of(customer))
        await say("2")  # another address
        await say(email.upper())
        await say("abc")
        desk.clock.goes_on(minutes=11)
        await say(await wrong_code_of(customer))
        await say("3")  # cannot get it
        await say("1")  # file it
        await say("/mycases")
        await say("I want to withdraw my request" if opening == WANTED else "請求を取り下げたい")
        await say("1")
        desk.clock.goes_on(hours=25)
        return said

    for number, opening in enumerate((WANTED, "自分の情報を見たい")):
        assert await transcript(f"k{number}", HANAKO, opening) == await transcript(f"u{number}", NOBODY, opening)
    assert {case.status for case in await desk.cases()} == {Status.WITHDRAWN}
    assert {case.customer_id for case in await desk.cases()} == {None}


async def test_a_code_typed_in_the_chat_is_not_kept_in_words(desk: OpenDesk) -> None:
    customer = await asked_for_a_code(desk)
    right = await code_of(customer)
    await customer.says(f"it is {right}")
    async with desk.desk.memory.begin() as work:
        turns = await work.conversations.turns_since(await chat_id(customer), desk.clock())
    assert not any(right in turn.said + turn.replies for turn in turns)


async def test_another_chats_reference_cannot_be_withdrawn_or_added_to(desk: OpenDesk) -> None:
    await with_a_case(desk, "alice")
    await with_a_case(desk, "mallory")
    [hers, own] = await desk.cases()
    mallory = desk.customer("mallory")
    await mallory.says(f"withdraw my request {hers.ref}")
    said_of_hers = await mallory.says(hers.ref)
    said_of_none = await mallory.says("M-2222-2222-22")
    assert said_of_hers == said_of_none
    await mallory.says("/cancel")
    assert [case.status for case in await desk.cases()] == [hers.status, own.status]


async def test_a_document_in_a_delivery_that_comes_again_is_kept_once(desk: OpenDesk) -> None:
    customer = await with_a_case(desk)
    message = Inbound("test", "d1", customer.name, desk.clock(), document=picture())
    await asyncio.gather(*(desk.desk.conversation.handle(message) for _ in range(5)))
    assert (await all_rows(desk))["case_entries"] == 1


@pytest.mark.parametrize("state", [State(), State({"a": "ü😀", "n": 1}, "f", [("l", "p")], "t")])
def test_a_state_comes_back(state: State) -> None:
    assert load_state(state.dump()) == state


