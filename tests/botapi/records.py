"""What the bot asked for, kept for assertions."""

from dataclasses import dataclass

from tests.botapi.wire import Call, Upload


@dataclass(eq=False)
class Request:
    """One request of the bot. `code` is the HTTP status of the answer: 0 for a cut connection, None while it waits."""

    call: Call
    code: int | None = None
    description: str = ""
    done: bool = False  # whether the method had its effect

    @property
    def method(self) -> str:
        return self.call.method

    @property
    def params(self) -> dict[str, str]:
        return self.call.params

    @property
    def files(self) -> dict[str, Upload]:
        return self.call.files

    @property
    def chat_id(self) -> int | None:
        return self.call.chat_id

    def __getitem__(self, name: str) -> object:
        """A parameter with its JSON decoded; None where it is absent."""
        return self.call.value(name)
