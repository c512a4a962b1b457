"""Requests on file and their timelines."""

import json
from collections.abc import Collection, Sequence
from dataclasses import astuple, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from handlers.desk.assurance import Proof, label
from handlers.desk.lifecycle import Fact
from handlers.desk.ports import Entry, EntryKind
from handlers.desk.requests import Detail, Outcome, Request, RequestKind, Status
from storage.case_keys import CaseSeal, SqlCaseKeys
from storage.tables import audit, case_entries, case_keys, cases
from storage.vault import Vault

_DETAILS = "cases.details"
_SPECIFIED = "cases.specified"
_TEXT = "case_entries.text"
_CONTENT = "case_entries.content"

_WITH_KEYS = select(cases, case_keys.c.key).outerjoin(case_keys, case_keys.c.id == cases.c.id)


class SqlCases:
    """`handlers.desk.ports.Cases` on one connection."""

    def __init__(self, connection: AsyncConnection, vault: Vault) -> None:
        self._connection = connection
        self._keys = SqlCaseKeys(connection, vault)

    async def add(self, request: Request) -> None:
        """Put a new request on file."""
        details = json.dumps([astuple(each) for each in request.details], ensure_ascii=False)
        seal = await self._keys.to_seal(request.id)
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
                details=seal.seal(_DETAILS, request.id, details),
                arrived_at=request.arrived_at,
                filed_at=request.filed_at,
                first_touch_on=request.first_touch_on,
                touches_contact=request.touches_contact,
                **_changing(request, seal),
            )
        )

    async def save(self, request: Request) -> None:
        """Keep what a step changed about a request."""
        seal = await (self._keys.to_seal if request.specified else self._keys.of)(request.id)
        changing = _changing(request, seal)
        await self._connection.execute(update(cases).where(cases.c.id == request.id).values(**changing))

    async def get(self, case_id: str) -> Request | None:
        """One request by our id."""
        return await self._one(_WITH_KEYS.where(cases.c.id == case_id))

    async def by_ref(self, ref: str) -> Request | None:
        """One request by its reference; where the database knows row locks, ours until the commit."""
        return await self._one(_WITH_KEYS.where(cases.c.ref == ref).with_for_update(of=cases))

    async def of_conversation(self, conversation_id: str) -> Sequence[Request]:
        """A chat's own requests, newest first."""
        query = _WITH_KEYS.where(cases.c.conversation_id == conversation_id).order_by(cases.c.filed_at.desc())
        return [self._request(row) for row in await self._connection.execute(query)]

    async def all(self, company: str | None = None) -> Sequence[Request]:
        """Every request, oldest first."""
        query = _WITH_KEYS.order_by(cases.c.filed_at)
        if company is not None:
            query = query.where(cases.c.company == company)
        return [self._request(row) for row in await self._connection.execute(query)]

    async def in_status(self, company: str, statuses: Collection[Status]) -> Sequence[Request]:
        """A company's requests in one of these statuses, oldest first."""
        c = cases.c
        query = _WITH_KEYS.where(c.company == company, c.status.in_(statuses)).order_by(c.filed_at)
        return [self._request(row) for row in await self._connection.execute(query)]

    async def companies(self) -> Sequence[str]:
        """The ids of all companies of whom requests are on file."""
        query = select(cases.c.company).distinct().order_by(cases.c.company)
        return [row.company for row in await self._connection.execute(query)]

    async def ended(self, company: str) -> Sequence[tuple[str, RequestKind, datetime]]:
        """Ended requests that are neither held nor shredded; when they ended, the audit tells."""
        ended_at = func.max(audit.c.at).label("ended_at")
        query = (
            select(cases.c.id, cases.c.kind, ended_at)
            .join(audit, audit.c.subject_id == cases.c.id)
            .where(cases.c.company == company, cases.c.status.in_([Status.CLOSED, Status.WITHDRAWN]))
            .where(cases.c.held_at.is_(None), cases.c.shredded_at.is_(None))
            .where(audit.c.fact.in_([Fact.CLOSED, Fact.WITHDRAWN]))
            .group_by(cases.c.id, cases.c.kind)
        )
        return [(row.id, RequestKind(row.kind), row.ended_at) for row in await self._connection.execute(query)]

    async def hold(self, case_id: str, at: datetime | None) -> None:
        """Set or end a hold."""
        await self._connection.execute(update(cases).where(cases.c.id == case_id).values(held_at=at))

    async def shred(self, case_id: str, now: datetime) -> None:
        """Shred a request's contents; its key with them."""
        await self._keys.shred(case_id)
        await self._connection.execute(update(cases).where(cases.c.id == case_id).values(shredded_at=now))

    async def delete_drafts(self, before: datetime) -> int:
        """Delete what was kept for requests that were never filed, with their keys."""
        c = case_entries.c
        query = select(c.case_id).group_by(c.case_id).having(func.max(c.at) < before)
        old = (await self._connection.execute(query.where(c.case_id.not_in(select(cases.c.id))))).scalars().all()
        for draft_id in old:
            await self.delete_draft(draft_id)
        return len(old)

    async def delete_draft(self, draft_id: str) -> None:
        """Delete a draft's timeline and key, unless it is a case by now."""
        if (await self._connection.execute(select(cases.c.id).where(cases.c.id == draft_id))).first() is None:
            await self._connection.execute(delete(case_entries).where(case_entries.c.case_id == draft_id))
            await self._connection.execute(delete(case_keys).where(case_keys.c.id == draft_id))

    async def add_entry(self, entry: Entry) -> None:
        """Put words or a document into a timeline."""
        seal = await self._keys.to_seal(entry.case_id)
        content = None if entry.content is None else seal.seal(_CONTENT, entry.id, entry.content)
        await self._connection.execute(
            insert(case_entries).values(
                id=entry.id,
                case_id=entry.case_id,
                kind=entry.kind,
                at=entry.at,
                text=seal.seal(_TEXT, entry.id, entry.text),
                content=content,
                media_type=entry.media_type,
                author=entry.author,
                code=entry.code,
            )
        )

    async def adopt_entries(self, draft_id: str, case_id: str, code: str) -> int:
        """Move a draft's timeline into a case's, marked by a code."""
        c = case_entries.c
        before, after = await self._keys.of(draft_id), await self._keys.to_seal(case_id)
        rows = (await self._connection.execute(select(c.id, c.text, c.content).where(c.case_id == draft_id))).all()
        for row in rows:
            text = before.open(_TEXT, row.id, row.text)
            content = None if row.content is None else before.open(_CONTENT, row.id, row.content)
            moved = {
                "case_id": case_id,
                "code": code,
                "text": after.seal(_TEXT, row.id, text or b""),
                "content": None if content is None else after.seal(_CONTENT, row.id, content),
            }
            await self._connection.execute(update(case_entries).where(c.id == row.id).values(**moved))
        await self._keys.shred(draft_id)
        return len(rows)

    async def entries(self, case_id: str) -> Sequence[Entry]:
        """A timeline, oldest first, without content."""
        c = case_entries.c
        columns = (c.id, c.case_id, c.kind, c.at, c.text, c.media_type, c.author, c.code)
        query: Select[Any] = select(*columns).where(c.case_id == case_id).order_by(c.at, c.id)
        seal = await self._keys.of(case_id)
        return [_entry(row, seal) for row in await self._connection.execute(query)]

    async def entry(self, entry_id: str) -> Entry | None:
        """One entry, with its content."""
        query: Select[Any] = select(case_entries).where(case_entries.c.id == entry_id)
        row = (await self._connection.execute(query)).one_or_none()
        if row is None:
            return None
        seal = await self._keys.of(row.case_id)
        content = None if row.content is None else seal.open(_CONTENT, row.id, row.content)
        return replace(_entry(row, seal), content=content)

    async def _one(self, query: Select[Any]) -> Request | None:
        row = (await self._connection.execute(query)).one_or_none()
        return None if row is None else self._request(row)

    def _request(self, row: Row[Any]) -> Request:
        seal = self._keys.unwrap(row.id, row.key)
        details = json.loads(seal.open_text(_DETAILS, row.id, row.details, "[]"))
        specified = seal.open_text(_SPECIFIED, row.id, row.specified, "[]")
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


def _changing(request: Request, seal: CaseSeal) -> dict[str, Any]:
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
        "specified": seal.seal(_SPECIFIED, request.id, specified) if request.specified else None,
    }


def _entry(row: Row[Any], seal: CaseSeal) -> Entry:
    return Entry(
        id=row.id,
        case_id=row.case_id,
        kind=EntryKind(row.kind),
        at=row.at,
        text=seal.open_text(_TEXT, row.id, row.text, ""),
        media_type=row.media_type,
        author=row.author,
        code=row.code,
    )
