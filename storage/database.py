"""The engine, SQLite's manners, and the schema's revisions. Opens nothing at import."""

from enum import StrEnum
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, event
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

BUSY_SECONDS = 10


def open_engine(url: str) -> AsyncEngine:
    """Make an engine for a SQLAlchemy URL (`sqlite+aiosqlite:///path` by default). Connects only when used."""
    engine = create_async_engine(url)
    if engine.dialect.name == "sqlite":
        event.listen(engine.sync_engine, "connect", _set_manners)
        event.listen(engine.sync_engine, "begin", _begin_immediate)
    return engine


def _set_manners(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves: the driver's own would start too late
    cursor = connection.cursor()
    for pragma in (
        f"busy_timeout={BUSY_SECONDS * 1000}",
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        "secure_delete=ON",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_immediate(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")  # no lock upgrade in the middle, so no "database is locked" there


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["connection"] = connection
    return config


async def migrate(engine: AsyncEngine, revision: str = "head") -> None:
    """Bring the schema to a revision."""

    def upgrade(connection: Connection) -> None:
        command.upgrade(_config(connection), revision)

    async with engine.begin() as connection:
        await connection.run_sync(upgrade)


async def downgrade(engine: AsyncEngine, revision: str) -> None:
    """Take the schema back to a revision; `base` is an empty database."""

    def back(connection: Connection) -> None:
        command.downgrade(_config(connection), revision)

    async with engine.begin() as connection:
        await connection.run_sync(back)


class Schema(StrEnum):
    """How a database's schema stands to the one that this code was written for."""

    CURRENT = "current"
    OLDER = "older"
    """Also: empty. `migrate` brings it here."""
    FOREIGN = "foreign"
    """At a revision that this code does not know: a newer version's, or none of ours."""


async def schema_of(engine: AsyncEngine) -> Schema:
    """How the database stands. Raises what the driver raises where it cannot be reached."""

    def compare(connection: Connection) -> Schema:
        script = ScriptDirectory.from_config(_config(connection))
        revision = MigrationContext.configure(connection).get_current_revision()
        if revision == script.get_current_head():
            return Schema.CURRENT
        known = {each.revision for each in script.walk_revisions()}
        return Schema.OLDER if revision is None or revision in known else Schema.FOREIGN

    async with engine.connect() as connection:
        return await connection.run_sync(compare)
