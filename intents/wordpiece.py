"""BERT's own way of cutting text (lower case, no accents, longest known piece first), from its `vocab.txt`.

Gives the same numbers as the library `tokenizers` does for such a model, without its dependencies.
"""

import unicodedata
from pathlib import Path

_LONGEST_WORD = 100
_KEPT_WORDS = 20_000


class WordPiece:
    """Texts to token numbers."""

    def __init__(self, vocabulary: Path) -> None:
        """Read `vocab.txt`: a piece a line. Raises OSError, or KeyError where a special piece is missing."""
        lines = vocabulary.read_text(encoding="utf-8").split("\n")
        self._numbers = {piece: i for i, piece in enumerate(lines) if piece}
        self._unknown = self._numbers["[UNK]"]
        self._begin, self._end = self._numbers["[CLS]"], self._numbers["[SEP]"]
        self._words: dict[str, tuple[int, ...]] = {}

    def numbers(self, text: str, longest: int) -> list[int]:
        """Token numbers of `text` with both ends, at most `longest`."""
        found = [self._begin]
        for word in split(text):
            found += self._of_word(word)
            if len(found) >= longest:
                break
        return [*found[: longest - 1], self._end]

    def _of_word(self, word: str) -> tuple[int, ...]:
        known = self._words.get(word)
        if known is None:
            known = self._cut(word)
            if len(self._words) < _KEPT_WORDS:
                self._words[word] = known
        return known

    def _cut(self, word: str) -> tuple[int, ...]:
        if len(word) > _LONGEST_WORD:
            return (self._unknown,)
        pieces: list[int] = []
        start = 0
        while start < len(word):
            prefix = "##" if start else ""
            for end in range(len(word), start, -1):
                number = self._numbers.get(prefix + word[start:end])
                if number is not None:
                    pieces.append(number)
                    start = end
                    break
            else:
                return (self._unknown,)
        return tuple(pieces)


def split(text: str) -> list[str]:
    """Words and single punctuation marks, lower case and without accents; every kanji stands alone."""
    if text.isascii() and text.replace(" ", "").isalnum():
        return text.lower().split()
    words: list[str] = []
    word = ""
    for char in unicodedata.normalize("NFD", text.lower()):
        kind = unicodedata.category(char)
        if kind == "Mn" or (kind[0] == "C" and char not in "\t\n\r"):
            continue
        apart = _stands_alone(char, kind)
        if apart or char.isspace():
            if word:
                words.append(word)
                word = ""
            if apart:
                words.append(char)
        else:
            word += char
    return [*words, word] if word else words


def _stands_alone(char: str, kind: str) -> bool:
    if char.isascii():
        return char.isprintable() and not char.isalnum() and char != " "
    return (
        kind[0] == "P" or "\u4e00" <= char <= "\u9fff" or "\u3400" <= char <= "\u4dbf" or "\uf900" <= char <= "\ufaff"
    )
