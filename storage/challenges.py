"""Challenges. The rule this file guards: a guess is counted by one conditional statement before it is compared."""

from datetime import datetime

from sqlalchemy import Row, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from handlers.desk.ports import Challenge
from handlers.desk.requests import RequestKind
from storage.tables import challenges


class SqlChallenges:
    """`handlers.desk.ports.Challenges` on one connection."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, challenge: Challenge) -> None:
        """Keep a challenge; older ones for the same case and conversation take no more guesses."""
        older = (
            update(challenges)
            .where(
                challenges.c.case_id == challenge.case_id,
                challenges.c.conversation_id == challenge.conversation_id,
                challenges.c.expires_at > challenge.created_at,
            )
            .values(expires_at=challenge.created_at)
        )
        await self._connection.execute(older)
        await self._connection.execute(
            insert(challenges).values(
                id=challenge.id,
                company=challenge.company,
                case_id=challenge.case_id,
                conversation_id=challenge.conversation_id,
                kind=challenge.kind,
                customer_id=challenge.customer_id,
                identity=challenge.identity,
                created_at=challenge.created_at,
                expires_at=challenge.expires_at,
                tries=challenge.tries,
                used_at=challenge.used_at,
            )
        )

    async def get(self, challenge_id: str) -> Challenge | None:
        """One challenge."""
        row = (await self._connection.execute(select(challenges).where(challenges.c.id == challenge_id))).one_or_none()
        return None if row is None else _challenge(row)

    async def current(self, case_id: str, conversation_id: str) -> Challenge | None:
        """The newest challenge of a case in a conversation."""
        query = (
            select(challenges)
            .where(challenges.c.case_id == case_id, challenges.c.conversation_id == conversation_id)
            .order_by(challenges.c.created_at.desc(), challenges.c.expires_at.desc())
            .limit(1)
        )
        row = (await self._connection.execute(query)).one_or_none()
        return None if row is None else _challenge(row)

    async def spend_try(self, challenge_id: str, now: datetime, limit: int) -> bool:
        """Count one guess while the challenge lives, has guesses left and is unused."""
        spent = (
            update(challenges)
            .where(
                challenges.c.id == challenge_id,
                challenges.c.tries < limit,
                challenges.c.expires_at > now,
                challenges.c.used_at.is_(None),
            )
            .values(tries=challenges.c.tries + 1)
        )
        return (await self._connection.execute(spent)).rowcount == 1

    async def use(self, challenge_id: str, now: datetime) -> bool:
        """Mark as passed, once."""
        used = (
            update(challenges)
            .where(challenges.c.id == challenge_id, challenges.c.used_at.is_(None))
            .values(used_at=now)
        )
        return (await self._connection.execute(used)).rowcount == 1

    async def sends_since(self, identity: str, since: datetime) -> int:
        """Codes asked for under a blind index."""
        query = (
            select(func.count())
            .select_from(challenges)
            .where(challenges.c.identity == identity, challenges.c.created_at > since)
        )
        return int((await self._connection.execute(query)).scalar_one())


def _challenge(row: Row[tuple[object, ...]]) -> Challenge:
    fields = dict(row._mapping)  # noqa: SLF001 - SQLAlchemy's public name for a row's columns
    fields["kind"] = RequestKind(fields["kind"])
    return Challenge(**fields)
