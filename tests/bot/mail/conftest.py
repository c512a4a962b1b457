"""An office with its mail room, and a mail server."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from tests.bot.mail.office import Office, open_office
from tests.mailbox import MailServer


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    async with open_office(tmp_path) as opened:
        yield opened


@pytest.fixture
def server() -> Iterator[MailServer]:
    with MailServer() as running:
        yield running
