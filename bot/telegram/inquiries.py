"""From an update to what the talk takes: an Inbound for each thing that a person sent in a private chat.

The rules this file guards: the desk talks in private chats only, and to people only; a button counts only in the
private chat of whoever pressed it; what somebody calls a file, or writes on a forwarded message, changes nothing.
Handlers return what is to be done and do nothing themselves but fetch files.
"""

from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC
from typing import Any

from aiogram import Bot, Dispatcher, Router
from aiogram.enums import ChatType, ContentType
from aiogram.methods import GetMe
from aiogram.types import CallbackQuery, Message, Update

from bot.telegram.envelope import hint_of
from bot.telegram.files import Files, TooLarge
from bot.telegram.talk import Talk
from bot.telegram.wire import Trouble, ask
from handlers.dialogue.messages import Document, Event, Inbound
from intents.parse import Language

SERVICE = frozenset(
    {
        ContentType.PINNED_MESSAGE,
        ContentType.MESSAGE_AUTO_DELETE_TIMER_CHANGED,
        ContentType.WRITE_ACCESS_ALLOWED,
        ContentType.CHAT_BACKGROUND_SET,
        ContentType.CONNECTED_WEBSITE,
        ContentType.PROXIMITY_ALERT_TRIGGERED,
    }
)
"""Notes that Telegram itself puts into a chat; nobody waits for an answer to them."""

NAME_SECONDS = 5


@dataclass(frozen=True, slots=True)
class Line:
    """One line to say outside any conversation."""

    chat: str
    text: str
    thread: int | None = None


Errand = Inbound | Line
Errands = tuple[Errand, ...]


def make_dispatcher(talk: Talk, channel: str, files: Files) -> Dispatcher:
    """A dispatcher that turns an update into errands. It keeps no state of any chat."""
    dispatcher = Dispatcher(disable_fsm=True)
    dispatcher.include_routers(PrivateChats(talk, channel, files).router(), Groups(talk).router())
    return dispatcher


def _if(test: Callable[[Any], object]) -> Callable[..., Awaitable[bool]]:
    """Make a filter that aiogram awaits: it would run a plain function in a thread."""

    async def holds(event: Message | CallbackQuery) -> bool:
        return bool(test(event))

    return holds


def _from_person_in_private(message: Message) -> bool:
    return message.chat.type == ChatType.PRIVATE and not (message.from_user and message.from_user.is_bot)


def _pressed_in_own_chat(query: CallbackQuery) -> bool:
    chat = query.message.chat if query.message else None
    return chat is not None and chat.type == ChatType.PRIVATE and chat.id == query.from_user.id


class PrivateChats:
    """Everything that a person can send to the desk."""

    def __init__(self, talk: Talk, channel: str, files: Files) -> None:
        self._talk = talk
        self._channel = channel
        self._files = files

    def router(self) -> Router:
        """The handlers, the likeliest first, the one for all else last."""
        router = Router(name="private")
        router.message.filter(_if(_from_person_in_private))
        router.edited_message.filter(_if(_from_person_in_private))
        router.message.register(self.text, _if(lambda message: message.text))
        router.message.register(self.photo, _if(lambda message: message.photo))
        router.message.register(self.document, _if(lambda message: message.document and not message.animation))
        router.message.register(self.contact, _if(lambda message: message.contact))
        router.message.register(self.service, _if(lambda message: message.content_type in SERVICE))
        router.message.register(self.anything_else)
        router.edited_message.register(self.edited, _if(lambda message: message.text or message.caption))
        router.callback_query.register(self.pressed, _if(_pressed_in_own_chat), _if(lambda query: query.data))
        return router

    async def text(self, message: Message, event_update: Update) -> Errands:
        """Words, also forwarded ones."""
        return (self._inbound(message, str(event_update.update_id), text=message.text),)

    async def contact(self, message: Message, event_update: Update) -> Errands:
        """A contact, whoever's it is."""
        return (self._inbound(message, str(event_update.update_id), event=Event.CONTACT),)

    async def document(self, message: Message, event_update: Update) -> Errands:
        """A file with its own name."""
        if (file := message.document) is None:
            return ()
        return await self._file(message, event_update, file.file_name or "document", file.file_id, file.file_size)

    async def photo(self, message: Message, event_update: Update) -> Errands:
        """A photo, in the largest size that Telegram made of it."""
        largest = max(message.photo or (), key=lambda size: size.width * size.height)
        return await self._file(message, event_update, "photo.jpg", largest.file_id, largest.file_size)

    async def service(self, message: Message) -> Errands:  # noqa: ARG002 - aiogram passes it by place
        """A note of Telegram's own."""
        return ()

    async def anything_else(self, message: Message, event_update: Update) -> Errands:
        """Voice, stickers, places, and whatever Telegram thinks of next."""
        return (self._inbound(message, str(event_update.update_id), event=Event.UNSUPPORTED),)

    async def edited(self, message: Message, event_update: Update) -> Errands:
        """Changed words; a live location that moves is an edit too, and is not one of these."""
        return (self._inbound(message, str(event_update.update_id), event=Event.EDITED),)

    async def pressed(self, query: CallbackQuery, event_update: Update) -> Errands:
        """A button."""
        chat, hint = str(query.from_user.id), hint_of(query.from_user.language_code)
        delivery = str(event_update.update_id)
        return (Inbound(self._channel, delivery, chat, self._talk.clock(), choice=query.data, hint=hint),)

    async def _file(self, message: Message, update: Update, name: str, file_id: str, size: int | None) -> Errands:
        """A file as one Inbound, and the words under it as the next."""
        delivery = str(update.update_id)
        try:
            content = await self._files.fetch(file_id, size)
        except TooLarge:
            first = self._inbound(message, delivery, event=Event.TOO_LARGE)
        else:
            first = self._inbound(message, delivery, document=Document(name, content))
        if not message.caption:
            return (first,)
        return (first, self._inbound(message, f"{delivery}.caption", text=message.caption))

    def _inbound(self, message: Message, delivery: str, **what: Any) -> Inbound:
        hint = hint_of(message.from_user.language_code) if message.from_user else None
        return Inbound(self._channel, delivery, str(message.chat.id), message.date.astimezone(UTC), hint=hint, **what)


class Groups:
    """Where others read along: the desk says where it can be found, keeps nothing, and begins nothing."""

    def __init__(self, talk: Talk) -> None:
        self._talk = talk
        self._mark: str | None = None

    def router(self) -> Router:
        """One handler, for people and for admins who write as the group itself."""
        router = Router(name="groups")
        router.message.filter(_if(lambda message: message.chat.type in {ChatType.GROUP, ChatType.SUPERGROUP}))
        router.message.register(self.addressed, _if(_from_person_in_group))
        return router

    async def addressed(self, message: Message, bot: Bot) -> Errands:
        """A command or words for the bot get one line; all else is not the desk's business."""
        if not await self._is_addressed(message, bot):
            return ()
        hint = hint_of(message.from_user.language_code) if message.from_user else None
        text = self._talk.line("utter_private_only", hint or Language.EN)
        return (Line(str(message.chat.id), text, message.message_thread_id if message.is_topic_message else None),)

    async def _is_addressed(self, message: Message, bot: Bot) -> bool:
        replied = message.reply_to_message
        if replied is not None and replied.from_user is not None and replied.from_user.id == bot.id:
            return True
        words = (message.text or message.caption or "").lower().split()
        is_command = bool(words) and words[0].startswith("/")
        if is_command and "@" not in words[0]:
            return True
        mark = await self._own_mark(bot) if any("@" in word for word in words) else None
        if mark is None:
            return False
        return words[0].endswith(mark) if is_command else any(word.strip(".,:;!?、。") == mark for word in words)

    async def _own_mark(self, bot: Bot) -> str | None:
        """What people write to call the bot; None while Telegram does not tell."""
        if self._mark is None:
            with suppress(Trouble):
                self._mark = f"@{(await ask(bot, GetMe(), NAME_SECONDS)).username}".lower()
        return self._mark


def _from_person_in_group(message: Message) -> bool:
    if message.is_automatic_forward:
        return False
    is_anonymous_admin = message.sender_chat is not None and message.sender_chat.id == message.chat.id
    return is_anonymous_admin or (message.from_user is not None and not message.from_user.is_bot)
