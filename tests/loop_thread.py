"""An event loop in a thread of its own, for the servers that tests talk to.

A server that lives in the test's own loop stops answering whenever the test blocks it; one in a thread does not.
"""

import asyncio
import threading
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")
PATIENCE = 30.0


class LoopThread:
    """Starts and stops the thread, and lets others run coroutines in it."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._thread: threading.Thread | None = None
        self._loop: asyncio.AbstractEventLoop | None = None

    @property
    def loop(self) -> asyncio.AbstractEventLoop:
        if self._loop is None:
            raise RuntimeError(f"{self._name} is not running")
        return self._loop

    @property
    def is_running(self) -> bool:
        return self._loop is not None

    def start(self) -> None:
        ready = threading.Event()
        self._thread = threading.Thread(target=self._live, args=(ready,), name=self._name, daemon=True)
        self._thread.start()
        ready.wait(PATIENCE)

    def run(self, coroutine: Coroutine[Any, Any, T]) -> T:
        """Run a coroutine in the thread and wait for it, blocking."""
        return asyncio.run_coroutine_threadsafe(coroutine, self.loop).result(PATIENCE)

    def stop(self) -> None:
        if self._loop is None or self._thread is None:
            return
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(PATIENCE)
        self._loop = self._thread = None

    def _live(self, ready: threading.Event) -> None:
        with asyncio.Runner() as runner:
            self._loop = loop = runner.get_loop()
            asyncio.set_event_loop(loop)
            loop.call_soon(ready.set)
            loop.run_forever()
            asyncio.set_event_loop(None)
