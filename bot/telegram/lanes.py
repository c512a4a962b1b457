"""Order: one thing at a time for each chat, chats side by side. Knows nothing of what is done.

A lane lives only while there is work in it, so chats that are silent cost nothing.
"""

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable

log = logging.getLogger("madoguchi.telegram")

Job = Callable[[], Awaitable[None]]


class Lanes:
    """Runs jobs, in the order they came for each key."""

    def __init__(self) -> None:
        self._lanes: dict[str, deque[tuple[Job, asyncio.Future[None]]]] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    def __len__(self) -> int:
        return len(self._lanes)

    def submit(self, key: str, job: Job) -> asyncio.Future[None]:
        """Run a job after those that came before it under the same key. The future is done when the job has ended."""
        ended: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        if key in self._lanes:
            self._lanes[key].append((job, ended))
        else:
            self._lanes[key] = deque([(job, ended)])
            task = asyncio.create_task(self._run(key))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        return ended

    async def drain(self, seconds: float) -> None:
        """Let everything end, for so long; then end it."""
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=seconds)
        await self.drop()

    async def drop(self) -> None:
        """End everything now."""
        tasks = tuple(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _run(self, key: str) -> None:
        lane = self._lanes[key]
        try:
            while lane:
                job, ended = lane[0]
                await self._run_one(job)
                lane.popleft()
                if not ended.done():
                    ended.set_result(None)
        finally:
            del self._lanes[key]
            for _, ended in lane:
                ended.cancel()

    async def _run_one(self, job: Job) -> None:
        try:
            await job()
        except Exception as error:  # noqa: BLE001 - a lane outlives its jobs; those answer for their own failures
            log.error("telegram.job_failed", extra={"ids": {"error": type(error).__name__}})
