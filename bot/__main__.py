"""The command line: `python -m bot …`. Reads arguments, opens what is needed, prints; decides nothing."""

import argparse
import asyncio
import sys
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from bot import audit_commands, case_commands, commands
from bot.journal import open_journal
from bot.settings import Settings
from handlers.desk.errors import BadSetting

Command = Callable[[argparse.Namespace, Settings], Coroutine[Any, Any, int]]


def parser() -> argparse.ArgumentParser:
    """Every command with its options."""
    top = argparse.ArgumentParser(prog="python -m bot", description="Madoguchi, the privacy desk in a messenger.")
    tops = top.add_subparsers(required=True, metavar="COMMAND")

    serve = tops.add_parser("serve", help="serve the desk's doors until stopped")
    serve.add_argument(
        "--doors",
        default=",".join(commands.DOORS),
        help=f"which doors, separated by commas: {', '.join(commands.DOORS)}",
    )
    serve.set_defaults(run=commands.serve)

    chat = tops.add_parser("chat", help="talk to the desk in this terminal, or through a pipe, a line a message")
    chat.add_argument("--company", help="the company pack (default: the setting)")
    chat.add_argument("--as", dest="name", default="guest", help="who you are, so that a conversation goes on")
    chat.add_argument("--lang", choices=["en", "ja"], help="the language to begin with")
    chat.set_defaults(run=commands.chat)

    opening = tops.add_parser("open", help="serve Telegram if a token is set, else open the desk in this terminal")
    opening.set_defaults(run=commands.open_desk_anywhere)

    tops.add_parser("check", help="what is missing before the desk can go live").set_defaults(run=commands.check)
    tops.add_parser("migrate", help="bring the database to this version's schema").set_defaults(run=commands.migrate)

    customers = tops.add_parser("customers", help="the register that identity is checked against")
    of_customers = customers.add_subparsers(required=True, metavar="ACTION")
    importing = of_customers.add_parser("import", help="replace the register by a CSV file, all of it or nothing")
    importing.add_argument("file", type=Path)
    importing.add_argument("--company", help="the company pack (default: the setting)")
    importing.set_defaults(run=commands.import_customers)

    cases = tops.add_parser("cases", help="requests on file")
    of_cases = cases.add_subparsers(required=True, metavar="ACTION")
    listing = of_cases.add_parser("list", help="every request, oldest first")
    listing.add_argument("--json", action="store_true", dest="as_json")
    listing.set_defaults(run=commands.list_cases)
    showing = of_cases.add_parser("show", help="one request with all about it, and what can be done next")
    showing.add_argument("ref")
    showing.add_argument("--by", metavar="NAME", help="the member of staff who reads it; that is kept on record")
    showing.add_argument("--json", action="store_true", dest="as_json")
    showing.set_defaults(run=case_commands.show)
    case_commands.add_commands(of_cases)

    _add_letters(tops)

    hearing = tops.add_parser("intents", help="training data and model")
    of_hearing = hearing.add_subparsers(required=True, metavar="ACTION")
    checking = of_hearing.add_parser("check", help="every fault of the training data, with file and line")
    checking.add_argument("--json", action="store_true", dest="as_json")
    checking.add_argument("--split", type=Path, help="a folder of test lines that must not be near the training lines")
    checking.set_defaults(run=commands.check_intents)
    of_hearing.add_parser("train", help="train the model now").set_defaults(run=commands.train_intents)
    testing = of_hearing.add_parser("test", help="measure the model on Rasa YAML or JSON lines")
    testing.add_argument("file", type=Path)
    testing.add_argument("--json", action="store_true", dest="as_json")
    testing.set_defaults(run=commands.test_intents)

    _add_audit(tops)

    keys = tops.add_parser("keys", help="the keys that seal personal data")
    of_keys = keys.add_subparsers(required=True, metavar="ACTION")
    of_keys.add_parser("new", help="print a fresh key for MADOGUCHI_SECRET_KEYS").set_defaults(run=commands.new_key)
    of_keys.add_parser("rotate", help="seal everything under the newest key, while the desk serves").set_defaults(
        run=commands.rotate_keys
    )
    return top


def _add_audit(tops: Any) -> None:
    audit = tops.add_parser("audit", help="the chain of everything that happened")
    of_audit = audit.add_subparsers(required=True, metavar="ACTION")
    verifying = of_audit.add_parser("verify", help="check the chain and name the first bad row")
    verifying.add_argument(
        "--head",
        action="append",
        default=[],
        metavar="NUMBER:LINK",
        help="a head that was written down outside: shows whether rows were cut off or all written anew; repeat it",
    )
    verifying.add_argument("--heads", type=Path, metavar="FILE", help="a file with such heads, the last word of a line")
    verifying.set_defaults(run=audit_commands.verify)
    heading = of_audit.add_parser("head", help="print the chain's last row, to be kept outside this machine")
    heading.set_defaults(run=audit_commands.head)


def _add_letters(tops: Any) -> None:
    letters = tops.add_parser("letters", help="letters that the desk gave up, such as to an address that was refused")
    of_letters = letters.add_subparsers(required=True, metavar="ACTION")
    of_letters.add_parser("dead", help="each with its reason").set_defaults(run=commands.list_dead_letters)
    reviving = of_letters.add_parser("revive", help="try one again, or all of them, once the reason is mended")
    reviving.add_argument("letter", nargs="?", help="its id, as `letters dead` shows it (default: all)")
    reviving.set_defaults(run=commands.revive_letters)


def main() -> int:
    """Run one command; 0 if all went well, 1 if something is missing or wrong, told in sentences."""
    arguments = parser().parse_args()
    try:
        settings = _read_settings()
        open_journal(settings.log_format)
        command: Command = arguments.run
        return asyncio.run(command(arguments, settings))
    except ValidationError as fault:
        for each in fault.errors():
            print(f"MADOGUCHI_{'_'.join(map(str, each['loc'])).upper()}: {each['msg']}.", file=sys.stderr)
    except BadSetting as fault:
        for sentence in fault.faults:
            print(sentence, file=sys.stderr)
    except (KeyboardInterrupt, BrokenPipeError):
        return 0
    return 1


def _read_settings() -> Settings:
    try:
        return Settings()
    except UnicodeDecodeError:
        raise BadSetting(["The file .env is not UTF-8 text. Save it as UTF-8."]) from None


if __name__ == "__main__":
    sys.exit(main())
