"""One small model a test run, with and without an encoder."""

from pathlib import Path

import pytest

from intents.classifier import Model
from intents.encoders import Encoders
from intents.training import train
from tests.intents.lines import small_data, small_encoders


@pytest.fixture(scope="session")
def small_model() -> Model:
    """What is learned of the small lines without any encoder."""
    return train(small_data())


@pytest.fixture(scope="session")
def letters(tmp_path_factory: pytest.TempPathFactory) -> Encoders:
    """English heard by an encoder of letters."""
    return small_encoders(tmp_path_factory.mktemp("encoders"))


@pytest.fixture(scope="session")
def two_halves(letters: Encoders, tmp_path_factory: pytest.TempPathFactory) -> Model:
    """What is learned of the small lines with the encoder of letters."""
    return train(small_data(), encoders=letters, vectors=Path(tmp_path_factory.mktemp("kept")) / "kept.vectors")
