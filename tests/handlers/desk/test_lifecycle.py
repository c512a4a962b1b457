"""The whole matrix of status, step and actor, against the grid below: every cell is allowed or refused on purpose."""

from dataclasses import replace
from datetime import date
from itertools import product

import pytest

from handlers.desk.actors import ActorKind
from handlers.desk.errors import NotAllowed
from handlers.desk.lifecycle import TABLE, Fact, Notice, Step, can_step, check_step, move
from handlers.desk.requests import Outcome, Request, RequestKind, Status
from tests.factories import SUNDAY

GRID = """
                    file_proved  file_unproved  add       withdraw
new                 customer     customer       -         -
awaiting_identity   -            -              customer  customer
open                -            -              customer  customer
withdrawn           -            -              -         -
"""
"""Who may do what from where; `-` is nobody."""

FILED = (Notice.RECEIPT, Notice.ESCALATION)
LEADS = {
    (None, Step.FILE_PROVED): (Status.OPEN, None, Fact.FILED, FILED),
    (None, Step.FILE_UNPROVED): (Status.AWAITING_IDENTITY, None, Fact.FILED, FILED),
    (Status.AWAITING_IDENTITY, Step.ADD): (Status.AWAITING_IDENTITY, None, Fact.ADDED, (Notice.ADDITION,)),
    (Status.OPEN, Step.ADD): (Status.OPEN, None, Fact.ADDED, (Notice.ADDITION,)),
    (Status.AWAITING_IDENTITY, Step.WITHDRAW): (
        Status.WITHDRAWN, Outcome.WITHDRAWN, Fact.WITHDRAWN, (Notice.WITHDRAWAL,),
    ),
    (Status.OPEN, Step.WITHDRAW): (Status.WITHDRAWN, Outcome.WITHDRAWN, Fact.WITHDRAWN, (Notice.WITHDRAWAL,)),
}  # fmt: skip
"""What an allowed step leads to and leaves behind."""


def read_grid() -> dict[tuple[Status | None, Step, ActorKind], bool]:
    heading, *lines = [line.split() for line in GRID.strip().splitlines()]
    cells = {}
    for status, *who in lines:
        for step, names in zip(heading, who, strict=True):
            for actor in ActorKind:
                cells[Status(status) if status != "new" else None, Step(step), actor] = actor in names.split(",")
    return cells


CELLS = read_grid()


def request_in(status: Status) -> Request:
    """A value for the pure table; requests that come about by work are in test_casework."""
    return Request(
        id="i", ref="M-2222-2222-22", company="c", kind=RequestKind.DISCLOSURE, article="33(1)", grounds=(),
        status=status, outcome=Outcome.WITHDRAWN if status is Status.WITHDRAWN else None, assurance=frozenset(),
        customer_id=None, conversation_id="chat", language="en", details=(), arrived_at=SUNDAY, filed_at=SUNDAY,
        first_touch_on=date(2026, 11, 24), target_on=date(2026, 12, 6), legal_mark_on=None,
    )  # fmt: skip


def test_the_grid_knows_every_cell() -> None:
    assert set(CELLS) == set(product((None, *Status), Step, ActorKind))


@pytest.mark.parametrize(
    ("status", "step", "actor"), [pytest.param(*cell, id=f"{cell[0] or 'new'}-{cell[1]}-{cell[2]}") for cell in CELLS]
)
def test_a_cell(status: Status | None, step: Step, actor: ActorKind) -> None:
    allowed = CELLS[status, step, actor]
    assert can_step(status, step, actor) is allowed
    if allowed:
        found = check_step(status, step, actor)
        assert (found.to, found.outcome, found.fact, found.notices) == LEADS[status, step]
    else:
        with pytest.raises(NotAllowed) as refused:
            check_step(status, step, actor)
        assert (refused.value.status, refused.value.step) == (status or "new", step)
        assert str(refused.value) == f"no step {step} from status {status or 'new'}"


def test_the_table_and_the_grid_name_the_same_steps() -> None:
    assert set(TABLE) == set(LEADS) == {(status, step) for (status, step, _), allowed in CELLS.items() if allowed}


@pytest.mark.parametrize(("status", "step"), list(product(Status, Step)))
def test_a_request_moves_as_the_table_says(status: Status, step: Step) -> None:
    before = request_in(status)
    if not CELLS[status, step, ActorKind.CUSTOMER]:
        with pytest.raises(NotAllowed):
            move(before, step, ActorKind.CUSTOMER)
        return
    after, transition = move(before, step, ActorKind.CUSTOMER)
    to, outcome, *_ = LEADS[status, step]
    assert after == replace(before, status=to, outcome=outcome)
    assert transition is TABLE[status, step]
    assert before == request_in(status)


def test_every_status_is_reached_and_every_fact_is_written() -> None:
    assert {transition.to for transition in TABLE.values()} == set(Status)
    by_codes_and_imports = {
        Fact.CODE_REQUESTED, Fact.CODE_CONFIRMED, Fact.CODE_REFUSED, Fact.REGISTER_IMPORTED,
    }  # fmt: skip
    assert {transition.fact for transition in TABLE.values()} | by_codes_and_imports == set(Fact)
    assert {each for transition in TABLE.values() for each in transition.notices} | {Notice.CODE} == set(Notice)


def test_an_ended_request_is_not_open() -> None:
    assert [status for status in Status if not request_in(status).is_open] == [Status.WITHDRAWN]
