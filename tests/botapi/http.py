"""The HTTP side of the stand-in: routes, envelopes, and the moments where a test may interfere."""

import asyncio
import json
import os
import socket
from collections.abc import Sequence
from http import HTTPStatus

from aiohttp import web

from tests.botapi.cloud import Cloud
from tests.botapi.faults import GATEWAY_PAGE, CutOff, Fault, Faults
from tests.botapi.methods import perform, proper_name
from tests.botapi.records import Request
from tests.botapi.refusals import JsonObject, Refusal, refusal_of
from tests.botapi.webhook import Deliverer
from tests.botapi.wire import Call, read_call

SHUTDOWN_PATIENCE = 0.2


class Front:
    """Answers the bot's requests; lives in the server's own loop."""

    def __init__(
        self, cloud: Cloud, token: str, faults: Faults, webhook_delays: Sequence[float], webhook_timeout: float
    ) -> None:
        self.requests: list[Request] = []
        self.mistakes: list[Exception] = []
        self._cloud = cloud
        self._token = token
        self._faults = faults
        self._deliverer = Deliverer(cloud, self._by_webhook_answer, webhook_delays, webhook_timeout)
        self._runner: web.AppRunner | None = None
        self._delivering: asyncio.Task[None] | None = None

    async def open(self, port: int) -> int:
        """Listen; return the port."""
        app = web.Application(client_max_size=0)
        app.router.add_route("*", "/file/bot{token}/{path:.*}", self._file)
        app.router.add_route("*", "/bot{token}/{method}", self._method)
        app.router.add_route("*", "/{anything:.*}", self._nothing)
        self._cloud.closing = False
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=SHUTDOWN_PATIENCE)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", port).start()
        self._delivering = asyncio.create_task(self._deliverer.run())
        return int(self._runner.addresses[0][1])

    async def shut(self) -> None:
        """Stop listening, and cut every connection."""
        with self._cloud.changing():
            self._cloud.closing = True
        if self._delivering is not None:
            self._delivering.cancel()
            await asyncio.gather(self._delivering, return_exceptions=True)
        if self._runner is not None:
            await self._runner.cleanup()

    async def _nothing(self, request: web.Request) -> web.StreamResponse:
        return _refused(Refusal(404, "Not Found"))

    async def _file(self, request: web.Request) -> web.StreamResponse:
        with self._cloud.lock:
            stored = self._cloud.files.at(request.match_info["path"])
        call = Call("getFileContent", {"file_path": request.match_info["path"]})
        fault = self._faults.strike(call)
        if fault is not None and fault.delay:
            await asyncio.sleep(fault.delay)
        if fault is not None and fault.answers:
            return _broken(request, fault, {"ok": True})
        if request.match_info["token"] != self._token:
            return _refused(Refusal(401, "Unauthorized"))
        if stored is None:
            return _refused(Refusal(404, "Not Found"))
        return web.Response(body=stored.data, content_type="application/octet-stream")

    async def _method(self, request: web.Request) -> web.StreamResponse:
        method = proper_name(request.match_info["method"])
        if refusal := self._wrong_token(request.match_info["token"]):
            return _refused(refusal)
        if self._faults.unread(method) is not None:
            return _cut(request)
        try:
            call = await read_call(request, method)
        except Refusal as refusal:
            self._record(Request(Call(method), refusal.code, refusal.description))
            return _refused(refusal)
        call.caller_gone = lambda: _is_gone(request)
        return await self._answered(request, call)

    def _wrong_token(self, token: str) -> Refusal | None:
        if token == self._token:
            return None
        if ":" not in token or not token.split(":", maxsplit=1)[0].isdecimal() or token.startswith("0"):
            return Refusal(401, "Unauthorized: invalid token specified")
        return Refusal(401, "Unauthorized")

    async def _answered(self, request: web.Request, call: Call) -> web.StreamResponse:
        try:
            return await self._lived(request, call)
        except CutOff:
            return _cut(request)
        except Exception as mistake:  # noqa: BLE001 - whatever it is, stop() raises it
            self.mistakes.append(mistake)
            return _refused(Refusal(500, f"Internal Server Error: {mistake!r} in the stand-in itself"))

    async def _lived(self, request: web.Request, call: Call) -> web.StreamResponse:
        """One request's whole life: hook, record, fault, method, hook, answer."""
        if await self._hooked(call, after=False) and call.caller_gone():
            return _cut(request)
        record = self._record(Request(call))
        fault = self._faults.strike(call) or Fault(self._cloud.bell)
        if fault.delay:
            await asyncio.sleep(fault.delay)
        if fault.answers and not fault.comes_after:
            return self._noted(record, _broken(request, fault, {}))
        body = await self._performed(record)
        if await self._hooked(call, after=True):
            return self._noted(record, _cut(request))
        if fault.answers:
            return self._noted(record, _broken(request, fault, body))
        return self._noted(record, _json(body, record.code or 200))

    async def _by_webhook_answer(self, call: Call) -> None:
        call.method = proper_name(call.method)
        await self._performed(self._record(Request(call)))

    async def _performed(self, record: Request) -> JsonObject:
        try:
            result = await perform(self._cloud, record.call)
        except Refusal as refusal:
            record.code, record.description = refusal.code, refusal.description
            return refusal.envelope
        record.code, record.done = 200, True
        return {"ok": True, "result": result}

    async def _hooked(self, call: Call, *, after: bool) -> bool:
        hook = self._faults.hook(call, after=after)
        if hook is None:
            return False
        await hook(call)
        return True

    def _record(self, record: Request) -> Request:
        with self._cloud.changing():
            self.requests.append(record)
        return record

    def _noted(self, record: Request, response: web.Response) -> web.Response:
        with self._cloud.changing():
            record.code = 0 if response.headers.get("X-Cut") else response.status
        return response


def _json(body: JsonObject, status: int) -> web.Response:
    return web.Response(text=json.dumps(body), status=status, content_type="application/json")


def _refused(refusal: Refusal) -> web.Response:
    response = _json(refusal.envelope, refusal.code)
    if refusal.retry_after is not None:
        response.headers["Retry-After"] = str(refusal.retry_after)
    return response


def _broken(request: web.Request, fault: Fault, body: JsonObject) -> web.Response:
    """The answer that a fault gives in place of the right one."""
    if fault.cut is not None:
        return _cut(request)
    code = fault.error or (200 if fault.half_json else HTTPStatus.BAD_GATEWAY)
    if fault.html:
        return web.Response(text=fault.description or GATEWAY_PAGE, status=code, content_type="text/html")
    if fault.half_json:
        text = json.dumps(body or {"ok": True, "result": {}})
        return web.Response(text=text[: len(text) // 2], status=code, content_type="application/json")
    return _refused(refusal_of(code, fault.description, fault.retry_after))


def _cut(request: web.Request) -> web.Response:
    """Cut the connection; what is returned goes nowhere."""
    if request.transport is not None:
        request.transport.abort()
    return web.Response(headers={"X-Cut": "yes"})


def _is_gone(request: web.Request) -> bool:
    """Whether the other end has closed the connection: so it has when its process was killed."""
    transport = request.transport
    if transport is None or transport.is_closing():
        return True
    try:
        with socket.socket(fileno=os.dup(transport.get_extra_info("socket").fileno())) as peer:
            return peer.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT) == b""
    except BlockingIOError:
        return False
    except OSError:
        return True
