"""The peer: scikit-learn's TF-IDF and logistic regression, as its documentation puts them together."""

from collections.abc import Sequence
from typing import Any


def fit(lines: Sequence[tuple[str, str]], *, letters: bool = False) -> Any:
    """A pipeline trained on (text, intent); words 1-2, or characters 1-2 for a language without spaces."""
    from sklearn.feature_extraction.text import TfidfVectorizer  # noqa: PLC0415  only the bench extra has it
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415
    from sklearn.pipeline import make_pipeline  # noqa: PLC0415

    words = TfidfVectorizer(analyzer="char" if letters else "word", ngram_range=(1, 2), sublinear_tf=True)
    return make_pipeline(words, LogisticRegression(C=10, max_iter=1000)).fit(
        [text for text, _ in lines], [intent for _, intent in lines]
    )
