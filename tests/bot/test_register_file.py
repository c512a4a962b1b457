"""The register from a file: all of it or nothing, and no fault repeats what stands in the file."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.commands import SAMPLE
from bot.register_file import BadRegister, read_register
from handlers.desk.ports import Customer

GOOD = """\
name,email,phone,date_of_birth,address
Hanako Sample,Hanako@Example.com,03-1234-5678,1985-04-12,"1-1, Example-cho"
Taro Rei,taro@example.jp,,,
"""
JAPANESE = """\
氏名,メールアドレス,電話番号,生年月日,住所,会員番号
山田 花子,hanako@example.com,090-1234-5678,1985/04/12,東京都千代田区1-1,0001
"""


def read(folder: Path, content: str | bytes, encoding: str = "utf-8") -> list[Customer]:
    path = folder / "register.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
    return read_register(path, "planet_management")


def faults_of(folder: Path, content: str | bytes, encoding: str = "utf-8") -> list[str]:
    with pytest.raises(BadRegister) as bad:
        read(folder, content, encoding)
    return bad.value.faults


def rows(*lines: str, heading: str = "name,email,phone,date_of_birth,note") -> str:
    return "\n".join([heading, *lines]) + "\n"


def test_a_good_file(tmp_path: Path) -> None:
    hanako, taro = read(tmp_path, GOOD)
    assert (hanako.name, hanako.email, hanako.phone) == ("Hanako Sample", "hanako@example.com", "+81312345678")
    assert dict(hanako.facts) == {"date_of_birth": "1985-04-12", "address": "1-1, Example-cho"}
    assert (taro.name, taro.email, taro.phone, dict(taro.facts)) == ("Taro Rei", "taro@example.jp", None, {})
    assert hanako.company == taro.company == "planet_management"
    assert hanako.id != taro.id


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932"])
def test_japanese_headings_in_the_encodings_that_spreadsheets_write(tmp_path: Path, encoding: str) -> None:
    [hanako] = read(tmp_path, JAPANESE, encoding)
    assert (hanako.name, hanako.email, hanako.phone) == ("山田 花子", "hanako@example.com", "+819012345678")
    assert dict(hanako.facts) == {
        "date_of_birth": "1985/04/12", "address": "東京都千代田区1-1", "member_number": "0001",
    }  # fmt: skip


@pytest.mark.parametrize(
    "heading",
    [
        "Name,EMAIL",
        " name , email ",
        "名前,メール",
        "氏名,ﾒｰﾙｱﾄﾞﾚｽ",
        "ｎａｍｅ,Ｅ－ｍａｉｌ",
        "name,E-Mail",
        '"name","mail"',
    ],
)
def test_headings_may_be_written_in_many_ways(tmp_path: Path, heading: str) -> None:
    assert [each.email for each in read(tmp_path, rows("A,a@example.com", heading=heading))] == ["a@example.com"]


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_every_line_end(tmp_path: Path, newline: str) -> None:
    assert len(read(tmp_path, GOOD.replace("\n", newline))) == 2


def test_quotes_commas_and_line_ends_within_a_field(tmp_path: Path) -> None:
    [one] = read(tmp_path, rows('"Sample, ""Hana""",a@example.com,,,"first\r\nsecond"'))
    assert (one.name, one.facts["note"]) == ('Sample, "Hana"', "first\r\nsecond")


def test_a_comma_too_many_at_the_end_of_each_line(tmp_path: Path) -> None:
    """As spreadsheets write it where a column beyond the table was ever touched."""
    [one] = read(tmp_path, "name,email,\nA,a@example.com,\n")
    assert dict(one.facts) == {}


def test_empty_lines_are_passed_over(tmp_path: Path) -> None:
    assert len(read(tmp_path, rows("", "A,a@example.com,,,", "", ""))) == 1


def test_further_columns_are_kept_as_they_are(tmp_path: Path) -> None:
    [one] = read(tmp_path, "name,email,会員ランク\nA,a@example.com, gold \n")
    assert dict(one.facts) == {"会員ランク": "gold"}


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (",a@example.com,,,", "the name is empty"),
        ("   ,a@example.com,,,", "the name is empty"),
        ("A,,,,", "the e-mail address is not valid"),
        ("A", "the e-mail address is not valid"),
        ("A,canary,,,", "the e-mail address is not valid"),
        ('A,"a@example.com, b@example.com",,,', "the e-mail address is not valid"),
        ("A,a@example.com,canary,,", "the phone number is not valid"),
        ("A,a@example.com,12,,", "the phone number is not valid"),
        ("A,a@example.com,,2026-02-30,", "the date of birth is not a day of the calendar (write YYYY-MM-DD)"),
        ("A,a@example.com,,30/02/2026,", "the date of birth is not a day of the calendar (write YYYY-MM-DD)"),
        ("A,a@example.com,,1985/4/1,", "the date of birth is not a day of the calendar (write YYYY-MM-DD)"),
        ("A,a@example.com,,昭和60年,", "the date of birth is not a day of the calendar (write YYYY-MM-DD)"),
        ("A,a@example.com,,,,canary", "it has more fields than the first line has columns"),
    ],
)
def test_a_bad_row_is_named_with_its_line_and_its_reason(tmp_path: Path, row: str, reason: str) -> None:
    found = faults_of(tmp_path, rows("Good,good@example.com,,,", row, "Fine,fine@example.com,,,"))
    assert found == [f"Line 3: {reason}."]


def test_a_row_tells_all_its_faults_and_each_row_its_own(tmp_path: Path) -> None:
    first, second = faults_of(tmp_path, rows(",canary,canary,canary,", "B,,,,"))
    assert first == (
        "Line 2: the name is empty, and the e-mail address is not valid, and the phone number is not valid,"
        " and the date of birth is not a day of the calendar (write YYYY-MM-DD)."
    )
    assert second == "Line 3: the e-mail address is not valid."


def test_one_address_twice_is_named_with_both_lines(tmp_path: Path) -> None:
    found = faults_of(tmp_path, rows("A,a@example.com,,,", "B,b@example.com,,,", "C, A@EXAMPLE.com ,,,"))
    assert found == ["Line 4: the e-mail address stands in line 2 already."]


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        ("", "Line 1: there is no column called name or email."),
        ("\ufeff", "Line 1: there is no column called name or email."),
        ("name,phone\nA,1\n", "Line 1: there is no column called email."),
        ("住所,メール\nA,1\n", "Line 1: there is no column called name."),
        ("name;email\nA;a@example.com\n", "Line 1: there is no column called name or email."),
        ("name,email,mail\nA,a@example.com,b@example.com\n", "Line 1: more than one column is called email."),
        ("name,email\n", "There is nobody in the file."),
        ('name,"email\nA,a@example.com\n', "Line 1: a quotation mark is not closed, or stands where none may."),
        ('name,email\n"A,a@example.com\nB,b@example.com\n', "Line 2: a quotation mark is not closed,"),
        ('name,email\nA,a@example.com\n"B"x,b@example.com\n', "Line 3: a quotation mark is not closed,"),
    ],
)
def test_a_file_that_cannot_be_read_is_told(tmp_path: Path, content: str, fault: str) -> None:
    [found] = faults_of(tmp_path, content)
    assert found.startswith(fault)


def test_no_file_a_folder_and_an_unknown_encoding(tmp_path: Path) -> None:
    for path in (tmp_path / "none.csv", tmp_path):
        with pytest.raises(BadRegister) as bad:
            read_register(path, "c")
        assert bad.value.faults == [f"There is no file {path}."]
    for content in (GOOD.encode("utf-16"), b"\xfe\xff\x00n", b"name,email\nA,\x81"):
        [found] = faults_of(tmp_path, content)
        assert found.endswith("is neither UTF-8 nor the Japanese Windows code page; save it as CSV UTF-8.")


def test_of_many_faults_fifty_are_told_and_the_rest_counted(tmp_path: Path) -> None:
    found = faults_of(tmp_path, rows(*(f"A,canary{n},,," for n in range(120))))
    assert len(found) == 51
    assert found[-1] == "… and 70 more."
    assert len(faults_of(tmp_path, rows(*(f"A,canary{n},,," for n in range(50))))) == 50


CELLS = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=12)


@given(st.lists(st.lists(CELLS, min_size=1, max_size=6), max_size=5))
def test_whatever_stands_there_is_never_repeated(
    tmp_path_factory: pytest.TempPathFactory, table: list[list[str]]
) -> None:
    secret = "canary-7f3a"
    lines = [",".join(f"{secret}{cell}" for cell in row) for row in table]
    found = faults_of(tmp_path_factory.mktemp("any"), "\n".join(["name,email,phone,date_of_birth", "A,bad", *lines]))
    assert secret not in " ".join(found)
    assert all(re.match(r"Line \d+: |There is nobody|… and", fault) for fault in found)


def test_the_sample_register_is_good() -> None:
    assert [each.email for each in read_register(SAMPLE, "c")] == [
        "hanako@example.com", "taro@example.jp", "alex@example.org",
    ]  # fmt: skip
