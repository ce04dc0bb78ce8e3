from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.sparse import csc_array, csr_array

import topics._pairs as pairs_module
from topics._pairs import count_pairs, count_pairs_of_each
from topics.label import class_tfidf
from topics.label._coherent import coherence_of_pairs
from topics.label._presence import Presence
from topics.label._selection import select_terms

tables = arrays(np.int32, st.tuples(st.integers(4, 30), st.integers(1, 12)), elements=st.integers(0, 2))


def select(table: np.ndarray, labels: np.ndarray, **changes) -> list[list[int]]:
    counts = csr_array(table)
    members = csr_array((labels[None] == np.arange(labels.max() + 1)[:, None]).astype(np.int32))
    settings = {"n_terms": 4, "coherence_weight": 0.75, **changes}
    return select_terms(class_tfidf(csr_array(members @ counts)), Presence.of(counts, members), **settings)


@given(tables, st.randoms(use_true_random=False))
def test_terms_are_of_the_topic_distinct_and_as_many_as_can_be(table, random):
    labels = np.array([i % 3 for i in range(len(table))])
    for topic, columns in enumerate(select(table, labels)):
        own = np.flatnonzero(table[labels == topic].sum(axis=0))
        assert set(columns) <= set(own.tolist())
        assert len(columns) == len(set(columns)) == min(4, len(own))


@given(tables, st.permutations(range(3)))
def test_the_order_of_documents_and_topics_does_not_matter(table, order):
    labels = np.array([i % 3 for i in range(len(table))])
    plain = select(table, labels)
    assert select(table[::-1], labels[::-1]) == plain
    renamed = np.array(order)[labels]
    assert [select(table, renamed)[order[topic]] for topic in range(3)] == plain


def test_what_is_everywhere_comes_last_whatever_it_weighs():
    labels = np.repeat([0, 1], 10)
    table = np.zeros((20, 4), dtype=np.int32)
    table[:, 0] = 9  # in every document
    table[:10, 1], table[10:, 2], table[3:6, 3] = 1, 1, 1
    assert select(table, labels, n_terms=2) == [[1, 3], [2, 0]]


def test_of_equally_heavy_terms_the_one_that_goes_with_the_others_comes_first():
    labels = np.repeat([0, 1], 20)
    table = np.zeros((40, 5), dtype=np.int32)
    table[:12, 0] = 1
    table[:10, 1] = 1  # where the first stands
    table[10:20, 2] = 1  # where it does not
    table[20:, 3] = 1
    assert select(table, labels, n_terms=2)[0] == [0, 1]
    table[:, [1, 2]] = table[:, [2, 1]]
    assert select(table, labels, n_terms=2)[0] == [0, 2]


def test_a_term_goes_to_the_sibling_of_which_it_is_more():
    labels = np.repeat([0, 1, 2], 20)
    table = np.zeros((60, 4), dtype=np.int32)
    table[:20, 0], table[20:40, 1], table[40:, 3] = 2, 2, 1
    table[:16, 2], table[20:26, 2] = 1, 1  # shared, mostly of the first
    first, second, _ = select(table, labels, n_terms=2, coherence_weight=0.0)
    assert first == [0, 2]
    assert second[0] == 1


def test_coherence_is_that_of_the_equation_discounted():
    table = np.array([[1, 1, 0], [1, 1, 0], [1, 0, 1], [0, 0, 1], [0, 0, 0]], dtype=np.float32)
    found = coherence_of_pairs(count_pairs(csc_array(table), np.arange(3)), len(table))
    value = np.log((2 / 5) / (3 / 5 * 2 / 5)) / -np.log(2 / 5)
    assert found[0, 1] == pytest.approx(value * (2 / 5) * (2 / 5))
    assert found[1, 2] == -1
    assert found[0, 2] == pytest.approx(np.log((1 / 5) / (3 / 5 * 2 / 5)) / -np.log(1 / 5))
    np.testing.assert_array_equal(found, found.T)


def test_no_term_is_part_of_another_or_a_mere_form_of_it():
    labels = np.repeat([0, 1], 10)
    table = np.zeros((20, 5), dtype=np.int32)
    table[:10, 0], table[:10, 1], table[:8, 2], table[:8, 3], table[10:, 4] = 5, 4, 3, 2, 1
    terms = ["north korea", "korea", "immigrants", "immigrant", "pool"]
    assert select(table, labels, n_terms=4)[0] == [0, 1, 2, 3]
    assert select(table, labels, n_terms=4, terms=terms)[0] == [0, 2]


def test_what_the_wider_topic_shares_comes_after_what_is_the_topic_s_own():
    labels = np.repeat([0, 1, 2], 10)
    table = np.zeros((30, 3), dtype=np.int32)
    table[:10, 0], table[10:16, 0] = 4, 1  # also of the wider topic, which is that of topics 0 and 1
    table[:10, 1] = 3
    table[10:, 2] = 20
    parents = csr_array(np.array([[1] * 20 + [0] * 10] * 2 + [[0] * 20 + [1] * 10], dtype=np.int32))
    assert select(table, labels, n_terms=2, coherence_weight=0)[0] == [0, 1]
    assert select(table, labels, n_terms=2, coherence_weight=0, parents=parents)[0] == [1, 0]


def test_barred_terms_come_only_where_there_are_no_others():
    labels = np.repeat([0, 1], 10)
    table = np.zeros((20, 3), dtype=np.int32)
    table[:10, 0], table[:10, 1], table[10:, 2] = 3, 1, 1
    members = csr_array((labels[None] == np.arange(2)[:, None]).astype(np.int32))
    excluded = class_tfidf(csr_array(members @ csr_array(table))).indices == 0
    assert select(table, labels, n_terms=1)[0] == [0]
    assert select(table, labels, n_terms=1, excluded=excluded)[0] == [1]
    assert select(table, labels, n_terms=2, excluded=excluded)[0] == [1, 0]


@given(tables, st.sampled_from([1, 40, 1 << 22]), st.randoms(use_true_random=False))
def test_pairs_are_counted_alike_however_many_documents_there_are(table, max_cells, random):
    presence = csc_array((table > 0).astype(np.float32))
    groups = [
        np.array(sorted(random.sample(range(table.shape[1]), random.randint(0, table.shape[1])))) for _ in range(3)
    ]
    groups = [columns.astype(np.int64) for columns in groups]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pairs_module, "_MAX_CELLS", max_cells)
        found = count_pairs_of_each(presence, groups)
        for columns, each in zip(groups, found, strict=True):
            n, dense = len(columns), (table > 0)[:, columns].astype(np.int64)
            np.testing.assert_array_equal(each[:n, :n], dense.T @ dense)
            assert not each[n:].any()
            np.testing.assert_array_equal(count_pairs(presence, columns), dense.T @ dense)
