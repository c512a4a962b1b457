"""From the first word to the letter that staff act on, for each kind of request, in both languages."""

from datetime import UTC, date, datetime, timedelta

from tests.journeys.customers import Customer
from tests.journeys.windows import Window
from tests.mailbox import Letter


def today() -> date:
    """Today at the company, which counts its days in Japan."""
    return (datetime.now(UTC) + timedelta(hours=9)).date()


def check_staff_letter(letter: Letter, reference: str, customer: Customer, *words: str) -> None:
    """A letter that staff can act on: what, on which article, by when, and who, with nobody's name in it."""
    assert letter["Subject"].startswith(f"[{reference}] ")
    assert letter["Auto-Submitted"] == "auto-generated"
    assert letter["Message-ID"]
    assert letter.message.get_content_type() == "text/plain"
    for expected in (reference, "Decision by", "The law's date", *words):
        assert expected in letter.text, f"{expected!r} is missing in:\n{letter.text}"
    for personal in customer.record.personal:
        assert personal not in letter.text, personal


async def test_disclosure(window: Window) -> None:
    hanako = window.customer("en")
    arrived = today()
    assert "Planet Management privacy desk" in await hanako.says("/start")
    assert "What would you like to see?" in await hanako.presses("See my data")
    assert "How would you like to receive it?" in await hanako.presses("Everything you hold about me")
    assert "Which address have you registered" in await hanako.presses("Electronically")
    assert "eight digits" in await hanako.says(hanako.record.email)
    summary = await hanako.says(await hanako.code())
    assert "What: Everything you hold about me" in summary
    assert "How you receive it: Electronically" in summary
    assert "the code sent to your registered address was right" in summary
    filed = await hanako.presses("Yes, file it")
    assert "Your request is on file." in filed
    reference = filed.reference

    letter = await window.staff_letter(reference)
    check_staff_letter(
        letter, reference, hanako,
        "Disclosure of your data", "Art. 33(1)", "English / 英語", "| Everything you hold about me", "| Electronically",
        "k•••••@nest.example", "the code sent to the registered e-mail address", f"{arrived:%Y-%m-%d}",
        f"{arrived + timedelta(days=14):%Y-%m-%d}", "Art. 39(1)",
    )  # fmt: skip
    receipt = await hanako.mail.arrives(to=hanako.record.email, subject_part=reference)
    assert "WHAT YOU ASKED FOR" in receipt.text
    assert "Everything you hold about me" in receipt.text
    assert await hanako.own_references() == [reference]
    case = await window.case(reference)
    assert (case["kind"], case["assurance"], case["language"]) == ("disclosure", "E", "en")


async def test_disclosure_in_japanese(window: Window) -> None:
    taro = window.customer("ja")
    assert "Planet Management 個人情報窓口です" in await taro.says("こんにちは")
    assert "どの情報をご覧になりたいですか" in await taro.says("私の情報を開示してください")
    assert "どの情報でしょうか" in await taro.says("一部だけ")
    assert "どのような方法で" in await taro.says("去年の夏の予約")
    assert "ご希望の方法をお書きください" in await taro.says("3")
    assert "メールアドレスをお書きください" in await taro.says("窓口で見たい")
    assert "8桁" in await taro.says(taro.record.email)
    summary = await taro.says(await taro.code())
    for line in ("一部の情報だけ", "去年の夏の予約", "窓口で見たい"):
        assert line in summary
    filed = await taro.says("はい")
    assert "受け付けました" in filed

    letter = await window.staff_letter(filed.reference)
    check_staff_letter(
        letter, filed.reference, taro,
        "第33条第1項", "Japanese / 日本語", "| 去年の夏の予約", "| 窓口で見たい",
        "登録メールアドレスに送った確認コード",
    )  # fmt: skip
    receipt = await taro.mail.arrives(to=taro.record.email, subject_part=filed.reference)
    assert "ご請求の内容" in receipt.text
    assert await taro.own_references() == [filed.reference]


async def test_correction(window: Window) -> None:
    hanako = window.customer("en")
    await hanako.follows("My address is wrong, please correct it", "correct something wrong", "Address")
    assert "What should it say?" in await hanako.says("9-9 Old Perch")
    assert "Could you tell me why?" in await hanako.says("4-5-6 New Perch")
    await hanako.says("I moved in May")
    summary = await hanako.goes_on_to_the_summary(await hanako.proves())
    for line in ("Item: Address", "It says: 9-9 Old Perch", "It should say: 4-5-6 New Perch", "Reason: I moved in May"):
        assert line in summary
    filed = await hanako.says("yes")
    letter = await window.staff_letter(filed.reference)
    check_staff_letter(letter, filed.reference, hanako, "Art. 34(1)", "| 4-5-6 New Perch", "| I moved in May")
    assert "If an e-mail address, a phone number or a postal address is to be changed" in letter.text
    assert (await window.case(filed.reference))["kind"] == "correction"


async def test_correction_in_japanese(window: Window) -> None:
    taro = window.customer("ja")
    await taro.follows("登録されている電話番号が間違っているので訂正してほしい", "訂正", "電話番号", "わからない")
    await taro.follows("090-1111-2222", "機種変更しました")
    reference = await taro.files(await taro.proves())
    letter = await window.staff_letter(reference)
    check_staff_letter(letter, reference, taro, "第34条第1項", "| 電話番号", "| 090-1111-2222", "| 機種変更しました")


async def test_deletion_on_a_ground_of_the_companys_own_policy(window: Window) -> None:
    hanako = window.customer("en")
    await hanako.follows("please delete my account and everything about me", "I no longer want it kept")
    grounds = await hanako.says("everything")
    assert any("The company no longer needs" in choice for choice in grounds.choices)
    await hanako.presses("My information was used beyond the purpose")
    reference = await hanako.files(await hanako.proves())
    letter = await window.staff_letter(reference)
    check_staff_letter(letter, reference, hanako, "Art. 35(5)", "used beyond the purpose", "in our own policy")
    assert (await window.case(reference))["grounds"] == ["beyond_purpose"]


async def test_deletion_by_law_in_japanese(window: Window) -> None:
    taro = window.customer("ja")
    await taro.follows("私の情報を削除してください", "もう持っていてほしくない", "一部の情報だけ")
    await taro.says("昔の注文履歴")
    await taro.presses("会社がもう必要としていない")
    reference = await taro.files(await taro.proves())
    letter = await window.staff_letter(reference)
    check_staff_letter(letter, reference, taro, "| 昔の注文履歴", "会社がもう必要としていない", "第35条第5項")


async def test_untrue_data_is_deleted_without_another_ground(window: Window) -> None:
    hanako = window.customer("en")
    await hanako.follows("Delete my data", "it is not true", "I never lived in Osaka", "only some of it", "old address")
    reference = await hanako.files(await hanako.proves())
    letter = await window.staff_letter(reference)
    check_staff_letter(letter, reference, hanako, "| I never lived in Osaka", "The data is not true")


async def test_somebody_who_cannot_get_a_code_files_all_the_same(window: Window) -> None:
    hanako = window.customer("en")
    await hanako.asks_for_everything()
    assert "go on without a code" in await hanako.presses("I cannot use my registered address")
    reference = await hanako.files(await hanako.says("By post, to where I live"))
    letter = await window.staff_letter(reference)
    check_staff_letter(letter, reference, hanako, "not established", "Still needed", "| By post, to where I live")
    assert window.mail.to(hanako.record.email) == []


async def test_a_complaint_reaches_staff_without_a_name(window: Window) -> None:
    taro = window.customer("ja")
    assert "どのようなことがありましたか" in await taro.says("個人情報の扱いについて苦情を言いたい")
    story = "店の人が私の電話番号を大声で読み上げました。とても嫌な思いをしました。"
    summary = await taro.goes_on_to_the_summary(await taro.says(story))
    assert "大声で読み上げました" in summary
    letter = await window.staff_letter(await taro.files(summary))
    assert "大声で読み上げました" in letter.text
    assert window.mail.to(taro.record.email) == []


async def test_adding_to_a_request_and_taking_it_back(window: Window) -> None:
    hanako = window.customer("en")
    await hanako.comes_to_the_summary()
    reference = (await hanako.says("yes")).reference
    first = await window.staff_letter(reference)
    assert reference in await hanako.follows("I want to add something to my request", "my bookings of 2019 matter most")
    addition = await window.staff_letter(reference)
    assert "my bookings of 2019 matter most" in addition.text
    assert f"Shall I take back the request {reference}?" in await hanako.says("take my request back")
    assert f"The request {reference} is taken back" in await hanako.says("yes")
    withdrawal = await window.staff_letter(reference)
    assert "WITHDRAWN" in withdrawal.text
    for answer in (addition, withdrawal):
        assert answer["In-Reply-To"] == first.message_id
    assert len({first.message_id, addition.message_id, withdrawal.message_id}) == 3
    assert (await window.case(reference))["status"] == "withdrawn"
