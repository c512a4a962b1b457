"""How long this door waits for what, and how it waits. Knows no Telegram."""

import asyncio
import random
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Pace:
    """All waits of the door, in seconds; tests hurry them."""

    long_poll: int = 25
    request: int = 20
    """A request that takes longer counts as lost."""
    patience: float = 15.0
    """How long replies are tried before the update is acknowledged with the replies still owed."""
    drain: float = 25.0
    """How long what is in hand may take when the desk stops."""
    recheck: tuple[float, float] = (0.1, 1.0)
    """First and longest wait between two fetches while an earlier update is unfinished."""
    retry: tuple[float, float] = (0.5, 30.0)
    """First and longest wait after a failure that may pass by itself."""
    slow_retry: tuple[float, float] = (5.0, 60.0)
    """The same after one that a person has to mend (401, 409)."""
    sweep: float = 5.0
    """Between two tries of what is owed."""
    idle_sweep: float = 60.0
    """Between two looks for what is owed where nothing is known to be."""
    menu_retry: float = 300.0


class Backoff:
    """Waits that double from `first` to `most`, each with a random part, so that many do not come back at once."""

    def __init__(self, span: tuple[float, float]) -> None:
        self._first, self._most = span
        self._next = self._first

    def next(self) -> float:
        """The next wait."""
        wait, self._next = self._next, min(self._next * 2, self._most)
        return wait * random.uniform(0.75, 1.0)  # noqa: S311 - spreads load, guards nothing

    def reset(self) -> None:
        """It went well: begin anew."""
        self._next = self._first


async def pause(stopping: asyncio.Event, seconds: float) -> bool:
    """Wait; True at once when the desk stops."""
    return await happens(stopping, seconds)


async def happens(event: asyncio.Event, seconds: float) -> bool:
    """Wait for an event, for so long; whether it came.

    Not by `asyncio.wait_for`: in Python 3.11 it can swallow a cancelling, and what was cancelled lives on.
    """
    try:
        async with asyncio.timeout(seconds):
            await event.wait()
    except TimeoutError:
        return False
    return True
