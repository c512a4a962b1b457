"""Logging: constant event names and ids.

The rule this file guards: no word of a person reaches a log. A record is written as its event name, its ids and, for
an exception, the exception's type and the lines of code it passed through: never its message, which may hold words.
"""

import json
import logging
import sys
import traceback
from datetime import UTC, datetime
from typing import Literal

_QUIET = ("aiogram", "aiohttp", "sqlalchemy", "alembic", "rasa_sdk", "asyncio", "aiosmtplib", "aiosqlite")


class Journal(logging.Formatter):
    """Formats a record as one line, text or JSON."""

    def __init__(self, form: Literal["text", "json"]) -> None:
        super().__init__()
        self._form = form

    def format(self, record: logging.LogRecord) -> str:
        """The line of one record."""
        own = record.name.split(".")[0] == "madoguchi"
        event = record.msg if own and not record.args else f"{record.name}.{record.levelname.lower()}"
        entry: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "event": str(event),
            **getattr(record, "ids", {}),
        }
        if record.exc_info and record.exc_info[0] is not None:
            entry["error"] = record.exc_info[0].__name__
            frames = traceback.extract_tb(record.exc_info[2])
            entry["where"] = " < ".join(f"{frame.name}:{frame.lineno}" for frame in reversed(frames[-6:]))
        if self._form == "json":
            return json.dumps(entry, ensure_ascii=False, default=str)
        head = f"{entry.pop('at')} {entry.pop('level'):7} {entry.pop('event')}"
        return " ".join([head, *(f"{name}={value}" for name, value in entry.items())])


def open_journal(form: Literal["text", "json"], level: int = logging.INFO) -> None:
    """Send all logging to standard error through the journal. Other libraries speak from warnings on, by name only."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Journal(form))
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(logging.WARNING)
    logging.getLogger("madoguchi").setLevel(level)
    for name in _QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
