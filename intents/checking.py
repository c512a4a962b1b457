"""Judging training lines before anything learns from them.

Refused: a line in two intents or twice in one, an intent with too few lines or test lines or an unknown name, and a
test line that is nearly a training line. Reading the files, and the faults of their YAML, are `training_data.py`.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from itertools import product

import numpy as np
from scipy.sparse import csr_matrix

from intents.catalogue import CATALOGUE, TEST_LINES_OWED, lines_owed
from intents.features import normalise
from intents.parse import Language
from intents.training_data import Example, Fault, TrainingData

SIMILAR = 0.8
"""Two lines that share this much of their character trigrams (Jaccard) are nearly the same line."""

_LETTERS_JUDGED = 12
"""Shorter lines ("yes please") meet by nature; of these only the very same one is refused."""


def check(data: TrainingData, split: TrainingData | None = None, own: Collection[str] = ()) -> tuple[Fault, ...]:
    """Every fault of the training lines, and of the test `split` beside them, in order of file and line.

    `own` names the intents a company adds to the catalogue.
    """
    faults = [*_names(data, own), *_numbers(data, own), *_clashes(data)]
    if split is not None:
        faults += [*_names(split, own), *_untested(split, own), *_clashes(split), *_leaks(data, split)]
    return tuple(sorted(faults, key=lambda fault: (fault.file, fault.line, fault.message)))


def _names(data: TrainingData, own: Collection[str]) -> Iterator[Fault]:
    """An intent that neither the catalogue nor the company knows, once for each file."""
    seen: set[tuple[str, str]] = set()
    for example in data.examples:
        key = (example.file, example.intent)
        if example.intent not in CATALOGUE and example.intent not in own and key not in seen:
            seen.add(key)
            yield Fault(example.file, example.line, f"unknown intent {example.intent}")


def _numbers(data: TrainingData, own: Collection[str]) -> Iterator[Fault]:
    """An intent with fewer different lines than it owes, in any language."""
    counted, places = _different(data)
    for language, intent in _owing(own):
        count, owed = counted[language, intent], lines_owed(intent)
        if count < owed:
            where = places.get((language, intent), f"{language.value}/{intent}.yml")
            yield Fault(where, 0, f"{intent} has {count} different lines in {language.value}, and needs {owed}")


def _untested(split: TrainingData, own: Collection[str]) -> Iterator[Fault]:
    """An intent with fewer different test lines than it owes, in any language."""
    counted, places = _different(split)
    for language, intent in _owing(own):
        count = counted[language, intent]
        if count < TEST_LINES_OWED:
            first = next((example.file for example in split.of(language)), f"{language.value}.yml")
            where = places.get((language, intent), first)
            message = f"{intent} is tested by {count} different lines in {language.value}, and needs {TEST_LINES_OWED}"
            yield Fault(where, 0, message)


def _owing(own: Collection[str]) -> Iterator[tuple[Language, str]]:
    return product(Language, sorted(CATALOGUE | set(own)))


def _different(data: TrainingData) -> tuple[Counter[tuple[Language, str]], dict[tuple[Language, str], str]]:
    """How many different lines each intent has in each language, and the first file where it has one."""
    lines = {(each.language, each.intent, normalise(each.text)) for each in data.examples}
    places: dict[tuple[Language, str], str] = {}
    for each in data.examples:
        places.setdefault((each.language, each.intent), each.file)
    return Counter((language, intent) for language, intent, _ in lines), places


def _clashes(data: TrainingData) -> Iterator[Fault]:
    """The same line, but for case, width and spaces, in two intents, in whichever language; or twice as written."""
    first: dict[str, Example] = {}
    written: dict[tuple[Language, str, str], Example] = {}
    for example in data.examples:
        before = first.setdefault(normalise(example.text), example)
        if before.intent != example.intent:
            message = f"this line of {example.intent} also stands in {before.intent} ({before.file}:{before.line})"
            yield Fault(example.file, example.line, message)
        twin = written.setdefault((example.language, example.intent, example.text), example)
        if twin is not example:
            yield Fault(example.file, example.line, f"the same line stands in {twin.file}:{twin.line}")


def _leaks(data: TrainingData, split: TrainingData) -> Iterator[Fault]:
    """Test lines that are training lines, or nearly."""
    for language in Language:
        learned, asked = data.of(language), split.of(language)
        if not learned or not asked:
            continue
        for row, (column, share) in enumerate(_nearest(asked, learned)):
            near = learned[column]
            letters = _letters(asked[row])
            same = letters == _letters(near)
            if same or (share >= SIMILAR and len(letters) >= _LETTERS_JUDGED):
                kind = "is" if same else "is nearly"
                message = f"this test line {kind} a training line ({near.file}:{near.line})"
                yield Fault(asked[row].file, asked[row].line, message)


def _nearest(asked: Sequence[Example], learned: Sequence[Example]) -> list[tuple[int, float]]:
    """For each asked line the learned line that shares most trigrams, and how much (Jaccard, 0 to 1)."""
    numbers: dict[str, int] = {}
    sets = [_trigrams(_letters(e), numbers) for e in [*learned, *asked]]
    starts = np.concatenate([[0], np.cumsum([len(s) for s in sets])])
    flat = np.concatenate([np.asarray(sorted(s), np.int32) for s in sets])
    table = csr_matrix((np.ones(len(flat), np.float32), flat, starts), shape=(len(sets), max(len(numbers), 1)))
    sizes = np.asarray([len(s) for s in sets], np.float32)
    found: list[tuple[int, float]] = []
    old, old_sizes = table[: len(learned)], sizes[: len(learned)]
    for i in range(len(asked)):
        shared = (old @ table[len(learned) + i].T).toarray().ravel()
        jaccard = shared / np.maximum(old_sizes + sizes[len(learned) + i] - shared, 1.0)
        best = int(jaccard.argmax())
        found.append((best, float(jaccard[best])))
    return found


def _letters(example: Example) -> str:
    """What makes a line itself: letters and digits; all of it where it has none, as an emoji."""
    normal = normalise(example.text)
    return "".join(c for c in normal if c.isalnum()) or normal


def _trigrams(letters: str, numbers: dict[str, int]) -> set[int]:
    padded = f" {letters} "
    return {numbers.setdefault(padded[i : i + 3], len(numbers)) for i in range(len(padded) - 2)}
