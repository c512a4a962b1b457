"""The other side of the Telegram door in its own tests: a talk that says what it is told to, and remembers everything.

It keeps the promises of the real one (a delivery is played once, what is committed is owed until it is marked), so that
the door's order of things can be tested alone. It outlives the door, as the memory outlives the process.
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from handlers.dialogue.messages import Answer, Choice, Event, Inbound, Reply
from intents.parse import Language

Says = Callable[[Inbound], Sequence[Reply]]


def echo(inbound: Inbound) -> Sequence[Reply]:
    """One reply that tells what came in."""
    if inbound.document is not None:
        return [Reply(f"{inbound.document.name}: {len(inbound.document.content)} bytes")]
    return [Reply(inbound.text or inbound.choice or str(inbound.event))]


def offering(text: str, *labels: str) -> Says:
    return lambda _: [Reply(text, tuple(Choice(label, f"key.{n}") for n, label in enumerate(labels)))]


@dataclass
class Turn:
    inbound: Inbound
    at: datetime
    answer: Answer


@dataclass
class RecordingTalk:
    """Handles everything as `says` tells."""

    says: Says = echo
    turns: dict[tuple[str, str], Turn] = field(default_factory=dict)
    attempts: list[Inbound] = field(default_factory=list)
    parked: dict[str, tuple[str, str]] = field(default_factory=dict)
    failures: list[Exception] = field(default_factory=list)
    """What the next turns raise, one each."""
    parking_failures: list[Exception] = field(default_factory=list)
    marking_failures: list[Exception] = field(default_factory=list)
    held: dict[str, asyncio.Event] = field(default_factory=dict)
    """Chats whose turns wait for the event before they are played."""
    commits: asyncio.Condition = field(default_factory=asyncio.Condition)

    @property
    def clock(self) -> Callable[[], datetime]:
        return lambda: datetime.now(UTC)

    async def handle(self, inbound: Inbound) -> Answer:
        self.attempts.append(inbound)
        if gate := self.held.get(inbound.chat):
            await gate.wait()
        if self.failures:
            raise self.failures.pop(0)
        key = inbound.channel, inbound.delivery
        if key not in self.turns:
            answer = Answer(f"turn{len(self.turns)}", tuple(self.says(inbound)))
            self.turns[key] = Turn(inbound, self.clock(), answer)
        return await self._changed(self.turns[key].answer)

    async def mark_sent(self, turn_id: str, sent: int, *, done: bool) -> None:
        if self.marking_failures:
            raise self.marking_failures.pop(0)
        [turn] = [turn for turn in self.turns.values() if turn.answer.turn_id == turn_id]
        assert sent >= turn.answer.sent
        turn.answer = await self._changed(replace(turn.answer, sent=sent, done=done))

    async def owed(self, channel: str, before: datetime, limit: int = 50) -> Sequence[tuple[str, Answer]]:
        rows = [
            (turn.inbound.chat, turn.answer)
            for (door, _), turn in self.turns.items()
            if door == channel and turn.at < before and not turn.answer.done
        ]
        return rows[:limit]

    async def announce(self, _channel: str) -> list[str]:
        return []

    async def park(self, channel: str, delivery: str, reason: str, raw: str) -> None:
        if self.parking_failures:
            raise self.parking_failures.pop(0)
        self.parked.setdefault(delivery, (reason, raw))
        await self._changed(None)

    def line(self, response: str, language: Language, **values: str) -> str:
        return " ".join([response, language, *values.values()])

    # For the test's own eyes

    @property
    def inbounds(self) -> list[Inbound]:
        return [turn.inbound for turn in self.turns.values()]

    @property
    def texts(self) -> list[str | None]:
        return [inbound.text for inbound in self.inbounds]

    @property
    def events(self) -> list[Event | None]:
        return [inbound.event for inbound in self.inbounds]

    @property
    def is_square(self) -> bool:
        """Whether nothing is owed."""
        return all(turn.answer.done for turn in self.turns.values())

    async def until(self, condition: Callable[[], object], patience: float = 10.0) -> None:
        """Wait until something of this talk holds."""
        async with asyncio.timeout(patience), self.commits:
            await self.commits.wait_for(lambda: bool(condition()))

    async def _changed(self, value: Answer | None) -> Answer:
        async with self.commits:
            self.commits.notify_all()
        return value or Answer("", ())
