"""One transaction with every repository on it, and the memory that opens them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from storage.audit import SqlAudit
from storage.cases import SqlCases
from storage.challenges import SqlChallenges
from storage.conversations import SqlConversations
from storage.decisions import SqlDecisions
from storage.outbox import SqlOutbox
from storage.register import SqlRegister
from storage.vault import Vault


class SqlUnitOfWork:
    """`handlers.desk.ports.UnitOfWork` on one connection."""

    def __init__(self, connection: AsyncConnection, vault: Vault) -> None:
        self.register = SqlRegister(connection, vault)
        self.challenges = SqlChallenges(connection)
        self.cases = SqlCases(connection, vault)
        self.decisions = SqlDecisions(connection, vault)
        self.outbox = SqlOutbox(connection)
        self.audit = SqlAudit(connection, vault)
        self.conversations = SqlConversations(connection, vault)


@dataclass(frozen=True)
class SqlMemory:
    """`handlers.desk.ports.Memory` on an engine."""

    engine: AsyncEngine
    vault: Vault

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[SqlUnitOfWork]:
        """Open a transaction: committed at the end of the block, rolled back by an exception."""
        async with self.engine.begin() as connection:
            yield SqlUnitOfWork(connection, self.vault)
