"""MurmurHash64A, by which spaCy's files name a word (with seed 1)."""

_FACTOR = 0xC6A4A7935BD1E995
_ALL = (1 << 64) - 1
_SHIFT = 47


def murmur64(data: bytes, seed: int = 1) -> int:
    """The 64-bit hash of `data`."""
    value = seed ^ (len(data) * _FACTOR & _ALL)
    whole = len(data) // 8 * 8
    for start in range(0, whole, 8):
        part = int.from_bytes(data[start : start + 8], "little") * _FACTOR & _ALL
        part = (part ^ part >> _SHIFT) * _FACTOR & _ALL
        value = (value ^ part) * _FACTOR & _ALL
    if tail := data[whole:]:
        value = (value ^ int.from_bytes(tail, "little")) * _FACTOR & _ALL
    value = (value ^ value >> _SHIFT) * _FACTOR & _ALL
    return value ^ value >> _SHIFT
