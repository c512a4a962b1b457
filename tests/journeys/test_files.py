"""Contacts, photos and documents: what is kept for a request, what is not, and where nothing may lie."""

from pathlib import Path

from tests.journeys.windows import Window

PDF = b"%PDF-1.7\n% the only page with a finch on it\n"
PHOTO = b"\xff\xd8\xff\xe0the only photo with a finch on it"
PROGRAM = b"MZ\x90\x00 no document at all"


def files_under(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


async def test_a_photo_and_a_document_with_a_path_for_a_name_are_kept_for_the_case(window: Window) -> None:
    hanako = window.customer("en")
    around = window.desk.data.parent
    before = files_under(around)
    await hanako.asks_for_everything()
    kept = await hanako.sends_document(PDF, "../../x")
    assert "put the document with your request" in kept
    assert "Which address have you registered" in kept
    assert "put the document with your request" in await hanako.sends_photo(PHOTO)
    await hanako.proves()
    reference = (await hanako.says("yes")).reference
    assert await window.documents(reference) == [("x", "application/pdf", PDF), ("photo.jpg", "image/jpeg", PHOTO)]
    letter = await window.staff_letter(reference)
    assert "(PDF)" in letter.text
    assert "| photo.jpg" in letter.text
    assert "../../x" not in letter.text
    assert {name for name in files_under(around) - before if not name.endswith(("-wal", "-shm"))} == set()
    for name in files_under(around):
        assert b"with a finch on it" not in (around / name).read_bytes(), name


async def test_a_document_for_a_request_that_is_on_file(window: Window) -> None:
    taro = window.customer("ja")
    await taro.comes_to_the_summary()
    reference = (await taro.says("はい")).reference
    await window.staff_letter(reference)
    added = await taro.sends_document(PDF, "証明書\u202efdp.pdf")
    assert reference in added
    assert "証明書fdp.pdf" in (await window.staff_letter(reference)).text
    assert [content for _, _, content in await window.documents(reference)] == [PDF]


async def test_files_that_are_no_documents_are_refused_with_a_sentence(window: Window) -> None:
    hanako = window.customer("en")
    assert "no request that this document could belong to" in await hanako.sends_document(PDF, "early.pdf")
    await hanako.asks_for_everything()
    assert "I cannot take this file" in await hanako.sends_document(PROGRAM, "passport.pdf")
    assert "too large" in await hanako.sends_document(PDF, "big.pdf", size=11 * 1024 * 1024)
    await hanako.proves()
    reference = (await hanako.says("yes")).reference
    assert await window.documents(reference) == []


async def test_a_contact_is_answered_and_not_kept(window: Window) -> None:
    hanako = window.customer("en")
    await hanako.asks_for_everything()
    answer = await hanako.shares_contact(hanako.record.phone)
    assert "I have not kept it" in answer
    assert "Which address have you registered" in answer
    assert "I have not kept it" in await hanako.shares_contact("+81312345678", user_id=4711)
    await hanako.proves()
    reference = (await hanako.says("yes")).reference
    assert hanako.record.phone not in (await window.staff_letter(reference)).text
    assert (await window.case(reference))["assurance"] == "E"
