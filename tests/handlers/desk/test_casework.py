"""Filing, adding and withdrawing on a real database: one transaction leaves request, audit and letters, or nothing."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy.exc import IntegrityError

from handlers.desk.actors import ActorKind
from handlers.desk.assurance import Proof
from handlers.desk.casework import Draft
from handlers.desk.errors import NotAllowed, NotFound
from handlers.desk.lifecycle import Step, can_step
from handlers.desk.ports import EntryKind
from handlers.desk.requests import Outcome, Request, RequestKind, Status, new_id
from tests.counter import HANAKO, WORDS, Counter

RECEIPT, ESCALATION = ("receipt", "customer"), ("escalation", "staff")


async def step(counter: Counter, request: Request, what: Step, who: str = "chat", kind: str = "customer") -> Request:
    async with counter.memory.begin() as work:
        casework = counter.casework(work, who, ActorKind(kind))
        if what is Step.WITHDRAW:
            return await casework.withdraw(request.ref)
        return await casework.add(request.ref, "0" * 32)


async def reach(counter: Counter, status: Status) -> Request:
    """A request that came to a status by what was done with it."""
    if status is Status.OPEN:
        case = await counter.proves("chat", RequestKind.MARKETING_STOP)
        return await counter.files("chat", RequestKind.MARKETING_STOP, case=case)
    request = await counter.files("chat")
    return await step(counter, request, Step.WITHDRAW) if status is Status.WITHDRAWN else request


async def test_filing_without_proof(counter: Counter) -> None:
    request = await counter.files("chat")
    assert (request.status, request.assurance, request.customer_id) == (Status.AWAITING_IDENTITY, frozenset(), None)
    assert (request.article, request.outcome, request.owner, request.is_open) == ("33(1)", None, None, True)
    assert await counter.case(request) == request
    assert await counter.owed() == [ESCALATION]


@pytest.mark.parametrize(
    ("grounds", "article"),
    [
        ((), "35(1), 35(5)"),
        (("untrue",), "34(1)"),
        (("harm",), "35(5)"),
        (("harm", "leak"), "35(1), 35(5)"),
        (("only_in_the_policy",), "35(1), 35(5)"),
    ],
)
async def test_a_request_stands_on_the_article_of_its_ground(
    counter: Counter, grounds: tuple[str, ...], article: str
) -> None:
    request = await counter.files("chat", RequestKind.DELETION, grounds=grounds)
    assert (await counter.case(request)).article == article


async def test_filing_with_all_the_proof_that_is_needed(counter: Counter) -> None:
    case = await counter.proves("chat", RequestKind.MARKETING_STOP)
    request = await counter.files("chat", RequestKind.MARKETING_STOP, case=case)
    assert (request.status, request.assurance) == (Status.OPEN, frozenset({Proof.MAIL}))
    async with counter.memory.begin() as work:
        assert request.customer_id == await work.register.find("planet_management", HANAKO)
    assert (await counter.owed())[1:] == [RECEIPT, ESCALATION]


@pytest.mark.parametrize(
    ("kind", "touches_contact", "status"),
    [
        (RequestKind.DISCLOSURE, False, Status.AWAITING_IDENTITY),
        (RequestKind.PURPOSE_NOTICE, False, Status.AWAITING_IDENTITY),
        (RequestKind.PROVISION_RECORDS, False, Status.AWAITING_IDENTITY),
        (RequestKind.CORRECTION, False, Status.AWAITING_IDENTITY),
        (RequestKind.CORRECTION, True, Status.AWAITING_IDENTITY),
        (RequestKind.DELETION, False, Status.AWAITING_IDENTITY),
        (RequestKind.SUSPENSION, False, Status.AWAITING_IDENTITY),
        (RequestKind.STOP_SHARING, False, Status.AWAITING_IDENTITY),
        (RequestKind.MARKETING_STOP, False, Status.OPEN),
        (RequestKind.CONSENT_WITHDRAWAL, False, Status.OPEN),
        (RequestKind.COMPLAINT, False, Status.OPEN),
        (RequestKind.INCIDENT, False, Status.OPEN),
        (RequestKind.INQUIRY, False, Status.OPEN),
    ],
)
async def test_what_a_mailbox_opens(counter: Counter, kind: RequestKind, touches_contact: bool, status: Status) -> None:
    """E alone opens what harms nobody; for the rest it is kept with the request, and staff check further."""
    case = await counter.proves("chat", kind)
    request = await counter.files("chat", kind, case=case, touches_contact=touches_contact)
    assert (request.status, request.assurance) == (status, frozenset({Proof.MAIL}))


async def test_a_complaint_needs_no_name_and_gets_no_receipt(counter: Counter) -> None:
    request = await counter.files("chat", RequestKind.COMPLAINT)
    assert (request.status, request.legal_mark_on) == (Status.OPEN, None)
    assert await counter.owed() == [ESCALATION]


async def test_both_clocks_run_from_the_first_message(counter: Counter) -> None:
    request = await counter.files("chat", arrived_at=datetime(2026, 11, 20, 14, 59, tzinfo=UTC))
    assert (request.arrived_at.day, request.filed_at) == (20, counter.clock())
    assert [request.first_touch_on, request.target_on, request.legal_mark_on] == [
        date(2026, 11, 24), date(2026, 12, 4), date(2026, 12, 4),
    ]  # fmt: skip


async def test_filing_leaves_one_audit_entry_with_no_word_of_the_person(counter: Counter) -> None:
    request = await counter.files("chat")
    [entry] = await counter.rows("SELECT fact, subject_id, actor_kind, actor_id, notes FROM audit")
    assert entry == {
        "fact": "filed",
        "subject_id": request.id,
        "actor_kind": "customer",
        "actor_id": "chat",
        "notes": '{"assurance": "", "kind": "disclosure"}',
    }


async def test_a_draft_is_filed_once(counter: Counter) -> None:
    request = await counter.files("chat")
    with pytest.raises(IntegrityError):
        await counter.files("chat", case=request.id)
    assert len(await counter.rows("SELECT id FROM cases")) == len(await counter.owed()) == 1
    assert len(await counter.rows("SELECT number FROM audit")) == 1


@pytest.mark.parametrize("kind", [ActorKind.STAFF, ActorKind.CLOCK])
async def test_only_customers_file_and_a_refusal_leaves_nothing(counter: Counter, kind: ActorKind) -> None:
    draft = Draft(new_id(), RequestKind.COMPLAINT, (), (WORDS,), counter.clock(), "en")
    with pytest.raises(NotAllowed):
        async with counter.memory.begin() as work:
            await counter.casework(work, "s", kind).file(draft)
    assert await counter.rows("SELECT 1 FROM cases UNION ALL SELECT 1 FROM audit UNION ALL SELECT 1 FROM outbox") == []


@pytest.mark.parametrize("status", [Status.AWAITING_IDENTITY, Status.OPEN, Status.WITHDRAWN])
@pytest.mark.parametrize("what", [Step.ADD, Step.WITHDRAW])
@pytest.mark.parametrize("kind", ActorKind)
async def test_adding_and_withdrawing_on_real_requests(
    counter: Counter, status: Status, what: Step, kind: ActorKind
) -> None:
    request = await reach(counter, status)
    assert request.status is status
    before = await counter.rows("SELECT notice FROM outbox ORDER BY rowid")
    facts = await counter.rows("SELECT fact FROM audit")
    if not can_step(status, what, kind):
        with pytest.raises(NotAllowed):
            await step(counter, request, what, kind=kind)
        assert await counter.case(request) == request
        assert await counter.rows("SELECT notice FROM outbox ORDER BY rowid") == before
        assert await counter.rows("SELECT fact FROM audit") == facts
        return
    after = await step(counter, request, what, kind=kind)
    assert await counter.case(request) == after
    ended = what is Step.WITHDRAW
    assert (after.status, after.outcome) == ((Status.WITHDRAWN, Outcome.WITHDRAWN) if ended else (status, None))
    told = await counter.rows("SELECT notice, recipient FROM outbox ORDER BY rowid")
    assert told[len(before) :] == [{"notice": "withdrawal" if ended else "addition", "recipient": "staff"}]
    assert (await counter.rows("SELECT fact FROM audit ORDER BY number"))[-1] == {
        "fact": "withdrawn" if ended else "added"
    }


async def test_a_request_is_withdrawn_once(counter: Counter) -> None:
    request = await counter.files("chat")
    await step(counter, request, Step.WITHDRAW)
    with pytest.raises(NotAllowed):
        await step(counter, request, Step.WITHDRAW)
    assert len(await counter.rows("SELECT 1 FROM outbox WHERE notice = 'withdrawal'")) == 1


@pytest.mark.parametrize("what", [Step.ADD, Step.WITHDRAW])
async def test_somebody_elses_request_is_not_there(counter: Counter, what: Step) -> None:
    request = await counter.files("chat")
    with pytest.raises(NotFound):
        await step(counter, request, what, who="nosy")
    assert await counter.case(request) == request
    async with counter.memory.begin() as work:
        assert list(await counter.casework(work, "nosy").own_cases()) == []
        assert list(await counter.casework(work, "chat").own_cases()) == [request]


async def test_own_requests_newest_first(counter: Counter) -> None:
    filed = []
    for _ in range(3):
        filed.append(await counter.files("chat"))
        counter.clock.goes_on(seconds=1)
    async with counter.memory.begin() as work:
        assert [each.ref for each in await counter.casework(work, "chat").own_cases()] == [
            each.ref for each in reversed(filed)
        ]


async def test_words_and_documents_wait_for_their_request(counter: Counter) -> None:
    request, draft = await counter.files("chat"), new_id()
    async with counter.memory.begin() as work:
        casework = counter.casework(work, "chat")
        await casework.keep_words(draft, "I moved in May")
        await casework.keep_document(draft, "passport.png", b"\x89PNG", "image/png")
        assert await work.cases.entries(request.id) == []
    async with counter.memory.begin() as work:
        await counter.casework(work, "chat").add(request.ref, draft)
    async with counter.memory.begin() as work:
        words, document = sorted(await work.cases.entries(request.id), key=lambda each: each.kind, reverse=True)
        assert await work.cases.entries(draft) == []
    assert (words.kind, words.text, words.at) == (EntryKind.WORDS, "I moved in May", counter.clock())
    assert (document.kind, document.text, document.media_type) == (EntryKind.DOCUMENT, "passport.png", "image/png")


async def test_an_addition_that_is_refused_moves_nothing(counter: Counter) -> None:
    request, draft = await reach(counter, Status.WITHDRAWN), new_id()
    async with counter.memory.begin() as work:
        await counter.casework(work, "chat").keep_words(draft, "too late")
    with pytest.raises(NotAllowed):
        async with counter.memory.begin() as work:
            await counter.casework(work, "chat").add(request.ref, draft)
    async with counter.memory.begin() as work:
        assert [each.text for each in await work.cases.entries(draft)] == ["too late"]
        assert await work.cases.entries(request.id) == []


async def test_staff_see_any_request_and_customers_their_own(counter: Counter) -> None:
    request = await counter.files("chat")
    with pytest.raises(NotAllowed):  # found, and then not allowed: the table has no such step for staff
        await step(counter, request, Step.WITHDRAW, who="staff", kind="staff")
    with pytest.raises(NotFound):
        await step(counter, request, Step.WITHDRAW, who="staff")
