"""A key for each case: what belongs to a case is sealed with it, and it lies sealed under the newest master key.

The rule this file guards: who deletes this one small row has shredded the case, wherever else copies of its contents
lie. What was sealed before cases had keys opens with the master keys.
"""

import secrets
from dataclasses import dataclass, field

from sqlalchemy import delete, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.columns import sealed_columns
from storage.tables import case_decisions, case_entries, case_keys, cases
from storage.vault import CASE, Vault, key_id_of

_KEY = "case_keys.key"
_LENGTH = 32
OF_A_CASE = ((cases, cases.c.id), (case_entries, case_entries.c.case_id), (case_decisions, case_decisions.c.case_id))
"""The tables that hold what belongs to a case, and the column that says to which."""


@dataclass(frozen=True, slots=True)
class CaseSeal:
    """Seals and opens for one case. `own` is None where it has no key: before the first, or after the last."""

    master: Vault = field(repr=False)
    own: Vault | None = field(repr=False)

    def seal(self, column: str, row_id: str, value: str | bytes) -> bytes:
        """Seal for a place. Raises ValueError without a key."""
        if self.own is None:
            raise ValueError("the case has no key")
        return self.own.seal(column, row_id, value)

    def open(self, column: str, row_id: str, sealed: bytes) -> bytes | None:
        """Open what was sealed for a place; None for what is shredded. Raises SealBroken."""
        if not sealed:
            return None
        if key_id_of(sealed) != CASE:
            return self.master.open(column, row_id, sealed)
        return None if self.own is None else self.own.open(column, row_id, sealed)

    def open_text(self, column: str, row_id: str, sealed: bytes | None, shredded: str) -> str:
        """`open`, as text; `shredded` for nothing and for what is shredded."""
        opened = None if sealed is None else self.open(column, row_id, sealed)
        return shredded if opened is None else opened.decode("utf-8", "surrogatepass")


class SqlCaseKeys:
    """The cases' keys on one connection."""

    def __init__(self, connection: AsyncConnection, vault: Vault) -> None:
        self._connection = connection
        self._vault = vault

    def unwrap(self, case_id: str, key: bytes | None) -> CaseSeal:
        """The seal of a case whose key was read with its row."""
        own = None if key is None else Vault({CASE: self._vault.open(_KEY, case_id, key)})
        return CaseSeal(self._vault, own)

    async def of(self, case_id: str) -> CaseSeal:
        """The seal of a case, to open with."""
        query = select(case_keys.c.key).where(case_keys.c.id == case_id)
        return self.unwrap(case_id, (await self._connection.execute(query)).scalar_one_or_none())

    async def to_seal(self, case_id: str) -> CaseSeal:
        """The seal of a case, to seal with: its key is made where it has none."""
        seal = await self.of(case_id)
        if seal.own is not None:
            return seal
        dialect = sqlite if self._connection.dialect.name == "sqlite" else postgresql
        key = self._vault.seal(_KEY, case_id, secrets.token_bytes(_LENGTH))
        made = dialect.insert(case_keys).values(id=case_id, key=key).on_conflict_do_nothing()
        await self._connection.execute(made)
        return await self.of(case_id)

    async def shred(self, case_id: str) -> None:
        """Delete a case's key, and empty what was sealed with it, or before it had one."""
        await self._connection.execute(delete(case_keys).where(case_keys.c.id == case_id))
        for table, owner in OF_A_CASE:
            emptied = dict.fromkeys(sealed_columns(table), b"")
            await self._connection.execute(update(table).where(owner == case_id).values(**emptied))
