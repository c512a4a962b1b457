"""A conversation found by our own id, as the mail room asks for its language."""

from pathlib import Path

from tests.bot.mail.office import open_office


async def test_a_conversation_by_our_id(tmp_path: Path) -> None:
    async with open_office(tmp_path) as office:
        chat = await office.chat("ja")
        async with office.memory.begin() as work:
            record = await work.conversations.by_id(chat)
            assert record is not None
            assert (record.id, record.language, record.state) == (chat, "ja", "{}")
            assert record == await work.conversations.get(record.company, record.channel, record.chat)
            assert await work.conversations.by_id("0" * 32) is None
