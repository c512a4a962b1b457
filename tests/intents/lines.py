"""A few lines of six intents, as files and as data, and an encoder small enough to be made in a test."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from intents.encoders import DESCRIPTION, Encoders, find_encoders
from intents.parse import Language
from intents.training_data import Example, TrainingData, read_training_data

SMALL = Path(__file__).parent / "small"
SPLIT = Path(__file__).parent / "split"

_LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789?!.,'"


def small_data() -> TrainingData:
    """Twelve English and six Japanese lines an intent."""
    return read_training_data(SMALL)


def example(text: str, intent: str, language: Language = Language.EN, file: str = "a.yml", line: int = 1) -> Example:
    """One line as if read from a file."""
    return Example(text, intent, language, file, line)


def write_lines(path: Path, intents: Mapping[str, Sequence[str]]) -> Path:
    """A Rasa NLU file with these lines."""
    blocks = [
        f"- intent: {intent}\n  examples: |\n" + "".join(f"    - {line}\n" for line in lines)
        for intent, lines in intents.items()
    ]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text('version: "3.1"\nnlu:\n' + "".join(blocks), encoding="utf-8")
    return path


def write_encoder(
    place: Path,
    languages: Sequence[str] = ("en",),
    *,
    width: int = 8,
    seed: int = 7,
    tokens: bool = False,
    spoilt: bool = False,
    **more: Any,
) -> Path:
    """An ONNX encoder of single letters: each has a row of numbers, a text is their mean (or the rows, `tokens`).

    With `spoilt` no number is one; `more` goes into its description.
    """
    onnx = pytest.importorskip("onnx")
    helper = onnx.helper
    pieces = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", *_LETTERS, *(f"##{letter}" for letter in _LETTERS)]
    rows = np.random.default_rng(seed).normal(size=(len(pieces), width)).astype(np.float32)
    if spoilt:
        rows[:] = np.nan
    nodes = [helper.make_node("Gather", ["rows", "input_ids"], ["found"])]
    if not tokens:
        nodes.append(helper.make_node("ReduceMean", ["found", "axis"], ["mean"], keepdims=0))
    name, shape = ("found", ["texts", "tokens", width]) if tokens else ("mean", ["texts", width])
    graph = helper.make_graph(
        nodes,
        "letters",
        [helper.make_tensor_value_info("input_ids", onnx.TensorProto.INT64, ["texts", "tokens"])],
        [helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT, shape)],
        [
            onnx.numpy_helper.from_array(rows, "rows"),
            onnx.numpy_helper.from_array(np.asarray([1], np.int64), "axis"),
        ],
    )
    place.mkdir(parents=True, exist_ok=True)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 20)], ir_version=9)
    onnx.save(model, str(place / "model.onnx"))
    (place / "vocab.txt").write_text("\n".join(pieces) + "\n", encoding="utf-8")
    facts = {"kind": "onnx", "languages": list(languages), **more}
    (place / DESCRIPTION).write_text(json.dumps(facts), encoding="utf-8")
    return place


def small_encoders(folder: Path, **facts: Any) -> Encoders:
    """Encoders with one of letters for English, under `folder`."""
    write_encoder(folder / "letters", **facts)
    return find_encoders(folder)
