"""A broken pack is refused with a sentence for each fault, naming the file and the field, all at once."""

import shutil
from collections.abc import Callable
from datetime import date, time
from pathlib import Path
from typing import Any

import pytest
import yaml

import intents.companies
from intents.companies import PACKS, AgentPapers, Fee, PackError, Text, load_companies, load_company, load_golden

SOURCE = Path(intents.companies.__file__).parent / "plus_one"
Change = Callable[[dict[str, Any]], object]
FEE = {"amount": 300, "words": {"en": "300 yen", "ja": "300円"}, "clause": None}
PAPERS = {"legal": [{"en": "A paper", "ja": "書類"}], "entrusted": [{"en": "A letter", "ja": "委任状"}]}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of a sound pack, to be broken."""
    copy = tmp_path / "plus_one"
    copy.mkdir()
    for name in ("company.yml", "policy.yml", "golden.yml"):
        (copy / name).write_bytes((SOURCE / name).read_bytes())
    return copy


def change(folder: Path, name: str, deed: Change) -> None:
    file = folder / name
    content = yaml.safe_load(file.read_text(encoding="utf-8"))
    deed(content)
    file.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")


def faults_of(folder: Path) -> tuple[str, ...]:
    with pytest.raises(PackError) as caught:
        load_company(folder)
    return caught.value.faults


def clause(policy: dict[str, Any], clause_id: str) -> dict[str, Any]:
    return next(entry for entry in policy["clauses"] if entry["id"] == clause_id)


POLICY_FAULTS: dict[str, Change] = {
    "clauses[S16].text.ja is missing.": lambda p: clause(p, "S16")["text"].pop("ja"),
    "clauses[S16].text.en is empty. Write": lambda p: clause(p, "S16")["text"].update(en=" "),
    "clauses[S16].number must be text, but is a number. Put it": lambda p: clause(p, "S16").update(number=2.2),
    'clauses[S16].number must be a number such as "2.2", but is': lambda p: clause(p, "S16").update(number="2/2"),
    "clauses[S16] has a field 'quotation' that no pack": lambda p: clause(p, "S16").update(quotation="x"),
    "clauses[S16].line must be a whole number, but is text.": lambda p: clause(p, "S16").update(line="x"),
    "clauses[S16].line must be 1 or more, but is 0.": lambda p: clause(p, "S16").update(line=0),
    "clauses[S16].quote has 16 words. Quote at most 15.": lambda p: clause(p, "S16").update(quote="word " * 16),
    "clauses[S16].intents needs at least 1 entry.": lambda p: clause(p, "S16").update(intents=[], lead=False),
    "clauses[S16].lead names ask_fees, which is not among": lambda p: clause(p, "S16").update(lead=["ask_fees"]),
    "clauses[S16].topics.en holds 'x'. One letter": lambda p: clause(p, "S16")["topics"].update(en=["x"]),
    "clauses[S16].topics.en must be a list, but is text.": lambda p: clause(p, "S16")["topics"].update(en="bill"),
    "clauses[S16].short.ja is 81 characters long. At most 80": lambda p: clause(p, "S16")["short"].update(ja="あ" * 81),
    "source.cited_as must hold {number} once": lambda p: p["source"]["cited_as"].update(en="Policy"),
    'source.established must be a year and month such as "2022-04"': lambda p: p["source"].update(
        established="04/2022"
    ),
    "source.written_in must be one of en, ja, but is 'fr'.": lambda p: p["source"].update(written_in="fr"),
    "clauses[S16].quote is 101 characters long.": lambda p: clause(p, "S16").update(quote="あ" * 101),
    "gaps[S-gap-fee].general_rule must be true or false.": lambda p: next(
        gap for gap in p["gaps"] if gap["id"] == "S-gap-fee"
    ).update(general_rule="no"),
    "the id S16 stands twice.": lambda p: clause(p, "S17").update(id="S16"),
    "nothing answers ask_retention. Add a clause": lambda p: p["gaps"].remove(
        next(gap for gap in p["gaps"] if gap["id"] == "S-gap-retention")
    ),
    "10 clauses lead for ask_purposes. At most 8": lambda p: [clause(p, c).update(lead=True) for c in ("S14", "S15")],
    "clauses must be a list, but is empty.": lambda p: p.update(clauses=None),
    "gaps is missing.": lambda p: p.pop("gaps"),
}

COMPANY_FAULTS: dict[str, Change] = {
    "id is 'other', but the folder is named 'plus_one'. Name both": lambda c: c.update(id="other"),
    "timezone must be a time zone such as Asia/Tokyo": lambda c: c.update(timezone="Tokyo"),
    "law must be the name of a law preset": lambda c: c.update(law="JP"),
    "name.ja is missing.": lambda c: c["name"].pop("ja"),
    "offices[service_window].mail must be one e-mail address": lambda c: c["offices"][1].update(mail="a@b.jp, c@d.jp"),
    "offices[service_window].phone must be a phone number": lambda c: c["offices"][1].update(phone="call us"),
    "offices[service_window].phone must be text, but is a number. Put it": lambda c: c["offices"][1].update(phone=3),
    "offices[service_window].clause names S99, which policy.yml": lambda c: c["offices"][1].update(clause="S99"),
    'offices: 0 of them handle "*". Exactly one': lambda c: c["offices"][1].update(handles=["deletion"]),
    "offices: disclosure is handled by more than one": lambda c: c["offices"][1].update(handles=["*", "disclosure"]),
    "calendar.clause names S99, which": lambda c: c["calendar"].update(clause="S99"),
    "calendar.weekly_closed[1] must be one of mon, tue": lambda c: c["calendar"].update(weekly_closed=["saturday"]),
    "calendar.closures[1] must be a date such as": lambda c: c["calendar"].update(closures=["soon"]),
    "calendar.hours[1].opens must be a time such as": lambda c: c["calendar"].update(
        hours=[{"days": ["mon"], "opens": "9", "closes": "17:00"}]
    ),
    "calendar.hours[1] closes before it opens.": lambda c: c["calendar"].update(
        hours=[{"days": ["mon"], "opens": "17:00", "closes": "09:00"}]
    ),
    "targets.decide needs either days or business_days.": lambda c: c["targets"].update(decide={}),
    "targets.decide has a field 'weeks'": lambda c: c["targets"].update(decide={"weeks": 2, "days": 1}),
    "items: the id name stands twice.": lambda c: c["items"][1].update(id="name"),
    "grounds[beyond_purpose].clause names S99": lambda c: c["grounds"][0].update(clause="S99"),
    "calendar.hours[1] closes before it opens. A block": lambda c: c["calendar"].update(
        hours=[{"days": ["mon"], "opens": "09:00", "closes": "09:00"}]
    ),
    "calendar.hours has two blocks on mon that overlap at 12:30.": lambda c: c["calendar"].update(
        hours=[
            {"days": ["mon", "tue"], "opens": "12:30", "closes": "17:00"},
            {"days": ["mon"], "opens": "09:00", "closes": "13:00"},
        ]
    ),
    "calendar.hours opens the desk on sat, which weekly_closed closes.": lambda c: c["calendar"].update(
        hours=[{"days": ["sat"], "opens": "09:00", "closes": "12:00"}]
    ),
    "calendar.hours needs at least 1 entry.": lambda c: c["calendar"].update(hours=[]),
    "calendar.weekly_closed names all seven days": lambda c: c["calendar"].update(
        weekly_closed=["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
    ),
    "fee must be a set of fields, but is a number.": lambda c: c.update(fee=300),
    "fee.words.ja does not name the amount 300.": lambda c: c.update(fee={**FEE, "words": {"en": "300", "ja": "30円"}}),
    "fee.amount must be 1 or more, but is 0.": lambda c: c.update(fee={**FEE, "amount": 0}),
    "fee.clause names S99, which policy.yml does not have.": lambda c: c.update(fee={**FEE, "clause": "S99"}),
    "agent_papers.legal needs at least 1 entry.": lambda c: c.update(agent_papers={**PAPERS, "legal": []}),
    "agent_papers.entrusted is missing.": lambda c: c.update(agent_papers={"legal": PAPERS["legal"]}),
    "agent_papers.legal[1].ja is missing.": lambda c: c.update(agent_papers={**PAPERS, "legal": [{"en": "A paper"}]}),
    "has a field 'motto' that no pack has.": lambda c: c.update(motto="x"),
}


@pytest.mark.parametrize("sentence", POLICY_FAULTS)
def test_a_fault_of_the_policy_is_named(folder: Path, sentence: str) -> None:
    change(folder, "policy.yml", POLICY_FAULTS[sentence])
    faults = faults_of(folder)
    assert [fault for fault in faults if fault.startswith("plus_one/policy.yml: ") and sentence in fault], faults


@pytest.mark.parametrize("sentence", COMPANY_FAULTS)
def test_a_fault_of_the_company_is_named(folder: Path, sentence: str) -> None:
    change(folder, "company.yml", COMPANY_FAULTS[sentence])
    faults = faults_of(folder)
    assert [fault for fault in faults if fault.startswith("plus_one/company.yml: ") and sentence in fault], faults


def test_all_faults_of_both_files_come_at_once(folder: Path) -> None:
    change(folder, "policy.yml", lambda p: (clause(p, "S16")["text"].pop("ja"), clause(p, "S17").update(line=0)))
    change(folder, "company.yml", lambda c: (c.pop("desk"), c["offices"][0].update(clause="S99")))
    faults = faults_of(folder)
    assert faults == (
        "plus_one/policy.yml: clauses[S16].text.ja is missing.",
        "plus_one/policy.yml: clauses[S17].line must be 1 or more, but is 0.",
        "plus_one/company.yml: desk is missing.",
        "plus_one/company.yml: offices[plus_one_office].clause names S99, which policy.yml does not have.",
    )


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"a: &a [1]\nb: *a\n", "policy.yml: the file is not plain YAML: an alias is not allowed, line 2."),
        (b"source: 1\nsource: 2\n", "policy.yml: the file is not plain YAML: a key stands twice, line 2."),
        (b"a: !!python/object/apply:os.system ['true']\n", "policy.yml: the file is not plain YAML: "),
        (b"a: [1\n", "policy.yml: the file is not plain YAML: "),
        (b"? [a, b]\n: c\n", "policy.yml: the file is not plain YAML: a key must be one word, line 1."),
        (b"a: 2026-99-99\n", "policy.yml: the file is not plain YAML."),
        (b"[" * 5000, "policy.yml: the file is not plain YAML"),
        (b"a: \xff\n", "policy.yml: the file is not written in UTF-8. Save it as UTF-8."),
        (b"a: \x00\n", "policy.yml: the file is not plain YAML"),
        (b"", "policy.yml: the file must be a set of fields."),
        (b"- a\n", "policy.yml: the file must be a set of fields."),
        (b"# " + b"x" * 300_000, "policy.yml: the file is larger than 256 kB. No policy needs that much."),
    ],
)
def test_a_file_that_is_no_plain_yaml_is_refused_in_one_sentence(folder: Path, content: bytes, sentence: str) -> None:
    (folder / "policy.yml").write_bytes(content)
    faults = [fault for fault in faults_of(folder) if "policy.yml" in fault]
    assert faults[0].startswith("plus_one/" + sentence), faults
    assert len([fault for fault in faults if "the file" in fault]) == 1


def test_a_missing_file_is_named(folder: Path) -> None:
    (folder / "company.yml").unlink()
    assert faults_of(folder) == ("plus_one/company.yml: the file cannot be read: No such file or directory.",)


def test_a_quotation_that_its_source_does_not_have_is_named(tmp_path: Path) -> None:
    copy = tmp_path / "example_bookshop"
    shutil.copytree(PACKS / "example_bookshop", copy)
    assert load_company(copy).policy.clause("B9").line == 16
    change(copy, "policy.yml", lambda p: (clause(p, "B9").update(line=17), clause(p, "B22").update(line=99)))
    assert faults_of(copy) == (
        "example_bookshop/policy.yml: clauses[B9].quote does not stand in line 17 of source.txt.",
        "example_bookshop/policy.yml: clauses[B22].quote does not stand in line 99 of source.txt.",
    )


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    assert len(faults_of(tmp_path / "nobody")) == 2


def test_a_sound_copy_loads_with_what_it_adds(folder: Path) -> None:
    def fill(company: dict[str, Any]) -> None:
        company["offices"][0].update(mail="office@example.jp")
        company["fee"] = FEE
        company["agent_papers"] = PAPERS
        company["calendar"].update(
            closures=[date(2026, 12, 31)],
            hours=[
                {"days": ["mon", "fri"], "opens": "13:00", "closes": "17:00"},
                {"days": ["mon", "fri"], "opens": "09:00", "closes": "12:00"},
            ],
        )

    change(folder, "company.yml", fill)
    company = load_company(folder)
    assert company.offices[0].mail == "office@example.jp"
    assert company.fee == Fee(300, Text("300 yen", "300円"), None)
    assert company.agent_papers == AgentPapers((Text("A paper", "書類"),), (Text("A letter", "委任状"),))
    assert company.calendar.closures == (date(2026, 12, 31),)
    assert company.calendar.hours is not None
    assert [(each.opens, each.closes) for each in company.calendar.hours] == [(time(13), time(17)), (time(9), time(12))]


def test_packs_load_by_their_id() -> None:
    assert {"plus_one", "planet_management"} <= set(load_companies())


def test_a_golden_question_needs_an_answer(folder: Path) -> None:
    change(folder, "golden.yml", lambda g: (g["questions"][0].pop("clauses"), g["questions"][1].pop("ja")))
    with pytest.raises(PackError) as caught:
        load_golden(folder)
    assert caught.value.faults == (
        "plus_one/golden.yml: questions[1] needs either clauses or a gap.",
        "plus_one/golden.yml: questions[2].ja is missing.",
    )


def test_retention_is_read_and_a_slip_of_the_pen_is_told(folder: Path) -> None:
    kept = {"cases": 30, "kinds": [{"id": "deletion", "days": 7}]}
    change(folder, "company.yml", lambda company: company.update(retention=kept))
    retention = load_company(folder).retention
    assert retention is not None
    assert (retention.cases, retention.chats, dict(retention.kinds)) == (30, None, {"deletion": 7})
    change(folder, "company.yml", lambda company: company.update(retention={"cases": 0, "chat": 3}))
    assert len(faults_of(folder)) == 2
