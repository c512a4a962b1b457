"""One request as staff read it on the command line, as text or JSON, and the desk's errors in sentences."""

import json
from collections.abc import Sequence

from handlers.desk.assurance import label
from handlers.desk.casework import CaseView, Controller
from handlers.desk.decisions import Decision, Verdict
from handlers.desk.errors import Why
from handlers.desk.requests import Request

SENTENCES: dict[Why, str] = {
    Why.STATUS: "A request that is {status} has no step {step}.",
    Why.HANDS: "The step {step} is not for staff.",
    Why.SAME_PERSON: "A second member of staff has to do this, not the one who was there before.",
    Why.PROOF: "Who is asking is not proved as this kind of request needs. Codes are never entered by hand.",
    Why.FINDING: "Nothing is on record of what was found. Record it first: cases investigate",
    Why.REASON: "A refusal needs a reason that the law lists for this kind of request. See: cases show",
    Why.FACTS: "This reason needs the facts that it rests on: --facts",
    Why.SUBSTITUTE: "This reason holds only with something done instead: --instead",
    Why.ITEMS: "Each item has to be decided exactly once. See their numbers in: cases show",
    Why.PARTIAL: "This kind of request is decided as a whole.",
    Why.WORDS: "The words are missing.",
    Why.CONTENT: "Data is handed over in the way that was agreed, and never written into a message. Leave --words out.",
    Why.TWICE: "This can be done once, and it was.",
    Why.DATE: "The new date has to lie after the one that stands, and no further off than is allowed.",
    Why.TOO_LATE: "The time for this is over.",
    Why.TOO_EARLY: "It is too early for this: the customer still has time.",
    Why.NOT_ASKED: "Nothing was asked that is still open.",
}


def as_json(case: Request) -> dict[str, object]:
    """A request as programs read it."""
    return {
        "ref": case.ref,
        "kind": case.kind,
        "article": case.article,
        "grounds": list(case.grounds),
        "status": case.status,
        "outcome": case.outcome,
        "assurance": label(case.assurance),
        "company": case.company,
        "language": case.language,
        "arrived_at": case.arrived_at.isoformat(),
        "filed_at": case.filed_at.isoformat(),
        "target_on": case.target_on.isoformat(),
        "legal_mark_on": case.legal_mark_on.isoformat() if case.legal_mark_on else None,
        "owner": case.owner,
    }


def page(view: CaseView, controller: Controller, *, as_json: bool) -> str:
    """A request with all there is about it."""
    return json.dumps(_whole(view, controller), ensure_ascii=False, indent=2) if as_json else _text(view, controller)


def _whole(view: CaseView, controller: Controller) -> dict[str, object]:
    request = view.request
    until = request.disagree_until
    return {
        **as_json(request),
        "asked": [{"label": each.label, "text": each.shown} for each in request.details],
        "items": [{"number": each.number, "text": each.text} for each in request.items],
        "entries": [
            {"kind": each.kind, "at": each.at.isoformat(), "text": each.text, "by": each.author, "code": each.code}
            for each in view.entries
        ],
        "decisions": [_decision(each) for each in view.decisions],
        "disagree_until": until.isoformat() if until else None,
        "next": list(view.steps),
        "refusals": list(controller.law.right(request.kind).refusals),
    }


def _decision(decision: Decision) -> dict[str, object]:
    return {
        "state": decision.state,
        "at": decision.at.isoformat(),
        "first": decision.first,
        "second": decision.second,
        "items": [
            {
                "number": each.item,
                "outcome": each.ruling,
                "reason": each.reason,
                "words": each.words,
                "instead": each.substitute,
            }
            for each in decision.verdicts
        ],
    }


def _text(view: CaseView, controller: Controller) -> str:
    request = view.request
    lines = [f"{name:14} {_plain(value)}" for name, value in as_json(request).items()]
    lines += [f"\n{each.label}\n  {each.shown}" for each in request.details]
    lines.append("\nItems")
    lines += [f"  {each.number}. {each.text}" for each in request.items]
    for entry in view.entries:
        by = f", by {entry.author}" if entry.author else ""
        code = f" ({entry.code})" if entry.code else ""
        lines.append(f"\n{entry.at:%Y-%m-%d %H:%M} UTC  {entry.kind}{code}{by}\n  {entry.text}")
    for decision in view.decisions:
        second = f", then {decision.second}" if decision.second else ""
        lines.append(f"\n{decision.at:%Y-%m-%d %H:%M} UTC  decision: {decision.state}, by {decision.first}{second}")
        lines += [_verdict(each) for each in decision.verdicts]
    lines.append(f"\nNext: {', '.join(view.steps) or 'nothing'}")
    lines.append("Reasons for a refusal:")
    catalogue = controller.law.refusals
    for name in controller.law.right(request.kind).refusals:
        lines.append(f"  {name}: {catalogue[name].text.en}")
    return "\n".join(lines)


def _verdict(verdict: Verdict) -> str:
    told: Sequence[str | None] = (verdict.reason, verdict.words, verdict.substitute)
    return f"  {verdict.item}. {verdict.ruling}" + "".join(f" · {each}" for each in told if each)


def _plain(value: object) -> object:
    return value if value not in (None, []) else "–"
