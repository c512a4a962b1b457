"""What the journeys share: the company's register, and a desk that serves through all modules that do not kill it."""

import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.botapi import BotApi
from tests.journeys.people import MOST, Registered, registered, write_register
from tests.journeys.process import DeskProcess, place_model, run_bot
from tests.journeys.windows import Window
from tests.mailbox import MailServer

PATIENCE = 30.0
"""Seconds that a journey waits for one thing, on a machine that is busy with others."""


SECOND_STAFF = "second@planetmgmt.example"
"""Who gets Planet Management's letters where the pack's own address refuses them."""
PLUS_ONE_STAFF = "privacy@plus-one.example"
"""The pack of PLUS ONE names no address: the setting has to."""


def everybody() -> dict[str, list[Registered]]:
    return {language: [registered(number, language) for number in range(1, MOST)] for language in ("en", "ja")}


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def imported(model_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder whose register was brought in by the command line; desks begin with a copy of it."""
    folder = tmp_path_factory.mktemp("imported")
    data = place_model(model_path, folder / "var")
    people = [each for of_language in everybody().values() for each in of_language]
    file = write_register(folder / "register.csv", people)
    ended = await run_bot("customers", "import", str(file), folder=folder, settings={"data_dir": data})
    assert ended.code == 0, ended.err
    assert f"{len(people)} customers" in ended.out
    return data


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def planet(imported: Path, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Window]:
    """Planet Management's desk, for journeys that leave it alive."""
    data = shutil.copytree(imported, tmp_path_factory.mktemp("planet") / "var", symlinks=True)
    with BotApi(patience=PATIENCE) as api, MailServer() as mail:
        async with DeskProcess(api, mail, data, staff_mail=SECOND_STAFF) as desk:
            yield Window(desk, everybody())


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def plus_one(model_path: Path, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Window]:
    """PLUS ONE's desk, with a register and staff of its own."""
    folder = tmp_path_factory.mktemp("plus_one")
    data = place_model(model_path, folder / "var")
    people = {language: [registered(MOST + number, language) for number in range(1, 10)] for language in ("en", "ja")}
    file = write_register(folder / "register.csv", [each for of_language in people.values() for each in of_language])
    settings = {"data_dir": data, "company": "plus_one"}
    ended = await run_bot("customers", "import", str(file), folder=folder, settings=settings)
    assert ended.code == 0, ended.err
    with BotApi(patience=PATIENCE) as api, MailServer() as mail:
        async with DeskProcess(api, mail, data, "plus_one", staff_mail=PLUS_ONE_STAFF) as desk:
            yield Window(desk, people, PLUS_ONE_STAFF)


@pytest.fixture
def plus_one_window(plus_one: Window) -> Iterator[Window]:
    """The same desk for one journey, as `window` is Planet Management's."""
    yield plus_one
    plus_one.check()
    assert plus_one.desk.is_alive, plus_one.desk.told()


@pytest.fixture
def window(planet: Window) -> Iterator[Window]:
    """The same desk for one journey; what must hold after every journey is looked at when it is over."""
    assert planet.desk.is_alive, planet.desk.told()
    yield planet
    planet.check()
    assert planet.desk.is_alive, planet.desk.told()
