"""Every revision up, down, and up again, with data in it; and the last one is what the tables say."""

from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect, text
from sqlalchemy.ext.asyncio import AsyncEngine

import storage.migrations
from handlers.desk.actors import ActorKind
from handlers.desk.assurance import Proof
from handlers.desk.decisions import Ruling, Verdict
from handlers.desk.requests import Outcome, Request, RequestKind
from storage.database import Schema, downgrade, migrate, open_engine, schema_of
from storage.tables import metadata
from tests.counter import COMPANY, HANAKO, Counter, url_of

SCRIPTS = ScriptDirectory(str(Path(storage.migrations.__file__).parent))
REVISIONS = list(reversed([each.revision for each in SCRIPTS.walk_revisions()]))


async def schema(engine: AsyncEngine) -> list[Any]:
    """Every table and index of ours as SQLite has it written down."""
    query = text("SELECT type, name, sql FROM sqlite_master WHERE tbl_name != 'alembic_version' ORDER BY type, name")
    async with engine.connect() as connection:
        return [tuple(row) for row in await connection.execute(query)]


@pytest.fixture
async def engine(tmp_path: Path) -> Any:
    opened = open_engine(url_of(tmp_path / "migrated.db"))
    yield opened
    await opened.dispose()


def test_revisions_stand_in_one_line() -> None:
    assert sorted(REVISIONS) == REVISIONS
    assert SCRIPTS.get_heads() == [REVISIONS[-1]]
    assert all(each.doc for each in SCRIPTS.walk_revisions())


@pytest.mark.parametrize("revision", REVISIONS)
async def test_a_revision_up_down_and_up(engine: AsyncEngine, revision: str) -> None:
    place = REVISIONS.index(revision)
    before = REVISIONS[place - 1] if place else "base"
    if place:
        await migrate(engine, before)
    at_first = await schema(engine)
    await migrate(engine, revision)
    there = await schema(engine)
    await downgrade(engine, before)
    assert await schema(engine) == at_first
    await migrate(engine, revision)
    assert await schema(engine) == there != at_first


async def test_the_newest_revision_is_what_the_tables_say(engine: AsyncEngine) -> None:
    await migrate(engine)

    def compare(connection: Connection) -> list[Any]:
        options = {"compare_type": True, "compare_server_default": True, "render_as_batch": True}
        return list(compare_metadata(MigrationContext.configure(connection, opts=options), metadata))

    async with engine.connect() as connection:
        assert await connection.run_sync(compare) == []


async def test_the_comparison_can_find_a_difference(engine: AsyncEngine) -> None:
    await migrate(engine)
    async with engine.begin() as connection:
        await connection.execute(text("ALTER TABLE cases ADD COLUMN nickname TEXT"))

    def compare(connection: Connection) -> list[Any]:
        return list(compare_metadata(MigrationContext.configure(connection), metadata))

    async with engine.connect() as connection:
        [difference] = await connection.run_sync(compare)
    assert difference[0] == "remove_column"


async def test_migrating_twice_changes_nothing_and_keeps_the_data(counter: Counter) -> None:
    request = await counter.files("chat")
    await migrate(counter.memory.engine)
    assert await counter.case(request) == request
    async with counter.memory.begin() as work:
        assert await work.register.find(COMPANY, HANAKO)


async def loses_case_keys(counter: Counter) -> None:
    """What keeps a database from going back to a schema that has no place for the keys."""
    async with counter.memory.engine.begin() as connection:
        await connection.execute(text("DELETE FROM case_keys"))
        await connection.execute(text("UPDATE cases SET details = x''"))
        await connection.execute(text("UPDATE case_entries SET text = x''"))
        await connection.execute(text("UPDATE case_decisions SET verdicts = x''"))


async def test_back_before_the_keys_of_cases_only_without_cases(counter: Counter) -> None:
    request = await counter.files("chat")
    with pytest.raises(RuntimeError, match="Restore a backup"):
        await downgrade(counter.memory.engine, "0003")
    assert await counter.case(request) == request


async def test_what_was_sealed_before_cases_had_keys_opens_and_is_shredded(counter: Counter) -> None:
    request = await counter.files("chat")
    vault = counter.memory.vault
    details = vault.seal("cases.details", request.id, '[["scope", "x", "Which data", "older words"]]')
    await loses_case_keys(counter)
    async with counter.memory.engine.begin() as connection:
        await connection.execute(text("UPDATE cases SET details = :details"), {"details": details})
    assert (await counter.case(request)).details[0].shown == "older words"
    async with counter.memory.begin() as work:
        await work.cases.shred(request.id, counter.clock())
    assert (await counter.case(request)).details == ()


async def test_with_data_all_the_way_down_and_up_again(counter: Counter) -> None:
    chat = await counter.chat("alice")
    await counter.proves(chat)
    await counter.files(chat)
    await loses_case_keys(counter)
    await downgrade(counter.memory.engine, "base")
    async with counter.memory.engine.connect() as connection:
        tables = await connection.run_sync(lambda sync: inspect(sync).get_table_names())
    assert tables == ["alembic_version"]
    assert await schema_of(counter.memory.engine) is Schema.OLDER
    await migrate(counter.memory.engine)
    await counter.registers(HANAKO)
    assert (await counter.files(chat)).ref


async def verified(counter: Counter) -> Request:
    request = await counter.files("chat")
    async with counter.memory.begin() as work:
        return await counter.casework(work, "Aoi", ActorKind.STAFF).verify(request.ref, Proof.DOCUMENT, "Passport")


NO = Verdict(1, Ruling.REFUSED, "no_data")


async def test_back_before_the_life_of_a_request(counter: Counter) -> None:
    """What staff work on is open to the older schema; what it would have to lie about keeps it from going back."""
    request = await verified(counter)
    correction = await counter.files("chat", RequestKind.CORRECTION)
    async with counter.memory.begin() as work:
        await counter.casework(work, "Aoi", ActorKind.STAFF).decide(request.ref, [NO])
    await loses_case_keys(counter)
    await downgrade(counter.memory.engine, "0001")
    rows = await counter.rows("SELECT id, status FROM cases")
    assert {row["id"]: row["status"] for row in rows} == {request.id: "open", correction.id: "awaiting_identity"}
    await migrate(counter.memory.engine)
    assert (await counter.case(request)).touches_contact is False
    assert (await counter.case(correction)).touches_contact is True

    async with counter.memory.begin() as work:
        await counter.casework(work, "Aoi", ActorKind.STAFF).decide(request.ref, [NO])
    async with counter.memory.begin() as work:
        await counter.casework(work, "Ren", ActorKind.STAFF).approve(request.ref)
    await loses_case_keys(counter)
    with pytest.raises(RuntimeError, match="decided requests"):
        await downgrade(counter.memory.engine, "0001")
    assert (await counter.case(request)).outcome is Outcome.REFUSED


async def test_how_a_database_stands(engine: AsyncEngine) -> None:
    assert await schema_of(engine) is Schema.OLDER
    await migrate(engine)
    assert await schema_of(engine) is Schema.CURRENT
    async with engine.begin() as connection:
        await connection.execute(text("UPDATE alembic_version SET version_num = 'from_the_future'"))
    assert await schema_of(engine) is Schema.FOREIGN


async def test_a_migration_that_fails_leaves_the_schema_as_it_was(engine: AsyncEngine) -> None:
    """A table that is in the way half-way through: what came before it is taken back."""
    async with engine.begin() as connection:
        await connection.execute(text("CREATE TABLE turns (id TEXT)"))
    before = await schema(engine)
    with pytest.raises(Exception, match="turns"):
        await migrate(engine)
    assert await schema(engine) == before
