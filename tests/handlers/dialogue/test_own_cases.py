"""The person's side of a request that staff work on: the question, the answer, the decision, the disagreement."""

from collections.abc import Awaitable, Callable

import pytest

from handlers.desk.actors import Actor, ActorKind
from handlers.desk.assurance import Proof
from handlers.desk.casework import Casework
from handlers.desk.decisions import Ruling, Verdict
from handlers.desk.requests import Request, Status
from tests.factories import Customer, OpenDesk
from tests.handlers.dialogue.talks import code_of, with_a_case

AOI, REN = "aoi", "ren"


async def staff(desk: OpenDesk, who: str, step: Callable[[Casework], Awaitable[Request]]) -> Request:
    talk = desk.desk.conversation
    async with desk.desk.memory.begin() as work:
        actor = Actor(ActorKind.STAFF, who)
        return await step(Casework(work, talk.controller, talk.code_key, actor, desk.clock()))


async def with_an_open_case(desk: OpenDesk, name: str = "alice") -> tuple[Customer, str]:
    customer = desk.customer(name)
    for words in ("stop sending me ads", "E-mail magazine", "hanako@example.com"):
        await customer.says(words)
    await customer.says(await code_of(customer))
    await customer.says("Yes, file it")
    [case] = [each for each in await desk.cases() if each.status is Status.OPEN][-1:]
    return customer, case.ref


async def status_of(desk: OpenDesk, ref: str) -> Status:
    return next(each.status for each in await desk.cases() if each.ref == ref)


async def test_what_staff_ask_is_shown_and_answered(desk: OpenDesk) -> None:
    customer, ref = await with_an_open_case(desk)
    await staff(desk, AOI, lambda c: c.ask(ref, "Which of the two magazines?"))
    shown = await customer.says("/mycases")
    assert "Staff have asked you:\nWhich of the two magazines?" in shown
    assert "What to stop: E-mail magazine" in shown
    assert customer.choices == ["Answer the question", "Take it back", "Why that date?"]
    assert "Which of the two magazines?" in await customer.says("Answer the question")
    assert f"Your answer is with {ref}" in await customer.says("the weekly one, the one about travel")
    assert await status_of(desk, ref) is Status.OPEN
    assert "Staff have asked you" not in await customer.says("/mycases")


REFUSED_EN = (
    "What was decided:\n\nEverything you hold about me\n→ No. The reason: ",
    "\nThe law's article: Art. 33(2)(i), ",
    "\nIn your case: A letter in it names somebody else.",
)
REFUSED_JA = (
    "結果は次のとおりです。\n\n",
    "→ 対応いたしかねます。理由：",
    "\n根拠となる条文：個人情報保護法第33条第2項第1号",
    "\n具体的な事情：A letter in it names somebody else.",
)


async def test_a_decision_can_be_looked_up_again_also_after_it_is_closed(desk: OpenDesk) -> None:
    customer = await with_a_case(desk)
    [case] = await desk.cases()
    ref = case.ref
    refusal = Verdict(1, Ruling.REFUSED, "harms_somebody", "A letter in it names somebody else.")
    await staff(desk, AOI, lambda c: c.verify(ref, Proof.DOCUMENT, "Passport, face and name"))
    await staff(desk, AOI, lambda c: c.decide(ref, [refusal]))
    assert "What was decided" not in await customer.says(ref)
    await staff(desk, REN, lambda c: c.approve(ref))
    for step in (None, lambda c: c.close(ref)):
        if step is not None:
            desk.clock.goes_on(days=40)
            await staff(desk, AOI, step)
        for asked in (ref, "/mycases"):
            shown = await customer.says(asked)
            for words in REFUSED_EN:
                assert words in shown
    await customer.says("日本語でお願いします")
    shown = await customer.says(ref)
    for words in REFUSED_JA:
        assert words in shown


async def test_a_decision_is_disagreed_with_and_opened_again(desk: OpenDesk) -> None:
    customer, ref = await with_an_open_case(desk)
    await staff(desk, AOI, lambda c: c.decide(ref, [Verdict(1, Ruling.FULFILLED)]))
    assert await status_of(desk, ref) is Status.DECIDED
    assert "If you do not agree, you can say so until" in await customer.says(ref)
    assert customer.choices == ["I disagree"]
    assert "What is not right about the decision?" in await customer.says("I don't agree!")
    assert f"{ref} is open again" in await customer.says("it came again this morning")
    assert await status_of(desk, ref) is Status.OPEN
    assert "can be opened again just now" in await customer.says("I disagree")


async def test_one_may_disagree_without_a_reason_and_in_japanese(desk: OpenDesk) -> None:
    customer, ref = await with_an_open_case(desk)
    await staff(desk, AOI, lambda c: c.decide(ref, [Verdict(1, Ruling.FULFILLED)]))
    await customer.says("日本語でお願いします")
    assert "理由は書かなくてもかまいません" in await customer.says("納得できません")
    assert "対応を再開し" in await customer.says("理由は書かない")
    assert await status_of(desk, ref) is Status.OPEN


@pytest.mark.parametrize("words", ["{ref}", "/mycases"])
async def test_another_chat_learns_nothing_of_a_request(desk: OpenDesk, words: str) -> None:
    _, ref = await with_an_open_case(desk)
    said = await desk.customer("bob").says(words.format(ref=ref))
    assert "magazine" not in said
    assert f"{ref} –" not in said


async def test_out_of_hours_is_told_once_until_the_desk_has_been_open(desk: OpenDesk) -> None:
    customer = desk.customer()
    closed = "Nobody is at the desk just now; staff are next here on Tuesday, 24 November."
    assert closed in await customer.says("stop sending me ads")
    await customer.says("stop")
    assert closed not in await customer.says("please delete my data")
    await customer.says("stop")
    desk.clock.goes_on(days=2)  # Tuesday, noon
    assert "Nobody is at the desk" not in await customer.says("please delete my data")


async def test_out_of_hours_is_told_where_a_person_is_offered(desk: OpenDesk) -> None:
    customer = desk.customer()
    said = await customer.says("how much does it cost?")
    assert "staff are next here on Tuesday, 24 November" in said
    assert said.index("staff are next here") < said.index("Shall I pass your question on?")
    assert customer.choices[-1] == "Pass it on to a person"
    assert "staff are next here" not in await customer.presses("Pass it on to a person")


async def test_out_of_hours_is_told_when_something_is_added_or_not_agreed_with(desk: OpenDesk) -> None:
    customer, ref = await with_an_open_case(desk)
    desk.clock.goes_on(days=6)  # Saturday
    await customer.says(ref)
    await customer.presses("Add something")
    said = await customer.says("It came again this morning, twice")
    assert f"I have added it to {ref}" in said
    assert "Nobody is at the desk just now; staff are next here on Monday, 30 November, and see it then." in said
    await staff(desk, AOI, lambda c: c.decide(ref, [Verdict(1, Ruling.FULFILLED)]))
    await customer.says("I disagree")
    assert "staff are next here" not in await customer.says("it still comes")
    await staff(desk, AOI, lambda c: c.decide(ref, [Verdict(1, Ruling.FULFILLED)]))
    desk.clock.goes_on(days=7)
    await customer.says("I disagree")
    said = await customer.says("it still comes")
    assert f"{ref} is open again" in said
    assert "staff are next here on Monday, 7 December, and see it then." in said
