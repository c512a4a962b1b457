"""The desk dies, at the worst moments, and comes back: nothing that a customer was told is lost, nothing comes twice.

These journeys have a desk of their own; each finds it alive, whatever the one before did to it.
"""

import asyncio
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.botapi import BotApi, Call, CutOff
from tests.journeys.conftest import PATIENCE, everybody
from tests.journeys.customers import Customer
from tests.journeys.process import DeskProcess
from tests.journeys.windows import Window
from tests.mailbox import Letter, MailServer

PDF = b"%PDF-1.7\n% a page that takes its time\n"


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def mortals(imported: Path, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Window]:
    data = shutil.copytree(imported, tmp_path_factory.mktemp("mortal") / "var", symlinks=True)
    with BotApi(patience=PATIENCE) as api, MailServer() as mail:
        async with DeskProcess(api, mail, data) as desk:
            yield Window(desk, everybody())


@pytest_asyncio.fixture
async def mortal(mortals: Window) -> AsyncIterator[Window]:
    """The desk that may die."""
    if not mortals.desk.is_alive:
        await mortals.desk.starts()
    yield mortals
    mortals.api.faults.clear()
    mortals.check()


@pytest.fixture
def deaths(mortal: Window) -> "Deaths":
    return Deaths(mortal)


class Deaths:
    """Ways to die."""

    def __init__(self, window: Window) -> None:
        self._window = window

    async def at_request(self, _: Call) -> None:
        """A hook: the process is gone before its request counts for anything."""
        await self._window.desk.dies()
        raise CutOff

    async def at_answer(self, _: Call | Letter) -> None:
        """A hook: the request has counted, and the process never learns it."""
        await self._window.desk.dies()

    async def awaited(self) -> None:
        await self._window.api.until(lambda: not self._window.desk.is_alive, "the death of the desk")


async def rises(window: Window) -> None:
    """Start it again, a few minutes after it died."""
    await window.minutes_go_by()
    await window.desk.starts()


async def check_one_case(window: Window, customer: Customer, reference: str) -> None:
    """One request, as the customer sees it; and as mailboxes show it, that drop what they have already."""
    assert await customer.own_references() == [reference]
    await window.staff_letter(reference)
    await window.mail.arrives(to=customer.record.email, subject_part=reference)
    about = [letter for letter in window.mail.letters if reference in letter.subject]
    assert len({letter.message_id for letter in about}) == 2
    assert len(about) <= 4


async def test_killed_between_commit_and_reply(mortal: Window, deaths: Deaths) -> None:
    hanako = mortal.customer("en")
    await hanako.comes_to_the_summary()
    before = await mortal.references()
    mortal.api.on("sendMessage", deaths.at_request, chat=hanako.person)
    yes = hanako.writes("yes")
    await deaths.awaited()
    [committed] = await mortal.references() - before
    assert yes.update_id is not None
    assert mortal.api.unconfirmed == [yes.update_id]
    await rises(mortal)
    filed = await hanako.hears()
    assert filed.reference == committed
    await hanako.hears_nothing()
    mortal.api.redeliver(yes.update_id)
    await hanako.hears_nothing()
    await check_one_case(mortal, hanako, filed.reference)


async def test_killed_in_the_middle_of_a_turn(mortal: Window, deaths: Deaths) -> None:
    hanako = mortal.customer("en")
    await hanako.asks_for_everything()
    mortal.api.on("getFile", deaths.at_request)
    sent = hanako.person.sends_document(PDF, "proof.pdf")
    await deaths.awaited()
    assert mortal.api.unconfirmed == [sent.update_id]
    await rises(mortal)
    assert "put the document with your request" in await hanako.hears()
    reference = await hanako.files(await hanako.proves())
    assert await mortal.documents(reference) == [("proof.pdf", "application/pdf", PDF)]
    await check_one_case(mortal, hanako, reference)


async def test_killed_when_the_reply_is_out_and_nobody_has_noted_it(mortal: Window, deaths: Deaths) -> None:
    taro = mortal.customer("ja")
    await taro.comes_to_the_summary()
    mortal.api.on("sendMessage", deaths.at_answer, chat=taro.person, after=True)
    taro.writes("はい")
    await deaths.awaited()
    first = await taro.hears()
    await rises(mortal)
    await mortal.api.all_acknowledged()
    again = [message.text for message in taro.person.chat.from_bot if first.reference in message.text]
    assert len(again) <= 2
    assert set(again) == {first.text}
    await check_one_case(mortal, taro, first.reference)


async def test_killed_after_the_reply_and_before_the_acknowledgement(mortal: Window, deaths: Deaths) -> None:
    hanako = mortal.customer("en")
    await hanako.comes_to_the_summary()
    number = mortal.api.cloud.queue.next_id

    async def die_at_the_acknowledgement(call: Call) -> None:
        if int(call.get("offset") or 0) > number:
            await deaths.at_request(call)

    hook = mortal.api.on("getUpdates", die_at_the_acknowledgement, times=None)
    yes = hanako.writes("yes")
    assert yes.update_id == number
    filed = await hanako.hears()
    await deaths.awaited()
    hook.lift()
    assert mortal.api.unconfirmed == [number]
    await rises(mortal)
    await hanako.hears_nothing()
    await check_one_case(mortal, hanako, filed.reference)


async def test_killed_when_the_mail_server_has_the_code(mortal: Window, deaths: Deaths) -> None:
    hanako = mortal.customer("en")
    await hanako.asks_for_everything()
    mortal.mail.on_letter(deaths.at_answer)
    hanako.writes(hanako.record.email)
    first = await mortal.mail.arrives(to=hanako.record.email)
    await deaths.awaited()
    await rises(mortal)
    again = await mortal.mail.arrives(to=hanako.record.email)
    assert again.message_id == first.message_id
    assert again.raw == first.raw
    await mortal.api.all_acknowledged()
    hanako.looks()
    code = hanako.code_in(again)
    reference = await hanako.files(await hanako.says(code))
    assert "the code sent to the registered e-mail address" in (await mortal.staff_letter(reference)).text
    await mortal.mail.arrives(to=hanako.record.email, subject_part=reference)
    assert len({letter.message_id for letter in mortal.mail.to(hanako.record.email)}) == 2


async def test_stopped_by_the_operator(mortal: Window) -> None:
    hanako, taro = mortal.customer("en"), mortal.customer("ja")
    await taro.asks_for_everything()
    await hanako.comes_to_the_summary()
    released = asyncio.Event()

    async def hold(_: Call) -> None:
        await released.wait()

    held = mortal.api.on("sendMessage", hold, chat=hanako.person)
    hanako.writes("yes")
    await held.struck()
    stopping = asyncio.create_task(mortal.desk.stops())
    released.set()
    assert await stopping == 0, mortal.desk.told()
    filed = await hanako.hears()
    assert mortal.api.unconfirmed == []
    taro.writes(taro.record.email)
    await rises(mortal)
    assert "8桁" in await taro.hears()
    await taro.files(await taro.says(await taro.code()))
    await hanako.hears_nothing()
    await check_one_case(mortal, hanako, filed.reference)
