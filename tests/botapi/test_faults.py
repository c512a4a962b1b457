"""Everything that may go wrong between the bot and Telegram, on demand."""

import asyncio
import json
from contextlib import AbstractAsyncContextManager

import aiohttp
import pytest

from tests.botapi import BotApi, Call, CutOff, Person
from tests.botapi.conftest import Ask


def send(
    api: BotApi, http: aiohttp.ClientSession, to: Person, text: str = "hello"
) -> AbstractAsyncContextManager[aiohttp.ClientResponse]:
    return http.post(f"{api.base_url}/bot{api.token}/sendMessage", data={"chat_id": to.id, "text": text})


async def test_errors_strike_the_times_they_should(api: BotApi, ask: Ask) -> None:
    alice = api.person(started=True)
    fault = api.fail("sendMessage", times=2, error=500)
    answers = [await ask("sendMessage", chat_id=alice.id, text=str(n)) for n in range(3)]
    assert [answer.get("description") for answer in answers] == ["Internal Server Error"] * 2 + [None]
    assert (fault.hits, alice.chat.texts) == (2, ["2"])
    assert [(request.code, request.done) for request in api.requests] == [(500, False), (500, False), (200, True)]


async def test_faults_choose_methods_and_chats(api: BotApi, ask: Ask) -> None:
    alice, bob = api.person(started=True), api.person(started=True)
    fault = api.fail("sendMessage", times=None, chat=alice, error=403)
    assert (await ask("sendMessage", chat_id=bob.id, text="x"))["ok"]
    assert (await ask("getChat", chat_id=alice.id))["ok"]
    assert not (await ask("sendMessage", chat_id=alice.id, text="x"))["ok"]
    fault.lift()
    assert (await ask("sendMessage", chat_id=alice.id, text="x"))["ok"]
    api.fail(error=502)
    assert (await ask("getMe"))["error_code"] == 502


async def test_a_gateway_answers_in_html(api: BotApi, http: aiohttp.ClientSession) -> None:
    alice = api.person(started=True)
    api.fail("sendMessage", html=True)
    async with send(api, http, alice) as response:
        assert (response.status, response.content_type) == (502, "text/html")
        assert "Bad Gateway" in await response.text()
    assert alice.chat.texts == []


async def test_half_an_answer_comes_after_the_deed(api: BotApi, http: aiohttp.ClientSession) -> None:
    alice = api.person(started=True)
    api.fail("sendMessage", half_json=True)
    async with send(api, http, alice) as response:
        assert response.status == 200
        with pytest.raises(json.JSONDecodeError):
            await response.json()
    assert alice.chat.texts == ["hello"]


async def test_an_error_may_come_after_the_deed(api: BotApi, ask: Ask) -> None:
    alice = api.person(started=True)
    api.fail("sendMessage", error=504, after=True)
    assert (await ask("sendMessage", chat_id=alice.id, text="hello"))["error_code"] == 504
    assert alice.chat.texts == ["hello"]


@pytest.mark.parametrize(("cut", "chat", "texts", "seen"), [
    ("before", False, [], 0), ("before", True, [], 1), ("after", False, ["hello"], 1),
])  # fmt: skip
async def test_connections_are_cut(
    api: BotApi, http: aiohttp.ClientSession, cut: str, chat: bool, texts: list[str], seen: int
) -> None:
    alice = api.person(started=True)
    api.fail("sendMessage", cut=cut, chat=alice if chat else None)  # type: ignore[arg-type]
    with pytest.raises(aiohttp.ClientError):
        async with send(api, http, alice):
            pass
    assert alice.chat.texts == texts
    assert [request.code for request in api.requests] == [0] * seen


async def test_a_delay_lets_the_caller_give_up(api: BotApi, http: aiohttp.ClientSession) -> None:
    alice = api.person(started=True)
    fault = api.fail("sendMessage", delay=0.05)
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.02), send(api, http, alice):
            pass
    assert fault.hits == 1
    [heard] = await alice.hears()
    assert heard.text == "hello", "Telegram does what it was asked, though nobody waits for the answer"


async def test_file_downloads_fail_too(api: BotApi, http: aiohttp.ClientSession, ask: Ask) -> None:
    file_id = api.person().sends_document(b"%PDF").content["document"]["file_id"]
    path = (await ask("getFile", file_id=file_id))["result"]["file_path"]
    api.fail("getFileContent", error=500)
    for status in (500, 200):
        async with http.get(f"{api.base_url}/file/bot{api.token}/{path}") as response:
            assert response.status == status


async def test_a_hook_sees_the_request_before_anything_is_done(api: BotApi, ask: Ask) -> None:
    alice = api.person(started=True)
    seen: list[tuple[str, list[str], int]] = []
    here = asyncio.get_running_loop()

    async def look(call: Call) -> None:
        assert asyncio.get_running_loop() is here
        seen.append((call.get("text"), list(alice.chat.texts), len(api.requests)))

    hook = api.on("sendMessage", look, times=2)
    for text in "abc":
        await ask("sendMessage", chat_id=alice.id, text=text)
    await hook.struck(2)
    assert seen == [("a", [], 0), ("b", ["a"], 1)]


async def test_a_hook_may_cut_the_line(api: BotApi, http: aiohttp.ClientSession) -> None:
    alice = api.person(started=True)

    def cut(_: Call) -> None:
        raise CutOff

    api.on("sendMessage", cut)
    with pytest.raises(aiohttp.ClientError):
        async with send(api, http, alice):
            pass
    assert (alice.chat.texts, api.requests) == ([], [])


async def test_after_the_deed_no_answer_arrives(api: BotApi, http: aiohttp.ClientSession) -> None:
    alice = api.person(started=True)
    delivered: list[str] = []
    api.on("sendMessage", lambda _: delivered.extend(alice.chat.texts), after=True)
    with pytest.raises(aiohttp.ClientError):
        async with send(api, http, alice):
            pass
    assert delivered == alice.chat.texts == ["hello"]
    async with send(api, http, alice, "again") as response:
        assert response.status == 200


async def test_mistakes_of_the_stand_in_are_not_hidden(http: aiohttp.ClientSession) -> None:
    def fumble(_: Call) -> None:
        raise ZeroDivisionError

    api = BotApi()
    api.start()
    api.on("getMe", fumble)
    async with http.get(f"{api.base_url}/bot{api.token}/getMe") as response:
        assert response.status == 500
    with pytest.raises(ExceptionGroup):
        await asyncio.to_thread(api.stop)


async def test_the_bot_is_up_when_it_asks(api: BotApi, ask: Ask) -> None:
    asked = asyncio.ensure_future(ask("getUpdates", timeout=30))
    await api.bot_is_up()
    api.person().says("hi")
    assert (await asked)["ok"]
