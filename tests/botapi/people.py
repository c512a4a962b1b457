"""People who talk to the bot, as a test plays them.

What they do takes effect at once and needs no `await`; what they wait for does.
"""

from typing import Any

from tests.botapi.chats import Chat, Message
from tests.botapi.cloud import Cloud, Press
from tests.botapi.formatting import with_entities
from tests.botapi.keyboards import Button
from tests.botapi.profile import commands_shown
from tests.botapi.refusals import JsonObject

OWN = object()
CHAT_INSTANCE = "-3841276540987651234"


class Listener:
    """Whoever follows a chat: hears the bot's messages one after the other."""

    def __init__(self, cloud: Cloud, chat: Chat, patience: float) -> None:
        self.chat = chat
        self._cloud = cloud
        self._patience = patience
        self._heard = 0
        self._seen_changes: dict[int, int] = {}

    def _unheard(self) -> list[Message]:
        with self._cloud.lock:
            return self.chat.from_bot[self._heard :]

    async def hears(self, n: int = 1, timeout: float | None = None) -> list[Message]:  # noqa: ASYNC109
        """The bot's next n messages in this chat; waits for them."""
        patience = self._patience if timeout is None else timeout
        messages = await self._cloud.bell.until(
            lambda: found if len(found := self._unheard()) >= n else None, patience,
            lambda: f"{len(self._unheard())} of {n} messages came in {patience} s. The chat:\n{self.chat.transcript()}",
        )  # fmt: skip
        assert messages is not None
        self._heard += n
        return messages[:n]

    async def hears_one(self, timeout: float | None = None) -> Message:  # noqa: ASYNC109
        return (await self.hears(1, timeout))[0]

    async def hears_nothing_more(self, timeout: float | None = None) -> None:  # noqa: ASYNC109
        """Wait until the bot has confirmed every update; then nothing may be left to hear."""
        patience = self._patience if timeout is None else timeout
        await self._cloud.bell.until(
            lambda: not self._cloud.queue.pending, patience,
            lambda: f"updates were not confirmed in {patience} s: {self._cloud.queue.pending}",
        )  # fmt: skip
        if unheard := self._unheard():
            raise AssertionError("unexpected:\n" + "\n".join(str(message) for message in unheard))

    async def sees_change(self, message: Message, timeout: float | None = None) -> Message:  # noqa: ASYNC109
        """Wait for the next edit or the deletion of a message, counted from when it was sent."""
        patience = self._patience if timeout is None else timeout
        seen = self._seen_changes.get(message.message_id, 0)
        await self._cloud.bell.until(
            lambda: message.changes > seen, patience,
            lambda: f"the message did not change in {patience} s: {message}",
        )  # fmt: skip
        self._seen_changes[message.message_id] = seen + 1
        return message


class Group(Listener):
    """A group or channel; `person.joins(group)` to talk there."""

    def posts(self, text: str, **fields: Any) -> Message:
        """A post of the channel itself."""
        with self._cloud.changing():
            content = {**with_entities({"text": text}, "entities", text), "sender_chat": self.chat.as_json(), **fields}
            post = self._cloud.add_message(self.chat, None, content)
            _tell(self._cloud, "channel_post", post)
        return post

    def kicks_bot(self) -> None:
        with self._cloud.changing():
            self.chat.bot_kicked = True
            admin = {"id": 777_001, "is_bot": False, "first_name": "Admin"}
            self._cloud.tell_bot("my_chat_member", _membership(self._cloud, self.chat, admin, "member", "kicked"))


class Person(Listener):
    """Somebody in a chat with the bot."""

    def __init__(self, cloud: Cloud, user: JsonObject, chat: Chat, patience: float) -> None:
        super().__init__(cloud, chat, patience)
        self.user = user

    @property
    def id(self) -> int:
        return int(self.user["id"])

    @property
    def menu(self) -> dict[str, str]:
        """The command menu this person is shown: command -> description."""
        with self._cloud.lock:
            commands = commands_shown(self._cloud, self.chat.id, self.user.get("language_code", ""))
        return {command["command"]: command["description"] for command in commands}

    def joins(self, group: Group) -> "Person":
        """The same person, talking in a group."""
        return Person(self._cloud, self.user, group.chat, self._patience)

    # What they send

    def says(self, text: str, **fields: Any) -> Message:
        """Send a text; `fields` adds raw fields to the message (forward_origin=..., sender_chat=..., via_bot=...)."""
        return self.sends(**{**with_entities({"text": text}, "entities", text), **fields})

    def sends(self, **fields: Any) -> Message:
        """Send a message with these raw fields: sticker=..., voice=..., location=..."""
        with self._cloud.changing():
            self._may_send()
            message = self._cloud.add_message(self.chat, self.user, fields)
            _tell(self._cloud, "message", message)
        return message

    def shares_contact(
        self, phone_number: str, *, user_id: object = OWN, first_name: str | None = None, forwarded: bool = False,
        **fields: Any,
    ) -> Message:  # fmt: skip
        """Send a contact: by default one's own, as the button does; `user_id=None` has none, or somebody else's."""
        contact: JsonObject = {"phone_number": phone_number, "first_name": first_name or self.user["first_name"]}
        if user_id is not None:
            contact["user_id"] = self.id if user_id is OWN else user_id
        if forwarded:
            origin = {"type": "user", "sender_user": self.user, "date": self._cloud.now() - 60}
            fields = {"forward_origin": origin, **fields}
        return self.sends(contact=contact, **fields)

    def sends_document(
        self, data: bytes, file_name: str | None = "document.pdf", mime: str | None = "application/pdf", *,
        caption: str = "", size: int | None = None, **fields: Any,
    ) -> Message:  # fmt: skip
        """Send a file; `size` claims another size than the data's, to pass a limit without making so many bytes."""
        with self._cloud.lock:
            stored = self._cloud.files.add_document(data, file_name, mime, size)
        return self.sends(document=stored.as_document(), **_captioned(caption), **fields)

    def sends_photo(self, data: bytes, *, caption: str = "", size: int | None = None, **fields: Any) -> Message:
        with self._cloud.lock:
            stored = self._cloud.files.add_photo(data, size)
        return self.sends(photo=stored.as_photo(), **_captioned(caption), **fields)

    def edits(self, message: Message, text: str) -> Message:
        """Change the text (or caption) of a message one sent."""
        with self._cloud.changing():
            kept = {name: value for name, value in message.content.items() if not name.endswith("entities")}
            name = "text" if "text" in kept else "caption"
            entities_name = "entities" if name == "text" else "caption_entities"
            message.change(with_entities({**kept, name: text}, entities_name, text), message.markup, self._cloud.now())
            self._cloud.tell_bot("edited_message", message.as_json())
        return message

    # Buttons

    def presses(self, label: str, message: Message | None = None) -> Press:
        """Press the newest inline button with this label (or the one under a given message)."""
        with self._cloud.lock:
            for shown in [message] if message else reversed(self.chat.from_bot):
                for button in shown.buttons:
                    if button.label == label and not shown.deleted:
                        return self._presses_inline(button, shown)
        raise AssertionError(f"no button {label!r} to press. The chat:\n{self.chat.transcript()}")

    def taps(self, label: str) -> Message:
        """Tap a button of the open reply keyboard: its label goes out as a text."""
        with self._cloud.lock:
            labels = [button.label for button in self.chat.keyboard if not button.asks_contact]
        if label not in labels:
            raise AssertionError(f"no key {label!r} that sends its text, only {labels}; see shares_contact")
        return self.says(label)

    def _presses_inline(self, button: Button, message: Message) -> Press:
        if button.data is None:
            raise AssertionError(f"{button.label!r} sends nothing to the bot: {button}")
        return self.presses_data(button.data, message)

    def presses_data(
        self, data: str, message: Message | None = None, *, absent: bool = False, inaccessible: bool = False,
        **fields: Any,
    ) -> Press:  # fmt: skip
        """Send any callback data, forged or not.

        The message it claims to come from is the given one, else the newest with that data, else the bot's last;
        `absent` sends none, `inaccessible` one that Telegram no longer shows to the bot.
        """
        with self._cloud.changing():
            self._may_send()
            press = self._cloud.new_press(data)
            query: JsonObject = {"id": press.id, "from": self.user, "chat_instance": CHAT_INSTANCE, "data": data}
            source = message or self._source_of(data)
            if source is not None and not absent:
                query["message"] = (
                    {"chat": self.chat.as_json(), "message_id": source.message_id, "date": 0}
                    if inaccessible or source.deleted
                    else source.as_json()
                )
            queued = self._cloud.tell_bot("callback_query", {**query, **fields})
            press.update_id = queued.update_id if queued else None
        return press

    def _source_of(self, data: str) -> Message | None:
        shown = self.chat.from_bot
        having = [message for message in shown if any(button.data == data for button in message.buttons)]
        candidates = having or shown
        return candidates[-1] if candidates else None

    async def sees_answer(self, press: Press, timeout: float | None = None) -> str:  # noqa: ASYNC109
        """Wait until the spinner on a pressed button stops; returns the notice that popped up, if any."""
        patience = self._patience if timeout is None else timeout
        await self._cloud.bell.until(
            lambda: press.is_answered, patience, lambda: f"the press of {press.data!r} was not answered"
        )
        return press.notice

    # Being there or not

    def blocks_bot(self) -> None:
        self._blocking(blocked=True)

    def unblocks_bot(self) -> None:
        self._blocking(blocked=False)

    def _blocking(self, *, blocked: bool) -> None:
        with self._cloud.changing():
            self.chat.blocked = blocked
            before, after = ("member", "kicked") if blocked else ("kicked", "member")
            change = _membership(self._cloud, self.chat, self.user, before, after)
            self._cloud.tell_bot("my_chat_member", change)

    def _may_send(self) -> None:
        if self.chat.blocked:
            raise AssertionError("somebody who blocked the bot cannot write to it; unblocks_bot() first")
        self.chat.started = True


def _captioned(caption: str) -> JsonObject:
    return with_entities({"caption": caption}, "caption_entities", caption) if caption else {}


def _tell(cloud: Cloud, kind: str, message: Message) -> None:
    queued = cloud.tell_bot(kind, message.as_json())
    message.update_id = queued.update_id if queued else None


def _membership(cloud: Cloud, chat: Chat, user: JsonObject, before: str, after: str) -> JsonObject:
    def status(name: str) -> JsonObject:
        until = {"until_date": 0} if name == "kicked" else {}
        return {"user": cloud.account.as_user(), "status": name, **until}

    return {
        "chat": chat.as_json(), "from": user, "date": cloud.now(), "old_chat_member": status(before),
        "new_chat_member": status(after),
    }  # fmt: skip
