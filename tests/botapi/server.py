"""The stand-in for Telegram's Bot API server, as a test holds it in its hand."""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Self, TypeVar, Unpack

from tests.botapi.chats import Chat
from tests.botapi.cloud import Cloud
from tests.botapi.faults import Callback, Fault, Faults, Hook, Watch
from tests.botapi.http import Front
from tests.botapi.options import FaultOptions
from tests.botapi.people import Group, Person
from tests.botapi.records import Request
from tests.botapi.refusals import JsonObject
from tests.loop_thread import LoopThread

TOKEN = "7312456098:AAF1standInTokenForTestsOnly_000000"
WEBHOOK_DELAYS = (0.0, 0.02, 0.05, 0.1)
T = TypeVar("T")
W = TypeVar("W", bound=Watch)


class BotApi:
    """A Bot API server on 127.0.0.1 for one bot: `async with BotApi() as api`, or `with` where there is no loop."""

    def __init__(
        self, token: str = TOKEN, *, webhook_delays: Sequence[float] = WEBHOOK_DELAYS, webhook_timeout: float = 10.0,
        patience: float = 10.0,
    ) -> None:  # fmt: skip
        self.token = token
        self.patience = patience
        self.cloud = Cloud(int(token.split(":", maxsplit=1)[0]))
        self.faults = Faults()
        self._front = Front(self.cloud, token, self.faults, webhook_delays, webhook_timeout)
        self._thread = LoopThread("bot-api")
        self._port = 0
        self._people = 0

    # Life

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    def start(self) -> None:
        self._thread.start()
        self._port = self._thread.run(self._front.open(self._port))

    def stop(self) -> None:
        """Stop; raises what went wrong in the stand-in itself, so that no test passes on a broken tool."""
        with suppress(RuntimeError):
            self._thread.run(self._front.shut())
        self._thread.stop()
        if self._front.mistakes:
            raise ExceptionGroup("mistakes of the Bot API stand-in", self._front.mistakes)

    async def goes_down(self) -> None:
        """The network is cut: no connection stays, none can be made."""
        await asyncio.to_thread(self._thread.run, self._front.shut())

    async def comes_back(self) -> None:
        """The network is back, on the same port; nothing was forgotten."""
        await asyncio.to_thread(self._thread.run, self._front.open(self._port))

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    async def __aenter__(self) -> Self:
        await asyncio.to_thread(self.start)
        return self

    async def __aexit__(self, *_: object) -> None:
        await asyncio.to_thread(self.stop)

    # People

    def person(
        self, id: int | None = None, *, first_name: str = "Hanako", last_name: str = "", username: str = "",  # noqa: A002
        language_code: str = "en", started: bool = False,
    ) -> Person:  # fmt: skip
        """Somebody with a private chat; `started` if they have talked to the bot before this test began."""
        self._people += 1
        user: JsonObject = {"id": id or 910_000_000 + self._people, "is_bot": False, "first_name": first_name}
        named = {"last_name": last_name, "username": username, "language_code": language_code}
        user |= {name: value for name, value in named.items() if value}
        names: JsonObject = {name: user[name] for name in ("first_name", "last_name", "username") if name in user}
        with self.cloud.lock:
            chat = self.cloud.chats.setdefault(user["id"], Chat(user["id"], "private", names))
            chat.started = chat.started or started
        return Person(self.cloud, user, chat, self.patience)

    def group(self, id: int = -1_001_900_000_001, title: str = "A group", type: str = "supergroup") -> Group:  # noqa: A002
        """A group or channel that the bot is in; people join it with `person.joins(group)`."""
        with self.cloud.lock:
            chat = self.cloud.chats.setdefault(id, Chat(id, type, {"title": title}, started=True))
        return Group(self.cloud, chat, self.patience)

    # Updates

    def deliver(self, update: JsonObject, update_id: int | None = None) -> int:
        """Queue any raw update, even one that cannot be decoded, under the next or a chosen id; return the id."""
        body = {name: value for name, value in update.items() if name != "update_id"}
        with self.cloud.changing():
            added = self.cloud.queue.add(body, update.get("update_id", update_id), raw=True)
        assert added is not None
        return added.update_id

    def redeliver(self, update_id: int) -> None:
        """Queue an update once more, though the bot confirmed it."""
        with self.cloud.changing():
            self.cloud.queue.redeliver(update_id)

    def number_next_update(self, update_id: int) -> None:
        """After a quiet week Telegram goes on with a random number, often a lower one."""
        with self.cloud.lock:
            self.cloud.queue.next_id = update_id

    def time_passes(self, seconds: float) -> None:
        """Telegram's clock goes on: presses die after 150 seconds, updates that wait after a day."""
        with self.cloud.changing():
            self.cloud.clock_lead += seconds
            if seconds >= 24 * 60 * 60:
                self.cloud.queue.clear()

    @property
    def unconfirmed(self) -> list[int]:
        """The ids of the updates that the bot has not acknowledged."""
        with self.cloud.lock:
            return [update.update_id for update in self.cloud.queue.pending]

    # Faults

    def fail(
        self, method: str = "*", *, times: int | None = 1, chat: Person | Group | int | None = None,
        **kind: Unpack[FaultOptions],
    ) -> Fault:  # fmt: skip
        """Let requests go wrong; see FaultOptions for the kinds. `times=None` until `fault.lift()`."""
        fault = Fault(self.cloud.bell, method, _chat_id(chat), times, **kind)
        return self._watch(fault, self.faults.faults)

    def on(
        self, method: str, callback: Callback, *, after: bool = False, times: int | None = 1,
        chat: Person | Group | int | None = None,
    ) -> Hook:  # fmt: skip
        """Call back with the Call when a request has been read and nothing is done yet.

        A callback that kills the bot and waits for its end (or raises CutOff) makes the request count for nothing.
        With `after`, the request has had its effect, and its answer never arrives.
        """
        loop: asyncio.AbstractEventLoop | None = None
        with suppress(RuntimeError):
            loop = asyncio.get_running_loop()
        hook = Hook(self.cloud.bell, method, _chat_id(chat), times, callback=callback, after=after, loop=loop)
        return self._watch(hook, self.faults.hooks)

    def _watch(self, watch: W, among: list[W]) -> W:
        with self.cloud.lock:
            among.append(watch)
        return watch

    # Looking and waiting

    @property
    def requests(self) -> list[Request]:
        """Every request of the bot, in order, with its answer's code."""
        with self.cloud.lock:
            return list(self._front.requests)

    def calls(self, method: str, chat: Person | Group | int | None = None) -> list[Request]:
        chat_id = _chat_id(chat)
        return [
            request
            for request in self.requests
            if request.method == method and (chat_id is None or request.chat_id == chat_id)
        ]

    async def until(self, condition: Callable[[], T], what: str = "it", timeout: float | None = None) -> T:  # noqa: ASYNC109
        """Wait until a condition on this server holds; it is looked at after every change."""
        patience = self.patience if timeout is None else timeout
        return await self.cloud.bell.until(condition, patience, lambda: f"{what} did not happen in {patience} s")

    async def bot_is_up(self, timeout: float | None = None) -> None:  # noqa: ASYNC109
        """Wait until the bot fetches updates or has set its webhook."""
        await self.until(
            lambda: any(request.method in {"getUpdates", "setWebhook"} for request in self.requests),
            "the first getUpdates or setWebhook", timeout,
        )  # fmt: skip

    async def all_acknowledged(self, timeout: float | None = None) -> None:  # noqa: ASYNC109
        """Wait until the bot has confirmed every update."""
        await self.until(lambda: not self.unconfirmed, "the confirmation of all updates", timeout)


def _chat_id(chat: Person | Group | int | None) -> int | None:
    return chat.chat.id if isinstance(chat, Person | Group) else chat
