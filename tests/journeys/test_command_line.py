"""The desk from a shell: a pipe, lists for programs, and settings that cannot work."""

import asyncio
import json
import mailbox
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date, datetime
from pathlib import Path

from tests.journeys.customers import CODE, REFERENCE
from tests.journeys.process import STARTING, Ended, environment, place_model, run_bot
from tests.journeys.windows import leaked

FIELDS = {
    "ref", "kind", "grounds", "status", "outcome", "assurance", "company", "language", "arrived_at", "target_on",
    "legal_mark_on", "owner",
}  # fmt: skip
"""What docs/design.md promises of each request."""


class Pipe:
    """`python -m bot chat` between two pipes; `log` takes what it writes beside."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        assert process.stdin is not None
        assert process.stdout is not None
        self._in, self._out = process.stdin, process.stdout
        self._process = process

    async def says(self, line: str, *, until: str) -> str:
        """Write a line; read up to these words."""
        self._in.write(f"{line}\n".encode())
        await self._in.drain()
        async with asyncio.timeout(STARTING):
            return (await self._out.readuntil(until.encode())).decode()

    async def ends(self) -> int:
        """No more lines; returns the exit code."""
        self._in.close()
        async with asyncio.timeout(STARTING):
            await self._out.read()
            return await self._process.wait()


@asynccontextmanager
async def open_chat(folder: Path, data: Path) -> AsyncIterator[Pipe]:
    with (folder / "log").open("wb") as log:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bot", "chat", "--lang", "en", "--as", "hanako",
            cwd=folder, env=environment(data_dir=data),
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=log,
        )  # fmt: skip
    try:
        yield Pipe(process)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def test_a_pipe_from_the_first_word_to_a_case_on_file(model_path: Path, tmp_path: Path) -> None:
    data = place_model(model_path, tmp_path / "var")
    async with open_chat(tmp_path, data) as pipe:
        await pipe.says("Please show me my data", until="4. What my data is used for")
        await pipe.says("1", until="3. Another way")
        await pipe.says("electronically", until="Which address have you registered")
        await pipe.says("hanako@example.com", until="letter to hanako@example.com")
        [letter] = mailbox.Maildir(data / "mail")
        assert letter["To"] == "hanako@example.com"
        [code] = CODE.findall(str(letter.get_payload(decode=True)))
        assert "Everything you hold about me" in await pipe.says(code, until="1. Yes, file it")
        told = await pipe.says("1", until="letter to info@planetmgmt.biz")
        [reference] = set(REFERENCE.findall(told))
        assert await pipe.ends() == 0
    log = (tmp_path / "log").read_text(encoding="utf-8")
    assert "privacy desk of Planet Management" in log
    assert leaked(log, {code, "Please show me my data", "Hanako Sample", "1-1 Example-cho"}) == []
    await check_list(tmp_path, data, reference)
    ask = ["cases", "ask", reference, "--by", "Aoi", "Which year do you mean?"]
    assert (await run_bot(*ask, folder=tmp_path, settings={"data_dir": data})).code == 0
    async with open_chat(tmp_path, data) as pipe:
        assert reference in await pipe.says("Hello", until="Which year do you mean?")
        assert await pipe.ends() == 0


async def check_list(folder: Path, data: Path, reference: str) -> None:
    """What `cases list --json` says of a request, to a program that reads it."""
    listed = await run_bot("cases", "list", "--json", folder=folder, settings={"data_dir": data})
    assert listed.code == 0, listed.err
    [case] = json.loads(listed.out)
    assert case.keys() >= FIELDS
    assert (case["ref"], case["kind"], case["company"]) == (reference, "disclosure", "planet_management")
    assert (case["language"], case["assurance"], case["grounds"], case["outcome"]) == ("en", "E", [], None)
    assert datetime.fromisoformat(case["arrived_at"]).utcoffset() is not None
    assert date.fromisoformat(case["legal_mark_on"]) >= date.fromisoformat(case["target_on"])


BAD_SETTINGS: dict[str, dict[str, str]] = {
    "MADOGUCHI_TELEGRAM_TOKEN is not set": {"telegram_token": ""},
    "MADOGUCHI_TELEGRAM_TOKEN is not a bot's token": {"telegram_token": "hunter2"},
    "MADOGUCHI_SMTP_URL must look like": {"smtp_url": "http://desk:hunter2@mail"},
    "MADOGUCHI_LOG_FORMAT: ": {"log_format": "loud"},
    "Look at MADOGUCHI_DATA_DIR": {"data_dir": "a_file"},
}
"""Sentence → the settings that call for it."""


async def test_settings_that_cannot_work_are_told_in_a_sentence(model_path: Path, tmp_path: Path) -> None:
    (tmp_path / "a_file").touch()
    usual = {"data_dir": place_model(model_path, tmp_path / "var"), "telegram_token": "1:x"}
    two_at_a_time = asyncio.Semaphore(2)

    async def serve(bad: dict[str, str]) -> Ended:
        async with two_at_a_time:
            return await run_bot("serve", folder=tmp_path, settings={**usual, **bad})

    starts = [serve(bad) for bad in BAD_SETTINGS.values()]
    for sentence, ended in zip(BAD_SETTINGS, await asyncio.gather(*starts), strict=True):
        assert ended.code == 1, sentence
        assert sentence in ended.err
        assert ended.err.count("\n") == 1, ended.err
        assert "MADOGUCHI_MADOGUCHI" not in ended.err
        assert "hunter2" not in ended.err
