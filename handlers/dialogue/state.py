"""What a conversation remembers between two messages: slots, the open form, and what could be chosen last.

The whole state is a few hundred bytes of JSON, however long the conversation: the engine needs no history.
"""

import json
from dataclasses import dataclass, field
from typing import Any

REQUESTED_SLOT = "requested_slot"


@dataclass
class State:
    """Mutable within one turn; written back whole at its end."""

    slots: dict[str, Any] = field(default_factory=dict, repr=False)
    active_loop: str | None = None
    choices: list[tuple[str, str]] = field(default_factory=list, repr=False)
    """(label, payload) in the order shown, of the last reply that had choices."""
    token: str = ""
    """Binds buttons to the turn that showed them."""

    def set_slot(self, name: str, value: Any) -> None:
        """Keep a slot's value; None forgets it."""
        if value is None:
            self.slots.pop(name, None)
        else:
            self.slots[name] = value

    @property
    def requested(self) -> str | None:
        """The slot that the open form asked for last."""
        return self.slots.get(REQUESTED_SLOT) if self.active_loop else None

    def dump(self) -> str:
        """As JSON text."""
        kept = {"slots": self.slots, "active_loop": self.active_loop, "choices": self.choices, "token": self.token}
        return json.dumps(kept, ensure_ascii=False)


def load_state(text: str) -> State:
    """From what `State.dump` wrote."""
    kept = json.loads(text)
    if not kept:
        return State()  # forgotten
    return State(kept["slots"], kept["active_loop"], [(a, b) for a, b in kept["choices"]], kept["token"])
