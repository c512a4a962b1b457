"""What a test lets go wrong between the bot and Telegram, and where it looks over the server's shoulder.

A fault strikes a request of a method (and a chat), a number of times or until it is lifted. `after` faults strike
when the request has had its effect: the bot gets an error though the message is delivered.
"""

import asyncio
import inspect
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Literal

from tests.bell import Bell
from tests.botapi.wire import Call

Cut = Literal["before", "after"]
Callback = Callable[[Call], Awaitable[object] | object]
GATEWAY_PAGE = (
    "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body><h1>502 Bad Gateway</h1></body>\r\n</html>"
)


def _ignore(call: Call) -> None:
    """Look at nothing."""


class CutOff(Exception):
    """Raised by a hook: this request is lost, and its connection is cut."""


@dataclass(eq=False)
class Watch:
    """What faults and hooks share: which requests they mean, how often, and how often it was."""

    bell: Bell
    method: str = "*"
    chat: int | None = None
    times: int | None = 1
    hits: int = 0

    def means(self, method: str, chat_id: int | None) -> bool:
        is_left = self.times is None or self.hits < self.times
        return is_left and self.method in {"*", method} and self.chat in {None, chat_id}

    def hit(self) -> None:
        self.hits += 1
        self.bell.ring()

    def lift(self) -> None:
        """No more of it."""
        self.times = self.hits

    async def struck(self, n: int = 1, timeout: float = 10.0) -> None:  # noqa: ASYNC109 - a test's own patience
        """Wait until it has struck n times."""
        await self.bell.until(
            lambda: self.hits >= n, timeout, lambda: f"{self.method}: struck {self.hits} times, not {n}"
        )


@dataclass(eq=False)
class Fault(Watch):
    """Something that goes wrong; with none of its kinds set it only delays."""

    error: int | None = None
    description: str = ""
    retry_after: int | None = None
    html: bool = False
    half_json: bool = False
    cut: Cut | None = None
    delay: float = 0.0
    after: bool = False

    @property
    def comes_after(self) -> bool:
        """Whether the request has its effect nevertheless."""
        return self.after or self.half_json or self.cut == "after"

    @property
    def comes_unread(self) -> bool:
        return self.cut == "before" and self.chat is None

    @property
    def answers(self) -> bool:
        """Whether it takes the place of the answer."""
        return self.error is not None or self.html or self.half_json or self.cut is not None


@dataclass(eq=False)
class Hook(Watch):
    """A callback at a moment of a request: read but not yet done, or (after) done but not yet answered."""

    callback: Callback = _ignore
    after: bool = False
    loop: asyncio.AbstractEventLoop | None = None

    async def __call__(self, call: Call) -> None:
        """Run the callback on the loop it was registered on, so that it may use what lives there."""
        self.hit()
        if self.loop is None or self.loop is asyncio.get_running_loop():
            await self._run(call)
        else:
            await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(self._run(call), self.loop))

    async def _run(self, call: Call) -> None:
        result = self.callback(call)
        if inspect.isawaitable(result):
            await result


class Faults:
    """All faults and hooks of one server, the oldest first."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []
        self.hooks: list[Hook] = []

    def unread(self, method: str) -> Fault | None:
        """The fault that cuts the connection before the request is even read."""
        return self._first([fault for fault in self.faults if fault.comes_unread], method, None)

    def strike(self, call: Call) -> Fault | None:
        return self._first([fault for fault in self.faults if not fault.comes_unread], call.method, call.chat_id)

    def hook(self, call: Call, *, after: bool) -> Hook | None:
        for hook in self.hooks:
            if hook.after is after and hook.means(call.method, call.chat_id):
                return hook
        return None

    def _first(self, faults: list[Fault], method: str, chat_id: int | None) -> Fault | None:
        for fault in faults:
            if fault.means(method, chat_id):
                fault.hit()
                return fault
        return None

    def clear(self) -> None:
        self.faults.clear()
        self.hooks.clear()
