"""Canaries: what a customer wrote, and who they are, stands nowhere in the raw database, its WAL, or the log."""

import json
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.journal import Journal
from handlers.dialogue.messages import Document, Event
from tests.factories import OpenDesk
from tests.handlers.dialogue.talks import PNG, chooses, code_of, files_of, goes_on_to, state_of, with_a_case

TYPED = [
    "Canarina Vogelsang", "カナリア花子", "7-7-7 Canary-dori Chiyoda", "canary.unknown@example.net", "+81 90-7777-1234",
    "because the canary sang at 3", "canary-passport", "my canary question",
]  # fmt: skip
REGISTERED = ["Hanako Sample", "hanako@example.com", "+81300000001", "1985-04-12", "1-1 Example-cho"]


class Lines(logging.Handler):
    """Everything that is logged, as the journal would write it, and as it came."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.written: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.written.append(Journal("json").format(record))


@pytest.fixture
def lines() -> Iterator[Lines]:
    """The log at its most talkative. The libraries' own loggers stay as they are in production."""
    heard, ours = Lines(), logging.getLogger("madoguchi")
    root, level = logging.getLogger(), ours.level
    root.addHandler(heard)
    ours.setLevel(logging.DEBUG)
    yield heard
    ours.setLevel(level)
    root.removeHandler(heard)


async def talk(desk: OpenDesk) -> list[str]:
    """A customer corrects, proves, files, adds, sends a passport, asks, changes a message; returns the codes typed."""
    customer, codes = await with_a_case(desk, "canary-chat-id"), list[str]()
    name, other_name, address, unknown, phone, why, passport, question = TYPED
    desk.clock.goes_on(minutes=1)
    await chooses(customer, "request_correction")
    for words in ("1", f"{name} / {other_name}", f"{address}, {phone}", f"{address} 2, {phone}", why, unknown):
        await customer.says(words)
    codes.append("87654321")
    await customer.says(codes[-1])
    await customer.presses(customer.choices[1])  # another address
    await customer.says("hanako@example.com")
    codes.append(await code_of(customer))
    await customer.says(codes[-1])
    await customer.sends(document=Document(f"{passport}.png", PNG + passport.encode()))
    await goes_on_to(customer, None)
    assert len(await desk.cases()) == 2
    await customer.says(question)
    await customer.sends(event=Event.EDITED)
    await desk.desk.conversation.park("test", "poison", "undecodable", json.dumps({"text": question}))
    await desk.desk.relay.run_once()
    assert (await state_of(customer)).active_loop is None
    return codes


def found_in(paths: list[Path], canaries: list[str]) -> list[tuple[str, str]]:
    """Each canary with the file that holds it, in any of the ways in which a program would write it."""
    found = []
    for path in paths:
        content = path.read_bytes()
        for canary in canaries:
            forms = {
                canary.encode(),
                canary.encode("utf-16-le"),
                canary.encode("utf-16-be"),
                json.dumps(canary)[1:-1].encode(),
            }
            if any(form in content for form in forms):
                found.append((canary, path.name))
    return found


async def test_no_canary_lies_in_the_database(desk: OpenDesk) -> None:
    codes = await talk(desk)
    assert {path.suffix for path in files_of(desk)} >= {".db", ".db-wal"}
    assert found_in(files_of(desk), [*TYPED, *REGISTERED, *codes]) == []
    await desk.desk.memory.engine.dispose()
    assert found_in(files_of(desk), [*TYPED, *REGISTERED, *codes]) == []


async def test_the_search_would_find_a_canary(desk: OpenDesk) -> None:
    await talk(desk)
    assert ("canary-chat-id", "madoguchi.db-wal") in found_in(files_of(desk), ["canary-chat-id"])


async def test_no_canary_reaches_the_log(desk: OpenDesk, lines: Lines) -> None:
    codes = await talk(desk)
    written = "\n".join(lines.written)
    assert "mail.sent" in written
    for canary in [*TYPED, *REGISTERED, *codes]:
        assert canary not in written


async def test_outbox_and_audit_hold_ids_and_names_of_steps_and_nothing_else(desk: OpenDesk) -> None:
    codes = await talk(desk)
    async with desk.desk.memory.engine.connect() as connection:
        rows = [
            str(tuple(row))
            for table in ("outbox", "audit", "challenges")
            for row in await connection.exec_driver_sql(f"SELECT * FROM {table}")  # noqa: S608 - our own names
        ]
    assert len(rows) > 10
    for canary in [*TYPED, *REGISTERED, *codes, "canary"]:
        assert not [row for row in rows if canary in row], canary


async def test_what_was_typed_is_there_for_who_has_the_key(desk: OpenDesk) -> None:
    await talk(desk)
    _, correction = await desk.cases()
    told = " ".join(detail.shown for detail in correction.details)
    assert all(canary in told for canary in TYPED[:3])
