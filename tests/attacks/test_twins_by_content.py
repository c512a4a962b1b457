"""A registered address and one that nobody has, on every path of the talk: not a byte of difference."""

import itertools
import re
from collections.abc import Awaitable, Callable

import pytest

from handlers.desk.casework import Casework
from handlers.desk.ports import Customer as Registered
from handlers.desk.requests import RequestKind, new_id
from intents.parse import Language
from tests.factories import Customer, OpenDesk
from tests.handlers.dialogue.talks import code_of, goes_on_to, wrong_code_of

REFERENCE = re.compile(r"M-[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{2}")
OPENINGS = (
    ("I want to see what you have on me", "私の情報を開示してください"),
    ("Please delete my data", "私の情報を削除してください"),
    ("Stop using my data to call me by phone", "私の情報を電話勧誘に使うのをやめてください"),
    ("No more advertising mail please", "広告メールを止めてください"),
    ("I want to take back my consent", "同意を撤回したいです"),
)
Path = Callable[[Customer, str], Awaitable[None]]


async def wrong_once(who: Customer, _email: str) -> None:
    await who.says(await wrong_code_of(who))


async def wrong_until_it_is_dead(who: Customer, _email: str) -> None:
    for _ in range(7):
        await who.says(await wrong_code_of(who))


async def new_codes(who: Customer, _email: str) -> None:
    for _ in range(5):
        await who.presses(who.choices[0])


async def another_address_and_back(who: Customer, email: str) -> None:
    await who.presses(who.choices[1])
    await who.says(email)


async def without_a_code(who: Customer, _email: str) -> None:
    await who.presses(who.choices[2])


async def not_a_code(who: Customer, _email: str) -> None:
    for words in ("123", "is that address registered?", "where is my code"):
        await who.says(words)


async def too_late(who: Customer, _email: str) -> None:
    await who.says(await wrong_code_of(who))


async def leaves_it(who: Customer, _email: str) -> None:
    await who.says("/mydata")
    await who.says("/cancel")


PATHS: tuple[Path, ...] = (
    wrong_once, wrong_until_it_is_dead, new_codes, another_address_and_back, without_a_code, not_a_code, too_late,
    leaves_it,
)  # fmt: skip


class Heard(Customer):
    """A customer of whom everything that they are told is written down."""

    def __init__(self, desk: OpenDesk, name: str, hint: Language) -> None:
        super().__init__(desk, name, hint)
        self.transcript: list[str] = []

    async def sends(self, **what: object) -> str:
        said = await super().sends(**what)
        self.transcript.append("\n".join([said, *(f"[{each}]" for each in self.choices)]))
        return said


async def plays(desk: OpenDesk, opening: tuple[str, str], path: Path, email: str, language: Language) -> list[str]:
    who = Heard(desk, f"{email} {new_id()}", language)
    await who.says(opening[language is Language.JA])
    await goes_on_to(who, "email")
    await who.says(email)
    if path is too_late:
        desk.clock.goes_on(minutes=11)
    await path(who, email)
    if path is too_late:
        desk.clock.goes_on(minutes=-11)
    await who.says("/mycases")
    return [REFERENCE.sub("M-…", each).replace(email, "ADDRESS") for each in who.transcript]


async def twins(desk: OpenDesk, opening: tuple[str, str], path: Path, number: int) -> tuple[list[str], list[str]]:
    """The same talk about a registered address and one that is not."""
    known, unknown = f"person{number}@example.com", f"nobody{number}@example.com"
    async with desk.desk.memory.begin() as work:
        company = desk.desk.company.id
        person = Registered(new_id(), company, "Person", known, "+81300000001")
        await work.register.replace_all(company, [person])
    language = list(Language)[number % 2]
    desk.clock.goes_on(hours=2)
    return await plays(desk, opening, path, known, language), await plays(desk, opening, path, unknown, language)


@pytest.mark.parametrize("opening", OPENINGS, ids=lambda each: each[0])
async def test_not_a_byte_differs(desk: OpenDesk, opening: tuple[str, str]) -> None:
    for number, path in enumerate(PATHS):
        one, other = await twins(desk, opening, path, number)
        assert one == other, path.__name__
        assert len(one) > 4


def test_these_are_forty_paths() -> None:
    assert len(list(itertools.product(OPENINGS, PATHS))) >= 40


async def test_control_a_desk_that_says_it_of_unknown_addresses_is_caught(
    desk: OpenDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    honest = Casework.challenge

    async def challenge(self: Casework, case_id: str, kind: RequestKind, email: str) -> bool:
        sent = await honest(self, case_id, kind, email)
        return sent and await self.work.register.find(self.controller.id, email) is not None

    monkeypatch.setattr(Casework, "challenge", challenge)
    for path in (not_a_code, leaves_it):
        one, other = await twins(desk, OPENINGS[0], path, 1)
        assert one != other


async def test_control_a_right_code_makes_a_difference(desk: OpenDesk) -> None:
    async def right(who: Customer, _email: str) -> None:
        await who.says(await code_of(who))

    one, other = await twins(desk, OPENINGS[0], right, 1)
    assert one != other
