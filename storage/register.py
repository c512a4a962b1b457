"""The register: the company's customers, sealed, found by blind index."""

import json
from collections.abc import Sequence

from sqlalchemy import delete, func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from handlers.desk.ports import Customer
from storage.tables import customers
from storage.vault import Vault

_COLUMN = "customers.record"
_EMAIL = "customers.email"


class SqlRegister:
    """`handlers.desk.ports.Register` on one connection."""

    def __init__(self, connection: AsyncConnection, vault: Vault) -> None:
        self._connection = connection
        self._vault = vault

    def identities(self, company: str, email: str) -> Sequence[str]:
        """Blind indexes of an address within a company, under the newest key first."""
        return self._vault.indexes(_EMAIL, f"{company}|{email}")

    def email_index(self, company: str, record: str) -> str:
        """The blind index, under the newest key, of the address in a customer's unsealed record."""
        return self.identities(company, json.loads(record)["email"])[0]

    async def find(self, company: str, email: str) -> str | None:
        """The customer registered under this address."""
        query = select(customers.c.id).where(
            customers.c.company == company, customers.c.email_index.in_(self.identities(company, email))
        )
        return (await self._connection.execute(query)).scalar_one_or_none()

    async def get(self, customer_id: str) -> Customer | None:
        """One customer, unsealed."""
        row = (await self._connection.execute(select(customers).where(customers.c.id == customer_id))).one_or_none()
        if row is None:
            return None
        record = json.loads(self._vault.open_text(_COLUMN, row.id, row.record))
        return Customer(id=row.id, company=row.company, **record)

    async def replace_all(self, company: str, people: Sequence[Customer]) -> None:
        """Put a new register in the old one's place; who keeps their address keeps their id."""
        query = select(customers.c.email_index, customers.c.id).where(customers.c.company == company)
        known = {row.email_index: row.id for row in await self._connection.execute(query)}
        await self._connection.execute(delete(customers).where(customers.c.company == company))
        rows = []
        for person in people:
            indexes = self.identities(company, person.email)
            customer_id = next((known[each] for each in indexes if each in known), person.id)
            record = {"name": person.name, "email": person.email, "phone": person.phone, "facts": dict(person.facts)}
            sealed = self._vault.seal(_COLUMN, customer_id, json.dumps(record, ensure_ascii=False))
            rows.append({"id": customer_id, "company": company, "email_index": indexes[0], "record": sealed})
        if rows:
            await self._connection.execute(insert(customers), rows)

    async def count(self, company: str) -> int:
        """How many people are registered."""
        query = select(func.count()).select_from(customers).where(customers.c.company == company)
        return int((await self._connection.execute(query)).scalar_one())
