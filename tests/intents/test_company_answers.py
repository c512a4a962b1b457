"""How an answer is chosen and written out: what is named first, then the short answer, then the silence."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intents.companies import Clause, Company, Gap, Policy, Text, Topics, load_companies, render
from intents.companies.words import find, normalise
from intents.parse import Language

COMPANIES = load_companies()
PLUS_ONE = COMPANIES["plus_one"]
PLANET = COMPANIES["planet_management"]


def clause(name: str, *, lead: bool = True, topics: str = "", intent: str = "ask_purposes") -> Clause:
    words = Topics(en=tuple(topics.split("|")) if topics else (), ja=())
    text = Text(f"{name}.", f"{name}。")
    return Clause(name, "1", text, (intent,), (intent,) if lead else (), words, text, "quoted", 1)


def gap(name: str, *, topics: str = "", intent: str = "ask_purposes") -> Gap:
    words = Topics(en=tuple(topics.split("|")) if topics else (), ja=())
    return Gap(name, (intent,), words, Text(f"no {name}", f"no {name}"))


def policy(*entries: Clause | Gap) -> Policy:
    return Policy(
        title=Text("P", "P"),
        established=None,
        written_in=Language.EN,
        cited_as=Text("Policy, {number}", "ポリシー {number}"),
        clauses=tuple(entry for entry in entries if isinstance(entry, Clause)),
        gaps=tuple(entry for entry in entries if isinstance(entry, Gap)),
    )


def found(of: Policy, intent: str | None, text: str, language: Language = Language.EN) -> list[str]:
    answer = of.answer(intent, text, language)
    return [entry.id for entry in answer.clauses] + ([answer.gap.id] if answer.gap else [])


def test_what_is_named_comes_alone() -> None:
    of = policy(clause("A"), clause("B", lead=False, topics="billing"), gap("G"))
    assert found(of, "ask_purposes", "for billing?") == ["B"]


def test_a_named_clause_goes_before_a_named_gap() -> None:
    of = policy(clause("A"), clause("B", topics="billing"), gap("G", topics="cookies"))
    assert found(of, "ask_purposes", "billing and cookies") == ["B"]


def test_a_named_gap_goes_before_the_short_answer() -> None:
    of = policy(clause("A"), gap("G", topics="cookies"))
    assert found(of, "ask_purposes", "what about cookies?") == ["G"]


def test_the_short_answer_goes_before_an_unnamed_gap() -> None:
    of = policy(clause("A"), clause("B", lead=False), gap("G", topics="cookies"))
    assert found(of, "ask_purposes", "what is it for?") == ["A"]


def test_without_a_clause_the_intents_gap_answers() -> None:
    of = policy(clause("A"), gap("G", intent="ask_fees"))
    assert found(of, "ask_fees", "what does it cost?") == ["G"]


@pytest.mark.parametrize("intent", [None, "greet"])
def test_without_an_intent_only_what_is_named_answers(intent: str | None) -> None:
    of = policy(clause("A"), clause("B", topics="member number|number"), gap("G", topics="cookies"))
    assert found(of, intent, "is my member number secret?") == ["B"]
    assert found(of, intent, "and cookies?") == ["G"]
    assert not of.answer(intent, "good morning", Language.EN)


def test_without_an_intent_the_longest_name_wins() -> None:
    of = policy(clause("A", topics="tour"), clause("B", topics="privacy policy"))
    assert found(of, None, "which privacy policy is it on a tour?") == ["B"]


def test_a_topic_of_another_intent_is_not_named() -> None:
    of = policy(clause("A"), clause("B", topics="billing", intent="ask_security"))
    assert found(of, "ask_purposes", "billing") == ["A"]


def test_a_longer_topic_hides_a_shorter_one_in_the_same_place() -> None:
    of = policy(clause("A", topics="address"), gap("G", topics="email address"))
    assert found(of, "ask_purposes", "your e-mail address?") == ["G"]
    assert found(of, "ask_purposes", "my address and my e-mail address") == ["A"]


def test_no_more_than_eight_clauses() -> None:
    of = policy(*(clause(f"C{number}", topics="data") for number in range(12)))
    assert len(of.answer("ask_purposes", "data", Language.EN).clauses) == 8


@pytest.mark.parametrize(
    ("topic", "text", "named"),
    [
        ("ad", "stop the ad!", True),
        ("ad", "I had bad luck", False),
        ("ssl", "SSLは使っていますか", True),
        ("tel", "please tell me", False),
        ("email", "My E\u2011MAIL", True),
        ("メルマガ", "ﾒﾙﾏｶﾞを止めて", True),
        ("cookie", "Ｃｏｏｋｉｅは？", True),
        ("follow up", "follow\n  up", True),
        ("billing", "bil\u200bling", True),
        ("don't agree", "I don\u2019t agree", True),
    ],
)
def test_spellings_do_not_matter_and_words_are_whole(topic: str, text: str, named: bool) -> None:
    assert bool(find([normalise(topic)], normalise(text))) is named


def test_a_word_of_the_other_language_counts_where_the_own_names_nothing() -> None:
    assert found(PLUS_ONE.policy, "ask_purposes", "what about the メルマガ", Language.EN) == ["S20"]
    assert found(PLUS_ONE.policy, "ask_purposes", "newsletterのことです", Language.JA) == ["S20"]


@given(st.text(), st.sampled_from([None, "ask_purposes", "ask_contact", "no_such_intent"]), st.sampled_from(Language))
def test_any_words_get_an_answer_or_none(text: str, intent: str | None, language: Language) -> None:
    for company in (PLUS_ONE, PLANET):
        answer = company.policy.answer(intent, text, language)
        assert len(answer.clauses) <= 8
        assert not (answer.clauses and answer.gap)
        assert bool(render(answer, company, language)) is bool(answer)


@pytest.mark.parametrize("text", ["\ud800", "\x00", "a" * 200_000, "😀" * 100_000, "\u202emagazine", "ﷺ" * 50_000])
def test_hostile_words_are_only_words(text: str) -> None:
    began = time.perf_counter()
    assert PLUS_ONE.policy.answer("ask_purposes", text, Language.EN)
    assert time.perf_counter() - began < 1


def said(company: Company, intent: str | None, text: str, language: Language) -> str:
    return render(company.policy.answer(intent, text, language), company, language)


def test_a_named_purpose_is_one_cited_sentence() -> None:
    assert said(PLUS_ONE, "ask_purposes", "do you use my data for billing?", Language.EN) == (
        "PLUS ONE uses your information for billing in transactions with you. (Policy, 2.2.3)"
    )
    assert said(PLUS_ONE, "ask_purposes", "請求に使いますか", Language.JA) == (
        "お客様とのお取引で、代金などをご請求するために情報を利用します。（ポリシー 2.2.3）"
    )


def test_an_overview_is_one_message_with_a_list() -> None:
    assert said(PLANET, "ask_purposes", "what for?", Language.EN) == (
        "Planet Management uses your information for five purposes. (Policy, 2)\n"
        "• Providing its services (2.1)\n"
        "• Measuring customer traffic and behavior (2.2)\n"
        "• Advertisements, and checking their effect (2.3)\n"
        "• Important notices, such as new terms (2.4)\n"
        "• Other purposes its services specify (2.5)"
    )


def test_the_purposes_of_plus_one_are_told_whole() -> None:
    overview = said(PLUS_ONE, "ask_purposes", "what do you use my data for", Language.EN)
    for purpose in ("deliver", "provide services", "bill", "answer", "ask you", "follow up", "magazine", "other work"):
        assert purpose in overview
    assert overview.count("\n•") == 5


@pytest.mark.parametrize("intent", ["ask_third_parties", "ask_exceptions"])
def test_sharing_without_asking_is_told_with_all_six_situations(intent: str) -> None:
    for text, language in (("without my consent?", Language.EN), ("同意なしで？", Language.JA)):
        message = said(PLUS_ONE, intent, text, language)
        assert all(f"5.2.{number}" in message for number in range(1, 7))


def test_a_list_without_a_sentence_before_it_cites_in_full() -> None:
    message = said(PLUS_ONE, "ask_purposes", "for billing, delivery and the newsletter?", Language.EN)
    assert message == (
        "• Delivering goods (Policy, 2.2.1)\n• Billing (Policy, 2.2.3)\n• Sending the e-mail magazine (Policy, 2.2.7)"
    )


def test_sentences_from_one_place_share_its_citation() -> None:
    message = said(PLUS_ONE, "ask_procedure", "how?", Language.EN)
    assert message.count("(Policy, 7.1)") == 1
    assert message.endswith("(Policy, 7.2)")


def test_a_place_without_a_number_is_cited_by_its_name() -> None:
    assert said(PLANET, "ask_contact", "is there a form?", Language.EN).endswith("(Contact page)")
    assert said(PLUS_ONE, None, "who runs this site?", Language.EN).endswith("(Policy, opening)")
    assert said(PLUS_ONE, None, "運営会社は？", Language.JA).endswith("（ポリシー 前文）")


def test_a_gap_is_said_as_it_stands_and_cites_nothing() -> None:
    message = said(PLUS_ONE, "ask_fees", "how much?", Language.EN)
    assert message == "I looked, and PLUS ONE's policy doesn't say whether there is a fee."


def test_nothing_found_is_nothing_said() -> None:
    assert said(PLUS_ONE, None, "hello", Language.EN) == ""
