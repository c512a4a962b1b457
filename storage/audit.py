"""The audit: a keyed hash chain, written in the transaction of what it tells of.

The rule this file guards: each link is HMAC(previous link, canonical row). Who edits, swaps or removes a row without
the key breaks the chain there. What is cut off at the end is seen only against a head that was kept outside.
"""

import json
from collections.abc import AsyncIterator, Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Row, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from handlers.desk.actors import Actor
from handlers.desk.lifecycle import Fact
from handlers.desk.ports import Head
from storage.tables import audit
from storage.vault import Vault

_START = "0" * 64


class SqlAudit:
    """`handlers.desk.ports.Audit` on one connection."""

    def __init__(self, connection: AsyncConnection, vault: Vault) -> None:
        self._connection = connection
        self._vault = vault

    async def append(
        self, now: datetime, fact: Fact, subject_id: str, actor: Actor, notes: Mapping[str, str] | None = None
    ) -> None:
        """Add a link behind the last one."""
        head = await self.head()
        number, previous = (1, _START) if head is None else (head.number + 1, head.link)
        row = {
            "number": number,
            "at": now,
            "fact": fact.value,
            "subject_id": subject_id,
            "actor_kind": actor.kind.value,
            "actor_id": actor.id,
            "notes": json.dumps(dict(notes or {}), sort_keys=True),
            "previous": previous,
        }
        await self._connection.execute(insert(audit).values(**row, hash=self._hash(row)))

    async def head(self) -> Head | None:
        """The last row's number and link."""
        last = select(audit.c.number, audit.c.hash).order_by(audit.c.number.desc()).limit(1)
        row = (await self._connection.execute(last)).one_or_none()
        return None if row is None else Head(row.number, row.hash)

    async def first_bad(self, heads: Collection[Head] = ()) -> int | None:
        """The number of the first row that does not fit, or is missing before one of `heads`."""
        expected, previous = 1, _START
        known: dict[int, set[str]] = {}
        for each in heads:
            known.setdefault(each.number, set()).add(each.link)
        try:
            async for row in self._rows():
                fields = {name: getattr(row, name) for name in audit.c.keys() if name != "hash"}  # noqa: SIM118 - no dict
                if row.number != expected or row.previous != previous or not self._fits(fields, row.hash):
                    return int(row.number)
                if known.get(row.number, {row.hash}) != {row.hash}:
                    return int(row.number)
                expected, previous = row.number + 1, row.hash
        except (TypeError, ValueError, OverflowError):  # a value that is not of its column's type: SQLite lets it stand
            return expected
        return expected if any(number >= expected for number in known) else None

    async def _rows(self) -> AsyncIterator[Row[Any]]:
        result = await self._connection.stream(select(audit).order_by(audit.c.number))
        async for row in result:
            yield row

    def _hash(self, row: Mapping[str, Any]) -> str:
        return self._vault.sign(_canonical(row))

    def _fits(self, row: Mapping[str, Any], link: object) -> bool:
        return isinstance(link, str) and self._vault.is_signed(_canonical(row), link)


def _canonical(row: Mapping[str, Any]) -> str:
    return json.dumps({**row, "at": row["at"].isoformat()}, sort_keys=True, separators=(",", ":"))
