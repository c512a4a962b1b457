"""Fetching updates: what confirms them, who may fetch, and what comes again."""

import asyncio
from typing import Any

import pytest

from tests.botapi import BotApi, NeverHappened
from tests.botapi.conftest import Ask


async def ids(ask: Ask, **params: Any) -> list[int]:
    envelope = await ask("getUpdates", **params)
    assert envelope["ok"], envelope
    return [update["update_id"] for update in envelope["result"]]


async def polling(api: BotApi, ask: Ask, n: int = 1, **params: Any) -> "asyncio.Task[dict[str, Any]]":
    """A long poll that the server has begun to wait with."""
    task = asyncio.ensure_future(ask("getUpdates", **{"timeout": 30, **params}))
    await api.until(lambda: api.cloud.poll >= n)
    return task


async def test_an_offset_confirms_what_lies_below(api: BotApi, ask: Ask) -> None:
    alice = api.person()
    first, second, third = (alice.says(text).update_id or 0 for text in "abc")
    assert await ids(ask) == [first, second, third]
    assert await ids(ask, limit=2) == [first, second]
    assert await ids(ask, offset=second) == [second, third]
    assert api.unconfirmed == [second, third]
    assert await ids(ask, offset=third + 1) == []
    await api.all_acknowledged()
    await alice.hears_nothing_more()


async def test_a_negative_offset_keeps_the_last(api: BotApi, ask: Ask) -> None:
    alice = api.person()
    numbers = [alice.says(text).update_id for text in "abc"]
    assert await ids(ask, offset=-1) == numbers[-1:]
    assert api.unconfirmed == numbers[-1:]


async def test_numbers_are_never_below_one_another(api: BotApi, ask: Ask) -> None:
    alice = api.person()
    last = alice.says("before the quiet week").update_id or 0
    assert await ids(ask, offset=last + 1) == []
    api.number_next_update(5)
    low = alice.says("after it").update_id
    assert low == 5
    assert await ids(ask, offset=last + 1) == [5], "an offset far ahead is taken for a mistake"
    assert await ids(ask, offset=6) == []
    assert alice.says("next").update_id == 6


async def test_a_chosen_number_comes_through(api: BotApi, ask: Ask) -> None:
    waiting = api.deliver({"message": {"strange": True}})
    assert api.deliver({"update_id": 17, "poll": {}}) == 17
    assert api.deliver({"never_heard_of": None}, update_id=waiting + 500) == waiting + 500
    assert await ids(ask, offset=waiting + 1) == [17, waiting + 500], "17 was never given out, so it is not confirmed"
    assert await ids(ask, offset=waiting + 501) == []


async def test_a_slightly_lower_number_is_not_lost(api: BotApi, ask: Ask) -> None:
    last = [api.deliver({"poll": {}}) for _ in range(5)][-1]
    assert await ids(ask, offset=last + 1) == []
    assert api.deliver({"poll": {"late": 1}}, update_id=last - 2) == last - 2
    assert await ids(ask, offset=last + 1) == [last - 2]
    assert await ids(ask, offset=last + 1) == []


async def test_a_confirmed_update_can_come_again(api: BotApi, ask: Ask) -> None:
    said = api.person().says("twice")
    number = said.update_id or 0
    assert await ids(ask) == [number]
    assert await ids(ask, offset=number + 1) == []
    api.redeliver(number)
    assert await ids(ask, offset=number + 1) == [number]
    assert await ids(ask, offset=number + 1) == []
    with pytest.raises(LookupError):
        api.redeliver(4)


async def test_only_the_kinds_asked_for_are_queued(api: BotApi, ask: Ask) -> None:
    alice = api.person()
    assert await ids(ask, allowed_updates=["callback_query", "nonsense"]) == []
    assert alice.says("unheard").update_id is None
    assert alice.presses_data("x").update_id is not None
    assert len(await ids(ask, allowed_updates=[])) == 1
    assert alice.says("heard").update_id is not None


async def test_a_long_poll_ends_with_the_next_update(api: BotApi, ask: Ask) -> None:
    poll = await polling(api, ask)
    said = api.person().says("now")
    assert [update["update_id"] for update in (await poll)["result"]] == [said.update_id]


async def test_a_second_poller_ends_the_first(api: BotApi, ask: Ask) -> None:
    first = await polling(api, ask)
    second = await polling(api, ask, 2)
    envelope = await first
    assert (envelope["error_code"], envelope["description"]) == (
        409,
        "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running",
    )
    api.person().says("to the second")
    assert len((await second)["result"]) == 1


async def test_a_webhook_and_polls_exclude_each_other(api: BotApi, ask: Ask) -> None:
    poll = await polling(api, ask)
    assert (await ask("setWebhook", url="http://127.0.0.1:9/hook"))["ok"]
    assert (await poll)["description"] == "Conflict: terminated by setWebhook request"
    envelope = await ask("getUpdates")
    assert envelope["error_code"] == 409
    assert envelope["description"].startswith("Conflict: can't use getUpdates method while webhook is active")
    assert (await ask("deleteWebhook"))["ok"]
    assert (await ask("getUpdates"))["ok"]


async def test_a_day_is_all_an_update_waits(api: BotApi, ask: Ask) -> None:
    api.person().says("lost")
    api.time_passes(86400)
    assert await ids(ask) == []


async def test_an_outage_ends_the_poll_and_forgets_nothing(api: BotApi, ask: Ask) -> None:
    poll = await polling(api, ask)
    await api.goes_down()
    await asyncio.gather(poll, return_exceptions=True)
    said = api.person().says("meanwhile")
    await api.comes_back()
    assert await ids(ask) == [said.update_id]


async def test_waiting_in_vain_says_what_there_was(api: BotApi, ask: Ask) -> None:
    alice = api.person()
    alice.says("hello?")
    with pytest.raises(NeverHappened, match="hello"):
        await alice.hears(timeout=0.01)
    with pytest.raises(NeverHappened, match="not confirmed"):
        await alice.hears_nothing_more(timeout=0.01)
    await ask("sendMessage", chat_id=alice.id, text="surprise")
    await ids(ask, offset=api.unconfirmed[-1] + 1)
    with pytest.raises(AssertionError, match="surprise"):
        await alice.hears_nothing_more()
