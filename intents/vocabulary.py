"""Which n-grams of many texts are worth a column, and the texts as a sparse table of those columns.

Gives the same numbers as `Vocabulary.weigh` does text by text, for all texts at once: an n-gram is made once.
"""

from collections import Counter
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix, hstack

from intents.features import BLOCK_WEIGHTS, Vocabulary, grams_of
from intents.parse import Language


def learn_vocabulary(normals: Sequence[str], language: Language, fewest: int = 1) -> tuple[Vocabulary, csr_matrix]:
    """Give every n-gram that stands in at least `fewest` texts a column, in sorted order, with its smoothed idf.

    Returns the vocabulary and the weights of the texts, a row each.
    """
    blocks = zip(*(grams_of(normal, language) for normal in normals), strict=True)
    columns: list[dict[str, int]] = []
    rarities: list[npt.NDArray[np.float32]] = []
    tables: list[csr_matrix] = []
    begin = 0
    for grams, weight in zip(blocks, BLOCK_WEIGHTS[language], strict=True):
        kept, rarity, table = _learn_block(grams, weight, fewest)
        columns.append({gram: begin + place for place, gram in enumerate(kept)})
        rarities.append(rarity)
        tables.append(table)
        begin += len(kept)
    table = hstack(tables, format="csr", dtype=np.float32)
    return Vocabulary(language, tuple(columns), np.concatenate(rarities)), table


def _learn_block(
    grams: Sequence[list[str]], weight: float, fewest: int
) -> tuple[list[str], npt.NDArray[np.float32], csr_matrix]:
    """The n-grams kept of one block, sorted, their rarity, and the block's weights, a row a text."""
    counted = [Counter(of_text) for of_text in grams]
    lengths = np.fromiter(map(len, counted), np.int64, len(counted))
    names = [gram for count in counted for gram in count]
    frequency = Counter(names)
    kept = sorted(gram for gram, texts in frequency.items() if texts >= fewest)
    place = {gram: column for column, gram in enumerate(kept)}
    rarity = np.asarray([np.log((1 + len(grams)) / (1 + frequency[gram])) + 1.0 for gram in kept], np.float32)

    column = np.fromiter((place.get(gram, -1) for gram in names), np.int32, len(names))
    times = np.fromiter((times for count in counted for times in count.values()), np.float32, len(names))
    row = np.repeat(np.arange(len(grams)), lengths)
    known = column >= 0
    row, column, times = row[known], column[known], times[known]
    value = (np.float32(1.0) + np.log(times)) * rarity[column]
    length = np.sqrt(np.bincount(row, value * value, len(grams)))
    value *= np.float32(weight) / np.maximum(length, 1e-9).astype(np.float32)[row]
    table = csr_matrix((value, (row, column)), shape=(len(grams), len(kept)))
    table.sort_indices()
    return kept, rarity, table
