from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.sparse import csr_array

from topics.label import class_tfidf

counts = arrays(np.int32, st.tuples(st.integers(1, 6), st.integers(1, 8)), elements=st.integers(0, 9))


@given(counts)
def test_the_equation(table):
    found = class_tfidf(csr_array(table)).toarray()
    lengths, overall = table.sum(axis=1), table.sum(axis=0)
    for topic, term in np.ndindex(*table.shape):
        if table[topic, term]:
            expected = table[topic, term] / lengths[topic] * np.log(1 + lengths.mean() / overall[term])
            assert abs(found[topic, term] - expected) < 1e-12
        else:
            assert found[topic, term] == 0


@given(counts)
def test_permuting_topics_permutes_rows(table):
    order = np.arange(len(table))[::-1]
    np.testing.assert_allclose(
        class_tfidf(csr_array(table)).toarray()[order], class_tfidf(csr_array(table[order])).toarray()
    )


def test_no_topics_and_no_terms():
    assert class_tfidf(csr_array((0, 3), dtype=np.int32)).shape == (0, 3)
    assert class_tfidf(csr_array((2, 0), dtype=np.int32)).shape == (2, 0)
