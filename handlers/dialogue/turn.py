"""One turn: everything that the engine and the actions of this turn share. Made afresh for each message."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from rasa_sdk.executor import ActionExecutor

from handlers.desk.casework import Casework
from handlers.dialogue.messages import Document
from handlers.dialogue.state import REQUESTED_SLOT, State
from handlers.dialogue.voice import Utterance, Voice
from intents.companies import Company
from intents.parse import Language, Parse

LISTEN = "action_listen"
FALLBACK = "nlu_fallback"
RESUME = "/resume"
"""Payload of the choice to go on with the open form."""
QUOTE = "/quote"
"""Payload of the choice to read the exact words of what was cited."""

ASIDE_CONFIDENCE = 0.85
"""Confidence from which a question is answered although free words were awaited."""


@dataclass
class Turn:
    """What happened so far in this turn, and what its actions may use."""

    state: State
    company: Company
    casework: Casework
    voice: Voice
    now: datetime
    arrived: datetime
    """When the customer sent what this turn answers, by the channel's own time: never later than `now`."""
    text: str = field(default="", repr=False)
    said: str = field(default="", repr=False)
    """The label of what was chosen, where something was."""
    parse: Parse | None = field(default=None, repr=False)
    intent: str | None = None
    entities: dict[str, str] = field(default_factory=dict, repr=False)
    chosen: bool = False
    """Whether the intent was chosen, not heard."""
    document: Document | None = None
    offered: list[tuple[str, str]] = field(default_factory=list, repr=False)
    """What could be chosen when the message came: (label, payload)."""
    done: list[tuple[str, str | None]] = field(default_factory=list)
    """Steps of this turn as rules name them: (`intent` | `action` | `loop`, name)."""
    events: list[dict[str, Any]] = field(default_factory=list, repr=False)
    utterances: list[Utterance] = field(default_factory=list, repr=False)
    executor: ActionExecutor = field(default_factory=ActionExecutor, repr=False)

    @property
    def language(self) -> Language:
        """The language of the conversation."""
        return Language(self.state.slots["language"])

    def say(self, message: Mapping[str, Any]) -> None:
        """Put a message (rasa-sdk's dictionary) into words."""
        self.utterances.append(self.voice.render(message, self.language, self.state.slots))

    def offer_also(self, response: str, payload: str) -> None:
        """Put one more choice under the last words, where they come with choices."""
        last = self.utterances[-1]
        if last.choices and all(payload != taken for _, taken in last.choices):
            further = (self.voice.line(response, self.language), payload)
            self.utterances[-1] = Utterance(last.text, (*last.choices, further))

    def tracker(self) -> dict[str, Any]:
        """The tracker as rasa-sdk's actions receive it: copies, so that no action changes the state behind our back."""
        message = {"text": self.text, "intent": {"name": self.intent}, "entities": _entities(self.entities)}
        return {
            "sender_id": self.casework.actor.id,
            "slots": {**dict.fromkeys(self.voice.script.domain["slots"]), REQUESTED_SLOT: None, **self.state.slots},
            "latest_message": message,
            "events": [dict(event) for event in self.events],
            "active_loop": {"name": self.state.active_loop} if self.state.active_loop else {},
            "latest_action_name": next((name for kind, name in reversed(self.done) if kind == "action"), LISTEN),
        }

    async def run(self, action: str, *candidates: dict[str, Any]) -> list[dict[str, Any]]:
        """Run a custom action or say a response; apply its events and say its words. Returns the events.

        `candidates` are slot events that a form wants validated; rasa-sdk reads them from the end of the history.
        """
        if action.startswith("utter_"):
            self.say({"response": action})
            return []
        tracker = self.tracker()
        tracker["events"] += [dict(each) for each in candidates]
        call = {
            "next_action": action,
            "sender_id": tracker["sender_id"],
            "tracker": tracker,
            "domain": self.voice.script.domain,
        }
        result = await self.executor.run(call)
        for message in result.responses:
            self.say(message)
        for event in result.events:
            self.apply(event)
        return list(result.events)

    def apply(self, event: Mapping[str, Any]) -> None:
        """Let an event change the state."""
        if event["event"] == "slot":
            self.state.set_slot(event["name"], event["value"])
        elif event["event"] == "active_loop":
            self.state.active_loop = event["name"]
            if event["name"] is None:
                self.state.set_slot(REQUESTED_SLOT, None)
        self.events.append(dict(event))


def _entities(found: Mapping[str, str]) -> list[dict[str, str]]:
    return [{"entity": name, "value": value} for name, value in found.items()]
