"""Invented customers: a register to import, and every personal string that must never stand in a log."""

import csv
from dataclasses import dataclass, fields
from datetime import date, timedelta
from pathlib import Path

MOST = 150
_GIVEN = {"en": "Kanariabird", "ja": "歌鳥"}
_FAMILY = {"en": "Nestling", "ja": "巣箱"}


@dataclass(frozen=True)
class Registered:
    """Somebody in the company's register."""

    name: str
    email: str
    phone: str
    date_of_birth: str
    address: str
    member_number: str

    @property
    def given_name(self) -> str:
        return self.name.split()[0]

    @property
    def personal(self) -> set[str]:
        """What would give this person away, if it stood anywhere it must not."""
        return {*self.name.split(), self.email, self.phone, self.address, self.member_number}


def registered(number: int, language: str) -> Registered:
    """The customer with this number: everything about them is theirs alone."""
    given, family = f"{_GIVEN[language]}{number}", f"{_FAMILY[language]}{number}"
    return Registered(
        name=f"{given} {family}",
        email=f"kanariabird{number}.{language}@nest.example",
        phone=f"+81 3-0000-{number:04d}",
        date_of_birth=(date(1970, 1, 1) + timedelta(days=100 * number)).isoformat(),
        address=f"{number}-{number} Perchmachi, {family} Heights",
        member_number=f"RING-{number:05d}",
    )


def write_register(path: Path, people: list[Registered]) -> Path:
    """The CSV file that the company exports of its customers."""
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow([column.name for column in fields(Registered)])
        table.writerows([getattr(each, column.name) for column in fields(Registered)] for each in people)
    return path
