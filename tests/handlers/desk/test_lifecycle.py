"""The whole matrix of status, step, kind of actor and same or other hands, against the grid below.

Every cell is allowed or refused on purpose.
"""

from dataclasses import replace
from datetime import date
from itertools import product

import pytest

from handlers.desk.actors import ActorKind
from handlers.desk.errors import NotAllowed, Why
from handlers.desk.lifecycle import LIVE, TABLE, Fact, Notice, Step, can_step, check_step, move, next_steps
from handlers.desk.requests import Outcome, Request, RequestKind, Status
from handlers.desk.stepping import FOR
from tests.factories import SUNDAY

GRID = """
                  new  awaiting_identity  open  awaiting_customer  proposed  decided  lapsed  closed  withdrawn
file              c    -                  -     -                  -         -        -       -       -
verify            -    s                  -     -                  -         -        -       -       -
claim             -    s                  s     s                  s         -        -       -       -
specify           -    s                  s     s                  -         -        -       -       -
ask               -    s                  s     s                  -         -        -       -       -
answer            -    c                  -     c                  -         -        -       -       -
add               -    c                  c     c                  c         -        -       -       -
note              -    s                  s     s                  s         s        s       s       s
investigate       -    -                  s     s                  -         -        -       -       -
extend            -    s                  s     s                  -         -        -       -       -
propose           -    s                  s     -                  -         -        -       -       -
send_back         -    -                  -     -                  s         -        -       -       -
fulfil            -    -                  s     -                  2         -        -       -       -
fulfil_in_part    -    -                  -     -                  2         -        -       -       -
refuse            -    -                  -     -                  2         -        -       -       -
withdraw          -    c                  c     c                  c         -        -       -       -
disagree          -    -                  -     -                  -         c        c       -       -
reopen            -    -                  -     -                  -         s        s       s       -
remind            -    t                  -     t                  -         -        -       -       -
expire            -    t                  -     t                  -         -        -       -       -
close             -    -                  -     -                  -         st       st      -       -
"""
"""c: customer, s: staff, 2: a second member of staff, t: time, that is the clock; `-` is nobody."""
_WHO = {"c": ActorKind.CUSTOMER, "s": ActorKind.STAFF, "2": ActorKind.STAFF, "t": ActorKind.CLOCK}

LEADS: dict[tuple[Status | str | None, str], str] = {
    ("open", "ask"): "awaiting_customer",
    ("awaiting_customer", "answer"): "open",
    ("awaiting_customer", "add"): "open",
    **dict.fromkeys(product(Status, ["propose"]), "proposed"),
    **dict.fromkeys(product(Status, ["fulfil", "fulfil_in_part", "refuse"]), "decided"),
    **dict.fromkeys(product(Status, ["withdraw"]), "withdrawn"),
    **dict.fromkeys(product(Status, ["expire"]), "lapsed"),
    **dict.fromkeys(product(Status, ["close"]), "closed"),
    **dict.fromkeys(product([None], ["file"]), "open"),
    **dict.fromkeys(product(Status, ["verify", "send_back", "disagree", "reopen"]), "open"),
}
"""Where a step leads that does not leave the status as it is."""
NEEDS_IDENTITY_AGAIN = {Step.FILE, Step.VERIFY, Step.SEND_BACK, Step.DISAGREE, Step.REOPEN}
"""Steps that lead to awaiting_identity instead, while the proof is missing."""
ENDS = {
    Step.FULFIL: Outcome.FULFILLED,
    Step.FULFIL_IN_PART: Outcome.FULFILLED_IN_PART,
    Step.REFUSE: Outcome.REFUSED,
    Step.WITHDRAW: Outcome.WITHDRAWN,
    Step.EXPIRE: Outcome.EXPIRED,
}

Cell = tuple[Status | None, Step, ActorKind, bool]


def read_grid() -> dict[Cell, Why | None]:
    heading, *lines = [line.split() for line in GRID.strip().splitlines()]
    statuses = [None if name == "new" else Status(name) for name in heading]
    cells: dict[Cell, Why | None] = {}
    for step, *marks in lines:
        for status, mark in zip(statuses, marks, strict=True):
            for actor, same in product(ActorKind, (False, True)):
                allowed = {_WHO[each] for each in mark if each != "-"}
                why = None if actor in allowed else Why.HANDS if allowed else Why.STATUS
                if why is None and mark == "2" and same:
                    why = Why.SAME_PERSON
                cells[status, Step(step), actor, same] = why
    return cells


CELLS = read_grid()
ALLOWED = {(status, step) for (status, step, _, _), why in CELLS.items() if why is None}


def request_in(status: Status) -> Request:
    """A value for the pure table; requests that come about by work are in test_staffwork."""
    return Request(
        id="i", ref="M-2222-2222-22", company="c", kind=RequestKind.DISCLOSURE, article="33(1)", grounds=(),
        status=status, outcome=None if status in LIVE else Outcome.REFUSED, assurance=frozenset(),
        customer_id=None, conversation_id="chat", language="en", details=(), arrived_at=SUNDAY, filed_at=SUNDAY,
        first_touch_on=date(2026, 11, 24), target_on=date(2026, 12, 6), legal_mark_on=None,
    )  # fmt: skip


def test_the_grid_knows_every_cell() -> None:
    assert set(CELLS) == set(product((None, *Status), Step, ActorKind, (False, True)))


@pytest.mark.parametrize(
    "cell", [pytest.param(c, id=f"{c[0] or 'new'}-{c[1]}-{c[2]}-{'same' if c[3] else 'other'}") for c in CELLS]
)
def test_a_cell(cell: Cell) -> None:
    status, step, actor, same = cell
    why = CELLS[cell]
    assert can_step(status, step, actor, same=same) is (why is None)
    assert (step in next_steps(status, actor, same=same)) is (why is None)
    if why is None:
        found = check_step(status, step, actor, same=same)
        assert found is TABLE[status, step]
        assert found.to == LEADS.get((status, step), status)
        assert found.outcome is ENDS.get(step)
        assert (found.unproved is Status.AWAITING_IDENTITY) is (step in NEEDS_IDENTITY_AGAIN)
    else:
        with pytest.raises(NotAllowed) as refused:
            check_step(status, step, actor, same=same)
        assert (refused.value.status, refused.value.step, refused.value.why) == (status or "new", step, why)


def test_the_table_and_the_grid_name_the_same_steps() -> None:
    assert set(TABLE) == ALLOWED


@pytest.mark.parametrize(("status", "step"), sorted(each for each in ALLOWED if each[0] is not None))
@pytest.mark.parametrize("proved", [True, False])
def test_a_request_moves_as_the_table_says(status: Status, step: Step, proved: bool) -> None:
    before = request_in(status)
    who = next(iter(TABLE[status, step].who))
    after, transition = move(before, step, who, proved=proved)
    to = LEADS.get((status, step), status)
    if not proved and step in NEEDS_IDENTITY_AGAIN:
        to = Status.AWAITING_IDENTITY
    outcome = None if to in LIVE else ENDS.get(step, before.outcome)
    assert after == replace(before, status=Status(to), outcome=outcome)
    assert transition is TABLE[status, step]
    assert before == request_in(status)


def test_what_ends_has_an_outcome_and_what_lives_has_none() -> None:
    for (status, step), transition in TABLE.items():
        if transition.to in LIVE:
            assert transition.outcome is None
        elif status in LIVE:
            assert transition.outcome is not None, (status, step)


def test_no_decision_without_proof_and_no_refusal_by_one() -> None:
    """The two rules that no later row may forget."""
    for (status, step), transition in TABLE.items():
        if transition.to is Status.DECIDED and status is not Status.DECIDED:
            assert transition.proof
            assert transition.second or step is Step.FULFIL
        if status is Status.AWAITING_IDENTITY and transition.to not in {status, Status.WITHDRAWN, Status.LAPSED}:
            assert transition.unproved is status or transition.proof


def test_every_status_is_reached_and_every_fact_is_written() -> None:
    reached = {each for transition in TABLE.values() for each in (transition.to, transition.unproved)}
    assert reached - {None} == set(Status)
    outside = {
        Fact.CODE_REQUESTED, Fact.CODE_CONFIRMED, Fact.CODE_REFUSED, Fact.REGISTER_IMPORTED, Fact.DOCUMENTS_READ,
        Fact.READ, Fact.SHREDDED, Fact.HELD, Fact.RELEASED, Fact.FORGOTTEN,
        Fact.LETTERS_REVIVED, Fact.PRINCIPAL_TOLD, Fact.MAIL_PROOF_CLOSED, Fact.KEY_ROTATION_BEGUN, Fact.KEYS_ROTATED,
    }  # fmt: skip
    assert {transition.fact for transition in TABLE.values()} | outside == set(Fact)
    assert {each for transition in TABLE.values() for each in transition.notices} | {
        Notice.CODE,
        Notice.AGENT,
        Notice.ALARM,
    } == set(Notice)
    assert set(FOR) == set(Notice)


def test_an_ended_request_is_not_open() -> None:
    assert [status for status in Status if request_in(status).is_open] == [
        status for status in Status if status in LIVE
    ]
