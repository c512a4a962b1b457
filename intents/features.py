"""Text to features: one normal form, the language by its script, and weighted n-grams.

Everything here is a pure function of its arguments, bounded in time by `LONGEST` characters, and raises nothing
for any string. What is learned from features is `classifier.py`.
"""

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain, pairwise

import numpy as np
import numpy.typing as npt

from intents.parse import Language

LONGEST = 1000
"""Characters that are read of a message; of a longer one the beginning and the end."""

_HEAD, _TAIL = 600, 400
_JAPANESE = re.compile(r"[\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff々〆ヶ]")
_LATIN = re.compile(r"[a-z\u00df-\u024f]")
_LATIN_WORD = re.compile(r"[a-z']+")
_STRETCHED = re.compile(r"(.)\1{2,}")
_APOSTROPHES = str.maketrans({"\u2018": "'", "\u2019": "'", "\u02bc": "'", "`": "'", "\u00b4": "'"})
_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*|[^\w\s]")
_BEGIN, _END = "\x02", "\x03"
"""Stand for the two ends of a text among its n-grams; `normalise` leaves neither in a text."""
_SYLLABLES = re.compile(
    r"(?:(?:[kgsztdnhbpmyrwfj]|ky|gy|sh|ch|ts|ny|hy|by|py|my|ry|kk|ss|tt|pp|cc|ssh|tch)?[aiueo]|n)++-?"
)
_ROMAJI = re.compile(
    "kudasai|kudasaimase|desu|desuka|masu|masuka|shimasu|shite|shitai|onegai|onegaishimasu|watashi|kojin|jouhou|joho"
    "|arigatou|arigato|gozaimasu|konnichiwa|konbanwa|ohayou|nihongo|sumimasen|hai|iie|chigau|sayonara|sayounara"
    "|hajimemashite|dareka|itsu|ikura|naze|nani|doko|dare|mochiron|moushikomi|tetsuzuki|kaiin|taikai"
)
"""Words that are Japanese beyond doubt."""
_PARTICLE = re.compile("wo|wa|ga|ni|de|ka|kara|made|mo|ne|yo|shi|nai|tai")


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
    if not folded.isprintable():
        folded = "".join(c if c.isprintable() else " " if c.isspace() else "" for c in folded)
    return " ".join(_STRETCHED.sub(r"\1\1", folded).split())


def script_of(normal: str) -> Language | None:
    """Whose letters a normalised text is written in, None where it has neither's: this chooses who reads it.

    A sentence of both goes where it has more: one kana or kanji weighs as much as three Latin letters.
    """
    if normal.isascii():
        return Language.EN if _LATIN.search(normal) else None
    japanese, latin = len(_JAPANESE.findall(normal)), len(_LATIN.findall(normal))
    if not japanese and not latin:
        return None
    return Language.JA if japanese * 3 >= latin else Language.EN


def language_of(normal: str) -> Language | None:
    """The language a normalised text is in: its script's, but Japanese spelled out in Latin letters is Japanese."""
    return spoken_in(script_of(normal), normal)


def spoken_in(script: Language | None, normal: str) -> Language | None:
    """See `language_of`, for who knows the text's script already."""
    return Language.JA if script is Language.EN and is_romaji(normal) else script


def is_romaji(normal: str) -> bool:
    """Whether a Latin text is Japanese spelled out: its words are made of Japanese syllables, and some tell."""
    words = _LATIN_WORD.findall(normal)
    syllabic = _matches(_SYLLABLES, words)
    if syllabic < 0.6 * len(words):
        return False
    if _matches(_ROMAJI, words):
        return True
    return len(words) >= 3 and syllabic == len(words) and _matches(_PARTICLE, words) >= 2


def _matches(pattern: re.Pattern[str], words: Sequence[str]) -> int:
    return sum(map(bool, map(pattern.fullmatch, words)))


def english_grams(normal: str) -> tuple[list[str], ...]:
    """Two blocks: words 1-2 with the ends of the text, and characters 3-4 within each word and its borders."""
    words = _WORD.findall(normal)
    return _word_pairs(words), [piece for word in words for piece in _pieces(word)]


def _word_pairs(words: list[str]) -> list[str]:
    ended = [_BEGIN, *words, _END]
    return ended + [f"{a} {b}" for a, b in pairwise(ended)]


def _pieces(word: str) -> list[str]:
    bordered = f"_{word}_"
    size = len(bordered)
    return [bordered[i : i + 3] for i in range(size - 2)] + [bordered[i : i + 4] for i in range(size - 3)]


def japanese_grams(normal: str) -> tuple[list[str], ...]:
    """Two blocks: characters 1-2 with the ends of the text, and characters 3."""
    tight = _BEGIN + normal.replace(" ", "") + _END
    pairs = [tight[i : i + 2] for i in range(len(tight) - 1)]
    return list(tight) + pairs, [tight[i : i + 3] for i in range(len(tight) - 2)]


BLOCK_WEIGHTS: Mapping[Language, tuple[float, ...]] = {Language.EN: (1.0, 0.7), Language.JA: (1.0, 0.8)}
"""How much each block of a language counts beside the others; each block is a unit vector times this."""

_GRAMS = {Language.EN: english_grams, Language.JA: japanese_grams}


def grams_of(normal: str, language: Language) -> tuple[list[str], ...]:
    """The n-grams of a normalised text, one list for each of the blocks of its reader."""
    return _GRAMS[language](normal)


@dataclass(frozen=True)
class Vocabulary:
    """Which n-gram is which column, and how rare it is. One per language; a block's columns are its own."""

    language: Language
    columns: tuple[Mapping[str, int], ...]
    rarity: npt.NDArray[np.float32]
    _seen: dict[str, tuple[int, ...]] = field(default_factory=dict, init=False, repr=False, compare=False)

    def weigh(self, normal: str) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.float32]]:
        """Columns and values of one text: sublinear tf-idf, each block a unit vector times its weight."""
        blocks = self._columns_in(normal)
        found = list(chain.from_iterable(blocks))
        times = Counter(found)
        index = np.fromiter(times, np.int32, len(times))
        values = self.rarity.take(index)
        if len(times) < len(found):
            values *= np.float32(1.0) + np.log(np.fromiter(times.values(), np.float32, len(times)))
        begin = 0
        for block, weight in zip(blocks, BLOCK_WEIGHTS[self.language], strict=True):
            part = values[begin : begin + len(set(block))]
            if len(part):
                part *= np.float32(weight / math.sqrt(float(part @ part)))
            begin += len(part)
        return index, values

    def _columns_in(self, normal: str) -> tuple[list[int], ...]:
        """The columns of a text's n-grams in their order, one list for each block."""
        if self.language is not Language.EN:
            blocks = grams_of(normal, self.language)
            return tuple(_known(columns, grams) for columns, grams in zip(self.columns, blocks, strict=True))
        words = _WORD.findall(normal)
        pieces = [column for word in words for column in self._of_word(word)]
        return _known(self.columns[0], _word_pairs(words)), pieces

    def _of_word(self, word: str) -> tuple[int, ...]:
        """The columns of an English word's pieces; those of a word that was learned are looked up once."""
        found = self._seen.get(word)
        if found is None:
            found = tuple(_known(self.columns[1], _pieces(word)))
            if word in self.columns[0]:
                self._seen[word] = found
        return found


def _known(columns: Mapping[str, int], grams: Sequence[str]) -> list[int]:
    return [column for column in map(columns.get, grams) if column is not None]
