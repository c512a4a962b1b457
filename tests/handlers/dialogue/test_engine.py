"""Whole turns against a whole desk: what is stale, forged, repeated or edited changes nothing."""

import asyncio
import re
from collections.abc import Awaitable, Callable
from datetime import timedelta
from uuid import uuid4

import pytest

from handlers.desk.assurance import Proof
from handlers.desk.requests import Status
from handlers.dialogue.messages import Answer, Event, Inbound
from handlers.dialogue.state import State, load_state
from tests.factories import SUNDAY, Customer, OpenDesk
from tests.handlers.dialogue.talks import (
    ANSWERS,
    HANAKO,
    NOBODY,
    WANTED,
    asked_for_a_code,
    at_the_summary,
    chat_id,
    code_of,
    goes_on_to,
    kept_of,
    picture,
    state_of,
    with_a_case,
    wrong_code_of,
)

NASTY = [
    "\x00", "\ud83d", "\udc00\ud83d", "\u202e\u202e", "x" * 200_000, "😀" * 4096, "Z" + "\u0351" * 3000, "\U000e0061",
    "/", "/start@Somebody_bot", "/nothing", "{ref} {0} %s ${x}", "'; DROP TABLE cases; --", "<b>&amp;</b>", "=1+1",
    "a@b.jp, c@d.jp", "30 February", "99999999999999999999", "-1", "0", "", " ", "\n\n", "M-2222-2222-22",
]  # fmt: skip
FORGED = [
    "", ".", "x", "{token}", "{token}.", "{token}.99", "{token}.-1", "{token}.1e1", "{token}.\uff11", "{token}.²",
    "{key}9", "{key}.0", ".0", "000000000000.0", "{token}." + "9" * 51, "{token}." + "1" * 5000, "{token}.-", " {key}",
    "{key} ", "/stop", "stop", "\x00", "\ud83d.0", "{token}\x00.0",
]  # fmt: skip

Stage = Callable[[OpenDesk, str], Awaitable[Customer]]


async def at_the_beginning(desk: OpenDesk, name: str = "alice") -> Customer:
    customer = desk.customer(name)
    await customer.says("hello")
    return customer


async def at_a_choice(desk: OpenDesk, name: str = "alice") -> Customer:
    customer = desk.customer(name)
    await customer.says(WANTED)
    return customer


async def at_words(desk: OpenDesk, name: str = "alice") -> Customer:
    customer = desk.customer(name)
    await customer.says("I want to complain")
    return customer


STAGES: list[Stage] = [at_the_beginning, at_a_choice, at_words, asked_for_a_code, at_the_summary, with_a_case]
at_every_stage = pytest.mark.parametrize("reach", STAGES, ids=lambda reach: reach.__name__)


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


async def test_a_forged_key_changes_nothing(desk: OpenDesk) -> None:
    customer = await at_a_choice(desk)
    before, rows = await kept_of(customer), await all_rows(desk)
    for number in range(len(FORGED)):
        key = keys(customer.last)[0]
        await customer.sends(choice=FORGED[number].format(token=key.partition(".")[0], key=key))
        assert await kept_of(customer) == before, FORGED[number][:30]
    assert await all_rows(desk) == rows


async def test_a_button_of_another_chat_changes_nothing(desk: OpenDesk) -> None:
    alice, mallory = await at_the_summary(desk, "alice"), await at_the_summary(desk, "mallory")
    before = await kept_of(mallory)
    await mallory.sends(choice=keys(alice.last)[0])
    assert await kept_of(mallory) == before
    assert await desk.cases() == []


async def test_a_choice_can_be_typed(desk: OpenDesk) -> None:
    for typed in ("1", "１", " 1. ", "Everything you hold about me", "everything you hold about me!"):
        customer = await at_a_choice(desk, f"customer {typed}")
        await customer.says(typed)
        assert (await state_of(customer)).slots["disclosure_what"] == "everything", typed


async def test_a_number_that_is_none_of_the_choices_chooses_nothing(desk: OpenDesk) -> None:
    customer = await at_a_choice(desk)
    for typed in ("0", "99", "5", "-1", "1.5", "٣", "①①", "000000000000000001"):
        await customer.says(typed)
        state = await state_of(customer)
        assert (state.requested, "disclosure_what" in state.slots) == ("disclosure_what", False), typed


async def test_where_nothing_can_be_chosen_a_number_is_only_a_number(desk: OpenDesk) -> None:
    customer = await at_words(desk)
    await customer.says("1")
    assert (await state_of(customer)).slots.get("complaint") == "1"


# What comes twice


@at_every_stage
async def test_a_message_that_comes_again_gets_the_same_answer_and_does_nothing(desk: OpenDesk, reach: Stage) -> None:
    customer = await reach(desk, "alice")
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


@at_every_stage
async def test_an_edit_and_its_like_change_nothing(desk: OpenDesk, reach: Stage) -> None:
    customer = await reach(desk, "alice")
    before, rows, cases = await kept_of(customer), await all_rows(desk), await desk.cases()
    for event in Event:
        await customer.sends(event=event)
        assert texts(customer.last)
        assert await kept_of(customer) == before
        assert await all_rows(desk) == rows
        assert await desk.cases() == cases


async def test_an_edit_in_the_middle_puts_the_question_again(desk: OpenDesk) -> None:
    customer = await at_a_choice(desk)
    await customer.sends(event=Event.EDITED)
    await customer.presses("Everything you hold about me")
    assert (await state_of(customer)).slots["disclosure_what"] == "everything"


@pytest.mark.parametrize("event", Event)
async def test_the_buttons_under_the_last_answer_outlive_an_edit_and_its_like(desk: OpenDesk, event: Event) -> None:
    customer = await at_the_beginning(desk)
    see_my_data = keys(customer.last)[0]
    await customer.sends(event=event)
    await customer.sends(choice="stale.0")
    await customer.sends(document=picture())
    await customer.sends(choice=see_my_data)
    assert (await state_of(customer)).active_loop == "disclosure_form"


async def test_the_buttons_under_the_last_answer_do_not_outlive_another_answer(desk: OpenDesk) -> None:
    customer = await at_the_beginning(desk)
    see_my_data = keys(customer.last)[0]
    await customer.says("thank you")
    await customer.sends(choice=see_my_data)
    assert (await state_of(customer)).active_loop is None


# What nobody should send


@at_every_stage
async def test_whatever_is_sent_gets_a_sentence_and_loses_nothing(desk: OpenDesk, reach: Stage) -> None:
    for number, text in enumerate(NASTY):
        customer = await reach(desk, f"customer {number}")
        before, filed = await state_of(customer), {case.ref for case in await desk.cases()}
        said = await customer.says(text)
        after = await state_of(customer)
        told = f"{text[:30]!a} was answered with {said!r}"
        assert said.strip(), told
        said.encode("utf-8")
        assert {case.ref for case in await desk.cases()} >= filed, told
        assert after.active_loop is not None or before.active_loop is None, told
        assert "{ref}" in text or not re.search(r"\{[a-z_]+\}", said), told
        desk.clock.goes_on(days=4)  # the next one may have a code again: an address gets ten in thirty days


async def test_places_in_a_customers_words_are_filed_as_they_were_written(desk: OpenDesk) -> None:
    words = "I wrote {ref} and {company} and {lines} and %(ref)s and ${ref}"
    customer = await at_words(desk)
    await customer.says(words)
    assert words in await goes_on_to(customer, "confirmed")
    await customer.says("1")
    [case] = await desk.cases()
    assert [detail.shown for detail in case.details if detail.name == "complaint"] == [words]


@at_every_stage
async def test_stopping_in_the_middle_files_nothing_and_forgets_the_draft(desk: OpenDesk, reach: Stage) -> None:
    customer = await reach(desk, "alice")
    filed = await desk.cases()
    await customer.says("/cancel")
    state = await state_of(customer)
    assert (state.active_loop, state.requested) == (None, None)
    assert not {"draft_id", "draft_intent", "email", "code", "disclosure_what", "arrived_at"} & set(state.slots)
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
        desk.clock.now = SUNDAY + timedelta(days=2 if opening == WANTED else 4)
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
        while (asked := (await state_of(customer)).requested) is not None:
            await say(ANSWERS.get(asked, "1"))
        await say("/mycases")
        await say("I want to withdraw my request" if opening == WANTED else "請求を取り下げたい")
        await say("1")
        assert not re.findall(r"\{[a-z_]+\}", str(said))
        return said

    for number, opening in enumerate((WANTED, "自分の情報を見たい")):
        assert await transcript(f"k{number}", HANAKO, opening) == await transcript(f"u{number}", NOBODY, opening)
    assert {case.status for case in await desk.cases()} == {Status.WITHDRAWN}
    assert {case.customer_id for case in await desk.cases()} == {None}


async def test_a_code_typed_in_the_chat_is_not_kept_in_words(desk: OpenDesk) -> None:
    customer = await asked_for_a_code(desk)
    right = await code_of(customer)
    await customer.says(f"it is {right}")
    chat = await chat_id(customer)
    async with desk.desk.memory.begin() as work:
        turns = await work.conversations.turns_since(chat, desk.clock())
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


async def test_two_addresses_and_look_alikes_are_no_address(desk: OpenDesk) -> None:
    customer = await at_a_choice(desk)
    await goes_on_to(customer, "email")
    cyrillic = "h\u0430nako@example.com"
    for text in ("hanako@example.com, taro@example.jp", cyrillic, "jürgen@example.org", "hanako@example", "hanako"):
        await customer.says(text)
        assert (await state_of(customer)).requested == "email", text
    assert (await all_rows(desk))["challenges"] == 0


@pytest.mark.parametrize(("first", "then", "asks_again"), [("1", "2", False), ("1", "3", True), ("3", "1", True)])
async def test_a_code_counts_for_the_kind_of_request_it_was_asked_for(
    desk: OpenDesk, first: str, then: str, asks_again: bool
) -> None:
    """1 and 2 are both a disclosure; 3, whom the data was given to, stands on an article of its own."""
    customer = await at_a_choice(desk)
    await customer.says(first)
    await goes_on_to(customer, "email")
    await customer.says(HANAKO)
    await customer.says(await code_of(customer))
    assert (await state_of(customer)).requested == "confirmed"
    await customer.presses(customer.choices[1])  # change what is to be seen
    assert (await state_of(customer)).requested == "disclosure_what"
    await customer.says(then)
    if asks_again:
        assert (await state_of(customer)).requested == "email"
        await customer.says(HANAKO)
        await customer.says(await code_of(customer))
    await goes_on_to(customer, None)
    [case] = await desk.cases()
    assert case.assurance == {Proof.MAIL}
