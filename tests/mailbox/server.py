"""The mail server as a test holds it in its hand."""

import asyncio
import ssl
from collections.abc import Awaitable, Callable
from typing import Any, Self

from aiosmtpd.smtp import AuthResult, LoginPassword

from tests.bell import Bell
from tests.loop_thread import LoopThread
from tests.mailbox.conversation import Conversation
from tests.mailbox.letters import SOON, Letter, MailFault, Stage


class MailServer:
    """The server, and the letters it got. `url` stays the same over stop() and start()."""

    def __init__(
        self, *, user: str = "", password: str = "", tls: ssl.SSLContext | None = None, starttls: str = ""
    ) -> None:
        self.bell = Bell()
        self.letters: list[Letter] = []
        self.faults: list[MailFault] = []
        self.connections = 0
        self.credentials = (user, password)
        self.tls = tls
        self.port = 0
        self._starttls = starttls
        self._taken: set[int] = set()
        self._thread = LoopThread("mailbox")
        self._server: asyncio.Server | None = None
        self._open: set[Conversation] = set()

    @property
    def host(self) -> str:
        return "127.0.0.1"

    @property
    def url(self) -> str:
        """`smtp://host:port`, with the user and the STARTTLS demand where the server was made with them."""
        user, password = self.credentials
        login = f"{user}:{password}@" if user else ""
        return f"smtp://{login}{self.host}:{self.port}" + (f"?starttls={self._starttls}" if self._starttls else "")

    def start(self) -> None:
        """Open, or open again on the same port after an outage."""
        self._thread.start()
        self._thread.run(self._listen())

    def stop(self) -> None:
        """An outage: open conversations break off, nobody answers the port; letters are kept."""
        if self._thread.is_running:
            self._thread.run(self._shut())
            self._thread.stop()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    async def _listen(self) -> None:
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(lambda: Conversation(self, loop), self.host, self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def _shut(self) -> None:
        assert self._server is not None
        self._server.close()
        for conversation in list(self._open):
            conversation.hang_up()
        await self.bell.wait(lambda: not self._open, SOON)
        await self._server.wait_closed()

    # Letters

    async def arrives(self, to: str | None = None, subject_part: str = "", timeout: float = SOON) -> Letter:  # noqa: ASYNC109
        """The next letter to this address whose subject has this part; each letter is returned once."""
        number = await self.bell.until(
            lambda: self._number_of(to, subject_part), timeout,
            lambda: f"no new letter to {to} with {subject_part!r} in {timeout} s; there are:\n{self.listing()}",
        )  # fmt: skip
        self._taken.add(number)
        return self.letters[number - 1]

    async def count_reaches(self, n: int, timeout: float = SOON) -> None:  # noqa: ASYNC109
        await self.bell.until(lambda: len(self.letters) >= n, timeout, lambda: f"fewer than {n}:\n{self.listing()}")

    def to(self, address: str) -> list[Letter]:
        """All letters to an address."""
        return [letter for letter in self.letters if _is_to(letter, address)]

    def listing(self) -> str:
        return "\n".join(str(letter) for letter in self.letters) or "(no letters)"

    def _number_of(self, to: str | None, subject_part: str) -> int:
        for number, letter in enumerate(self.letters, 1):
            fits = (to is None or _is_to(letter, to)) and subject_part in letter.subject
            if fits and number not in self._taken:
                return number
        return 0

    def keep(self, letter: Letter) -> None:
        self.letters.append(letter)
        self.bell.ring()

    # Faults

    def refuse(self, times: int | None = 1) -> MailFault:
        """Connections are greeted with 421 and closed."""
        return self._fault(Stage.GREETING, times, reply="421 4.3.2 Service not available", drops=True)

    def greylist(self, times: int | None = 1, address: str | None = None) -> MailFault:
        """Recipients are put off with 451."""
        return self._fault(Stage.RECIPIENT, times, address, reply="451 4.7.1 Greylisted, try again later")

    def reject(
        self, address: str | None = None, times: int | None = None, reply: str = "550 5.1.1 No such user here"
    ) -> MailFault:
        """Recipients are refused for good, or with the reply given."""
        return self._fault(Stage.RECIPIENT, times, address, reply=reply)

    def refuse_data(self, reply: str = "552 5.2.2 Mailbox full", times: int | None = 1) -> MailFault:
        """The complete letter is refused."""
        return self._fault(Stage.DATA, times, reply=reply)

    def drop_after_250(self, times: int | None = 1) -> MailFault:
        """The letter is kept and confirmed, then the connection dies."""
        return self._fault(Stage.CONFIRMED, times, drops=True)

    def drop_before_250(self, times: int | None = 1) -> MailFault:
        """The letter is kept, and the connection dies before the sender learns it."""
        return self._fault(Stage.ACCEPTED, times, drops=True)

    def stall(self, stage: Stage = Stage.DATA, times: int | None = 1) -> MailFault:
        """Nothing is answered at that stage until the fault is released."""
        return self._fault(stage, times, stalls=True)

    def on_letter(
        self, callback: Callable[[Letter], Awaitable[object] | object], *, after: bool = False, times: int | None = 1
    ) -> MailFault:
        """Call back when a letter is kept and its 250 has not gone out (with `after`: has just gone out)."""
        try:
            loop: asyncio.AbstractEventLoop | None = asyncio.get_running_loop()
        except RuntimeError:
            loop = None
        stage = Stage.CONFIRMED if after else Stage.ACCEPTED
        return self._fault(stage, times, callback=callback, loop=loop)

    def _fault(self, stage: Stage, times: int | None, address: str | None = None, **what: Any) -> MailFault:
        fault = MailFault(stage, self.bell, times, address, **what)
        self.faults.append(fault)
        return fault

    def struck(self, stage: Stage, addresses: list[str]) -> MailFault | None:
        for fault in self.faults:
            if fault.means(stage, addresses):
                fault.hits += 1
                self.bell.ring()
                return fault
        return None

    def authenticate(self, server: object, session: object, envelope: object, kind: str, data: object) -> AuthResult:
        given = (data.login.decode(), data.password.decode()) if isinstance(data, LoginPassword) else ()
        return AuthResult(success=given == self.credentials, handled=False)

    def opened(self, conversation: Conversation) -> None:
        self.connections += 1
        self._open.add(conversation)

    def closed(self, conversation: Conversation) -> None:
        self._open.discard(conversation)
        self.bell.ring()


def _is_to(letter: Letter, address: str) -> bool:
    return address.lower() in [recipient.lower() for recipient in letter.recipients]
