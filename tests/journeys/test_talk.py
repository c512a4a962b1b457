"""Conversations that do not go straight on: asides, second thoughts, another language, words in place of buttons."""

from tests.journeys.windows import Window


async def test_a_question_in_mid_form_is_answered_and_the_form_goes_on(window: Window) -> None:
    hanako = window.customer("en")
    await hanako.follows("I want to see what you have on me", "everything")
    aside = await hanako.says("how much does it cost?")
    assert "mentions fees" in aside
    assert aside.text.count("How would you like to receive it?") == 1
    assert "Electronically" in aside.choices
    await hanako.says("on paper")
    assert "How you receive it: On paper" in await hanako.proves()


async def test_a_question_in_mid_form_in_japanese(window: Window) -> None:
    taro = window.customer("ja")
    await taro.asks_for_everything()
    aside = await taro.says("手数料はいくらですか？")
    assert "手数料" in aside
    assert aside.text.count("ご登録のメールアドレスをお書きください") == 1
    assert "次の内容で受け付けます" in await taro.proves()


async def test_a_change_of_mind_about_what_to_ask_for(window: Window) -> None:
    hanako = window.customer("en")
    await hanako.asks_for_everything()
    offer = await hanako.says("actually, please delete all my data")
    assert "nothing of it is filed yet" in offer
    assert "Why should it be deleted?" in await hanako.presses("Yes, turn to that")
    await hanako.follows("I no longer want it kept", "everything", "None of these, or I am not sure")
    await hanako.proves()
    reference = (await hanako.says("yes")).reference
    assert (await window.case(reference))["kind"] == "deletion"
    assert await hanako.own_references() == [reference]


async def test_second_thoughts_about_a_second_thought(window: Window) -> None:
    taro = window.customer("ja")
    await taro.asks_for_everything()
    await taro.says("やっぱり、情報を全部削除してほしい")
    assert "メールアドレスをお書きください" in await taro.says("いいえ、いまの手続きを続ける")
    assert "保有しているすべての情報" in await taro.proves()


async def test_a_line_is_changed_before_filing(window: Window) -> None:
    hanako = window.customer("en")
    await hanako.comes_to_the_summary()
    await hanako.presses("Change: How you receive it")
    summary = await hanako.says("paper")
    assert "How you receive it: On paper" in summary
    assert "the code sent to your registered address was right" in summary
    reference = (await hanako.says("yes")).reference
    assert "| On paper" in (await window.staff_letter(reference)).text


async def test_nothing_is_filed_before_the_customer_says_so(window: Window) -> None:
    hanako = window.customer("en")
    await hanako.comes_to_the_summary()
    stopped = await hanako.presses("Stop")
    assert "nothing of this was filed" in stopped
    assert await hanako.own_references() == []


async def test_cancel_leaves_a_form_and_keeps_what_is_on_file(window: Window) -> None:
    taro = window.customer("ja")
    await taro.comes_to_the_summary()
    reference = (await taro.says("はい")).reference
    await taro.asks_for_everything()
    assert "手続きを中止しました" in await taro.says("/cancel")
    assert await taro.own_references() == [reference]


async def test_the_language_changes_in_mid_form_and_nothing_is_lost(window: Window) -> None:
    hanako = window.customer("ja")
    await hanako.follows("私の情報を開示してください", "すべて")
    switched = await hanako.says("English please")
    assert "we can go on in English" in switched
    assert "How would you like to receive it?" in switched
    assert "Electronically" in switched.choices
    await hanako.presses("Electronically")
    summary = await hanako.proves()
    assert "What: Everything you hold about me" in summary
    reference = (await hanako.says("yes")).reference
    letter = await window.staff_letter(reference)
    assert "English / 英語" in letter.text


async def test_the_language_changes_by_command_and_by_button(window: Window) -> None:
    hanako = window.customer("en")
    await hanako.asks_for_everything()
    await hanako.says("/language")
    switched = await hanako.presses("日本語", among=2)
    assert "ご登録のメールアドレスをお書きください" in switched
    assert "次の内容で受け付けます" in await hanako.proves()


async def test_every_button_can_be_typed(window: Window) -> None:
    hanako = window.customer("en")
    assert "What would you like to see?" in await hanako.says("see my data")
    assert "How would you like to receive it?" in await hanako.says("1")
    assert "Which address have you registered" in await hanako.says("ELECTRONICALLY")
    await hanako.says(hanako.record.email)
    first = await hanako.code()
    await hanako.says("send a new code")
    second = await hanako.code()
    assert first != second
    assert "not the code" in await hanako.says(first)
    summary = await hanako.says(second)
    assert summary.choices[0] == "Yes, file it"
    assert "How would you like to receive it?" in await hanako.says("change: how you receive it")
    await hanako.says("２")
    assert "Your request is on file." in await hanako.says("Yes, file it")


async def test_a_button_of_an_earlier_question_changes_nothing(window: Window) -> None:
    hanako = window.customer("en")
    await hanako.says("/start")
    _, of_the_welcome = hanako.button("Delete my data")
    await hanako.follows("I want to see what you have on me", "everything", "electronically")
    stale = await hanako.presses_data(str(of_the_welcome.data))
    assert "earlier question" in stale
    assert "Which address have you registered" in stale


async def test_the_commands_do_what_the_menu_says(window: Window) -> None:
    hanako = window.customer("en")
    assert "This is what I can do for you" in await hanako.says("/help")
    assert "Nothing has been filed" in await hanako.says("/mycases")
    assert "Which language shall we speak?" in await hanako.says("/language")
    assert "About this chat" in await hanako.says("/privacy")
    assert "Nothing is under way" in await hanako.says("/cancel")
