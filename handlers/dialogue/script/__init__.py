"""The talk as data: reads the Rasa domain, rules and responses beside this file. Holds no text and no rule itself."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml

SCRIPT = Path(__file__).parent


@dataclass(frozen=True)
class Rule:
    """One rule: under `loop` (None: under any), after `steps`. A step is (`intent` | `action` | `loop`, name)."""

    name: str
    loop: str | None
    steps: tuple[tuple[str, str | None], ...]

    @property
    def opens(self) -> str | None:
        """The form that the rule opens, if it does."""
        return next((name for kind, name in self.steps if kind == "loop" and name is not None), None)


@dataclass(frozen=True)
class Script:
    """Domain, responses and rules. `domain` is the dictionary that rasa-sdk's actions receive."""

    domain: Mapping[str, Any]
    rules: tuple[Rule, ...]

    @cached_property
    def intents(self) -> frozenset[str]:
        """What a customer's words may mean, by the domain."""
        return frozenset(self.domain["intents"])

    @cached_property
    def forms(self) -> Mapping[str, tuple[str, ...]]:
        """Each form with all slots it may ask for, in order."""
        return {name: tuple(form["required_slots"]) for name, form in self.domain["forms"].items()}

    def variants(self, response: str, language: str) -> Iterator[Mapping[str, Any]]:
        """Yield the variants of a response that hold in `language` (or in every one)."""
        for variant in self.domain["responses"][response]:
            conditions = variant.get("condition", ())
            if all(each["name"] == "language" and each["value"] == language for each in conditions):
                yield variant

    def takes_words(self, form: str, slot: str) -> bool:
        """Whether a form's slot takes the customer's own words: there, what is not understood is an answer."""
        return "out_of_scope" not in self.asides(form, slot)

    def asides(self, form: str, slot: str) -> frozenset[str]:
        """The intents that are no answer to what a form asks (`not_intent` of the slot's text mapping)."""
        here = {"active_loop": form, "requested_slot": slot}
        return frozenset(
            intent
            for mapping in self.domain["slots"][slot]["mappings"]
            if mapping["type"] == "from_text" and here in mapping.get("conditions", ())
            for intent in mapping.get("not_intent", ())
        )

    def has(self, response: str) -> bool:
        """Whether there is such a response."""
        return response in self.domain["responses"]


def load_script(folder: Path = SCRIPT) -> Script:
    """Read `domain.yml`, `responses/*.yml` and `rules.yml`, as Rasa would merge them."""
    domain = _read(folder / "domain.yml")
    responses: dict[str, Any] = {}
    for path in sorted((folder / "responses").glob("*.yml")):
        for name, variants in _read(path)["responses"].items():
            if name in responses:
                raise ValueError(f"{path.name}: {name} stands in another file already.")
            responses[name] = variants
    domain["responses"] = responses
    return Script(domain, tuple(_rule(each) for each in _read(folder / "rules.yml")["rules"]))


def _read(path: Path) -> dict[str, Any]:
    data: dict[str, Any] = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    return data


def _rule(data: Mapping[str, Any]) -> Rule:
    loops = [each["active_loop"] for each in data.get("condition", ()) if "active_loop" in each]
    steps: list[tuple[str, str | None]] = []
    for step in data["steps"]:
        ((kind, name),) = step.items()
        steps.append(("loop" if kind == "active_loop" else kind, name))
    return Rule(data["rule"], loops[0] if loops else None, tuple(steps))
