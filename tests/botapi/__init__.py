"""A stand-in for Telegram's Bot API server, for tests that talk to the real desk over the real wire.

It imports nothing of aiogram, so that a mistake there cannot hide itself here. What it accepts, refuses and answers
follows the sources of tdlib/telegram-bot-api; left out are rate limits (use `api.fail(..., error=429)`), media other
than documents, photos and contacts, Markdown, inline mode, payments, business accounts and forum topics.

    async with BotApi() as api:
        alice = api.person(language_code="ja")
        ...  # start the bot with MADOGUCHI_TELEGRAM_API_BASE=api.base_url and the token api.token
        alice.says("/start")
        [welcome] = await alice.hears()
        alice.presses(welcome.labels[0])
"""

from tests.bell import NeverHappened
from tests.botapi.chats import Chat, Message
from tests.botapi.cloud import Press
from tests.botapi.faults import CutOff, Fault, Hook
from tests.botapi.keyboards import Button
from tests.botapi.people import Group, Person
from tests.botapi.records import Request
from tests.botapi.server import TOKEN, BotApi
from tests.botapi.wire import Call, Upload

__all__ = [
    "TOKEN",
    "BotApi",
    "Button",
    "Call",
    "Chat",
    "CutOff",
    "Fault",
    "Group",
    "Hook",
    "Message",
    "NeverHappened",
    "Person",
    "Press",
    "Request",
    "Upload",
]
