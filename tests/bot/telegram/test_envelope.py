"""The outside of updates, whole and broken: nothing that comes over the wire stops the door."""

from collections.abc import Iterator
from copy import deepcopy
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from bot.telegram.envelope import Envelope, read_envelope
from intents.parse import Language
from tests.bot.telegram.conftest import Door
from tests.bot.telegram.talks import RecordingTalk
from tests.botapi import BotApi

ALICE = {"id": 42, "is_bot": False, "first_name": "Alice", "language_code": "ja"}
MESSAGE = {"message_id": 1, "date": 1_790_000_000, "chat": {"id": 42, "type": "private"}, "from": ALICE}
FILE = {"file_id": "f", "file_unique_id": "u", "file_name": "x.pdf", "file_size": 3}
SAMPLES: dict[str, Any] = {
    "text": {"message": {**MESSAGE, "text": "/start", "entities": [{"type": "bot_command", "offset": 0, "length": 6}]}},
    "document": {"message": {**MESSAGE, "document": FILE, "caption": "here"}},
    "contact": {"message": {**MESSAGE, "contact": {"phone_number": "1", "first_name": "A", "user_id": 42}}},
    "edit": {"edited_message": {**MESSAGE, "edit_date": 1_790_000_001, "text": "changed"}},
    "press": {"callback_query": {"id": "9", "from": ALICE, "chat_instance": "1", "data": "k.0", "message": MESSAGE}},
    "group": {"message": {**MESSAGE, "chat": {"id": -100, "type": "group", "title": "G"}, "text": "/start"}},
}
WRONG: tuple[Any, ...] = (None, 5, -(10**30), "x", "\ud800", [], {}, True)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["update_id", "message", "callback_query", "chat", "from", "id", "type"]), inner
        )
    ),
    max_leaves=20,
)


@given(JSON)
def test_anything_has_an_outside(raw: Any) -> None:
    assert read_envelope(raw).lane


def test_the_outside_of_what_telegram_sends() -> None:
    read = {name: read_envelope({"update_id": 7, **update}) for name, update in SAMPLES.items()}
    private = Envelope(7, "42", "42", Language.JA)
    assert read["text"] == read["contact"] == read["edit"] == private
    assert read["document"] == Envelope(7, "42", "42", Language.JA, is_heavy=True)
    assert read["press"] == Envelope(7, "42", "42", Language.JA, press="9")
    assert read["group"] == Envelope(7, "-100", None, Language.JA)


def broken(update: Any) -> Iterator[Any]:
    """The update with each of its parts left out, and with each of them replaced by something wrong."""
    for path in paths(update):
        for wrong in ("left out", *WRONG):
            copy = deepcopy(update)
            parent = copy
            for step in path[:-1]:
                parent = parent[step]
            if wrong == "left out":
                del parent[path[-1]]
            else:
                parent[path[-1]] = wrong
            yield copy


def paths(part: Any, above: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    steps = part.items() if isinstance(part, dict) else enumerate(part) if isinstance(part, list) else ()
    for step, below in steps:
        yield (*above, step)
        yield from paths(below, (*above, step))


async def test_whatever_is_missing_or_wrong_the_next_one_is_served(
    api: BotApi, talk: RecordingTalk, door: Door
) -> None:
    alice = api.person(id=42, started=True)
    updates = [update for sample in SAMPLES.values() for update in broken(sample)]
    assert len(updates) > 500
    for update in updates:
        api.deliver(update)
    last = alice.says("and now?")
    await api.all_acknowledged(60)
    assert talk.inbounds[-1].delivery == str(last.update_id)
    assert talk.is_square
