"""The same desk in a terminal, for people and for pipes: a line a message, each reply as text with numbered choices."""

import asyncio
import sys
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime
from uuid import uuid4

from handlers.dialogue.conversation import Conversation
from handlers.dialogue.messages import Inbound, Reply
from intents.parse import Language

CHANNEL = "terminal"

AfterTurn = Callable[[], Awaitable[Sequence[str]]]
"""What else happened because of a turn (letters that would have left), as text to show."""


async def chat(conversation: Conversation, name: str, language: Language | None, after_turn: AfterTurn) -> None:
    """Talk with whoever sits at standard input, until it ends."""
    interactive = sys.stdin.isatty()
    if interactive:
        await _say("/start", conversation, name, language, after_turn)
    while True:
        line = await asyncio.to_thread(_read, interactive)
        if line is None:
            return
        if line.strip():
            await _say(line, conversation, name, language, after_turn)


def _read(interactive: bool) -> str | None:
    if interactive:
        print("\nyou › ", end="", flush=True)
    raw = sys.stdin.buffer.readline()
    return raw.decode("utf-8", "replace").rstrip("\r\n") if raw else None


async def _say(
    text: str, conversation: Conversation, name: str, language: Language | None, after_turn: AfterTurn
) -> None:
    inbound = Inbound(CHANNEL, uuid4().hex, name, datetime.now(UTC), text=text, hint=language)
    answer = await conversation.handle(inbound)
    for reply in answer.replies:
        print(f"\n{_write(reply)}", flush=True)
    await conversation.mark_sent(answer.turn_id, len(answer.replies), done=True)
    for extra in await after_turn():
        print(f"\n{extra}", flush=True)


def _write(reply: Reply) -> str:
    choices = [f"  {number}. {choice.label}" for number, choice in enumerate(reply.choices, start=1)]
    return "\n".join([reply.text, *choices])
