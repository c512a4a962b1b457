"""How parameters are read, as leniently and as strictly as Telegram reads them.

Numbers are taken as far as they go and clamped to their range; booleans are `true`, `yes` or `1`; JSON that does not
parse, or has a field of a wrong type, is refused with Telegram's sentence.
"""

import json
import re
from typing import Any

from tests.botapi.refusals import Flaw, JsonObject
from tests.botapi.wire import Call

_LEADING_NUMBER = re.compile(r"[+-]?\d+")


def number_of(text: str) -> int:
    """As many digits as the text begins with; 0 where there are none."""
    found = _LEADING_NUMBER.match(text)
    return int(found[0]) if found else 0


def integer(call: Call, name: str, default: int, low: int, high: int) -> int:
    text = call.get(name)
    return min(max(number_of(text) if text else default, low), high)


def boolean(call: Call, name: str) -> bool:
    return call.get(name).strip().lower() in {"true", "yes", "1"}


def message_id(call: Call, name: str = "message_id") -> int:
    return max(number_of(call.get(name)), 0)


def json_of(call: Call, name: str, called: str) -> Any:
    """The decoded JSON of a parameter, or None where it is absent or empty."""
    text = call.get(name)
    if not text:
        return None
    try:
        return json.loads(text)
    except ValueError:
        raise Flaw(f"Can't parse {called} JSON object") from None


def string_field(of: JsonObject, name: str, *, required: bool = False) -> str:
    value = of.get(name)
    if value is None:
        if required:
            raise Flaw(f'Can\'t find field "{name}"')
        return ""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise Flaw(f'Field "{name}" must be of type String')
    return str(value)


def bool_field(of: JsonObject, name: str) -> bool:
    value = of.get(name)
    if value is None:
        return False
    if not isinstance(value, bool):
        raise Flaw(f'Field "{name}" must be of type Boolean')
    return value


def int_field(of: JsonObject, name: str) -> int:
    value = of.get(name)
    if value is None:
        raise Flaw(f'Can\'t find field "{name}"')
    if isinstance(value, bool) or not isinstance(value, str | int) or not _LEADING_NUMBER.fullmatch(str(value)):
        raise Flaw(f'Field "{name}" must be a valid Number')
    return int(value)
