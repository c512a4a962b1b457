"""Bringing updates to the bot's webhook, as Telegram does it.

Each lane of updates (a chat's messages, a person's presses) goes in order, one at a time; lanes go side by side.
Anything but a 2xx keeps the update, and it comes again after a delay that the test chose. A 2xx may carry one
method call, which is performed.
"""

import asyncio
import contextlib
import json
import time
from collections.abc import Awaitable, Callable, Sequence

import aiohttp

from tests.botapi.cloud import Cloud, WebhookState
from tests.botapi.refusals import Refusal
from tests.botapi.updates import Pending
from tests.botapi.wire import Call, read_body

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"
LONGEST_IDLE = 60.0
NOT_BY_ANSWER = ("deletewebhook", "setwebhook", "close", "logout")
Performer = Callable[[Call], Awaitable[object]]


class Deliverer:
    """The task that brings updates to the webhook while one is set."""

    def __init__(self, cloud: Cloud, perform: Performer, delays: Sequence[float], timeout: float) -> None:
        self._cloud = cloud
        self._perform = perform
        self._delays = delays
        self._timeout = aiohttp.ClientTimeout(total=timeout)
        self._tasks: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        """Deliver until cancelled."""
        async with aiohttp.ClientSession(timeout=self._timeout) as session:
            try:
                while True:
                    await self._wait()
                    for update in self._take_due():
                        task = asyncio.create_task(self._deliver(session, update))
                        self._tasks.add(task)
                        task.add_done_callback(self._tasks.discard)
            finally:
                tasks = list(self._tasks)
                for task in tasks:
                    task.cancel()
                await asyncio.gather(*tasks, return_exceptions=True)

    def _due(self) -> list[Pending]:
        if not self._cloud.webhook.url:
            return []
        free = self._cloud.webhook.max_connections - sum(update.on_its_way for update in self._cloud.queue.pending)
        now = time.monotonic()
        due = [lane for lane in self._cloud.queue.lanes() if not lane.on_its_way and lane.due_at <= now]
        return due[: max(free, 0)]

    def _is_due(self) -> bool:
        with self._cloud.lock:
            return bool(self._due())

    def _take_due(self) -> list[Pending]:
        with self._cloud.lock:
            due = self._due()
            for update in due:
                update.on_its_way = True
                update.given_out += 1
            return due

    async def _wait(self) -> None:
        """Wait until something is due, or until another moment than the one now known may be the next."""
        known = self._next_moment()
        patience = max(known - time.monotonic(), 0.0)
        await self._cloud.bell.wait(lambda: self._is_due() or self._next_moment() < known, patience)

    def _next_moment(self) -> float:
        now = time.monotonic()
        with self._cloud.lock:
            put_off = [lane.due_at for lane in self._cloud.queue.lanes() if lane.due_at > now]
        return min([now + LONGEST_IDLE, *put_off])

    async def _deliver(self, session: aiohttp.ClientSession, update: Pending) -> None:
        webhook = self._cloud.webhook
        failure: str | None = "Webhook delivery was interrupted"
        try:
            failure = await self._post(session, webhook, update)
        except TimeoutError:
            failure = "Read timeout expired"
        except (aiohttp.ClientError, OSError) as error:
            failure = f"Connection failed: {type(error).__name__}"
        finally:
            with self._cloud.changing():
                update.on_its_way = False
                if failure is None:
                    self._cloud.queue.confirm(update)
                else:
                    self._put_off(webhook, update, failure)

    async def _post(self, session: aiohttp.ClientSession, webhook: WebhookState, update: Pending) -> str | None:
        headers = {"Content-Type": "application/json"}
        if webhook.secret_token:
            headers[SECRET_HEADER] = webhook.secret_token
        body = json.dumps(update.as_json()).encode()
        async with session.post(webhook.url, data=body, headers=headers, allow_redirects=False) as response:
            if not 200 <= response.status <= 299:
                return f"Wrong response from the webhook: {response.status} {response.reason}"
            call = Call("")
            with contextlib.suppress(Refusal):
                await read_body(call, response.headers, response.content)
        await self._perform_answer(call)
        return None

    async def _perform_answer(self, call: Call) -> None:
        call.method = call.params.pop("method", "")
        small = call.method.lower()
        if small and small not in NOT_BY_ANSWER and not small.startswith("get"):
            await self._perform(call)

    def _put_off(self, webhook: WebhookState, update: Pending, failure: str) -> None:
        webhook.last_error_date = self._cloud.now()
        webhook.last_error_message = failure
        delay = self._delays[min(update.fails, len(self._delays) - 1)]
        update.fails += 1
        update.due_at = time.monotonic() + delay
