"""The files Telegram keeps: what people and the bot uploaded, found again by `file_id` and by path."""

import base64
import hashlib
import itertools
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from tests.botapi.refusals import JsonObject, bad_request

LARGEST_DOWNLOAD = 20 * 1024 * 1024
LARGEST_PHOTO = 10 * 1024 * 1024
_IMAGES = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF8", b"RIFF", b"BM")


@dataclass(frozen=True)
class StoredFile:
    """One file; its size may be claimed larger than the bytes that a test cared to make."""

    file_id: str
    file_unique_id: str
    path: str
    size: int
    data: bytes = field(repr=False)
    name: str | None = None
    mime: str | None = None
    is_photo: bool = False

    def as_json(self) -> JsonObject:
        return {"file_id": self.file_id, "file_unique_id": self.file_unique_id, "file_size": self.size}

    def as_document(self) -> JsonObject:
        named = {"file_name": self.name, "mime_type": self.mime}
        return {**{name: value for name, value in named.items() if value is not None}, **self.as_json()}

    def as_photo(self) -> list[JsonObject]:
        small = {"file_id": f"{self.file_id}-s", "file_unique_id": f"{self.file_unique_id}s", "file_size": 1000}
        return [{**small, "width": 90, "height": 67}, {**self.as_json(), "width": 800, "height": 600}]


class FileStore:
    """All files of one bot's account."""

    def __init__(self) -> None:
        self._by_id: dict[str, StoredFile] = {}
        self._by_path: dict[str, StoredFile] = {}
        self._numbers = itertools.count()

    def add_document(self, data: bytes, name: str | None, mime: str | None, size: int | None = None) -> StoredFile:
        suffix = PurePosixPath((name or "").replace("\0", "")).suffix
        suffix = suffix if suffix.isascii() and len(suffix) < 16 else ""
        return self._add(data, "documents", suffix, size, name=name, mime=mime)

    def add_photo(self, data: bytes, size: int | None = None) -> StoredFile:
        return self._add(data, "photos", ".jpg", size, is_photo=True)

    def _add(
        self, data: bytes, folder: str, suffix: str, size: int | None, *, name: str | None = None,
        mime: str | None = None, is_photo: bool = False,
    ) -> StoredFile:  # fmt: skip
        number = next(self._numbers)
        digest = hashlib.sha256(f"{number}:".encode() + data).digest()
        unique = "AgAD" + base64.urlsafe_b64encode(digest[:9]).decode()
        stored = StoredFile(
            "BQACAgUAAxkB" + base64.urlsafe_b64encode(digest).decode().rstrip("="), unique,
            f"{folder}/file_{number}{suffix}", len(data) if size is None else size, data, name, mime, is_photo,
        )  # fmt: skip
        self._by_id[stored.file_id] = stored
        self._by_path[stored.path] = stored
        return stored

    def find(self, file_id: str) -> StoredFile | None:
        return self._by_id.get(file_id.removesuffix("-s"))

    def at(self, path: str) -> StoredFile | None:
        return self._by_path.get(path)

    def lose(self, file_id: str) -> None:
        """Telegram no longer has this file: getFile and the download will be refused."""
        stored = self._by_id.pop(file_id)
        del self._by_path[stored.path]

    def described(self, file_id: str) -> JsonObject:
        """What getFile answers."""
        if not file_id:
            raise bad_request("file_id not specified")
        stored = self.find(file_id)
        if stored is None:
            raise bad_request("wrong file_id or the file is temporarily unavailable")
        if stored.size > LARGEST_DOWNLOAD:
            raise bad_request("file is too big")
        return {**stored.as_json(), "file_path": stored.path}


def check_photo(data: bytes) -> None:
    if len(data) > LARGEST_PHOTO:
        raise bad_request(
            f"file of size {len(data)} bytes is too big for a photo; the maximum size is {LARGEST_PHOTO} bytes"
        )
    if not data.startswith(_IMAGES):
        raise bad_request("IMAGE_PROCESS_FAILED")
