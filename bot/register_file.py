"""The register that identity is checked against, from a CSV file: all of it or nothing.

Takes UTF-8 and the Windows code page that spreadsheets in Japan write. Needs the columns name and email; knows phone
and date_of_birth; keeps every further column as it is. Each bad row is named with its line and reason.
"""

import codecs
import csv
import io
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

import phonenumbers

from handlers.desk.errors import DeskError
from handlers.desk.identifiers import normalise_email
from handlers.desk.ports import Customer
from handlers.desk.requests import new_id

MAX_BYTES = 200 * 1024 * 1024
_HEADINGS = {
    "氏名": "name",
    "名前": "name",
    "メールアドレス": "email",
    "メール": "email",
    "e-mail": "email",
    "mail": "email",
    "電話番号": "phone",
    "電話": "phone",
    "生年月日": "date_of_birth",
    "住所": "address",
    "会員番号": "member_number",
}
_MOST_FAULTS = 50
_SURPLUS = " "
"""Under this name come fields for which there is no column; no heading can be it."""


class BadRegister(DeskError):
    """The file cannot be taken; `faults` names each bad line and why, without repeating what stands there."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__(f"{len(faults)} faults")
        self.faults = faults


def read_register(path: Path, company: str, region: str = "JP") -> list[Customer]:
    """Read a register. `region` is where phone numbers without a country code are from. Raises BadRegister."""
    if not path.is_file():
        raise BadRegister([f"There is no file {path}."])
    if path.stat().st_size > MAX_BYTES:
        raise BadRegister([f"{path} is larger than {MAX_BYTES // 1024**2} MB; split it."])
    reader = csv.DictReader(io.StringIO(_decode(path), newline=""), restkey=_SURPLUS, strict=True)
    people: list[Customer] = []
    faults: list[str] = []
    lines_by_email: dict[str, int] = {}
    try:
        reader.fieldnames = _columns(reader.fieldnames or ())
        for row in reader:
            _take(row, reader.line_num, company, region, people, faults, lines_by_email)
    except csv.Error:  # in the line behind the last whole row
        faults.append(f"Line {reader.line_num + 1}: a quotation mark is not closed, or stands where none may.")
    if not people and not faults:
        faults.append("There is nobody in the file.")
    if faults:
        more = len(faults) - _MOST_FAULTS
        raise BadRegister(faults[:_MOST_FAULTS] + ([f"… and {more} more."] if more > 0 else []))
    return people


def _decode(path: Path) -> str:
    raw = path.read_bytes()
    is_utf16 = raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))  # would pass for the code page
    for encoding in () if is_utf16 else ("utf-8-sig", "cp932"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise BadRegister([f"{path} is neither UTF-8 nor the Japanese Windows code page; save it as CSV UTF-8."])


def _columns(headings: Sequence[str]) -> list[str]:
    """The columns by our names. One without a heading is passed over (spreadsheets write a comma too many)."""
    plain = [unicodedata.normalize("NFKC", each).strip().lower() for each in headings]
    columns = [_HEADINGS.get(each, each) for each in plain]
    missing = [name for name in ("name", "email") if name not in columns]
    if missing:
        raise BadRegister([f"Line 1: there is no column called {' or '.join(missing)}."])
    twice = sorted({name for name in columns if name and columns.count(name) > 1})
    if twice:
        raise BadRegister([f"Line 1: more than one column is called {' or '.join(twice)}."])
    return columns


def _take(
    row: Mapping[str, str | None],
    line: int,
    company: str,
    region: str,
    people: list[Customer],
    faults: list[str],
    lines_by_email: dict[str, int],
) -> None:
    fields = {name: (value or "").strip() for name, value in row.items() if name and isinstance(value, str | None)}
    wrong = []
    if _SURPLUS in row:
        wrong.append("it has more fields than the first line has columns")
    name, email = fields.pop("name"), normalise_email(fields.pop("email"))
    if not name:
        wrong.append("the name is empty")
    if email is None:
        wrong.append("the e-mail address is not valid")
    elif email in lines_by_email:
        wrong.append(f"the e-mail address stands in line {lines_by_email[email]} already")
    phone = _phone(fields.pop("phone", ""), region)
    if phone is None:
        wrong.append("the phone number is not valid")
    if (born := fields.get("date_of_birth")) and not _is_date(born):
        wrong.append("the date of birth is not a day of the calendar (write YYYY-MM-DD)")
    if wrong or email is None:
        faults.append(f"Line {line}: {', and '.join(wrong)}.")
        return
    lines_by_email[email] = line
    people.append(Customer(new_id(), company, name, email, phone or None, {k: v for k, v in fields.items() if v}))


def _phone(text: str, region: str) -> str | None:
    """E.164, empty for none, None for what is no number."""
    if not text:
        return ""
    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def _is_date(text: str) -> bool:
    try:
        date.fromisoformat(text.replace("/", "-"))
    except ValueError:
        return False
    return True
