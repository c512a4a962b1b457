"""Letters about a request on file: every notice in both languages, to the registered address, with its words."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import pytest

from handlers.desk.actors import Actor, ActorKind
from handlers.desk.assurance import Proof
from handlers.desk.casework import Casework
from handlers.desk.decisions import Ruling, Verdict
from handlers.desk.lifecycle import Notice
from handlers.desk.requests import Request, new_id
from tests.bot.mail.office import HANAKO, STAFF, Office

AOI, REN = Actor(ActorKind.STAFF, "Aoi"), Actor(ActorKind.STAFF, "Ren")
CLOCK = Actor(ActorKind.CLOCK, "clock")
QUESTION, WHY = "Which year?\nSubject: not a header", "The archive is moving"
FACTS = "A letter in it names somebody else."

WORDS = {
    ("en", Notice.QUESTION): ["Which year?", "answer in the chat"],
    ("ja", Notice.QUESTION): ["Which year?", "チャットで"],
    ("en", Notice.REMINDER): ["Which year?", "12 December 2026"],
    ("ja", Notice.REMINDER): ["Which year?", "2026年12月12日"],
    ("en", Notice.EXTENSION): [WHY, "13 December 2026", "6 December 2026, stays as it was"],
    ("ja", Notice.EXTENSION): [WHY, "2026年12月13日", "変わりません"],
    ("en", Notice.DECISION): ["The bookings\n  Yes.", "The letters\n  No.", "33(2)(i)", FACTS, "court"],
    ("ja", Notice.DECISION): ["The bookings", "対応いたしかねます", "第33条第2項", FACTS, "裁判所"],
    ("en", Notice.LAPSE): ["set it aside", "Nothing was decided", "12 January 2027"],
    ("ja", Notice.LAPSE): ["終了", "可否の判断はしておりません", "2027年1月12日"],
    ("en", Notice.REOPENING): ["taken up your request again"],
    ("ja", Notice.REOPENING): ["再開"],
}


async def does(office: Office, actor: Actor, do: Callable[[Casework], Awaitable[Any]]) -> Any:
    async with office.memory.begin() as work:
        return await do(Casework(work, office.controller, office.letters.code_key, actor, office.clock()))


async def goes_through(office: Office, language: str) -> Request:
    """A disclosure that meets every notice."""
    chat = await office.chat(language)
    request = await office.files(chat, case_id=await office.proves(chat), language=language)
    ref = request.ref
    await does(office, AOI, lambda c: c.verify(ref, Proof.DOCUMENT, "Passport"))
    await does(office, AOI, lambda c: c.extend(ref, request.target_on + timedelta(days=7), WHY))
    await does(office, AOI, lambda c: c.specify(ref, ["The bookings", "The letters"]))
    verdicts = [Verdict(1, Ruling.FULFILLED), Verdict(2, Ruling.REFUSED, "harms_somebody", FACTS)]
    await does(office, AOI, lambda c: c.decide(ref, verdicts))
    await does(office, REN, lambda c: c.approve(ref))
    [letter] = await office.writes(Notice.DECISION)
    assert ("I disagree" if language == "en" else "納得できません") in letter.body
    await does(office, Actor(ActorKind.CUSTOMER, chat), lambda c: c.disagree(ref, new_id()))
    await does(office, AOI, lambda c: c.ask(ref, QUESTION))
    office.clock.goes_on(days=7)
    await does(office, CLOCK, lambda c: c.remind(ref))
    office.clock.goes_on(days=14)
    await does(office, CLOCK, lambda c: c.expire(ref))
    await does(office, AOI, lambda c: c.reopen(ref, "They called"))
    return request


@pytest.mark.parametrize("language", ["en", "ja"])
async def test_every_notice_has_its_letter(office: Office, language: str) -> None:
    request = await goes_through(office, language)
    notices = [notice for spoken, notice in WORDS if spoken == language]
    for notice in notices:
        [letter] = await office.writes(notice)
        assert (letter.to, request.ref in letter.subject) == (HANAKO, True)
        assert "$" not in letter.body
        for words in WORDS[language, notice]:
            assert words in letter.body, f"{words!r} is missing in:\n{letter.body}"
        assert "not a header" not in letter.subject


async def test_staff_hear_of_proposal_and_disagreement(office: Office) -> None:
    await goes_through(office, "en")
    [proposal] = await office.writes(Notice.PROPOSAL)
    [disagreement] = await office.writes(Notice.DISAGREEMENT)
    assert (proposal.to, disagreement.to) == (STAFF, STAFF)
    assert "Aoi" in proposal.body
    assert "does not agree" in disagreement.body


async def test_no_letter_goes_to_somebody_who_is_not_known(office: Office) -> None:
    request = await office.files(await office.chat())
    await does(office, AOI, lambda c: c.ask(request.ref, QUESTION))
    assert await office.writes(Notice.QUESTION) == []
