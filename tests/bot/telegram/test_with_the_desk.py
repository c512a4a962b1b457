"""The door with the real desk behind it: a real conversation on a real SQLite file."""

import asyncio

from handlers.dialogue.messages import Inbound
from tests.bot.telegram.conftest import Opens
from tests.botapi import BotApi, Call, CutOff
from tests.factories import OpenDesk


async def test_a_customer_is_answered_and_every_button_works(api: BotApi, desk: OpenDesk, opens: Opens) -> None:
    alice = api.person(language_code="ja")
    async with opens(desk.desk.conversation):
        alice.says("/start")
        [welcome] = await alice.hears()
        assert welcome.labels
        alice.presses(welcome.labels[0])
        await alice.hears()
        await alice.hears_nothing_more()
        assert {"start", "cancel"} < set(alice.menu)
        assert alice.menu["cancel"] == "手続きの中止"


async def test_a_kill_between_commit_and_reply_files_and_says_it_once(
    api: BotApi, desk: OpenDesk, opens: Opens
) -> None:
    alice = api.person()
    async with opens(desk.desk.conversation) as door:

        async def kill(_: Call) -> None:
            await door.dies()
            raise CutOff

        api.on("sendMessage", kill)
        alice.says("/start")
        await asyncio.wait({door.task})
    async with opens(desk.desk.conversation):
        await alice.hears()
        await alice.hears_nothing_more()
    assert await desk.desk.conversation.owed("telegram:7312456098", desk.clock(), 10) == []


async def test_a_button_of_an_older_question_is_told_so(api: BotApi, desk: OpenDesk, opens: Opens) -> None:
    alice = api.person()
    async with opens(desk.desk.conversation):
        alice.says("/start")
        [welcome] = await alice.hears()
        alice.says("/language")
        await alice.hears()
        press = alice.presses(welcome.labels[0], welcome)
        await alice.sees_answer(press)
        [told] = await alice.hears()
        assert "earlier question" in told.text


async def test_a_poisoned_update_lies_in_the_memory_and_its_sender_is_told(
    api: BotApi, desk: OpenDesk, opens: Opens
) -> None:
    alice = api.person(started=True)
    poison = {"message": {"chat": alice.chat.as_json(), "from": alice.user, "text": 5}}
    async with opens(desk.desk.conversation):
        update_id = api.deliver(poison)
        [sorry] = await alice.hears()
        assert str(update_id) in sorry.text
        await api.all_acknowledged()
    async with desk.desk.memory.begin() as work:
        assert await work.conversations.parked() == 1


async def test_many_chats_at_once_are_all_served(api: BotApi, desk: OpenDesk, opens: Opens) -> None:
    people = [api.person() for _ in range(40)]
    async with opens(desk.desk.conversation):
        for person in people:
            person.says("/help")
            person.says("/privacy")
        for person in people:
            await person.hears(2, timeout=60)
        await api.all_acknowledged()


async def test_turns_of_other_doors_are_left_alone(api: BotApi, desk: OpenDesk, opens: Opens) -> None:
    await desk.desk.conversation.handle(Inbound("test", "1", "4711", desk.clock(), text="/start"))
    alice = api.person()
    async with opens(desk.desk.conversation):
        alice.says("/start")
        await alice.hears()
    assert [request.chat_id for request in api.calls("sendMessage")] == [alice.id]
