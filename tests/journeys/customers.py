"""Customers as a journey plays them: each says or presses something, and sees what the desk answers to just that."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.botapi import BotApi, Button, Message, Person
from tests.journeys.people import Registered
from tests.mailbox import Letter, MailServer

REFERENCE = re.compile(r"M-[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{2}")
CODE = re.compile(r"(?<!\d)\d{8}(?!\d)")
_LISTED = re.compile(r"^(\d+)\. (.+)$", re.MULTILINE)
FILE = ("Yes, file it", "はい、この内容で送る")
"""The button that puts a request on file; it stands first under the last look."""
MOST_QUESTIONS = 8
SHORTEST_CANARY = 8
"""Signs from which a typed text is somebody's own; shorter ones ("yes", "1") might stand in a log by chance."""


@dataclass(frozen=True)
class Reply:
    """What the desk answered to one thing: its messages, and what can be chosen under the last of them."""

    texts: tuple[str, ...]
    choices: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        return "\n\n".join(self.texts)

    @property
    def references(self) -> list[str]:
        """The references of requests that it names, in order, each once."""
        return list(dict.fromkeys(REFERENCE.findall(self.text)))

    @property
    def reference(self) -> str:
        [only] = self.references
        return only

    def __contains__(self, words: str) -> bool:
        return words in self.text

    def __str__(self) -> str:
        return "\n".join([self.text, *(f"[{each}]" for each in self.choices)])


def offered(message: Message) -> dict[str, Button]:
    """What can be chosen under a message, in its words: those on the button, or those that its number stands for."""
    listed = dict(_LISTED.findall(message.text))
    return {listed.get(button.label, button.label): button for button in message.buttons}


@dataclass(eq=False)
class Customer:
    """Somebody with a phone, a mailbox and, as a rule, a place in the register."""

    api: BotApi
    mail: MailServer
    person: Person
    record: Registered
    canaries: set[str]
    """Takes up every personal string of this customer, to be looked for in the logs."""
    _seen: int = field(default=0, init=False)

    def __post_init__(self) -> None:
        self.canaries |= self.record.personal

    @property
    def is_japanese(self) -> bool:
        return bool(self.person.user["language_code"] == "ja")

    # What they do, and what they see of it

    async def says(self, text: str, **fields: Any) -> Reply:
        return await self._acts(lambda: self.writes(text, **fields).update_id)

    async def presses(self, words: str, *, among: int = 1) -> Reply:
        """Press the one button for these words, under the desk's last message, or its last ones."""
        message, button = self.button(words, among=among)
        return await self._acts(lambda: self.person.presses(button.label, message).update_id)

    def button(self, words: str, *, among: int = 1) -> tuple[Message, Button]:
        """The one button whose choice has these words, with its message."""
        shown = self.person.chat.from_bot[-among:]
        found = [(each, button) for each in shown for choice, button in offered(each).items() if words in choice]
        assert len(found) == 1, f"{len(found)} buttons for {words!r}:\n{self.person.chat.transcript()}"
        return found[0]

    async def presses_data(self, data: str, **fields: Any) -> Reply:
        return await self._acts(lambda: self.person.presses_data(data, **fields).update_id)

    async def sends_document(self, content: bytes, name: str, **fields: Any) -> Reply:
        return await self._acts(lambda: self.person.sends_document(content, name, **fields).update_id)

    async def sends_photo(self, content: bytes, **fields: Any) -> Reply:
        return await self._acts(lambda: self.person.sends_photo(content, **fields).update_id)

    async def shares_contact(self, number: str, **fields: Any) -> Reply:
        return await self._acts(lambda: self.person.shares_contact(number, **fields).update_id)

    async def edits(self, message: Message, text: str) -> Reply:
        def edit() -> int:
            self.person.edits(message, text)
            return self.api.cloud.queue.everything[-1].update_id

        self.canaries.add(text)
        return await self._acts(edit)

    async def follows(self, *steps: str) -> Reply:
        """Say one thing after the other; returns what came last."""
        replies = [await self.says(step) for step in steps]
        return replies[-1]

    def writes(self, text: str, **fields: Any) -> Message:
        """Send a text and wait for nothing."""
        if len(text) >= SHORTEST_CANARY:
            self.canaries.add(text)
        return self.person.says(text, **fields)

    async def hears(self, n: int = 1, timeout: float | None = None) -> Reply:  # noqa: ASYNC109 - a test's own patience
        """Wait for n messages of the desk that were not seen yet."""
        await self.api.until(
            lambda: len(self.person.chat.from_bot) - self._seen >= n,
            f"{n} messages in the chat:\n{self.person.chat.transcript()}\n",
            timeout,
        )
        return self.looks(n)

    async def hears_after(self, text: str) -> Reply:
        """Say something and wait for one message, not for the end of the update."""
        self.writes(text)
        return await self.hears()

    async def hears_nothing(self) -> None:
        """Wait until the desk is done with everything; then nothing may be there that was not seen yet."""
        await self.api.all_acknowledged(30)
        unseen = self.looks()
        assert unseen.texts == (), unseen.text

    def looks(self, n: int | None = None) -> Reply:
        """The messages that were not seen yet, as they are now."""
        messages = self.person.chat.from_bot[self._seen :][:n]
        self._seen += len(messages)
        return Reply(tuple(each.text for each in messages), tuple(offered(messages[-1])) if messages else ())

    # The way to a request

    async def code(self) -> str:
        """The code from the next letter to the registered address."""
        return self.code_in(await self.mail.arrives(to=self.record.email, timeout=30))

    def code_in(self, letter: Letter) -> str:
        [code] = CODE.findall(letter.text)
        self.canaries.add(code)
        return str(code)

    async def proves(self) -> Reply:
        """Name the registered address, and type the code that comes there."""
        await self.says(self.record.email)
        return await self.says(await self.code())

    async def asks_for_everything(self) -> Reply:
        """Ask for disclosure of everything, up to the question for the address."""
        if self.is_japanese:
            return await self.follows("私の情報を開示してください", "すべて", "電子データで")
        return await self.follows("I want to see what you have on me", "everything", "electronically")

    async def comes_to_the_summary(self) -> Reply:
        """Ask for disclosure of everything, and prove the address, up to the last look before it is filed."""
        await self.asks_for_everything()
        return await self.goes_on_to_the_summary(await self.proves())

    async def goes_on_to_the_summary(self, reply: Reply) -> Reply:
        """Up to the last look: whatever is asked until then, this customer would rather not say (the last button)."""
        for _ in range(MOST_QUESTIONS):
            if reply.choices and reply.choices[0] in FILE:
                return reply
            reply = await self.presses(reply.choices[-1])
        raise AssertionError(f"no end of questions:\n{self.person.chat.transcript()}")

    async def files(self, reply: Reply) -> str:
        """Go on to the last look and say yes; returns the reference."""
        await self.goes_on_to_the_summary(reply)
        return await self.files_at_once()

    async def files_at_once(self) -> str:
        """Say yes to the last look; returns the reference."""
        return (await self.says("はい" if self.is_japanese else "yes")).reference

    async def own_references(self) -> list[str]:
        """What the desk says this customer has on file, newest first."""
        return (await self.says("/mycases")).references

    # Behind the scenes

    async def _acts(self, act: Callable[[], int | None]) -> Reply:
        """Do something, and see what is there when the desk is done with that update."""
        update_id = act()
        assert update_id is not None
        await self.api.until(
            lambda: update_id not in self.api.unconfirmed,
            f"the end of an update; the chat:\n{self.person.chat.transcript()}\n",
            30,
        )
        return self.looks()
