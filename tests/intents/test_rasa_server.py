"""A Rasa server in the ears' place, played by a real HTTP server on loopback: right, slow, broken, gone."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiohttp import web
from hypothesis import given
from hypothesis import strategies as st

from intents.classifier import Model
from intents.embedded import EmbeddedEars
from intents.features import LONGEST
from intents.parse import Language, Parse, Verdict
from intents.rasa_server import NoAnswerError, RasaEars, RasaLimits, parse_of


def answer(*shares: tuple[str, float]) -> dict[str, Any]:
    """As Rasa 3.6 answers."""
    ranking = [{"name": name, "confidence": share} for name, share in shares]
    return {"text": "…", "intent": ranking[0], "entities": [], "intent_ranking": ranking}


RIGHT = answer(("ask_security", 0.9), ("ask_fees", 0.05), ("greet", 0.05))
"""What the embedded ears would not say of any text here."""


class Rasa:
    """`POST /model/parse`, answering as it is told to; counts and keeps what it was asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.status = 200
        self.body = json.dumps(RIGHT).encode()
        self.parts = 1
        self.wait = asyncio.Event()
        self.wait.set()

    async def parse(self, request: web.Request) -> web.StreamResponse:
        self.asked.append((await request.json())["text"])
        await self.wait.wait()
        response = web.StreamResponse(status=self.status, headers={"Content-Type": "application/json"})
        await response.prepare(request)
        step = max(1, -(-len(self.body) // self.parts))
        for start in range(0, len(self.body), step):
            await response.write(self.body[start : start + step])
            await asyncio.sleep(0)
        await response.write_eof()
        return response


class Clock:
    """A clock that stands still until it is moved."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


@asynccontextmanager
async def serving(rasa: Rasa) -> AsyncIterator[tuple[str, web.AppRunner]]:
    app = web.Application()
    app.router.add_post("/model/parse", rasa.parse)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}", runner
    finally:
        rasa.wait.set()
        await runner.cleanup()


@pytest.fixture
def rasa() -> Rasa:
    return Rasa()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def ears(rasa: Rasa, clock: Clock, small_model: Model) -> AsyncIterator[RasaEars]:
    async with serving(rasa) as (url, _), RasaEars(url + "/", EmbeddedEars(small_model), clock=clock) as opened:
        yield opened


def is_embedded(parse: Parse) -> bool:
    """Whether the embedded ears heard "thank you", which the server takes for a question about security."""
    return parse.intent == "thank"


async def test_the_servers_answer_is_heard(ears: RasaEars, rasa: Rasa) -> None:
    parse = await ears.parse("thank you", Language.JA)
    assert (parse.intent, parse.confidence, parse.verdict) == ("ask_security", 0.9, Verdict.SURE)
    assert (parse.text, parse.language) == ("thank you", Language.EN)
    assert [one.intent for one in parse.ranking] == ["ask_security", "ask_fees", "greet"]
    assert rasa.asked == ["thank you"]


async def test_an_answer_that_comes_in_parts_is_put_together(ears: RasaEars, rasa: Rasa) -> None:
    rasa.parts = 40
    assert (await ears.parse("thank you")).intent == "ask_security"


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (500, b"{}"),
        (404, json.dumps(RIGHT).encode()),
        (200, b"<html><body>Bad gateway</body></html>"),
        (200, json.dumps(RIGHT).encode()[:60]),
        (200, b""),
        (200, b"\xff\xfe"),
        (200, b"[" * 100_000),
        (200, b" " * 1_100_000 + json.dumps(RIGHT).encode()),
        (200, b"null"),
        (200, b"{}"),
        (200, b'{"intent": {"name": "greet", "confidence": 2.0}, "intent_ranking": []}'),
        (200, b'{"intent": {"name": "greet", "confidence": NaN}, "intent_ranking": []}'),
        (200, b'{"intent": {"name": "greet", "confidence": 1' + b"0" * 400 + b'}, "intent_ranking": []}'),
        (200, b'{"intent": {"name": "greet", "confidence": 1}, "intent_ranking": 7}'),
    ],
)
async def test_nonsense_costs_the_server_its_turn_and_no_message(
    ears: RasaEars, rasa: Rasa, clock: Clock, status: int, body: bytes
) -> None:
    rasa.status, rasa.body = status, body
    assert is_embedded(await ears.parse("thank you"))
    rasa.status, rasa.body = 200, json.dumps(RIGHT).encode()
    clock.now = 9.9
    assert is_embedded(await ears.parse("thank you")), "for a while the server is not asked"
    assert len(rasa.asked) == 1
    clock.now = 10.1
    assert (await ears.parse("thank you")).intent == "ask_security", "then it is"


async def test_a_slow_server_costs_the_time_out(rasa: Rasa, small_model: Model) -> None:
    rasa.wait.clear()
    limits = RasaLimits(timeout=0.05)
    async with serving(rasa) as (url, _), RasaEars(url, EmbeddedEars(small_model), limits) as ears:
        assert is_embedded(await ears.parse("thank you"))
        assert is_embedded(await ears.parse("thank you"))
    assert len(rasa.asked) == 1


async def test_a_server_that_goes_and_comes_back(rasa: Rasa, clock: Clock, small_model: Model) -> None:
    async with serving(rasa) as (url, runner), RasaEars(url, EmbeddedEars(small_model), clock=clock) as ears:
        assert (await ears.parse("thank you")).intent == "ask_security"
        await runner.cleanup()
        assert is_embedded(await ears.parse("thank you"))
        clock.now = 60.0
        assert is_embedded(await ears.parse("thank you"))


@pytest.mark.parametrize("url", ["http://127.0.0.1:1", "not a url", "http://", "ftp://127.0.0.1"])
async def test_a_server_that_never_was(url: str, small_model: Model) -> None:
    async with RasaEars(url, EmbeddedEars(small_model)) as ears:
        assert is_embedded(await ears.parse("thank you"))


async def test_what_holds_no_words_is_not_sent(ears: RasaEars, rasa: Rasa) -> None:
    parse = await ears.parse(" \x00\u200b")
    assert (parse.intent, parse.verdict) == (None, Verdict.UNKNOWN)
    assert rasa.asked == []


async def test_no_more_than_is_read_is_sent_and_lone_surrogates_pass(ears: RasaEars, rasa: Rasa) -> None:
    await ears.parse("\ud83dthank you" + "x" * 200_000)
    assert [len(text) for text in rasa.asked] == [LONGEST]


async def test_many_at_once_are_each_answered(ears: RasaEars, rasa: Rasa) -> None:
    heard = await asyncio.gather(*(ears.parse(f"thank you {n}") for n in range(50)))
    assert [parse.text for parse in heard] == [f"thank you {n}" for n in range(50)]
    assert len(rasa.asked) == 50


async def test_the_log_of_a_failure_holds_no_words(
    ears: RasaEars, rasa: Rasa, caplog: pytest.LogCaptureFixture
) -> None:
    rasa.status = 500
    await ears.parse("thank you, secret Hanako")
    assert [record.message for record in caplog.records if record.name == "madoguchi.ears"] == ["rasa_server_failed"]
    assert "Hanako" not in str([record.__dict__ for record in caplog.records if record.name == "madoguchi.ears"])


@pytest.mark.parametrize(
    ("told", "intent", "verdict"),
    [
        (answer(("greet", 0.9), ("thank", 0.1)), "greet", Verdict.SURE),
        (answer(("greet", 0.5), ("thank", 0.1)), "greet", Verdict.UNSURE),
        (answer(("greet", 0.65), ("thank", 0.6)), "greet", Verdict.UNSURE),
        (answer(("greet", 0.2), ("thank", 0.1)), "greet", Verdict.UNKNOWN),
        (answer(("out_of_scope", 0.9), ("thank", 0.1)), "out_of_scope", Verdict.UNKNOWN),
        (answer(("nlu_fallback", 0.7), ("thank", 0.4)), "thank", Verdict.UNKNOWN),
        (answer(("nlu_fallback", 0.7)), None, Verdict.UNKNOWN),
        ({"intent": {"name": None, "confidence": 0.0}, "intent_ranking": []}, None, Verdict.UNKNOWN),
        ({"intent": {"name": ["odd"], "confidence": 0.9}, "intent_ranking": []}, "['odd']", Verdict.SURE),
    ],
)
def test_rasas_words_become_a_verdict(told: Any, intent: str | None, verdict: Verdict) -> None:
    parse = parse_of("hello", told, RasaLimits())
    assert (parse.intent, parse.verdict) == (intent, verdict)


json_values = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=5) | st.integers(),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["intent", "name", "confidence", "intent_ranking"]), inner, max_size=4)
    ),
    max_leaves=12,
)


@given(json_values)
def test_whatever_json_comes_is_a_parse_or_no_answer(told: Any) -> None:
    try:
        parse = parse_of("hello", told, RasaLimits())
    except NoAnswerError:
        return
    assert 0.0 <= parse.confidence <= 1.0
