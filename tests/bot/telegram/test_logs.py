"""No word of a person and no token reaches a log, at whatever level, of whatever library in this door."""

import logging

import pytest

from handlers.dialogue.messages import Inbound, Reply
from tests.bot.telegram.conftest import Opens
from tests.bot.telegram.talks import RecordingTalk
from tests.botapi import BotApi

CANARY = "Canary-4711"


async def test_no_canary_reaches_a_log(
    api: BotApi, talk: RecordingTalk, opens: Opens, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    alice = api.person(first_name=CANARY, username=CANARY)

    def fails_on_captions(inbound: Inbound) -> list[Reply]:
        if inbound.delivery.endswith("caption"):
            raise ValueError(inbound.text)
        return [Reply(f"{CANARY} {inbound.text}")]

    talk.says = fails_on_captions
    api.fail("sendMessage", error=400, description=f"Bad Request: {CANARY} is no word")
    api.fail("sendMessage", error=502, html=True, description=CANARY)
    api.fail("sendMessage", half_json=True)
    api.fail("getUpdates", half_json=True, times=2)
    api.fail("getFileContent", error=404)
    async with opens(talk):
        alice.says(CANARY)
        alice.presses_data(CANARY)
        alice.sends_document(CANARY.encode(), CANARY, caption=CANARY)
        alice.shares_contact("+81 90 4711", first_name=CANARY)
        alice.sends(sticker=CANARY)
        api.deliver({"message": {"text": CANARY}})
        api.deliver({CANARY: {"text": CANARY}})
        alice.joins(api.group(title=CANARY)).says(f"/start {CANARY}")
        await api.all_acknowledged()
    assert len(talk.parked) == 4
    shown = "\n".join(
        f"{record.name} {record.getMessage()} {vars(record).get('ids')} {record.exc_text}" for record in caplog.records
    )
    assert "telegram.update_set_aside" in shown
    assert CANARY not in shown
    assert api.token.split(":")[1] not in shown
    assert not any(record.exc_info for record in caplog.records if record.name.startswith("madoguchi"))
