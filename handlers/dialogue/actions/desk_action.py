"""What every action of ours is: a rasa-sdk action of one turn, with that turn's casework."""

from abc import ABC
from typing import Any, ClassVar

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from handlers.dialogue.turn import Turn

Events = list[dict[str, Any]]


class DeskAction(Action, ABC):  # type: ignore[misc]
    """An action of one turn. Made for the turn and thrown away with it: nothing is remembered in it."""

    action_name: ClassVar[str]

    def __init__(self, turn: Turn) -> None:
        self.turn = turn

    def name(self) -> str:
        """The name in the domain."""
        return self.action_name

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        """Do the action; the events go into the conversation."""
        return await self.act(dispatcher)

    async def act(self, say: CollectingDispatcher) -> Events:
        """Do the action, for who needs neither tracker nor domain."""
        raise NotImplementedError
