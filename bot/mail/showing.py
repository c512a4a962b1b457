"""Shows the letters of the mailbox folder, for who tries the desk without a mail server."""

import email
import email.policy
from email.message import EmailMessage
from pathlib import Path


class Mailbox:
    """A Maildir as a reader sees it. Remembers what it has shown."""

    def __init__(self, folder: Path) -> None:
        self._new = folder / "new"
        self._shown = {path.name for path in self._paths()}

    def all(self) -> list[EmailMessage]:
        """Every letter, oldest first."""
        return [_read(path) for path in self._paths()]

    def news(self) -> list[str]:
        """The letters that came since the last look, written out."""
        fresh = [path for path in self._paths() if path.name not in self._shown]
        self._shown.update(path.name for path in fresh)
        return [_write(_read(path)) for path in fresh]

    def _paths(self) -> list[Path]:
        if not self._new.is_dir():
            return []
        return sorted(self._new.iterdir(), key=lambda path: path.stat().st_mtime_ns)


def _read(path: Path) -> EmailMessage:
    with path.open("rb") as file:
        return email.message_from_binary_file(file, policy=email.policy.default)


def _write(letter: EmailMessage) -> str:
    body = "\n".join(f"  │ {line}" for line in letter.get_content().rstrip().splitlines())
    return f"  ┌ letter to {letter['To']}\n  │ {letter['Subject']}\n  │\n{body}\n  └"
