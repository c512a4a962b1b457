"""The queue of updates: numbered, kept until confirmed, given out again and again until then.

It follows tdlib's TQueue: an offset confirms all that lies below it; an offset more than ten beyond the newest
number is taken for a mistake, and everything is given out from the oldest on. An update that a test delivers
once more, or with a lower number, is given out at least once whatever the offset says: Telegram's own queue
does so after a crash, with no offset to compare.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from tests.botapi.refusals import JsonObject

KINDS = (
    "message", "edited_message", "channel_post", "edited_channel_post", "business_connection", "business_message",
    "edited_business_message", "deleted_business_messages", "message_reaction", "message_reaction_count",
    "inline_query", "chosen_inline_result", "callback_query", "shipping_query", "pre_checkout_query",
    "purchased_paid_media", "poll", "poll_answer", "my_chat_member", "chat_member", "chat_join_request", "chat_boost",
    "removed_chat_boost",
)  # fmt: skip
NOT_BY_DEFAULT = {"chat_member", "message_reaction", "message_reaction_count"}
DEFAULT_KINDS = frozenset(KINDS) - NOT_BY_DEFAULT
TOLERATED_LEAD = 10
FIRST_UPDATE_ID = 730_000_001


@dataclass(eq=False)
class Pending:
    """An update that the bot has not confirmed yet."""

    update_id: int
    body: JsonObject
    lane: str
    forced: bool = False
    given_out: int = 0
    fails: int = 0
    due_at: float = 0.0
    on_its_way: bool = False

    def as_json(self) -> JsonObject:
        return {"update_id": self.update_id, **self.body}


def lane_of(body: JsonObject) -> str:
    """Which webhook queue an update waits in: messages of a chat in one, button presses of a person in another."""
    for kind, value in body.items():
        if isinstance(value, dict):
            if isinstance(chat := value.get("chat"), dict):
                return f"{'chat' if 'message' in kind or 'post' in kind else kind}:{chat.get('id')}"
            if isinstance(sender := value.get("from"), dict):
                return f"{kind}:{sender.get('id')}"
    return "others"


@dataclass
class UpdateQueue:
    """What waits for the bot."""

    next_id: int = FIRST_UPDATE_ID
    highest: int = 0
    allowed: frozenset[str] = DEFAULT_KINDS
    pending: list[Pending] = field(default_factory=list)
    everything: list[Pending] = field(default_factory=list)

    def allow(self, kinds: object) -> None:
        """Take over `allowed_updates`; an empty list means the default, unknown names mean nothing."""
        if isinstance(kinds, list):
            wanted = frozenset(kind for kind in kinds if kind in KINDS)
            self.allowed = wanted or DEFAULT_KINDS

    def add(self, body: JsonObject, update_id: int | None = None, *, raw: bool = False) -> Pending | None:
        """Queue an update, or drop it when the bot did not ask for its kind (raw ones are always queued)."""
        if not raw and not self.allowed.intersection(body):
            return None
        number = self.next_id if update_id is None else update_id
        added = Pending(number, body, lane_of(body), forced=number <= self.highest)
        self.highest = max(self.highest, number)
        self.next_id = number + 1 if not self.pending else max(self.next_id, number + 1)
        self._queue(added)
        self.everything.append(added)
        return added

    def redeliver(self, update_id: int) -> None:
        """Queue an update again that the bot may have confirmed long ago."""
        found = [update for update in self.everything if update.update_id == update_id]
        if not found:
            raise LookupError(f"no update {update_id} was ever delivered")
        self._queue(Pending(update_id, found[-1].body, found[-1].lane, forced=True))

    def _queue(self, update: Pending) -> None:
        self.pending.append(update)
        self.pending.sort(key=lambda waiting: waiting.update_id)

    def confirm_below(self, offset: int) -> int:
        """Forget what an offset of getUpdates confirms; return the offset to read from."""
        if offset < 0:
            self.pending = self.pending[offset:]
            offset = 0
        if offset == 0 or offset > self.next_id + TOLERATED_LEAD:
            return 0
        self.pending = [
            update for update in self.pending if update.update_id >= offset or (update.forced and not update.given_out)
        ]
        return offset

    def waiting(self, limit: int) -> list[Pending]:
        return self.pending[:limit]

    def give_out(self, limit: int) -> list[JsonObject]:
        given = self.waiting(limit)
        for update in given:
            update.given_out += 1
        return [update.as_json() for update in given]

    def confirm(self, update: Pending) -> None:
        if update in self.pending:
            self.pending.remove(update)

    def clear(self) -> None:
        self.pending.clear()

    def lanes(self) -> Iterator[Pending]:
        """The oldest waiting update of each lane."""
        seen: set[str] = set()
        for update in self.pending:
            if update.lane not in seen:
                seen.add(update.lane)
                yield update
