"""What each command does, over the wiring. Prints for a person, or JSON for a program.

What takes long to import (aiogram, SciPy) is imported by the command that needs it: the terminal opens without.
"""

import argparse
import asyncio
import json
import logging
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

from bot import terminal, wiring
from bot.case_pages import as_json
from bot.checklist import faults_of
from bot.mail.showing import Mailbox
from bot.register_file import BadRegister, read_register
from bot.settings import Settings
from bot.wiring import DATA, Desk, choose_company, open_desk, open_memory
from handlers.desk.actors import Actor, ActorKind
from handlers.desk.errors import BadSetting
from handlers.desk.lifecycle import Fact
from handlers.desk.ports import Customer, UnitOfWork
from intents.parse import Language

DOORS = ("telegram", "mail", "clock")
SAMPLE = Path(__file__).parent / "sample" / "register.csv"
_WELCOME = """\
This is the privacy desk of {company} on a sample register of invented customers: {people}.
Letters that would be sent are shown here and kept in {mail}. Write as a customer would; end with Ctrl-D.
Try: I want to see what you have on me"""

_ADD_A_KEY = (
    "To change keys, make one with: python -m bot keys new; put it before the others, start the desk anew, and run"
    " this again."
)
_KEEP_OLD_KEYS = "Keep the older keys behind it: older backups and the older part of the audit open only with them."


async def open_desk_anywhere(arguments: argparse.Namespace, settings: Settings) -> int:
    """Serve Telegram where a token is set; else open the terminal."""
    if settings.telegram_token is not None:
        arguments.doors = ",".join(DOORS)
        return await serve(arguments, settings)
    arguments.company, arguments.name, arguments.lang = None, "guest", None
    return await chat(arguments, settings)


async def chat(arguments: argparse.Namespace, settings: Settings) -> int:
    """The desk in this terminal."""
    if arguments.company is not None:
        settings = settings.model_copy(update={"company": arguments.company})
    language = Language(arguments.lang) if arguments.lang else None
    logging.getLogger("madoguchi").setLevel(logging.WARNING)  # a person reads this screen
    async with open_desk(settings, _tell) as desk:
        await _bring_sample(desk)
        mailbox = Mailbox(settings.mail_dir)

        async def letters() -> list[str]:
            await desk.relay.run_once()
            return mailbox.news() if settings.smtp_url is None else []

        await terminal.chat(desk.conversation, arguments.name, language, letters)
    return 0


async def serve(arguments: argparse.Namespace, settings: Settings) -> int:
    """Serve the chosen doors until told to stop."""
    doors = {door.strip() for door in arguments.doors.split(",") if door.strip()}
    if unknown := doors - set(DOORS):
        raise BadSetting([f"There is no door called {', '.join(sorted(unknown))}. Doors: {', '.join(DOORS)}."])
    if "telegram" in doors and settings.telegram_token is None:
        raise BadSetting(["MADOGUCHI_TELEGRAM_TOKEN is not set: @BotFather in Telegram gives you one."])
    from bot.telegram.door import serve_telegram  # noqa: PLC0415  aiogram
    from bot.telegram.probe import malformed  # noqa: PLC0415  likewise

    if settings.telegram_token is not None and (fault := malformed(settings.telegram_token.get_secret_value())):
        raise BadSetting([fault])
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for sign in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(sign, stopping.set)
    async with open_desk(settings, _tell) as desk, asyncio.TaskGroup() as group:
        if "mail" in doors:
            group.create_task(desk.relay.run(stopping))
        if "clock" in doors:
            group.create_task(desk.time.run(stopping))
        if "telegram" in doors and settings.telegram_token is not None:
            token = settings.telegram_token.get_secret_value()
            group.create_task(serve_telegram(desk.conversation, token, settings.telegram_api_base, stopping))
        _tell(f"The desk of {desk.company.name.en} is open: {', '.join(sorted(doors))}.")
    return 0


async def check(_arguments: argparse.Namespace, settings: Settings) -> int:
    """Everything that is missing, in sentences."""
    faults = await faults_of(settings)
    for sentence in faults:
        print(sentence)
    if not faults:
        print("Everything is in place.")
    for sentence in wiring.pack_remarks(settings):
        if sentence not in faults:
            print(f"Of another company's pack, which this desk does not need: {sentence}")
    return 1 if faults else 0


async def migrate(_arguments: argparse.Namespace, settings: Settings) -> int:
    """Bring the schema to this version."""
    await wiring.migrate_database(settings)
    print("The database is at this version's schema.")
    return 0


async def import_customers(arguments: argparse.Namespace, settings: Settings) -> int:
    """Replace the register by a file, all of it or nothing."""
    if arguments.company is not None:
        settings = settings.model_copy(update={"company": arguments.company})
    company = choose_company(settings)
    try:
        people = read_register(arguments.file, company.id)
    except BadRegister as fault:
        print("Nothing was imported. Please mend these lines and import the file again:", file=sys.stderr)
        for sentence in fault.faults:
            print(f"  {sentence}", file=sys.stderr)
        return 1
    async with open_memory(settings) as memory, memory.begin() as work:
        await _replace_register(work, company.id, people)
    print(f"{len(people)} customers of {company.name.en} are in the register.")
    return 0


async def list_cases(arguments: argparse.Namespace, settings: Settings) -> int:
    """Every request, a line each."""
    async with open_memory(settings) as memory, memory.begin() as work:
        cases = await work.cases.all()
    if arguments.as_json:
        print(json.dumps([as_json(case) for case in cases], ensure_ascii=False, indent=2))
        return 0
    for case in cases:
        print(f"{case.ref}  {case.kind:18} {case.status:18} by {case.target_on}  {case.company}")
    if not cases:
        print("Nothing is on file yet.")
    return 0


async def list_dead_letters(_arguments: argparse.Namespace, settings: Settings) -> int:
    """Letters that the desk gave up, a line each."""
    async with open_memory(settings) as memory, memory.begin() as work:
        dead = await work.outbox.dead()
    for each in dead:
        print(f"{each.id}  {each.notice:12} to {each.recipient:8} {each.dead_at:%Y-%m-%d %H:%M} UTC  {each.reason}")
    if not dead:
        print("No letter was given up.")
    return 0


async def revive_letters(arguments: argparse.Namespace, settings: Settings) -> int:
    """Owe a dead letter again, or all of them; the desk that serves sends them."""
    by_hand = Actor(ActorKind.STAFF, "command_line")
    async with open_memory(settings) as memory, memory.begin() as work:
        now = wiring.utc_now()
        revived = await work.outbox.revive(now, arguments.letter)
        if revived:
            subject = arguments.letter or "outbox"
            await work.audit.append(now, Fact.LETTERS_REVIVED, subject, by_hand, {"letters": str(revived)})
    if arguments.letter is not None and not revived:
        print(f"There is no dead letter {arguments.letter}.", file=sys.stderr)
        return 1
    print("One letter will be tried again." if revived == 1 else f"{revived} letters will be tried again.")
    return 0


async def check_intents(arguments: argparse.Namespace, _settings: Settings) -> int:
    """Faults of the training data."""
    from intents import commands as ears  # noqa: PLC0415  SciPy

    return ears.check_intents(DATA, arguments.split, print, as_json=arguments.as_json, own=wiring.own_intents())


async def train_intents(_arguments: argparse.Namespace, settings: Settings) -> int:
    """Train now."""
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    from intents import commands as ears  # noqa: PLC0415  SciPy

    return await asyncio.to_thread(ears.train_intents, DATA, settings.model_path, print, wiring.encoders_of(settings))


async def test_intents(arguments: argparse.Namespace, settings: Settings) -> int:
    """Measure the model."""
    from intents import commands as ears  # noqa: PLC0415  SciPy

    encoders = wiring.encoders_of(settings)
    return ears.test_intents(DATA, settings.model_path, arguments.file, print, encoders, as_json=arguments.as_json)


async def new_key(_arguments: argparse.Namespace, _settings: Settings) -> int:
    """Print a fresh key."""
    print(wiring.fresh_key())
    return 0


async def rotate_keys(_arguments: argparse.Namespace, settings: Settings) -> int:
    """Seal everything under the newest key, while the desk serves. Killed in the middle, it is simply run again."""
    async with open_memory(settings) as memory:
        key = memory.vault.current
        if len(memory.vault.keys) == 1:
            print(f"There is only one key, {key}. {_ADD_A_KEY}", file=sys.stderr)
            return 1
        by_hand = Actor(ActorKind.STAFF, "command_line")
        async with memory.begin() as work:
            await work.audit.append(wiring.utc_now(), Fact.KEY_ROTATION_BEGUN, key, by_hand)
        resealed = 0
        async for progress in wiring.rotation(memory):
            resealed += progress.resealed
            print(f"{progress.table}: {progress.seen} of {progress.rows} rows", flush=True)
        async with memory.begin() as work:
            await work.audit.append(wiring.utc_now(), Fact.KEYS_ROTATED, key, by_hand, {"resealed": str(resealed)})
    print(f"Done: {resealed} values were sealed anew, and everything is sealed under the key {key}. {_KEEP_OLD_KEYS}")
    return 0


async def _replace_register(work: UnitOfWork, company: str, people: Sequence[Customer]) -> None:
    """Put a register in the place of the old one. Who is who hangs on it, so the audit tells that it happened."""
    await work.register.replace_all(company, people)
    by_hand = Actor(ActorKind.STAFF, "command_line")
    await work.audit.append(wiring.utc_now(), Fact.REGISTER_IMPORTED, company, by_hand, {"people": str(len(people))})


async def _bring_sample(desk: Desk) -> None:
    """On embedded defaults with an empty register: bring the invented customers, and say so."""
    if not desk.settings.is_embedded:
        return
    async with desk.memory.begin() as work:
        is_empty = await work.register.count(desk.company.id) == 0
        sample = read_register(SAMPLE, desk.company.id)
        if is_empty:
            await _replace_register(work, desk.company.id, sample)
        known = [each.email for each in sample if await work.register.find(desk.company.id, each.email)]
    if known:
        people = ", ".join(known)
        _tell(_WELCOME.format(company=desk.company.name.en, people=people, mail=desk.settings.mail_dir))


def _tell(sentence: str) -> None:
    print(sentence, file=sys.stderr, flush=True)
