"""The kinds of faults that `BotApi.fail` takes."""

from typing import TypedDict

from tests.botapi.faults import Cut


class FaultOptions(TypedDict, total=False):
    """One or none of error, html, half_json, cut; any of the others."""

    error: int  # an envelope with this code, as Telegram words it: 429, 500, 403, 401, 409 ...
    retry_after: int  # with 429
    description: str  # other words than the usual
    html: bool  # a gateway's page instead of JSON, with `error` or 502
    half_json: bool  # the request has its effect, half its answer arrives
    cut: Cut  # "before": the connection is cut unread; "after": it has its effect, no answer arrives
    delay: float  # seconds before anything happens
    after: bool  # the error comes though the request has had its effect
