"""Why a date that was put off is the one it is: since when, by how much, and by whose rule."""

from datetime import date

from handlers.desk.assurance import Proof
from tests.factories import OpenDesk
from tests.handlers.dialogue.laws import under
from tests.handlers.dialogue.talks import with_a_case
from tests.handlers.dialogue.test_own_cases import AOI, staff


async def test_the_company_s_own_aim(desk: OpenDesk) -> None:
    customer = await with_a_case(desk)
    [case] = await desk.cases()
    desk.clock.goes_on(days=2)
    await staff(desk, AOI, lambda c: c.extend(case.ref, date(2026, 12, 16), "The archive is being moved"))
    said = await customer.says("/why")
    assert "On 24 November 2026, staff put that day off by 10 days, to 16 December 2026, and told you why" in said
    assert "That too is the company's own aim, not a rule of law" in said
    assert "lets this date be put off" not in said
    await customer.says("日本語でお願いします")
    said = await customer.says("/why")
    assert "2026年11月24日に担当者が理由をお知らせしたうえで10日延ばし、2026年12月16日になりました" in said


async def test_a_limit_of_law_says_its_article_and_both_lengths(desk: OpenDesk) -> None:
    desk = under("eu-gdpr", desk)
    customer = await with_a_case(desk)
    [case] = await desk.cases()
    await staff(desk, AOI, lambda c: c.verify(case.ref, Proof.DOCUMENT, "Passport, face and name"))
    desk.clock.goes_on(days=2)
    await staff(desk, AOI, lambda c: c.extend(case.ref, date(2027, 1, 20), "The archive is being moved"))
    said = await customer.says("/why")
    assert "The law (Art. 12(3)) lets this date be put off by 2 months more, if you are told why" in said
    assert (
        "You were told on 24 November 2026; so it is now one month + 2 months from 22 November 2026, "
        "and ends on 22 February 2027"
    ) in said
