"""The peer: TF-IDF of words 1-2 and a logistic regression, the text-book classifier, from scikit-learn."""

from collections.abc import Sequence
from typing import Any

NAME = (
    "The peer is the text-book classifier: TF-IDF of words 1-2 (Japanese: characters 1-2) and a logistic regression, "
    "from scikit-learn, learned from the same lines."
)


def fit(lines: Sequence[tuple[str, str]], *, letters: bool = False) -> Any:
    """A pipeline trained on (text, intent); words 1-2, or characters 1-2 for a language without spaces."""
    from sklearn.feature_extraction.text import TfidfVectorizer  # noqa: PLC0415  only the bench extra has it
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415
    from sklearn.pipeline import make_pipeline  # noqa: PLC0415

    grams = TfidfVectorizer(analyzer="char" if letters else "word", ngram_range=(1, 2), sublinear_tf=True)
    return make_pipeline(grams, LogisticRegression(C=10, max_iter=1000)).fit(
        [text for text, _ in lines], [intent for _, intent in lines]
    )


def accuracy(pipeline: Any, lines: Sequence[tuple[str, str]]) -> float:
    """The share of (text, intent) that it hears rightly."""
    heard = pipeline.predict([text for text, _ in lines])
    right = sum(bool(a == b) for a, (_, b) in zip(heard, lines, strict=True))
    return right / len(lines)
