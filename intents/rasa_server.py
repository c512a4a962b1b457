"""Ears on a Rasa NLU server (`POST /model/parse`), with the embedded ones behind them.

For who has outgrown the embedded classifier. A server that is slow, gone or talks nonsense costs at most the time-out:
the message is heard by the embedded ears, and for a while the server is not asked.
"""

import json
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

import aiohttp

from intents.catalogue import OUT_OF_SCOPE
from intents.features import LONGEST, language_of, normalise
from intents.parse import Ears, Language, Parse, Ranked, Verdict

_LARGEST_ANSWER = 1_000_000
_SHOWN = 10
_FALLBACK_INTENTS = frozenset({OUT_OF_SCOPE, "nlu_fallback"})

log = logging.getLogger("madoguchi.ears")


@dataclass(frozen=True, slots=True)
class RasaLimits:
    """Where a Rasa answer ends being acted on, as in Rasa's FallbackClassifier, and how patient the desk is.

    `known`, `sure` and `margin` are shares of 1; `timeout` and `pause` seconds (how long a failing server is spared).
    """

    known: float = 0.3
    sure: float = 0.6
    margin: float = 0.1
    timeout: float = 1.0
    pause: float = 10.0


class NoAnswerError(Exception):
    """The server gave nothing that can be used. Carries no text of a message."""


class RasaEars:
    """See `Ears`. Use as an async context manager, or `close` it."""

    def __init__(
        self,
        url: str,
        fallback: Ears,
        limits: RasaLimits | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`url` is the server's root, as `http://rasa:5005`."""
        self._url = url.rstrip("/") + "/model/parse"
        self._fallback = fallback
        self._limits = limits or RasaLimits()
        self._clock = clock
        self._spared_until = float("-inf")
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Close the connections."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def parse(self, text: str, language: Language | None = None) -> Parse:
        """Understand `text`; see `Ears.parse`. Never raises."""
        if self._clock() < self._spared_until or not normalise(text):
            return await self._fallback.parse(text, language)
        try:
            answer = await self._ask(text)
            return parse_of(text, answer, self._limits)
        except NoAnswerError as error:
            self._spared_until = self._clock() + self._limits.pause
            log.warning("rasa_server_failed", extra={"reason": str(error)})
            return await self._fallback.parse(text, language)

    async def _ask(self, text: str) -> Any:
        """The server's answer as JSON values. Raises NoAnswerError."""
        if self._session is None:
            self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=self._limits.timeout))
        try:
            async with self._session.post(self._url, json={"text": text[:LONGEST]}) as response:
                if response.status != 200:
                    raise NoAnswerError(f"status {response.status}")
                raw = bytearray()
                async for part in response.content.iter_any():
                    raw += part
                    if len(raw) > _LARGEST_ANSWER:
                        raise NoAnswerError("too large")
            return json.loads(raw)
        except (aiohttp.ClientError, TimeoutError, ValueError, RecursionError) as error:
            raise NoAnswerError(type(error).__name__) from error


def parse_of(text: str, answer: Any, limits: RasaLimits) -> Parse:
    """Rasa's answer as a Parse. Raises NoAnswerError where it is not one."""
    try:
        ranked = [Ranked(str(one["name"]), _share(one["confidence"])) for one in answer["intent_ranking"]]
        told, confidence = answer["intent"]["name"], _share(answer["intent"]["confidence"])
    except (KeyError, TypeError, ArithmeticError, ValueError) as error:
        raise NoAnswerError("not an answer of /model/parse") from error
    named = None if told is None else str(told)
    language = language_of(normalise(text))
    fallen_back = named is None or named in _FALLBACK_INTENTS
    ranking = tuple(one for one in ranked if one.intent != "nlu_fallback")[:_SHOWN]
    intent = named
    if named == "nlu_fallback":
        intent, confidence = (ranking[0].intent, ranking[0].confidence) if ranking else (None, 0.0)
    second = next((one.confidence for one in ranking if one.intent != intent), 0.0)
    if fallen_back or confidence < limits.known:
        verdict = Verdict.UNKNOWN
    elif confidence < limits.sure or confidence - second < limits.margin:
        verdict = Verdict.UNSURE
    else:
        verdict = Verdict.SURE
    return Parse(text, language, intent, confidence, ranking, verdict)


def _share(value: Any) -> float:
    share = float(value)
    if not 0.0 <= share <= 1.0:
        raise ValueError("not a probability")
    return share
