"""The desk as an operator runs it: `python -m bot …` in a folder of its own, with the environment and nothing else.

Each process is ended by its own id. What it writes is kept, line by line, over all its lives. Nothing here knows what
the desk says or does.
"""

import asyncio
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from tests.botapi import BotApi
from tests.mailbox import MailServer

ROOT = Path(__file__).parents[2]
STARTING = 90.0
"""Seconds that a process may take to its first words; a busy machine needs many of them to load the libraries."""
STOPPING = 30.0
"""Seconds within which a desk that was told to stop must have ended."""


def environment(**settings: object) -> dict[str, str]:
    """What a process sees: where programs are, and these settings with the prefix. Nothing else of this machine."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR") if name in os.environ}
    own = {f"MADOGUCHI_{name.upper()}": str(value) for name, value in settings.items()}
    return {**kept, "LANG": "C.UTF-8", "PYTHONPATH": str(ROOT), **own}


@dataclass(frozen=True)
class Ended:
    """What a command left behind."""

    code: int
    out: str
    err: str


async def run_bot(*arguments: str, folder: Path, settings: Mapping[str, object], feed: str = "") -> Ended:
    """Run one command of the desk to its end."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", *arguments,
        cwd=folder, env=environment(**settings),
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    try:
        async with asyncio.timeout(STARTING):
            out, err = await process.communicate(feed.encode())
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    assert process.returncode is not None
    return Ended(process.returncode, out.decode(), err.decode())


@dataclass
class DeskProcess:
    """`python -m bot serve`. It can be killed and started again on the same data: `async with DeskProcess(…) as desk`.

    `data` is its data folder, with the trained model at its place; its settings come from the environment alone.
    """

    api: BotApi
    mail: MailServer
    data: Path
    company: str = "planet_management"
    staff_mail: str = ""
    log: list[str] = field(default_factory=list)
    _process: "subprocess.Popen[str] | None" = field(default=None, init=False)
    _reader: threading.Thread | None = field(default=None, init=False)

    async def __aenter__(self) -> Self:
        await self.starts()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.dies()

    @property
    def settings(self) -> dict[str, object]:
        """Its settings, for commands on the same data."""
        return {
            "company": self.company,
            "data_dir": self.data,
            "telegram_token": self.api.token,
            "telegram_api_base": self.api.base_url,
            "smtp_url": self.mail.url,
            "staff_mail": self.staff_mail,
        }

    @property
    def is_alive(self) -> bool:
        return self._process is not None and self._process.poll() is None

    async def starts(self) -> None:
        """Start it, and wait until it asks Telegram for updates."""
        assert not self.is_alive
        before = self._fetches
        self._open()
        await self.api.until(
            lambda: self._fetches > before or not self.is_alive, "the desk's first question to Telegram", STARTING
        )
        assert self.is_alive, self.told()

    async def dies(self) -> None:
        """As the kernel kills it: at once, with nothing more said or written."""
        if self.is_alive:
            await self._end(signal.SIGKILL, STOPPING)

    async def stops(self) -> int:
        """As an operator stops it; returns its exit code. Fails where it takes longer than it may."""
        return await self._end(signal.SIGTERM, STOPPING)

    async def tells(self, *words: str, after: int = 0, times: int = 1) -> list[str]:
        """Wait for lines of the log with all these words, in what it wrote `after` so many lines; returns them."""

        def found() -> list[str]:
            lines = [line for line in self.log[after:] if all(word in line for word in words)]
            return lines if len(lines) >= times else []

        return await self.api.until(found, f"{times} lines of the log with {words}:\n{self.told()}\n")

    def told(self) -> str:
        """Everything that it wrote."""
        return "\n".join(self.log)

    @property
    def _fetches(self) -> int:
        return len(self.api.calls("getUpdates"))

    def _open(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "bot", "serve"],
            cwd=self.data.parent, env=environment(**self.settings), text=True, encoding="utf-8", errors="replace",
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip
        self._reader = threading.Thread(target=self._read, args=(self._process,), name="desk log", daemon=True)
        self._reader.start()

    def _read(self, process: "subprocess.Popen[str]") -> None:
        assert process.stdout is not None
        with process.stdout as lines:
            for line in lines:
                self.log.append(line.rstrip("\n"))
                self.api.cloud.bell.ring()
        process.wait()
        self.api.cloud.bell.ring()

    async def _end(self, sign: signal.Signals, seconds: float) -> int:
        process, reader = self._process, self._reader
        assert process is not None
        assert reader is not None
        process.send_signal(sign)
        try:
            code = await asyncio.to_thread(process.wait, seconds)
        finally:
            if process.poll() is None:
                process.kill()
            await asyncio.to_thread(reader.join)
        return code


def place_model(model: Path, data: Path) -> Path:
    """A data folder with the trained model at its place; returns the folder."""
    data.mkdir(parents=True)
    (data / "model.madoguchi").symlink_to(model)
    return data
