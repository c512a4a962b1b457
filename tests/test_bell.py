"""The bell: no ring is lost, and time runs out with a sentence."""

import asyncio
import threading

import pytest

from tests.bell import Bell, NeverHappened


async def test_a_ring_from_another_thread_is_heard() -> None:
    bell, facts = Bell(), list[str]()

    def happen() -> None:
        facts.append("it")
        bell.ring()

    thread = threading.Thread(target=happen)
    thread.start()
    assert await bell.until(lambda: facts, 10, lambda: "nothing") == ["it"]
    thread.join()


async def test_time_runs_out() -> None:
    assert await Bell().wait(lambda: 0, 0.001) == 0
    with pytest.raises(NeverHappened, match="nothing came"):
        await Bell().until(lambda: False, 0.001, lambda: "nothing came")


async def test_a_waiter_can_be_cancelled_while_it_rings() -> None:
    bell = Bell()
    waiting = asyncio.ensure_future(bell.wait(lambda: False, 60))
    await asyncio.sleep(0)
    bell.ring()
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting


def test_a_ring_after_the_loop_is_gone_does_no_harm() -> None:
    bell = Bell()

    async def leave() -> None:
        asyncio.ensure_future(bell.wait(lambda: False, 60))  # noqa: RUF006 - cancelled with its loop
        await asyncio.sleep(0)

    asyncio.run(leave())
    bell.ring()
