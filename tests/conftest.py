"""What many tests share: one trained model a test run, and a fresh desk on a real SQLite file."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from hypothesis import settings

from bot.wiring import DATA
from intents.embedded import EmbeddedEars
from intents.encoders import ENCODERS, Encoders, find_encoders
from intents.training import ready_model
from tests.factories import OpenDesk, open_test_desk

settings.register_profile("house", deadline=None)  # how long an example takes says how busy the machine is
settings.load_profile("house")

MODEL = Path(__file__).parents[1] / "var" / "tests" / "model.madoguchi"


@pytest.fixture(scope="session")
def encoders() -> Encoders:
    """Those that set-up made; where it could make none, the desk is tested as it then serves."""
    return find_encoders(ENCODERS)


@pytest.fixture(scope="session")
def model_path(encoders: Encoders) -> Path:
    """The trained model, made once and kept between runs as long as the data and the encoders are the same."""
    MODEL.parent.mkdir(parents=True, exist_ok=True)
    ready_model(DATA, MODEL, lambda _: None, encoders)
    return MODEL


@pytest.fixture(scope="session")
def ears(model_path: Path, encoders: Encoders) -> EmbeddedEars:
    return EmbeddedEars(ready_model(DATA, model_path, lambda _: None, encoders), encoders)


@pytest.fixture
async def desk(tmp_path: Path, ears: EmbeddedEars) -> AsyncIterator[OpenDesk]:
    """Planet Management's desk."""
    async with open_test_desk(tmp_path, ears) as opened:
        yield opened
