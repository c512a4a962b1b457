"""All actions, registered by hand: what is not in this list cannot run."""

from collections.abc import Callable

from rasa_sdk import Action
from rasa_sdk.executor import ActionExecutor

from handlers.dialogue.actions import (
    agents,
    answers,
    cases,
    dates,
    items,
    language,
    memory,
    offers,
    quotations,
    requests,
    scope,
    summary,
)
from handlers.dialogue.actions.request_forms import REQUEST_FORMS
from handlers.dialogue.turn import Turn

ACTIONS: tuple[Callable[[Turn], Action], ...] = (
    agents.ForOther,
    answers.AnswerPolicy,
    answers.OfferSwitch,
    answers.Unsure,
    cases.AddForm,
    cases.AddToCase,
    cases.AskAddition,
    cases.AskCaseRef,
    cases.BeginDisagreement,
    cases.CancelForm,
    cases.Disagree,
    cases.DisagreeForm,
    cases.ShowCase,
    cases.ShowCases,
    cases.WithdrawCase,
    dates.ExplainDates,
    items.AskItem,
    language.ChangeLanguage,
    memory.OfferForget,
    memory.Forget,
    memory.MyData,
    offers.AskDisclosureWhat,
    offers.AskMarketing,
    offers.AskMethod,
    offers.AskUse,
    quotations.QuotePolicy,
    requests.BeginRequest,
    requests.FileRequest,
    requests.Stop,
    scope.AskScopeItem,
    summary.AskConfirmed,
    summary.AskGround,
    *REQUEST_FORMS.values(),
)


def executor_for(turn: Turn) -> ActionExecutor:
    """An executor whose actions belong to one turn."""
    executor = ActionExecutor()
    for action in ACTIONS:
        executor.register_action(action(turn))
    return executor
