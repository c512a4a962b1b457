"""One turn, from what a person sent to what the desk says: the only way from a door into the talk.

Order of things: the words are understood before any transaction; then, in one transaction, the delivery is claimed,
the conversation loaded, the turn played, and everything kept. A delivery that was seen before gets the replies it
got then. Doors send the replies after the commit and say so by `mark_sent`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from handlers.desk.actors import Actor, ActorKind
from handlers.desk.casework import Casework, Controller
from handlers.desk.ports import ConversationRecord, Memory, ParkedUpdate, TurnRecord, UnitOfWork
from handlers.desk.requests import new_id
from handlers.dialogue import engine, hearing
from handlers.dialogue.actions.dates import write_date
from handlers.dialogue.messages import Answer, Choice, Inbound, Reply, dump_replies, load_replies
from handlers.dialogue.notices import Notices
from handlers.dialogue.state import State, load_state
from handlers.dialogue.turn import Turn
from handlers.dialogue.voice import Voice, merge
from intents.companies import Company
from intents.parse import Ears, Language

MASKED = "••••••••"
MOST_A_MINUTE = 60
"""What one chat may send within a minute; nobody writes faster by hand."""
AWAY = timedelta(hours=1)
"""How long a message may have waited before its answer begins with an apology."""


@dataclass(frozen=True)
class Conversation:
    """The talk of one company's desk. Holds no state of any chat; many turns may run side by side."""

    company: Company
    controller: Controller
    memory: Memory
    ears: Ears
    voice: Voice
    code_key: bytes
    clock: Callable[[], datetime]
    committed: Callable[[], None] = lambda: None
    """Called after each turn's commit: letters may be owed now."""

    async def handle(self, inbound: Inbound) -> Answer:
        """Play one turn and commit it. For a delivery that was seen before: what was answered then."""
        heard = hearing.hear(inbound)
        parse = await self.ears.parse(heard.text, heard.language) if heard.text else None
        now = self.clock()
        async with self.memory.begin() as work:
            record, state = await self._open(work, inbound, heard, now)
            fresh = TurnRecord(new_id(), record.id, inbound.channel, inbound.delivery, now, "", "[]")
            seen = await work.conversations.claim(fresh)
            if seen is not None:
                return Answer(seen.id, load_replies(seen.replies), seen.sent, done=seen.done_at is not None)
            if (sent := await work.conversations.heard_since(record.id, now - timedelta(minutes=1))) > MOST_A_MINUTE:
                return await self._keep_quiet(work, fresh, Language(record.language), first=sent == MOST_A_MINUTE + 1)
            casework = Casework(work, self.controller, self.code_key, Actor(ActorKind.CUSTOMER, record.id), now)
            arrived = min(inbound.at, now)
            turn = Turn(state, self.company, casework, self.voice, now, arrived, offered=state.choices)
            awaits_code = state.requested == "code"
            if now - arrived > AWAY:
                turn.say(
                    {
                        "response": "utter_were_away",
                        "day": write_date(self.controller.calendar.day_of(arrived), turn.language),
                    }
                )
            await engine.play(turn, inbound, heard, parse)
            said = turn.said or (MASKED if awaits_code else heard.said)
            replies = self._replies(turn, fresh.id)
            await work.conversations.answer(fresh.id, said, dump_replies(replies))
            await work.conversations.save(
                ConversationRecord(
                    id=record.id,
                    company=record.company,
                    channel=record.channel,
                    chat=record.chat,
                    language=turn.language,
                    created_at=record.created_at,
                    updated_at=now,
                    state=state.dump(),
                )
            )
        self.committed()
        return Answer(fresh.id, tuple(replies))

    async def _keep_quiet(self, work: UnitOfWork, turn: TurnRecord, language: Language, *, first: bool) -> Answer:
        """Read nothing more from a chat that sends too fast: say so once, then nothing until it goes slower."""
        replies = [Reply(self.line("utter_slow_down", language))] if first else []
        await work.conversations.answer(turn.id, "", dump_replies(replies))
        return Answer(turn.id, tuple(replies))

    async def mark_sent(self, turn_id: str, sent: int, *, done: bool) -> None:
        """Keep that `sent` replies of a turn have gone out; `done` when nothing of it is owed any more."""
        async with self.memory.begin() as work:
            await work.conversations.mark_sent(turn_id, sent, self.clock() if done else None)

    async def owed(self, channel: str, before: datetime, limit: int = 50) -> Sequence[tuple[str, Answer]]:
        """(chat, answer) for turns from before an instant whose replies have not all gone out; oldest first."""
        async with self.memory.begin() as work:
            rows = await work.conversations.owed(channel, before, limit)
        return [(chat, Answer(turn.id, load_replies(turn.replies), turn.sent)) for chat, turn in rows]

    async def announce(self, channel: str) -> list[str]:
        """Put due notices into their chats, as turns that are owed; returns this channel's chats that have news."""
        return await Notices(self.company, self.controller, self.memory, self.voice, self.clock).announce(channel)

    async def park(self, channel: str, delivery: str, reason: str, raw: str) -> None:
        """Set an update aside that cannot be handled. `reason` is a constant, never a person's words."""
        parked = ParkedUpdate(new_id(), channel, delivery, self.clock(), reason, raw)
        async with self.memory.begin() as work:
            await work.conversations.park(parked)

    def line(self, response: str, language: Language, **values: str) -> str:
        """The words of one response with `values` in their places, for a door that has to speak outside a turn."""
        return self.voice.line(response, language, **self._names(language), **values)

    async def _open(
        self, work: UnitOfWork, inbound: Inbound, heard: hearing.Heard, now: datetime
    ) -> tuple[ConversationRecord, State]:
        record = await work.conversations.get(self.company.id, inbound.channel, inbound.chat)
        if record is None:
            language = heard.language or inbound.hint or Language.EN
            state = State()
            record = ConversationRecord(
                new_id(), self.company.id, inbound.channel, inbound.chat, language, now, now, state.dump()
            )
            await work.conversations.save(record)
        else:
            state = load_state(record.state)
            language = Language(record.language)
        state.slots.update({"language": language, **self._names(language)})
        return record, state

    def _names(self, language: Language) -> dict[str, str]:
        called = self.company.aliases[0] if self.company.aliases else self.company.name[language]
        return {"company": called, "desk": self.company.desk[language]}

    def _replies(self, turn: Turn, turn_id: str) -> list[Reply]:
        """The turn's words as messages. Buttons carry the turn's token: those of an older turn are known by it.

        All buttons of this turn work; those of its last message come first, for a typed number means one of them.
        Where nothing was said or chosen (an edit, a sticker, a stale button), the buttons that work go on working.
        """
        token, offered = turn_id[:12], list[tuple[str, str]]()
        replies: list[Reply] = []
        for each in reversed(merge(turn.utterances)):
            numbered = enumerate(each.choices, start=len(offered))
            replies.append(Reply(each.text, tuple(Choice(label, f"{token}.{n}") for n, (label, _) in numbered)))
            offered += each.choices
        if offered or turn.text or turn.intent:
            turn.state.choices, turn.state.token = offered, token
        return replies[::-1]
