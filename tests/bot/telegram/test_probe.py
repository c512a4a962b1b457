"""Asking Telegram who the bot is: what an operator reads when it does not answer."""

import pytest

from bot.telegram.probe import telegram_fault
from tests.botapi import BotApi

SECRET = "AAF1anotherTokenThatNobodyKnows_0001"


async def test_a_bot_that_its_server_knows(api: BotApi) -> None:
    assert await telegram_fault(api.token, api.base_url) is None
    assert await telegram_fault(api.token, f"{api.base_url}/") is None
    assert {request.method for request in api.requests} == {"getMe"}


async def test_a_token_that_was_replaced(api: BotApi) -> None:
    fault = await telegram_fault(f"{api.token.split(':', maxsplit=1)[0]}:{SECRET}", api.base_url)
    assert fault is not None
    assert fault.startswith("Telegram does not know MADOGUCHI_TELEGRAM_TOKEN")
    assert "@BotFather" in fault
    assert SECRET not in fault


@pytest.mark.parametrize("token", ["", "hello", "123456", ":AAF1", "123456:", "12 34:AAF1", "abc:AAF1", f"1 :{SECRET}"])
async def test_what_is_no_token_at_all(api: BotApi, token: str) -> None:
    fault = await telegram_fault(token, api.base_url)
    assert fault is not None
    assert fault.startswith("MADOGUCHI_TELEGRAM_TOKEN is not a bot's token.")
    assert SECRET not in fault
    assert api.requests == []


@pytest.mark.parametrize(
    "base", ["http://127.0.0.1:1", "http://", "nonsense", "http://[", "ftp://127.0.0.1", "{token}"]
)
async def test_a_server_that_is_not_there(base: str) -> None:
    fault = await telegram_fault(f"123456:{SECRET}", base)
    assert fault is not None
    assert fault.startswith(
        "The server that MADOGUCHI_TELEGRAM_API_BASE names does not answer as a Bot API server does"
    )
    assert SECRET not in fault


@pytest.mark.parametrize("kind", [{"html": True}, {"half_json": True}, {"error": 500}, {"cut": "before"}])
async def test_a_server_that_is_not_well(api: BotApi, kind: dict[str, object]) -> None:
    api.fail("getMe", times=None, **kind)  # type: ignore[arg-type]
    fault = await telegram_fault(api.token, api.base_url)
    assert fault is not None
    assert "does not answer as a Bot API server does" in fault
    assert api.token not in fault


async def test_a_server_that_asks_for_patience(api: BotApi) -> None:
    api.fail("getMe", error=429, retry_after=7)
    assert await telegram_fault(api.token, api.base_url) == (
        "Telegram is busy and says nothing about the bot yet. Check again in 7 seconds."
    )
