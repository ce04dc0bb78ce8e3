from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import csr_array

from topics.evaluate import coherence, coherence_of_counts, count_documents, count_windows, diversity, rank_diversity
from topics.records import Origin, TermCounts

WORDS = "abcdef"
corpora = st.lists(st.lists(st.sampled_from(WORDS), max_size=14), min_size=1, max_size=8)


def every_window(documents, size):
    """The sets of words of all windows, one by one."""
    for tokens in documents:
        if tokens:
            for start in range(max(len(tokens) - (size or len(tokens)) + 1, 1)):
                yield set(tokens[start : start + (size or len(tokens))])


@given(corpora, st.one_of(st.none(), st.integers(1, 6)))
def test_windows_are_counted_as_one_by_one(documents, size):
    found = count_windows(documents, WORDS, window_size=size)
    windows = list(every_window(documents, size))
    assert found.n_windows == len(windows) or size is None
    if size is None:
        windows = [set(tokens) for tokens in documents if tokens]
        assert found.n_windows == len(windows)
    pairs = found.pairs.toarray()
    for i, one in enumerate(WORDS):
        assert found.counts[i] == sum(one in window for window in windows)
        for j, other in enumerate(WORDS):
            assert pairs[i, j] == sum({one, other} <= window for window in windows)


TOPICS = [["a", "b", "c"], ["d", "e", "f"], ["a", "d"]]


@pytest.mark.parametrize(("measure", "theirs"), [("npmi", "c_npmi"), ("c_v", "c_v"), ("umass", "u_mass")])
@given(st.lists(st.lists(st.sampled_from(WORDS), max_size=30), min_size=1, max_size=8))
def test_gensim_s_own_values(measure, theirs, documents):
    from gensim.corpora import Dictionary
    from gensim.models.coherencemodel import CoherenceModel

    documents = [[*documents[0], *WORDS], *documents[1:]]  # gensim needs every word to stand somewhere
    dictionary = Dictionary(documents)
    model = CoherenceModel(
        topics=TOPICS, texts=documents, corpus=[dictionary.doc2bow(tokens) for tokens in documents],
        dictionary=dictionary, coherence=theirs, processes=1,
    )  # fmt: skip
    expected = model.get_coherence_per_topic()
    found = coherence(TOPICS, documents, measure=measure, counting="gensim")
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-9)


def test_real_articles_give_gensim_s_values_in_long_windows_too(sample_corpus):
    from gensim.corpora import Dictionary
    from gensim.models.coherencemodel import CoherenceModel

    documents = [text.lower().split() for text in sample_corpus.full_texts()[:60]]
    topics = [["wind", "farm", "said", "the"], ["hospital", "nurses", "ward", "of"], ["the", "of", "and", "to"]]
    for measure, theirs in (("npmi", "c_npmi"), ("c_v", "c_v")):
        model = CoherenceModel(
            topics=topics, texts=documents, dictionary=Dictionary(documents), coherence=theirs, processes=1
        )
        found = coherence(topics, documents, measure=measure, counting="gensim")
        np.testing.assert_allclose(found, model.get_coherence_per_topic(), rtol=0, atol=1e-9)


def test_a_word_that_leaves_and_is_still_inside_counts_only_when_counted_exactly():
    documents = [["a", "x", "a", "y", "z"]]
    exact, gensim = (count_windows(documents, ["a"], window_size=3, counting=how) for how in ("exact", "gensim"))
    assert exact.counts.tolist() == [3]
    assert gensim.counts.tolist() == [1]


def test_bounds_and_what_cannot_be_told():
    documents = [["a", "b"], ["a", "b"], ["c"], ["d"]]
    found = coherence([["a", "b"], ["a", "c"], ["a", "z"], ["z"], []], documents)
    assert found[:2].tolist() == [1.0, -1.0]
    assert all(map(math.isnan, found[2:]))
    everywhere = [["a", "b"]] * 3
    assert coherence([["a", "b"]], everywhere)[0] == 1.0
    with pytest.raises(ValueError, match="expected a measure of 'npmi', 'c_v', 'umass', got 'cv'"):
        coherence([["a"]], documents, measure="cv")
    with pytest.raises(ValueError, match="expected counting 'exact' or 'gensim', got 'some'"):
        coherence([["a"]], documents, counting="some")
    with pytest.raises(TypeError, match="expected documents as sequences of tokens, got a str in row 1: 'a b'"):
        coherence([["a"]], [["a"], "a b"])
    opposed = [["sun", "rain"], ["sun", "rain"], ["tax", "law"], ["tax", "law"]]
    assert coherence([["sun", "tax"]], opposed, measure="c_v").tolist() == [0.0]
    with pytest.raises(ValueError, match="expected a window of at least 1 token, got 0"):
        count_windows(documents, ["a"], window_size=0)


@given(corpora, st.randoms(use_true_random=False))
def test_the_order_of_documents_and_terms_does_not_matter(documents, random):
    shuffled = random.sample(documents, len(documents))
    plain = coherence(TOPICS, documents)
    np.testing.assert_allclose(coherence([topic[::-1] for topic in TOPICS], shuffled), plain, equal_nan=True)
    counts = count_windows(documents, WORDS, window_size=10)
    np.testing.assert_allclose(coherence_of_counts(TOPICS, counts), plain, equal_nan=True)


@given(corpora)
def test_terms_counted_already_give_what_whole_documents_do(documents):
    documents = [tokens for tokens in documents if tokens] or [["a"]]
    table = np.array([[tokens.count(word) for word in WORDS] for tokens in documents], dtype=np.int32)
    counted = TermCounts(
        "c", csr_array(table), tuple(WORDS), tuple(WORDS), np.arange(len(WORDS)), Origin("terms", 1, {}, (), {})
    )
    found, expected = count_documents(counted, WORDS), count_windows(documents, WORDS, window_size=None)
    assert found.n_windows == expected.n_windows
    assert found.counts.tolist() == expected.counts.tolist()
    assert (found.pairs.toarray() == expected.pairs.toarray()).all()


def test_diversity_is_the_share_of_distinct_terms():
    assert diversity([["a", "b"], ["b", "c"]]) == 0.75
    assert math.isnan(diversity([]))


def test_rank_diversity_minds_the_head():
    assert rank_diversity([["a", "b", "c"], ["a", "b", "c"]]) == pytest.approx(0)
    assert rank_diversity([["a", "b", "c"], ["x", "y", "z"]]) == 1
    assert rank_diversity([["a", "b", "c"], ["a", "y", "z"]]) < rank_diversity([["b", "c", "a"], ["y", "z", "a"]])
    assert math.isnan(rank_diversity([["a"]]))
