"""Staff's door by command line: `python -m bot cases …`. Each command is one use case of the desk's casework.

What may be done, and by whom, the desk decides; here it is only asked for, and put into sentences.
"""

import argparse
import secrets
import sys
from collections.abc import Awaitable, Callable
from datetime import date
from pathlib import Path

from bot import wiring
from bot.case_pages import SENTENCES, page
from bot.settings import Settings
from handlers.desk.actors import Actor, ActorKind
from handlers.desk.assurance import Proof
from handlers.desk.casework import Casework
from handlers.desk.decisions import Finding, Ruling, Verdict
from handlers.desk.errors import NotAllowed, NotFound
from handlers.desk.ports import Entry
from handlers.desk.proving import SEEN_BY_STAFF
from handlers.desk.requests import Request

_ENDINGS = {"image/jpeg": "jpg", "image/png": "png", "application/pdf": "pdf"}

Do = Callable[[Casework, argparse.Namespace], Awaitable[Request]]


def add_commands(of_cases: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add staff's commands to `cases`."""

    def command(name: str, about: str, do: Do) -> argparse.ArgumentParser:
        added = of_cases.add_parser(name, help=about)
        added.add_argument("ref", help="the request's reference")
        added.add_argument("--by", required=True, metavar="NAME", help="the member of staff who does it")
        added.set_defaults(run=_runner(do))
        return added

    command("claim", "take a request in hand", lambda c, a: c.claim(a.ref))
    specify = command("specify", "set apart what is asked for, item by item", lambda c, a: c.specify(a.ref, a.item))
    specify.add_argument(
        "--item",
        action="append",
        required=True,
        metavar="WORDS",
        help="one item, as the customer will read it; repeat it",
    )
    asking = command("ask", "ask the customer something", lambda c, a: c.ask(a.ref, a.words))
    asking.add_argument("words")
    noting = command("note", "write something down for colleagues", lambda c, a: c.note(a.ref, a.words))
    noting.add_argument("words")
    verify = command("verify", "record a proof that you saw", lambda c, a: c.verify(a.ref, a.proof, a.reason, a.email))
    verify.add_argument(
        "--proof",
        required=True,
        type=Proof,
        choices=sorted(SEEN_BY_STAFF),
        help="A: facts that match the record; D: a document; 2P: you agree, as a second person",
    )
    verify.add_argument("--reason", required=True, help="what you saw")
    verify.add_argument("--email", help="the registered address of the person's record, where it is not known yet")
    finding = command("investigate", "record what you found", lambda c, a: c.investigate(a.ref, a.finding, a.words))
    finding.add_argument("finding", type=Finding, choices=list(Finding))
    finding.add_argument("words")
    extend = command(
        "extend", "put the answer off, once, and tell the customer why", lambda c, a: c.extend(a.ref, a.to, a.reason)
    )
    extend.add_argument("--to", required=True, type=date.fromisoformat, metavar="YYYY-MM-DD")
    extend.add_argument("--reason", required=True, help="why, as the customer will read it")
    fulfil = command("fulfil", "do all that is asked; where it takes two of you, propose it", _fulfil)
    fulfil.add_argument("--words", default="", help="what was changed, as the customer will read it")
    refuse = command("refuse", "propose to refuse all that is asked", _refuse)
    _add_reason(refuse)
    propose = command("propose", "propose a decision, item by item", _propose)
    propose.add_argument("--fulfil", type=_numbers, default=[], metavar="1,2", help="numbers of the items to fulfil")
    propose.add_argument("--refuse", type=_numbers, default=[], metavar="3", help="numbers of the items to refuse")
    propose.add_argument("--words", default="", help="what was changed, where items are fulfilled")
    _add_reason(propose, required=False)
    command("approve", "agree, as a second person, to what is proposed", lambda c, a: c.approve(a.ref))
    back = command("send-back", "do not agree to what is proposed", lambda c, a: c.send_back(a.ref, a.reason))
    back.add_argument("--reason", required=True, help="why, for colleagues")
    reopen = command("reopen", "take up again what had ended", lambda c, a: c.reopen(a.ref, a.reason))
    reopen.add_argument("--reason", required=True, help="why, for colleagues")
    command("close", "close what is decided, when the time to disagree is over", lambda c, a: c.close(a.ref))
    holding = command(
        "hold", "keep its contents beyond their time, such as for a lawsuit", lambda c, a: c.hold(a.ref, a.reason)
    )
    holding.add_argument("--reason", required=True, help="why, for colleagues")
    releasing = command("release", "hold its contents no longer", lambda c, a: c.release(a.ref, a.reason))
    releasing.add_argument("--reason", required=True, help="why, for colleagues")
    documents = of_cases.add_parser("documents", help="save a request's documents to a folder; that is kept on record")
    documents.add_argument("ref")
    documents.add_argument("--by", required=True, metavar="NAME")
    documents.add_argument("--to", required=True, type=Path, metavar="FOLDER")
    documents.set_defaults(run=save_documents)


async def save_documents(arguments: argparse.Namespace, settings: Settings) -> int:
    """Save all documents of a request under names that nobody can guess or steer."""
    documents: list[Entry] = []

    async def read(casework: Casework) -> int:
        documents.extend(await casework.read_documents(arguments.ref))
        return 0

    if code := await _with_casework(arguments, settings, read):
        return code
    arguments.to.mkdir(parents=True, exist_ok=True, mode=0o700)
    for each in documents:
        path = arguments.to / f"{secrets.token_hex(8)}.{_ENDINGS.get(each.media_type or '', 'bin')}"
        path.touch(mode=0o600, exist_ok=False)
        path.write_bytes(each.content or b"")
        print(f"{path}  {each.at:%Y-%m-%d %H:%M} UTC  {each.media_type}")
    print(f"Documents saved: {len(documents)}. Delete them when you are done.")
    return 0


async def show(arguments: argparse.Namespace, settings: Settings) -> int:
    """One request with everything about it, and what can be done next."""

    async def write(casework: Casework) -> int:
        view = await casework.read(arguments.ref)
        print(page(view, casework.controller, as_json=arguments.as_json))
        return 0

    return await _with_casework(arguments, settings, write)


def _runner(do: Do) -> Callable[[argparse.Namespace, Settings], Awaitable[int]]:
    async def run(arguments: argparse.Namespace, settings: Settings) -> int:
        async def step(casework: Casework) -> int:
            request = await do(casework, arguments)
            outcome = f", {request.outcome}" if request.outcome is not None else ""
            print(f"{request.ref} is now: {request.status}{outcome}.")
            return 0

        return await _with_casework(arguments, settings, step)

    return run


async def _with_casework(
    arguments: argparse.Namespace, settings: Settings, do: Callable[[Casework], Awaitable[int]]
) -> int:
    """Open the memory, find the request's company, and do something in one transaction. Tells errors in sentences."""
    arguments.ref = arguments.ref.strip().upper()
    actor = Actor(ActorKind.STAFF, str(getattr(arguments, "by", None) or "command_line").strip()[:64])
    async with wiring.open_memory(settings) as memory:
        try:
            async with memory.begin() as work:
                request = await work.cases.by_ref(arguments.ref)
                if request is None:
                    raise NotFound("request")
                controller = wiring.controller_of(wiring.company_called(request.company))
                now = wiring.utc_now()
                return await do(Casework(work, controller, memory.vault.code_key, actor, now))
        except NotFound as fault:
            print(_missing(str(fault), arguments.ref), file=sys.stderr)
        except NotAllowed as fault:
            print(SENTENCES[fault.why].format(status=fault.status, step=fault.step), file=sys.stderr)
        return 1


def _missing(what: str, ref: str) -> str:
    if what == "customer":
        return "Nobody is registered under that address, or the request belongs to somebody else's record."
    return f"There is no request {ref}."


def _add_reason(parser: argparse.ArgumentParser, *, required: bool = True) -> None:
    parser.add_argument(
        "--reason", required=required, metavar="NAME", help="the reason in the law's catalogue; `cases show` lists them"
    )
    parser.add_argument("--facts", default="", help="what the reason rests on, as the customer will read it")
    parser.add_argument("--instead", default="", help="what is done in the place of what is refused")


def _numbers(text: str) -> list[int]:
    return [int(each) for each in text.split(",") if each.strip()]


async def _fulfil(casework: Casework, arguments: argparse.Namespace) -> Request:
    items = (await casework.view(arguments.ref)).request.items
    return await casework.decide(arguments.ref, [_yes(each.number, arguments) for each in items])


async def _refuse(casework: Casework, arguments: argparse.Namespace) -> Request:
    items = (await casework.view(arguments.ref)).request.items
    return await casework.decide(arguments.ref, [_no(each.number, arguments) for each in items])


async def _propose(casework: Casework, arguments: argparse.Namespace) -> Request:
    verdicts = [_yes(number, arguments) for number in arguments.fulfil]
    verdicts += [_no(number, arguments) for number in arguments.refuse]
    return await casework.decide(arguments.ref, sorted(verdicts, key=lambda each: each.item), propose=True)


def _yes(number: int, arguments: argparse.Namespace) -> Verdict:
    return Verdict(number, Ruling.FULFILLED, words=arguments.words)


def _no(number: int, arguments: argparse.Namespace) -> Verdict:
    return Verdict(number, Ruling.REFUSED, arguments.reason, arguments.facts, arguments.instead)
