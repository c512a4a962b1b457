"""Law presets: each is complete, in both languages, and what is faulty is told in sentences."""

import re
from collections.abc import Iterator
from datetime import date
from itertools import product
from pathlib import Path

import pytest
import yaml
from pydantic import BaseModel

from handlers.desk.articles import article_ja
from handlers.desk.assurance import Proof, is_proved
from handlers.desk.errors import BadSetting, NoSuchRight
from handlers.desk.requests import RequestKind
from handlers.desk.rights import EVERY_LAW_HAS, LAWS, Ask, Fee, Law, Limit, Refusal, Says, Tell, Words, load_law
from intents.catalogue import CATALOGUE
from tests.factories import SUNDAY

PRESETS = sorted(path.stem for path in LAWS.glob("*.yml"))
ROWS = [(preset, kind) for preset in PRESETS for kind in load_law(preset).types]
E, P, A, D, TWO = Proof.MAIL, Proof.PHONE, Proof.ATTRIBUTES, Proof.DOCUMENT, Proof.TWO_PERSON

APPI = {
    RequestKind.PURPOSE_NOTICE: ("32(2)", Fee.ALLOWED, False),
    RequestKind.DISCLOSURE: ("33(1)", Fee.ALLOWED, True),
    RequestKind.PROVISION_RECORDS: ("33(5)", Fee.ALLOWED, True),
    RequestKind.CORRECTION: ("34(1)", Fee.NEVER, True),
    RequestKind.DELETION: ("35(1), 35(5)", Fee.NEVER, True),
    RequestKind.SUSPENSION: ("35(1), 35(5)", Fee.NEVER, True),
    RequestKind.STOP_SHARING: ("35(3), 35(5)", Fee.NEVER, True),
    RequestKind.MARKETING_STOP: ("40", Fee.NEVER, False),
    RequestKind.CONSENT_WITHDRAWAL: ("40", Fee.NEVER, False),
    RequestKind.COMPLAINT: ("40", Fee.NEVER, False),
    RequestKind.INCIDENT: ("26", Fee.NEVER, False),
    RequestKind.INQUIRY: (None, Fee.NEVER, False),
}
"""Article, fee, and whether Art. 39(1) counts: the law sheet's own rows."""

GDPR = {
    RequestKind.DISCLOSURE: "15(1), 15(3)",
    RequestKind.CORRECTION: "16",
    RequestKind.DELETION: "17(1)",
    RequestKind.SUSPENSION: "18(1)",
    RequestKind.PORTABILITY: "20(1), 20(2)",
    RequestKind.OBJECTION: "21(1)",
    RequestKind.MARKETING_STOP: "21(2), 21(3)",
    RequestKind.AUTOMATED_DECISION: "22(1), 22(3)",
}
"""The rights of Art. 15 to 22, which are answered within a month."""

CCPA = {
    RequestKind.DISCLOSURE: (45, None),
    RequestKind.DELETION: (45, None),
    RequestKind.CORRECTION: (45, None),
    RequestKind.STOP_SHARING: (None, 15),
    RequestKind.LIMIT_SENSITIVE: (None, 15),
}
"""Calendar days, or business days, within which a request is answered."""

WITHOUT_ARTICLE = {
    ("jp-appi", RequestKind.INQUIRY),
    *product(["eu-gdpr"], [RequestKind.COMPLAINT, RequestKind.INQUIRY]),
    *product(["us-ca-ccpa"], [RequestKind.MARKETING_STOP, RequestKind.CONSENT_WITHDRAWAL, *EVERY_LAW_HAS]),
}
"""What a desk serves although its law has no article for it."""


@pytest.fixture(params=PRESETS)
def law(request: pytest.FixtureRequest) -> Law:
    return load_law(request.param)


@pytest.fixture(params=ROWS, ids=lambda row: f"{row[0]}-{row[1]}")
def row(request: pytest.FixtureRequest) -> tuple[Law, RequestKind]:
    preset, kind = request.param
    return load_law(preset), kind


def words_in(part: object) -> Iterator[Words]:
    """All texts that stand anywhere in a part of a law."""
    if isinstance(part, Words):
        yield part
    elif isinstance(part, BaseModel):
        for name in type(part).model_fields:
            yield from words_in(getattr(part, name))
    elif isinstance(part, dict):
        for each in part.values():
            yield from words_in(each)


def articles_in(part: object) -> Iterator[str | None]:
    """All articles that are named anywhere in a part of a law."""
    if isinstance(part, BaseModel):
        for name in type(part).model_fields:
            if name == "article":
                yield getattr(part, name)
            else:
                yield from articles_in(getattr(part, name))
    elif isinstance(part, dict):
        for each in part.values():
            yield from articles_in(each)


# Each preset


def test_the_three_presets_are_there() -> None:
    assert PRESETS == ["eu-gdpr", "jp-appi", "us-ca-ccpa"]


def test_a_preset_is_called_as_its_file_is(law: Law) -> None:
    assert law.id in PRESETS
    assert law.valid_from <= SUNDAY.date()


def test_a_preset_speaks_both_languages(law: Law) -> None:
    found = list(words_in(law))
    assert len(found) >= 30
    for words in found:
        assert words.en.strip() == words.en != ""
        assert words.ja.strip() == words.ja != ""
        assert not re.search("[\u3040-\u9fff]", words.en), words
        assert "  " not in words.en
        if words is not law.citation:
            assert re.search("[\u3040-\u30ff\u4e00-\u9fff]", words.ja), words
            assert not re.search(r"[\u3000-\u9fff] [\u3000-\u9fff]", words.ja), words
        assert (words.of("en"), words.of("ja"), words.of("fr")) == (words.en, words.ja, words.en)


def test_what_people_read_in_whole_sentences_ends_like_one(law: Law) -> None:
    texts = [law.remedies, *(each.text for part in (law.general, law.refusals) for each in part.values())]
    for words in texts:
        assert words.en.endswith("."), words
        assert words.ja.endswith("。"), words


def test_no_text_holds_an_article_or_a_code(law: Law) -> None:
    for words in words_in(
        {"remedies": law.remedies, "general": law.general, "refusals": law.refusals, "types": law.types}
    ):
        assert not re.search(r"Art\.|§|第\d+条|_", words.en + words.ja), words


def test_articles_are_written_so_that_each_language_can_cite_them(law: Law) -> None:
    found = {article for article in articles_in(law) if article is not None}
    for article in found:
        assert article in law.cite(article, "en")
        if law.id == "us-ca-ccpa":
            assert re.fullmatch(r"(Civ\. Code § 1798\.\d+|11 CCR § 7\d{3})(\([a-z]\))*(, § 7060)?", article), article
        else:
            assert law.cite(article, "en") == f"Art. {article}"
            assert re.fullmatch(r"(第\d+条(の\d+)?(第\d+項)?(第\d+号|\([a-h]\))?・?)+", law.cite(article, "ja")), (
                article
            )


@pytest.mark.parametrize(
    ("article", "japanese"),
    [
        ("33(2)(iii)", "第33条第2項第3号"),
        ("17(3)(e), 18", "第17条第3項(e)・第18条"),
        ("11 CCR § 7021", "11 CCR § 7021"),
    ],
)
def test_items_are_read_as_each_law_has_them(article: str, japanese: str) -> None:
    assert article_ja(article) == japanese


def test_every_refusal_is_used_and_has_its_article(law: Law) -> None:
    used = {name for right in law.types.values() for name in right.refusals}
    assert used == set(law.refusals)
    for name, refusal in law.refusals.items():
        assert refusal.article is not None or (law.id, name) == ("eu-gdpr", "agent_not_shown")
        assert refusal.needs_facts or refusal.says is not Says.REFUSED or name == "purpose_evident", name


def test_general_rules_are_for_questions_that_the_desk_knows(law: Law) -> None:
    assert set(law.general) <= CATALOGUE
    assert {"ask_fees", "ask_response_time", "ask_verification"} <= set(law.general)


def test_a_law_knows_the_least_and_leads_from_what_it_lacks_to_what_it_has(law: Law) -> None:
    assert set(law.types) >= EVERY_LAW_HAS
    for kind in RequestKind:
        assert law.has(law.closest(kind))
        assert law.has(kind) is (law.closest(kind) is kind)
        if not law.has(kind):
            with pytest.raises(NoSuchRight):
                law.right(kind)


# Each type of each preset


def test_a_type_is_complete(row: tuple[Law, RequestKind]) -> None:
    law, kind = row
    right = law.right(kind)
    assert (right.article is None) is ((law.id, kind) in WITHOUT_ARTICLE)
    assert right.asks
    assert Tell.DONE in right.tells or Tell.DONE_WITH_CONTENT in right.tells
    assert right.ground_asked is (Ask.GROUND in right.asks)
    assert bool(right.methods) is (Ask.METHOD in right.asks)
    assert right.contact_proof is None or kind is RequestKind.CORRECTION


def refusals_of(law: Law, kind: RequestKind) -> dict[str, Refusal]:
    """The reasons for which this kind may be refused, in the preset's order."""
    return {name: law.refusals[name] for name in law.right(kind).refusals}


def test_a_type_that_the_law_gives_a_clock_has_every_way_to_end(row: tuple[Law, RequestKind]) -> None:
    law, kind = row
    right = law.right(kind)
    if not right.legal_mark:
        assert (law.mark_of(kind), law.acknowledge_of(kind), law.extension_of(kind)) == (None, None, None)
        return
    assert law.mark_of(kind) is not None
    assert Tell.NOT_DONE in right.tells
    says = [each.says for each in refusals_of(law, kind).values()]
    assert Says.AGENT in says
    assert (Says.IDENTITY in says) is bool(right.proof)


def test_what_hands_data_over_or_erases_it_takes_two(row: tuple[Law, RequestKind]) -> None:
    law, kind = row
    takes_two = {
        RequestKind.DISCLOSURE, RequestKind.PROVISION_RECORDS, RequestKind.PORTABILITY, RequestKind.DELETION,
    }  # fmt: skip
    assert law.right(kind).four_eyes is (kind in takes_two)


def test_a_refusal_that_needs_another_measure_is_a_step_of_its_own(row: tuple[Law, RequestKind]) -> None:
    law, kind = row
    right = law.right(kind)
    for name, refusal in refusals_of(law, kind).items():
        if refusal.says is Says.METHOD_DIFFICULT:
            assert Tell.METHOD_DIFFICULT in right.tells, name
            assert refusal.substitute


def test_attributes_alone_prove_nothing(row: tuple[Law, RequestKind]) -> None:
    law, kind = row
    right = law.right(kind)
    for need in filter(None, (right.proof, right.contact_proof)):
        assert not is_proved(need, {A})
        assert not is_proved(need, ())


def test_a_mailbox_alone_opens_no_disclosure_no_deletion_and_no_contact_change(law: Law) -> None:
    for kind in (
        RequestKind.PURPOSE_NOTICE,
        RequestKind.DISCLOSURE,
        RequestKind.PROVISION_RECORDS,
        RequestKind.PORTABILITY,
        RequestKind.DELETION,
    ):
        for thief in ({E}, {P}, {E, A}, {P, A}):
            assert not law.has(kind) or not is_proved(law.right(kind).proof, thief), (kind, thief)
    correction = law.right(RequestKind.CORRECTION)
    assert correction.contact_proof is not None
    assert not is_proved(correction.contact_proof, {E, A})
    assert not is_proved(correction.contact_proof, {P, A})


def test_a_document_opens_what_needs_most(law: Law) -> None:
    for kind in (RequestKind.DISCLOSURE, RequestKind.DELETION, RequestKind.CORRECTION):
        assert is_proved(law.right(kind).proof, {D})


def test_who_complains_or_reports_need_not_say_who_they_are(law: Law) -> None:
    for kind in EVERY_LAW_HAS:
        assert is_proved(law.right(kind).proof, ())


# Japan


@pytest.mark.parametrize("kind", RequestKind)
def test_the_appi_row_by_row(kind: RequestKind) -> None:
    law = load_law("jp-appi")
    assert law.has(kind) is (kind in APPI)
    if kind in APPI:
        right = law.right(kind)
        assert (right.article, right.fee, right.legal_mark) == APPI[kind]


def test_the_appi_has_a_mark_and_neither_limit_nor_extension() -> None:
    law = load_law("jp-appi")
    mark = law.mark_of(RequestKind.DISCLOSURE)
    assert mark is not None
    assert (mark.article, mark.days, law.valid_from) == ("39(1)", 14, date(2022, 4, 1))
    assert (law.acknowledge, law.answer, law.extension, law.answer_wording.en) == (None, None, None, "without delay")


def test_the_appis_grounds_name_their_articles() -> None:
    law = load_law("jp-appi")
    assert {kind for kind in law.types if law.right(kind).ground_asked} == {
        RequestKind.DELETION, RequestKind.SUSPENSION, RequestKind.STOP_SHARING,
    }  # fmt: skip
    cease = {"beyond_purpose", "improper_use", "wrongful_acquisition", "no_need", "leak", "harm"}
    assert set(law.right(RequestKind.SUSPENSION).grounds) == cease
    assert set(law.right(RequestKind.DELETION).grounds) == cease | {"untrue"}
    assert set(law.right(RequestKind.STOP_SHARING).grounds) == {
        "without_consent", "abroad_without_consent", "no_need", "leak", "harm",
    }  # fmt: skip


def test_the_appi_wants_an_investigation_before_a_correction_or_a_stop() -> None:
    law = load_law("jp-appi")
    assert {kind for kind, right in law.types.items() if right.finding} == {
        RequestKind.CORRECTION, RequestKind.DELETION, RequestKind.SUSPENSION, RequestKind.STOP_SHARING,
    }  # fmt: skip


def test_the_appis_refusals_of_a_disclosure_are_the_laws_own() -> None:
    found = refusals_of(load_law("jp-appi"), RequestKind.DISCLOSURE)
    assert [(each.article, each.says) for each in found.values()] == [
        ("33(2)(i)", Says.REFUSED), ("33(2)(ii)", Says.REFUSED), ("33(2)(iii)", Says.REFUSED),
        ("33(3)", Says.NO_DATA), ("33(2), 33(3)", Says.METHOD_DIFFICULT),
        ("37(1)", Says.IDENTITY), ("37(3)", Says.AGENT),
    ]  # fmt: skip


def test_a_stop_may_be_replaced_by_another_measure_and_a_correction_may_not() -> None:
    law = load_law("jp-appi")
    replaced = {kind for kind in law.types if any(each.substitute for each in refusals_of(law, kind).values())}
    assert replaced == {
        RequestKind.DISCLOSURE, RequestKind.PROVISION_RECORDS,  # another method
        RequestKind.DELETION, RequestKind.SUSPENSION, RequestKind.STOP_SHARING,
    }  # fmt: skip


# The EU and California


@pytest.mark.parametrize(("kind", "article"), GDPR.items())
def test_the_gdpr_row_by_row(kind: RequestKind, article: str) -> None:
    law = load_law("eu-gdpr")
    mark, extension = law.mark_of(kind), law.extension_of(kind)
    assert mark is not None
    assert extension is not None
    assert (law.right(kind).article, law.right(kind).fee, mark.months) == (article, Fee.NEVER, 1)
    assert (extension.length, extension.times, extension.tell_within) == (Limit(months=2), 1, Limit(months=1))


def test_the_gdprs_month_counts_for_its_rights_only() -> None:
    law = load_law("eu-gdpr")
    assert {kind for kind, right in law.types.items() if right.legal_mark} == set(GDPR)


def test_an_objection_to_advertising_is_never_weighed() -> None:
    law = load_law("eu-gdpr")
    for refusal in refusals_of(law, RequestKind.MARKETING_STOP).values():
        assert refusal.says is not Says.REFUSED


@pytest.mark.parametrize(("kind", "lengths"), CCPA.items())
def test_the_ccpa_row_by_row(kind: RequestKind, lengths: tuple[int | None, int | None]) -> None:
    law = load_law("us-ca-ccpa")
    mark = law.mark_of(kind)
    assert mark is not None
    assert (mark.days, mark.business_days) == lengths
    is_opt_out = lengths[0] is None
    assert (law.acknowledge_of(kind) is None) is (law.extension_of(kind) is None) is is_opt_out
    assert (law.right(kind).proof == ()) is is_opt_out


def test_the_ccpas_clock_counts_for_its_rights_only() -> None:
    law = load_law("us-ca-ccpa")
    assert {kind for kind, right in law.types.items() if right.legal_mark} == set(CCPA)


# What is faulty


def faulty(folder: Path, changes: dict[str, object], preset: str = "jp-appi") -> str:
    """A copy of a preset with some of its parts changed (None: left out); returns the name to load it by."""
    data = yaml.safe_load((LAWS / f"{preset}.yml").read_text(encoding="utf-8"))
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


@pytest.mark.parametrize("preset", PRESETS)
def test_an_unchanged_copy_loads(tmp_path: Path, preset: str) -> None:
    assert load_law(faulty(tmp_path, {}, preset)) == load_law(preset)


def test_an_unknown_preset_is_told_with_those_that_there_are() -> None:
    assert faults_of("jp-none") == (
        "There is no law preset called 'jp-none'. Known presets: eu-gdpr, jp-appi, us-ca-ccpa.",
    )


PROOFS = "proofs are a list of alternatives, each a list, such as [[E, P], [D]]"
ALONE = "each alternative needs a proof other than A, which proves nothing alone"
NO_DAYS = "needs exactly one of days, months and business_days"


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"types__inquiry": None}, "types: says nothing about inquiry; every law has it, so add it."),
        ({"types__disclosure__article": None}, "types.disclosure.article: is missing; add it."),
        ({"types__disclosure__name__ja": None}, "types.disclosure.name.ja: is missing; add it."),
        ({"types__disclosure__name__ja": " "}, "types.disclosure.name.ja: is empty; write something."),
        ({"types__disclosure__name__ja": 5}, "types.disclosure.name.ja: must be text; put it in quotation marks."),
        ({"types__disclosure__article": 33}, "types.disclosure.article: must be text; put it in quotation marks."),
        ({"types__disclosure__fee": "some"}, "types.disclosure.fee: must be one of 'allowed' or 'never'."),
        ({"types__disclosure__legal_mark": "maybe"}, "types.disclosure.legal_mark: must be true or false."),
        ({"types__disclosure__partial": []}, "types.disclosure.partial: must be true or false."),
        (
            {"types__disclosure__proof": [["E", "X"]]},
            "types.disclosure.proof: 'X' is no proof; the proofs are E, P, A, D, 2P.",
        ),
        ({"types__disclosure__proof": ["E", "P"]}, f"types.disclosure.proof: {PROOFS}."),
        ({"types__disclosure__proof": "E"}, f"types.disclosure.proof: {PROOFS}."),
        ({"types__disclosure__proof": 2}, f"types.disclosure.proof: {PROOFS}."),
        ({"types__disclosure__proof": [["E"], ["A"]]}, f"types.disclosure.proof: {ALONE}."),
        ({"types__disclosure__proof": [[]]}, f"types.disclosure.proof: {ALONE}."),
        ({"types__correction__contact_proof": [["A"]]}, f"types.correction.contact_proof: {ALONE}."),
        ({"types__deletion__grounds__harm__article": None}, "types.deletion.grounds.harm.article: is missing; add it."),
        ({"types__deletion__grounds": {}}, "types.deletion: asks for a ground and lists none under grounds."),
        ({"types__deletion__grounds": ["harm"]}, "types.deletion.grounds: must be a section with lines of its own"),
        ({"types__disclosure__methods": []}, "types.disclosure: asks for a method exactly where methods lists some."),
        ({"types__disclosure__methods": "paper"}, "types.disclosure.methods: must be a list such as [a, b]."),
        (
            {"types__disclosure__methods": ["paper", "fax"]},
            "types.disclosure.methods.2: must be one of 'electronic', 'paper' or 'other'.",
        ),
        ({"types__disclosure__asks": ["scope", "scope"]}, "types.disclosure.asks: names something twice; leave each"),
        (
            {"types__disclosure__refusals": ["no_data", "no_time"]},
            "types.disclosure.refusals: names no_time, which refusals lacks; add or correct it.",
        ),
        (
            {"types__complaint__answer": {"article": "40", "days": 3}},
            "types.complaint: has an answer limit, so legal_mark must be true.",
        ),
        ({"types__portability": {}}, "types.portability.article: is missing; add it."),
        ({"types__flying": {}}, "types.flying: must be one of 'purpose_notice', 'disclosure'"),
        ({"types__disclosure": "yes"}, "types.disclosure: must be a section with lines of its own below it."),
        (
            {"types__disclosure__proofs": [["E"]]},
            "types.disclosure.proofs: is not known here; correct the name or take",
        ),
        ({"legal_mark__days": "two weeks"}, "legal_mark.days: must be a whole number such as 14."),
        ({"legal_mark__days": 0}, "legal_mark.days: must be 1 or more."),
        ({"legal_mark__days": None}, f"legal_mark: {NO_DAYS}."),
        ({"legal_mark__months": 1}, f"legal_mark: {NO_DAYS}."),
        ({"legal_mark": None}, "types.disclosure.legal_mark: is true, and there is no answer and no legal_mark to"),
        ({"answer": {"article": "1", "days": 30}}, "legal_mark: cannot stand beside answer, whose limit is the law's"),
        (
            {"extension": {"article": "1", "length": {"days": 30}}},
            "extension: has no answer limit that it could extend; leave it out or add answer.",
        ),
        ({"extension": {}}, "extension.length: is missing; add it."),
        ({"valid_from": "soon"}, "valid_from: must be a date such as 2022-04-01."),
        ({"valid_from": []}, "valid_from: must be a date such as 2022-04-01."),
        ({"citation__en": "Art."}, "citation: must hold {article} in each language, where the number goes."),
        ({"instead": {"disclosure": "inquiry"}}, "instead.disclosure: must lead from a kind that types lacks to one"),
        ({"instead": {"portability": "objection"}}, "instead.portability: must lead from a kind that types lacks to"),
        ({"general__fees": {"article": "38"}}, "general.fees: must be the name of a question such as ask_fees."),
        ({"refusals__no_data__says": "gone"}, "refusals.no_data.says: must be one of 'refused', 'no_data', 'method_"),
        ({"remedies": None}, "remedies: is missing; add it."),
        ({"fees": 3}, "fees: is not known here; correct the name or take it out."),
    ],
)
def test_a_fault_is_a_sentence(tmp_path: Path, changes: dict[str, object], sentence: str) -> None:
    found = faults_of(faulty(tmp_path, changes))
    assert any(each.startswith(f"faulty.yml, {sentence}") for each in found), found
    assert all(each.endswith(".") for each in found)
    assert not any(re.search("Value error|Input should|Extra inputs|Field required", each) for each in found)


def test_each_fault_has_its_own_sentence(tmp_path: Path) -> None:
    changes: dict[str, object] = {
        "types__deletion__fee": "some", "types__correction__proof": [["Z"]], "name__en": None, "legal_mark__days": "x",
    }  # fmt: skip
    found = faults_of(faulty(tmp_path, changes))
    assert [each.split(":")[0].removeprefix("faulty.yml, ") for each in found] == [
        "name.en", "legal_mark.days", "types.correction.proof", "types.deletion.fee",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "faulty.yml, the whole file: must be a section with lines of its own below it."),
        (
            b"types: [",
            "faulty.yml, line 2: cannot be read; compare its spaces, colons and brackets with the lines around it.",
        ),
        (b"name: \x93\xfa\x96{", "faulty.yml, the whole file: is not saved as UTF-8; save it as UTF-8 text."),
        (b"- a", "faulty.yml, the whole file: must be a section with lines of its own below it."),
    ],
)
def test_what_is_no_preset_at_all_is_told(tmp_path: Path, content: bytes, sentence: str) -> None:
    (tmp_path / "faulty.yml").write_bytes(content)
    [found] = faults_of(str(tmp_path / "faulty"))
    assert found.startswith(sentence)
