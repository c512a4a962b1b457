"""Challenges and their budgets.

The rule this file guards: a guess is counted, against every budget that limits it, by one conditional statement before
it is compared. Databases that let transactions run side by side are told to wait for each other by a lock.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Row, ScalarSelect, and_, case, delete, exists, func, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from handlers.desk.budgets import COMPARES, FAILURES_OF_CHAT, FAILURES_OF_IDENTITY, SENDS
from handlers.desk.ports import Challenge
from handlers.desk.requests import RequestKind
from storage.tables import breakers, challenges

_OTHERS = challenges.alias("others")
_LOCKS = {"identity": 1, "conversation_id": 2}


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

    async def spend_try(self, challenge_id: str, now: datetime) -> bool:
        """Count one guess while the challenge lives and is unused, and it, its identity and its chat have one left."""
        c, others = challenges.c, _OTHERS.c
        of_identity = and_(others.identity == c.identity, others.created_at > now - FAILURES_OF_IDENTITY.within)
        of_chat = and_(others.conversation_id == c.conversation_id, others.created_at > now - FAILURES_OF_CHAT.within)
        await self._lock_budgets_of(challenge_id)
        spent = (
            update(challenges)
            .where(
                c.id == challenge_id,
                c.tries < COMPARES,
                c.expires_at > now,
                c.used_at.is_(None),
                _failures(of_identity) < FAILURES_OF_IDENTITY.most,
                _failures(of_chat) < FAILURES_OF_CHAT.most,
            )
            .values(tries=c.tries + 1)
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

    async def has_send(self, identities: Sequence[str], now: datetime) -> bool:
        """Whether no budget for sending codes to an identity is spent."""
        await self._lock("identity", identities[-1])
        c = challenges.c
        counts = [func.count(case((c.created_at > now - each.within, 1))) for each in SENDS]
        longest = max(each.within for each in SENDS)
        query = select(*counts).where(c.identity.in_(identities), c.created_at > now - longest)
        sent = (await self._connection.execute(query)).one()
        return all(count < budget.most for count, budget in zip(sent, SENDS, strict=True))

    async def failures_since(self, company: str, since: datetime) -> int:
        """Wrong guesses at all challenges of a company from an instant on."""
        of_all = and_(_OTHERS.c.company == company, _OTHERS.c.created_at > since)
        return int((await self._connection.execute(select(_failures(of_all)))).scalar_one())

    async def delete_before(self, before: datetime) -> None:
        """Delete old challenges."""
        await self._connection.execute(delete(challenges).where(challenges.c.created_at < before))

    async def close_mail_proof(self, company: str, now: datetime, until: datetime) -> bool:
        """Trip the breaker, unless it is tripped."""
        dialect = sqlite if self._connection.dialect.name == "sqlite" else postgresql
        statement = dialect.insert(breakers).values(company=company, closed_at=now, until=until)
        tripped = statement.on_conflict_do_update(
            index_elements=["company"], set_={"closed_at": now, "until": until}, where=breakers.c.until <= now
        )
        return (await self._connection.execute(tripped)).rowcount == 1

    async def is_mail_proof_closed(self, company: str, now: datetime) -> bool:
        """Whether the breaker is tripped."""
        query = select(exists().where(breakers.c.company == company, breakers.c.until > now))
        return bool((await self._connection.execute(query)).scalar_one())

    async def _lock_budgets_of(self, challenge_id: str) -> None:
        if self._connection.dialect.name == "sqlite":  # one transaction at a time writes; it began before this
            return
        found = await self.get(challenge_id)
        if found is not None:
            await self._lock("identity", found.identity)
            await self._lock("conversation_id", found.conversation_id)

    async def _lock(self, budget: str, value: str) -> None:
        if self._connection.dialect.name != "sqlite":
            await self._connection.execute(select(func.pg_advisory_xact_lock(_LOCKS[budget], func.hashtext(value))))


def _failures(which: ColumnElement[bool]) -> ScalarSelect[int]:
    """Guesses at other challenges, and at this one, that were wrong."""
    wrong = _OTHERS.c.tries - case((_OTHERS.c.used_at.is_not(None), 1), else_=0)
    return select(func.coalesce(func.sum(wrong), 0)).where(which).correlate(challenges).scalar_subquery()


def _challenge(row: Row[tuple[object, ...]]) -> Challenge:
    fields = dict(row._mapping)  # noqa: SLF001 - SQLAlchemy's public name for a row's columns
    fields["kind"] = RequestKind(fields["kind"])
    return Challenge(**fields)
