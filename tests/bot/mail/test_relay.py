"""The relay: nothing is lost, everything is sent once where that is possible, one letter's trouble stays its own."""

import asyncio
import logging
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.mail.relay import LEASE, wait_before
from bot.mail.smtp import Limits, SmtpTransport, read_smtp_url
from bot.mail.transport import Transport
from handlers.desk.requests import Detail
from storage.database import migrate, open_engine
from storage.unit_of_work import SqlMemory
from storage.vault import Vault
from tests.bell import Bell
from tests.bot.mail.office import HANAKO, SECOND, STAFF, Office, customer
from tests.mailbox import MailServer, Stage

CANARY = "Canary-Words"


def way_to(server: MailServer, *, whole: float = 20.0) -> Transport:
    return SmtpTransport(read_smtp_url(server.url), limits=Limits(5.0, 5.0, whole))


def ids_of(caplog: pytest.LogCaptureFixture) -> list[tuple[str, str, object]]:
    """(level, event, reason) of what the mail room told."""
    return [
        (each.levelname, each.getMessage(), each.__dict__["ids"].get("reason"))
        for each in caplog.records
        if each.name == "madoguchi.mail"
    ]


async def test_every_letter_goes_out_once(office: Office, server: MailServer) -> None:
    chat = await office.chat()
    case_id = await office.asks_code(chat)
    relay = office.relay(way_to(server))
    assert await relay.run_once() == 1
    [code] = server.to(HANAKO)
    assert code.text.splitlines()[0] == await office.code_of(case_id, chat)
    await office.files(await office.chat())
    assert await relay.run_once() == 1
    assert await relay.run_once() == 0
    assert [each.recipients for each in server.letters] == [(HANAKO,), (STAFF,)]
    assert server.letters[0].mail_from == "desk@plus-one.example"
    assert await office.fate() == [("code", "done", 1, None), ("escalation", "done", 1, None)]


async def test_an_unknown_identity_sends_nothing_and_is_done(office: Office, server: MailServer) -> None:
    for address in ("nobody@example.jp", "victim@example.org"):
        await office.asks_code(await office.chat(), address)
    assert await office.relay(way_to(server)).run_once() == 2
    assert server.connections == 0
    assert [state for _, state, _, _ in await office.fate()] == ["done", "done"]


async def test_a_hundred_requests_mail_three_letters(office: Office, server: MailServer) -> None:
    for _ in range(100):
        await office.asks_code(await office.chat())
    assert await office.relay(way_to(server)).run_once() == 100
    assert len(server.letters) == 3
    assert {each.recipients for each in server.letters} == {(HANAKO,)}


async def test_an_outage_loses_nothing_and_doubles_nothing(office: Office, server: MailServer) -> None:
    chat = await office.chat()
    await office.files(chat, case_id=await office.proves(chat))
    server.stop()
    relay = office.relay(way_to(server))
    for _ in range(12):
        await relay.run_once()
        office.clock.goes_on(hours=1)
    assert {state for _, state, _, _ in await office.fate()} == {"owed", "done"}  # the code is past its time
    server.start()
    assert await relay.run_once() == 2
    assert await relay.run_once() == 0
    assert sorted(each.recipients for each in server.letters) == [(HANAKO,), (STAFF,)]
    assert {state for _, state, _, _ in await office.fate()} == {"done"}


async def test_when_one_letter_gets_through_the_others_follow_at_once(office: Office, server: MailServer) -> None:
    for _ in range(3):
        await office.files(await office.chat())
    server.stop()
    relay = office.relay(way_to(server))
    for _ in range(8):  # an outage of hours: each letter waits long by now
        await relay.run_once()
        office.clock.goes_on(hours=1)
    await relay.run_once()
    server.start()
    await office.files(await office.chat())
    assert await relay.run_once() == 1 + 3
    assert len(server.letters) == 4


async def test_a_letter_waits_longer_each_time(office: Office, server: MailServer) -> None:
    await office.files(await office.chat())
    server.greylist(2)
    relay = office.relay(way_to(server))
    assert await relay.run_once() == 1
    office.clock.goes_on(seconds=29)
    assert await relay.run_once() == 0
    office.clock.goes_on(seconds=1)
    assert await relay.run_once() == 1
    office.clock.goes_on(seconds=59)
    assert await relay.run_once() == 0
    office.clock.goes_on(seconds=1)
    assert await relay.run_once() == 1
    assert len(server.letters) == 1
    assert await office.fate() == [("escalation", "done", 3, None)]


def test_waiting_doubles_up_to_an_hour_and_is_spread() -> None:
    for chance in (0.0, 0.5, 1.0):
        waits = [wait_before(attempts, chance) for attempts in range(1, 40)]
        assert waits[0] >= timedelta(seconds=30)
        assert waits[-1] <= timedelta(hours=1)
        assert all(later >= sooner for sooner, later in pairwise(waits))
    assert wait_before(39, 1.0) == timedelta(hours=1)
    assert wait_before(2, 0.0) == timedelta(seconds=60)
    assert wait_before(1, 1.0) == timedelta(seconds=45)


async def test_a_code_is_tried_only_while_it_lives(office: Office, server: MailServer) -> None:
    await office.asks_code(await office.chat())
    fault = server.greylist(None)
    relay = office.relay(way_to(server))
    for _ in range(30):
        await relay.run_once()
        office.clock.goes_on(minutes=1)
    assert 2 <= fault.hits <= 6
    fault.release()
    office.clock.goes_on(hours=1)
    await relay.run_once()
    assert server.letters == []
    assert [state for _, state, _, _ in await office.fate()] == ["done"]


async def test_an_address_that_is_gone_is_a_dead_letter_and_an_alarm(
    office: Office, server: MailServer, caplog: pytest.LogCaptureFixture
) -> None:
    chat = await office.chat()
    await office.files(chat, case_id=await office.proves(chat))
    server.reject(HANAKO)
    assert await office.relay(way_to(server)).run_once() == 3
    assert [each.recipients for each in server.letters] == [(STAFF,)]
    assert ("receipt", "dead", 1, "recipient") in await office.fate()
    assert ("ERROR", "mail.dead", "recipient") in ids_of(caplog)
    office.clock.goes_on(days=1)
    assert await office.relay(way_to(server)).run_once() == 0


async def test_staff_mail_that_is_refused_goes_to_the_next(
    office: Office, server: MailServer, caplog: pytest.LogCaptureFixture
) -> None:
    office.staff.append(SECOND)
    request = await office.files(await office.chat())
    server.reject(STAFF)
    await office.relay(way_to(server)).run_once()
    [letter] = server.letters
    assert letter.recipients == (SECOND,)
    assert letter["To"] == SECOND
    assert letter.message_id == f"<escalation.{request.id}@plus-one.example>"
    assert ("ERROR", "mail.redirected", "recipient") in ids_of(caplog)
    assert await office.fate() == [("escalation", "done", 1, None)]


async def test_cut_off_after_it_was_taken_a_letter_comes_again_as_the_same(office: Office, server: MailServer) -> None:
    await office.files(await office.chat())
    server.drop_before_250()
    relay = office.relay(way_to(server))
    await relay.run_once()
    assert await office.fate() == [("escalation", "owed", 1, "unreachable")]
    office.clock.goes_on(minutes=1)
    await relay.run_once()
    first, second = server.letters
    assert first.message_id == second.message_id
    assert first.raw == second.raw
    assert await office.fate() == [("escalation", "done", 2, None)]


async def test_killed_between_taken_and_marked_a_letter_comes_again_as_the_same(
    office: Office, server: MailServer
) -> None:
    await office.files(await office.chat())
    dying = asyncio.create_task(office.relay(way_to(server)).run_once())
    server.on_letter(lambda _: dying.cancel())
    with pytest.raises(asyncio.CancelledError):
        await dying
    assert await office.fate() == [("escalation", "owed", 1, None)]
    reborn = office.relay(way_to(server))
    office.clock.goes_on(seconds=LEASE.total_seconds() - 1)
    assert await reborn.run_once() == 0
    office.clock.goes_on(seconds=1)
    assert await reborn.run_once() == 1
    first, second = server.letters
    assert first.message_id == second.message_id
    assert first.raw == second.raw


async def test_a_stall_is_bounded_and_holds_up_nobody_else(office: Office, server: MailServer) -> None:
    fault = server.stall(Stage.DATA)
    for _ in range(6):
        await office.files(await office.chat())
    assert await office.relay(way_to(server, whole=0.5)).run_once() == 6
    assert len(server.letters) == 5
    assert sorted(state for _, state, _, _ in await office.fate()) == ["done"] * 5 + ["owed"]
    assert [reason for _, state, _, reason in await office.fate() if state == "owed"] == ["slow"]
    fault.release()


async def test_a_letter_that_cannot_be_written_stops_no_other(
    office: Office, server: MailServer, caplog: pytest.LogCaptureFixture
) -> None:
    broken = await office.files(await office.chat(), Detail("scope", CANARY, CANARY, CANARY))
    await office.files(await office.chat())
    async with office.memory.engine.begin() as connection:
        await connection.execute(text("UPDATE cases SET details = X'00112233' WHERE id = :id"), {"id": broken.id})
    relay = office.relay(way_to(server))
    assert await relay.run_once() == 2
    assert len(server.letters) == 1
    assert [(state, reason) for _, state, _, reason in await office.fate()] == [("owed", "fault"), ("done", None)]
    [told] = [each for each in caplog.records if each.getMessage() == "mail.fault"]
    assert told.__dict__["ids"]["case"] == broken.id
    assert told.__dict__["ids"]["error"] == "SealBroken"
    assert told.exc_info is None


async def test_two_relays_send_each_letter_once(office: Office, server: MailServer) -> None:
    for _ in range(12):
        await office.files(await office.chat())
    relays = [office.relay(way_to(server)) for _ in range(3)]
    assert sum(await asyncio.gather(*(relay.run_once() for relay in relays))) == 12
    assert len({each.message_id for each in server.letters}) == len(server.letters) == 12


async def test_two_addresses_in_one_send_nothing(office: Office, server: MailServer) -> None:
    two = f"{HANAKO}, victim@example.org"
    await office.registers(customer(two))
    await office.asks_code(await office.chat(), two)
    await office.relay(way_to(server)).run_once()
    assert server.letters == []
    assert await office.fate() == [("code", "dead", 1, "address")]


async def test_nobody_named_is_an_alarm_until_somebody_is(
    office: Office, server: MailServer, caplog: pytest.LogCaptureFixture
) -> None:
    await office.files(await office.chat())
    office.staff.clear()
    relay = office.relay(way_to(server))
    await relay.run_once()
    assert ("ERROR", "mail.retry", "no_route") in ids_of(caplog)
    office.staff.append(STAFF)
    office.clock.goes_on(hours=1)
    await relay.run_once()
    assert len(server.letters) == 1


async def test_logs_hold_no_word_and_no_address(
    office: Office, server: MailServer, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    await office.registers(customer(name=CANARY))
    chat = await office.chat()
    await office.exchange(chat, CANARY, CANARY)
    await office.files(chat, Detail("scope", CANARY, CANARY, CANARY), case_id=await office.proves(chat))
    await office.asks_code(await office.chat())
    relay = office.relay(way_to(server))
    server.greylist(1)
    server.reject(HANAKO, times=1, reply=f"550 {HANAKO} {CANARY}")
    for _ in range(3):
        await relay.run_once()
        office.clock.goes_on(minutes=1)
    ours = [each for each in caplog.records if each.name != "mail.log"]  # the test's own server tells all it hears
    told = "\n".join(f"{each.getMessage()} {each.__dict__} {each.exc_text}" for each in ours)
    assert "mail.retry" in told
    for secret in (CANARY, HANAKO, STAFF, "hanako"):
        assert secret not in told


async def test_it_runs_until_it_is_told_to_stop(office: Office, server: MailServer) -> None:
    stopping = asyncio.Event()
    relay = office.relay(way_to(server), look_every=3600.0)
    running = asyncio.create_task(relay.run(stopping))
    for _ in range(2):
        request = await office.files(await office.chat())
        relay.wake.set()
        letter = await server.arrives(to=STAFF)
        assert request.ref in letter.subject
    await office.files(await office.chat())
    fault = server.stall(Stage.DATA)
    relay.wake.set()
    await fault.struck()
    stopping.set()
    fault.release()
    await running
    assert len(server.letters) == 3  # the letter in hand was finished
    assert {state for _, state, _, _ in await office.fate()} == {"done"}


async def test_a_stalled_letter_does_not_keep_new_ones_waiting(office: Office, server: MailServer) -> None:
    stopping = asyncio.Event()
    relay = office.relay(way_to(server), look_every=3600.0)
    fault = server.stall(Stage.DATA)
    await office.files(await office.chat())
    running = asyncio.create_task(relay.run(stopping))
    await fault.struck()
    request = await office.files(await office.chat())
    relay.wake.set()
    assert request.ref in (await server.arrives(to=STAFF)).subject
    fault.release()
    stopping.set()
    await running


async def test_cancelled_it_lets_go_at_once(office: Office, server: MailServer) -> None:
    fault = server.stall(Stage.DATA)
    await office.files(await office.chat())
    running = asyncio.create_task(office.relay(way_to(server)).run(asyncio.Event()))
    await fault.struck()
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert await office.fate() == [("escalation", "owed", 1, None)]
    fault.release()


async def test_it_outlives_a_memory_that_is_away(
    office: Office, server: MailServer, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    engine = open_engine(f"sqlite+aiosqlite:///{tmp_path / 'late.db'}")
    office.memory = SqlMemory(engine, Vault({"k1": b"k" * 32}))
    relay = office.relay(way_to(server), look_every=0.01)
    stopping = asyncio.Event()
    bell = Bell()

    def ring(_record: logging.LogRecord) -> bool:
        bell.ring()
        return True

    caplog.handler.addFilter(ring)
    running = asyncio.create_task(relay.run(stopping))
    told = ("ERROR", "mail.memory", None)
    await bell.until(lambda: told in ids_of(caplog), 10, lambda: caplog.text)
    caplog.handler.removeFilter(ring)
    await migrate(engine)
    await office.registers()
    await office.files(await office.chat())
    await server.arrives(to=STAFF)
    stopping.set()
    await running
    await engine.dispose()
