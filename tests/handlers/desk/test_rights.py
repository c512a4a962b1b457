"""Law presets: each is complete, in both languages, and what is faulty is told in sentences."""

from datetime import date
from pathlib import Path

import pytest
import yaml

from handlers.desk.assurance import Proof, is_proved
from handlers.desk.errors import BadSetting
from handlers.desk.requests import RequestKind
from handlers.desk.rights import LAWS, Fee, Law, Words, load_law
from tests.factories import SUNDAY

PRESETS = sorted(path.stem for path in LAWS.glob("*.yml"))
E, P, A, D, TWO = Proof.MAIL, Proof.PHONE, Proof.ATTRIBUTES, Proof.DOCUMENT, Proof.TWO_PERSON

APPI = {
    RequestKind.PURPOSE_NOTICE: ("32(2)", Fee.ALLOWED, False),
    RequestKind.DISCLOSURE: ("33(1)", Fee.ALLOWED, True),
    RequestKind.PROVISION_RECORDS: ("33(5)", Fee.ALLOWED, True),
    RequestKind.CORRECTION: ("34(1)", Fee.NEVER, True),
    RequestKind.DELETION: ("35(5)", Fee.NEVER, True),
    RequestKind.SUSPENSION: ("35(1), 35(5)", Fee.NEVER, True),
    RequestKind.STOP_SHARING: ("35(3), 35(5)", Fee.NEVER, True),
    RequestKind.MARKETING_STOP: ("40", Fee.NEVER, False),
    RequestKind.CONSENT_WITHDRAWAL: ("40", Fee.NEVER, False),
    RequestKind.COMPLAINT: ("40", Fee.NEVER, False),
    RequestKind.INCIDENT: ("26", Fee.NEVER, False),
    RequestKind.INQUIRY: (None, Fee.NEVER, False),
}
"""Article, fee, and whether Art. 39(1) counts: the law sheet's own rows."""


@pytest.fixture(params=PRESETS)
def law(request: pytest.FixtureRequest) -> Law:
    return load_law(request.param)


def words_of(law: Law) -> list[Words]:
    rights = [law.right(kind) for kind in RequestKind]
    return [law.name, *(each.name for each in rights), *(g.text for each in rights for g in each.grounds.values())]


def test_there_is_a_preset() -> None:
    assert "jp-appi" in PRESETS


def test_a_preset_is_called_as_its_file_is(law: Law) -> None:
    assert law.id in PRESETS
    assert law.valid_from <= SUNDAY.date()


def test_a_preset_says_something_about_every_kind(law: Law) -> None:
    assert set(law.types) == set(RequestKind)
    assert law.legal_mark.days > 0


def test_a_preset_speaks_both_languages(law: Law) -> None:
    for words in words_of(law):
        assert words.en.isascii()
        assert words.en.strip() == words.en != ""
        assert any("\u3040" <= sign <= "\u9fff" for sign in words.ja), words
        assert (words.of("en"), words.of("ja"), words.of("fr")) == (words.en, words.ja, words.en)


def test_attributes_alone_prove_nothing(law: Law) -> None:
    for kind, right in law.types.items():
        for need in filter(None, (right.proof, right.contact_proof)):
            assert not is_proved(need, {A}), kind
            assert not is_proved(need, ()), kind


def test_a_mailbox_alone_opens_no_disclosure_no_deletion_and_no_contact_change(law: Law) -> None:
    for kind in (
        RequestKind.PURPOSE_NOTICE,
        RequestKind.DISCLOSURE,
        RequestKind.PROVISION_RECORDS,
        RequestKind.DELETION,
    ):
        for thief in ({E}, {P}, {E, A}, {P, A}):
            assert not is_proved(law.right(kind).proof, thief), (kind, thief)
    correction = law.right(RequestKind.CORRECTION)
    assert correction.contact_proof is not None
    assert not is_proved(correction.contact_proof, {E, A})
    assert not is_proved(correction.contact_proof, {P, A})


def test_a_document_opens_what_needs_most(law: Law) -> None:
    for kind in (RequestKind.DISCLOSURE, RequestKind.DELETION, RequestKind.CORRECTION):
        assert is_proved(law.right(kind).proof, {D})


def test_who_complains_or_reports_need_not_say_who_they_are(law: Law) -> None:
    for kind in (RequestKind.COMPLAINT, RequestKind.INCIDENT, RequestKind.INQUIRY):
        assert is_proved(law.right(kind).proof, ())


@pytest.mark.parametrize("kind", RequestKind)
def test_the_appi_row_by_row(kind: RequestKind) -> None:
    right = load_law("jp-appi").right(kind)
    assert (right.article, right.fee, right.legal_mark) == APPI[kind]


def test_the_appi_mark() -> None:
    law = load_law("jp-appi")
    assert (law.legal_mark.article, law.legal_mark.days, law.valid_from) == ("39(1)", 14, date(2022, 4, 1))


def test_grounds_name_their_articles() -> None:
    law = load_law("jp-appi")
    assert {kind for kind in RequestKind if law.right(kind).grounds} == {
        RequestKind.CORRECTION, RequestKind.DELETION, RequestKind.SUSPENSION, RequestKind.STOP_SHARING,
    }  # fmt: skip
    assert set(law.right(RequestKind.SUSPENSION).grounds) == {
        "untrue", "beyond_purpose", "improper_use", "wrongful_acquisition", "no_need", "leak", "harm",
    }  # fmt: skip
    assert all(ground.article for kind in RequestKind for ground in law.right(kind).grounds.values())


# What is faulty


def faulty(folder: Path, **changes: object) -> str:
    """A copy of the preset with some of its parts changed (None: left out); returns the name to load it by."""
    data = yaml.safe_load((LAWS / "jp-appi.yml").read_text(encoding="utf-8"))
    for place, value in changes.items():
        *way, last = place.split("__")
        part = data
        for step in way:
            part = part[step]
        if value is None:
            del part[last]
        else:
            part[last] = value
    path = folder / "faulty.yml"
    path.write_text(yaml.safe_dump(data, allow_unicode=True), encoding="utf-8")
    return str(path.with_suffix(""))


def faults_of(name: str) -> tuple[str, ...]:
    with pytest.raises(BadSetting) as refused:
        load_law(name)
    return refused.value.faults


def test_an_unchanged_copy_loads(tmp_path: Path) -> None:
    assert load_law(faulty(tmp_path)) == load_law("jp-appi")


def test_an_unknown_preset_is_told_with_those_that_there_are() -> None:
    assert faults_of("jp-none") == ("There is no law preset called 'jp-none'. Known presets: jp-appi.",)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"types__deletion": None}, "types: Value error, says nothing about deletion."),
        ({"types__disclosure__article": None}, "types.disclosure.article: Field required."),
        ({"types__disclosure__name__ja": None}, "types.disclosure.name.ja: Field required."),
        ({"types__disclosure__fee": "some"}, "types.disclosure.fee: Input should be 'allowed' or 'never'."),
        ({"types__disclosure__legal_mark": "maybe"}, "types.disclosure.legal_mark: Input should be a valid boolean"),
        ({"types__disclosure__proof": [["E", "X"]]}, "types.disclosure.proof: Value error, 'X' is not a valid Proof."),
        ({"types__disclosure__proof": ["E", "P"]}, "types.disclosure.proof: Value error, proofs are a list of"),
        ({"types__disclosure__proof": "E"}, "types.disclosure.proof: Value error, proofs are a list of"),
        ({"types__disclosure__proof": 2}, "types.disclosure.proof: Value error, proofs are a list of"),
        ({"types__disclosure__proof": [["E"], ["A"]]}, "types.disclosure.proof: Value error, each alternative needs"),
        ({"types__disclosure__proof": [[]]}, "types.disclosure.proof: Value error, each alternative needs"),
        (
            {"types__correction__contact_proof": [["A"]]},
            "types.correction.contact_proof: Value error, each alternative",
        ),
        ({"types__deletion__grounds__harm__article": None}, "types.deletion.grounds.harm.article: Field required."),
        ({"types__portability": {}}, "types.portability"),
        ({"types__disclosure__proofs": [["E"]]}, "types.disclosure.proofs: Extra inputs are not permitted."),
        ({"legal_mark__days": "two weeks"}, "legal_mark.days: Input should be a valid integer"),
        ({"valid_from": "soon"}, "valid_from: Input should be a valid date"),
        ({"extension": {}}, "extension: Extra inputs are not permitted."),
    ],
)
def test_a_fault_is_a_sentence(tmp_path: Path, changes: dict[str, object], sentence: str) -> None:
    found = faults_of(faulty(tmp_path, **changes))
    assert any(each.startswith(f"faulty.yml, {sentence}") for each in found), found
    assert all(each.endswith(".") for each in found)


def test_each_fault_has_its_own_sentence(tmp_path: Path) -> None:
    changes: dict[str, object] = {
        "types__deletion__fee": "some", "types__correction__proof": [["Z"]], "name__en": None, "legal_mark__days": None,
    }  # fmt: skip
    found = faults_of(faulty(tmp_path, **changes))
    assert [each.split(":")[0].removeprefix("faulty.yml, ") for each in found] == [
        "name.en", "legal_mark.days", "types.correction.proof", "types.deletion.fee",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "faulty.yml, the whole file: Input should be a valid dictionary"),
        (b"types: [", "faulty.yml is not readable YAML"),
        (b"name: \x93\xfa\x96{", "faulty.yml is not readable YAML"),
        (b"- a", "faulty.yml, the whole file: Input should be a valid dictionary"),
    ],
)
def test_what_is_no_preset_at_all_is_told(tmp_path: Path, content: bytes, sentence: str) -> None:
    (tmp_path / "faulty.yml").write_bytes(content)
    [found] = faults_of(str(tmp_path / "faulty"))
    assert found.startswith(sentence)
