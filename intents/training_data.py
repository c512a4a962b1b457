"""Training lines as people would say them: read from Rasa NLU YAML, each line with where it stands.

Reads `<folder>/{en,ja}/*.yml` and single files. Only plain YAML is built (no tags, no objects), and every fault
names file and line. Judging the lines (too few, twice, unknown names) is `checking.py`; learning is `training.py`.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import yaml
from yaml.events import CollectionEndEvent, CollectionStartEvent
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode
from yaml.reader import ReaderError

from intents.parse import Language

_LOADER = yaml.CSafeLoader
_ENTITY = re.compile(r"\[([^\]\[]+)\](?:\([^()]*\)|\{[^{}]*\})")
_OTHER_SECTIONS = frozenset({"synonym", "regex", "lookup"})
_LARGEST_FILE = 8 * 1024 * 1024
_DEEPEST = 8
"""Levels of nesting, three more than Rasa's long form has; libyaml's own end is that of the process."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with the data, and where. `line` counts from 1; 0 where the whole file is meant."""

    file: str
    line: int
    message: str

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}" if self.line else self.file
        return f"{where}: {self.message}"


class TrainingDataError(Exception):
    """Training data that cannot be read. Carries every fault found, in order of file and line."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(str(fault) for fault in self.faults))


@dataclass(frozen=True, slots=True)
class Example:
    """One line somebody might write, and what they mean by it. `line` counts from 1; 0 where it came from no file."""

    text: str
    intent: str
    language: Language
    file: str = ""
    line: int = 0


@dataclass(frozen=True)
class TrainingData:
    """Every example, in a fixed order, with a fingerprint of what they say (not of where they stand)."""

    examples: tuple[Example, ...]

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 over language, intent and text of every example; the same lines in any files give the same."""
        digest = hashlib.sha256()
        for key in sorted((e.language.value, e.intent, e.text) for e in self.examples):
            digest.update("\x1f".join(key).encode() + b"\x1e")
        return digest.hexdigest()

    @cached_property
    def intents(self) -> tuple[str, ...]:
        """Every intent that has a line, sorted."""
        return tuple(sorted({e.intent for e in self.examples}))

    def of(self, language: Language) -> tuple[Example, ...]:
        """The examples of one language, in the fixed order that training needs."""
        chosen = (e for e in self.examples if e.language is language)
        return tuple(sorted(chosen, key=lambda e: (e.intent, e.text)))

    def __add__(self, other: "TrainingData") -> "TrainingData":
        return TrainingData(self.examples + other.examples)


def read_training_data(folder: Path) -> TrainingData:
    """Read every `*.yml` under `folder/en` and `folder/ja`. Raises TrainingDataError with all faults."""
    examples: list[Example] = []
    faults: list[Fault] = []
    for language in Language:
        for path in sorted((folder / language.value).glob("*.yml")):
            try:
                examples += read_examples(path, language)
            except TrainingDataError as error:
                faults += error.faults
    if not examples and not faults:
        faults.append(Fault(str(folder), 0, "there is no training data: no .yml file with examples under en/ or ja/"))
    if faults:
        raise TrainingDataError(faults)
    return TrainingData(tuple(examples))


def read_examples(path: Path, language: Language) -> list[Example]:
    """Read the examples of one Rasa NLU YAML file. Raises TrainingDataError."""
    faults: list[Fault] = []
    examples = [Example(text, intent, language, str(path), line) for intent, text, line in _entries(path, faults)]
    if faults:
        raise TrainingDataError(faults)
    return examples


def _entries(path: Path, faults: list[Fault]) -> Iterator[tuple[str, str, int]]:
    """Yield (intent, text, line) for every example; append to `faults` what cannot be read."""
    root = _compose(path, faults)
    if root is None:
        return
    if not isinstance(root, MappingNode):
        faults.append(Fault(str(path), _line(root), "a training file is a mapping with the keys version and nlu"))
        return
    faults += _keys_twice(path, root)
    for key, value in root.value:
        if key.value == "version":
            continue
        if key.value != "nlu":
            name = f" {key.value}" if isinstance(key, ScalarNode) else ""
            message = f"unknown key{name}; a training file has version and nlu"
            faults.append(Fault(str(path), _line(key), message))
        elif not isinstance(value, SequenceNode):
            faults.append(Fault(str(path), _line(value), "nlu must be a list of intents"))
        else:
            for item in value.value:
                yield from _section(path, item, faults)


def _compose(path: Path, faults: list[Fault]) -> Node | None:
    """Parse the file into nodes that know their lines; nothing is ever built from tags."""
    root: Node | None = None
    try:
        if path.stat().st_size > _LARGEST_FILE:
            faults.append(Fault(str(path), 0, f"larger than {_LARGEST_FILE // 1024 // 1024} MB; split it by topic"))
            return None
        raw = path.read_bytes()
        text = raw.decode("utf-8-sig")
        if (odd := _first_oddity(path, text)) is not None:
            faults.append(odd)
            return None
        root = yaml.compose(text, Loader=_LOADER)
    except UnicodeDecodeError as error:
        faults.append(Fault(str(path), raw.count(b"\n", 0, error.start) + 1, "not UTF-8; save the file as UTF-8"))
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 0
        faults.append(Fault(str(path), line, f"broken YAML: {error.problem}"))
    except ReaderError as error:
        faults.append(Fault(str(path), raw.count(b"\n", 0, error.position) + 1, f"broken YAML: {error.reason}"))
    except OSError as error:
        faults.append(Fault(str(path), 0, f"cannot be read: {error.strerror}"))
    else:
        if root is None:
            faults.append(Fault(str(path), 0, "the file is empty"))
    return root


def _first_oddity(path: Path, text: str) -> Fault | None:
    """What no training file needs and a hostile one would: aliases, tags, and nesting without an end."""
    depth = 0
    for event in yaml.parse(text, Loader=_LOADER):
        where = event.start_mark.line + 1 if event.start_mark else 0
        if isinstance(event, CollectionStartEvent):
            depth += 1
        elif isinstance(event, CollectionEndEvent):
            depth -= 1
        if depth > _DEEPEST:
            return Fault(str(path), where, "nested too deeply for a training file")
        if getattr(event, "anchor", None) is not None:
            return Fault(str(path), where, "anchors and aliases (& and *) are not read; write the lines out")
        if getattr(event, "tag", None) is not None:
            return Fault(str(path), where, "tags (!) are not read")
    return None


def _keys_twice(path: Path, mapping: MappingNode) -> Iterator[Fault]:
    """A key that stands twice: of the first one's lines none would ever be learned."""
    seen: set[str] = set()
    for key, _ in mapping.value:
        if str(key.value) in seen:
            yield Fault(str(path), _line(key), f"the key {key.value} stands twice")
        seen.add(str(key.value))


def _section(path: Path, item: Node, faults: list[Fault]) -> Iterator[tuple[str, str, int]]:
    """One entry of the nlu list: an intent with its examples, or a Rasa section that holds no intent."""
    if not isinstance(item, MappingNode):
        faults.append(Fault(str(path), _line(item), "expected '- intent: name' with examples below it"))
        return
    faults += _keys_twice(path, item)
    fields = {key.value: value for key, value in item.value if isinstance(key, ScalarNode)}
    if _OTHER_SECTIONS & fields.keys():
        return
    intent, examples = fields.get("intent"), fields.get("examples")
    if not isinstance(intent, ScalarNode) or not intent.value.strip():
        faults.append(Fault(str(path), _line(item), "an entry without the name of its intent"))
        return
    if examples is None:
        faults.append(Fault(str(path), _line(item), f"{intent.value} has no examples"))
        return
    for text, line in _lines(path, examples, faults):
        yield intent.value.strip(), text, line


def _lines(path: Path, node: Node, faults: list[Fault]) -> Iterator[tuple[str, int]]:
    """The example texts of a block ('- one a line') or of Rasa's long form (a list with text and metadata)."""
    if isinstance(node, ScalarNode):
        yield from _short_form(path, node, faults)
        return
    if not isinstance(node, SequenceNode):
        faults.append(Fault(str(path), _line(node), "examples must be a block of lines that start with '- '"))
        return
    for item in node.value:
        fields = {key.value: value for key, value in item.value} if isinstance(item, MappingNode) else {}
        text = fields.get("text")
        if isinstance(text, ScalarNode):
            yield from _long_form(text)
        else:
            faults.append(Fault(str(path), _line(item), "an example of the long form is '- text: ...'"))


def _short_form(path: Path, block: ScalarNode, faults: list[Fault]) -> Iterator[tuple[str, int]]:
    for line, text in _numbered(block):
        if not text.startswith("-"):
            faults.append(Fault(str(path), line, "an example line starts with '- '"))
        elif plain := plain_text(text[1:]):
            yield plain, line
        else:
            faults.append(Fault(str(path), line, "an example without words"))


def _long_form(block: ScalarNode) -> Iterator[tuple[str, int]]:
    for line, text in _numbered(block):
        if plain := plain_text(text.removeprefix("-")):
            yield plain, line


def _numbered(block: ScalarNode) -> Iterator[tuple[int, str]]:
    """The lines of a scalar that hold something, each with its number in the file."""
    first = block.start_mark.line + (2 if block.style in ("|", ">") else 1)
    for offset, raw in enumerate(block.value.split("\n")):
        text = raw.strip()
        if text and not text.startswith("#"):
            yield first + offset, text


def plain_text(example: str) -> str:
    """An example as a person would have typed it: without Rasa's entity marks `[Tokyo](city)`."""
    return _ENTITY.sub(r"\1", example).strip()


def _line(node: Node) -> int:
    return int(node.start_mark.line) + 1
