"""The log: event names and ids. What an exception says, and what a library says, never comes out."""

import io
import json
import logging
import sys
from collections.abc import Iterator
from typing import Literal

import pytest

from bot.journal import Journal, open_journal

CANARY = "canary@example.com"
Form = Literal["text", "json"]


@pytest.fixture(autouse=True)
def loggers_as_before() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    levels = {name: logging.getLogger(name).level for name in ("madoguchi", "aiogram", "sqlalchemy", "asyncio")}
    yield
    root.handlers, root.level = handlers, level
    for name, before in levels.items():
        logging.getLogger(name).setLevel(before)


@pytest.fixture(params=["text", "json"])
def form(request: pytest.FixtureRequest) -> Form:
    return request.param  # type: ignore[no-any-return]


@pytest.fixture
def out(form: Form, monkeypatch: pytest.MonkeyPatch) -> io.StringIO:
    """What the journal writes."""
    stream = io.StringIO()
    monkeypatch.setattr(sys, "stderr", stream)
    open_journal(form)
    return stream


def fail(words: str) -> None:
    raise ValueError(f"could not read {words}")


def log_a_failure(name: str) -> None:
    try:
        fail(CANARY)
    except ValueError:
        logging.getLogger(name).exception("turn.failed", extra={"ids": {"turn": "t1"}})


def test_an_event_with_its_ids(out: io.StringIO, form: Form) -> None:
    logging.getLogger("madoguchi.mail").info("mail.sent", extra={"ids": {"letter": "abc", "attempt": 2}})
    line = out.getvalue().rstrip("\n")
    if form == "json":
        entry = json.loads(line)
        assert entry.pop("at").endswith("+00:00")
        assert entry == {"level": "info", "event": "mail.sent", "letter": "abc", "attempt": 2}
    else:
        at, rest = line.split(" ", 1)
        assert at.endswith("+00:00")
        assert rest == "info    mail.sent letter=abc attempt=2"


def test_an_exception_is_its_type_and_its_place(out: io.StringIO, form: Form) -> None:
    log_a_failure("madoguchi.talk")
    line = out.getvalue()
    assert CANARY not in line
    assert "could not read" not in line
    assert line.count("\n") == 1
    assert "turn.failed" in line
    assert "ValueError" in line
    assert "fail:" in line
    assert "log_a_failure:" in line
    if form == "json":
        entry = json.loads(line)
        assert (entry["error"], entry["turn"]) == ("ValueError", "t1")
        assert entry["where"].startswith("fail:")


def test_arguments_never_come_out(out: io.StringIO) -> None:
    logging.getLogger("madoguchi.talk").warning("said %s", CANARY)
    logging.getLogger("aiogram").warning("Bad message %s", CANARY)
    logging.getLogger("sqlalchemy.engine").error(f"INSERT {CANARY}")  # noqa: G004 - as a careless library does
    log_a_failure("asyncio")
    lines = out.getvalue().splitlines()
    assert CANARY not in out.getvalue()
    assert len(lines) == 4
    assert "madoguchi.talk.warning" in lines[0]
    assert "aiogram.warning" in lines[1]
    assert "sqlalchemy.engine.error" in lines[2]
    assert "asyncio.error" in lines[3]


def test_causes_and_notes_of_an_exception_stay_inside(out: io.StringIO) -> None:
    try:
        try:
            fail(CANARY)
        except ValueError as cause:
            cause.add_note(CANARY)
            raise LookupError(CANARY) from cause
    except LookupError:
        logging.getLogger("madoguchi").exception("turn.failed", stack_info=True)
    assert CANARY not in out.getvalue()
    assert "LookupError" in out.getvalue()


def test_a_long_way_through_the_code_is_cut(form: Form) -> None:
    def deeper(left: int) -> None:
        if left == 0:
            fail(CANARY)
        deeper(left - 1)

    try:
        deeper(50)
    except ValueError:
        record = logging.LogRecord("madoguchi", logging.ERROR, "", 0, "turn.failed", (), sys.exc_info())
    assert Journal(form).format(record).count(" < ") == 5


def test_an_error_without_an_exception(out: io.StringIO) -> None:
    logging.getLogger("madoguchi").error("mail.dead", exc_info=(None, None, None))
    assert "error=" not in out.getvalue()


def test_libraries_speak_from_warnings_on(out: io.StringIO) -> None:
    logging.getLogger("aiogram.event").info("update handled")
    logging.getLogger("somebody.else").info("hello")
    logging.getLogger("madoguchi.x").debug("too.much")
    logging.getLogger("madoguchi.x").info("enough")
    assert len(out.getvalue().splitlines()) == 1


def test_what_is_not_ascii_or_no_json_is_written_all_the_same(out: io.StringIO) -> None:
    logging.getLogger("madoguchi").info("mail.sent", extra={"ids": {"office": "窓口", "when": {1, 2}}})
    assert "窓口" in out.getvalue()
