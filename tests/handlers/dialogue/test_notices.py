"""Notices in the chat: put into words late, once, in the chat's language, with nothing in them that is handed over."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import pytest

from bot.clock import Clock as ClockDoor
from handlers.desk.actors import Actor, ActorKind
from handlers.desk.assurance import Proof
from handlers.desk.casework import Casework
from handlers.desk.decisions import Ruling, Verdict
from handlers.desk.requests import Request, Status
from tests.factories import Customer, OpenDesk

FACTS = "A letter in it names somebody else."


async def does(desk: OpenDesk, do: Callable[[Casework], Awaitable[Any]], who: str = "Aoi") -> Any:
    async with desk.desk.memory.begin() as work:
        conversation = desk.desk.conversation
        actor = Actor(ActorKind.STAFF, who)
        return await do(Casework(work, conversation.controller, conversation.code_key, actor, desk.clock()))


async def files(desk: OpenDesk, language: str = "en") -> tuple[Customer, Request]:
    """A disclosure of everything on file, of somebody who could get no code."""
    customer = desk.customer()
    words = {
        "en": ["I want to see what you have on me", "everything", "electronically", "hanako@example.com"],
        "ja": ["私の情報を開示してください", "すべて", "電子データで", "hanako@example.com"],
    }
    without_code = {
        "en": ["I cannot get the code", "I would rather not say", "yes"],
        "ja": ["コードを受け取れない", "連絡先は伝えない", "はい"],
    }
    for each in words[language] + without_code[language]:
        await customer.says(each)
    [request] = await desk.cases()
    await does(desk, lambda c: c.verify(request.ref, Proof.DOCUMENT, "Passport"))
    desk.clock.goes_on(minutes=1)
    return customer, request


async def news(desk: OpenDesk) -> list[str]:
    """What is owed to the chat now; it is then sent."""
    conversation = desk.desk.conversation
    await conversation.announce("test")
    texts = []
    for chat, answer in await conversation.owed("test", desk.clock() + timedelta(seconds=1)):
        assert chat == "alice"
        if answer.turn_id and answer.replies:
            texts += [reply.text for reply in answer.replies[answer.sent :]]
        await conversation.mark_sent(answer.turn_id, len(answer.replies), done=True)
    return texts


async def decides(desk: OpenDesk, request: Request, *verdicts: Verdict) -> None:
    await does(desk, lambda c: c.decide(request.ref, verdicts))
    await does(desk, lambda c: c.approve(request.ref), "Ren")


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ["has been decided", "→ No. The reason: ", "Art. 33(2)(i)", FACTS, "court", "info@planetmgmt.biz"]),
        ("ja", ["結果をお知らせします", "対応いたしかねます", "第33条第2項", FACTS, "裁判所", "納得できません"]),
    ],
)
async def test_a_refusal_says_why_and_where_to_turn(desk: OpenDesk, language: str, words: list[str]) -> None:
    _, request = await files(desk, language)
    await news(desk)
    await decides(desk, request, Verdict(1, Ruling.REFUSED, "harms_somebody", FACTS))
    [text] = await news(desk)
    for each in (request.ref, *words):
        assert each in text, text
    assert await news(desk) == []


async def test_what_is_handed_over_does_not_stand_in_the_chat(desk: OpenDesk) -> None:
    _, request = await files(desk)
    await news(desk)
    await decides(desk, request, Verdict(1, Ruling.FULFILLED))
    [text] = await news(desk)
    assert "never in this chat" in text
    assert "court" not in text


async def test_a_notice_becomes_one_turn_in_two_processes(desk: OpenDesk) -> None:
    _, request = await files(desk)
    await news(desk)
    await does(desk, lambda c: c.ask(request.ref, "Which year?"))
    conversation = desk.desk.conversation
    told = await asyncio.gather(*(conversation.announce("test") for _ in range(5)))
    assert [chat for chats in told for chat in chats] == ["alice"]
    assert len(await news(desk)) == 1


async def test_the_person_hears_what_time_does(desk: OpenDesk) -> None:
    _, request = await files(desk)
    await news(desk)
    conversation = desk.desk.conversation
    controllers = {conversation.company.id: conversation.controller}
    clock = ClockDoor(desk.desk.memory, controllers, conversation.code_key, desk.clock)
    await does(desk, lambda c: c.ask(request.ref, "Which year?"))
    heard = await news(desk)
    for _ in range(60):
        desk.clock.goes_on(days=1)
        await clock.run_once()
        heard += await news(desk)
    assert [("Which year?" in each, "set" in each) for each in heard] == [(True, False), (True, True), (False, True)]
    [after] = await desk.cases()
    assert after.status is Status.CLOSED


async def test_a_new_date_is_told_with_its_reason(desk: OpenDesk) -> None:
    _, request = await files(desk)
    await news(desk)
    await does(desk, lambda c: c.extend(request.ref, request.target_on + timedelta(days=7), "The archive is moving"))
    [text] = await news(desk)
    assert "The archive is moving" in text
    assert "13 December 2026" in text
    assert "6 December 2026, stays as it was" in text


async def test_a_notice_does_not_disturb_the_talk(desk: OpenDesk) -> None:
    customer, request = await files(desk)
    await customer.says("/mycases")
    choices = customer.choices
    await does(desk, lambda c: c.ask(request.ref, "Which year?"))
    await news(desk)
    assert choices
    assert "stale" not in await customer.presses(choices[0])
