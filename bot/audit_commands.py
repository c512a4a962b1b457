"""`python -m bot audit …`: the chain's head, to be kept outside, and whether the chain still is what it was."""

import argparse
import re
import sys

from bot import wiring
from bot.settings import Settings
from handlers.desk.errors import BadSetting
from handlers.desk.ports import Head

_HEAD = re.compile(r"([1-9][0-9]{0,17}):([0-9a-f]{64})")


async def head(_arguments: argparse.Namespace, settings: Settings) -> int:
    """Print the chain's last row as `audit verify` takes it."""
    async with wiring.open_memory(settings) as memory, memory.begin() as work:
        found = await work.audit.head()
    if found is None:
        print("Nothing has happened yet.", file=sys.stderr)
        return 1
    print(found)
    return 0


async def verify(arguments: argparse.Namespace, settings: Settings) -> int:
    """Check the chain, and whether it still holds the heads that were kept outside. Raises BadSetting."""
    heads = _heads(arguments)
    async with wiring.open_memory(settings) as memory, memory.begin() as work:
        bad = await work.audit.first_bad(heads)
    if bad is not None:
        print(f"The chain is broken at row {bad}: that row or the one before it was changed, moved or removed.")
        return 1
    kept = f" It holds every head that was given: {len(heads)}." if heads else ""
    print(f"The chain is whole.{kept}")
    return 0


def _heads(arguments: argparse.Namespace) -> list[Head]:
    """The heads from the command line and the file: of each line of the file the last word, as in a log."""
    texts = list(arguments.head)
    if arguments.heads is not None:
        try:
            lines = arguments.heads.read_text(encoding="utf-8").splitlines()
        except (OSError, UnicodeDecodeError):
            raise BadSetting([f"The file {arguments.heads} cannot be read."]) from None
        texts += [line.split()[-1].removeprefix("head=") for line in lines if line.strip()]
    found = [_HEAD.fullmatch(text) for text in texts]
    if None in found:
        raise BadSetting(["A head has the form NUMBER:LINK, as `python -m bot audit head` prints it."])
    return [Head(int(each[1]), each[2]) for each in found if each is not None]
