"""Requests in every encoding, envelopes and statuses, by plain HTTP."""

import json
from io import BytesIO

import aiohttp
import pytest

from tests.botapi import BotApi
from tests.botapi.conftest import Ask


@pytest.mark.parametrize(
    ("path", "status", "description"),
    [
        ("/bot{token}/noSuchMethod", 404, "Not Found: method not found"),
        ("/botX{token}/getMe", 401, "Unauthorized: invalid token specified"),
        ("/bot123:wrong/getMe", 401, "Unauthorized"),
        ("/bot{token}", 404, "Not Found"),
        ("/elsewhere", 404, "Not Found"),
        ("/file/bot123:wrong/documents/file_0.pdf", 401, "Unauthorized"),
        ("/file/bot{token}/documents/file_0.pdf", 404, "Not Found"),
    ],
)
async def test_what_is_wrong_is_told_by_status_and_envelope(
    api: BotApi, http: aiohttp.ClientSession, path: str, status: int, description: str
) -> None:
    async with http.get(api.base_url + path.format(token=api.token)) as response:
        assert response.status == status
        assert await response.json() == {"ok": False, "error_code": status, "description": description}


@pytest.mark.parametrize("encoding", ["query", "form", "json", "multipart"])
async def test_every_encoding_says_the_same(api: BotApi, http: aiohttp.ClientSession, encoding: str) -> None:
    alice = api.person(started=True)
    url = f"{api.base_url}/bot{api.token}/SENDMESSAGE"
    markup = {"inline_keyboard": [[{"text": "はい", "callback_data": "y"}]]}
    flat = {"chat_id": str(alice.id), "text": "a+b & 日本語 🙂", "reply_markup": json.dumps(markup)}
    if encoding == "query":
        response = await http.get(url, params=flat)
    elif encoding == "form":
        response = await http.post(url, data=flat)
    elif encoding == "json":
        response = await http.post(url, json={**flat, "chat_id": alice.id, "reply_markup": markup})
    else:
        form = aiohttp.FormData()
        for name, value in flat.items():
            form.add_field(name, value, content_type="text/plain; charset=utf-8")
        response = await http.post(url, data=form)
    async with response:
        answer = await response.json()
    assert answer["ok"], answer
    [heard] = await alice.hears()
    assert (heard.text, heard.labels) == ("a+b & 日本語 🙂", ["はい"])
    [request] = api.calls("sendMessage", alice)
    assert (request["chat_id"], request["reply_markup"], request.code) == (alice.id, markup, 200)


async def test_a_file_may_be_attached_by_name_or_sent_as_the_field(api: BotApi, http: aiohttp.ClientSession) -> None:
    alice = api.person(started=True)
    for field, reference in (("document", None), ("scan", "attach://scan")):
        form = aiohttp.FormData({"chat_id": str(alice.id)})
        if reference:
            form.add_field("document", reference)
        form.add_field(field, b"%PDF", filename="scan.pdf", content_type="application/pdf")
        async with http.post(f"{api.base_url}/bot{api.token}/sendDocument", data=form) as response:
            document = (await response.json())["result"]["document"]
        assert (document["file_name"], document["mime_type"], document["file_size"]) == (
            "scan.pdf", "application/pdf", 4,
        )  # fmt: skip


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"chat_id=1&text=%ff%fe", "application/x-www-form-urlencoded"),
        (b'{"chat_id": 1, "text": "\\ud83d"}', "application/json"),
    ],
)
async def test_broken_unicode_is_refused(api: BotApi, http: aiohttp.ClientSession, body: bytes, kind: str) -> None:
    url = f"{api.base_url}/bot{api.token}/sendMessage"
    async with http.post(url, data=body, headers={"Content-Type": kind}) as response:
        assert response.status == 400
        assert (await response.json())["description"] == "Bad Request: strings must be encoded in UTF-8"
    assert [request.code for request in api.requests] == [400]


@pytest.mark.parametrize(
    ("method", "params", "description"),
    [
        ("sendMessage", {"text": "x"}, "chat_id is empty"),
        ("sendMessage", {"chat_id": 5, "text": "x"}, "chat not found"),
        ("sendMessage", {"chat_id": "nobody", "text": "x"}, "chat not found"),
        ("sendMessage", {"chat_id": 1}, "message text is empty"),
        ("sendMessage", {"chat_id": 1, "text": "x", "parse_mode": "BBCode"}, "unsupported parse_mode"),
        ("sendMessage", {"chat_id": 1, "text": "x", "reply_parameters": "{"},
         "can't parse reply parameters JSON object"),
        ("sendMessage", {"chat_id": 1, "text": "x", "reply_parameters": {"chat_id": 1}},
         'can\'t find field "message_id"'),
        ("sendDocument", {"chat_id": 1}, "there is no document in the request"),
        ("sendDocument", {"chat_id": 1, "document": "AAA"}, "wrong file identifier/HTTP URL specified"),
        ("sendChatAction", {"chat_id": 1, "action": "dance"}, "wrong parameter action in request"),
        ("deleteMessage", {"chat_id": 1}, "message identifier is not specified"),
        ("deleteMessage", {"message_id": 1}, "chat identifier is not specified"),
        ("editMessageText", {"text": "x"}, "message identifier is not specified"),
        ("answerCallbackQuery", {"callback_query_id": "1"},
         "query is too old and response timeout expired or query ID is invalid"),
        ("getFile", {}, "file_id not specified"),
        ("getFile", {"file_id": "AAA"}, "wrong file_id or the file is temporarily unavailable"),
        ("setMyCommands", {"commands": [{"command": "a"}]}, 'can\'t parse BotCommand: Can\'t find field "description"'),
        ("setMyCommands", {"commands": [], "scope": {"type": "moon"}},
         "can't parse BotCommandScope: Unsupported type specified"),
        ("setMyCommands", {"commands": [], "language_code": "jpn"}, "invalid language code specified"),
        ("setChatMenuButton", {"menu_button": {"type": "x"}},
         "can't parse menu button: MenuButton has unsupported type"),
        ("setWebhook", {"url": "https://x.example", "secret_token": "日本"},
         "secret token contains unallowed characters"),
        ("setWebhook", {"url": "ftp://x.example"}, "invalid webhook URL specified"),
    ],
)  # fmt: skip
async def test_bad_requests_are_refused_in_telegrams_words(
    api: BotApi, ask: Ask, method: str, params: dict[str, object], description: str
) -> None:
    envelope = await ask(method, **params)
    assert envelope == {"ok": False, "error_code": 400, "description": f"Bad Request: {description}"}


async def test_flood_control_has_its_header(api: BotApi, http: aiohttp.ClientSession) -> None:
    api.fail("getMe", error=429, retry_after=3)
    async with http.get(f"{api.base_url}/bot{api.token}/getMe") as response:
        assert (response.status, response.headers["Retry-After"]) == (429, "3")
        assert await response.json() == {
            "ok": False, "error_code": 429, "description": "Too Many Requests: retry after 3",
            "parameters": {"retry_after": 3},
        }  # fmt: skip


async def test_too_large_files_are_refused(api: BotApi, ask: Ask) -> None:
    alice = api.person()
    big = alice.sends_document(b"small", "big.pdf", size=20 * 1024 * 1024 + 1)
    envelope = await ask("getFile", file_id=big.content["document"]["file_id"])
    assert envelope["description"] == "Bad Request: file is too big"


async def test_uploads_over_50_megabytes_are_refused(api: BotApi, http: aiohttp.ClientSession) -> None:
    form = aiohttp.FormData({"chat_id": "1"})
    form.add_field("document", BytesIO(bytes(50 * 1024 * 1024 + 1)), filename="big.pdf")
    async with http.post(f"{api.base_url}/bot{api.token}/sendDocument", data=form) as response:
        assert (response.status, (await response.json())["description"]) == (413, "Request Entity Too Large")


async def test_a_lost_file_cannot_be_fetched(api: BotApi, ask: Ask) -> None:
    file_id = api.person().sends_document(b"%PDF").content["document"]["file_id"]
    api.cloud.files.lose(file_id)
    assert not (await ask("getFile", file_id=file_id))["ok"]


async def test_after_log_out_nothing_works(api: BotApi, ask: Ask) -> None:
    assert (await ask("close"))["result"] is True
    assert (await ask("getMe"))["ok"]
    assert (await ask("logOut"))["result"] is True
    assert (await ask("getMe"))["description"] == "Logged out"


async def test_a_user_s_words_are_no_messages_of_the_bot(api: BotApi, ask: Ask) -> None:
    alice = api.person()
    said = alice.says("mine")
    envelope = await ask("editMessageText", chat_id=alice.id, message_id=said.message_id, text="yours")
    assert envelope["description"] == "Bad Request: message can't be edited"
    assert (await ask("deleteMessage", chat_id=alice.id, message_id=said.message_id))["ok"]


async def test_old_messages_stay(api: BotApi, ask: Ask) -> None:
    alice = api.person(started=True)
    sent = (await ask("sendMessage", chat_id=alice.id, text="old"))["result"]
    api.time_passes(48 * 3600 + 1)
    envelope = await ask("deleteMessage", chat_id=alice.id, message_id=sent["message_id"])
    assert envelope["description"] == "Bad Request: message can't be deleted for everyone"


async def test_several_are_deleted_at_once_and_one_is_copied(api: BotApi, ask: Ask) -> None:
    alice, bob = api.person(started=True), api.person(started=True)
    ids = [(await ask("sendMessage", chat_id=alice.id, text=text))["result"]["message_id"] for text in "abc"]
    copied = await ask("copyMessage", chat_id=bob.id, from_chat_id=alice.id, message_id=ids[2])
    assert set(copied["result"]) == {"message_id"}
    assert (await ask("deleteMessages", chat_id=alice.id, message_ids=ids[:2]))["ok"]
    assert (alice.chat.texts, bob.chat.texts) == (["c"], ["c"])
