"""The same desk in a terminal, for people and for pipes: a line a message, each reply as text with numbered choices."""

import asyncio
import sys
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime, timedelta
from uuid import uuid4

from handlers.dialogue.conversation import Conversation
from handlers.dialogue.messages import Inbound, Reply
from intents.parse import Language

CHANNEL = "terminal"
MOST_WAITING = 1000
_MARGIN = timedelta(seconds=1)

AfterTurn = Callable[[], Awaitable[Sequence[str]]]
"""What else happened because of a turn (letters that would have left), as text to show."""


async def chat(conversation: Conversation, name: str, language: Language | None, after_turn: AfterTurn) -> None:
    """Talk with whoever sits at standard input, until it ends."""
    interactive = sys.stdin.isatty()
    if interactive:
        await _say("/start", conversation, name, language, after_turn)
    while True:
        await _tell_waiting(conversation, name)
        line = await asyncio.to_thread(_read, interactive)
        if line is None:
            return
        if line.strip():
            await _say(line, conversation, name, language, after_turn)


async def _tell_waiting(conversation: Conversation, name: str) -> None:
    """Show what the desk has to say to this person of itself, and what an earlier terminal did not get to show."""
    await conversation.announce(CHANNEL)
    for chat_name, answer in await conversation.owed(CHANNEL, datetime.now(UTC) + _MARGIN, MOST_WAITING):
        if chat_name == name:
            for reply in answer.replies[answer.sent :]:
                print(f"\n{_write(reply)}", flush=True)
            await conversation.mark_sent(answer.turn_id, len(answer.replies), done=True)


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
