"""All that Telegram knows: the bot's account, the chats, the files, the queue of updates.

The HTTP side and the people of a test both act on it, from different threads: whoever reads or changes it holds
`lock`, whoever changed it rings `bell`.
"""

import itertools
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from tests.bell import Bell
from tests.botapi.chats import Chat, Message
from tests.botapi.checks import number_of
from tests.botapi.files import FileStore
from tests.botapi.keyboards import Markup
from tests.botapi.refusals import JsonObject, bad_request, forbidden
from tests.botapi.updates import Pending, UpdateQueue

CALLBACK_LIFETIME = 150


@dataclass
class Account:
    """The bot itself, and what it set about itself."""

    id: int
    username: str = "madoguchi_test_bot"
    first_name: str = "Madoguchi"
    commands: dict[tuple[str, str], list[JsonObject]] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    descriptions: dict[str, str] = field(default_factory=dict)
    short_descriptions: dict[str, str] = field(default_factory=dict)
    menu_buttons: dict[int, JsonObject] = field(default_factory=dict)
    logged_out: bool = False

    def as_user(self) -> JsonObject:
        return {"id": self.id, "is_bot": True, "first_name": self.first_name, "username": self.username}


@dataclass(eq=False)
class Press:
    """A button that somebody pressed, and what came of it."""

    id: str
    data: str
    pressed_at: float
    update_id: int | None = None
    answer: dict[str, str] | None = None

    @property
    def is_answered(self) -> bool:
        return self.answer is not None

    @property
    def notice(self) -> str:
        """The text that popped up."""
        return (self.answer or {}).get("text", "")


@dataclass
class WebhookState:
    """What setWebhook set, and how delivery goes."""

    url: str = ""
    secret_token: str = ""
    max_connections: int = 40
    generation: int = 0
    last_error_date: int = 0
    last_error_message: str = ""


class Cloud:
    """One bot's Telegram."""

    def __init__(self, bot_id: int) -> None:
        self.lock = threading.RLock()
        self.bell = Bell()
        self.account = Account(bot_id)
        self.queue = UpdateQueue()
        self.webhook = WebhookState()
        self.files = FileStore()
        self.chats: dict[int, Chat] = {}
        self.presses: dict[str, Press] = {}
        self.poll = 0  # the number of the newest long poll; an older one that still waits ends with a 409
        self.closing = False
        self.clock_lead = 0.0
        self._message_ids = itertools.count(1)
        self._press_ids = itertools.count(8_470_000_000_000_001)

    @contextmanager
    def changing(self) -> Iterator[None]:
        """Hold the lock, and ring when done."""
        try:
            with self.lock:
                yield
        finally:
            self.bell.ring()

    def now(self) -> int:
        return int(time.time() + self.clock_lead)

    def chat(self, chat_id: str) -> Chat:
        """The chat a request names, as far as the bot can know it."""
        if not chat_id:
            raise bad_request("chat_id is empty")
        chat = self.chats.get(number_of(chat_id))
        if chat is None or not chat.started:
            raise bad_request("chat not found")
        return chat

    def chat_to_write(self, chat_id: str) -> Chat:
        chat = self.chat(chat_id)
        if chat.bot_kicked:
            raise forbidden(f"bot was kicked from the {chat.type} chat")
        return chat

    def add_message(
        self, chat: Chat, sender: JsonObject | None, content: JsonObject, markup: Markup | None = None, *,
        from_bot: bool = False,
    ) -> Message:  # fmt: skip
        message = Message(next(self._message_ids), chat, sender, self.now(), content, markup, from_bot)
        chat.messages.append(message)
        return message

    def bot_says(self, chat: Chat, content: JsonObject, markup: Markup | None) -> Message:
        if chat.blocked:
            raise forbidden("bot was blocked by the user")
        return self.add_message(chat, self.account.as_user(), content, markup, from_bot=True)

    def new_press(self, data: str) -> Press:
        press = Press(str(next(self._press_ids)), data, time.time() + self.clock_lead)
        self.presses[press.id] = press
        return press

    def is_answerable(self, press: Press) -> bool:
        return not press.is_answered and time.time() + self.clock_lead - press.pressed_at < CALLBACK_LIFETIME

    def tell_bot(self, kind: str, body: JsonObject) -> Pending | None:
        """Queue an update of this kind."""
        return self.queue.add({kind: body})
