"""Decisions about requests. Which item was refused for what, and in which words, lies sealed."""

import json
from collections.abc import Sequence
from dataclasses import astuple
from typing import Any

from sqlalchemy import Row, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from handlers.desk.decisions import Decision, DecisionState, Ruling, Verdict
from storage.case_keys import CaseSeal, SqlCaseKeys
from storage.tables import case_decisions
from storage.vault import Vault

_VERDICTS = "case_decisions.verdicts"


class SqlDecisions:
    """`handlers.desk.ports.Decisions` on one connection."""

    def __init__(self, connection: AsyncConnection, vault: Vault) -> None:
        self._connection = connection
        self._keys = SqlCaseKeys(connection, vault)

    async def add(self, decision: Decision) -> None:
        """Keep a new decision."""
        verdicts = json.dumps([astuple(each) for each in decision.verdicts], ensure_ascii=False)
        seal = await self._keys.to_seal(decision.case_id)
        await self._connection.execute(
            insert(case_decisions).values(
                id=decision.id,
                case_id=decision.case_id,
                state=decision.state,
                verdicts=seal.seal(_VERDICTS, decision.id, verdicts),
                first=decision.first,
                at=decision.at,
                second=decision.second,
                ended_at=decision.ended_at,
            )
        )

    async def save(self, decision: Decision) -> None:
        """Keep a decision's state, and who brought it about."""
        await self._connection.execute(
            update(case_decisions)
            .where(case_decisions.c.id == decision.id)
            .values(state=decision.state, second=decision.second, ended_at=decision.ended_at)
        )

    async def get(self, decision_id: str) -> Decision | None:
        """One decision."""
        query = select(case_decisions).where(case_decisions.c.id == decision_id)
        row = (await self._connection.execute(query)).one_or_none()
        return None if row is None else _decision(row, await self._keys.of(row.case_id))

    async def of_case(self, case_id: str) -> Sequence[Decision]:
        """A case's decisions, oldest first."""
        c = case_decisions.c
        query = select(case_decisions).where(c.case_id == case_id).order_by(c.at, c.id)
        seal = await self._keys.of(case_id)
        return [_decision(row, seal) for row in await self._connection.execute(query)]


def _decision(row: Row[Any], seal: CaseSeal) -> Decision:
    verdicts = json.loads(seal.open_text(_VERDICTS, row.id, row.verdicts, "[]"))
    return Decision(
        id=row.id,
        case_id=row.case_id,
        state=DecisionState(row.state),
        verdicts=tuple(Verdict(item, Ruling(ruling), *rest) for item, ruling, *rest in verdicts),
        first=row.first,
        at=row.at,
        second=row.second,
        ended_at=row.ended_at,
    )
