"""Staff, the person and the clock at real requests: each row of the table is reached by doing the work."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from handlers.desk.actors import ActorKind
from handlers.desk.assurance import Proof
from handlers.desk.casework import CaseView, Casework
from handlers.desk.decisions import DecisionState, Finding, Ruling, Verdict
from handlers.desk.errors import NotAllowed, NotFound, Why
from handlers.desk.lifecycle import TABLE, Step, can_step
from handlers.desk.ports import EntryKind
from handlers.desk.requests import Outcome, Request, RequestKind, Status, new_id
from handlers.desk.rights import load_law
from tests.counter import HANAKO, TARO, Counter

AOI, REN = "Aoi", "Ren"
YES = Verdict(1, Ruling.FULFILLED)
NO = Verdict(1, Ruling.REFUSED, "harms_somebody", "A letter in it names somebody else.")
NOBODY = Verdict(1, Ruling.REFUSED, "identity_not_shown")


async def does(counter: Counter, who: str, do: Callable[[Casework], Awaitable[Any]]) -> Any:
    """One use case in a transaction of its own: `chat` is the person, `clock` the clock, anybody else is of staff."""
    kinds = {"chat": ActorKind.CUSTOMER, "nosy": ActorKind.CUSTOMER, "clock": ActorKind.CLOCK}
    async with counter.memory.begin() as work:
        return await do(counter.casework(work, who, kinds.get(who, ActorKind.STAFF)))


async def kept(counter: Counter, text: str = "My answer", who: str = "chat") -> str:
    draft = new_id()
    await does(counter, who, lambda c: c.keep_words(draft, text))
    return draft


async def filed(counter: Counter, kind: RequestKind = RequestKind.DISCLOSURE) -> Request:
    return await counter.files("chat", kind, case=await counter.proves("chat", kind))


async def opened(counter: Counter, kind: RequestKind = RequestKind.DISCLOSURE) -> Request:
    """Proved by the code, and by a document that Aoi saw."""
    request = await filed(counter, kind)
    if request.status is Status.OPEN:
        return request
    verified: Request = await does(
        counter, AOI, lambda c: c.verify(request.ref, Proof.DOCUMENT, "Passport, face and name")
    )
    return verified


async def proposed(counter: Counter, *verdicts: Verdict) -> Request:
    request = await opened(counter)
    found: Request = await does(counter, AOI, lambda c: c.decide(request.ref, verdicts or (NO,)))
    return found


async def decided(counter: Counter, *verdicts: Verdict) -> Request:
    request = await proposed(counter, *verdicts)
    found: Request = await does(counter, REN, lambda c: c.approve(request.ref))
    return found


async def asked(counter: Counter, request: Request) -> Request:
    found: Request = await does(counter, AOI, lambda c: c.ask(request.ref, "Which year do you mean?"))
    return found


async def lapsed(counter: Counter) -> Request:
    request = await asked(counter, await opened(counter))
    counter.clock.goes_on(days=7)
    await does(counter, "clock", lambda c: c.remind(request.ref))
    counter.clock.goes_on(days=14)
    found: Request = await does(counter, "clock", lambda c: c.expire(request.ref))
    return found


async def closed(counter: Counter) -> Request:
    request = await decided(counter)
    counter.clock.goes_on(days=31)
    found: Request = await does(counter, "clock", lambda c: c.close(request.ref))
    return found


async def withdrawn(counter: Counter) -> Request:
    request = await opened(counter)
    found: Request = await does(counter, "chat", lambda c: c.withdraw(request.ref))
    return found


async def waiting(counter: Counter) -> Request:
    return await asked(counter, await opened(counter))


REACH: dict[Status, Callable[[Counter], Awaitable[Request]]] = {
    Status.AWAITING_IDENTITY: filed,
    Status.OPEN: opened,
    Status.AWAITING_CUSTOMER: waiting,
    Status.PROPOSED: proposed,
    Status.DECIDED: decided,
    Status.LAPSED: lapsed,
    Status.CLOSED: closed,
    Status.WITHDRAWN: withdrawn,
}
"""How a request comes to a status: by what is done with it."""


async def take(counter: Counter, request: Request, step: Step, who: str) -> Request:
    """The step on a request, done by the use case that stands for it, with all that it needs."""
    ref = request.ref
    draft = await kept(counter, who=who)
    uses: dict[Step, Callable[[Casework], Awaitable[Request]]] = {
        Step.VERIFY: lambda c: c.verify(ref, Proof.DOCUMENT, "Passport"),
        Step.CLAIM: lambda c: c.claim(ref),
        Step.SPECIFY: lambda c: c.specify(ref, ["The bookings", "The letters"]),
        Step.ASK: lambda c: c.ask(ref, "Which year?"),
        Step.ANSWER: lambda c: c.answer(ref, draft),
        Step.ADD: lambda c: c.add(ref, draft),
        Step.NOTE: lambda c: c.note(ref, "Ask the archive"),
        Step.INVESTIGATE: lambda c: c.investigate(ref, Finding.FOUNDED, "Seen in the archive"),
        Step.EXTEND: lambda c: c.extend(ref, request.target_on + timedelta(days=7), "The archive is being moved"),
        Step.PROPOSE: lambda c: c.decide(ref, [NOBODY if request.status is Status.AWAITING_IDENTITY else NO]),
        Step.SEND_BACK: lambda c: c.send_back(ref, "Look at the letters again"),
        Step.FULFIL: lambda c: c.approve(ref),
        Step.FULFIL_IN_PART: lambda c: c.approve(ref),
        Step.REFUSE: lambda c: c.approve(ref),
        Step.WITHDRAW: lambda c: c.withdraw(ref),
        Step.DISAGREE: lambda c: c.disagree(ref, draft),
        Step.REOPEN: lambda c: c.reopen(ref, "A letter was overlooked"),
        Step.REMIND: lambda c: c.remind(ref),
        Step.EXPIRE: lambda c: c.expire(ref),
        Step.CLOSE: lambda c: c.close(ref),
    }
    found: Request = await does(counter, who, uses[step])
    return found


BY = {ActorKind.CUSTOMER: "chat", ActorKind.STAFF: REN, ActorKind.CLOCK: "clock"}
STEPS = [step for step in Step if step not in {Step.FILE, Step.FULFIL, Step.FULFIL_IN_PART}]
"""Filing has tests of its own; the two others are `approve` of other proposals, and come below."""


@pytest.mark.parametrize("status", Status)
@pytest.mark.parametrize("step", STEPS)
async def test_the_whole_matrix_on_real_requests(counter: Counter, status: Status, step: Step) -> None:
    """Each kind of hands tries each step from each status; what is not allowed leaves no trace."""
    request = await REACH[status](counter)
    assert request.status is status
    if status is Status.AWAITING_IDENTITY and step in {Step.ANSWER, Step.REMIND, Step.EXPIRE}:
        request = await asked(counter, request)
    for kind, who in BY.items():
        if can_step(status, step, kind):
            continue
        before = await counter.rows("SELECT count(*) AS n FROM audit UNION ALL SELECT count(*) FROM outbox")
        with pytest.raises((NotAllowed, NotFound)):
            await take(counter, request, step, who)
        assert await counter.case(request) == request
        assert before == await counter.rows("SELECT count(*) AS n FROM audit UNION ALL SELECT count(*) FROM outbox")
    if (status, step) not in TABLE:
        return
    if step is Step.EXPIRE:
        counter.clock.goes_on(days=7)
        await take(counter, request, Step.REMIND, "clock")
    counter.clock.goes_on(days=0 if step is Step.DISAGREE else 31)
    transition = TABLE[status, step]
    who = next(BY[kind] for kind in ActorKind if kind in transition.who)
    after = await take(counter, request, step, who)
    proved_again = transition.unproved is None or Proof.DOCUMENT in after.assurance
    assert after.status is (transition.to if proved_again else transition.unproved)
    assert await counter.case(request) == after
    last = (await counter.rows("SELECT fact, subject_id FROM audit ORDER BY number"))[-1]
    assert last == {"fact": transition.fact, "subject_id": request.id}
    for notice in transition.notices:
        assert await counter.rows("SELECT 1 FROM outbox WHERE notice = :notice", notice=notice)


async def decide_two(counter: Counter, request: Request, verdicts: tuple[Verdict, ...]) -> tuple[Request, CaseView]:
    await does(counter, AOI, lambda c: c.specify(request.ref, ["Bookings", "Letters"]))
    await does(counter, AOI, lambda c: c.decide(request.ref, verdicts))
    after = await does(counter, REN, lambda c: c.approve(request.ref))
    return after, await does(counter, "chat", lambda c: c.view(request.ref))


async def test_two_items_and_three_outcomes(counter: Counter) -> None:
    for verdicts, outcome in (
        ((YES, Verdict(2, Ruling.FULFILLED)), Outcome.FULFILLED),
        ((YES, Verdict(2, Ruling.REFUSED, "no_data")), Outcome.FULFILLED_IN_PART),
        ((NO, Verdict(2, Ruling.REFUSED, "no_data")), Outcome.REFUSED),
    ):
        request = await opened(counter)
        after, view = await decide_two(counter, request, verdicts)
        assert (after.status, after.outcome) == (Status.DECIDED, outcome)
        assert view.decision is not None
        assert view.decision.verdicts == verdicts
        assert [each.text for each in view.request.items] == ["Bookings", "Letters"]


@pytest.mark.parametrize(
    ("verdicts", "why"),
    [
        ((), Why.ITEMS),
        ((YES, YES), Why.ITEMS),
        ((Verdict(2, Ruling.FULFILLED),), Why.ITEMS),
        ((Verdict(1, Ruling.REFUSED),), Why.REASON),
        ((Verdict(1, Ruling.REFUSED, "content_true"),), Why.REASON),
        ((Verdict(1, Ruling.REFUSED, "whatever"),), Why.REASON),
        ((Verdict(1, Ruling.FULFILLED, "no_data"),), Why.REASON),
        ((Verdict(1, Ruling.REFUSED, "harms_somebody", " "),), Why.FACTS),
        ((Verdict(1, Ruling.REFUSED, "method_difficult", "A tape"),), Why.SUBSTITUTE),
        ((Verdict(1, Ruling.FULFILLED, words="Born 1 May"),), Why.CONTENT),
    ],
)
async def test_a_faulty_decision_is_not_taken(counter: Counter, verdicts: tuple[Verdict, ...], why: Why) -> None:
    request = await opened(counter)
    with pytest.raises(NotAllowed) as refused:
        await does(counter, AOI, lambda c: c.decide(request.ref, verdicts))
    assert refused.value.why is why
    assert await counter.rows("SELECT 1 FROM case_decisions") == []


@pytest.mark.parametrize("second", [AOI, "aoi", " AOI "])
async def test_who_proposed_cannot_agree(counter: Counter, second: str) -> None:
    request = await proposed(counter)
    with pytest.raises(NotAllowed) as refused:
        await does(counter, second, lambda c: c.approve(request.ref))
    assert refused.value.why is Why.SAME_PERSON
    assert (await counter.case(request)).status is Status.PROPOSED
    mine = await does(counter, AOI, lambda c: c.view(request.ref))
    others = await does(counter, REN, lambda c: c.view(request.ref))
    assert set(others.steps) - set(mine.steps) == {Step.FULFIL, Step.FULFIL_IN_PART, Step.REFUSE}


@pytest.mark.parametrize("verdict", [YES, NO])
async def test_without_proof_nothing_is_decided_but_that(counter: Counter, verdict: Verdict) -> None:
    """S43: no case leaves awaiting_identity on staff's word alone."""
    request = await filed(counter)
    with pytest.raises(NotAllowed) as refused:
        await does(counter, AOI, lambda c: c.decide(request.ref, [verdict], propose=True))
    assert refused.value.why is Why.PROOF
    await does(counter, AOI, lambda c: c.decide(request.ref, [NOBODY]))
    after = await does(counter, REN, lambda c: c.approve(request.ref))
    assert (after.status, after.outcome) == (Status.DECIDED, Outcome.REFUSED)
    again = await does(counter, "chat", lambda c: c.disagree(request.ref, new_id()))
    assert (again.status, again.outcome) == (Status.AWAITING_IDENTITY, None)


@pytest.mark.parametrize("kind", [RequestKind.CORRECTION, RequestKind.SUSPENSION, RequestKind.DELETION])
async def test_nothing_is_corrected_or_stopped_without_a_finding(counter: Counter, kind: RequestKind) -> None:
    request = await opened(counter, kind)
    with pytest.raises(NotAllowed) as refused:
        await does(counter, AOI, lambda c: c.decide(request.ref, [YES]))
    assert refused.value.why is Why.FINDING
    await does(counter, AOI, lambda c: c.investigate(request.ref, Finding.FOUNDED, "The form says so too"))
    after = await does(counter, AOI, lambda c: c.decide(request.ref, [Verdict(1, Ruling.FULFILLED, words="Done")]))
    takes_two = kind is RequestKind.DELETION
    assert after.status is (Status.PROPOSED if takes_two else Status.DECIDED)


async def test_a_finding_counts_for_one_decision(counter: Counter) -> None:
    request = await opened(counter, RequestKind.CORRECTION)
    await does(counter, AOI, lambda c: c.investigate(request.ref, Finding.FOUNDED, "The form says so too"))
    await does(counter, AOI, lambda c: c.decide(request.ref, [YES]))
    counter.clock.goes_on(days=1)
    await does(counter, "chat", lambda c: c.disagree(request.ref, new_id()))
    with pytest.raises(NotAllowed) as refused:
        await does(counter, AOI, lambda c: c.decide(request.ref, [YES]))
    assert refused.value.why is Why.FINDING


@pytest.mark.parametrize("proof", [Proof.MAIL, Proof.PHONE])
async def test_what_a_machine_proves_no_hand_can_enter(counter: Counter, proof: Proof) -> None:
    request = await filed(counter)
    with pytest.raises(NotAllowed) as refused:
        await does(counter, AOI, lambda c: c.verify(request.ref, proof, "They said so"))
    assert refused.value.why is Why.PROOF


async def test_attributes_open_a_disclosure_only_with_a_second_person(counter: Counter) -> None:
    request = await filed(counter)
    after = await does(counter, AOI, lambda c: c.verify(request.ref, Proof.ATTRIBUTES, "Member number and last stay"))
    assert (after.status, after.assurance) == (Status.AWAITING_IDENTITY, {Proof.MAIL, Proof.ATTRIBUTES})
    with pytest.raises(NotAllowed) as refused:
        await does(counter, AOI, lambda c: c.verify(request.ref, Proof.TWO_PERSON, "I agree with myself"))
    assert refused.value.why is Why.SAME_PERSON
    after = await does(counter, REN, lambda c: c.verify(request.ref, Proof.TWO_PERSON, "I looked too"))
    assert after.status is Status.OPEN


async def test_a_change_of_contact_takes_its_own_proof(counter: Counter) -> None:
    case = await counter.proves("chat", RequestKind.CORRECTION)
    request = await counter.files("chat", RequestKind.CORRECTION, case=case, touches_contact=True)
    after = await does(counter, AOI, lambda c: c.verify(request.ref, Proof.ATTRIBUTES, "Member number"))
    assert after.status is Status.AWAITING_IDENTITY
    assert (await does(counter, AOI, lambda c: c.verify(request.ref, Proof.DOCUMENT, "Passport"))).status is Status.OPEN


async def test_verifying_can_name_the_record_but_not_change_it(counter: Counter) -> None:
    unknown = await counter.files("chat")
    after = await does(counter, AOI, lambda c: c.verify(unknown.ref, Proof.DOCUMENT, "Passport", HANAKO))
    assert after.customer_id is not None
    known = await filed(counter)
    with pytest.raises(NotFound):
        await does(counter, AOI, lambda c: c.verify(known.ref, Proof.DOCUMENT, "Passport", TARO))


async def put_off(counter: Counter, request: Request, days: int) -> None:
    await does(counter, AOI, lambda c: c.extend(request.ref, request.target_on + timedelta(days=days), "The move"))


async def test_the_target_moves_once_and_the_laws_mark_never(counter: Counter) -> None:
    request = await opened(counter)
    for days in (0, 15):
        with pytest.raises(NotAllowed) as refused:
            await put_off(counter, request, days)
        assert refused.value.why is Why.DATE
    to = request.target_on + timedelta(days=14)
    after = await does(counter, AOI, lambda c: c.extend(request.ref, to, "The archive is being moved"))
    assert (after.target_on, after.legal_mark_on) == (to, request.legal_mark_on)
    with pytest.raises(NotAllowed) as refused:
        await does(counter, AOI, lambda c: c.extend(request.ref, to + timedelta(days=1), "Still"))
    assert refused.value.why is Why.TWICE


async def test_the_target_stays_within_a_limit_of_law_that_cannot_be_extended(counter: Counter) -> None:
    """15 business days to stop sharing: no extension, so no target beyond them."""
    counter.controller = replace(counter.controller, law=load_law("us-ca-ccpa"))
    request = await counter.files("chat", RequestKind.STOP_SHARING)
    limit = request.legal_mark_on
    assert limit is not None
    assert request.target_on < limit < request.target_on + timedelta(days=14)
    with pytest.raises(NotAllowed) as refused:
        await does(counter, AOI, lambda c: c.extend(request.ref, limit + timedelta(days=1), "The move"))
    assert refused.value.why is Why.DATE
    after = await does(counter, AOI, lambda c: c.extend(request.ref, limit, "The archive is being moved"))
    assert (after.target_on, after.legal_mark_on) == (limit, limit)


async def test_disagreeing_has_its_time(counter: Counter) -> None:
    request = await decided(counter)
    assert request.disagree_until is not None
    counter.clock.goes_on(days=30)
    view = await does(counter, "chat", lambda c: c.view(request.ref))
    assert Step.DISAGREE in view.steps
    counter.clock.goes_on(days=1)
    with pytest.raises(NotAllowed) as refused:
        await does(counter, "chat", lambda c: c.disagree(request.ref, new_id()))
    assert refused.value.why is Why.TOO_LATE
    assert Step.DISAGREE not in (await does(counter, "chat", lambda c: c.view(request.ref))).steps


async def test_nobody_closes_while_the_person_may_disagree(counter: Counter) -> None:
    request = await decided(counter)
    counter.clock.goes_on(days=30)
    for who in (AOI, "clock"):
        with pytest.raises(NotAllowed) as refused:
            await does(counter, who, lambda c: c.close(request.ref))
        assert refused.value.why is Why.TOO_EARLY


async def due(counter: Counter, request: Request) -> Step | None:
    async with counter.memory.begin() as work:
        found = await work.cases.get(request.id)
        assert found is not None
        return counter.casework(work, "clock", ActorKind.CLOCK).due_step(found)


async def test_what_nobody_answers_is_reminded_once_and_set_aside_later(counter: Counter) -> None:
    request = await asked(counter, await opened(counter))
    seen = []
    for _ in range(60):
        step = await due(counter, request)
        if step is not None:
            seen.append((counter.clock().day, step))
            await take(counter, request, step, "clock")
        counter.clock.goes_on(days=1)
    assert [step for _, step in seen] == [Step.REMIND, Step.EXPIRE, Step.CLOSE]
    after = await counter.case(request)
    assert (after.status, after.outcome) == (Status.CLOSED, Outcome.EXPIRED)


async def test_an_answer_needs_a_question_and_words(counter: Counter) -> None:
    request = await filed(counter)
    with pytest.raises(NotAllowed) as refused:
        await take(counter, request, Step.ANSWER, "chat")
    assert refused.value.why is Why.NOT_ASKED
    await asked(counter, request)
    counter.clock.goes_on(minutes=1)
    with pytest.raises(NotAllowed) as refused:
        await does(counter, "chat", lambda c: c.answer(request.ref, new_id()))
    assert refused.value.why is Why.WORDS
    await take(counter, request, Step.ANSWER, "chat")
    view = await does(counter, "chat", lambda c: c.view(request.ref))
    assert view.question is None
    assert [(each.kind, each.code) for each in view.entries][-1] == (EntryKind.WORDS, "answer")


async def test_the_person_sees_no_note_no_finding_and_no_proposal(counter: Counter) -> None:
    request = await proposed(counter)
    await does(counter, AOI, lambda c: c.note(request.ref, "Careful here"))
    view = await does(counter, "chat", lambda c: c.view(request.ref))
    assert {each.kind for each in view.entries} <= {EntryKind.WORDS, EntryKind.DOCUMENT, EntryKind.QUESTION}
    assert (view.decisions, view.decision) == ((), None)
    with pytest.raises(NotFound):
        await does(counter, "nosy", lambda c: c.view(request.ref))


async def test_sent_back_and_proposed_anew(counter: Counter) -> None:
    request = await proposed(counter)
    await does(counter, REN, lambda c: c.send_back(request.ref, "Which letter?"))
    await does(counter, AOI, lambda c: c.decide(request.ref, [YES]))
    after = await does(counter, REN, lambda c: c.approve(request.ref))
    view = await does(counter, AOI, lambda c: c.view(request.ref))
    assert sorted(each.state for each in view.decisions) == [DecisionState.MADE, DecisionState.SENT_BACK]
    assert after.outcome is Outcome.FULFILLED


@pytest.mark.parametrize("text", ["", "  \n"])
async def test_words_are_words(counter: Counter, text: str) -> None:
    request = await opened(counter)
    ref, later = request.ref, request.target_on + timedelta(days=1)
    uses: list[Callable[[Casework], Awaitable[Any]]] = [
        lambda c: c.ask(ref, text),
        lambda c: c.note(ref, text),
        lambda c: c.investigate(ref, Finding.FOUNDED, text),
        lambda c: c.specify(ref, [text]),
        lambda c: c.specify(ref, []),
        lambda c: c.extend(ref, later, text),
    ]
    for do in uses:
        with pytest.raises(NotAllowed) as refused:
            await does(counter, AOI, do)
        assert refused.value.why is Why.WORDS


async def test_documents_are_read_by_staff_and_that_is_kept(counter: Counter) -> None:
    request = await filed(counter)
    draft = new_id()
    await does(counter, "chat", lambda c: c.keep_document(draft, "p.png", b"\x89PNG", "image/png"))
    await does(counter, "chat", lambda c: c.add(request.ref, draft))
    with pytest.raises(NotFound):
        await does(counter, "chat", lambda c: c.read_documents(request.ref))
    [document] = await does(counter, AOI, lambda c: c.read_documents(request.ref))
    assert document.content == b"\x89PNG"
    assert (await counter.rows("SELECT fact, actor_id FROM audit ORDER BY number"))[-1] == {
        "fact": "documents_read", "actor_id": AOI,
    }  # fmt: skip
