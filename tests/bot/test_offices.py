"""What of a pack keeps the desk from serving: each hole in a sentence, all at once, and none in a sound pack."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from bot.offices import office_for, pack_holes, staff_mail
from bot.wiring import open_desk, own_intents
from handlers.desk.errors import BadSetting
from handlers.desk.requests import RequestKind
from handlers.desk.rights import LAWS, load_law
from handlers.dialogue.script import load_script
from intents.catalogue import lines_owed
from intents.companies import Company, load_companies
from tests.factories import settings_for

COMPANIES = load_companies()
PLANET, PLUS_ONE, BOOKSHOP = (COMPANIES[each] for each in ("planet_management", "plus_one", "example_bookshop"))
TYPES = [
    pytest.param(path.stem, kind, id=f"{path.stem}/{kind}")
    for path in sorted(LAWS.glob("*.yml"))
    for kind in load_law(path.stem).types
]


def of_calendar(company: Company) -> Company:
    return replace(company, calendar=replace(company.calendar, holidays="de"))


def of_office(company: Company) -> Company:
    return replace(company, offices=(replace(company.offices[0], handles=("*", "disclosur")),))


def of_gap(company: Company) -> Company:
    gap = replace(company.policy.gaps[0], intents=("ask_wether",))
    return replace(company, policy=replace(company.policy, gaps=(gap, *company.policy.gaps[1:])))


HOLES: dict[str, Callable[[Company], Company]] = {
    "planet_management/company.yml: law is 'jp-none'. There is no law preset": lambda c: replace(c, law="jp-none"),
    "planet_management/company.yml: methods names fax, and the desk has no words for it. It knows electronic,": (
        lambda c: replace(c, methods=("fax",))
    ),
    "planet_management/company.yml: calendar.holidays is 'de', and the desk knows": of_calendar,
    "planet_management/company.yml: offices[inquiry_desk].handles names disclosur, and no request is called so.": (
        of_office
    ),
    "planet_management: a clause, gap or ground names ask_wether, and no customer's words mean that.": of_gap,
    "planet_management/company.yml: offices[inquiry_desk].mail is desk@example.com, an address that": (
        lambda c: replace(c, offices=(replace(c.offices[0], mail="desk@example.com"),))
    ),
}


def test_a_sound_pack_has_none(tmp_path: Path) -> None:
    assert pack_holes(PLANET, settings_for(tmp_path), live=True) == []


@pytest.mark.parametrize("sentence", HOLES)
def test_a_hole_is_named_with_its_field_and_why(tmp_path: Path, sentence: str) -> None:
    [hole] = pack_holes(HOLES[sentence](PLANET), settings_for(tmp_path), live=True)
    assert hole.startswith(sentence)
    assert hole.endswith(".")


def test_an_intent_that_the_script_added_is_known_to_packs_and_to_the_check(tmp_path: Path) -> None:
    script = load_script()
    assert own_intents(script) == frozenset()
    added = own_intents(replace(script, domain={**script.domain, "intents": [*script.domain["intents"], "ask_wether"]}))
    assert added == {"ask_wether"}
    assert lines_owed("ask_wether") == 8
    assert pack_holes(of_gap(PLANET), settings_for(tmp_path), live=True, own=added) == []


def test_holes_come_all_at_once(tmp_path: Path) -> None:
    broken = of_gap(of_calendar(replace(PLUS_ONE, methods=("fax", "pigeon"))))
    assert len(pack_holes(broken, settings_for(tmp_path), live=True)) == 6


@pytest.mark.row("S44", "S45", "S-gap-contact")
def test_the_office_that_shows_data_and_the_window_for_all_else_need_somebody_who_reads(tmp_path: Path) -> None:
    for_office, for_window = pack_holes(PLUS_ONE, settings_for(tmp_path), live=True)
    assert "(purpose notice, disclosure, provision records)" in for_office
    assert "offices[plus_one_office].mail is null" in for_office
    assert "offices[service_window].mail is null" in for_window
    assert pack_holes(PLUS_ONE, settings_for(tmp_path, staff_mail="desk@example.jp"), live=True) == []


@pytest.mark.row("S44", "S45")
def test_requests_go_to_the_office_that_handles_them() -> None:
    assert office_for(PLUS_ONE, RequestKind.PROVISION_RECORDS).id == "plus_one_office"
    assert office_for(PLUS_ONE, RequestKind.DELETION).id == "service_window"
    window = replace(PLUS_ONE.offices[1], id="erasers", handles=("deletion",))
    company = replace(PLUS_ONE, offices=(*PLUS_ONE.offices, window))
    assert office_for(company, RequestKind.DELETION).id == "erasers"
    assert office_for(company, RequestKind.CORRECTION).id == "service_window"


@pytest.mark.parametrize(("law", "kind"), TYPES)
def test_every_type_of_every_law_is_read_by_an_office(tmp_path: Path, law: str, kind: RequestKind) -> None:
    company = replace(PLANET, law=law)
    assert staff_mail(company, settings_for(tmp_path), kind)[0] == "info@planetmgmt.biz"
    assert pack_holes(company, settings_for(tmp_path), live=True) == []


async def test_a_desk_that_serves_does_not_open_on_the_examples_address(tmp_path: Path) -> None:
    settings = settings_for(tmp_path, "example_bookshop", smtp_url="smtp://127.0.0.1:1")
    with pytest.raises(BadSetting, match="an address that stands in examples"):
        async with open_desk(settings, lambda _: None):
            pytest.fail("the desk opened")
    assert pack_holes(BOOKSHOP, settings_for(tmp_path), live=False) == []
