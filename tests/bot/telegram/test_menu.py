"""The command menu."""

from tests.bot.telegram.conftest import Door, Opens
from tests.bot.telegram.talks import RecordingTalk
from tests.botapi import BotApi

COMMANDS = ["start", "help", "mycases", "why", "language", "privacy", "mydata", "forget", "cancel"]


async def test_the_menu_is_offered_in_both_languages(api: BotApi, talk: RecordingTalk, door: Door) -> None:
    english, japanese, german = (api.person(language_code=code) for code in ("en", "ja", "de"))
    await api.until(lambda: [request.code for request in api.calls("setMyCommands")] == [200, 200])
    assert list(english.menu) == COMMANDS
    assert japanese.menu["cancel"] == "utter_menu_cancel ja"
    assert german.menu["cancel"] == english.menu["cancel"] == "utter_menu_cancel en"


async def test_a_menu_that_cannot_be_set_stops_nobody_and_is_tried_again(
    api: BotApi, talk: RecordingTalk, opens: Opens
) -> None:
    alice = api.person(language_code="ja")
    fault = api.fail("setMyCommands", times=3, error=500)
    async with opens(talk):
        alice.says("hello")
        await alice.hears()
        await fault.struck(3)
        await api.until(lambda: alice.menu)
