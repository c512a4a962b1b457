"""The schema by heart: whoever adds a column says here that it is not personal, or seals it."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import insert, select
from sqlalchemy.exc import StatementError

from storage.columns import Instant, Sealed
from storage.tables import metadata, turns
from tests.counter import Counter

NOT_PERSONAL = {
    "audit": "number at fact subject_id actor_kind actor_id notes previous hash",
    "breakers": "company closed_at until",
    "case_decisions": "id case_id state first at second ended_at",
    "case_entries": "id case_id kind at media_type author code",
    "case_keys": "id",
    "cases": (
        "id ref company kind article grounds status outcome assurance customer_id conversation_id language arrived_at"
        " filed_at first_touch_on target_on legal_mark_on owner touches_contact asked_at reminded_at extended_at"
        " disagree_until held_at shredded_at"
    ),
    "challenges": ("id company case_id conversation_id kind customer_id identity created_at expires_at tries used_at"),
    "conversations": "id company channel chat language created_at updated_at",
    "customers": "id company email_index",
    "outbox": "id notice recipient company case_id subject_id created_at due_at attempts done_at dead_at reason",
    "parked_updates": "id channel delivery at reason",
    "turns": "id conversation_id channel delivery at sent done_at",
}
"""Ids, closed sets, instants, keyed indexes. `chat` is the messenger's own number of a chat: without it no reply goes
out, so it stands open. `author`, `first`, `second` name members of staff. Everything else is `Sealed`."""

SEALED = {
    "case_decisions": "verdicts",
    "case_entries": "text content",
    "case_keys": "key",
    "cases": "details specified",
    "conversations": "state",
    "customers": "record",
    "parked_updates": "raw",
    "turns": "said replies",
}


def test_every_table_is_known_here() -> None:
    assert set(metadata.tables) == set(NOT_PERSONAL)


@pytest.mark.parametrize("table", metadata.sorted_tables, ids=lambda table: table.name)
def test_every_column_is_sealed_or_listed_as_not_personal(table: object) -> None:
    for column in metadata.tables[str(table)].columns:
        listed = column.name in NOT_PERSONAL[str(table)].split()
        assert isinstance(column.type, Sealed) is not listed, f"{table}.{column.name}"


def test_what_is_sealed_stays_sealed() -> None:
    found = {
        table.name: {column.name for column in table.columns if isinstance(column.type, Sealed)}
        for table in metadata.sorted_tables
    }
    assert {name: columns for name, columns in found.items() if columns} == {
        name: set(columns.split()) for name, columns in SEALED.items()
    }


def test_no_list_names_what_is_not_there() -> None:
    for name, columns in NOT_PERSONAL.items():
        assert set(columns.split()) <= set(metadata.tables[name].columns.keys())


def test_everything_has_a_name_of_its_own() -> None:
    names = [constraint.name for table in metadata.sorted_tables for constraint in table.constraints]
    names += [index.name for table in metadata.sorted_tables for index in table.indexes]
    assert all(isinstance(name, str) for name in names)
    assert len(set(names)) == len(names)


@given(st.datetimes(timezones=st.timezones(), allow_imaginary=False))
def test_an_instant_comes_back_to_the_microsecond(instant: datetime) -> None:
    kind = Instant()
    bound = kind.process_bind_param(instant, None)
    assert isinstance(bound, int)
    assert kind.process_result_value(bound, None) == instant.astimezone(UTC)


def test_no_instant_is_none() -> None:
    assert Instant().process_bind_param(None, None) is None
    assert Instant().process_result_value(None, None) is None


@given(st.lists(st.datetimes(timezones=st.just(UTC)), min_size=2))
def test_instants_are_ordered_as_their_numbers(instants: list[datetime]) -> None:
    kind = Instant()
    assert [kind.process_bind_param(each, None) for each in sorted(instants)] == sorted(
        kind.process_bind_param(each, None) or 0 for each in instants
    )


async def test_an_instant_without_a_time_zone_is_refused(counter: Counter) -> None:
    naive = datetime(2026, 11, 22, 3, 0)  # noqa: DTZ001 - that is the mistake
    async with counter.memory.engine.connect() as connection:
        with pytest.raises(StatementError):
            await connection.execute(select(turns).where(turns.c.at > naive))
        with pytest.raises(StatementError):
            await connection.execute(insert(turns).values(id="i", at=naive))
