"""Whether what a correction should say can be what its item holds: a date that exists, one whole address, a number.

Gentle: only what cannot be is turned away (30 February, two addresses in the place of one). What merely looks odd is
asked about once, and taken when it is said again. Pure; knows no company's items, only the few kinds that can be told.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from handlers.desk.identifiers import find_emails, normalise_email


class Held(StrEnum):
    """Kinds of items whose values can be told from others. Values are the ids that packs give such items."""

    BIRTH = "date_of_birth"
    EMAIL = "email"
    PHONE = "phone"
    ADDRESS = "address"


@dataclass(frozen=True, slots=True)
class Doubt:
    """What is wrong with a value. `response` says it; a `firm` doubt is not taken back by saying the value again."""

    response: str
    firm: bool = False


NO_SUCH_DAY = Doubt("utter_no_such_day", firm=True)
NOT_YET_BORN = Doubt("utter_not_yet_born", firm=True)
TWO_ADDRESSES = Doubt("utter_one_new_email", firm=True)
NO_ADDRESS = Doubt("utter_no_new_email")
NO_PHONE = Doubt("utter_no_new_phone")
NO_POSTAL_CODE = Doubt("utter_no_postal_code")

_ERAS = {"令和": 2018, "r": 2018, "平成": 1988, "h": 1988, "昭和": 1925, "s": 1925, "大正": 1911, "t": 1911}
_ERAS |= {"明治": 1867, "m": 1867}
"""Year before the first of each era."""
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_LEAP = 2000
"""Stands in for a year that was not said, so that 29 February passes."""
_MONTH = r"(?P<name>(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*)\.?"
_DAY = r"(?P<d>\d{1,2})(?:st|nd|rd|th)?"
_SHAPES = tuple(
    re.compile(shape)
    for shape in (
        r"(?<!\d)(?P<y>\d{4})\s*[-/.年]\s*(?P<m>\d{1,2})\s*[-/.月]\s*(?P<d>\d{1,2})(?!\d)",
        r"(?P<era>令和|平成|昭和|大正|明治|(?<![a-z])[rhstm])\s*(?P<n>元|\d{1,2})\s*[-/.年]\s*(?P<m>\d{1,2})\s*[-/.月]\s*(?P<d>\d{1,2})(?!\d)",
        rf"(?<!\d){_DAY}(?:\s+of)?\s+{_MONTH}(?:,?\s+(?P<y>\d{{4}}))?(?!\d)",
        rf"(?<![a-z]){_MONTH}\s+(?:the\s+)?{_DAY}(?!\d)(?:,?\s+(?P<y>\d{{4}}))?(?!\d)",
        r"(?<![\d年])(?P<m>\d{1,2})月\s*(?P<d>\d{1,2})日",
        r"^(?P<y>(?:18|19|20)\d{2})(?P<m>\d{2})(?P<d>\d{2})$",
    )
)
_EITHER_WAY = re.compile(r"(?<![\d/.-])(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})(?!\d)")
"""Day first or month first: wrong only where it is wrong both ways."""
_LEAST_DIGITS, _MOST_DIGITS = 7, 15
_POSTAL_CODE = re.compile(r"〒\s*([\d-]*)|^([\d-]+)$")
_JAPANESE_CODE = re.compile(r"\d{3}-?\d{4}")


def doubt(held: Held | None, text: str, today: date) -> Doubt | None:
    """What is wrong with a value for an item of this kind; None where it may well be right."""
    plain = unicodedata.normalize("NFKC", text).casefold().strip()
    match held:
        case Held.EMAIL:
            return _email(plain)
        case Held.PHONE:
            digits = sum(sign.isdecimal() for sign in plain)
            return None if _LEAST_DIGITS <= digits <= _MOST_DIGITS else NO_PHONE
        case Held.ADDRESS:
            return _postal_code(plain)
        case _:
            return _date(plain, today if held is Held.BIRTH else date.max)


def _email(text: str) -> Doubt | None:
    found = find_emails(text)
    if len(found) > 1:
        return TWO_ADDRESSES
    return None if found and normalise_email(found[0]) else NO_ADDRESS


def _postal_code(text: str) -> Doubt | None:
    found = _POSTAL_CODE.search(text)
    if found is None or _JAPANESE_CODE.fullmatch(found[1] or found[2] or ""):
        return None
    return NO_POSTAL_CODE


def _date(text: str, latest: date) -> Doubt | None:
    for readings in _readings(text):
        day = _first_that_exists(readings)
        if day is None:
            return NO_SUCH_DAY
        if day > latest:
            return NOT_YET_BORN
    return None


def _readings(text: str) -> Iterator[list[tuple[int, int, int]]]:
    """Each date in a text, as year, month and day; more than one reading where it can be read in two ways."""
    for shape in _SHAPES:
        for found in shape.finditer(text):
            parts = found.groupdict()
            month = _MONTHS.index(parts["name"][:3]) + 1 if parts.get("name") else int(parts["m"])
            if parts.get("era"):
                year = _ERAS[parts["era"]] + (1 if parts["n"] == "元" else int(parts["n"]))
            else:
                year = int(parts.get("y") or _LEAP)
            yield [(year, month, int(parts["d"]))]
    for found in _EITHER_WAY.finditer(text):
        first, second, year = map(int, found.groups())
        yield [(year, second, first), (year, first, second)]


def _first_that_exists(readings: list[tuple[int, int, int]]) -> date | None:
    for year, month, day in readings:
        try:
            return date(year, month, day)
        except ValueError:
            continue
    return None
