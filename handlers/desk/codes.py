"""The code that proves a mailbox: eight digits, never stored.

The rule this file guards: a code is a keyed hash of its challenge's random id (HMAC-SHA-256, RFC 2104, truncated as in
RFC 4226). Nothing at rest can be read as a code or compared with one offline without the key, and a letter that must
be sent again carries the same code. How often a guess is compared is `budgets`' business.
"""

import hashlib
import hmac
import unicodedata
from datetime import timedelta

DIGITS = 8
LIFETIME = timedelta(minutes=10)
_BETWEEN = "-‐–—―−ー・."
"""What people put between digits; the long vowel mark is what a Japanese keyboard gives for a hyphen."""


def code_for(key: bytes, challenge_id: str) -> str:
    """The code of a challenge: eight digits, leading zeros kept."""
    digest = hmac.digest(key, challenge_id.encode(), hashlib.sha256)
    return f"{int.from_bytes(digest[:8], 'big') % 10**DIGITS:0{DIGITS}d}"


def matches(key: bytes, challenge_id: str, typed: str) -> bool:
    """Compare in constant time. `typed` is what `read_code` returned."""
    return hmac.compare_digest(code_for(key, challenge_id), typed)


def read_code(text: str) -> str | None:
    """Find a code in what a person typed: full-width digits, spaces and hyphens are welcome. None if it is no code."""
    plain = unicodedata.normalize("NFKC", text)
    digits = "".join(sign for sign in plain if not sign.isspace() and sign not in _BETWEEN)
    return digits if len(digits) == DIGITS and digits.isascii() and digits.isdecimal() else None
