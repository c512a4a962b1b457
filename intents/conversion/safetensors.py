"""Reading weights from a safetensors file: a length, a JSON header, and plain numbers. No code is ever run."""

import json
from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

_TYPES = {"F32": np.float32, "F16": np.float16, "I64": np.int64}


def read_safetensors(raw: bytes) -> Mapping[str, npt.NDArray[np.float32]]:
    """Every array of the file by its name; floating ones as float32. Raises ValueError where the file is not whole."""
    size = int.from_bytes(raw[:8], "little")
    header = json.loads(raw[8 : 8 + size])
    found: dict[str, npt.NDArray[np.float32]] = {}
    for name, entry in header.items():
        if name == "__metadata__":
            continue
        begin, end = entry["data_offsets"]
        array = np.frombuffer(raw[8 + size + begin : 8 + size + end], _TYPES[entry["dtype"]])
        array = array.reshape(entry["shape"])
        found[name] = array.astype(np.float32) if array.dtype.kind == "f" else array
    return found
