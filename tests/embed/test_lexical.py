from __future__ import annotations

import numpy as np
import pytest

from topics.config import EmbedParams
from topics.embed.lexical import LsaEncoder, count_stems, project, tfidf

STORIES = {
    "harbour": "The harbour dredging contract went to the port company. Ships wait at the quay while the harbour is deepened.",
    "school": "Teachers at the school asked the board for smaller classes. Pupils and teachers marched to the school board.",
    "vote": "Voters chose a new mayor. The mayor won the vote after the ballots of two districts were counted again.",
}


def texts() -> list[str]:
    random = np.random.default_rng(0)
    made = []
    for story in STORIES.values():
        words = story.split()
        made += [" ".join(random.permutation(words)[:14]) for _ in range(12)]
    return made


def test_texts_on_one_story_are_nearest_each_other():
    encoded = LsaEncoder(EmbedParams(lexical_components=8)).encode(texts())
    similarity = encoded.vectors @ encoded.vectors.T
    np.fill_diagonal(similarity, -1)
    assert ((similarity.argmax(axis=1) // 12) == (np.arange(36) // 12)).mean() > 0.95
    np.testing.assert_allclose(np.linalg.norm(encoded.vectors, axis=1), 1, rtol=1e-5)
    assert encoded.seen.tolist() == [1] * 36
    assert encoded.notes == ()


def test_weights_are_those_of_scikit_learn():
    from sklearn.feature_extraction.text import TfidfTransformer

    counts = count_stems(texts())
    expected = TfidfTransformer(sublinear_tf=True).fit_transform(counts)
    np.testing.assert_allclose(tfidf(counts).toarray(), expected.toarray(), rtol=1e-5)


@pytest.mark.parametrize(
    ("one", "other", "shared"),
    [
        ("парламенту", "парламентом", 1),
        ("elections", "election", 1),
        ("विद्यालय", "विद्यालयों", 1),
        ("研究人员", "研究", 1),
        ("cat", "dog", 0),
        ("2024 2025 !!", "2024 2025 !!", 0),
    ],
)
def test_forms_of_a_word_are_counted_together(one, other, shared):
    counts = count_stems([one, other])
    assert int((counts.toarray().min(axis=0) > 0).sum()) == shared


def test_the_same_bits_whatever_the_threads(monkeypatch):
    first = LsaEncoder(EmbedParams()).encode(texts()).vectors.tobytes()
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    assert LsaEncoder(EmbedParams()).encode(texts()).vectors.tobytes() == first


def test_texts_without_words_are_counted_and_in_the_middle():
    encoded = LsaEncoder(EmbedParams()).encode([*texts(), "!!!", "1234"])
    assert np.isfinite(encoded.vectors).all()
    assert encoded.notes == ("2 of 38 documents share no word with another: their lexical vector is the mean of all",)


@pytest.mark.parametrize("few", [["!!"], ["one"], ["one two", "three"], ["?"] * 30])
def test_few_texts_or_none_with_words_give_vectors_all_the_same(few):
    encoded = LsaEncoder(EmbedParams()).encode(few)
    assert encoded.vectors.shape[0] == len(few)
    assert encoded.vectors.any(axis=1).all()


def test_an_empty_row_stays_zero():
    counts = count_stems(["one two", "", "one three"])
    assert project(tfidf(counts), n_components=2)[1].tolist() == [0, 0]


def test_no_texts_are_refused():
    with pytest.raises(ValueError, match="expected at least one text, got none"):
        LsaEncoder(EmbedParams()).encode([])
