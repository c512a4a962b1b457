"""Rotation: everything that is sealed, sealed anew under the newest key, and blind indexes with it.

The rule this file guards: a row is resealed in one transaction or not at all, so that whoever stops it loses nothing;
what is under the newest key already is passed over, so that it goes on where it was stopped. The desk may serve
meanwhile, if it was started with the newest key: it opens both, and writes under the newest.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, Table, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.columns import sealed_columns
from storage.register import SqlRegister
from storage.tables import customers, metadata
from storage.unit_of_work import SqlMemory
from storage.vault import CASE, Vault, key_id_of

BATCH = 100
"""Rows in one transaction: the desk waits for no longer than these take."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far one table is."""

    table: str
    seen: int
    rows: int
    resealed: int
    """Values that this batch sealed anew."""


async def rotate(memory: SqlMemory, batch: int = BATCH) -> AsyncIterator[Progress]:
    """Seal everything anew, batch by batch. Raises SealBroken for what none of the keys opens, and stops there."""
    for table in metadata.sorted_tables:
        if names := sealed_columns(table):
            async for progress in _rotate_table(memory, table, names, batch):
                yield progress


async def _rotate_table(memory: SqlMemory, table: Table, names: list[str], batch: int) -> AsyncIterator[Progress]:
    seen, last = 0, ""
    while True:
        async with memory.engine.begin() as connection:
            rows = int((await connection.execute(select(func.count()).select_from(table))).scalar_one())
            query = select(table).where(table.c.id > last).order_by(table.c.id).limit(batch).with_for_update()
            found = (await connection.execute(query)).all()
            resealed = [await _reseal(connection, memory.vault, table, names, row) for row in found]
        if found:
            seen, last = seen + len(found), found[-1].id
            yield Progress(table.name, seen, max(rows, seen), sum(resealed))
        if len(found) < batch:
            return


async def _reseal(connection: AsyncConnection, vault: Vault, table: Table, names: list[str], row: Row[Any]) -> int:
    """Seal what of a row is not under the newest key; returns how many values that were."""
    changed: dict[str, Any] = {}
    for name in names:
        sealed = getattr(row, name)
        if sealed is not None and key_id_of(sealed) not in {vault.current, CASE, ""}:
            place = f"{table.name}.{name}"
            changed[name] = vault.seal(place, row.id, vault.open(place, row.id, sealed))
    resealed = len(changed)
    if table is customers:
        record = vault.open_text("customers.record", row.id, row.record)
        index = SqlRegister(connection, vault).email_index(row.company, record)
        if index != row.email_index:
            changed["email_index"] = index
    if changed:
        await connection.execute(update(table).where(table.c.id == row.id).values(**changed))
    return resealed
