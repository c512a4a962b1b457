"""Text to features: one normal form, the language by its script, and weighted n-grams.

Everything here is a pure function of its arguments, bounded in time by `LONGEST` characters, and raises nothing
for any string. What is learned from features is `classifier.py`.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from intents.parse import Language

LONGEST = 1000
"""Characters that are read of a message; of a longer one the beginning and the end."""

_HEAD, _TAIL = 600, 400
_JAPANESE = re.compile(r"[\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff々〆ヶ]")
_LATIN = re.compile(r"[a-z\u00df-\u024f]")
_STRETCHED = re.compile(r"(.)\1{2,}")
_SPACES = re.compile(r"\s+")
_APOSTROPHES = str.maketrans({"\u2018": "'", "\u2019": "'", "\u02bc": "'", "`": "'", "\u00b4": "'"})
_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*|[^\w\s]")
_RUN = re.compile(r"[\u4e00-\u9fff\u3400-\u4dbf々〆ヶ]+|[\u30a0-\u30ff]+|[a-z0-9]+|[^\w\s]")
_HIRAGANA_ONLY = re.compile(r"[\u3040-\u309fー、。!?\s]+")
_ROMAJI_WORD = re.compile(r"(?:(?:[kgsztdnhbpmyrwfj]|ky|gy|sh|ch|ts|ny|hy|by|py|my|ry|[kstpcg]{2}|ssh|tch)?[aiueo]|n)+")
_ROMAJI_SIGN = re.compile(
    "kudasai|desu|masu|shite|onegai|onegaishimasu|wo|watashi|no|ga|wa|kojin|jouhou|joho|shimasu|shitai|desuka|masuka"
    "|arigatou|arigato|konnichiwa|nihongo|suru|kara|dare|dou|nani|sumimasen|hai|iie|ka|ni"
)


def normalise(text: str) -> str:
    """The one form that training and reading share: at most `LONGEST` characters, NFKC, lower case, single spaces.

    Full width becomes half width (and half-width katakana full), control and invisible characters go, a letter
    stretched three times or more shrinks to two ("plsssss", "えーーー").
    """
    if len(text) > LONGEST:
        text = text[:_HEAD] + " " + text[-_TAIL:]
    if text.isascii():
        folded = text.lower()
    else:
        folded = unicodedata.normalize("NFKC", text).translate(_APOSTROPHES).casefold()[: 2 * LONGEST]
    kept = "".join(c if c.isprintable() else " " if c.isspace() else "" for c in folded)
    return _SPACES.sub(" ", _STRETCHED.sub(r"\1\1", kept)).strip()


def language_of(normal: str) -> Language | None:
    """The language that a normalised text is written in, by its script; None where it has neither's letters.

    Latin words made of Japanese syllables ("kojin jouhou wo keshite") are Japanese. A sentence of both goes where
    it has more: one kana or kanji weighs as much as three Latin letters.
    """
    japanese, latin = len(_JAPANESE.findall(normal)), len(_LATIN.findall(normal))
    if not japanese and not latin:
        return None
    if japanese * 3 >= latin:
        return Language.JA
    return Language.JA if not japanese and is_romaji(normal) else Language.EN


def is_romaji(normal: str) -> bool:
    """Whether a Latin text is Japanese spelled out: every word is made of its syllables, some are its commonest."""
    words = re.findall(r"[a-z']+", normal)
    syllabic = sum(1 for word in words if _ROMAJI_WORD.fullmatch(word))
    signs = sum(1 for word in words if _ROMAJI_SIGN.fullmatch(word))
    return len(words) >= 2 and syllabic >= 0.8 * len(words) and signs >= max(1, len(words) // 5)


def english_grams(normal: str) -> tuple[list[str], ...]:
    """Two blocks: words 1-2, and characters 1-5 within each word and its borders."""
    words = _WORD.findall(normal)
    word_grams = words + [f"{a} {b}" for a, b in pairwise(words)]
    pieces: list[str] = []
    for word in words:
        bordered = f"_{word}_"
        size = len(bordered)
        for n in range(2, 6):
            if n >= size:
                pieces.append(bordered)
                break
            pieces += [bordered[i : i + n] for i in range(size - n + 1)]
    return word_grams, pieces


def japanese_grams(normal: str) -> tuple[list[str], ...]:
    """Three blocks: characters 1-2, the same without hiragana-only ones, and runs of one script."""
    tight = normal.replace(" ", "")
    grams = list(tight) + [tight[i : i + 2] for i in range(len(tight) - 1)]
    solid = [gram for gram in grams if not _HIRAGANA_ONLY.fullmatch(gram)]
    return grams, solid, _RUN.findall(normal)


BLOCK_WEIGHTS: Mapping[Language, tuple[float, ...]] = {Language.EN: (1.0, 1.0), Language.JA: (0.5, 1.0, 0.5)}
"""How much each block of a language counts beside the others; each block is a unit vector times this."""

_GRAMS = {Language.EN: english_grams, Language.JA: japanese_grams}


def grams_of(normal: str, language: Language) -> tuple[list[str], ...]:
    """The n-grams of a normalised text, one list for each of the language's blocks."""
    return _GRAMS[language](normal)


@dataclass(frozen=True)
class Vocabulary:
    """Which n-gram is which column, and how rare it is. One per language; a block's columns are its own."""

    language: Language
    columns: tuple[Mapping[str, int], ...]
    rarity: npt.NDArray[np.float32]

    def weigh(self, normal: str) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.float32]]:
        """Columns and values of one text: sublinear tf-idf, each block a unit vector times its weight."""
        indices: list[npt.NDArray[np.int32]] = []
        values: list[npt.NDArray[np.float32]] = []
        blocks = grams_of(normal, self.language)
        for grams, known, weight in zip(blocks, self.columns, BLOCK_WEIGHTS[self.language], strict=True):
            counts: dict[int, int] = {}
            for gram in grams:
                column = known.get(gram)
                if column is not None:
                    counts[column] = counts.get(column, 0) + 1
            if not counts:
                continue
            index = np.fromiter(counts, np.int32, len(counts))
            times = np.fromiter(counts.values(), np.float32, len(counts))
            value = (np.float32(1.0) + np.log(times)) * self.rarity[index]
            indices.append(index)
            values.append(value * np.float32(weight / float(np.sqrt(value @ value))))
        if not indices:
            return np.empty(0, np.int32), np.empty(0, np.float32)
        return np.concatenate(indices), np.concatenate(values)


def learn_vocabulary(normals: Sequence[str], language: Language, fewest: int = 1) -> Vocabulary:
    """Give every n-gram that stands in at least `fewest` texts a column, in sorted order, with its smoothed idf."""
    frequencies: list[dict[str, int]] = [{} for _ in BLOCK_WEIGHTS[language]]
    for normal in normals:
        for grams, frequency in zip(grams_of(normal, language), frequencies, strict=True):
            for gram in set(grams):
                frequency[gram] = frequency.get(gram, 0) + 1
    columns: list[dict[str, int]] = []
    rarity: list[float] = []
    for frequency in frequencies:
        kept = sorted(gram for gram, count in frequency.items() if count >= fewest)
        columns.append({gram: len(rarity) + i for i, gram in enumerate(kept)})
        rarity += [float(np.log((1 + len(normals)) / (1 + frequency[gram]))) + 1.0 for gram in kept]
    return Vocabulary(language, tuple(columns), np.asarray(rarity, np.float32))
