"""How letters leave: to an SMTP server, or, where none is set, into a mailbox folder on this machine."""

import asyncio
import os
from pathlib import Path
from typing import Protocol

from bot.mail.errors import Postponed, Reason
from bot.mail.letter import Letter
from bot.mail.smtp import SmtpTransport, read_smtp_url


class Transport(Protocol):
    """A way out for letters."""

    async def send(self, letter: Letter) -> None:
        """Let a letter out. Returns once it is out; raises Postponed or Refused."""


class MaildirTransport:
    """A Maildir (as qmail and Python's `mailbox.Maildir` know it) that takes all letters.

    A letter's file is named after its outbox row, so that a letter sent twice is there once.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def send(self, letter: Letter) -> None:
        """Write a letter whole, then show it. Raises Postponed where the folder cannot be written."""
        try:
            await asyncio.to_thread(self._deliver, letter)
        except OSError:
            raise Postponed(Reason.FOLDER, alarm=True) from None

    def _deliver(self, letter: Letter) -> None:
        for name in ("tmp", "new", "cur"):
            (self._folder / name).mkdir(mode=0o700, parents=True, exist_ok=True)
        name = f"{int(letter.written_at.timestamp())}.{letter.id}.madoguchi"
        if any((self._folder / "cur").glob(f"{name}*")):
            return  # somebody has read it already
        message = letter.as_message()
        content = message.as_bytes(policy=message.policy.clone(linesep="\n"))
        draft = self._folder / "tmp" / name
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(self._folder / "new" / name)


def open_transport(url: str | None, folder: Path) -> Transport:
    """The way out: SMTP where there is a URL, else the Maildir `folder`. Raises BadSetting for a faulty URL."""
    return MaildirTransport(folder) if url is None else SmtpTransport(read_smtp_url(url))
