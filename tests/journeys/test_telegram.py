"""What Telegram does that people do not: repeats, slowness, numbers out of order, groups, strangers, poison."""

from time import monotonic
from typing import Any

from tests.botapi import Call, Person
from tests.journeys.windows import Window

RETRY_AFTER = 2


async def test_an_update_that_comes_again_files_once_and_says_nothing_twice(window: Window) -> None:
    hanako = window.customer("en")
    await hanako.comes_to_the_summary()
    yes = hanako.writes("yes")
    filed = await hanako.hears()
    await window.api.all_acknowledged()
    assert yes.update_id is not None
    for _ in range(3):
        window.api.redeliver(yes.update_id)
        await hanako.hears_nothing()
    assert await hanako.own_references() == [filed.reference]
    await window.staff_letter(filed.reference)
    await window.mail.arrives(to=hanako.record.email, subject_part=filed.reference)
    assert len([letter for letter in window.mail.letters if filed.reference in letter.subject]) == 2


async def test_yes_by_button_and_by_word_at_once_files_once(window: Window) -> None:
    hanako = window.customer("en")
    await hanako.comes_to_the_summary()
    summary, yes = hanako.button("Yes, file it")
    for _ in range(2):
        hanako.person.presses(yes.label, summary)
    hanako.writes("yes")
    first, second, third = (await hanako.hears(3)).texts
    assert "Your request is on file." in first
    assert "Your request is on file." not in second + third
    await hanako.hears_nothing()
    assert len(await hanako.own_references()) == 1


async def test_what_is_written_while_the_network_is_away_is_answered_when_it_is_back(window: Window) -> None:
    hanako = window.customer("en")
    await hanako.asks_for_everything()
    await window.api.goes_down()
    hanako.writes(hanako.record.email)
    await window.api.comes_back()
    assert "eight digits" in await hanako.hears()
    assert "Please look it over" in await hanako.says(await hanako.code())


async def test_a_low_number_after_a_quiet_week_is_served(window: Window) -> None:
    hanako = window.customer("en")
    await hanako.says("/start")
    usual = window.api.cloud.queue.next_id
    try:
        for number in (17, 2_000_000_000, 12):
            window.api.number_next_update(number)
            assert "What would you like to see?" in await hanako.presses("See my data")
            assert "stopped" in await hanako.says("/cancel")
            await hanako.says("/start")
    finally:
        window.api.number_next_update(usual)


async def test_a_chat_that_telegram_slows_down_holds_up_nobody(window: Window) -> None:
    slowed, other = window.customer("en"), window.customer("ja")
    fault = window.api.fail("sendMessage", chat=slowed.person, error=429, retry_after=RETRY_AFTER)
    began = monotonic()
    slowed.writes("/start")
    await fault.struck()
    assert "Planet Management 個人情報窓口です" in await other.hears_after("/start")
    assert monotonic() - began < RETRY_AFTER
    assert slowed.person.chat.from_bot == []
    assert "Planet Management privacy desk" in await slowed.hears()
    assert monotonic() - began >= RETRY_AFTER
    await slowed.hears_nothing()


async def test_two_customers_at_once_do_not_mix(window: Window) -> None:
    hanako, taro = window.customer("en"), window.customer("ja")
    await hanako.asks_for_everything()
    await taro.asks_for_everything()
    hanako.writes(hanako.record.email)
    taro.writes(taro.record.email)
    await hanako.hears()
    await taro.hears()
    hers, his = await hanako.code(), await taro.code()
    taro.writes(his)
    hanako.writes(hers)
    await hanako.hears()
    await taro.hears()
    taro.writes("はい")
    hanako.writes("yes")
    hers, his = (await hanako.hears()).reference, (await taro.hears()).reference
    assert await hanako.own_references() == [hers]
    assert await taro.own_references() == [his]


def poison(person: Person, text: str) -> dict[str, Any]:
    """aiogram's issue 1840: a forwarded message whose hidden author has no name."""
    sent = {"message_id": 7, "from": person.user, "chat": person.chat.as_json(), "date": 1, "text": text}
    return {"message": {**sent, "forward_origin": {"type": "hidden_user", "date": 1}}}


async def test_a_poisoned_update_is_set_aside_and_the_next_customer_served(window: Window) -> None:
    hanako, taro = window.customer("en"), window.customer("ja")
    await hanako.says("/start")
    words = f"please read what {hanako.record.name} forwards to you"
    window.canaries.add(words)
    number = window.api.deliver(poison(hanako.person, words))
    assert "Planet Management 個人情報窓口です" in await taro.hears_after("/start")
    sorry = await hanako.hears()
    assert "something went wrong on our side" in sorry
    assert str(number) in sorry
    await window.api.all_acknowledged()
    [alarm] = await window.desk.tells("telegram.update_set_aside", str(number))
    assert " error " in alarm
    assert "What would you like to see?" in await hanako.says("I want to see what you have on me")


async def test_a_group_gets_one_line_and_no_case(window: Window) -> None:
    hanako, group = window.customer("en"), window.api.group()
    in_group = hanako.person.joins(group)
    in_group.says("/start")
    [line] = await group.hears()
    assert "I only speak in a private chat" in line.text
    assert "個別のチャットでのみ" in line.text
    assert line.labels == []
    in_group.says("Shall we all have lunch?")
    in_group.says(hanako.record.email)
    await group.hears_nothing_more()
    assert await hanako.own_references() == []
    assert window.mail.to(hanako.record.email) == []


async def test_a_button_pressed_by_somebody_else_does_nothing(window: Window) -> None:
    hanako, thief = window.customer("en"), window.customer("en")
    await hanako.comes_to_the_summary()
    summary, yes = hanako.button("Yes, file it")
    await thief.says("/start")
    assert "earlier question" in await thief.presses_data(str(yes.data))
    assert (await thief.presses_data(str(yes.data), message=summary)).texts == ()
    await hanako.hears_nothing()
    assert await hanako.own_references() == []
    assert await thief.own_references() == []


async def test_strange_button_data_is_answered_politely(window: Window) -> None:
    hanako = window.customer("en")
    await hanako.says("/start")
    for data in ("x", ".0", "\u202e💥", "yes" * 30, "0" * 12 + ".999999999999999999999"):
        assert "earlier question" in await hanako.presses_data(data)
    assert "What would you like to see?" in await hanako.says("see my data")


async def test_an_edited_message_changes_nothing(window: Window) -> None:
    hanako = window.customer("en")
    await hanako.follows("My address is wrong, please correct it", "correct something wrong", "Address", "9 Old Perch")
    said = hanako.writes("4-5-6 New Perch")
    await hanako.hears()
    edited = await hanako.edits(said, "7-7-7 Thiefs Nest")
    assert "I go by what you first sent" in edited
    assert "Could you tell me why?" in edited
    await hanako.says("I would rather not say")
    await hanako.proves()
    reference = (await hanako.says("yes")).reference
    assert "I go by what you first sent" in await hanako.edits(said, "8-8-8 Thiefs Nest")
    letter = await window.staff_letter(reference)
    assert "| 4-5-6 New Perch" in letter.text
    assert "Thiefs Nest" not in letter.text
    assert "4-5-6 New Perch" in (await window.asked(reference)).values()


async def test_a_customer_who_blocks_the_bot_has_filed_all_the_same(window: Window) -> None:
    hanako, taro = window.customer("en"), window.customer("ja")
    await hanako.comes_to_the_summary()

    def block(_: Call) -> None:
        hanako.person.blocks_bot()

    window.api.on("sendMessage", block, chat=hanako.person)
    assert (await hanako.says("yes")).texts == ()
    receipt = await window.mail.arrives(to=hanako.record.email, subject_part="We have your request")
    assert "Planet Management 個人情報窓口です" in await taro.says("/start")
    hanako.person.unblocks_bot()
    [reference] = await hanako.own_references()
    assert reference in receipt.subject
    await window.staff_letter(reference)


async def test_the_menu_is_there_in_both_languages(window: Window) -> None:
    hanako, taro = window.customer("en"), window.customer("ja")
    commands = "start help mycases why language privacy mydata forget cancel"
    assert hanako.person.menu.keys() == set(commands.split())
    assert taro.person.menu.keys() == hanako.person.menu.keys()
    assert hanako.person.menu["mycases"] == "How my requests are going"
    assert taro.person.menu["mycases"] == "請求の状況"
