"""Why each date is the one it is, in words: counted from when, which days were left out, by which rule."""

from datetime import date, datetime

from rasa_sdk.executor import CollectingDispatcher

from handlers.desk.calendars import LeftOut
from handlers.desk.deadlines import Explanation, explain_mark, explain_target
from handlers.desk.requests import Request
from handlers.desk.rights import Limit
from handlers.dialogue.actions.desk_action import DeskAction, Events
from handlers.dialogue.turn import Turn
from intents.parse import Language

_MOST = 3
"""Requests whose dates are explained at once; the newest of them."""
_WEEKDAYS_JA = "月火水木金土日"


def write_date(day: date, language: Language) -> str:
    """A date in words: `6 December 2026`, `2026年12月6日`."""
    if language is Language.JA:
        return f"{day.year}年{day.month}月{day.day}日"
    return f"{day.day} {day:%B %Y}"


def write_day(day: date, language: Language) -> str:
    """A near day with its weekday: `Tuesday, 24 November`, `11月24日（火）`."""
    if language is Language.JA:
        return f"{day.month}月{day.day}日（{_WEEKDAYS_JA[day.weekday()]}）"
    return f"{day:%A}, {day.day} {day:%B}"


def write_opening(opening: datetime | date, turn: Turn) -> str:
    """When the desk is staffed next: the day, and the hour where the company gave its hours."""
    if not isinstance(opening, datetime):
        return write_day(opening, turn.language)
    local = opening.astimezone(turn.casework.controller.calendar.timezone)
    day = write_day(local.date(), turn.language)
    return turn.voice.line("utter_day_and_hour", turn.language, day=day, hour=f"{local.hour}:{local:%M}")


class ExplainDates(DeskAction):
    """Why that date: each date of the chat's open requests."""

    action_name = "action_explain_dates"

    async def act(self, say: CollectingDispatcher) -> Events:
        """Explain the dates of the request that was named, else of the open ones, else how they would be counted."""
        turn = self.turn
        cases = await turn.casework.own_cases()
        named = [each for each in cases if each.ref == turn.entities.get("ref")]
        chosen = named or [each for each in cases if each.is_open][:_MOST]
        if not chosen:
            say.utter_message(response="utter_why_nothing")
        for each in chosen:
            say.utter_message(response="utter_why", ref=each.ref, lines="\n\n".join(_paragraphs(each, turn)))
        return []


def _paragraphs(request: Request, turn: Turn) -> list[str]:
    controller, language = turn.casework.controller, turn.language
    target = explain_target(request.arrived_at, controller.calendar, controller.targets)
    paragraphs = [_explain("target", target, turn)]
    if request.extended_at is not None:
        by = Limit(days=(request.target_on - target.on).days)
        told, moved = _told_on(request, turn), write_date(request.target_on, language)
        paragraphs.append(
            turn.voice.line("utter_why_moved", language, told=told, length=_length(by, turn), target=moved)
        )
    mark = explain_mark(request.arrived_at, request.kind, controller.law, controller.calendar)
    if mark is None or request.legal_mark_on is None:
        return [*paragraphs, turn.voice.line("utter_why_no_mark", language)]
    paragraphs.append(_explain("mark" if controller.law.answer_of(request.kind) is None else "limit", mark, turn))
    if request.legal_mark_on != mark.on:
        paragraphs.append(_mark_moved(request, turn))
    return paragraphs


def _mark_moved(request: Request, turn: Turn) -> str:
    """By which article the law's date was put off, and how it is counted since."""
    controller, language = turn.casework.controller, turn.language
    law = controller.law
    extension = law.extension_of(request.kind)
    counted = explain_mark(request.arrived_at, request.kind, law, controller.calendar, extensions=1)
    if extension is None or counted is None:
        raise ValueError(request.kind)  # only an extension of the law's own moves its date
    return turn.voice.line(
        "utter_why_mark_moved",
        language,
        told=_told_on(request, turn),
        article=law.cite(extension.article, language),
        length=_length(extension.length, turn),
        total=_lengths(counted, turn),
        start=write_date(counted.counted_from, language),
        mark=write_date(counted.on, language),
    )


def _told_on(request: Request, turn: Turn) -> str:
    """The day on which the request was put off, which is when its person was told."""
    at = request.extended_at or request.filed_at
    return write_date(turn.casework.controller.calendar.day_of(at), turn.language)


def _explain(what: str, explanation: Explanation, turn: Turn) -> str:
    language, law = turn.language, turn.casework.controller.law
    by_business_days = any(each.business_days is not None for each in explanation.lengths)
    left_out = ", ".join(_left_out(each, turn) for each in explanation.left_out)
    counted = "every" if not by_business_days else "without" if left_out else "business"
    return turn.voice.line(
        f"utter_why_{what}",
        language,
        day=write_date(explanation.on, language),
        start=write_date(explanation.counted_from, language),
        length=_lengths(explanation, turn),
        article=law.cite(explanation.article, language) if explanation.article else "",
        counted=turn.voice.line(f"utter_counted_{counted}", language, days=left_out),
    )


def _lengths(explanation: Explanation, turn: Turn) -> str:
    return " + ".join(_length(each, turn) for each in explanation.lengths)


def _length(limit: Limit, turn: Turn) -> str:
    unit, count = next((name, value) for name, value in limit.model_dump().items() if isinstance(value, int))
    number = "one" if count == 1 else "many"
    return turn.voice.line(f"utter_length_{unit}_{number}", turn.language, count=count)


def _left_out(each: LeftOut, turn: Turn) -> str:
    day = write_day(each.day, turn.language)
    why = turn.voice.line(f"utter_day_off_{each.why}", turn.language, name=each.holiday or "")
    return turn.voice.line("utter_day_left_out", turn.language, day=day, why=why)
