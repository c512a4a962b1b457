"""Somebody else's mailbox as a target, and the desk as a relay: few letters, to stored addresses, in constant words."""

import re

import pytest

from handlers.desk.budgets import SENDS
from handlers.desk.codes import DIGITS
from handlers.desk.lifecycle import Notice
from storage.challenges import SqlChallenges
from tests.attacks.sizes import TIMES
from tests.bot.mail.office import HANAKO, Office

TYPED = (
    HANAKO,
    "hanak\u043e@example.jp",
    "victim@example.org",
    "a@example.org,b@example.org",
    "\uff48anako@example.jp",
)
"""The stored address, two that look like it, somebody's, and two in one."""


async def bombs(office: Office, requests: int) -> list[str]:
    """So many requests from a hundred chats within a minute; returns the recipients of what would be sent."""
    for number in range(requests):
        await office.asks_code(f"chat {number % 100}", TYPED[number % len(TYPED)] if number % 2 else HANAKO)
    sent = []
    while letters := await office.writes(Notice.CODE):
        sent += [each.to for each in letters]
        async with office.memory.engine.begin() as connection:
            await connection.exec_driver_sql("DELETE FROM outbox WHERE attempts > 0")
    return sent


async def test_many_requests_are_three_letters_to_the_stored_address(office: Office) -> None:
    sent = await bombs(office, 150 * TIMES)
    assert set(sent) == {HANAKO}
    assert len(sent) <= SENDS[0].most


async def test_control_a_desk_without_the_budget_is_caught(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    async def has_send(*_: object) -> bool:
        return True

    monkeypatch.setattr(SqlChallenges, "has_send", has_send)
    assert len(await bombs(office, 20)) > SENDS[0].most


async def test_a_code_letter_has_no_byte_of_who_asked_for_it(office: Office) -> None:
    bodies = set()
    for name in ("plain", "chat https://evil.example", "\r\nBcc: victim@example.org"):
        await office.asks_code(name)
        office.clock.goes_on(hours=2)
        bodies |= {re.sub(rf"\d{{{DIGITS}}}", "", each.body) for each in await office.writes(Notice.CODE)}
    assert len(bodies) <= 1
