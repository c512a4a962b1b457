"""Chats and what was said in them, as the people in them see it."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from tests.botapi.keyboards import Button, Kind, Markup
from tests.botapi.refusals import JsonObject


@dataclass(eq=False)
class Message:
    """A message in a chat, with its whole life: what it says now, what it said before, whether it is gone."""

    message_id: int
    chat: "Chat"
    sender: JsonObject | None
    date: int
    content: JsonObject
    markup: Markup | None = None
    from_bot: bool = False
    edit_date: int | None = None
    earlier: list[JsonObject] = field(default_factory=list)
    deleted: bool = False
    update_id: int | None = None

    @property
    def text(self) -> str:
        """The text, or the caption of a file."""
        return str(self.content.get("text", self.content.get("caption", "")))

    @property
    def entities(self) -> list[JsonObject]:
        found: list[JsonObject] = self.content.get("entities") or self.content.get("caption_entities") or []
        return found

    @property
    def buttons(self) -> list[Button]:
        """All inline buttons, row after row."""
        if self.markup is None or self.markup.kind is not Kind.INLINE:
            return []
        return [button for row in self.markup.buttons for button in row]

    @property
    def labels(self) -> list[str]:
        return [button.label for button in self.buttons]

    @property
    def keyboard(self) -> list[Button]:
        """The reply keyboard that this message brought."""
        if self.markup is None or self.markup.kind is not Kind.KEYBOARD:
            return []
        return [button for row in self.markup.buttons for button in row]

    @property
    def removes_keyboard(self) -> bool:
        return self.markup is not None and self.markup.kind is Kind.REMOVE

    @property
    def edited(self) -> bool:
        return bool(self.earlier)

    @property
    def changes(self) -> int:
        """How often it was edited or deleted."""
        return len(self.earlier) + self.deleted

    def change(self, content: JsonObject, markup: Markup | None, edit_date: int) -> None:
        """Replace what it says, and remember what it said."""
        self.earlier.append({**self.content, "reply_markup": self.markup})
        self.content, self.markup, self.edit_date = content, markup, edit_date

    def as_json(self) -> JsonObject:
        """The Message object of the Bot API."""
        shown: JsonObject = {"message_id": self.message_id}
        if self.sender is not None:
            shown["from"] = self.sender
        shown |= {"chat": self.chat.as_json(), "date": self.date}
        if self.edit_date is not None:
            shown["edit_date"] = self.edit_date
        shown |= self.content
        if self.markup is not None and self.markup.kind is Kind.INLINE:
            shown["reply_markup"] = self.markup.as_json()
        return shown

    def __repr__(self) -> str:
        return f"<{self.message_id}: {self}>"

    def __str__(self) -> str:
        kind = next((name for name in ("document", "photo", "contact", "sticker") if name in self.content), "")
        marks = [mark for mark, holds in (("edited", self.edited), ("deleted", self.deleted)) if holds]
        parts = ["bot>" if self.from_bot else "   >", f"[{kind}]" if kind else "", self.text]
        parts += [f"[{label}]" for label in self.labels] + [f"({button.label})" for button in self.keyboard]
        return " ".join(part for part in [*parts, *(f"<{mark}>" for mark in marks)] if part)


@dataclass(eq=False)
class Chat:
    """A private chat, a group or a channel."""

    id: int
    type: str
    names: JsonObject
    messages: list[Message] = field(default_factory=list, repr=False)
    actions: list[str] = field(default_factory=list)
    started: bool = False
    blocked: bool = False
    bot_kicked: bool = False

    @property
    def from_bot(self) -> list[Message]:
        """What the bot said here, deleted messages too, in order."""
        return [message for message in self.messages if message.from_bot]

    @property
    def texts(self) -> list[str]:
        """What the bot's messages say now."""
        return [message.text for message in self.from_bot if not message.deleted]

    @property
    def keyboard(self) -> list[Button]:
        """The reply keyboard that is open now."""
        for message in reversed(self.from_bot):
            if message.keyboard or message.removes_keyboard:
                return message.keyboard
        return []

    def find(self, message_id: int) -> Message | None:
        for message in reversed(self.messages):
            if message.message_id == message_id and not message.deleted:
                return message
        return None

    def as_json(self) -> JsonObject:
        return {"id": self.id, "type": self.type, **self.names}

    def transcript(self) -> str:
        return "\n".join(str(message) for message in self.messages) or "(nothing was said)"

    def __iter__(self) -> Iterator[Message]:
        return iter(self.messages)

    def __len__(self) -> int:
        return len(self.messages)
