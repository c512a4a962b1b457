"""A bell: lets a test on any event loop wait until something holds, without sleeping polls.

The servers of the tests live in threads of their own. Whoever changes their state rings; whoever waits
looks again after every ring. A waiter is listed before it looks, so no ring is lost between the two.
"""

import asyncio
import contextlib
import threading
import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


class NeverHappened(AssertionError):
    """What a test waited for did not come in time; the text says what was there instead."""


class Bell:
    """Wakes all who wait, on whatever loop they do it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiters: set[tuple[asyncio.AbstractEventLoop, asyncio.Event]] = set()

    def ring(self) -> None:
        """Let everyone look again; may be called from any thread."""
        with self._lock:
            waiters, self._waiters = self._waiters, set()
        for loop, woken in waiters:
            with contextlib.suppress(RuntimeError):  # that loop is closed: nobody waits there any more
                loop.call_soon_threadsafe(woken.set)

    async def wait(self, condition: Callable[[], T], timeout: float) -> T:  # noqa: ASYNC109 - a test's own patience
        """Return the condition's value once it is truthy, or its last value when the time is up."""
        ends_at = time.monotonic() + timeout
        while True:
            waiter = (asyncio.get_running_loop(), asyncio.Event())
            with self._lock:
                self._waiters.add(waiter)
            try:
                value = condition()
                left = ends_at - time.monotonic()
                if value or left <= 0:
                    return value
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(left):  # wait_for of Python 3.11 can swallow a cancellation
                        await waiter[1].wait()
            finally:
                with self._lock:
                    self._waiters.discard(waiter)

    async def until(self, condition: Callable[[], T], timeout: float, otherwise: Callable[[], str]) -> T:  # noqa: ASYNC109
        """Like `wait`, but time running out fails the test with the sentence that `otherwise` gives."""
        value = await self.wait(condition, timeout)
        if not value:
            raise NeverHappened(otherwise())
        return value
