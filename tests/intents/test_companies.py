"""What the two packs say: every row of their sources, in both languages, and nothing that no source says."""

import re
from itertools import chain
from pathlib import Path

import pytest

import intents.companies
from intents.catalogue import CATALOGUE
from intents.companies import (
    Company,
    Question,
    Span,
    Text,
    Weekday,
    check_golden,
    load_companies,
    load_golden,
    quote,
    render,
)
from intents.companies.checks import QUESTIONS
from intents.parse import Language

PACKS = Path(intents.companies.__file__).parent
COMPANIES = load_companies()
PLUS_ONE = COMPANIES["plus_one"]
PLANET = COMPANIES["planet_management"]
BOTH = pytest.mark.parametrize("company", [PLUS_ONE, PLANET], ids=lambda company: company.id)
LANGUAGES = pytest.mark.parametrize("language", list(Language))

ROWS = {"plus_one": [f"S{row}" for row in range(1, 51)], "planet_management": [f"P{row}" for row in range(1, 42)]}
SILENCES = {
    "plus_one": "contact address representative fee form deadline agents records joint-use cookies retention "
    "complaint-body date",
    "planet_management": "form-url hours fee id-papers agents records legal-grounds stop-provision reasons "
    "complaint-body address representative",
}
PREFIX = {"plus_one": "S-gap-", "planet_management": "P-gap-"}
JAPANESE = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff]")

GOLDEN = [
    pytest.param(company, question, marks=pytest.mark.row(question.row, *question.clauses, question.gap))
    for company in COMPANIES.values()
    for question in load_golden(PACKS / company.id)
]


def found(company: Company, intent: str | None, text: str, language: Language) -> list[str]:
    answer = company.policy.answer(intent, text, language)
    return [clause.id for clause in answer.clauses] + ([answer.gap.id] if answer.gap else [])


def said(company: Company, intent: str | None, text: str, language: Language) -> str:
    return render(company.policy.answer(intent, text, language), company, language)


def words_of(company: Company) -> list[Text]:
    """Everything of a policy that a customer can be told."""
    policy = company.policy
    texts = [clause.text for clause in policy.clauses] + [gap.text for gap in policy.gaps]
    return texts + [clause.short for clause in policy.clauses if clause.short]


@BOTH
def test_every_row_of_the_source_is_a_clause(company: Company) -> None:
    assert set(ROWS[company.id]) <= {clause.id for clause in company.policy.clauses}


@BOTH
def test_every_known_silence_is_a_gap(company: Company) -> None:
    gaps = {gap.id for gap in company.policy.gaps}
    assert {PREFIX[company.id] + name for name in SILENCES[company.id].split()} <= gaps


@BOTH
def test_all_wording_is_in_its_own_language(company: Company) -> None:
    for words in words_of(company):
        assert JAPANESE.search(words.ja), words
        assert not JAPANESE.search(words.en), words


def test_questions_are_those_of_the_catalogue() -> None:
    assert set(QUESTIONS) == {intent for intent in CATALOGUE if intent.startswith("ask_")}


@BOTH
def test_packs_and_golden_questions_name_only_intents_of_the_catalogue(company: Company) -> None:
    clauses = chain.from_iterable(clause.intents for clause in company.policy.clauses)
    gaps = chain.from_iterable(gap.intents for gap in company.policy.gaps)
    grounds = chain.from_iterable(ground.requests for ground in company.grounds)
    golden = {question.intent for question in load_golden(PACKS / company.id)} - {None}
    assert {*clauses, *gaps, *grounds, *golden} <= CATALOGUE


@BOTH
@LANGUAGES
@pytest.mark.parametrize("intent", QUESTIONS)
def test_every_question_of_the_catalogue_has_an_answer_that_fits_a_phone(
    company: Company, language: Language, intent: str
) -> None:
    answer = company.policy.answer(intent, "", language)
    assert answer
    assert len(answer.clauses) <= 8
    assert 20 <= len(render(answer, company, language)) <= 1200


@LANGUAGES
@pytest.mark.parametrize(("company", "question"), GOLDEN, ids=lambda value: getattr(value, "row", ""))
def test_golden_question_finds_its_clauses(company: Company, question: Question, language: Language) -> None:
    expected = [*question.clauses] + ([question.gap] if question.gap else [])
    assert found(company, question.intent, question.words[language], language) == expected


@BOTH
def test_golden_questions_cover_every_clause_gap_and_question(company: Company) -> None:
    questions = load_golden(PACKS / company.id)
    written_for = {question.row for question in questions}
    policy = company.policy
    own = {entry.id for entry in policy.clauses if entry.id in ROWS[company.id]} | {gap.id for gap in policy.gaps}
    assert own | set(QUESTIONS) <= written_for
    assert {clause.id for clause in policy.clauses} <= set(chain.from_iterable(q.clauses for q in questions))


# The same question, two companies, different right answers.

CROSS = {
    "e-mail magazine": ("ask_purposes", "Do you use it for the e-mail magazine?", "メールマガジンに使いますか？",
                        ["S20"], ["P-gap-email-magazine"]),
    "joint use": ("ask_joint_use", "Is there joint use?", "共同利用はありますか？",
                  ["S-gap-joint-use"], ["P18", "P19", "P20", "P21"]),
    "ssl": ("ask_security", "Do you use SSL?", "ＳＳＬは使っていますか？",
            ["S27"], ["P-gap-security-measures"]),
    "phone": ("ask_contact", "Can I phone you?", "電話はできますか？",
              ["S-gap-contact"], ["P37"]),
    "mail": ("ask_contact", "What's your email address?", "メールアドレスは？",
             ["S-gap-contact"], ["P38"]),
    "ads": ("ask_analytics_ads", "Is my data used for ads?", "広告に使われますか？",
            ["S-gap-ads"], ["P11"]),
    "date": ("ask_policy_changes", "When was the policy established?", "ポリシーはいつ制定されましたか？",
             ["S-gap-date"], ["P41"]),
    "outsourcing": ("ask_outsourcing", "Do you outsource?", "委託していますか？",
                    ["S36", "S37", "S38"], ["P-gap-outsourcing"]),
    "external services": ("ask_external_services", "What do you get if I link an app?", "連携すると何を取得しますか？",
                          ["S-gap-external-services"], ["P8"]),
    "fee": ("ask_fees", "Is there a fee?", "手数料はありますか？",
            ["S-gap-fee"], ["P25"]),
}  # fmt: skip


@LANGUAGES
@pytest.mark.parametrize("topic", CROSS)
def test_one_question_gets_each_company_its_own_answer(topic: str, language: Language) -> None:
    intent, en, ja, plus_one, planet = CROSS[topic]
    question = Text(en, ja)[language]
    assert found(PLUS_ONE, intent, question, language) == plus_one
    assert found(PLANET, intent, question, language) == planet
    assert said(PLUS_ONE, intent, question, language) != said(PLANET, intent, question, language)


# Nothing is invented.

PROMISES = re.compile(
    r"\d{2,}|\d+ ?(days?|weeks?|hours?|日|週|時)|https?:|www\.|@|[¥￥円]|\byen\b|\bJPY\b", re.IGNORECASE
)


@pytest.mark.row("S44", "S45", "S-gap-contact", "S-gap-fee", "S-gap-deadline", "S-gap-hours")
def test_plus_one_gives_no_phone_mail_fee_hours_or_day_count() -> None:
    for words in words_of(PLUS_ONE):
        assert not PROMISES.search(words.en), words
        assert not PROMISES.search(words.ja), words
    assert {(office.mail, office.phone) for office in PLUS_ONE.offices} == {(None, None)}


@pytest.mark.row("P3", "P23", "P25", "P37", "P38", "P41", "P-gap-fee", "P-gap-deadline")
def test_planet_gives_its_phone_mail_and_date_and_no_other_number() -> None:
    told = "\n".join(words.en + "\n" + words.ja for words in words_of(PLANET))
    assert told.count("03-6265-0193") == 2
    assert told.count("info@planetmgmt.biz") == 2
    rest = re.sub(r"03-6265-0193|info@planetmgmt\.biz|2022年4月|April 2022", "", told)
    assert not PROMISES.search(rest)


@BOTH
def test_what_no_company_gave_is_empty(company: Company) -> None:
    assert company.fee is None
    assert company.calendar.hours is None
    assert company.calendar.closures == ()


# The policy's own words.


@pytest.mark.row("P-noise")
@LANGUAGES
def test_a_stumbling_translation_is_quoted_on_demand_and_never_told(language: Language) -> None:
    investigates = PLANET.policy.clause("P33")
    assert "survey without any problems" not in investigates.text.en
    assert {Language.EN: "without delay", Language.JA: "遅れることなく調査"}[language] in investigates.text[language]
    shown = quote((investigates,), PLANET, language)
    assert "we will suspend the use of personal information as necessary" in shown
    assert "we will suspend" not in investigates.text[language]


@LANGUAGES
@pytest.mark.parametrize("company", list(COMPANIES.values()), ids=lambda company: company.id)
def test_every_quotation_is_short_marked_and_says_where_it_stands(company: Company, language: Language) -> None:
    for clause in company.policy.clauses:
        shown = quote((clause,), company, language)
        marked = {Language.EN: f"“{clause.quote}”", Language.JA: f"「{clause.quote}」"}[language]
        assert shown.endswith(marked)
        assert (clause.cite[language] if clause.cite else clause.number) in shown
        assert len(clause.quote.split()) <= 15


def test_quotations_keep_the_policys_order_and_pass_over_what_is_gone() -> None:
    assert [clause.id for clause in PLANET.policy.cited(["P11", "P9", "P99"])] == ["P9", "P11"]


@pytest.mark.parametrize("company", list(COMPANIES.values()), ids=lambda company: company.id)
def test_golden_questions_show_no_fault(company: Company) -> None:
    assert list(check_golden(company, load_golden(PACKS / company.id))) == []


def test_a_golden_question_that_finds_something_else_or_nothing_is_told() -> None:
    golden = [each for each in load_golden(PACKS / "plus_one") if "S16" not in (each.row, *each.clauses)]
    wrong = Question("S27", Text("Do you use SSL?", "SSLですか？"), "ask_security", ("S26",), None)
    assert list(check_golden(PLUS_ONE, [*golden, wrong])) == [
        "'Do you use SSL?' finds S27, where S26 should be found.",
        "'SSLですか？' finds S27, where S26 should be found.",
        "no question finds S16. Write one that a customer would ask.",
    ]


@BOTH
def test_company_names_stay_as_the_source_writes_them(company: Company) -> None:
    assert company.name.en == company.name.ja == {
        "plus_one": "PLUS ONE Co., Ltd.",
        "planet_management": "Planet Management Co., Ltd.",
    }[company.id]  # fmt: skip


@pytest.mark.row("P19", "P-gap-partners")
@LANGUAGES
def test_partners_that_no_source_names_are_not_named(language: Language) -> None:
    question = Text("Which business partners?", "取引先の名前は？")[language]
    assert found(PLANET, "ask_joint_use", question, language) == ["P-gap-partners"]


@pytest.mark.row("S28", "S29", "P14")
def test_sharing_is_never_denied() -> None:
    for clause_id, company in (("S28", PLUS_ONE), ("S29", PLUS_ONE), ("P14", PLANET)):
        assert "never" not in company.policy.clause(clause_id).text.en
    assert "except" in PLUS_ONE.policy.clause("S29").text.en
    assert "ただし" in PLUS_ONE.policy.clause("S29").text.ja
    assert "ただし" in PLANET.policy.clause("P14").text.ja


@pytest.mark.row("S50")
def test_consent_by_use_is_told_as_the_policys_word_and_not_as_law() -> None:
    consent = PLUS_ONE.policy.clause("S50").text
    assert "what the policy says" in consent.en
    assert "法律上どうなるかは" in consent.ja


@pytest.mark.row("S22")
def test_a_contract_with_a_travel_company_warns_whose_policy_rules() -> None:
    for intent in ("request_disclosure", "request_correction", "request_deletion", "request_suspension"):
        assert "S22" in found(PLUS_ONE, intent, "what the travel company has about me", Language.EN)
        assert "S22" in found(PLUS_ONE, intent, "旅行会社が持っている情報のことです", Language.JA)


# The desk.


@pytest.mark.row("S44", "S45")
def test_plus_one_sends_disclosure_to_its_office_and_all_else_to_its_window() -> None:
    assert PLUS_ONE.office_for("disclosure").clause == "S44"
    assert PLUS_ONE.office_for("deletion").clause == "S45"
    assert PLUS_ONE.desk == Text("PLUS ONE privacy desk", "PLUS ONE 個人情報窓口")


@pytest.mark.row("P36", "P37", "P38")
def test_planet_has_one_desk_with_phone_and_mail() -> None:
    office = PLANET.office_for("disclosure")
    assert office is PLANET.office_for("anything")
    assert (office.phone, office.mail) == ("03-6265-0193", "info@planetmgmt.biz")
    assert office.name.en == (
        "Inquiry Desk, Planet Management Co., Ltd., Business Department, "
        "customer contact regarding the Protection of Personal Information"
    )


@BOTH
def test_desk_rules_that_both_share(company: Company) -> None:
    assert (company.law, company.timezone) == ("jp-appi", "Asia/Tokyo")
    assert company.methods == ("electronic", "paper", "other")
    assert company.calendar.weekly_closed == (Weekday.SAT, Weekday.SUN)
    assert company.calendar.holidays == "jp"
    targets = company.targets
    assert (targets.first_touch, targets.decide) == (Span(1, True), Span(14, False))


@pytest.mark.row("P4")
def test_only_planet_takes_its_closed_days_from_the_source() -> None:
    assert PLANET.calendar.clause == "P4"
    assert PLUS_ONE.calendar.clause is None


@pytest.mark.row("S3", "P7", "P8")
def test_items_are_those_of_the_sources() -> None:
    plus_one = "name address date_of_birth sex phone email description"
    planet = "name date_of_birth email address phone usage_history other external_id external_other"
    assert " ".join(item.id for item in PLUS_ONE.items) == plus_one
    assert " ".join(item.id for item in PLANET.items) == planet


@pytest.mark.row("S5", "S24", "P14", "P26", "P31", "P32")
def test_grounds_are_those_of_the_sources() -> None:
    assert {ground.id: ground.clause for ground in PLUS_ONE.grounds} == {
        "beyond_purpose": "S5",
        "wrongful_acquisition": "S24",
    }
    assert {ground.id: ground.clause for ground in PLANET.grounds} == {
        "beyond_purpose": "P31",
        "wrongful_acquisition": "P32",
        "untrue": "P26",
        "without_consent": "P14",
    }
