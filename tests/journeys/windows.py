"""A desk that is open, with everything around it: Telegram, a mail server, a register, and whoever comes to it."""

import json
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import update

from bot.case_pages import as_json
from bot.wiring import open_memory
from handlers.desk.ports import EntryKind
from storage.tables import outbox
from tests.botapi import BotApi
from tests.factories import settings_for
from tests.journeys.customers import Customer
from tests.journeys.people import Registered
from tests.journeys.process import DeskProcess
from tests.mailbox import Letter, MailServer

STAFF = "info@planetmgmt.biz"
"""Where Planet Management's own pack sends letters to staff."""
FAILURES = ("Traceback", "turn_repeated", "handling_failed", "not_even_set_aside", "job_failed", "mail.fault")
"""What stands in the log where the desk met something that nobody thought of."""


@dataclass
class Window:
    """One company's desk. Customers are handed out one after the other, so that no journey meets another's."""

    desk: DeskProcess
    people: dict[str, list[Registered]]
    staff: str = STAFF
    canaries: set[str] = field(default_factory=set)
    readers: set[str] = field(init=False)
    """Everybody who may get letters."""

    def __post_init__(self) -> None:
        registered = {each.email for people in self.people.values() for each in people}
        self.readers = {self.staff, self.desk.staff_mail, *registered}

    @property
    def api(self) -> BotApi:
        return self.desk.api

    @property
    def mail(self) -> MailServer:
        return self.desk.mail

    def customer(self, language: str = "en", *, registered: bool = True) -> Customer:
        """Somebody new; not `registered`: their address stands in no register."""
        record = self.people[language].pop()
        if not registered:
            record = Registered(**{**vars(record), "email": record.email.replace("@", ".unknown@")})
        person = self.api.person(first_name=record.given_name, language_code=language)
        return Customer(self.api, self.mail, person, record, self.canaries)

    async def staff_letter(self, reference: str, timeout: float = 30.0) -> Letter:  # noqa: ASYNC109 - a test's own patience
        """The next letter to staff about a request."""
        return await self.mail.arrives(to=self.staff, subject_part=reference, timeout=timeout)

    # What is on file, as the command line reads it, without starting a process for each look

    async def cases(self) -> list[dict[str, Any]]:
        async with open_memory(self._settings) as memory, memory.begin() as work:
            found: list[dict[str, Any]] = json.loads(json.dumps([as_json(case) for case in await work.cases.all()]))
        return found

    async def references(self) -> set[str]:
        return {case["ref"] for case in await self.cases()}

    async def case(self, reference: str) -> dict[str, Any]:
        [case] = [each for each in await self.cases() if each["ref"] == reference]
        return case

    async def asked(self, reference: str) -> dict[str, str]:
        """What a request asks for, label by label, as `cases show` shows it."""
        async with open_memory(self._settings) as memory, memory.begin() as work:
            case = await work.cases.by_ref(reference)
        assert case is not None
        return {each.label: each.shown for each in case.details}

    async def minutes_go_by(self) -> None:
        """Letters that were put off, or that a desk had in hand when it died, are due now."""
        async with open_memory(self._settings) as memory, memory.engine.begin() as connection:
            await connection.execute(update(outbox).values(due_at=outbox.c.created_at))

    async def documents(self, reference: str) -> list[tuple[str, str, bytes]]:
        """What was sent for a request: name, type and content of each file, the oldest first."""
        async with open_memory(self._settings) as memory, memory.begin() as work:
            case = await work.cases.by_ref(reference)
            assert case is not None
            entries = [each for each in await work.cases.entries(case.id) if each.kind is EntryKind.DOCUMENT]
            opened = [await work.cases.entry(each.id) for each in entries]
        return [(each.text, str(each.media_type), each.content or b"") for each in opened if each is not None]

    @property
    def _settings(self) -> Any:
        return settings_for(self.desk.data, self.desk.company)

    # What must hold after every journey

    def check(self) -> None:
        """Nothing unforeseen befell the desk, its log holds no personal string, and no letter went to a stranger."""
        failures = [line for line in self.desk.log if any(sign in line for sign in FAILURES)]
        assert not failures, failures
        leaks = leaked(self.desk.told(), self.canaries)
        assert not leaks, f"{len(leaks)} personal strings stand in the log: {leaks}"
        strangers = {address for letter in self.mail.letters for address in letter.recipients} - self.readers
        assert not strangers, strangers


def leaked(log: str, canaries: set[str]) -> list[str]:
    """The canaries that a log holds, as they are or as JSON and Python write them."""
    forms = {each: {each, each.strip(), json.dumps(each)[1:-1], repr(each)[1:-1]} for each in canaries}
    return sorted(each for each, written in forms.items() if any(form and form in log for form in written))
