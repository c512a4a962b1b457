"""The gateway: fetches updates, hands each to its chat's lane, and acknowledges those that are finished.

aiogram's own polling is not used: it acknowledges before it has handled, and one update that it cannot decode stops it
for a day. Here updates come raw, and an offset is sent only for what is finished (ledger.py says which that is).
"""

import asyncio
import hashlib
import json
import logging
from functools import partial
from typing import Any

from aiogram import Bot

from bot.telegram.envelope import Envelope, read_envelope
from bot.telegram.lanes import Lanes
from bot.telegram.ledger import Ledger
from bot.telegram.pace import Backoff, Pace, happens
from bot.telegram.replies import Post
from bot.telegram.turns import Turns
from bot.telegram.wire import ALLOWED_UPDATES, Busy, Conflict, RawUpdates, TokenRefused, Trouble, ask

log = logging.getLogger("madoguchi.telegram")

MOST_NAMELESS = 1000
FAREWELL_SECONDS = 5

_ADVICE = {
    "webhook": "A webhook is set for this bot, so no updates come here. Remove it (deleteWebhook) or serve by it.",
    "poller": "Another process fetches this bot's updates. If it is not yours, the token has leaked: revoke it.",
    "token": "Telegram refuses the token. Put the one that @BotFather shows into MADOGUCHI_TELEGRAM_TOKEN.",
}


class Gateway:
    """Stands between Telegram's queue and the lanes."""

    def __init__(self, bot: Bot, turns: Turns, lanes: Lanes, post: Post, pace: Pace) -> None:
        self._bot = bot
        self._turns = turns
        self._lanes = lanes
        self._post = post
        self._pace = pace
        self._ledger = Ledger()
        self._all_finished = asyncio.Event()
        self._progress = 0
        self._nameless: set[str] = set()

    async def run(self) -> None:
        """Fetch until cancelled. Cancelling loses nothing: what was not taken in hand comes again."""
        retry, slow_retry = Backoff(self._pace.retry), Backoff(self._pace.slow_retry)
        recheck = Backoff(self._pace.recheck)
        while True:
            try:
                fresh, known = await self._fetch()
            except Exception as error:  # noqa: BLE001 - fetching goes on whatever happens
                await asyncio.sleep(_wait_after(error, retry, slow_retry))
                continue
            retry.reset()
            slow_retry.reset()
            if fresh:
                recheck.reset()
            if self._ledger.is_busy:
                await self._await_progress(recheck)
            elif known and self._ledger.offset() is None:
                await asyncio.sleep(recheck.next())  # only what cannot be confirmed lies there: do not ask in circles

    async def acknowledge(self) -> None:
        """Confirm what is finished, as the last thing before the end. What fails here comes again and is known then."""
        offset = self._ledger.offset()
        if offset is None:
            return
        try:
            await ask(self._bot, RawUpdates(offset=offset, limit=1, timeout=0), FAREWELL_SECONDS)
        except Trouble as trouble:
            log.warning("telegram.not_acknowledged", extra={"ids": {"error": trouble.kind}})

    async def _fetch(self) -> tuple[int, int]:
        """Confirm and fetch once. Returns how many updates were new, and how many were in hand already."""
        offset = self._ledger.offset()
        patience = 0 if self._ledger.is_busy else self._pace.long_poll
        request = RawUpdates(offset=offset, limit=100, timeout=patience, allowed_updates=list(ALLOWED_UPDATES))
        updates = await ask(self._bot, request, patience + self._pace.request)
        self._ledger.confirmed(offset)
        fresh = sum(self._take(raw) for raw in updates)
        return fresh, len(updates) - fresh

    def _take(self, raw: Any) -> bool:
        """Put one update into its lane, unless it is there already."""
        envelope = read_envelope(raw)
        if envelope.update_id is None:
            return self._take_nameless(envelope, raw)
        if not self._ledger.take(envelope.update_id):
            return False
        if envelope.press is not None:
            self._post.stop_spinner(envelope.press)
        self._all_finished.clear()
        self._lanes.submit(envelope.lane, partial(self._work, envelope, envelope.update_id, raw))
        return True

    def _take_nameless(self, envelope: Envelope, raw: Any) -> bool:
        """An update without a number cannot be confirmed by itself: it is set aside once, and known from then on."""
        mark = hashlib.sha256(json.dumps(raw, sort_keys=True).encode()).hexdigest()[:16]
        if mark in self._nameless:
            return False
        if len(self._nameless) >= MOST_NAMELESS:
            self._nameless.clear()
        self._nameless.add(mark)
        self._lanes.submit(envelope.lane, partial(self._set_aside, envelope, mark, raw))
        return True

    async def _set_aside(self, envelope: Envelope, mark: str, raw: Any) -> None:
        if not await self._turns.set_nameless_aside(envelope, f"nameless.{mark}", raw):
            self._nameless.discard(mark)

    async def _work(self, envelope: Envelope, update_id: int, raw: Any) -> None:
        if not await self._turns.work(envelope, str(update_id), raw):
            return
        self._ledger.finish(update_id)
        self._progress += 1
        if not self._ledger.is_busy:
            self._all_finished.set()

    async def _await_progress(self, recheck: Backoff) -> None:
        """Until all in hand is finished, or for a short while: it grows as long as nothing at all happens."""
        before = self._progress
        if not await happens(self._all_finished, recheck.next()) and self._progress > before:
            recheck.reset()


def _wait_after(error: Exception, retry: Backoff, slow_retry: Backoff) -> float:
    """How long to wait after a failed fetch; what a person has to mend raises an alarm."""
    kind = error.kind if isinstance(error, Trouble) else type(error).__name__
    match error:
        case Busy():
            wait = max(error.retry_after, retry.next())
        case TokenRefused():
            wait = slow_retry.next()
            log.error("telegram.token_refused", extra={"ids": {"error": kind, "advice": _ADVICE["token"]}})
            return wait
        case Conflict():
            wait = slow_retry.next()
            advice = _ADVICE["webhook" if error.by_webhook else "poller"]
            log.error("telegram.updates_go_elsewhere", extra={"ids": {"error": kind, "advice": advice}})
            return wait
        case _:
            wait = retry.next()
    log.warning("telegram.fetch_failed", extra={"ids": {"error": kind, "wait": round(wait, 1)}})
    return wait
