"""Makes what tests need by doing the work: a desk on a real SQLite file, customers who talk to it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

from bot.commands import SAMPLE
from bot.mail.showing import Mailbox
from bot.register_file import read_register
from bot.settings import Settings
from bot.wiring import Desk, open_desk
from handlers.desk.requests import Request
from handlers.dialogue.messages import Answer, Inbound
from intents.parse import Ears, Language

SUNDAY = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
"""A Sunday in Tokyo, before a public holiday."""


@dataclass
class Clock:
    """A clock that stands still until it is told to go on."""

    now: datetime = SUNDAY

    def __call__(self) -> datetime:
        return self.now

    def goes_on(self, **span: float) -> None:
        self.now += timedelta(**span)


@dataclass
class OpenDesk:
    """A desk that stands, with its clock and its mailbox."""

    desk: Desk
    clock: Clock
    mailbox: Mailbox

    def customer(self, name: str = "alice", hint: Language | None = None) -> "Customer":
        return Customer(self, name, hint)

    async def cases(self) -> list[Request]:
        async with self.desk.memory.begin() as work:
            return list(await work.cases.all())


@dataclass
class Customer:
    """Somebody who writes to the desk."""

    at: OpenDesk
    name: str
    hint: Language | None = None
    last: Answer | None = field(default=None)

    async def sends(self, **what: Any) -> str:
        """Send anything; returns the desk's words and its choices as one text."""
        delivery = what.pop("delivery", uuid4().hex)
        inbound = Inbound("test", delivery, self.name, self.at.clock(), hint=self.hint, **what)
        self.last = await self.at.desk.conversation.handle(inbound)
        return "\n".join(reply.text for reply in self.last.replies)

    async def says(self, text: str) -> str:
        return await self.sends(text=text)

    async def presses(self, label: str) -> str:
        assert self.last is not None
        key = next(choice.key for reply in self.last.replies for choice in reply.choices if choice.label == label)
        return await self.sends(choice=key)

    @property
    def choices(self) -> list[str]:
        assert self.last is not None
        return [choice.label for reply in self.last.replies for choice in reply.choices]


def settings_for(folder: Path, company: str = "planet_management", **more: Any) -> Settings:
    """Settings that no environment and no `.env` of the machine can reach."""
    return Settings(_env_file=None, company=company, data_dir=folder, **more)


@asynccontextmanager
async def open_test_desk(folder: Path, ears: Ears, company: str = "planet_management") -> AsyncIterator[OpenDesk]:
    """A desk with the sample register on a fresh SQLite file in `folder`, its mail in a mailbox folder there."""
    clock = Clock()
    settings = settings_for(folder, company)
    async with open_desk(settings, lambda _: None, ears=ears, clock=clock) as desk:
        async with desk.memory.begin() as work:
            await work.register.replace_all(company, read_register(SAMPLE, company))
        yield OpenDesk(desk, clock, Mailbox(settings.mail_dir))
