"""Out of hours: said once for each time that nobody is at the desk, with when somebody is there next."""

from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from handlers.dialogue.actions.dates import write_opening
from handlers.dialogue.actions.desk_action import Events
from handlers.dialogue.turn import Turn

TOLD = "told_closed"


def tell_once(turn: Turn, say: CollectingDispatcher, response: str = "utter_closed") -> Events:
    """Say when the desk is staffed next, unless it is now, or this chat was told so already."""
    calendar = turn.casework.controller.calendar
    if calendar.is_open(turn.now):
        return []
    opening = calendar.next_open(turn.now)
    if turn.state.slots.get(TOLD) == opening.isoformat():
        return []
    say.utter_message(response=response, day=write_opening(opening, turn))
    return [SlotSet(TOLD, opening.isoformat())]
