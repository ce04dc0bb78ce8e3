from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.sparse import csr_array

from topics.label import WEIGHTINGS, bm25, class_tfidf, log_odds, npmi
from topics.label._weighting import centroid

counts = arrays(np.int32, st.tuples(st.integers(1, 6), st.integers(1, 8)), elements=st.integers(0, 9))


def equations(table: np.ndarray, topic: int, term: int) -> dict[str, float]:
    """Each weighting of one cell, written out."""
    tf, length, overall, total = table[topic, term], table[topic].sum(), table[:, term].sum(), table.sum()
    mean = table.sum(axis=1).mean()
    prior, all_prior = 0.01 * overall, 0.01 * total
    one, other = tf + prior, overall - tf + prior
    odds = math.log(one / max(length + all_prior - one, 0.5)) - math.log(
        other / max(total - length + all_prior - other, 0.5)
    )
    surprise = -math.log(tf / total)
    return {
        "class_tfidf": tf / length * math.log(1 + mean / overall),
        "bm25": tf / length * math.log(1 + max(mean - overall + 0.5, 0) / (overall + 0.5)),
        "log_odds": odds / math.sqrt(1 / one + 1 / other),
        "npmi": math.log(tf * total / (length * overall)) / surprise if surprise > 0 else 1.0,
    }


OF_COUNTS = sorted(set(WEIGHTINGS) - {"centroid"})


@pytest.mark.parametrize("name", OF_COUNTS)
@given(counts)
def test_the_equation(name, table):
    found = WEIGHTINGS[name](csr_array(table)).toarray()
    for topic, term in np.ndindex(*table.shape):
        if table[topic, term]:
            assert found[topic, term] == pytest.approx(equations(table, topic, term)[name], abs=1e-9)
        else:
            assert found[topic, term] == 0


@pytest.mark.parametrize("name", OF_COUNTS)
@given(counts)
def test_permuting_topics_permutes_rows(name, table):
    order = np.arange(len(table))[::-1]
    weigh = WEIGHTINGS[name]
    np.testing.assert_allclose(
        weigh(csr_array(table)).toarray()[order], weigh(csr_array(table[order])).toarray(), atol=1e-12
    )


@pytest.mark.parametrize("name", OF_COUNTS)
def test_no_topics_and_no_terms(name):
    assert WEIGHTINGS[name](csr_array((0, 3), dtype=np.int32)).shape == (0, 3)
    assert WEIGHTINGS[name](csr_array((2, 0), dtype=np.int32)).shape == (2, 0)


@pytest.mark.parametrize("weigh", [class_tfidf, bm25, log_odds, npmi])
def test_a_term_of_one_topic_weighs_more_there_than_one_that_is_everywhere(weigh):
    found = weigh(csr_array(np.array([[20, 20, 5], [0, 20, 30], [0, 20, 25]]))).toarray()
    assert found[0, 0] > found[0, 1]


def test_a_term_of_the_documents_around_a_topic_s_centre_weighs_most_there():
    random = np.random.default_rng(0)
    labels = np.repeat([0, 1], 20)
    vectors = (np.eye(2)[labels] + random.normal(scale=0.1, size=(40, 2))).astype(np.float32)
    table = np.zeros((40, 4), dtype=np.int32)
    table[:15, 0], table[20:35, 1], table[::2, 2], table[0, 3] = 1, 1, 1, 9  # of each topic, of both, rare
    documents = csr_array(table)
    members = csr_array((labels[None] == np.arange(2)[:, None]).astype(np.int32))
    found = centroid(csr_array(members @ documents), members=members, documents=documents, vectors=vectors).toarray()
    assert found[0].argmax() == 0
    assert found[1].argmax() == 1
    assert found[0, 0] > found[0, 3] > 0  # as near, but in one document
    assert abs(found[0, 2]) < 0.9 * found[0, 0]
    assert (np.abs(found) <= 1).all()
    reverse = csr_array(members[:, ::-1])
    again = centroid(
        csr_array(members @ documents), members=reverse, documents=csr_array(table[::-1]), vectors=vectors[::-1]
    )
    np.testing.assert_allclose(again.toarray(), found, atol=1e-5)
