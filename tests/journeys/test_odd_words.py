"""What people, programs and attackers put into a chat: each gets a clear sentence, and nothing is lost."""

import pytest

from tests.journeys.windows import Window
from tests.mailbox import Letter

OVERRIDE = "\u202e"
HIDDEN = ("\u202e", "\u2066", "\u200f", "\u0000", "\u200b", "\ud83d")


async def filed_with(window: Window, words: str) -> tuple[str, Letter]:
    """File a complaint in these words; returns the summary that the customer saw, and the staff's letter."""
    hanako = window.customer("en")
    await hanako.says("I want to make a complaint about my personal data")
    summary = await hanako.goes_on_to_the_summary(await hanako.says(words))
    return summary.text, await window.staff_letter(await hanako.files(summary))


async def test_two_hundred_kilobytes_are_read_as_far_as_a_person_would(window: Window) -> None:
    hanako = window.customer("en")
    await hanako.says("I want to make a complaint about my personal data")
    answer = await hanako.says("They shouted my number across the shop. " * 5_000)
    assert "Your message is very long" in answer
    reference = await hanako.files(answer)
    assert "They shouted my number across the shop." in (await window.staff_letter(reference)).text


async def test_two_hundred_kilobytes_without_a_space_get_an_answer(window: Window) -> None:
    hanako = window.customer("ja")
    answer = await hanako.says("あ" * 70_000)
    assert "メッセージが長いため" in answer


async def test_emoji_only(window: Window) -> None:
    hanako = window.customer("en")
    answer = await hanako.says("🐦🐦🐦")
    assert "I have not understood you" in answer or "not something this desk can help with" in answer
    assert answer.choices
    await hanako.says("I want to make a complaint about my personal data")
    assert "I need a few words here." in await hanako.says("😡😡")
    told = await hanako.says("They lost my letters 😡")
    assert "They lost my letters 😡" in await hanako.goes_on_to_the_summary(told)


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        (f"my bill {OVERRIDE}fdp was sent to others", "my bill fdp was sent to others"),
        ("a bill\u0000 with a hole was sent to others", "a bill with a hole was sent to others"),
        ("half a bird \ud83d was sent to others", "half a bird  was sent to others"),
        ("my \u2066bill\u2069\u200f was sent to others", "my bill was sent to others"),
        ("zalgo b\u0336\u0353i\u0336\u0352l\u0336l was sent to others", "was sent to others"),
    ],
    ids=["right to left", "NUL", "half a surrogate", "isolates", "zalgo"],
)
async def test_marks_that_are_not_seen_are_left_out(window: Window, words: str, shown: str) -> None:
    summary, letter = await filed_with(window, words)
    assert shown in summary
    assert shown in letter.text
    for mark in HIDDEN:
        assert mark not in summary
        assert mark not in letter.text


async def test_markup_is_shown_as_it_was_typed_and_links_are_dead_for_staff(window: Window) -> None:
    words = "<b>Free</b> {ref} $case %(x)s https://evil.example/x was sent to others"
    summary, letter = await filed_with(window, words)
    assert words in summary
    assert "<b>Free</b> {ref} $case %(x)s hxxps[:]//evil[.]example/x was sent to others" in letter.text


async def test_a_line_break_gets_into_no_header(window: Window) -> None:
    _, letter = await filed_with(window, "They sold my address\r\nBcc: thief@evil.example\u2028Subject: hello")
    assert letter.recipients == (window.staff,)
    assert letter["Bcc"] == ""
    assert "hello" not in letter.subject


async def test_two_addresses_at_once(window: Window) -> None:
    hanako, other = window.customer("en"), window.customer("en")
    await hanako.asks_for_everything()
    asked_again = await hanako.says(f"{hanako.record.email}, {other.record.email}")
    assert "one" in asked_again.text.lower()
    assert "Which address have you registered" in asked_again
    assert "Please look it over" in await hanako.proves()
    assert window.mail.to(other.record.email) == []


async def test_what_is_no_address(window: Window) -> None:
    taro = window.customer("ja")
    await taro.asks_for_everything()
    for typed in ("hanako@", "@", "a@b", "hanako@@example.com", "はなこ"):
        assert "ご登録のメールアドレスをお書きください" in await taro.says(typed)
    assert "次の内容で受け付けます" in await taro.proves()


async def test_the_thirtieth_of_february(window: Window) -> None:
    hanako = window.customer("en")
    await hanako.follows("My date of birth is wrong, please correct it", "correct something wrong", "Date of birth")
    await hanako.says("29 February 1990")
    assert "not in the calendar" in await hanako.says("30 February 1990")
    await hanako.follows("28 February 1990", "I would rather not say")
    summary = await hanako.goes_on_to_the_summary(await hanako.proves())
    assert "It should say: 28 February 1990" in summary
    reference = (await hanako.says("yes")).reference
    assert "| 28 February 1990" in (await window.staff_letter(reference)).text


async def test_fast_fingers_are_answered_in_order(window: Window) -> None:
    hanako = window.customer("en")
    for text in ("I want to see what you have on me", "everything", "electronically"):
        hanako.writes(text)
    first, second, third = (await hanako.hears(3)).texts
    assert "What would you like to see?" in first
    assert "How would you like to receive it?" in second
    assert "Which address have you registered" in third
