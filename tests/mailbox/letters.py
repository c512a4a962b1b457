"""What the mail server of the tests keeps and suffers: letters, and the faults that meet them."""

import asyncio
import inspect
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from email.message import EmailMessage
from enum import StrEnum

from tests.bell import Bell

SOON = 10.0


class Stage(StrEnum):
    """Where in a conversation a fault strikes."""

    GREETING = "greeting"
    SENDER = "MAIL"
    RECIPIENT = "RCPT"
    DATA = "DATA"  # the letter is complete, its receipt not yet confirmed
    ACCEPTED = "accepted"  # the letter is kept; its 250 has not gone out
    CONFIRMED = "confirmed"  # the 250 has gone out


@dataclass(frozen=True)
class Letter:
    """A letter as it arrived: parsed, with its envelope."""

    message: EmailMessage
    mail_from: str
    recipients: tuple[str, ...]
    raw: bytes = field(repr=False)
    arrived_at: float = field(default_factory=time.time)

    def __getitem__(self, header: str) -> str:
        return str(self.message.get(header, ""))

    @property
    def subject(self) -> str:
        return self["Subject"]

    @property
    def message_id(self) -> str:
        return self["Message-ID"]

    @property
    def text(self) -> str:
        """The plain text part, with `\\n` for line ends."""
        part = self.message.get_body(("plain",))
        return str(part.get_content()).replace("\r\n", "\n") if part is not None else ""

    def __str__(self) -> str:
        return f"{self.mail_from} -> {', '.join(self.recipients)}: {self.subject}"


@dataclass(eq=False)
class MailFault:
    """What happens at a stage instead of what should; `release` ends a stall and lifts any fault."""

    stage: Stage
    bell: Bell
    times: int | None = 1
    address: str | None = None
    reply: str = ""
    drops: bool = False
    stalls: bool = False
    callback: Callable[[Letter], Awaitable[object] | object] | None = None
    loop: asyncio.AbstractEventLoop | None = None
    hits: int = 0
    released: bool = False

    def means(self, stage: Stage, addresses: list[str]) -> bool:
        is_left = self.times is None or self.hits < self.times
        at_this = self.address is None or self.address.lower() in [address.lower() for address in addresses]
        return is_left and self.stage is stage and at_this

    def release(self) -> None:
        self.released = True
        self.times = self.hits
        self.bell.ring()

    async def struck(self, n: int = 1, timeout: float = SOON) -> None:  # noqa: ASYNC109 - a test's own patience
        await self.bell.until(lambda: self.hits >= n, timeout, lambda: f"{self.stage}: struck {self.hits}, not {n}")

    async def call_back(self, letter: Letter) -> None:
        """Run the callback where it was registered."""
        if self.loop is None or self.loop is asyncio.get_running_loop():
            await self._run(letter)
        else:
            await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(self._run(letter), self.loop))

    async def _run(self, letter: Letter) -> None:
        result = self.callback(letter) if self.callback else None
        if inspect.isawaitable(result):
            await result


async def held(fault: MailFault) -> None:
    """Say nothing until the test lets go; the other end gives up before, as a rule."""
    if fault.stalls:
        await fault.bell.wait(lambda: fault.released, 3600)
