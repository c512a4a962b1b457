"""Sending: what the desk says, as Telegram messages, each once, in order, for as long as it takes.

No message of this door has a parse mode: what a customer typed and the desk repeats is never read as markup. Links are
shown without a preview, so Telegram fetches nothing that a customer named.

A reply counts as sent when Telegram says so; what was sent is kept at once (`mark_sent`), so after a kill at most the
one message that was on its way goes out twice. What cannot be sent now is owed: see debts.py.
"""

import asyncio
import logging
from contextlib import suppress
from dataclasses import dataclass, field
from time import monotonic

from aiogram import Bot
from aiogram.methods import AnswerCallbackQuery, SendMessage
from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup, LinkPreviewOptions

from bot.telegram.pace import Backoff, Pace, pause
from bot.telegram.splitting import shorten, split
from bot.telegram.talk import Talk
from bot.telegram.wire import Busy, Down, Gone, Refused, TokenRefused, Trouble, Unreadable, ask
from handlers.dialogue.hearing import columns
from handlers.dialogue.messages import Answer, Choice, Reply

log = logging.getLogger("madoguchi.telegram")

MOST_BUTTONS = 100
BUTTON_COLUMNS = 36
"""Columns that a phone shows of a button's label."""
MOST_KEY_BYTES = 64
SPINNER_SECONDS = 5


@dataclass(frozen=True, slots=True)
class Piece:
    """One Telegram message."""

    text: str = field(repr=False)
    keyboard: InlineKeyboardMarkup | None = field(repr=False, default=None)


def compose(reply: Reply) -> list[Piece]:
    """A reply as messages: the buttons stand under the last one.

    Where a choice is too long for a button on a phone, the text lists all of them and the buttons are their numbers.
    """
    text, choices = reply.text, reply.choices
    if any(columns(choice.label) > BUTTON_COLUMNS for choice in choices):
        listed = "\n".join(f"{number}. {choice.label}" for number, choice in enumerate(choices, start=1))
        text = f"{text}\n\n{listed}"
        choices = tuple(Choice(str(number), choice.key) for number, choice in enumerate(choices, start=1))
    texts = split(text)
    pieces = [Piece(text) for text in texts]
    if pieces and (keyboard := keyboard_of(choices)):
        pieces[-1] = Piece(texts[-1], keyboard)
    return pieces


def keyboard_of(choices: tuple[Choice, ...]) -> InlineKeyboardMarkup | None:
    """One button a row; a choice that Telegram would refuse is left out, for it can be typed as well."""
    rows = [
        [InlineKeyboardButton(text=label, callback_data=choice.key)]
        for choice in choices
        if (label := shorten(choice.label)) and 0 < len(choice.key.encode("utf-8", "replace")) <= MOST_KEY_BYTES
    ]
    return InlineKeyboardMarkup(inline_keyboard=rows[:MOST_BUTTONS]) if rows else None


class Post:
    """Carries messages to chats. Knows which must not be written to yet, and how far it came in what is owed."""

    def __init__(self, bot: Bot, talk: Talk, stopping: asyncio.Event, pace: Pace) -> None:
        self._bot = bot
        self._talk = talk
        self._stopping = stopping
        self._pace = pace
        self._rest_until: dict[str, float] = {}
        self._reached: dict[str, tuple[int, int]] = {}
        self._spinners: set[asyncio.Task[None]] = set()

    def rest(self, chat: str) -> float:
        """How long a chat must not be written to, in seconds."""
        return max(0.0, self._rest_until.get(chat, 0.0) - monotonic())

    async def deliver(self, chat: str, answer: Answer, until: float) -> bool:
        """Send what of an answer has not gone out; gives up when a wait would reach beyond the instant `until`.

        True: nothing of it is owed any more.
        """
        if answer.done:
            return True
        is_news = answer.turn_id not in self._reached
        place, part = max((answer.sent, 0), self._reached.pop(answer.turn_id, (0, 0)))
        try:
            while place < len(answer.replies):
                pieces = compose(answer.replies[place])
                while part < len(pieces):
                    await self._send(chat, pieces[part], until, answer.turn_id)
                    part += 1
                place, part = place + 1, 0
                if place < len(answer.replies):
                    await self._talk.mark_sent(answer.turn_id, place, done=False)
        except Gone as trouble:
            log.info("telegram.chat_gone", extra={"ids": {"turn": answer.turn_id, "error": trouble.kind}})
        except Trouble as trouble:
            self._reached[answer.turn_id] = place, part
            if is_news:
                _tell_owed(answer.turn_id, trouble)
            return False
        except Exception:
            self._reached[answer.turn_id] = place, part
            raise
        return await self._close(answer.turn_id, place)

    async def say(self, chat: str, text: str, thread: int | None = None) -> None:
        """Say something outside a turn. It is tried once: nothing hangs on it."""
        for piece in compose(Reply(text)):
            try:
                await self._send(chat, piece, monotonic(), thread=thread)
            except Trouble as trouble:
                log.warning("telegram.line_not_said", extra={"ids": {"error": trouble.kind}})
                return

    def stop_spinner(self, query_id: str) -> None:
        """Tell Telegram at once that a pressed button was noticed. Too late or twice does no harm."""
        task = asyncio.create_task(self._stop_spinner(query_id))
        self._spinners.add(task)
        task.add_done_callback(self._spinners.discard)

    async def close(self) -> None:
        """End what nobody waits for."""
        spinners = tuple(self._spinners)
        for task in spinners:
            task.cancel()
        await asyncio.gather(*spinners, return_exceptions=True)

    async def _stop_spinner(self, query_id: str) -> None:
        with suppress(Trouble):
            await ask(self._bot, AnswerCallbackQuery(callback_query_id=query_id), SPINNER_SECONDS)

    async def _close(self, turn_id: str, sent: int) -> bool:
        try:
            await self._talk.mark_sent(turn_id, sent, done=True)
        except Exception:
            self._reached[turn_id] = sent, 0
            raise
        return True

    async def _send(
        self, chat: str, piece: Piece, until: float, turn_id: str | None = None, thread: int | None = None
    ) -> None:
        """Send one message. What Telegram refuses for good is left out with an alarm: it must not hold up the rest."""
        for keyboard in dict.fromkeys((piece.keyboard is not None, False)):
            method = SendMessage(
                chat_id=chat,
                text=piece.text,
                message_thread_id=thread,
                reply_markup=piece.keyboard if keyboard else None,
                link_preview_options=LinkPreviewOptions(is_disabled=True),
            )
            try:
                await self._insist(chat, method, until)
            except Unreadable:
                return
            except Refused as trouble:
                ids = {"turn": turn_id, "error": trouble.kind, "buttons": keyboard}
                log.error("telegram.message_refused", extra={"ids": ids})
            else:
                return

    async def _insist(self, chat: str, method: SendMessage, until: float) -> None:
        """Repeat what may go well later. Raises the last trouble when the next try would come after `until`."""
        backoff = Backoff(self._pace.retry)
        trouble, wait = Down("Resting"), self.rest(chat)
        while True:
            if wait and (monotonic() + wait > until or await pause(self._stopping, wait)):
                self._let_rest(chat, wait)
                raise trouble
            try:
                await ask(self._bot, method, self._pace.request)
            except Busy as busy:
                trouble, wait = busy, busy.retry_after
            except Down as down:
                trouble, wait = down, backoff.next()
            else:
                return

    def _let_rest(self, chat: str, seconds: float) -> None:
        now = monotonic()
        self._rest_until = {each: until for each, until in self._rest_until.items() if until > now}
        self._rest_until[chat] = now + seconds


def _tell_owed(turn_id: str, trouble: Trouble) -> None:
    level = logging.ERROR if isinstance(trouble, TokenRefused) else logging.WARNING
    log.log(level, "telegram.replies_owed", extra={"ids": {"turn": turn_id, "error": trouble.kind}})
