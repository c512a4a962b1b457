"""Identifiers by which people are found, in the one form in which they are compared and indexed."""

import re
import unicodedata

from email_validator import EmailNotValidError, validate_email

_UNSPACED = 0x2E80
_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9.-]+")


def find_emails(text: str) -> list[str]:
    """Every whole address in a text, in ASCII only: look-alike letters find nothing."""
    plain = unicodedata.normalize("NFKC", text)
    return [each[0].rstrip(".-") for each in _ADDRESS.finditer(plain) if not _is_cut(plain, each)]


def find_address_parts(text: str) -> list[str]:
    """Everything in a text that looks like an address or like its end, for masks: rather too much than too little."""
    return [each.rstrip(".-") for each in _ADDRESS.findall(unicodedata.normalize("NFKC", text))]


def _is_cut(text: str, found: re.Match[str]) -> bool:
    """Whether letters of another alphabet go on beside what was found: `аlex@…` with a Cyrillic а is not `lex@…`.

    Scripts from U+2E80 on (Chinese, Japanese, Korean) are written without spaces and may well stand there.
    """
    beside = text[found.start() - 1 : found.start()] + text[found.end() : found.end() + 1]
    return any(ord(sign) < _UNSPACED and (sign.isalnum() or unicodedata.combining(sign)) for sign in beside)


def normalise_email(text: str) -> str | None:
    """The form in which an address is indexed: NFKC, valid by RFC 5322 and 5321, lower case. None: no address."""
    plain = unicodedata.normalize("NFKC", text).strip()
    try:
        checked = validate_email(plain, check_deliverability=False)
    except EmailNotValidError:
        return None
    return checked.normalized.lower()
