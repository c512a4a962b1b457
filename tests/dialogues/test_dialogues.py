"""Plays every dialogue in this folder against a whole desk: talk, law, memory and mail. See README.md beside this."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from handlers.desk.assurance import label
from handlers.dialogue.messages import Document, Event
from intents.companies import load_companies
from intents.embedded import EmbeddedEars
from intents.parse import Language
from tests.factories import Customer, OpenDesk, open_test_desk

HERE = Path(__file__).parent
DIALOGUES = sorted(HERE.rglob("*.yml"))
LAWS = {company.id: company.law for company in load_companies().values()}
PNG = bytes.fromhex("89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000049454e44ae426082")
KEYS = {"customer", "document", "event", "again", "desk", "not", "choices"}


def several(value: Any) -> list[str]:
    return [] if value is None else [str(each) for each in (value if isinstance(value, list) else [value])]


def read(path: Path) -> dict[str, Any]:
    dialogue: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return dialogue


async def code_from_mail(desk: OpenDesk) -> str:
    await desk.desk.relay.run_once()
    found = [code for letter in desk.mailbox.all() for code in re.findall(r"(?<!\d)\d{8}(?!\d)", letter.get_content())]
    assert found, "no code was mailed"
    return str(found[-1])


async def play(step: dict[str, Any], customer: Customer, desk: OpenDesk, last: dict[str, Any]) -> str:
    assert step.keys() <= KEYS, f"unknown words in a step: {step.keys() - KEYS}"
    if "document" in step:
        return await customer.sends(document=Document(step["document"], PNG))
    if "event" in step:
        return await customer.sends(event=Event(step["event"]))
    if step.get("again"):
        return await customer.sends(**last)
    text = str(step["customer"])
    if "{code}" in text or "{wrong code}" in text:
        code = await code_from_mail(desk) if "{code}" in text else "00000000"
        text = text.replace("{code}", code).replace("{wrong code}", code)
    last.update(text=text, delivery=f"d{id(step)}")
    return await customer.sends(**last)


def case(path: Path) -> Any:
    """One dialogue with the rows that it says it proves, and the types of its company's law that it files."""
    dialogue = read(path)
    law = LAWS[dialogue["company"]]
    filed = [f"{law}/{each['kind']}" for each in dialogue.get("on_file", []) if "kind" in each]
    proves = pytest.mark.row(*several(dialogue.get("rows")), *filed, language=dialogue["language"])
    return pytest.param(path, id=str(path.relative_to(HERE)), marks=proves)


@pytest.mark.parametrize("path", [case(path) for path in DIALOGUES])
async def test_dialogue(path: Path, tmp_path: Path, ears: EmbeddedEars) -> None:
    dialogue = read(path)
    async with open_test_desk(tmp_path, ears, dialogue["company"]) as desk:
        customer = desk.customer(hint=Language(dialogue["language"]))
        last: dict[str, Any] = {}
        for number, step in enumerate(dialogue["dialogue"], start=1):
            words = await play(step, customer, desk, last)
            said = f"step {number}, {step}:\n{words}\n{customer.choices}"
            for expected in several(step.get("desk")):
                assert expected in words, f"{expected!r} is missing in {said}"
            for unwanted in several(step.get("not")):
                assert unwanted not in words, f"{unwanted!r} must not be in {said}"
            for choice in several(step.get("choices")):
                assert choice in customer.choices, f"choice {choice!r} is missing in {said}"
        await check_file(dialogue, desk)


async def check_file(dialogue: dict[str, Any], desk: OpenDesk) -> None:
    cases = await desk.cases()
    expected_cases = dialogue.get("on_file", [])
    assert len(cases) == len(expected_cases), cases
    for case, expected in zip(cases, expected_cases, strict=True):
        for name, value in expected.items():
            actual = label(case.assurance) if name == "assurance" else getattr(case, name)
            actual = list(actual) if isinstance(actual, tuple) else actual
            assert actual == value, f"{name} of {case}"
    await desk.desk.relay.run_once()
    if "mail" in dialogue:
        letters = sorted(desk.mailbox.all(), key=lambda each: str(each["To"]))  # those of one turn go side by side
        assert len(letters) == len(dialogue["mail"]), [(each["To"], each["Subject"]) for each in letters]
        for letter, expected in zip(letters, sorted(dialogue["mail"], key=lambda each: str(each["to"])), strict=True):
            assert expected["to"] in letter["To"]
            assert str(expected["subject"]) in letter["Subject"]
