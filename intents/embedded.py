"""The ears inside this process: a classifier that can be exchanged between two messages.

Holds the one classifier in use and offers it as `Ears`. Training a new one happens elsewhere (`training.py`, in a
process or thread of its own); `swap` puts it in place.
"""

from intents.classifier import Classifier, Model
from intents.parse import Language, Parse


class EmbeddedEars:
    """Ears over the embedded classifier.

    A sparse parse takes less than a hop to a thread and back, so it runs where it is called.
    """

    def __init__(self, model: Model) -> None:
        self._classifier = Classifier(model)

    @property
    def model(self) -> Model:
        """The model that the next message will be heard with."""
        return self._classifier.model

    def swap(self, model: Model) -> None:
        """Hear from the next message on with `model`; a message being heard keeps the one it began with."""
        self._classifier = Classifier(model)

    async def parse(self, text: str, language: Language | None = None) -> Parse:
        """Understand `text`; see `Ears.parse`. Never raises."""
        return self._classifier.parse(text, language)
