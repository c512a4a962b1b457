"""Learning from examples: vocabulary, two regressions a language, calibration on lines held out.

A line is learned by the reader of the letters it is written in, whichever file it stands in: Japanese in Latin letters
by the one for Latin. The same data and encoders give the same model, byte for byte: fixed order, no chance, one thread
a language. Where the model lives on disk is `model_file.py`.
"""

import hashlib
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from threadpoolctl import threadpool_limits

from intents.classifier import LanguageModel, Model
from intents.encoders import Encoders
from intents.features import normalise, script_of
from intents.model_file import FORMAT, UnusableModelError, load_model, save_model
from intents.parse import Language
from intents.training_data import TrainingData, read_training_data

Progress = Callable[[str], None]

_NO_ENCODERS = Encoders()


def model_fingerprint(data: TrainingData, encoders: Encoders = _NO_ENCODERS) -> str:
    """What a model is good for: these data, these encoders, this version of the features."""
    parts = [str(FORMAT), data.fingerprint]
    parts += [f"{language.value}={one.fingerprint}" for language, one in sorted(encoders.by_language.items())]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def ready_model(data_dir: Path, model_path: Path, progress: Progress, encoders: Encoders = _NO_ENCODERS) -> Model:
    """Load the model of these data and encoders if it is there and whole; train and save it otherwise.

    Raises TrainingDataError where the data cannot be read, and OSError where the model cannot be saved. `progress` is
    told, in sentences, what takes time and why.
    """
    data = read_training_data(data_dir)
    try:
        return load_model(model_path, model_fingerprint(data, encoders))
    except UnusableModelError as reason:
        progress(f"{reason} Training it now.")
    model = train(data, progress, encoders, model_path.with_suffix(".vectors"))
    save_model(model, model_path)
    return model


def train(
    data: TrainingData,
    progress: Progress = lambda _: None,
    encoders: Encoders = _NO_ENCODERS,
    vectors: Path | None = None,
) -> Model:
    """Learn a model of every language in the data. `vectors` keeps the encoded lines for the next time."""
    from intents.learning import learn  # noqa: PLC0415  serving a trained model never loads SciPy

    readers = {language: lines for language, lines in _deal_out(data).items() if len({i for _, i in lines}) > 1}

    def learn_one(language: Language) -> LanguageModel:
        lines = readers[language]
        progress(f"Learning {language.value} from {len(lines)} lines.")
        kept = vectors and vectors.with_name(f"{vectors.name}.{language.value}")
        return learn(lines, language, encoders.by_language.get(language), kept, progress)

    with threadpool_limits(limits=1), ThreadPoolExecutor(len(Language), "train") as pool:
        learned: Mapping[Language, LanguageModel] = dict(zip(readers, pool.map(learn_one, readers), strict=True))
    return Model(learned, model_fingerprint(data, encoders))


def _deal_out(data: TrainingData) -> dict[Language, list[tuple[str, str]]]:
    """(normal text, intent) for the reader of each script, without repeats; lines without letters go to both."""
    dealt: dict[Language, list[tuple[str, str]]] = {}
    normals = sorted({(normalise(e.text), e.intent) for e in data.examples})
    scripts = [script_of(normal) for normal, _ in normals]
    for language in Language:
        dealt[language] = [line for line, script in zip(normals, scripts, strict=True) if script in (language, None)]
    return dealt
