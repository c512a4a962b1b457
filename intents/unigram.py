"""SentencePiece's unigram way of cutting text: of all ways to cut it, the one whose pieces are likeliest together.

Reads `pieces.txt`: a piece and its log probability a line, the four special ones first (begin, padding, end, unknown).
The text comes in the desk's normal form. Source: Kudo 2018, "Subword Regularization" (the best path alone).
"""

from pathlib import Path

_BEGIN, _END, _UNKNOWN = 0, 2, 3
_SPACE = "\u2581"
_WORSE = 10.0
"""How much less likely than the rarest piece an unknown character is, as in SentencePiece."""


class Unigram:
    """Texts to token numbers."""

    def __init__(self, pieces: Path) -> None:
        """Read the pieces. Raises OSError, or ValueError where the file is another."""
        rows = [line.rsplit("\t", 1) for line in pieces.read_text(encoding="utf-8").split("\n")]
        self._known = {piece: (number, float(score)) for number, (piece, score) in enumerate(rows) if number > _UNKNOWN}
        self._longest = max(map(len, self._known))
        self._unknown = min(score for _, score in self._known.values()) - _WORSE

    def numbers(self, text: str, longest: int) -> list[int]:
        """Token numbers of `text` with both ends, at most `longest`."""
        cut = self._cut(_SPACE + text[: 8 * longest].replace(" ", _SPACE))
        return [_BEGIN, *cut[: longest - 2], _END]

    def _cut(self, text: str) -> list[int]:
        """The likeliest pieces, from the best way to reach each place (Viterbi)."""
        best = [0.0] + [float("-inf")] * len(text)
        came: list[tuple[int, int]] = [(0, _UNKNOWN)] * (len(text) + 1)
        for start in range(len(text)):
            here = best[start]
            for end in range(start + 1, min(start + self._longest, len(text)) + 1):
                piece = self._known.get(text[start:end])
                if piece is not None and here + piece[1] > best[end]:
                    best[end], came[end] = here + piece[1], (start, piece[0])
            if here + self._unknown > best[start + 1]:
                best[start + 1], came[start + 1] = here + self._unknown, (start, _UNKNOWN)
        found: list[int] = []
        place = len(text)
        while place:
            place, number = came[place]
            found.append(number)
        return found[::-1]
