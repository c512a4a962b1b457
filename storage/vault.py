"""The keyring: seals what is personal, makes blind indexes, signs the audit chain.

The rule this file guards: nothing personal is written unsealed, and a sealed value opens only in the place it was
sealed for. Sealing is AES-256-GCM (NIST SP 800-38D) with a random 96-bit nonce; table, column and row id are the
associated data, so a value moved to another row does not open. Each use has its own key, by HKDF (RFC 5869).
"""

import base64
import binascii
import hashlib
import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_NONCE = 12
CASE = "case"
"""Key id of what is sealed under the key of its case, and under no master key."""


class SealBroken(Exception):
    """A sealed value does not open: wrong key, wrong place, or altered. Carries the place, never the value."""


def new_key() -> str:
    """A fresh master key as it stands in `MADOGUCHI_SECRET_KEYS`: `id:base64`."""
    return f"k{secrets.token_hex(2)}:{base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()}"


def read_keys(text: str) -> dict[str, bytes]:
    """Read `id:base64,id:base64`, the current key first. Raises ValueError with a sentence that holds no key."""
    keys: dict[str, bytes] = {}
    for place, part in enumerate(filter(None, (each.strip() for each in text.split(","))), start=1):
        key_id, _, encoded = part.partition(":")
        try:
            key = base64.urlsafe_b64decode(encoded)
        except (binascii.Error, ValueError):
            key = b""
        if not key_id or not key_id.isascii() or len(key_id) > 32 or len(key) != 32:
            raise ValueError(f"Secret key number {place} is not of the form id:base64 with 32 bytes behind it.")
        if key_id == CASE:
            raise ValueError(f"Secret key number {place} cannot be called {CASE!r}; that name is the desk's own.")
        if key_id in keys:
            raise ValueError(f"Secret key number {place} has the id of an earlier one.")
        keys[key_id] = key
    if not keys:
        raise ValueError("There is no secret key. `python -m bot check` says how to make one.")
    return keys


def key_id_of(sealed: bytes) -> str:
    """The id of the key under which a value lies sealed; empty for what never was."""
    length = sealed[0] if sealed else 0
    return sealed[1 : 1 + length].decode("ascii", "replace")


def _derive(master: bytes, purpose: str) -> bytes:
    return HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=f"madoguchi {purpose}".encode()).derive(master)


@dataclass(frozen=True)
class Vault:
    """All keys of one desk. `keys` maps key ids to 32-byte master keys; the first one seals, all of them open."""

    keys: Mapping[str, bytes] = field(repr=False)

    def __post_init__(self) -> None:
        sealers = {key_id: AESGCM(_derive(key, "seal")) for key_id, key in self.keys.items()}
        object.__setattr__(self, "_sealers", sealers)
        object.__setattr__(self, "_current", next(iter(self.keys)))
        masters = tuple(self.keys.values())
        object.__setattr__(self, "_index_masters", tuple(_derive(key, "index") for key in masters))
        object.__setattr__(self, "_audit_keys", tuple(_derive(key, "audit") for key in masters))
        object.__setattr__(self, "code_key", _derive(masters[0], "code"))

    _sealers: Mapping[str, AESGCM] = field(init=False, repr=False)
    _current: str = field(init=False, repr=False)
    _index_masters: tuple[bytes, ...] = field(init=False, repr=False)
    _audit_keys: tuple[bytes, ...] = field(init=False, repr=False)
    code_key: bytes = field(init=False, repr=False)

    def seal(self, column: str, row_id: str, value: str | bytes) -> bytes:
        """Seal a value for `column` (`table.column`) of row `row_id`."""
        plain = value.encode("utf-8", "surrogatepass") if isinstance(value, str) else value
        nonce = secrets.token_bytes(_NONCE)
        key_id = self._current.encode()
        body = self._sealers[self._current].encrypt(nonce, plain, f"{column}|{row_id}".encode())
        return bytes([len(key_id)]) + key_id + nonce + body

    def open(self, column: str, row_id: str, sealed: bytes) -> bytes:
        """Open what `seal` sealed for the same place. Raises SealBroken."""
        key_id, length = key_id_of(sealed), sealed[0] if sealed else 0
        nonce, body = sealed[1 + length : 1 + length + _NONCE], sealed[1 + length + _NONCE :]
        sealer = self._sealers.get(key_id)
        if sealer is None:
            raise SealBroken(f"{column} of {row_id}: no key {key_id!r}")
        try:
            return sealer.decrypt(nonce, body, f"{column}|{row_id}".encode())
        except (InvalidTag, ValueError) as fault:  # ValueError: cut off within the nonce
            raise SealBroken(f"{column} of {row_id}") from fault

    def open_text(self, column: str, row_id: str, sealed: bytes) -> str:
        """`open`, as text."""
        return self.open(column, row_id, sealed).decode("utf-8", "surrogatepass")

    @property
    def current(self) -> str:
        """The id of the key that seals now."""
        return self._current

    def indexes(self, column: str, value: str) -> tuple[str, ...]:
        """Blind indexes of a normalised value: keyed hashes with a key for each column (as CipherSweet has it).

        One for each master key, the newest first: that one is written, all of them are looked for.
        """
        plain = value.encode("utf-8", "surrogatepass")
        keys = (hmac.digest(master, column.encode(), hashlib.sha256) for master in self._index_masters)
        return tuple(hmac.digest(key, plain, hashlib.sha256).hex() for key in keys)

    def sign(self, text: str) -> str:
        """Keyed hash for the audit chain, by the newest key."""
        return hmac.digest(self._audit_keys[0], text.encode(), hashlib.sha256).hex()

    def is_signed(self, text: str, signature: str) -> bool:
        """Whether a keyed hash is that of a text by any of the keys."""
        made = (hmac.digest(key, text.encode(), hashlib.sha256).hex() for key in self._audit_keys)
        given = signature.encode("utf-8", "replace")
        return any(hmac.compare_digest(each.encode(), given) for each in made)
