"""What comes over the wire: a request's method, parameters and files, however they were encoded.

Telegram takes parameters from the query, from urlencoded forms, from JSON and from multipart forms; everything is
text in the end, and objects are JSON text. This file reads them and judges nothing but their encoding.
"""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from email.message import Message as Headers
from urllib.parse import parse_qsl

from aiohttp import BodyPartReader, MultipartReader, StreamReader, web

from tests.botapi.refusals import Refusal, bad_request

MOST_BYTES = 50 * 1024 * 1024
TOO_LARGE = Refusal(413, "Request Entity Too Large")


@dataclass(frozen=True)
class Upload:
    """A file as the bot uploaded it."""

    name: str
    mime: str
    data: bytes = field(repr=False)


@dataclass
class Call:
    """One request of the bot, as read."""

    method: str
    params: dict[str, str] = field(default_factory=dict)
    files: dict[str, Upload] = field(default_factory=dict)
    caller_gone: Callable[[], bool] = field(default=lambda: False, repr=False)

    def get(self, name: str) -> str:
        return self.params.get(name, "")

    @property
    def chat_id(self) -> int | None:
        return int(self.get("chat_id")) if re.fullmatch(r"-?\d+", self.get("chat_id")) else None

    def value(self, name: str) -> object:
        """A parameter with its JSON decoded, for assertions; None where it is absent."""
        text = self.params.get(name)
        if text is None or not re.match(r"[\[{]|-?\d+$|true$|false$|null$", text):
            return text
        try:
            return json.loads(text)
        except ValueError:
            return text


async def read_call(request: web.Request, method: str) -> Call:
    """Read a whole request; raises Refusal for what is no valid encoding at all."""
    call = Call(method)
    _add_pairs(call, request.rel_url.raw_query_string.encode())
    await read_body(call, request.headers, request.content)
    for text in (*call.params, *call.params.values()):
        if re.search("[\ud800-\udfff]", text):
            raise bad_request("strings must be encoded in UTF-8")
    return call


async def read_body(call: Call, headers: Mapping[str, str], content: StreamReader) -> None:
    """Add a body's parameters and files to a call; used for requests and for answers of webhooks."""
    kind = _media_type(headers)
    if kind == "multipart/form-data":
        await _read_multipart(call, headers, content)
    elif kind == "application/json":
        _add_json(call, await _all_of(content))
    elif kind == "application/x-www-form-urlencoded":
        _add_pairs(call, await _all_of(content))
    else:
        await _all_of(content)


def _media_type(headers: Mapping[str, str]) -> str:
    parsed = Headers()
    parsed["Content-Type"] = headers.get("Content-Type", "application/octet-stream")
    return parsed.get_content_type()


async def _all_of(content: StreamReader) -> bytes:
    data = bytearray()
    async for chunk in content.iter_any():
        data += chunk
        if len(data) > MOST_BYTES:
            raise TOO_LARGE
    return bytes(data)


def _add_pairs(call: Call, encoded: bytes) -> None:
    text = encoded.decode("utf-8", "surrogateescape")
    for name, value in parse_qsl(text, keep_blank_values=True, errors="surrogateescape", max_num_fields=1000):
        call.params.setdefault(name, value)


def _add_json(call: Call, body: bytes) -> None:
    if not body.strip():
        return
    try:
        document = json.loads(body.decode("utf-8", "surrogateescape"))
    except ValueError:
        raise bad_request("can't parse request JSON object") from None
    if not isinstance(document, dict):
        raise bad_request("can't parse request: JSON object expected")
    for name, value in document.items():
        call.params.setdefault(name, value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))


async def _read_multipart(call: Call, headers: Mapping[str, str], content: StreamReader) -> None:
    try:
        async for part in MultipartReader(headers, content):
            if not isinstance(part, BodyPartReader):
                continue
            data = bytes(await part.read(decode=True))
            if len(data) > MOST_BYTES:
                raise TOO_LARGE
            name = part.name or ""
            if part.filename is None:
                call.params.setdefault(name, data.decode("utf-8", "surrogateescape"))
            else:
                mime = part.headers.get("Content-Type", "application/octet-stream")
                call.files.setdefault(name, Upload(part.filename, mime, data))
    except (AssertionError, ValueError, EOFError):
        raise bad_request("can't parse multipart form data") from None
