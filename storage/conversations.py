"""Chats, their turns, and updates set aside."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, delete, func, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from handlers.desk.ports import FROM_NOTICE, ConversationRecord, ParkedUpdate, TurnRecord
from storage.tables import conversations, parked_updates, turns
from storage.vault import Vault

_STATE = "conversations.state"
_SAID = "turns.said"
_REPLIES = "turns.replies"
_RAW = "parked_updates.raw"
_BLANK = "{}"
"""The state of a chat of which nothing is remembered."""


class SqlConversations:
    """`handlers.desk.ports.Conversations` on one connection."""

    def __init__(self, connection: AsyncConnection, vault: Vault) -> None:
        self._connection = connection
        self._vault = vault
        self._insert = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert

    async def get(self, company: str, channel: str, chat: str) -> ConversationRecord | None:
        """A chat's conversation; where the database knows row locks, ours until the commit."""
        c = conversations.c
        query = select(conversations).where(c.company == company, c.channel == channel, c.chat == chat)
        row = (await self._connection.execute(query.with_for_update())).one_or_none()
        return None if row is None else self._record(row)

    async def by_id(self, conversation_id: str) -> ConversationRecord | None:
        """A conversation by our id, without a lock."""
        query = select(conversations).where(conversations.c.id == conversation_id)
        row = (await self._connection.execute(query)).one_or_none()
        return None if row is None else self._record(row)

    async def save(self, record: ConversationRecord) -> None:
        """Keep a conversation, new or known."""
        sealed = self._vault.seal(_STATE, record.id, record.state)
        changing = {"language": record.language, "updated_at": record.updated_at, "state": sealed}
        statement = self._insert(conversations).values(
            id=record.id,
            company=record.company,
            channel=record.channel,
            chat=record.chat,
            created_at=record.created_at,
            **changing,
        )
        await self._connection.execute(statement.on_conflict_do_update(index_elements=["id"], set_=changing))

    async def claim(self, turn: TurnRecord) -> TurnRecord | None:
        """Take a delivery, or find the turn that already answered it."""
        statement = self._insert(turns).values(
            id=turn.id,
            conversation_id=turn.conversation_id,
            channel=turn.channel,
            delivery=turn.delivery,
            at=turn.at,
            said=self._vault.seal(_SAID, turn.id, turn.said),
            replies=self._vault.seal(_REPLIES, turn.id, turn.replies),
            sent=turn.sent,
            done_at=turn.done_at,
        )
        if (await self._connection.execute(statement.on_conflict_do_nothing())).rowcount == 1:
            return None
        query = select(turns).where(turns.c.channel == turn.channel, turns.c.delivery == turn.delivery)
        return self._turn((await self._connection.execute(query)).one())

    async def answer(self, turn_id: str, said: str, replies: str) -> None:
        """Keep what was said and replied."""
        sealed = {
            "said": self._vault.seal(_SAID, turn_id, said),
            "replies": self._vault.seal(_REPLIES, turn_id, replies),
        }
        await self._connection.execute(update(turns).where(turns.c.id == turn_id).values(**sealed))

    async def mark_sent(self, turn_id: str, sent: int, done_at: datetime | None) -> None:
        """Keep how far the replies have gone out."""
        await self._connection.execute(update(turns).where(turns.c.id == turn_id).values(sent=sent, done_at=done_at))

    async def owed(self, channel: str, before: datetime, limit: int) -> Sequence[tuple[str, TurnRecord]]:
        """Turns whose replies have not all gone out, with their chats."""
        query = (
            select(turns, conversations.c.chat)
            .join(conversations, conversations.c.id == turns.c.conversation_id)
            .where(turns.c.channel == channel, turns.c.done_at.is_(None), turns.c.at < before)
            .order_by(turns.c.at)
            .limit(limit)
        )
        return [(row.chat, self._turn(row)) for row in await self._connection.execute(query)]

    async def turns_since(self, conversation_id: str, since: datetime) -> Sequence[TurnRecord]:
        """A conversation's turns from an instant on."""
        query = (
            select(turns).where(turns.c.conversation_id == conversation_id, turns.c.at >= since).order_by(turns.c.at)
        )
        return [self._turn(row) for row in await self._connection.execute(query)]

    async def heard_since(self, conversation_id: str, since: datetime) -> int:
        """Turns since an instant in which the desk did not speak first."""
        c = turns.c
        own = c.delivery.startswith(FROM_NOTICE, autoescape=True)
        query = select(func.count()).select_from(turns).where(c.conversation_id == conversation_id, c.at > since, ~own)
        return int((await self._connection.execute(query)).scalar_one())

    async def forget_before(self, company: str, before: datetime) -> None:
        """Delete old turns and parked updates; take their state from chats that have been silent."""
        own = select(conversations.c.id).where(conversations.c.company == company)
        await self._connection.execute(delete(turns).where(turns.c.conversation_id.in_(own), turns.c.at < before))
        await self._connection.execute(delete(parked_updates).where(parked_updates.c.at < before))
        silent = select(conversations.c.id, conversations.c.state).where(
            conversations.c.company == company, conversations.c.updated_at < before
        )
        for row in (await self._connection.execute(silent)).all():
            if self._vault.open_text(_STATE, row.id, row.state) != _BLANK:
                state = self._vault.seal(_STATE, row.id, _BLANK)
                await self._connection.execute(
                    update(conversations).where(conversations.c.id == row.id).values(state=state)
                )

    async def forget(self, conversation_id: str) -> None:
        """Empty a conversation's turns that are done: their rows stay, so that no delivery is taken twice."""
        c = turns.c
        done = select(c.id).where(c.conversation_id == conversation_id, c.done_at.is_not(None))
        for turn_id in (await self._connection.execute(done)).scalars().all():
            await self.answer(turn_id, "", "[]")

    async def remembered(self, conversation_id: str) -> int:
        """Turns with words in them."""
        rows = await self._connection.execute(select(turns).where(turns.c.conversation_id == conversation_id))
        return sum(bool(each.said) or each.replies != "[]" for each in map(self._turn, rows))

    async def park(self, parked: ParkedUpdate) -> None:
        """Set an update aside, once."""
        statement = self._insert(parked_updates).values(
            id=parked.id,
            channel=parked.channel,
            delivery=parked.delivery,
            at=parked.at,
            reason=parked.reason[:64],
            raw=self._vault.seal(_RAW, parked.id, parked.raw),
        )
        await self._connection.execute(statement.on_conflict_do_nothing())

    async def parked(self) -> int:
        """How many updates lie aside."""
        return int((await self._connection.execute(select(func.count()).select_from(parked_updates))).scalar_one())

    def _record(self, row: Row[Any]) -> ConversationRecord:
        state = self._vault.open_text(_STATE, row.id, row.state)
        return ConversationRecord(
            row.id, row.company, row.channel, row.chat, row.language, row.created_at, row.updated_at, state
        )

    def _turn(self, row: Row[Any]) -> TurnRecord:
        return TurnRecord(
            id=row.id,
            conversation_id=row.conversation_id,
            channel=row.channel,
            delivery=row.delivery,
            at=row.at,
            said=self._vault.open_text(_SAID, row.id, row.said),
            replies=self._vault.open_text(_REPLIES, row.id, row.replies),
            sent=row.sent,
            done_at=row.done_at,
        )
