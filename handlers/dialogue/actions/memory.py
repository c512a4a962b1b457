"""What the chat itself keeps of a person: told, and forgotten when they want it. What is filed is not the chat's."""

from rasa_sdk.events import ActiveLoop, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from handlers.desk.requests import Request
from handlers.dialogue.actions.desk_action import DeskAction, Events
from handlers.dialogue.turn import Turn

_STAY = frozenset({"language", "company", "desk"})
"""Slots that hold nothing of what the person said."""


def _line(turn: Turn, name: str, **values: str) -> str:
    return turn.voice.line(name, turn.language, **values)


def _filed(turn: Turn, cases: list[Request]) -> list[str]:
    return [_line(turn, "utter_kept_filed", refs=", ".join(each.ref for each in cases))] if cases else []


class MyData(DeskAction):
    """Tell what the chat keeps, and for how long."""

    action_name = "action_my_data"

    async def act(self, say: CollectingDispatcher) -> Events:
        """Say it line by line; nothing of what the company holds is among it."""
        turn = self.turn
        days = turn.casework.controller.retention.chat_days
        lines = [_line(turn, "utter_kept_turns", count=str(await turn.casework.remembered()), days=str(days))]
        if turn.state.slots.get("draft_id"):
            lines.append(_line(turn, "utter_kept_draft"))
        lines += _filed(turn, list(await turn.casework.own_cases()))
        say.utter_message(response="utter_my_data", lines="\n".join(lines))
        return []


class OfferForget(DeskAction):
    """Say what would be forgotten and what not, and ask."""

    action_name = "action_offer_forget"

    async def act(self, say: CollectingDispatcher) -> Events:
        """Ask; nothing is forgotten by the command alone."""
        lines = _filed(self.turn, list(await self.turn.casework.own_cases()))
        say.utter_message(response="utter_offer_forget", lines="\n".join(lines))
        return []


class Forget(DeskAction):
    """Forget what was said in the chat, and what was begun in it."""

    action_name = "action_forget"

    async def act(self, say: CollectingDispatcher) -> Events:
        """Delete it; the conversation begins anew, in its language."""
        turn = self.turn
        await turn.casework.forget_chat(turn.state.slots.get("draft_id"))
        say.utter_message(response="utter_forgotten")
        gone = [name for name in turn.state.slots if name not in _STAY]
        return [ActiveLoop(None), *(SlotSet(each, None) for each in gone)]
