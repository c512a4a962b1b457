"""Who is asking: codes that are wrong, spent, borrowed or typed strangely, and addresses that nobody has."""

import re

from tests.journeys.customers import REFERENCE, Customer, Reply
from tests.journeys.windows import Window


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 10**8:08d}"


async def test_a_wrong_code_and_then_the_right_one(window: Window) -> None:
    hanako = window.customer("en")
    await hanako.asks_for_everything()
    await hanako.says(hanako.record.email)
    code = await hanako.code()
    assert "That is not the code" in await hanako.says(wrong(code))
    assert "that is the right code" in await hanako.says(code)
    reference = (await hanako.says("yes")).reference
    assert "the code sent to the registered e-mail address" in (await window.staff_letter(reference)).text


async def test_a_code_in_full_width_digits_with_spaces(window: Window) -> None:
    taro = window.customer("ja")
    await taro.asks_for_everything()
    await taro.says(taro.record.email)
    code = await taro.code()
    wide = code.translate(str.maketrans("0123456789", "０１２３４５６７８９"))
    assert "次の内容で受け付けます" in await taro.says(f"{wide[:4]}　{wide[4:]}")


async def test_after_five_wrong_codes_the_right_one_is_refused_and_a_new_one_helps(window: Window) -> None:
    hanako = window.customer("en")
    await hanako.asks_for_everything()
    await hanako.says(hanako.record.email)
    code = await hanako.code()
    for _ in range(5):
        refused = await hanako.says(wrong(code))
    assert "that is the right code" not in refused
    assert "that is the right code" not in await hanako.says(code)
    await hanako.presses("Send a new code")
    assert "that is the right code" in await hanako.says(await hanako.code())


async def test_a_code_works_only_in_the_chat_that_asked_for_it(window: Window) -> None:
    hanako, thief = window.customer("en"), window.customer("en")
    await hanako.asks_for_everything()
    await thief.asks_for_everything()
    await hanako.says(hanako.record.email)
    code = await hanako.code()
    await thief.says(hanako.record.email)
    assert "That is not the code" in await thief.says(code)
    assert "that is the right code" in await hanako.says(code)


async def test_an_address_that_nobody_has_looks_like_one_that_somebody_has(window: Window) -> None:
    known, unknown = window.customer("en"), window.customer("en", registered=False)
    seen_by_known, seen_by_unknown = await _fails_to_prove(known), await _fails_to_prove(unknown)
    assert seen_by_known == seen_by_unknown
    for customer in (known, unknown):
        [reference] = await customer.own_references()
        assert "not established" in (await window.staff_letter(reference)).text
    assert window.mail.to(unknown.record.email) == []
    assert len(window.mail.to(known.record.email)) == 2


async def _fails_to_prove(customer: Customer) -> list[tuple[str, tuple[str, ...]]]:
    """Everything that a customer is shown who tries codes that are wrong, until staff have to check by other means."""
    replies = [await customer.asks_for_everything()]
    replies.append(await customer.says(customer.record.email))
    replies += [await customer.says(f"0000000{n}") for n in range(6)]
    replies.append(await customer.presses("Send a new code"))
    replies.append(await customer.says("00000000"))
    replies.append(await customer.presses("I cannot get the code"))
    replies.append(await customer.goes_on_to_the_summary(replies[-1]))
    replies.append(await customer.says("yes"))
    replies.append(await customer.says("/mycases"))
    return [_masked(reply) for reply in replies]


def _masked(reply: Reply) -> tuple[str, tuple[str, ...]]:
    return re.sub(REFERENCE, "REFERENCE", reply.text), reply.choices
