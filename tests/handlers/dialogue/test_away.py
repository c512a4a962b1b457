"""A message that had to wait for the desk: one line of apology, once, before its answer."""

from datetime import timedelta

import pytest

from handlers.dialogue.messages import Inbound
from tests.factories import OpenDesk

LINE = "this desk was away for a while, and your message of 22 November 2026 had to wait"


@pytest.mark.parametrize(("waited", "told"), [(timedelta(minutes=59), False), (timedelta(hours=25), True)])
async def test_a_message_that_waited_is_answered_with_one_line_before(
    desk: OpenDesk, waited: timedelta, told: bool
) -> None:
    sent_at = desk.clock()
    desk.clock.now += waited
    answer = await desk.desk.conversation.handle(Inbound("test", "d1", "alice", sent_at, text="hello"))
    said = "\n".join(reply.text for reply in answer.replies)
    assert (LINE in said) is told
    assert "this is the Planet Management privacy desk" in said
    assert said.index("this is the Planet") > said.find(LINE)
    again = await desk.desk.conversation.handle(Inbound("test", "d2", "alice", desk.clock(), text="hello"))
    assert LINE not in "\n".join(reply.text for reply in again.replies)
