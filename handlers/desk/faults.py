"""What is wrong with a file of settings, in sentences that name the file, the place and what to do.

Not here: what a right file looks like (each schema says it), and faults of company packs, which have their own reader.
"""

from collections.abc import Callable, Sequence
from typing import Any

import yaml
from pydantic import ValidationError

_Context = dict[str, Any]
_TRUTH = "must be true or false"
_DATE = "must be a date such as 2022-04-01"
_TEXT = "must be text; put it in quotation marks"
_NUMBER = "must be a whole number such as 14"
_LIST = "must be a list such as [a, b]"
_SECTION = "must be a section with lines of its own below it"

_WHAT_TO_DO: dict[str, Callable[[_Context], str]] = {
    "missing": lambda _: "is missing; add it",
    "extra_forbidden": lambda _: "is not known here; correct the name or take it out",
    "value_error": lambda context: str(context["error"]),
    "enum": lambda context: f"must be one of {context['expected']}",
    "greater_than_equal": lambda context: f"must be {context['ge']} or more",
    "string_type": lambda _: _TEXT,
    "string_too_short": lambda _: "is empty; write something",
    "string_pattern_mismatch": lambda _: "must be the name of a question such as ask_fees",
    "int_type": lambda _: _NUMBER,
    "bool_type": lambda _: _TRUTH,
    "bool_parsing": lambda _: _TRUTH,
    "date_type": lambda _: _DATE,
    "date_parsing": lambda _: _DATE,
    "date_from_datetime_parsing": lambda _: _DATE,
    "date_from_datetime_inexact": lambda _: _DATE,
    "tuple_type": lambda _: _LIST,
    "dict_type": lambda _: _SECTION,
    "model_type": lambda _: _SECTION,
}


def sentences(file: str, fault: ValidationError) -> list[str]:
    """One sentence for each thing that is wrong with `file`, in the order of the file's schema."""
    return [
        f"{file}, {_place(each['loc'])}: {_WHAT_TO_DO.get(each['type'], _unknown)(each.get('ctx', {}))}."
        for each in fault.errors()
    ]


def unreadable(file: str, fault: yaml.YAMLError | UnicodeDecodeError) -> str:
    """One sentence for a file that is no YAML at all."""
    if isinstance(fault, UnicodeDecodeError):
        return f"{file}, the whole file: is not saved as UTF-8; save it as UTF-8 text."
    mark = fault.problem_mark if isinstance(fault, yaml.MarkedYAMLError) else None
    place = "the whole file" if mark is None else f"line {mark.line + 1}"
    return f"{file}, {place}: cannot be read; compare its spaces, colons and brackets with the lines around it."


def _unknown(_: _Context) -> str:
    return "is not understood; compare it with the same place in a preset that came with the desk"


def _place(path: Sequence[int | str]) -> str:
    """`types.disclosure.asks.2`, with list entries counted from 1; pydantic's mark for a key is left out."""
    steps = (str(step + 1) if isinstance(step, int) else step for step in path if step != "[key]")
    return ".".join(steps) or "the whole file"
