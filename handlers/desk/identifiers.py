"""Identifiers by which people are found, in the one form in which they are compared and indexed."""

import re
import unicodedata

from email_validator import EmailNotValidError, validate_email

_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9.-]+")


def find_emails(text: str) -> list[str]:
    """Everything in a text that looks like an address, in ASCII only: look-alike letters find nothing."""
    plain = unicodedata.normalize("NFKC", text)
    return [each.rstrip(".-") for each in _ADDRESS.findall(plain)]


def normalise_email(text: str) -> str | None:
    """The form in which an address is indexed: NFKC, valid by RFC 5322 and 5321, lower case. None: no address."""
    plain = unicodedata.normalize("NFKC", text).strip()
    try:
        checked = validate_email(plain, check_deliverability=False)
    except EmailNotValidError:
        return None
    return checked.normalized.casefold()
