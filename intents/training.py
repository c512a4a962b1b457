"""Learning from examples: vocabulary, multinomial logistic regression, calibration on lines held out.

The same data gives the same model, byte for byte: fixed order, no chance, one thread. Where the model lives on
disk is `model_file.py`.
"""

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]  # ships no types

from intents.calibration import choose_thresholds, fit_sharpness
from intents.catalogue import OUT_OF_SCOPE
from intents.classifier import Floats, Head, LanguageModel, Model
from intents.features import Vocabulary, learn_vocabulary, normalise
from intents.model_file import UnusableModelError, load_model, save_model
from intents.parse import Language
from intents.training_data import Example, TrainingData, read_training_data

Progress = Callable[[str], None]

_FOLDS = 3
_RICH = 50
"""Lines an intent from which what stands in one line alone is left out, and one part in three tells enough."""
_STRENGTH = 10.0
"""Inverse of the regularisation; chosen by cross-validation, see docs/ears.md."""


def ready_model(data_dir: Path, model_path: Path, progress: Progress) -> Model:
    """Load the model of these data if it is there and whole; train and save it otherwise.

    Raises TrainingDataError where the data cannot be read. `progress` is told, in sentences, what takes time and why.
    """
    data = read_training_data(data_dir)
    try:
        return load_model(model_path, data.fingerprint)
    except UnusableModelError as reason:
        progress(f"{reason} Training it now.")
    model = train(data, progress)
    save_model(model, model_path)
    return model


def train(data: TrainingData, progress: Progress = lambda _: None) -> Model:
    """Learn a model of every language in the data."""
    languages: dict[Language, LanguageModel] = {}
    with threadpool_limits(limits=1):
        for language in Language:
            examples = data.of(language)
            if len({e.intent for e in examples}) < 2:
                continue
            progress(f"Learning {language.value} from {len(examples)} lines.")
            languages[language] = _train_language(examples, language)
    return Model(languages, data.fingerprint)


def _train_language(examples: Sequence[Example], language: Language) -> LanguageModel:
    normals = [normalise(e.text) for e in examples]
    intents = tuple(sorted({e.intent for e in examples}))
    right = np.asarray([intents.index(e.intent) for e in examples], np.int64)
    is_rich = len(examples) > _RICH * len(intents)
    vocabulary = learn_vocabulary(normals, language, fewest=2 if is_rich else 1)
    table = feature_table(vocabulary, normals)
    weights, bias = _fit(table, right, len(intents))
    seen, held_out = _held_out_logits(table, right, len(intents), folds=1 if is_rich else _FOLDS)
    sharpness = fit_sharpness(held_out, right[seen])
    other = intents.index(OUT_OF_SCOPE) if OUT_OF_SCOPE in intents else None
    thresholds = choose_thresholds(held_out, right[seen], sharpness, other)
    return LanguageModel(intents, vocabulary, Head(weights, bias, sharpness, thresholds))


def feature_table(vocabulary: Vocabulary, normals: Sequence[str]) -> csr_matrix:
    """The sparse features of many normalised texts, one row each."""
    rows = [vocabulary.weigh(normal) for normal in normals]
    starts = np.concatenate([[0], np.cumsum([len(index) for index, _ in rows])])
    indices = np.concatenate([index for index, _ in rows])
    values = np.concatenate([value for _, value in rows])
    table = csr_matrix((values, indices, starts), shape=(len(rows), len(vocabulary.rarity)))
    table.sort_indices()
    return table


def _fit(table: csr_matrix, right: npt.NDArray[np.int64], intents: int) -> tuple[Floats, Floats]:
    """Weights (columns by intents) and bias of the regression; an intent without a line keeps no weight."""
    model = LogisticRegression(C=_STRENGTH, tol=1e-3, max_iter=60)
    model.fit(table, right)
    weights = np.zeros((table.shape[1], intents), np.float32)
    bias = np.full(intents, -20.0, np.float32)
    if len(model.classes_) == 2:
        weights[:, model.classes_[1]], bias[model.classes_] = model.coef_[0], (0.0, model.intercept_[0])
    else:
        weights[:, model.classes_], bias[model.classes_] = model.coef_.T, model.intercept_
    return weights, bias


def _held_out_logits(
    table: csr_matrix, right: npt.NDArray[np.int64], intents: int, folds: int
) -> tuple[npt.NDArray[np.int64], Floats]:
    """Logits of lines from a model that did not see them, with their rows; of all lines, or of the first `folds` parts.

    Lines of an intent are dealt out over the parts in turn, so each part holds its share of every intent.
    """
    order = np.argsort(right, kind="stable")
    fold = np.empty(len(right), np.int64)
    fold[order] = np.arange(len(right)) % _FOLDS
    logits = np.zeros((len(right), intents), np.float32)
    for k in range(folds):
        inside = fold != k
        if len(set(right[inside])) < 2:
            continue
        weights, bias = _fit(table[inside], right[inside], intents)
        logits[~inside] = table[~inside] @ weights + bias
    seen = np.flatnonzero(fold < folds)
    return seen, logits[seen]
