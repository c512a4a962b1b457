"""What is missing before the desk can go live: everything at once, in sentences for an operator who does not program.

Looks and changes nothing: no folder, no key, no database is made here. No sentence holds a secret.
"""

import asyncio
import os
from pathlib import Path

from bot import wiring
from bot.mail.probe import mail_fault
from bot.offices import pack_holes
from bot.settings import Settings
from handlers.desk.errors import BadSetting
from handlers.desk.identifiers import normalise_email
from intents.companies import Company, PackError, check_golden, load_golden, pack_folders
from intents.model_file import UnusableModelError, load_model
from intents.training import model_fingerprint
from intents.training_data import TrainingDataError, read_training_data

NOBODYS_SENDER = str(Settings.model_fields["mail_from"].default)
"""The sender on embedded defaults: an address that nobody has."""

_NO_BOT = (
    "MADOGUCHI_TELEGRAM_TOKEN is not set, so customers cannot reach the desk on Telegram. @BotFather there makes a bot"
    " and gives you its token."
)
_NO_SMTP = (
    "MADOGUCHI_SMTP_URL is not set, so letters stay on this machine: no customer gets a code or a receipt, and staff"
    " are not told of a request. It looks like smtp://user:password@host:port?starttls=required"
)
_NO_SENDER = (
    f"MADOGUCHI_MAIL_FROM is still {NOBODYS_SENDER}, an address that nobody has: mail servers will refuse the desk's"
    " letters. Set it to an address of your own domain."
)
_BAD_SENDER = "MADOGUCHI_MAIL_FROM is not an e-mail address."
_BAD_STAFF_MAIL = "MADOGUCHI_STAFF_MAIL is not an e-mail address, so letters to staff cannot arrive."


async def faults_of(settings: Settings) -> list[str]:
    """Everything that stands between these settings and a desk that serves customers; empty where nothing does."""
    company, of_pack = wiring.read_pack(settings.company)
    of_keys, of_database = _key_faults(settings), await wiring.database_faults(settings)
    can_look = company is not None and not of_keys and not of_database
    of_register = await _register_faults(settings) if can_look else []
    of_model, of_mail, of_telegram = await asyncio.gather(
        asyncio.to_thread(_model_faults, settings), _mail_faults(settings), _telegram_faults(settings)
    )
    return [
        *of_pack,
        *(_pack_faults(company, settings) if company is not None else ()),
        *folder_faults(settings.data_dir),
        *of_keys,
        *of_database,
        *of_register,
        *of_model,
        *of_mail,
        *of_telegram,
    ]


def _pack_faults(company: Company, settings: Settings) -> list[str]:
    """What of the pack keeps the desk from serving customers, and what its golden questions show."""
    faults = pack_holes(company, settings, live=True, own=wiring.own_intents())
    if settings.staff_mail is not None and normalise_email(settings.staff_mail) is None:
        faults.insert(0, _BAD_STAFF_MAIL)
    try:
        golden = load_golden(pack_folders()[company.id])
    except PackError as fault:
        return [*faults, *fault.faults]
    found = check_golden(company, golden) if company.policy.clauses else ()
    return faults + [f"{company.id}/golden.yml: {each}" for each in found]


def folder_faults(folder: Path) -> list[str]:
    """Whether the desk may write where its files belong, or where that folder has to be made."""
    there = next((each for each in (folder, *folder.resolve().parents) if each.exists()), folder)
    if there.is_dir() and os.access(there, os.W_OK | os.X_OK):
        return []
    return [f"The desk may not write in {there}, where it has to keep its files (MADOGUCHI_DATA_DIR)."]


def _key_faults(settings: Settings) -> list[str]:
    is_fresh = not settings.key_file.exists() and not settings.database_file.exists()
    if settings.secret_keys is None and settings.database_url is None and is_fresh:
        return []  # the desk makes its own key at its first start
    try:
        wiring.open_vault(settings)
    except BadSetting as fault:
        return list(fault.faults)
    except OSError as fault:
        return [f"The secret key {settings.key_file} cannot be read ({type(fault).__name__})."]
    if settings.secret_keys is None and settings.key_file.stat().st_mode & 0o077:
        return [f"The secret key can be read by others on this machine. Run: chmod 600 {settings.key_file}"]
    return []


async def _register_faults(settings: Settings) -> list[str]:
    """An empty register, keys that do not fit what is kept, and the packs of others whose requests are on file."""
    if settings.database_url is None and not settings.database_file.exists():
        return [_empty_register(settings)]
    async with wiring.open_memory(settings) as memory, memory.begin() as work:
        bad_row = await work.audit.first_bad()
        count = await work.register.count(settings.company)
        others = [name for name in await work.cases.companies() if name != settings.company]
    faults = [] if bad_row is None else [_broken_chain(bad_row)]
    faults += [fault for company, found in map(wiring.read_pack, others) if company is not None for fault in found]
    return faults if count else [*faults, _empty_register(settings)]


def _empty_register(settings: Settings) -> str:
    return (
        f"No customer of {settings.company} is in the register, so nobody can prove who they are by e-mail. Run:"
        " python -m bot customers import FILE.csv"
    )


def _broken_chain(row: int) -> str:
    if row == 1:
        return (
            "The secret keys are not those that the database was written with, or its audit was changed from the first"
            " row on. Put the right keys back: without them nothing that is sealed can be read."
        )
    return f"The audit was changed at row {row} or just before it. `python -m bot audit verify` tells the same."


def _model_faults(settings: Settings) -> list[str]:
    encoders = wiring.encoders_of(settings)
    try:
        load_model(settings.model_path, model_fingerprint(read_training_data(wiring.DATA), encoders))
    except TrainingDataError as fault:
        return [f"The training data cannot be read: {each}" for each in fault.faults]
    except UnusableModelError as fault:
        return [*encoders.missing, f"{fault} Run: python -m bot intents train"]
    return list(encoders.missing)


async def _mail_faults(settings: Settings) -> list[str]:
    if settings.smtp_url is None:
        return [_NO_SMTP]
    faults = [_NO_SENDER] if settings.mail_from == NOBODYS_SENDER else []
    if normalise_email(settings.mail_from) is None:
        return [_BAD_SENDER]
    try:
        fault = await mail_fault(settings.smtp_url.get_secret_value(), settings.mail_from)
    except BadSetting as bad:
        return [*faults, *bad.faults]
    return faults if fault is None else [*faults, fault]


async def _telegram_faults(settings: Settings) -> list[str]:
    if settings.telegram_token is None:
        return [_NO_BOT]
    from bot.telegram.probe import telegram_fault  # noqa: PLC0415  aiogram takes long to import

    fault = await telegram_fault(settings.telegram_token.get_secret_value(), settings.telegram_api_base)
    return [] if fault is None else [fault]
