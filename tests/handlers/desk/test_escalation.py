"""All that staff need, gathered from the memory: nothing invented, nobody unmasked, nothing written."""

from collections.abc import AsyncIterator
from dataclasses import fields
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from handlers.desk.assurance import Proof
from handlers.desk.escalation import MOST_EXCHANGES, Escalation, brief
from handlers.desk.ports import EntryKind
from handlers.desk.requests import Detail, Request, Status
from handlers.desk.rights import Words
from handlers.desk.wording import load_wording
from tests.bot.mail.office import HANAKO, SUNDAY, Office, customer, open_office

WORDING = load_wording()
POLICY = {"beyond_purpose": Words(en="not in the policy", ja="ポリシーにない目的")}


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    async with open_office(tmp_path) as opened:
        yield opened


async def gather(office: Office, request: Request, until: datetime | None = None) -> Escalation:
    async with office.memory.begin() as work:
        return await brief(work, request, office.controller, WORDING, policy_grounds=POLICY, until=until)


async def test_a_proved_request_in_full(office: Office) -> None:
    chat = await office.chat("ja")
    case_id = await office.proves(chat, kind="marketing_stop")
    what = Detail("marketing", "email", "止めるもの", "メールマガジン")
    request = await office.files(chat, what, case_id=case_id, kind="marketing_stop", language="ja")
    case = await gather(office, request)
    assert (case.ref, case.case_id, case.company, case.kind) == (request.ref, case_id, "plus_one", "marketing_stop")
    assert (case.article, case.law.id) == ("40", "jp-appi")
    assert (case.status, case.status_words.en) == (Status.OPEN, "ready to be worked on")
    assert [each.ja for each in case.proved] == ["登録メールアドレスに送った確認コード"]
    assert case.missing.alternatives == case.missing.for_contact == ()
    assert case.arrived_at == SUNDAY
    assert (case.arrived_at.tzinfo, case.arrived_at.hour) == (ZoneInfo("Asia/Tokyo"), 12)
    assert (case.first_touch_on, case.target_on, case.legal_mark_on) == (date(2026, 11, 24), date(2026, 12, 6), None)
    assert case.identity is not None
    assert (case.identity.name, case.identity.email) == ("H••••• S•••••", "h•••••@example.jp")
    assert case.identity.phone == "•••••001"
    assert [(each.label, each.shown) for each in case.details] == [("止めるもの", "メールマガジン")]


async def test_what_is_still_needed(office: Office) -> None:
    unproved = await gather(office, await office.files(await office.chat(), kind="deletion"))
    assert not unproved.is_established
    assert unproved.identity is None
    assert unproved.proved == ()
    needed = [[proof.en for proof in each] for each in unproved.missing.alternatives]
    names = {proof: words.en for proof, words in WORDING.proofs.items()}
    assert needed == [[names[Proof.MAIL], names[Proof.PHONE]], [names[Proof.DOCUMENT]]]
    chat = await office.chat()
    half = await gather(
        office, await office.files(chat, kind="deletion", case_id=await office.proves(chat, "deletion"))
    )
    assert half.is_established
    assert [[proof.en for proof in each] for each in half.missing.alternatives] == [
        [names[Proof.PHONE]],
        [names[Proof.DOCUMENT]],
    ]


async def test_changing_an_address_needs_more_and_that_is_told_beside(office: Office) -> None:
    correction = await gather(office, await office.files(await office.chat(), kind="correction"))
    assert len(correction.missing.alternatives) == 4
    assert len(correction.missing.for_contact) == 2


async def test_what_needs_no_proof_lacks_none(office: Office) -> None:
    complaint = await gather(office, await office.files(await office.chat(), kind="complaint"))
    assert (complaint.missing.alternatives, complaint.missing.for_contact) == ((), ())
    assert complaint.status is Status.OPEN


async def test_what_was_withdrawn_needs_nothing_more(office: Office) -> None:
    request = await office.files(await office.chat(), kind="deletion")
    await office.withdraws(request)
    async with office.memory.begin() as work:
        withdrawn = await work.cases.get(request.id)
    assert withdrawn is not None
    case = await gather(office, withdrawn)
    assert (case.status, case.missing.alternatives) == (Status.WITHDRAWN, ())


async def test_grounds_of_the_policy_and_of_the_law(office: Office) -> None:
    request = await office.files(
        await office.chat(), kind="suspension", grounds=("beyond_purpose", "harm", "somebody_else_s")
    )
    case = await gather(office, request)
    assert [(each.code, each.words.en, each.article) for each in case.grounds[:1]] == [
        ("beyond_purpose", "not in the policy", None)
    ]
    assert [(each.code, each.article) for each in case.grounds[1:]] == [
        ("beyond_purpose", "35(1), 18"),
        ("harm", "35(5)"),
    ]


async def test_who_left_the_register_is_established_and_gone(office: Office) -> None:
    chat = await office.chat()
    request = await office.files(chat, case_id=await office.proves(chat))
    await office.registers(customer("other@example.jp"))
    case = await gather(office, request)
    assert case.is_established
    assert case.identity is None


async def test_the_talk_since_the_first_message_with_addresses_masked(office: Office) -> None:
    chat = await office.chat()
    await office.exchange(chat, "an earlier talk", "long ago")
    office.clock.goes_on(hours=1)
    arrived_at = office.clock()
    await office.exchange(chat, f"I am {HANAKO}, not xhanako@example.jp", "Which?", "One of:", choices=["a", "b"])
    await office.exchange(chat, "ｈａｎａｋｏ＠ｅｘａｍｐｌｅ．ｊｐ", f"Is {HANAKO} right?")
    await office.exchange(chat, "")
    request = await office.files(chat, arrived_at=arrived_at)
    case = await gather(office, request)
    assert [each.said for each in case.exchanges] == [
        "I am h•••••@example.jp, not x•••••@example.jp",
        "h•••••@example.jp",
        "",
    ]
    assert [each.replies for each in case.exchanges] == [
        ("Which?", "One of:"),
        ("Is h•••••@example.jp right?",),
        (),
    ]
    assert [each.choices for each in case.exchanges] == [("a", "b"), (), ()]
    assert case.exchanges[0].at == arrived_at


async def test_of_a_long_talk_the_newest(office: Office) -> None:
    chat = await office.chat()
    for number in range(MOST_EXCHANGES + 5):
        await office.exchange(chat, str(number), "ok")
        office.clock.goes_on(seconds=1)
    case = await gather(office, await office.files(chat, arrived_at=SUNDAY))
    assert [each.said for each in case.exchanges] == [str(number) for number in range(5, MOST_EXCHANGES + 5)]


async def test_the_timeline_and_what_came_later(office: Office) -> None:
    chat = await office.chat()
    request = await office.files(chat)
    office.clock.goes_on(minutes=1)
    await office.adds(request, "first words")
    first_at = office.clock()
    office.clock.goes_on(minutes=1)
    await office.adds(request, document="proof.pdf")
    await office.exchange(chat, "later", "ok")
    case = await gather(office, request)
    assert [(each.kind, each.text) for each in case.entries] == [
        (EntryKind.WORDS, "first words"),
        (EntryKind.DOCUMENT, "proof.pdf"),
    ]
    assert case.entries[1].content is None
    earlier = await gather(office, request, until=first_at)
    assert [each.text for each in earlier.entries] == ["first words"]
    assert earlier.exchanges == ()
    assert (await gather(office, request, until=first_at - timedelta(seconds=1))).entries == ()


async def test_nothing_personal_shows_by_accident(office: Office) -> None:
    chat = await office.chat()
    await office.exchange(chat, "Canary-said", "Canary-reply", choices=["Canary-choice"])
    request = await office.files(
        chat, Detail("scope", "Canary-value", "Canary-label", "Canary-shown"), case_id=await office.proves(chat)
    )
    await office.adds(request, "Canary-words")
    case = await gather(office, request)
    shown: list[Any] = [case, case.identity, *case.details, *case.entries, *case.exchanges]
    for each in shown:
        assert "Canary" not in repr(each)
        assert "•" not in repr(each)
    assert {each.name for each in fields(case) if not each.repr} == {"details", "entries", "exchanges"}
