"""What `python -m bot intents check|train|test` does, as plain functions over a `tell` that shows one line.

Each returns the exit code of the process. Which folders and files are meant is the caller's to say.
"""

import codecs
import json
from collections.abc import Callable, Collection
from pathlib import Path

from intents.catalogue import OUT_OF_SCOPE
from intents.checking import check
from intents.classifier import Classifier
from intents.encoders import Encoders
from intents.evaluation import Figures, Report, evaluate
from intents.features import language_of, normalise
from intents.model_file import save_model
from intents.parse import Language
from intents.training import ready_model, train
from intents.training_data import (
    Example,
    Fault,
    TrainingData,
    TrainingDataError,
    read_examples,
    read_training_data,
)

Tell = Callable[[str], None]

_WORST_SHOWN = 12
_TOLD_EVERY = 500
"""Lines between two words of progress."""
_NO_ENCODERS = Encoders()
_NOT_SAVED = "The model cannot be kept at {}: {}."


def check_intents(
    data_dir: Path, split_dir: Path | None, tell: Tell, *, as_json: bool = False, own: Collection[str] = ()
) -> int:
    """Tell every fault of the training lines, and of the test lines in `split_dir` where given. 1 if there is one."""
    try:
        data = read_training_data(data_dir)
        split = None if split_dir is None else read_split(split_dir)
        if not as_json:
            tell(f"Checking {len(data.examples) + (len(split.examples) if split else 0)} lines.")
        faults: tuple[Fault, ...] = check(data, split, own)
    except TrainingDataError as error:
        data, faults = TrainingData(()), error.faults
    if as_json:
        rows = [{"file": f.file, "line": f.line, "message": f.message} for f in faults]
        tell(json.dumps({"lines": len(data.examples), "faults": rows}, ensure_ascii=False))
        return 1 if faults else 0
    for fault in faults:
        tell(str(fault))
    if faults:
        tell("1 fault." if len(faults) == 1 else f"{len(faults)} faults.")
        return 1
    tell(f"{len(data.examples)} training lines of {len(data.intents)} intents are in order.")
    return 0


def train_intents(data_dir: Path, model_path: Path, tell: Tell, encoders: Encoders = _NO_ENCODERS) -> int:
    """Train on the data and put the model in place. 1, and the old model stays, where the data cannot be read."""
    try:
        model = train(read_training_data(data_dir), tell, encoders, model_path.with_suffix(".vectors"))
        save_model(model, model_path)
    except TrainingDataError as error:
        tell(str(error))
        return 1
    except OSError as error:
        tell(_NOT_SAVED.format(model_path, error.strerror))
        return 1
    tell(f"The model is at {model_path} ({model_path.stat().st_size / 1e6:.1f} MB).")
    return 0


def test_intents(
    data_dir: Path,
    model_path: Path,
    file: Path,
    tell: Tell,
    encoders: Encoders = _NO_ENCODERS,  # noqa: PT028  a command, no test
    *,
    as_json: bool,
) -> int:
    """Measure the model on labelled lines (Rasa YAML or JSON lines) and tell the figures. 1 where it cannot."""
    try:
        examples = read_labelled(file)
        if not examples:
            raise TrainingDataError([Fault(str(file), 0, "there are no labelled lines in it")])
        model = ready_model(data_dir, model_path, tell if not as_json else lambda _: None, encoders)
    except TrainingDataError as error:
        tell(str(error))
        return 1
    except OSError as error:
        tell(_NOT_SAVED.format(model_path, error.strerror))
        return 1
    if not as_json:
        tell(f"Hearing {len(examples)} lines.")

    def progress(heard: int) -> None:
        if heard % _TOLD_EVERY == 0 and heard < len(examples) and not as_json:
            tell(f"{heard} of {len(examples)} are heard.")

    report = evaluate(Classifier(model, encoders.by_language).parse, examples, progress)
    if as_json:
        tell(json.dumps(report.as_json(), ensure_ascii=False))
    else:
        for line in lines_of(report):
            tell(line)
    return 0


def read_split(folder: Path) -> TrainingData:
    """The test lines kept apart: `en.yml` and `ja.yml`, or folders as for training. Raises TrainingDataError."""
    examples: list[Example] = []
    faults: list[Fault] = []
    for language in Language:
        for path in [folder / f"{language.value}.yml", *sorted((folder / language.value).glob("*.yml"))]:
            if path.is_file():
                try:
                    examples += read_examples(path, language)
                except TrainingDataError as error:
                    faults += error.faults
    if not examples and not faults:
        faults.append(Fault(str(folder), 0, "there are no test lines: no en.yml, ja.yml or files under en/ or ja/"))
    if faults:
        raise TrainingDataError(faults)
    return TrainingData(tuple(examples))


def read_labelled(file: Path) -> list[Example]:
    """Labelled lines of one file or folder; a line's language is its file's (en.yml, ja/...), else its script's.

    Raises TrainingDataError, naming the line, where something cannot be read.
    """
    if file.is_dir():
        return [e for path in sorted([*file.rglob("*.yml"), *file.rglob("*.jsonl")]) for e in read_labelled(path)]
    if not file.is_file():
        raise TrainingDataError([Fault(str(file), 0, "there is no such file")])
    named = next((one for one in Language if one.value in (file.stem, file.parent.name)), None)
    if file.suffix in (".yml", ".yaml"):
        examples = read_examples(file, named or Language.EN)
        return [e if named else Example(e.text, e.intent, _spoken(e.text), e.file, e.line) for e in examples]
    return _json_lines(file, named)


def _json_lines(file: Path, named: Language | None) -> list[Example]:
    examples: list[Example] = []
    faults: list[Fault] = []
    try:
        lines = file.read_bytes().removeprefix(codecs.BOM_UTF8).split(b"\n")
    except OSError as error:
        raise TrainingDataError([Fault(str(file), 0, f"cannot be read: {error.strerror}")]) from error
    for number, raw in enumerate(lines, start=1):
        try:
            if raw.strip():
                examples.append(_json_line(raw.decode(), named, str(file), number))
        except UnicodeDecodeError:
            faults.append(Fault(str(file), number, "not UTF-8; save the file as UTF-8"))
        except (ValueError, LookupError, TypeError, RecursionError):
            faults.append(Fault(str(file), number, 'expected {"text": "...", "intent": "..."}'))
    if faults:
        raise TrainingDataError(faults)
    return examples


def _json_line(raw: str, named: Language | None, file: str, number: int) -> Example:
    """One labelled line. Raises ValueError, LookupError or TypeError where it is not one."""
    row = json.loads(raw)
    text, intent = row["text"], row["intent"]
    if not isinstance(text, str) or not isinstance(intent, str) or not intent:
        raise TypeError("text and intent are words")
    language = Language(row["language"]) if "language" in row else named or _spoken(text)
    return Example(text, intent, language, file, number)


def _spoken(text: str) -> Language:
    return language_of(normalise(text)) or Language.EN


def lines_of(report: Report) -> list[str]:
    """The report in words."""
    lines = []
    for name, figures in [*((one.value, f) for one, f in report.languages.items()), ("all", report.overall)]:
        lines += _summary(name, figures)
    worst = sorted(report.overall.intents, key=lambda score: (score.f1, score.intent))[:_WORST_SHOWN]
    lines += ["", "intent                        lines  precision  recall     F1"]
    lines += [f"{s.intent:28} {s.lines:6} {s.precision:10.2f} {s.recall:7.2f} {s.f1:6.2f}" for s in worst]
    if report.overall.confusions:
        lines += ["", "times  meant -> heard"]
        lines += [f"{c.times:5}  {c.meant} -> {c.heard}" for c in report.overall.confusions[:_WORST_SHOWN]]
    return lines


def _summary(name: str, f: Figures) -> list[str]:
    recall = "-" if f.out_of_scope_recall is None else f"{f.out_of_scope_recall:.3f}"
    counts = f"{name}: {f.lines} lines, accuracy {f.accuracy:.3f}, macro F1 {f.macro_f1:.3f}"
    verdicts = (
        f"sure {f.sure:.3f} (right {f.right_when_sure:.3f}), asks back {f.unsure:.3f}, hands over {f.unknown:.3f}"
    )
    outside = f"{OUT_OF_SCOPE} recall {recall}, in-scope answers lost {f.in_scope_lost:.3f}"
    return [
        f"{counts}, calibration error {f.calibration_error:.3f}",
        f"    {verdicts}",
        f"    {outside}, p50 {f.p50_ms:.2f} ms, p99 {f.p99_ms:.2f} ms",
    ]
