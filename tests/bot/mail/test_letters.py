"""What each letter says, to whom, in which language; and when none is written at all."""

from dataclasses import replace

import pytest

from bot.mail.errors import Postponed, Reason, Refused
from bot.mail.letter import Letter
from bot.mail.letters import Letters
from handlers.desk.errors import BadSetting
from handlers.desk.lifecycle import Notice
from handlers.desk.requests import Detail, RequestKind
from handlers.desk.rights import load_law
from tests.bot.mail.office import HANAKO, MAIL_FROM, SECOND, STAFF, Office, customer

POISON = "Evil\r\nBcc: victim@example.org\u2028X: y\u202e\x00 https://evil.example/x"


async def only(office: Office, notice: Notice) -> Letter:
    [letter] = await office.writes(notice)
    return letter


async def test_a_code_goes_to_the_registered_address_with_nothing_else_in_it(office: Office) -> None:
    chat = await office.chat("en")
    case_id = await office.asks_code(chat, HANAKO)
    letter = await only(office, Notice.CODE)
    code = await office.code_of(case_id, chat)
    assert letter.to == HANAKO
    assert letter.subject == "Your code for PLUS ONE Co., Ltd."
    assert letter.body.splitlines()[0] == code
    assert letter.sender_name == "PLUS ONE privacy desk"
    assert letter.thread is None
    constant = letter.body.replace(code, "")
    await office.registers(customer(name="Somebody Else"))
    other = await office.chat("en")
    other_id = await office.asks_code(other, HANAKO, kind="deletion")
    second = next(each for each in await office.writes(Notice.CODE) if each.id != letter.id)
    assert second.body.replace(await office.code_of(other_id, other), "") == constant


async def test_a_code_is_written_in_the_language_of_the_talk(office: Office) -> None:
    await office.asks_code(await office.chat("ja"))
    letter = await only(office, Notice.CODE)
    assert letter.subject == "【PLUS ONE Co., Ltd.】確認コードのお知らせ"
    assert "10分間有効です" in letter.body
    assert letter.sender_name == "PLUS ONE 個人情報窓口"


async def test_an_unknown_identity_gets_no_letter(office: Office) -> None:
    await office.asks_code(await office.chat(), "nobody@example.jp")
    assert await office.writes() == []


async def test_staff_are_told_that_the_mail_proof_is_closed_and_until_when(office: Office) -> None:
    for chat in range(10):
        for number in range(4):
            name = f"chat{chat}"
            case_id = await office.asks_code(name, f"person{chat}.{number}@example.net")
            async with office.memory.begin() as work:
                for _ in range(5):
                    await office.casework(work, name).confirm(case_id, "0000000x")
    letter = await only(office, Notice.ALARM)
    assert (letter.to, letter.thread) == (STAFF, None)
    assert "closed the check by e-mail for everybody until 2026-11-22 (Sun/日) 13:00 Asia/Tokyo" in letter.body
    assert "メールでの本人確認を 2026-11-22 (Sun/日) 13:00 Asia/Tokyo まで" in letter.body
    assert "@" not in letter.body


async def test_a_fourth_code_in_an_hour_is_not_written(office: Office) -> None:
    for _ in range(4):
        await office.asks_code(await office.chat())
    assert len(await office.writes()) == 3


async def test_a_code_that_no_longer_works_is_not_written(office: Office) -> None:
    chat = await office.chat()
    case_id = await office.asks_code(chat)
    await office.asks_code(chat, case_id=case_id)
    assert len(await office.writes()) == 1  # the newer one
    office.clock.goes_on(minutes=10)
    assert await office.writes() == []


async def test_a_code_that_was_typed_is_not_written_again(office: Office) -> None:
    await office.proves(await office.chat())
    assert await office.writes() == []


async def test_who_left_the_register_gets_no_letter(office: Office) -> None:
    chat = await office.chat()
    case_id = await office.proves(chat)
    await office.asks_code(await office.chat())
    await office.files(chat, case_id=case_id)
    await office.registers(customer("other@example.jp"))
    [letter] = await office.writes()
    assert letter.to == STAFF
    assert "no longer in the register" in letter.body


async def test_a_receipt_says_it_all_in_plain_words(office: Office) -> None:
    chat = await office.chat()
    case_id = await office.proves(chat)
    request = await office.files(chat, case_id=case_id)
    letter = await only(office, Notice.RECEIPT)
    assert letter.to == HANAKO
    assert letter.subject == f"[{request.ref}] We have your request"
    for words in (
        request.ref,
        "Request: disclosure of your data",
        "Received: Sunday, 22 November 2026",
        "• What: My orders of 2025",
        "needs one more proof",
        "We aim to decide by Sunday, 6 December 2026.",
        "without delay, that is, as soon as it reasonably can",
        "if you have had no answer by Sunday, 6 December 2026",
        "take my request back",
    ):
        assert words in letter.body
    assert "$" not in letter.body
    assert "\n\n\n" not in letter.body


async def test_a_receipt_in_japanese(office: Office) -> None:
    chat = await office.chat("ja")
    case_id = await office.proves(chat, kind="marketing_stop")
    what = Detail("marketing", "email", "止めるもの", "メールマガジン")
    request = await office.files(chat, what, case_id=case_id, kind="marketing_stop", language="ja")
    letter = await only(office, Notice.RECEIPT)
    assert letter.subject == f"【{request.ref}】ご請求を受け付けました"
    for words in (
        "受付日：2026年11月22日（日）",
        "・止めるもの：メールマガジン",
        "ご本人であることを確認いたしました",
        "2026年12月6日（日）",
    ):
        assert words in letter.body
    assert "裁判" not in letter.body  # the law has no date for this kind
    assert "\n\n\n" not in letter.body


async def test_a_receipt_for_what_was_withdrawn_meanwhile_promises_nothing(office: Office) -> None:
    chat = await office.chat()
    request = await office.files(chat, case_id=await office.proves(chat))
    await office.withdraws(request)
    letter = await only(office, Notice.RECEIPT)
    assert "You have taken this request back" in letter.body
    assert "We aim" not in letter.body
    assert "court" not in letter.body


async def test_who_did_not_prove_it_gets_no_receipt(office: Office) -> None:
    await office.files(await office.chat())
    assert [each.to for each in await office.writes()] == [STAFF]


async def test_staff_are_told_to_ask_the_person_for_whom_somebody_asks(office: Office) -> None:
    agent = Detail("agent_as", "legal", "You ask", "As legal representative")
    for details, told in (((agent,), True), ((), False)):
        request = await office.files(await office.chat(), *details)
        [letter] = [each for each in await office.writes() if each.to == STAFF and request.ref in each.subject]
        assert ("ask the person themselves whether they want it" in letter.body) is told
        assert ("ご本人にもご意思を確認したうえで" in letter.body) is told


WORKABLE = (
    "first contact by 2026-11-24 (Tue/火)",
    "Received / 受付日時: 2026-11-22 (Sun/日) 12:00 Asia/Tokyo",
    "Japanese / 日本語",
    "対象の情報:\n  | 2025年の注文\n  | 詳しくは hxxps[:]//evil[.]example/a をご覧ください",
    "used for what the policy does not name (in our own policy) / ポリシーにない目的での利用（自社ポリシー）",
    "(Art. 35(5), 26(1))",
    "（第35条第5項・第26条第1項）",
    "H••••• S•••••, h•••••@example.jp, •••••001",
    "Proved so far / 確認済み: the code sent to the registered e-mail address / 登録メールアドレスに送った確認",
    "Still needed / まだ必要なもの: any one of these / 次のいずれか",
    "  – their own Telegram contact, equal to the registered phone number\n    登録電話番号と一致する本人の",
    "Decision by / 判断の目標: 2026-12-06 (Sun/日)",
    "The law's date / 法律上の日付: 2026-12-06 (Sun/日)",
    "  | 自分の情報を見たい h•••••@example.jp",
    "  | どれをご覧になりますか。\n  | [1] すべて  [2] 一部",
    "  | (pressed a button, or sent a file / ボタンの選択、またはファイルの送信)",
)
"""What a member of staff reads about the request in the next test."""


async def test_an_escalation_can_be_worked_with(office: Office) -> None:
    chat = await office.chat("ja")
    await office.exchange(
        chat,
        "自分の情報を見たい hanako@example.jp",
        "承知しました。",
        "どれをご覧になりますか。",
        choices=["すべて", "一部"],
    )
    await office.exchange(chat, "", "受け付けます。")
    what = Detail("scope", "x", "対象の情報", "2025年の注文\n詳しくは https://evil.example/a をご覧ください")
    request = await office.files(
        chat,
        what,
        case_id=await office.proves(chat, kind="deletion"),
        language="ja",
        kind="deletion",
        grounds=("beyond_purpose", "leak"),
    )
    letter = await only(office, Notice.ESCALATION)
    assert (letter.to, letter.others) == (STAFF, ())
    assert (
        letter.subject
        == f"[{request.ref}] Deletion of your data / 個人情報の消去 (Art. 35(1), 35(5) / 第35条第1項・第35条第5項)"
    )
    assert letter.sender_name == "PLUS ONE privacy desk / PLUS ONE 個人情報窓口"
    for words in (*WORKABLE, f"python -m bot cases show {request.ref}"):
        assert words in letter.body
    assert HANAKO not in letter.body
    assert "Hanako" not in letter.body
    assert "beyond_purpose" not in letter.body
    assert "\n\n\n" not in letter.body


async def test_an_escalation_of_somebody_unknown_who_would_change_an_address(office: Office) -> None:
    await office.files(await office.chat(), kind="correction", grounds=("untrue",), touches_contact=True)
    letter = await only(office, Notice.ESCALATION)
    for words in (
        "establish who is asking",
        "Identity / 本人: not established / 未確認",
        "Proved so far / 確認済み: nothing / なし",
        "If an e-mail address, a phone number or a postal address is to be changed, any one of these",
        "none / なし",
    ):
        assert words in letter.body


async def test_an_escalation_of_a_question_has_neither_article_nor_mark(office: Office) -> None:
    request = await office.files(await office.chat(), kind="inquiry")
    letter = await only(office, Notice.ESCALATION)
    assert letter.subject == f"[{request.ref}] Question for a member of staff / 担当者へのお問い合わせ"
    assert "Article / 根拠条文: none for this kind of request" in letter.body
    assert "The law's date / 法律上の日付: none" in letter.body
    assert "Still needed / まだ必要なもの: nothing more / なし" in letter.body


async def test_additions_and_a_withdrawal_go_into_the_escalation_s_thread(office: Office) -> None:
    request = await office.files(await office.chat())
    first = await only(office, Notice.ESCALATION)
    office.clock.goes_on(hours=1)
    await office.adds(request, "And the orders of 2024, see evil.example", document="proof.pdf")
    addition = await only(office, Notice.ADDITION)
    assert (first.message_id, first.thread) == (f"<escalation.{request.id}@plus-one.example>", None)
    assert addition.thread == first.message_id
    assert addition.message_id == f"<addition.{addition.id}@plus-one.example>"
    assert addition.subject == f"Re: {first.subject}"
    for words in (
        "2026-11-22 13:00  Words / 文面\n  | And the orders of 2024, see evil[.]example",
        "2026-11-22 13:00  Document / 書類 (PDF)\n  | proof.pdf",
        request.ref,
    ):
        assert words in addition.body
    office.clock.goes_on(hours=1)
    await office.adds(request, "One thing more")
    newest = (await office.writes(Notice.ADDITION))[-1]
    assert newest.body.index("orders of 2024") < newest.body.index("One thing more")
    assert "One thing more" not in (await office.writes(Notice.ADDITION))[0].body
    await office.withdraws(request)
    withdrawal = await only(office, Notice.WITHDRAWAL)
    assert (withdrawal.thread, withdrawal.subject) == (first.message_id, addition.subject)
    assert withdrawal.body.startswith("WITHDRAWN:")
    late = await only(office, Notice.ESCALATION)
    assert "There is nothing to do." in late.body
    assert late.message_id == first.message_id


async def test_no_header_holds_a_customer_s_words(office: Office) -> None:
    await office.registers(customer(name=POISON))
    chat = await office.chat()
    await office.exchange(chat, POISON, POISON, choices=[POISON])
    request = await office.files(chat, Detail("scope", POISON, POISON, POISON), case_id=await office.proves(chat))
    await office.adds(request, POISON, document=POISON)
    letters = await office.writes()
    assert sorted(each.message_id.partition(".")[0] for each in letters) == ["<addition", "<escalation", "<receipt"]
    for letter in letters:
        message = letter.as_message()
        headers = message.as_bytes().partition(b"\r\n\r\n")[0]
        for words in (b"Evil", b"victim", b"evil.example"):
            assert words not in headers
        assert len(message.get_all("To", [])) == 1
        assert "\u202e" not in letter.body
        assert "https://evil" not in letter.body or letter.to == HANAKO


async def test_nobody_named_keeps_the_letter_owed(office: Office) -> None:
    await office.files(await office.chat())
    office.staff.clear()
    with pytest.raises(Postponed) as put_off:
        await office.writes()
    assert (put_off.value.reason, put_off.value.alarm) == (Reason.NO_ROUTE, True)


async def test_a_company_nobody_knows_keeps_the_letter_owed(office: Office) -> None:
    await office.files(await office.chat())
    office.letters = replace(office.letters, letterheads={})
    with pytest.raises(Postponed):
        await office.writes()


async def test_further_staff_stand_in(office: Office) -> None:
    office.staff.append(SECOND)
    await office.files(await office.chat())
    letter = await only(office, Notice.ESCALATION)
    assert (letter.to, letter.others) == (STAFF, (SECOND,))


async def test_two_addresses_in_the_register_are_refused(office: Office) -> None:
    two = f"{HANAKO}, victim@example.org"
    await office.registers(customer(two))
    await office.asks_code(await office.chat(), two)
    with pytest.raises(Refused) as refused:
        await office.writes()
    assert refused.value.reason is Reason.ADDRESS


@pytest.mark.parametrize("sender", ["", "desk", "a@b.example, c@d.example", "Desk <desk@b.example>"])
def test_a_sender_that_is_none_is_told_at_the_start(sender: str) -> None:
    with pytest.raises(BadSetting, match="MADOGUCHI_MAIL_FROM"):
        Letters({}, sender, b"key")


@pytest.mark.parametrize("kind", load_law("jp-appi").types)
async def test_every_kind_can_be_written_about(office: Office, kind: RequestKind) -> None:
    for language in ("en", "ja"):
        office.clock.goes_on(hours=2)
        chat = await office.chat(language)
        case_id = await office.proves(chat, kind=kind)
        law = office.controller.law.right(kind)
        request = await office.files(chat, case_id=case_id, kind=kind, language=language, grounds=tuple(law.grounds))
        await office.adds(request, "words")
        await office.withdraws(request)
    letters = await office.writes()
    assert len(letters) == 8
    assert all(each.sender == MAIL_FROM and "$" not in each.body + each.subject for each in letters)
