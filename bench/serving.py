"""One fresh process that hears: `python -m bench.serving bare|sparse|encoders MODEL` prints its load time and RSS."""

import json
import sys
from pathlib import Path


def _resident_mb() -> float:
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmRSS"):
            return int(line.split()[1]) / 1024
    raise RuntimeError("this system does not tell a process its memory")


def _serve(mode: str, model: Path) -> float:
    import time  # noqa: PLC0415  a bare process imports nothing of ours

    from intents import classifier, encoders, model_file  # noqa: PLC0415

    if mode == "encoders":
        from intents import sentence_encoder, word_vectors  # noqa: F401, PLC0415  imports are not loading

    began = time.perf_counter()
    found = encoders.find_encoders(encoders.ENCODERS).by_language if mode == "encoders" else {}
    ears = classifier.Classifier(model_file.load_model(model), found)
    took = time.perf_counter() - began
    for text in ("please delete my data", "what do you know about me?", "データを消してください", "何を知っていますか"):
        ears.parse(text)
    return took


if __name__ == "__main__":
    seconds = 0.0 if sys.argv[1] == "bare" else _serve(sys.argv[1], Path(sys.argv[2]))
    print(json.dumps({"load": seconds, "mb": _resident_mb()}))
