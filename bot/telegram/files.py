"""Fetching a document or photo that a customer sent. Judges nothing but its size."""

import asyncio
from contextlib import aclosing
from time import monotonic

from aiogram import Bot
from aiogram.methods import GetFile

from bot.telegram.pace import Backoff, Pace, pause
from bot.telegram.wire import Busy, Down, Refused, TooBig, Trouble, Unreadable, ask, trouble_of

LARGEST = 10 * 1024 * 1024
CHUNK = 256 * 1024


class TooLarge(Exception):
    """The file is over the limit; it was not fetched, or not to its end."""


class FileUnreachable(Exception):
    """Telegram does not hand the file out, for now or at all."""


class Files:
    """Brings files from Telegram."""

    def __init__(self, bot: Bot, stopping: asyncio.Event, pace: Pace) -> None:
        self._bot = bot
        self._stopping = stopping
        self._pace = pace

    async def fetch(self, file_id: str, size: int | None) -> bytes:
        """The content of a file. Raises TooLarge or FileUnreachable; tries for as long as the pace allows."""
        if size is not None and size > LARGEST:
            raise TooLarge
        until = monotonic() + self._pace.patience
        backoff = Backoff(self._pace.retry)
        while True:
            try:
                return await self._fetch(file_id)
            except Down as trouble:
                wait = trouble.retry_after if isinstance(trouble, Busy) else backoff.next()
                if monotonic() + wait > until or await pause(self._stopping, wait):
                    raise FileUnreachable from None
            except TooBig:
                raise TooLarge from None
            except Trouble:
                raise FileUnreachable from None

    async def _fetch(self, file_id: str) -> bytes:
        try:
            found = await ask(self._bot, GetFile(file_id=file_id), self._pace.request)
        except Unreadable as trouble:
            raise Down(trouble.kind) from None
        if found.file_size is not None and found.file_size > LARGEST:
            raise TooLarge
        if found.file_path is None:
            raise Refused("NoFilePath")
        content = bytearray()
        url = self._bot.session.api.file_url(self._bot.token, found.file_path)
        chunks = self._bot.session.stream_content(url, timeout=self._pace.request, chunk_size=CHUNK)
        try:
            async with aclosing(chunks):
                async for chunk in chunks:
                    content += chunk
                    if len(content) > LARGEST:
                        raise TooLarge
        except TooLarge:
            raise
        except Exception as error:  # noqa: BLE001 - whatever it is, it is a trouble of the wire
            raise trouble_of(error) from None
        return bytes(content)
