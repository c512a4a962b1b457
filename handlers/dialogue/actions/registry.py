"""All actions, registered by hand: what is not in this list cannot run."""

from collections.abc import Callable

from rasa_sdk import Action
from rasa_sdk.executor import ActionExecutor

from handlers.dialogue.actions import answers, cases, items, language, quotations, requests, summary
from handlers.dialogue.actions.request_forms import REQUEST_FORMS
from handlers.dialogue.turn import Turn

ACTIONS: tuple[Callable[[Turn], Action], ...] = (
    answers.AnswerPolicy,
    answers.OfferSwitch,
    answers.Unsure,
    cases.AddForm,
    cases.AddToCase,
    cases.AskCaseRef,
    cases.CancelForm,
    cases.ShowCases,
    cases.WithdrawCase,
    items.AskItem,
    language.ChangeLanguage,
    quotations.QuotePolicy,
    requests.BeginRequest,
    requests.FileRequest,
    requests.Stop,
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
