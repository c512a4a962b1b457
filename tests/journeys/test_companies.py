"""Two companies, two desks: the same question, each company's own answer."""

import pytest

from tests.journeys.windows import Window


@pytest.mark.parametrize(
    ("language", "question", "of_planet", "of_plus_one"),
    [
        ("en", "how do you keep my data safe?", "follows the law and other rules", "SSL"),
        (
            "en",
            "what do you use my data for?",
            "Advertisements, and checking their effect",
            "your member details",
        ),
        ("ja", "データの処理を外部に委託していますか？", "ポリシーに書かれていません", "秘密保持契約"),
    ],
    ids=["security", "purposes", "outsourcing in Japanese"],
)
async def test_the_same_question_has_each_companys_own_answer(
    window: Window, plus_one_window: Window, language: str, question: str, of_planet: str, of_plus_one: str
) -> None:
    asks_planet, asks_plus_one = window.customer(language), plus_one_window.customer(language)
    from_planet, from_plus_one = await asks_planet.says(question), await asks_plus_one.says(question)
    assert of_planet in from_planet
    assert of_plus_one not in from_planet
    assert of_plus_one in from_plus_one
    assert of_planet not in from_plus_one


async def test_each_company_greets_in_its_own_name(window: Window, plus_one_window: Window) -> None:
    assert "Planet Management privacy desk" in await window.customer("en").says("/start")
    assert "PLUS ONE 個人情報窓口" in await plus_one_window.customer("ja").says("/start")


async def test_a_request_goes_to_the_staff_of_the_company_it_was_made_to(
    window: Window, plus_one_window: Window
) -> None:
    hanako = plus_one_window.customer("en")
    await hanako.comes_to_the_summary()
    reference = (await hanako.says("yes")).reference
    letter = await plus_one_window.staff_letter(reference)
    assert "Art. 33(1)" in letter.text
    assert (await plus_one_window.case(reference))["company"] == "plus_one"
    assert reference not in [case["ref"] for case in await window.cases()]


async def test_a_customer_of_one_company_is_a_stranger_to_the_other(window: Window, plus_one_window: Window) -> None:
    stranger = plus_one_window.customer("en")
    elsewhere = window.customer("en")
    await stranger.asks_for_everything()
    assert "If that address is in the register" in await stranger.says(elsewhere.record.email)
    reference = await stranger.files(await stranger.presses("I cannot get the code"))
    await plus_one_window.staff_letter(reference)
    assert plus_one_window.mail.to(elsewhere.record.email) == []
