"""Order: one job at a time for each key, keys side by side, nothing kept for silent ones."""

import asyncio
from functools import partial

from bot.telegram.lanes import Lanes


async def test_jobs_of_one_key_run_in_order_and_of_others_beside_them() -> None:
    lanes, done = Lanes(), []
    gate = asyncio.Event()

    async def job(name: str, *, waits: bool = False) -> None:
        if waits:
            await gate.wait()
        done.append(name)

    lanes.submit("a", partial(job, "a1", waits=True))
    last = lanes.submit("a", partial(job, "a2"))
    await lanes.submit("b", partial(job, "b1"))
    assert done == ["b1"]
    gate.set()
    await last
    assert done == ["b1", "a1", "a2"]
    await lanes.drain(1)
    assert len(lanes) == 0


async def test_a_job_that_fails_does_not_stop_its_lane() -> None:
    lanes, done = Lanes(), []

    async def fails() -> None:
        raise RuntimeError

    async def works() -> None:
        done.append(1)

    lanes.submit("a", fails)
    await lanes.submit("a", works)
    assert done == [1]


async def test_a_drain_ends_what_does_not_end() -> None:
    lanes = Lanes()
    ended = [lanes.submit("a", asyncio.Event().wait), lanes.submit("a", asyncio.Event().wait)]  # type: ignore[arg-type]
    await lanes.drain(0.01)
    assert all(future.cancelled() for future in ended)
    assert len(lanes) == 0
