"""Requests on file and their timelines."""

import json
from collections.abc import Collection, Sequence
from dataclasses import astuple, replace
from typing import Any

from sqlalchemy import Row, Select, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from handlers.desk.assurance import Proof, label
from handlers.desk.ports import Entry, EntryKind
from handlers.desk.requests import Detail, Outcome, Request, RequestKind, Status
from storage.tables import case_entries, cases
from storage.vault import Vault

_DETAILS = "cases.details"
_SPECIFIED = "cases.specified"
_TEXT = "case_entries.text"
_CONTENT = "case_entries.content"


class SqlCases:
    """`handlers.desk.ports.Cases` on one connection."""

    def __init__(self, connection: AsyncConnection, vault: Vault) -> None:
        self._connection = connection
        self._vault = vault

    async def add(self, request: Request) -> None:
        """Put a new request on file."""
        details = json.dumps([astuple(each) for each in request.details], ensure_ascii=False)
        await self._connection.execute(
            insert(cases).values(
                id=request.id,
                ref=request.ref,
                company=request.company,
                kind=request.kind,
                article=request.article,
                grounds=json.dumps(request.grounds),
                conversation_id=request.conversation_id,
                language=request.language,
                details=self._vault.seal(_DETAILS, request.id, details),
                arrived_at=request.arrived_at,
                filed_at=request.filed_at,
                first_touch_on=request.first_touch_on,
                touches_contact=request.touches_contact,
                **self._changing(request),
            )
        )

    async def save(self, request: Request) -> None:
        """Keep what a step changed about a request."""
        await self._connection.execute(update(cases).where(cases.c.id == request.id).values(**self._changing(request)))

    async def get(self, case_id: str) -> Request | None:
        """One request by our id."""
        return await self._one(select(cases).where(cases.c.id == case_id))

    async def by_ref(self, ref: str) -> Request | None:
        """One request by its reference; where the database knows row locks, ours until the commit."""
        return await self._one(select(cases).where(cases.c.ref == ref).with_for_update())

    async def of_conversation(self, conversation_id: str) -> Sequence[Request]:
        """A chat's own requests, newest first."""
        query = select(cases).where(cases.c.conversation_id == conversation_id).order_by(cases.c.filed_at.desc())
        return [self._request(row) for row in await self._connection.execute(query)]

    async def all(self, company: str | None = None) -> Sequence[Request]:
        """Every request, oldest first."""
        query = select(cases).order_by(cases.c.filed_at)
        if company is not None:
            query = query.where(cases.c.company == company)
        return [self._request(row) for row in await self._connection.execute(query)]

    async def in_status(self, company: str, statuses: Collection[Status]) -> Sequence[Request]:
        """A company's requests in one of these statuses, oldest first."""
        c = cases.c
        query = select(cases).where(c.company == company, c.status.in_(statuses)).order_by(c.filed_at)
        return [self._request(row) for row in await self._connection.execute(query)]

    async def companies(self) -> Sequence[str]:
        """The ids of all companies of whom requests are on file."""
        query = select(cases.c.company).distinct().order_by(cases.c.company)
        return [row.company for row in await self._connection.execute(query)]

    async def add_entry(self, entry: Entry) -> None:
        """Put words or a document into a timeline."""
        content = None if entry.content is None else self._vault.seal(_CONTENT, entry.id, entry.content)
        await self._connection.execute(
            insert(case_entries).values(
                id=entry.id,
                case_id=entry.case_id,
                kind=entry.kind,
                at=entry.at,
                text=self._vault.seal(_TEXT, entry.id, entry.text),
                content=content,
                media_type=entry.media_type,
                author=entry.author,
                code=entry.code,
            )
        )

    async def adopt_entries(self, draft_id: str, case_id: str, code: str) -> int:
        """Move a draft's timeline into a case's, marked by a code."""
        moved = update(case_entries).where(case_entries.c.case_id == draft_id).values(case_id=case_id, code=code)
        return (await self._connection.execute(moved)).rowcount

    async def entries(self, case_id: str) -> Sequence[Entry]:
        """A timeline, oldest first, without content."""
        c = case_entries.c
        columns = (c.id, c.case_id, c.kind, c.at, c.text, c.media_type, c.author, c.code)
        query: Select[Any] = select(*columns).where(c.case_id == case_id).order_by(c.at, c.id)
        return [self._entry(row) for row in await self._connection.execute(query)]

    async def entry(self, entry_id: str) -> Entry | None:
        """One entry, with its content."""
        query: Select[Any] = select(case_entries).where(case_entries.c.id == entry_id)
        row = (await self._connection.execute(query)).one_or_none()
        if row is None:
            return None
        content = None if row.content is None else self._vault.open(_CONTENT, row.id, row.content)
        return replace(self._entry(row), content=content)

    async def _one(self, query: Select[Any]) -> Request | None:
        row = (await self._connection.execute(query)).one_or_none()
        return None if row is None else self._request(row)

    def _changing(self, request: Request) -> dict[str, Any]:
        """The columns that steps change."""
        specified = json.dumps(request.specified, ensure_ascii=False)
        return {
            "status": request.status,
            "outcome": request.outcome,
            "assurance": label(request.assurance),
            "customer_id": request.customer_id,
            "target_on": request.target_on,
            "legal_mark_on": request.legal_mark_on,
            "owner": request.owner,
            "asked_at": request.asked_at,
            "reminded_at": request.reminded_at,
            "extended_at": request.extended_at,
            "disagree_until": request.disagree_until,
            "specified": self._vault.seal(_SPECIFIED, request.id, specified) if request.specified else None,
        }

    def _entry(self, row: Row[Any]) -> Entry:
        return Entry(
            id=row.id,
            case_id=row.case_id,
            kind=EntryKind(row.kind),
            at=row.at,
            text=self._vault.open_text(_TEXT, row.id, row.text),
            media_type=row.media_type,
            author=row.author,
            code=row.code,
        )

    def _request(self, row: Row[Any]) -> Request:
        details = json.loads(self._vault.open_text(_DETAILS, row.id, row.details))
        specified = "[]" if row.specified is None else self._vault.open_text(_SPECIFIED, row.id, row.specified)
        return Request(
            id=row.id,
            ref=row.ref,
            company=row.company,
            kind=RequestKind(row.kind),
            article=row.article,
            grounds=tuple(json.loads(row.grounds)),
            status=Status(row.status),
            outcome=None if row.outcome is None else Outcome(row.outcome),
            assurance=frozenset(Proof(each) for each in row.assurance.split("+") if each),
            customer_id=row.customer_id,
            conversation_id=row.conversation_id,
            language=row.language,
            details=tuple(Detail(*each) for each in details),
            arrived_at=row.arrived_at,
            filed_at=row.filed_at,
            first_touch_on=row.first_touch_on,
            target_on=row.target_on,
            legal_mark_on=row.legal_mark_on,
            owner=row.owner,
            touches_contact=row.touches_contact,
            asked_at=row.asked_at,
            reminded_at=row.reminded_at,
            extended_at=row.extended_at,
            disagree_until=row.disagree_until,
            specified=tuple(json.loads(specified)),
        )
