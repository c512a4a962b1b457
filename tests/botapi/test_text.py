"""Texts: Telegram's HTML, its cleaning, and lengths in UTF-16 units after parsing."""

import pytest

from tests.botapi import BotApi
from tests.botapi.conftest import Ask
from tests.botapi.formatting import utf16_length


@pytest.mark.parametrize(
    ("html", "text", "entities"),
    [
        ("<b>a</b>", "a", [("bold", 0, 1)]),
        ("🙂<i>b</i>", "🙂b", [("italic", 2, 1)]),
        ("<b>x<i>y</i></b>", "xy", [("bold", 0, 2), ("italic", 1, 1)]),
        ("&lt;b&gt; &amp;amp; &quot;&#39;&#x1F642;", "<b> &amp; \"'🙂", []),
        ("&nbsp;&copy;", "&nbsp;&copy;", []),
        ('<a href="https://e.example/?a=1&amp;b=2">link</a>', "link", [("text_link", 0, 4)]),
        ('<a href="not a link">plain</a>', "plain", []),
        ('<pre><code class="language-py">x</code></pre>', "x", [("pre", 0, 1)]),
        ('<span class="tg-spoiler">s</span> <tg-spoiler>t</tg-spoiler>', "s t", [("spoiler", 0, 1), ("spoiler", 2, 1)]),
        ("<blockquote expandable>q</blockquote>", "q", [("expandable_blockquote", 0, 1)]),
        ("  <b> padded </b>\n", "padded", [("bold", 0, 6)]),
        ("<b></b>x", "x", []),
        ("<u>a</>", "a", [("underline", 0, 1)]),
    ],
)  # fmt: skip
async def test_html_becomes_text_and_entities(
    api: BotApi, ask: Ask, html: str, text: str, entities: list[tuple[str, int, int]]
) -> None:
    alice = api.person(started=True)
    envelope = await ask("sendMessage", chat_id=alice.id, text=html, parse_mode="HTML")
    assert envelope["ok"], envelope
    [heard] = await alice.hears()
    assert heard.text == text
    assert [(entity["type"], entity["offset"], entity["length"]) for entity in heard.entities] == entities


@pytest.mark.parametrize(
    ("html", "complaint"),
    [
        ("1 < 2", 'Unsupported start tag "" at byte offset 2'),
        ("あ<br>", 'Unsupported start tag "br" at byte offset 3'),
        ("<b>open", 'Can\'t find end tag corresponding to start tag "b"'),
        ("<b>a</i>", 'Unmatched end tag at byte offset 4, expected "</b>", found "</i>"'),
        ("a</b>", "Unexpected end tag at byte offset 1"),
        ("a <b", "Unclosed start tag at byte offset 2"),
        ('<a href="x', "Unclosed start tag at byte offset 0"),
        ("<b>a</b", "Unclosed end tag at byte offset 4"),
        ("<span>a</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
    ],
)
async def test_bad_html_is_refused(api: BotApi, ask: Ask, html: str, complaint: str) -> None:
    alice = api.person(started=True)
    envelope = await ask("sendMessage", chat_id=alice.id, text=html, parse_mode="html")
    assert envelope["description"] == f"Bad Request: can't parse entities: {complaint}"
    assert alice.chat.texts == []


@pytest.mark.parametrize(
    ("text", "mode", "fits"),
    [
        ("x" * 4096, "", True),
        ("x" * 4097, "", False),
        ("🙂" * 2048, "", True),
        ("🙂" * 2049, "", False),
        ("<b>" + "x" * 4096 + "</b>", "HTML", True),
        ("&amp;" * 4096, "HTML", True),
        (" " * 50 + "x" * 4096 + "\n", "", True),
    ],
)
async def test_length_is_counted_in_utf16_after_parsing(
    api: BotApi, ask: Ask, text: str, mode: str, fits: bool
) -> None:
    alice = api.person(started=True)
    envelope = await ask("sendMessage", chat_id=alice.id, text=text, parse_mode=mode)
    assert envelope["ok"] is fits
    if not fits:
        assert envelope["description"] == "Bad Request: message is too long"


@pytest.mark.parametrize(("length", "fits"), [(1024, True), (1025, False)])
async def test_captions_are_shorter(api: BotApi, ask: Ask, length: int, fits: bool) -> None:
    alice = api.person(started=True)
    document = alice.sends_document(b"%PDF").content["document"]["file_id"]
    envelope = await ask("sendDocument", chat_id=alice.id, document=document, caption="x" * length)
    assert envelope["ok"] is fits


@pytest.mark.parametrize("text", [" ", "\n\n", "\u202e", "\r"])
async def test_nothing_to_see_is_nothing_to_send(api: BotApi, ask: Ask, text: str) -> None:
    alice = api.person(started=True)
    envelope = await ask("sendMessage", chat_id=alice.id, text=text)
    assert envelope["description"] == "Bad Request: text must be non-empty"


async def test_what_is_shown_is_cleaned(api: BotApi, ask: Ask) -> None:
    alice = api.person(started=True)
    await ask("sendMessage", chat_id=alice.id, text="a\x00b\tc\r\nd\u202eexe\u2028.")
    assert alice.chat.texts == ["a b c\ndexe."]


async def test_telegram_marks_commands_and_addresses_by_itself(api: BotApi, ask: Ask) -> None:
    alice = api.person(started=True)
    await ask("sendMessage", chat_id=alice.id, text="🙂 /help me@e.example https://e.example/x a/b")
    [heard] = await alice.hears()
    assert [(entity["type"], entity["offset"]) for entity in heard.entities] == [
        ("bot_command", 3), ("email", 9), ("url", 22),
    ]  # fmt: skip


async def test_given_entities_are_kept_and_judged(api: BotApi, ask: Ask) -> None:
    alice = api.person(started=True)
    bold = {"type": "bold", "offset": 2, "length": 3}
    await ask("sendMessage", chat_id=alice.id, text="  abc", entities=[bold, {**bold, "type": "url"}])
    assert alice.chat.from_bot[0].entities == [{"type": "bold", "offset": 0, "length": 3}]
    envelope = await ask("sendMessage", chat_id=alice.id, text="abc", entities=[{"type": "bold"}])
    assert envelope["description"] == "Bad Request: can't parse MessageEntity: Can't find field \"offset\""


def test_utf16_units() -> None:
    assert [utf16_length(text) for text in ("", "a", "あ", "🙂", "\ud83d")] == [0, 1, 1, 2, 1]
