"""Letters owed. The rule this file guards: rows hold kinds and references, never a person's words."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from handlers.desk.lifecycle import Notice
from handlers.desk.ports import BY_MAIL, DeadLetter, OutboxRow, Recipient
from storage.tables import outbox


class SqlOutbox:
    """`handlers.desk.ports.Outbox` on one connection."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, row: OutboxRow) -> None:
        """Owe a letter."""
        await self._connection.execute(
            insert(outbox).values(
                id=row.id,
                notice=row.notice,
                recipient=row.recipient,
                company=row.company,
                case_id=row.case_id,
                subject_id=row.subject_id,
                created_at=row.created_at,
                due_at=row.due_at,
                attempts=row.attempts,
            )
        )

    async def claim(
        self,
        now: datetime,
        lease_until: datetime,
        limit: int,
        recipients: Collection[Recipient] = BY_MAIL,
        company: str | None = None,
    ) -> Sequence[OutboxRow]:
        """Take what is due by moving its due time behind the lease; each attempt is counted."""
        c = outbox.c
        meant = [c.recipient.in_(recipients), *([c.company == company] if company is not None else [])]
        due = (
            select(c.id)
            .where(c.done_at.is_(None), c.dead_at.is_(None), c.due_at <= now, *meant)
            .order_by(c.due_at, c.created_at)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        ids = list((await self._connection.execute(due)).scalars())
        if not ids:
            return []
        await self._connection.execute(
            update(outbox).where(c.id.in_(ids)).values(due_at=lease_until, attempts=c.attempts + 1, reason=None)
        )
        rows = await self._connection.execute(select(outbox).where(c.id.in_(ids)).order_by(c.created_at))
        return [
            OutboxRow(
                id=row.id,
                notice=Notice(row.notice),
                recipient=Recipient(row.recipient),
                company=row.company,
                case_id=row.case_id,
                subject_id=row.subject_id,
                created_at=row.created_at,
                due_at=row.due_at,
                attempts=row.attempts,
            )
            for row in rows
        ]

    async def done(self, row_id: str, now: datetime) -> None:
        """The letter is out."""
        await self._set(row_id, done_at=now, reason=None)

    async def retry(self, row_id: str, due_at: datetime, reason: str) -> None:
        """Try again later."""
        await self._set(row_id, due_at=due_at, reason=reason[:64])

    async def hasten(self, now: datetime, reasons: Collection[str]) -> None:
        """Make due now what waits for one of these reasons."""
        c = outbox.c
        waiting = update(outbox).where(c.done_at.is_(None), c.dead_at.is_(None), c.reason.in_(reasons), c.due_at > now)
        await self._connection.execute(waiting.values(due_at=now, reason=None))

    async def bury(self, row_id: str, now: datetime, reason: str) -> None:
        """Give up."""
        await self._set(row_id, dead_at=now, reason=reason[:64])

    async def dead(self) -> Sequence[DeadLetter]:
        """What was given up, oldest first."""
        query = select(outbox).where(outbox.c.dead_at.is_not(None)).order_by(outbox.c.dead_at, outbox.c.id)
        return [
            DeadLetter(row.id, Notice(row.notice), Recipient(row.recipient), row.case_id, row.dead_at, row.reason or "")
            for row in await self._connection.execute(query)
        ]

    async def revive(self, now: datetime, row_id: str | None = None) -> int:
        """Owe what is dead again."""
        dead = update(outbox).where(outbox.c.dead_at.is_not(None))
        chosen = dead if row_id is None else dead.where(outbox.c.id == row_id)
        return (
            await self._connection.execute(chosen.values(dead_at=None, due_at=now, attempts=0, reason=None))
        ).rowcount

    async def waiting(self) -> int:
        """Letters still owed."""
        query = select(func.count()).select_from(outbox).where(outbox.c.done_at.is_(None), outbox.c.dead_at.is_(None))
        return int((await self._connection.execute(query)).scalar_one())

    async def _set(self, row_id: str, **values: Any) -> None:
        await self._connection.execute(update(outbox).where(outbox.c.id == row_id).values(**values))
