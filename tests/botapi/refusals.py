"""How the server says no: one exception, worded as Telegram's own server words it.

The wording follows `fail_query_with_error` of tdlib/telegram-bot-api: a prefix by status, then the message with
a small first letter, unless it is one of the upper-case codes of Telegram's core (BUTTON_DATA_INVALID).
"""

from typing import Any

JsonObject = dict[str, Any]


class Refusal(Exception):
    """An answer with `ok` false; its code is the HTTP status as well."""

    def __init__(self, code: int, description: str, *, retry_after: int | None = None) -> None:
        super().__init__(f"{code} {description}")
        self.code = code
        self.description = description
        self.retry_after = retry_after

    @property
    def envelope(self) -> JsonObject:
        body: JsonObject = {"ok": False, "error_code": self.code, "description": self.description}
        if self.retry_after is not None:
            body["parameters"] = {"retry_after": self.retry_after}
        return body


class Flaw(ValueError):
    """What is wrong with a part of a request; whoever read the part puts it into a sentence, the server into a 400."""


def _worded(prefix: str, message: str) -> str:
    if message.startswith(prefix):
        return message
    is_code = len(message) > 1 and (message[1] == "_" or "A" <= message[1] <= "Z")
    return f"{prefix}: {message if is_code else message[:1].lower() + message[1:]}"


def bad_request(message: str) -> Refusal:
    return Refusal(400, _worded("Bad Request", message))


def forbidden(message: str) -> Refusal:
    return Refusal(403, _worded("Forbidden", message))


def conflict(message: str) -> Refusal:
    return Refusal(409, _worded("Conflict", message))


def too_many_requests(retry_after: int) -> Refusal:
    return Refusal(429, f"Too Many Requests: retry after {retry_after}", retry_after=retry_after)


DEFAULT_DESCRIPTIONS = {
    400: "Bad Request",
    401: "Unauthorized",
    403: "Forbidden: bot was blocked by the user",
    404: "Not Found",
    409: "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running",
    413: "Request Entity Too Large",
    500: "Internal Server Error",
    502: "Bad Gateway",
    503: "Service Unavailable",
    504: "Gateway Timeout",
}


def refusal_of(code: int, description: str = "", retry_after: int | None = None) -> Refusal:
    """The refusal that a test asked for by its code alone."""
    if code == 429:
        retry_after = 1 if retry_after is None else retry_after
        return Refusal(429, description or f"Too Many Requests: retry after {retry_after}", retry_after=retry_after)
    return Refusal(code, description or DEFAULT_DESCRIPTIONS.get(code, "Error"), retry_after=retry_after)
