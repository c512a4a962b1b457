"""The last look: what will be filed, line by line, each with its label and words as the customer sees them."""

from rasa_sdk.executor import CollectingDispatcher

from handlers.desk.requests import Detail
from handlers.desk.rights import Fee
from handlers.dialogue.actions.desk_action import DeskAction, Events
from handlers.dialogue.actions.request_form import CONFIRMED, NO_MAIL, PROVED, RequestForm
from handlers.dialogue.actions.request_forms import REQUEST_FORMS
from handlers.dialogue.turn import Turn

NO_GROUND = "none"


def lines(form: RequestForm) -> list[Detail]:
    """The details of a form as they are shown and will be filed."""
    voice, language = form.turn.voice, form.turn.language
    return [
        Detail(name, form.slot(name), voice.line(form.label_of(name), language), _shown(form, name))
        for name in form.shown()
    ]


def grounds(turn: Turn, form: RequestForm) -> dict[str, str]:
    """Each ground that may be named, with its words: the company's policy first, then the law, then none of them.

    One that both have goes by the company's words and names both places.
    """
    voice, language, company = turn.voice, turn.language, turn.company
    by_law = form.law.right(form.right_kind()).grounds
    articles = {name: form.law.cite(ground.article, language) for name, ground in by_law.items()}
    policy = [each for each in company.grounds if turn.state.slots.get("draft_intent") in each.requests]
    found = {}
    for own in policy:
        places = {"number": company.policy.clause(own.clause).number, "article": articles.get(own.id, "")}
        response = "utter_ground_both" if own.id in by_law else "utter_ground_policy"
        found[own.id] = voice.line(response, language, words=own.words[language], **places)
    for name, ground in by_law.items():
        if name not in found and name != "untrue":
            words = ground.text.of(language)
            found[name] = voice.line("utter_ground_law", language, words=words, article=articles[name])
    found[NO_GROUND] = voice.line("utter_ground_none", language)
    return found


def _shown(form: RequestForm, name: str) -> str:
    value = form.slot(name)
    if name == "ground":
        return grounds(form.turn, form).get(value, value)
    response = f"utter_ask_{name}"
    if not form.turn.voice.script.has(response):
        return value
    return form.turn.voice.titles(response, form.turn.language).get(value, value)


class AskConfirmed(DeskAction):
    """Show what will be filed; any line can be changed."""

    action_name = "action_ask_confirmed"

    async def act(self, say: CollectingDispatcher) -> Events:
        """Say the summary with its choices."""
        turn, voice, language = self.turn, self.turn.voice, self.turn.language
        form = REQUEST_FORMS[turn.state.active_loop or ""](turn)
        shown = lines(form)
        body = [voice.line("utter_summary_line", language, label=each.label, shown=each.shown) for each in shown]
        if form.for_another:
            body.append(voice.line("utter_identity_agent_line", language))
        elif form.proves:
            state = {PROVED: "proved", NO_MAIL: "later"}[form.slot("code")]
            body.append(voice.line(f"utter_identity_{state}_line", language))
        right = turn.casework.controller.law.right(form.right_kind())
        if right.fee is Fee.ALLOWED and turn.company.fee is not None:
            body.append(voice.line("utter_fee_line", language, words=turn.company.fee.words[language]))
        buttons = [{"title": voice.line("utter_choice_file", language), "payload": CONFIRMED}]
        buttons += [
            {"title": voice.line("utter_choice_change", language, line=each.label), "payload": each.name}
            for each in shown
        ]
        buttons.append({"title": voice.line("utter_choice_stop", language), "payload": "/stop"})
        say.utter_message(
            response="utter_summary", what=right.name.of(language), lines="\n".join(body), buttons=buttons
        )
        return []


class AskGround(DeskAction):
    """Ask on which ground: in the company's policy, or by law."""

    action_name = "action_ask_ground"

    async def act(self, say: CollectingDispatcher) -> Events:
        """Ask with each ground as a choice."""
        form = REQUEST_FORMS[self.turn.state.active_loop or ""](self.turn)
        buttons = [{"title": words, "payload": ground} for ground, words in grounds(self.turn, form).items()]
        say.utter_message(response="utter_ask_ground", buttons=buttons)
        return []
