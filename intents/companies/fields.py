"""Reads a pack file safely and hands out its values one by one, gathering every fault as a sentence.

Plain YAML only: no tags, no aliases, no key twice, no file above the cap. A faulty value gives a harmless default, so
that one reading finds all faults; whoever reads raises `PackError` at the end, and nobody serves with the values.
"""

import re
from collections.abc import Hashable
from datetime import date
from pathlib import Path
from typing import Any, Final

import yaml

from intents.companies.clauses import Text
from intents.companies.company import Company

LARGEST_FILE: Final = 256 * 1024
LONGEST_TEXT: Final = 700

_MISSING: Final = object()
_KINDS: Final = {
    str: "text",
    bool: "true or false",
    int: "a number",
    float: "a number",
    date: "a date",
    list: "a list",
    dict: "a set of fields",
    type(None): "empty",
}


class PackError(Exception):
    """A pack that cannot be used. `faults` names each fault: the file, the field, and what to do.

    `company` is what could be read of it, harmless defaults in the faulty places: only to look for more faults.
    """

    def __init__(self, faults: list[str], company: Company | None = None) -> None:
        super().__init__("\n".join(faults))
        self.faults = tuple(faults)
        self.company = company


class Field:
    """One value of a pack file, with the name by which a person finds it there."""

    def __init__(self, value: object, name: str, file: str, faults: list[str]) -> None:
        self._value = value
        self._name = name
        self._file = file
        self._faults = faults

    def fault(self, sentence: str) -> None:
        """Note what is wrong with this value; `sentence` goes on after its name ("must be text.")."""
        self._faults.append(f"{self._file}: {self._name or 'the file'} {sentence}")

    @property
    def is_null(self) -> bool:
        """Tell whether the value is deliberately empty."""
        return self._value is None

    def at(self, key: str) -> "Field":
        """Give the field `key`, a fault if it is missing."""
        field = self.maybe(key)
        if field._value is _MISSING and isinstance(self._value, dict):  # noqa: SLF001 - the same class
            field.fault("is missing.")
        return field

    def maybe(self, key: str) -> "Field":
        """Give the field `key`; where it is missing, all its values are defaults."""
        value = self._value.get(key, _MISSING) if isinstance(self._value, dict) else _MISSING
        return self._child(value, f".{key}")

    @property
    def is_missing(self) -> bool:
        """Tell whether the file has no such field."""
        return self._value is _MISSING

    def only(self, *known: str) -> None:
        """Note each field that nobody reads, so that a slip of the pen does not stay unseen."""
        if not isinstance(self._value, dict):
            self._expect("a set of fields")
            return
        for key in self._value:
            if key not in known:
                self.fault(f"has a field {key!r} that no pack has. Known here: {', '.join(known)}.")

    def entries(self, *, at_least: int = 0) -> list["Field"]:
        """Give the entries of a list, each named by its id or its place."""
        if not isinstance(self._value, list):
            self._expect("a list")
            return []
        if len(self._value) < at_least:
            self.fault(f"needs at least {at_least} entr{'y' if at_least == 1 else 'ies'}.")
        return [self._child(entry, f"[{_label(entry, place)}]") for place, entry in enumerate(self._value, 1)]

    def string(self, pattern: str = "", told: str = "", longest: int = LONGEST_TEXT) -> str:
        """Give a text that `pattern` matches whole; `told` says in words what it must look like."""
        if not isinstance(self._value, str):
            self._expect("text")
            return ""
        if not self._value.strip():
            self.fault("is empty. Write its text, or null where a field may be null.")
        elif len(self._value) > longest:
            self.fault(f"is {len(self._value)} characters long. At most {longest} are read on a phone.")
        elif pattern and not re.fullmatch(pattern, self._value):
            self.fault(f"must be {told}, but is {self._value!r}.")
        return self._value

    def strings(self, pattern: str = "", told: str = "", *, at_least: int = 0) -> tuple[str, ...]:
        """Give a list of texts."""
        return tuple(entry.string(pattern, told) for entry in self.entries(at_least=at_least))

    def pair(self, longest: int = LONGEST_TEXT) -> Text:
        """Give words in every language."""
        self.only("en", "ja")
        return Text(en=self.at("en").string(longest=longest), ja=self.at("ja").string(longest=longest))

    def count(self) -> int:
        """Give a whole number from 1 on."""
        if not isinstance(self._value, int) or isinstance(self._value, bool):
            self._expect("a whole number")
            return 1
        if self._value < 1:
            self.fault(f"must be 1 or more, but is {self._value}.")
        return self._value

    def flag(self) -> bool | None:
        """Give true or false, or None if the value is neither. Notes no fault."""
        return self._value if isinstance(self._value, bool) else None

    def day(self) -> date:
        """Give a date."""
        if type(self._value) is not date:
            self._expect("a date such as 2026-12-31")
            return date.min
        return self._value

    def _child(self, value: object, name: str) -> "Field":
        return Field(value, f"{self._name}{name}".lstrip("."), self._file, self._faults)

    def _expect(self, wanted: str) -> None:
        if self._value is _MISSING:
            return
        found = _KINDS.get(type(self._value), "something else")
        quotes = " Put it in quotes." if wanted == "text" and not isinstance(self._value, list | dict | None) else ""
        self.fault(f"must be {wanted}, but is {found}.{quotes}")


def read_file(path: Path, faults: list[str]) -> Field:
    """Read one YAML file of a pack; what cannot be read is noted in `faults` and gives a field without values.

    Touches the disk. Raises nothing that a file can cause.
    """
    nothing = Field(_MISSING, "", path.name, faults)
    try:
        with path.open("rb") as file:
            raw = file.read(LARGEST_FILE + 1)
    except OSError as error:
        nothing.fault(f"cannot be read: {error.strerror or 'no reason given'}.")
        return nothing
    if len(raw) > LARGEST_FILE:
        nothing.fault(f"is larger than {LARGEST_FILE // 1024} kB. No policy needs that much.")
        return nothing
    try:
        content = _plain_yaml(raw.decode("utf-8"))
    except UnicodeDecodeError:
        nothing.fault("is not written in UTF-8. Save it as UTF-8.")
        return nothing
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        nothing.fault(f"is not plain YAML{_where(error)}.")
        return nothing
    if not isinstance(content, dict):
        nothing.fault("must be a set of fields.")
        return nothing
    return Field(content, "", path.name, faults)


class _PlainLoader(yaml.CSafeLoader):
    """Safe YAML, read by libyaml, without a key written twice, which hides a value."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, object]:
        seen: set[str] = set()
        for key, _ in node.value:
            if not isinstance(key, yaml.ScalarNode):
                raise yaml.constructor.ConstructorError(None, None, "a key must be one word", key.start_mark)
            if key.value in seen:
                raise yaml.constructor.ConstructorError(None, None, "a key stands twice", key.start_mark)
            seen.add(key.value)
        return super().construct_mapping(node, deep=deep)


def _plain_yaml(text: str) -> object:
    """The content, without aliases, which can blow up."""
    for event in yaml.parse(text, Loader=yaml.CSafeLoader):
        if isinstance(event, yaml.AliasEvent):
            mark: Any = event.start_mark  # libyaml's mark is one too, which the stubs do not say
            raise yaml.MarkedYAMLError(None, None, "an alias is not allowed", mark)
    loader = _PlainLoader(text)
    try:
        content: object = loader.get_single_data()
    finally:
        loader.dispose()
    return content


def _where(error: Exception) -> str:
    if not isinstance(error, yaml.MarkedYAMLError) or error.problem_mark is None:
        return ""
    return f": {error.problem or 'not understood'}, line {error.problem_mark.line + 1}"


def _label(entry: object, place: int) -> str:
    named = entry.get("id") if isinstance(entry, dict) else None
    return named if isinstance(named, str) else str(place)
