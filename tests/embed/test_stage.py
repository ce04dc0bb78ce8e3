from __future__ import annotations

import numpy as np
import pytest

from topics.articles import from_texts
from topics.embed import embed, given, plan

CORPUS, _ = from_texts([f"text number {i}" for i in range(12)])


class Fixed:
    def __init__(self, vectors, seen=None):
        self.vectors, self.seen = vectors, np.ones(len(vectors)) if seen is None else seen
        self.identity = {"kind": "fixed"}

    def encode(self, texts):
        return self.vectors, self.seen


def test_vectors_come_out_with_unit_length():
    made = embed(CORPUS, Fixed(np.random.default_rng(0).normal(size=(12, 4)) * 9))
    np.testing.assert_allclose(np.linalg.norm(made.vectors, axis=1), 1, rtol=1e-6)
    assert made.origin.key == plan(Fixed(np.ones((12, 4))), CORPUS).key
    assert made.origin.notes == ()


def test_a_run_that_truncates_says_so():
    made = embed(CORPUS, Fixed(np.ones((12, 4)), np.array([0.5, 0.3] + [1] * 10)))
    [note] = made.origin.notes
    assert note.startswith("2 of 12 documents are longer than the encoder reads; of those it saw 40% of the tokens")


BAD = [
    (np.ones((11, 4)), r"expected shape \(12, n_dims\), got \(11, 4\)"),
    (np.ones(12), r"expected shape \(12, n_dims\), got \(12,\)"),
    (np.ones((12, 0)), r"expected shape \(12, n_dims\), got \(12, 0\)"),
    ([["a"] * 4] * 12, r"expected numbers of shape \(12, n_dims\)"),
    (np.where(np.arange(48).reshape(12, 4) == 9, np.nan, 1), "NaN or infinity in row 2$"),
    (np.where(np.arange(48).reshape(12, 4) > 43, np.inf, 1), "NaN or infinity in row 11$"),
    (np.repeat(np.arange(12) > 1, 4).reshape(12, 4), "no row of zeros, got them in rows 0, 1$"),
    (np.zeros((12, 4)), "got them in rows 0, 1, 2, 3, 4, 5, 6, 7, 8, 9 and 2 more$"),
]


@pytest.mark.parametrize(("vectors", "message"), BAD)
def test_unusable_vectors_are_refused_by_row(vectors, message):
    with pytest.raises(ValueError, match=message):
        given(CORPUS, vectors)


def test_an_encoder_is_held_to_the_same():
    with pytest.raises(ValueError, match="the encoder's vectors: expected finite numbers"):
        embed(CORPUS, Fixed(np.full((12, 4), np.nan)))


def test_given_vectors_are_known_by_content():
    vectors = np.random.default_rng(0).normal(size=(12, 4))
    assert given(CORPUS, vectors).origin.key == given(CORPUS, vectors.tolist()).origin.key
    assert given(CORPUS, vectors).origin.key != given(CORPUS, vectors[::-1]).origin.key
