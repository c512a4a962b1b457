"""A new model is put in place between two messages: none is lost, and none is heard by half of each."""

import asyncio
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from intents.classifier import Classifier, Model
from intents.embedded import EmbeddedEars
from intents.encoders import Encoder, Encoders, Floats
from intents.model_file import save_model
from intents.parse import Language
from intents.training import train
from intents.training_data import TrainingData
from tests.intents.lines import example, small_data

TEXTS = ("wipe my file", "hello", "how many yen", "手数料は", "what do you keep about me", "zzz", "")


@pytest.fixture(scope="module")
def other(letters: Encoders) -> Model:
    """The same lines, but nobody says hello any more: they mean to say thank you."""
    lines = [example(e.text, "thank" if e.intent == "greet" else e.intent, e.language) for e in small_data().examples]
    return train(TrainingData(tuple(lines)), encoders=letters)


@pytest.fixture
def ears(two_halves: Model, letters: Encoders) -> Iterator[EmbeddedEars]:
    opened = EmbeddedEars(two_halves, letters)
    yield opened
    opened.close()


async def test_it_hears_what_the_classifier_hears(ears: EmbeddedEars, two_halves: Model, letters: Encoders) -> None:
    straight = Classifier(two_halves, letters.by_language)
    for text in TEXTS:
        assert await ears.parse(text, Language.JA) == straight.parse(text, Language.JA)


async def test_swapping_under_load_loses_nothing_and_mixes_nothing(
    ears: EmbeddedEars, two_halves: Model, other: Model, letters: Encoders
) -> None:
    whole = [Classifier(model, letters.by_language) for model in (two_halves, other)]
    expected = {text: [one.parse(text) for one in whole] for text in TEXTS}
    done = threading.Event()

    def swap() -> None:
        while not done.is_set():
            ears.swap(other)
            ears.swap(two_halves)

    thread = threading.Thread(target=swap)
    thread.start()
    try:
        heard = await asyncio.gather(*(ears.parse(text) for text in TEXTS * 60))
    finally:
        done.set()
        thread.join()
    assert [parse.text for parse in heard] == list(TEXTS * 60)
    assert [parse for parse in heard if parse not in expected[parse.text]] == []


async def test_a_model_trained_elsewhere_is_taken_up_and_a_broken_one_is_not(
    ears: EmbeddedEars, two_halves: Model, other: Model, tmp_path: Path
) -> None:
    path = tmp_path / "model.madoguchi"
    save_model(two_halves, path)
    following = asyncio.create_task(ears.follow(path, every=0.001))
    try:
        await asyncio.sleep(0)
        for model in (other, two_halves):
            save_model(model, path)
            wanted = "thank" if model is other else "greet"
            async with asyncio.timeout(30):
                while (await ears.parse("hello")).intent != wanted:  # noqa: ASYNC110  what is awaited sets no event
                    await asyncio.sleep(0.001)
        await asyncio.to_thread(path.write_bytes, b"no model")
        await asyncio.sleep(0.05)
        assert (await ears.parse("hello")).intent == "greet"
        assert not following.done()
    finally:
        following.cancel()


class Slow:
    """An encoder that waits until it is let go."""

    def __init__(self, inner: Encoder) -> None:
        self._inner = inner
        self.begun, self.go = threading.Event(), threading.Event()

    @property
    def fingerprint(self) -> str:
        return self._inner.fingerprint

    @property
    def width(self) -> int:
        return self._inner.width

    def encode(self, texts: Sequence[str]) -> Floats:
        self.begun.set()
        assert self.go.wait(30)
        return self._inner.encode(texts)


async def test_a_message_being_heard_keeps_the_model_it_began_with_and_holds_up_nobody(
    two_halves: Model, other: Model, letters: Encoders
) -> None:
    text = next(text for text in TEXTS if Classifier(two_halves, letters.by_language).glance(text).rest is not None)
    slow = Slow(letters.by_language[Language.EN])
    ears = EmbeddedEars(two_halves, Encoders({Language.EN: slow}))
    try:
        begun = asyncio.create_task(ears.parse(text))
        assert await asyncio.to_thread(slow.begun.wait, 30), "the second look leaves the event loop"
        ears.swap(other)
        assert ears.model is other
        assert (await ears.parse("手数料は")).intent == "ask_fees", "others are heard meanwhile"
        slow.go.set()
        assert await begun == Classifier(two_halves, letters.by_language).parse(text)
        assert (await ears.parse("hello")).intent != "greet"
    finally:
        slow.go.set()
        ears.close()


async def test_training_runs_outside_the_loop_while_messages_are_heard(ears: EmbeddedEars) -> None:
    on_loop = threading.get_ident()
    told_by: set[int] = set()
    training = asyncio.create_task(
        asyncio.to_thread(train, small_data(), lambda _: told_by.add(threading.get_ident()), ears.encoders)
    )
    heard = 0
    while not training.done():
        await ears.parse("hello")
        heard += 1
        await asyncio.sleep(0)
    ears.swap(await training)
    assert heard > 0
    assert told_by
    assert on_loop not in told_by
    assert (await ears.parse("hello there")).intent == "greet"


async def test_it_may_be_closed_twice_and_unused(two_halves: Model) -> None:
    ears = EmbeddedEars(two_halves)
    ears.close()
    ears.close()
    assert (await ears.parse("hello")).intent == "greet"
