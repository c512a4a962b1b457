"""What this door needs of the talk: `handlers.dialogue.conversation.Conversation` is it."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Protocol

from handlers.dialogue.messages import Answer, Inbound
from intents.parse import Language


class Talk(Protocol):
    """The only thing behind this door."""

    @property
    def clock(self) -> Callable[[], datetime]:
        """What the time is, in UTC."""

    async def handle(self, inbound: Inbound) -> Answer:
        """Play one turn and commit it; for a delivery seen before, what was answered then."""

    async def mark_sent(self, turn_id: str, sent: int, *, done: bool) -> None:
        """Keep how many replies of a turn have gone out."""

    async def owed(self, channel: str, before: datetime, limit: int = 50) -> Sequence[tuple[str, Answer]]:
        """(chat, answer) for turns whose replies have not all gone out; oldest first."""

    async def announce(self, channel: str) -> list[str]:
        """Put due notices into their chats, as turns that are owed; returns this channel's chats that have news."""

    async def park(self, channel: str, delivery: str, reason: str, raw: str) -> None:
        """Set an update aside."""

    def line(self, response: str, language: Language, **values: str) -> str:
        """The words of one response."""
