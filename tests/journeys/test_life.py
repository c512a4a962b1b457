"""A request from filing to a refusal, and on: the real process, with two members of staff at the command line."""

from typing import Any

from bot.wiring import company_called, controller_of, open_memory, utc_now
from handlers.desk.actors import Actor, ActorKind
from handlers.desk.casework import Casework
from handlers.desk.requests import new_id
from tests.factories import settings_for
from tests.journeys.process import Ended, run_bot
from tests.journeys.windows import Window

FACTS = "The letters in it name a colleague who asked us for confidence."


async def staff(window: Window, *words: str, by: str = "Aoi") -> Ended:
    command = [words[0], words[1], "--by", by, *words[2:]]
    return await run_bot("cases", *command, folder=window.desk.data.parent, settings=window.desk.settings)


async def does(window: Window, reference: str, *words: str, by: str = "Aoi") -> str:
    ended = await staff(window, words[0], reference, *words[1:], by=by)
    assert ended.code == 0, ended.err
    return ended.out


async def disagrees(window: Window, reference: str) -> None:
    """As the talk will have it done: through the casework, as the chat that the request came from."""
    settings = settings_for(window.desk.data)
    async with open_memory(settings) as memory, memory.begin() as work:
        request = await work.cases.by_ref(reference)
        assert request is not None
        actor = Actor(ActorKind.CUSTOMER, request.conversation_id)
        controller = controller_of(company_called("planet_management"))
        casework = Casework(work, controller, memory.vault.code_key, actor, utc_now())
        draft = new_id()
        await casework.keep_words(draft, "I wrote half of those letters myself")
        await casework.disagree(reference, draft)


async def shown(window: Window, reference: str) -> dict[str, Any]:
    return dict(await window.case(reference))


async def test_a_refusal_by_two_and_a_disagreement(window: Window) -> None:
    hanako = window.customer("en")
    reference = await hanako.files(await hanako.comes_to_the_summary())
    await window.staff_letter(reference)
    await hanako.mail.arrives(to=hanako.record.email, subject_part=reference)

    too_early = await staff(window, "refuse", reference, "--reason", "harms_somebody", "--facts", FACTS)
    assert too_early.code == 1
    assert "not proved" in too_early.err
    seen = await does(window, reference, "verify", "--proof", "D", "--reason", "Passport at the counter")
    assert "is now: open" in seen
    await does(window, reference, "claim")

    await does(window, reference, "ask", "Do you mean the letters of 2024?")
    asked = await hanako.hears()
    assert reference in asked
    assert "Do you mean the letters of 2024?" in asked
    question = await hanako.mail.arrives(to=hanako.record.email, subject_part="question about", timeout=30)
    assert "Do you mean the letters of 2024?" in question.text
    await hanako.says("I want to add something")
    await hanako.says("Yes, those of 2024, all of them please")
    assert (await shown(window, reference))["status"] == "open"

    await does(window, reference, "investigate", "partly_founded", "Found in the archive")
    await does(window, reference, "specify", "--item", "Letters of 2024", "--item", "Bookings")
    proposal = await does(
        window, reference, "propose", "--fulfil", "2", "--refuse", "1", "--reason", "harms_somebody", "--facts", FACTS
    )
    assert "is now: proposed" in proposal
    alone = await staff(window, "approve", reference, by="aoi")
    assert (alone.code, alone.out) == (1, "")
    assert "second member of staff" in alone.err
    await hanako.hears_nothing()
    assert "decided, fulfilled_in_part" in await does(window, reference, "approve", by="Ren")

    told = await hanako.hears()
    letter = await hanako.mail.arrives(to=hanako.record.email, subject_part="has been decided", timeout=30)
    for words in (told.text, letter.text):
        assert "Letters of 2024" in words
        assert "33(2)(i)" in words
        assert FACTS in words
        assert "court" in words
        assert "I disagree" in words
        assert "info@planetmgmt.biz" in words
    await hanako.hears_nothing()

    await disagrees(window, reference)
    assert (await shown(window, reference))["status"] == "open"
    assert (await shown(window, reference))["outcome"] is None
    added, proposed, reopened = [(await window.staff_letter(reference)).text for _ in range(3)]
    assert "those of 2024" in added
    assert "Proposed by / 提案者: Aoi" in proposed
    assert "does not agree" in reopened
    assert "I wrote half of those letters myself" in reopened
