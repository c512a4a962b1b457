"""Public intent sets from a folder, ten examples an intent: drawn by fixed seeds, or those the set itself brings.

Nothing is fetched, nothing is kept.

Formats, looked for anywhere under the folder:
* BANKING77: `banking_data/train.csv` and `test.csv` with the columns text,category;
* CLINC150: `data_full.json` with `train` and `test`, lists of [text, intent];
* any of the three: `BANKING77|CLINC150|HWU64/{train,test}/seq.in` and `label`, a line each.
"""

import csv
import json
import random
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

Line = tuple[str, str]
AN_INTENT = 10


@dataclass(frozen=True)
class PublicSet:
    """Lines to draw from and lines to be tested on: (text, intent)."""

    train: tuple[Line, ...]
    test: tuple[Line, ...]

    @property
    def is_larger(self) -> bool:
        """Whether there is something to draw: more than ten lines of any intent."""
        return max(Counter(intent for _, intent in self.train).values(), default=0) > AN_INTENT

    def draw(self, seed: int) -> list[Line]:
        """Ten lines of each intent, by the seed."""
        by_intent: dict[str, list[Line]] = defaultdict(list)
        for line in self.train:
            by_intent[line[1]].append(line)
        chance = random.Random(seed)  # noqa: S311  for breadth, not for secrets
        return [
            line
            for intent in sorted(by_intent)
            for line in chance.sample(by_intent[intent], min(AN_INTENT, len(by_intent[intent])))
        ]


def find_set(folder: Path, name: str) -> PublicSet | None:
    """The set called BANKING77, CLINC150 or HWU64; None where the folder has no such set."""
    for train in sorted(folder.glob(f"**/{name}/train/seq.in")):
        test = train.parent.parent / "test"
        if (test / "seq.in").is_file() and (test / "label").is_file():
            return PublicSet(_pair(train.parent), _pair(test))
    if name == "CLINC150":
        for path in sorted(folder.glob("**/data_full.json")):
            data = json.loads(path.read_text(encoding="utf-8"))
            return PublicSet(*(tuple((text, intent) for text, intent in data[part]) for part in ("train", "test")))
    if name == "BANKING77":
        for path in sorted(folder.glob("**/banking_data/train.csv")):
            return PublicSet(_csv(path), _csv(path.with_name("test.csv")))
    return None


def _pair(folder: Path) -> tuple[Line, ...]:
    texts, labels = (_lines(folder / name) for name in ("seq.in", "label"))
    return tuple(zip(texts, labels, strict=True))


def _lines(path: Path) -> Sequence[str]:
    return path.read_text(encoding="utf-8").removesuffix("\n").split("\n")


def _csv(path: Path) -> tuple[Line, ...]:
    with path.open(encoding="utf-8", newline="") as file:
        return tuple((row["text"], row["category"]) for row in csv.DictReader(file))
