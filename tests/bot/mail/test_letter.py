"""What goes over the wire: one To, plain text, the same at every repetition."""

import email
import email.policy
from dataclasses import replace
from email.message import EmailMessage
from email.utils import parsedate_to_datetime

from tests.bot.mail.test_harmless import letter


def parsed(raw: bytes) -> EmailMessage:
    return email.message_from_bytes(raw, policy=email.policy.default)


def test_a_letter_says_what_it_is() -> None:
    message = parsed(letter().as_message().as_bytes())
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["X-Auto-Response-Suppress"] == "All"
    assert message["Message-ID"] == "<code.1@example.com>"
    assert message.get_content_type() == "text/plain"
    assert message.get_content_charset() == "utf-8"
    assert parsedate_to_datetime(message["Date"]) == letter().written_at
    assert message.get_all("To") == ["a@example.jp"]
    assert message["Cc"] is None
    assert message["References"] is None


def test_every_repetition_is_the_same_to_the_byte() -> None:
    assert letter().as_message().as_bytes() == letter().as_message().as_bytes()


def test_a_long_thread_id_is_never_folded_into_encoded_words() -> None:
    thread = f"<escalation.{'0' * 32}@privacy.desk.of.a.company.with.a.very.long.name.example.co.jp>"
    raw = letter(thread=thread).as_message().as_bytes()
    assert f"In-Reply-To: {thread}\r\n".encode() in raw
    assert f"References: {thread}\r\n".encode() in raw


def test_japanese_arrives_as_it_was_written_and_no_line_is_too_long() -> None:
    body = "確認コード\n" + "長" * 5000 + "\n"
    raw = (
        replace(letter(subject="【PLUS ONE】" + "確認" * 60, name="個人情報, 窓口"), body=body).as_message().as_bytes()
    )
    message = parsed(raw)
    assert max(map(len, raw.split(b"\r\n"))) <= 78
    assert raw.isascii()
    assert message.get_content().replace("\r\n", "\n") == body
    assert str(message["Subject"]).startswith("【PLUS ONE】確認確認")
    assert [(each.display_name, each.addr_spec) for each in message["From"].addresses] == [
        ("個人情報, 窓口", "desk@example.com")
    ]


def test_a_letter_goes_to_the_next_address_in_turn() -> None:
    first = replace(letter(), others=("b@example.jp", "c@example.jp"))
    second = first.redirected()
    assert second is not None
    assert (second.to, second.others, second.message_id) == ("b@example.jp", ("c@example.jp",), first.message_id)
    third = second.redirected()
    assert third is not None
    assert third.redirected() is None
