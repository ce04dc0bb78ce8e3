"""scikit-learn's own checks of estimators, on TopicModel."""

from __future__ import annotations

import numpy as np
from sklearn.utils.estimator_checks import parametrize_with_checks
from sklearn.utils.validation import validate_data

from topics import TopicModel


class OfRows(TopicModel):
    """A TopicModel that takes rows of numbers, which are all that the checks have: each is a text and its vector.

    For estimators of texts scikit-learn runs next to none of its checks. Rows are validated by its own function, and
    what happens with them is TopicModel's.
    """

    def __init__(self, *, n_epochs: int = 5, n_layouts: int = 1, random_state: int = 0):
        super().__init__(n_epochs=n_epochs, n_layouts=n_layouts, random_state=random_state)

    def fit(self, X, y=None):
        texts, vectors = self._taken(X, reset=True)
        return super().fit(texts, embeddings=vectors)

    def fit_predict(self, X, y=None):
        return self.fit(X).labels_

    def fit_transform(self, X, y=None):
        return self.fit(X).membership_.toarray()

    def predict(self, X):
        texts, vectors = self._taken(X, reset=False)
        return super().predict(texts, embeddings=vectors)

    def transform(self, X):
        texts, vectors = self._taken(X, reset=False)
        return super().transform(texts, embeddings=vectors).toarray()

    def score(self, X, y=None):
        texts, vectors = self._taken(X, reset=False)
        return super().score(texts, y, embeddings=vectors)

    def _taken(self, X, *, reset):
        rows = validate_data(self, X, reset=reset, dtype=np.float64)
        vectors = np.hstack([rows, np.ones((len(rows), 1))])  # none of them is zero
        return [f"row {' '.join(f'x{value:.6g}' for value in row)}" for row in rows], vectors

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.input_tags.string = tags.input_tags.one_d_array = tags.input_tags.allow_nan = False
        tags.input_tags.two_d_array = True
        return tags


@parametrize_with_checks([TopicModel()])
def test_checks_of_estimators_of_texts(estimator, check):
    check(estimator)


@parametrize_with_checks([OfRows()])
def test_checks_of_estimators_of_numbers(estimator, check):
    check(estimator)
