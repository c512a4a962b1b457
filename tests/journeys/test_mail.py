"""Mail servers that are away, slow, choosy or rude: customers get their reference at once, letters come in the end."""

from tests.journeys.conftest import SECOND_STAFF
from tests.journeys.windows import Window
from tests.mailbox import Stage


async def test_the_mail_server_is_down_for_a_while(window: Window) -> None:
    hanako, taro, third = window.customer("en"), window.customer("ja"), window.customer("en")
    await hanako.comes_to_the_summary()
    await taro.comes_to_the_summary()
    await third.asks_for_everything()
    said = len(window.desk.log)
    window.mail.stop()
    try:
        hers, his = await hanako.files_at_once(), await taro.files_at_once()
        await window.desk.tells("mail.retry", after=said, times=4)
    finally:
        window.mail.start()
    assert not [letter for letter in window.mail.letters if hers in letter.subject or his in letter.subject]
    await third.proves()
    for customer, reference in ((hanako, hers), (taro, his)):
        await window.staff_letter(reference)
        await window.mail.arrives(to=customer.record.email, subject_part=reference)
        assert await customer.own_references() == [reference]
    await window.staff_letter(await third.files_at_once())
    for reference in (hers, his):
        letters = [letter.message_id for letter in window.mail.letters if reference in letter.subject]
        assert len(letters) == len(set(letters)) == 2


async def test_the_line_breaks_before_the_server_has_said_that_it_took_the_letter(window: Window) -> None:
    hanako, other = window.customer("en"), window.customer("en")
    await hanako.asks_for_everything()
    await other.asks_for_everything()
    fault = window.mail.drop_before_250()
    await hanako.says(hanako.record.email)
    await fault.struck()
    first = await window.mail.arrives(to=hanako.record.email)
    await other.proves()
    again = await window.mail.arrives(to=hanako.record.email, timeout=60)
    assert (again.message_id, again.text) == (first.message_id, first.text)
    reference = await hanako.files(await hanako.says(hanako.code_in(first)))
    await window.staff_letter(reference)
    await window.mail.arrives(to=hanako.record.email, subject_part=reference)
    assert len(window.mail.to(hanako.record.email)) == 3


async def test_the_line_breaks_when_the_server_has_said_that_it_took_the_letter(window: Window) -> None:
    hanako = window.customer("en")
    await hanako.asks_for_everything()
    fault = window.mail.drop_after_250()
    await hanako.says(hanako.record.email)
    await fault.struck()
    reference = await hanako.files(await hanako.says(await hanako.code()))
    await window.staff_letter(reference)
    await window.mail.arrives(to=hanako.record.email, subject_part=reference)
    assert len(window.mail.to(hanako.record.email)) == 2


async def test_a_mail_server_that_hangs_holds_up_no_conversation(window: Window) -> None:
    hanako, taro = window.customer("en"), window.customer("ja")
    await hanako.asks_for_everything()
    stall = window.mail.stall(Stage.DATA)
    await hanako.says(hanako.record.email)
    await stall.struck()
    reference = await taro.files(await taro.comes_to_the_summary())
    await window.staff_letter(reference)
    assert window.mail.to(hanako.record.email) == []
    stall.release()
    assert "Please look it over" in await hanako.says(await hanako.code())


async def test_staff_whose_mailbox_refuses_the_letter_are_reached_by_another(window: Window) -> None:
    hanako = window.customer("en")
    await hanako.comes_to_the_summary()
    said = len(window.desk.log)
    window.mail.reject(window.staff, times=1)
    reference = await hanako.files_at_once()
    letter = await window.mail.arrives(to=SECOND_STAFF, subject_part=reference)
    assert "Everything you hold about me" in letter.text
    [alarm] = await window.desk.tells("mail.redirected", after=said)
    assert " error " in alarm


async def test_a_greylisted_code_comes_later_and_still_works(window: Window) -> None:
    hanako = window.customer("en")
    await hanako.asks_for_everything()
    fault = window.mail.greylist(address=hanako.record.email)
    said = len(window.desk.log)
    await hanako.says(hanako.record.email)
    await fault.struck()
    await window.desk.tells("mail.retry", after=said)
    await window.minutes_go_by()
    letter = await window.mail.arrives(to=hanako.record.email, timeout=30)
    assert "Please look it over" in await hanako.says(hanako.code_in(letter))
    assert len(window.mail.to(hanako.record.email)) == 1
