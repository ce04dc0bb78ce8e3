from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from spellings import respelled

from topics.config import EmbedParams
from topics.embed._lexical import LsaEncoder, count_stems, project, tfidf

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
        ("GDP增长率", "今年增长", 1),
        ("AI技术", "ai", 1),
        ("cat", "dog", 0),
        ("2024 2025 !!", "2024 2025 !!", 0),
    ],
)
def test_forms_of_a_word_are_counted_together(one, other, shared):
    counts = count_stems([one, other])
    assert int((counts.toarray().min(axis=0) > 0).sum()) == shared


@pytest.mark.parametrize("n_threads", [1, 2])
def test_linear_algebra_is_on_one_thread_whatever_is_allowed(n_threads, monkeypatch):
    from sklearn.utils import extmath
    from threadpoolctl import threadpool_info, threadpool_limits

    used = []

    def watched(*args, **kwargs):
        used.append({pool["num_threads"] for pool in threadpool_info() if pool["user_api"] == "blas"})
        return original(*args, **kwargs)

    original = extmath.randomized_svd
    monkeypatch.setattr(extmath, "randomized_svd", watched)
    with threadpool_limits(n_threads):
        LsaEncoder(EmbedParams()).encode(texts())
    assert used == [{1}]


def test_texts_without_words_are_counted_and_like_none():
    encoded = LsaEncoder(EmbedParams()).encode([*texts(), "!!!", "1234"])
    assert np.isfinite(encoded.vectors).all()
    assert encoded.notes == (
        "2 of 38 documents have no words in common with others: by words, they are similar to none",
    )
    assert encoded.seen.tolist() == [1] * 36 + [0, 0]
    assert abs(encoded.vectors[-1] @ encoded.vectors[-2]) < 0.9 * np.linalg.norm(encoded.vectors[-1]) * np.linalg.norm(
        encoded.vectors[-2]
    )


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


SPELLED = (
    "The chief's office-first fix affects flats: м'яса і п'ять. The staff's flow, محمد, and Lehrerinnen in Straße."
)


@given(respelled(SPELLED))
def test_texts_that_differ_in_spelling_alone_have_the_same_vectors(text):
    others = texts()[:6]
    same, again = (LsaEncoder(EmbedParams()).encode([one, *others]).vectors for one in (SPELLED, text))
    np.testing.assert_array_equal(same, again)


def test_the_case_of_a_turkish_i_does_not_matter():
    counts = count_stems(["ISI YALITIMI", "ısı yalıtımı"]).toarray()
    np.testing.assert_array_equal(counts[0], counts[1])


def test_words_that_a_line_s_end_cuts_are_counted_whole():
    counts = count_stems(["the exte-\nnded plan", "the extended plan"]).toarray()
    np.testing.assert_array_equal(counts[0], counts[1])
