"""Documents: taken for what they hold, called by no more than a name, and never lost on their way to a request."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.dialogue.documents import MAX_BYTES, MAX_NAME, media_type, plain_name
from handlers.dialogue.messages import Document
from tests.factories import OpenDesk
from tests.handlers.dialogue.talks import PNG, WANTED, entries_of, goes_on_to, kept_of, picture, state_of, with_a_case

PDF, JPEG = b"%PDF-1.7\n", b"\xff\xd8\xff\xe0\x00\x10JFIF"


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (PNG, "image/png"),
        (JPEG, "image/jpeg"),
        (PDF, "application/pdf"),
        (b"", None),
        (b"\x89PNG", None),
        (b"GIF89a", None),
        (b"PK\x03\x04", None),
        (b"MZ\x90\x00", None),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", None),
        (b"<html>%PDF-</html>", None),
        (b" %PDF-1.7", None),
        (b"II*\x00", None),
    ],
)
def test_a_kind_is_what_the_content_says(content: bytes, kind: str | None) -> None:
    assert media_type(content) == kind


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("passport.png", "passport.png"),
        ("../../x", "x"),
        ("..\\..\\x.png", "x.png"),
        ("/etc/passwd", "passwd"),
        ("C:\\Users\\hanako\\id.jpg", "id.jpg"),
        ("a\x00b.png", "ab.png"),
        ("\x00", "document"),
        ("", "document"),
        ("..", "document"),
        ("../", "document"),
        ("   ", "document"),
        ("exe\u202egnp.pdf", "exegnp.pdf"),
        ("a\nb\t c.pdf", "a b c.pdf"),
        ("a\u2028b.pdf", "a b.pdf"),
        ("half\ud83d.png", "half.png"),
        ("住民票.pdf", "住民票.pdf"),
        ("x" * 300 + ".pdf", "x" * (MAX_NAME - 4) + ".pdf"),
        ("あ" * 300, "あ" * MAX_NAME),
        ("x." + "y" * 300, "x." + "y" * (MAX_NAME - 2)),
        (".bashrc", "bashrc"),
        ("CON", "CON"),
    ],
)
def test_a_name_as_it_may_be_shown(name: str, shown: str) -> None:
    assert plain_name(name) == shown


@given(st.text(st.characters()))
def test_whatever_a_file_is_called_its_name_is_one_harmless_line(name: str) -> None:
    shown = plain_name(name)
    shown.encode("utf-8")
    assert 0 < len(shown) <= MAX_NAME
    assert not set("/\\") & set(shown)
    assert not [sign for sign in shown if unicodedata.category(sign) in {"Cc", "Cf", "Cs", "Zl", "Zp"}]
    assert not shown.startswith(".")


async def test_a_document_for_nothing_is_not_kept(desk: OpenDesk) -> None:
    customer = desk.customer()
    await customer.sends(document=picture())
    async with desk.desk.memory.engine.connect() as connection:
        assert (await connection.exec_driver_sql("SELECT count(*) FROM case_entries")).scalar_one() == 0
    assert (await state_of(customer)).active_loop is None


async def test_a_document_in_the_middle_of_a_request_comes_with_it(desk: OpenDesk) -> None:
    customer = desk.customer()
    await customer.says(WANTED)
    before = await state_of(customer)
    await customer.sends(document=picture("../../passport\u202e.png"))
    after = await state_of(customer)
    assert (after.active_loop, after.requested) == (before.active_loop, before.requested)
    await goes_on_to(customer, None)
    assert await entries_of(desk) == ["passport.png"]


async def test_a_document_alone_goes_to_the_only_request_and_staff_are_told(desk: OpenDesk) -> None:
    customer = await with_a_case(desk)
    await customer.sends(document=picture())
    assert await entries_of(desk) == ["passport.png"]
    assert await additions(desk) == 1
    assert (await state_of(customer)).active_loop is None


async def test_a_document_that_was_asked_for_goes_to_its_request(desk: OpenDesk) -> None:
    customer = await with_a_case(desk)
    await customer.says("I want to add something to my request")
    await customer.sends(document=picture())
    assert await entries_of(desk) == ["passport.png"]
    assert await additions(desk) == 1


async def test_of_several_requests_the_document_waits_for_the_one_that_is_meant(desk: OpenDesk) -> None:
    customer = await with_a_case(desk)
    desk.clock.goes_on(minutes=1)
    await with_a_case(desk)
    await customer.sends(document=picture())
    assert (await state_of(customer)).requested == "case_ref"
    assert [await entries_of(desk, 0), await entries_of(desk, 1)] == [[], []]
    await customer.says((await desk.cases())[0].ref)
    assert [await entries_of(desk, 0), await entries_of(desk, 1)] == [["passport.png"], []]
    assert await additions(desk) == 1


async def test_a_document_of_another_chat_touches_no_request(desk: OpenDesk) -> None:
    await with_a_case(desk)
    await desk.customer("nosy").sends(document=picture())
    assert await entries_of(desk) == []


async def test_what_cannot_be_taken_is_refused_and_nothing_changes(desk: OpenDesk) -> None:
    customer = await with_a_case(desk)
    before = await kept_of(customer)
    for content in (b"", b"PK\x03\x04zip", b"<svg/>", PDF + b"x" * MAX_BYTES):
        await customer.sends(document=Document("passport.png", content))
        assert await entries_of(desk) == []
        assert await kept_of(customer) == before


async def additions(desk: OpenDesk) -> int:
    async with desk.desk.memory.engine.connect() as connection:
        query = "SELECT count(*) FROM outbox WHERE notice = 'addition' AND recipient = 'staff'"
        return int((await connection.exec_driver_sql(query)).scalar_one())
