"""What every measurement of the ears needs: data, test split, encoders, a peer a language, and a place for files."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench import peer
from bench.harness import seconds
from intents.encoders import ENCODERS, Encoders, find_encoders
from intents.parse import Language
from intents.training_data import Example, TrainingData, read_examples, read_training_data

ROOT = Path(__file__).parent.parent


@dataclass(frozen=True)
class Stage:
    data: TrainingData
    split: tuple[Example, ...]
    encoders: Encoders
    runs: int
    folder: Path
    peers: Mapping[Language, Any]
    peers_took: float
    """Seconds to train the peers, one run."""

    @property
    def model_file(self) -> Path:
        return self.folder / "ears.model"

    @property
    def vectors(self) -> Path:
        return self.folder / "ears.vectors"


def set_up(runs: int) -> Stage:
    """Read everything and train the peers."""
    data = read_training_data(ROOT / "intents" / "data")
    splits = {x: read_examples(ROOT / "tests" / "intents" / "split" / f"{x.value}.yml", x) for x in Language}
    folder = ROOT / "var" / "bench"
    folder.mkdir(parents=True, exist_ok=True)
    peers: dict[Language, Any] = {}

    def learn() -> None:
        for x in Language:
            peers[x] = peer.fit(pairs(data.examples, x), letters=x is Language.JA)

    took = seconds(learn)
    split = tuple(one for lines in splits.values() for one in lines)
    return Stage(data, split, find_encoders(ENCODERS), runs, folder, peers, took)


def pairs(examples: Sequence[Example], language: Language) -> list[tuple[str, str]]:
    return [(one.text, one.intent) for one in examples if one.language is language]
