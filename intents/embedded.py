"""The ears inside this process: a classifier that can be exchanged between two messages.

Holds the one classifier in use and offers it as `Ears`. The first look takes less than a hop to a thread and back, so
it runs where it is called; only the second, with an encoder, leaves the event loop. Training a new model happens
elsewhere (`training.py`, in a thread or process of its own); `swap` puts it in place, and `follow` does so whenever
another process has trained one.
"""

import asyncio
import logging
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from intents.classifier import Classifier, Model
from intents.encoders import Encoders
from intents.model_file import UnusableModelError, load_model
from intents.parse import Language, Parse

_NO_ENCODERS = Encoders()
_THREADS = 2
_LOOK_EVERY = 2.0
"""Seconds between two looks at the model's file."""

log = logging.getLogger("madoguchi.ears")


class EmbeddedEars:
    """Ears over the embedded classifier. Safe to use from several tasks, and to swap from any thread."""

    def __init__(self, model: Model, encoders: Encoders = _NO_ENCODERS) -> None:
        self._encoders = encoders
        self._classifier = Classifier(model, encoders.by_language)
        self._threads: ThreadPoolExecutor | None = None

    @property
    def model(self) -> Model:
        """The model that the next message will be heard with."""
        return self._classifier.model

    @property
    def encoders(self) -> Encoders:
        """The encoders it hears with; a model to swap in is trained with the same."""
        return self._encoders

    def swap(self, model: Model) -> None:
        """Hear from the next message on with `model`; a message being heard keeps the one it began with."""
        self._classifier = Classifier(model, self._encoders.by_language)

    async def parse(self, text: str, language: Language | None = None) -> Parse:
        """Understand `text`; see `Ears.parse`. Never raises."""
        classifier = self._classifier
        glance = classifier.glance(text, language)
        if glance.rest is None:
            return glance.parse
        if self._threads is None:
            self._threads = ThreadPoolExecutor(_THREADS, "ears")
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._threads, classifier.look_again, glance.parse, glance.rest)

    async def follow(self, path: Path, every: float = _LOOK_EVERY) -> None:
        """Take up each model that is put at `path`, until cancelled. A file that is no model changes nothing."""
        seen = _stamp(path)
        while True:
            await asyncio.sleep(every)
            now = _stamp(path)
            if now in (None, seen):
                continue
            seen = now
            try:
                self.swap(await asyncio.to_thread(load_model, path))
            except UnusableModelError:
                log.warning("model_unusable")
            else:
                log.info("model_taken_up")

    def close(self) -> None:
        """Let go of the threads, after the last message."""
        if self._threads is not None:
            self._threads.shutdown(wait=False, cancel_futures=True)
            self._threads = None


def _stamp(path: Path) -> tuple[int, int] | None:
    """What changes whenever another file is put at `path`; None where there is none."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_ino, found.st_mtime_ns
