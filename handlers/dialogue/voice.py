"""The desk's voice: from a response's name, or an action's message, to words in the customer's language.

The rule this file guards: only names in braces that the caller filled are replaced, once, in our own texts. A
customer's words are values and are never read as a template.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from handlers.dialogue.script import Script

_PLACE = re.compile(r"\{([a-z_]+)\}")


@dataclass(frozen=True)
class Utterance:
    """Words with what can be chosen under them, as (label, payload)."""

    text: str
    choices: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Voice:
    """Renders the script's responses."""

    script: Script

    def render(self, message: Mapping[str, Any], language: str, values: Mapping[str, Any]) -> Utterance:
        """Turn one dispatcher message (rasa-sdk's dictionary) into words. `values` fills what the message does not."""
        buttons = list(message.get("buttons") or ())
        text = message.get("text") or ""
        if response := message.get("response"):
            variant = next(self.script.variants(response, language))
            text = _fill(variant["text"], {**values, **message})
            buttons += variant.get("buttons", ())
        return Utterance(text.strip(), tuple((each["title"], each["payload"]) for each in buttons))

    def line(self, response: str, language: str, **values: Any) -> str:
        """The words of one response, without its choices."""
        return self.render({"response": response}, language, values).text

    def synonyms(self, response: str, language: str) -> dict[str, list[str]]:
        """Further words for what can be chosen under a response: payload → words (a variant's `metadata.also`)."""
        also: dict[str, list[str]] = self._metadata(response, language).get("also", {})
        return also

    def is_firm(self, response: str, language: str) -> bool:
        """Whether those words mean their choice whatever else the message may be about (`metadata.firm`)."""
        return bool(self._metadata(response, language).get("firm", False))

    def _metadata(self, response: str, language: str) -> Mapping[str, Any]:
        if not self.script.has(response):
            return {}
        metadata: Mapping[str, Any] = next(self.script.variants(response, language)).get("metadata", {})
        return metadata

    def titles(self, response: str, language: str) -> dict[str, str]:
        """What can be chosen under a response: payload → label."""
        return {payload: title for title, payload in self.render({"response": response}, language, {}).choices}


def _fill(template: str, values: Mapping[str, Any]) -> str:
    return _PLACE.sub(lambda place: str(values.get(place[1], place[0])), template)


def merge(utterances: Sequence[Utterance]) -> list[Utterance]:
    """Join what is said in one breath: words without choices run into the next words."""
    merged: list[Utterance] = []
    for each in utterances:
        if merged and not merged[-1].choices and len(merged[-1].text) + len(each.text) < 3500:
            merged[-1] = Utterance(f"{merged[-1].text}\n\n{each.text}".strip(), each.choices)
        else:
            merged.append(each)
    return [each for each in merged if each.text]
