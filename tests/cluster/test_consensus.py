from __future__ import annotations

import numpy as np
import pytest
from helpers import labeling_of
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import csr_array

from topics.cluster import number_by_size
from topics.cluster._consensus import (
    Consensus,
    build_consensus,
    by_size,
    largest,
    match_labels,
    merge_to,
    neighbor_votes,
    one_hot,
    overlap,
    row_shares,
)
from topics.cluster._labelings import Labeling
from topics.config import NeighborsParams
from topics.neighbors import find_neighbors
from topics.records import Embeddings, Origin

labelings = st.integers(15, 60).flatmap(
    lambda n: st.lists(st.lists(st.integers(-1, 3), min_size=n, max_size=n), min_size=1, max_size=5)
)


def voters(n: int, seed: int = 0) -> csr_array:
    vectors = np.random.default_rng(seed).normal(size=(n, 6))
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    record = Embeddings("c", vectors, np.ones(n), Origin("embed", 1, {}, (), {}))
    return neighbor_votes(find_neighbors(record, NeighborsParams()))


def numbered(labels) -> np.ndarray:
    return number_by_size(np.array(labels, dtype=np.int32))


def all_of(found) -> list[Labeling]:
    """Labelings by layouts of all documents that assign nothing."""
    return [labeling_of(numbered(labels)) for labels in found]


@given(labelings)
def test_the_label_is_the_largest_membership_and_rows_sum_to_at_most_one(found):
    consensus = build_consensus(all_of(found), voters(len(found[0])))
    clustered = consensus.labels >= 0
    label, value = largest(consensus.membership)
    assert (label[clustered] == consensus.labels[clustered]).all()
    assert (np.asarray(consensus.membership.sum(axis=1)).ravel() <= 1 + 1e-9).all()
    assert ((value >= 0) & (value <= 1 + 1e-9)).all()
    present = set(consensus.labels[clustered].tolist())
    assert present == set(range(len(present)))


@given(labelings, st.randoms(use_true_random=False))
def test_numbering_and_order_of_seeds_do_not_matter_where_they_agree(found, random):
    one = numbered(found[0])
    kinds = list(range(one.max() + 1))
    renamed = []
    for _ in range(4):
        random.shuffle(kinds)
        renamed.append(np.array([kinds[label] if label >= 0 else -1 for label in one], dtype=np.int32))
    consensus = build_consensus([labeling_of(labels) for labels in (one, *renamed)], csr_array((len(one), len(one))))
    assert numbered(consensus.labels).tolist() == one.tolist()


def test_the_majority_wins_and_what_most_layouts_leave_out_is_noise():
    found = all_of(([0] * 6 + [1] * 5 + [-1], [0] * 7 + [1] * 4 + [-1], [0] * 6 + [1] * 5 + [0]))
    assert build_consensus(found, csr_array((12, 12))).labels.tolist() == [0] * 6 + [1] * 5 + [-1]


def test_only_layouts_that_have_a_document_say_whether_it_is_noise():
    """The last document is in a cluster of the one layout that has it, and would be noise if all were counted."""
    labels = [0] * 6 + [1] * 6
    without = [labeling_of([*labels[:-1], -1], labels, range(11)) for _ in range(2)]
    assert build_consensus([labeling_of(labels), *without], csr_array((12, 12))).labels.tolist() == labels
    out = labeling_of([*labels[:-1], -1], labels)
    assert build_consensus([out, out, *without], csr_array((12, 12))).labels.tolist() == [*labels[:-1], -1]


def test_what_is_assigned_votes():
    """Two layouts have the last document in cluster 1; one that lacks it, and three that call it noise, say 0."""
    labels = [0] * 6 + [1] * 6
    moved = [*labels[:-1], 0]
    found = [labeling_of(labels)] * 2 + [labeling_of([*labels[:-1], -1], moved, range(11))] * 3
    assert build_consensus(found, csr_array((12, 12))).labels.tolist() == [0] * 6 + [1] * 5 + [0]


def test_a_divided_document_hears_its_neighbours():
    found = all_of(([0] * 6 + [1] * 5, [0] * 5 + [1] * 6))
    heeded = csr_array((np.ones(3), ([5, 5, 5], [6, 7, 0])), shape=(11, 11))
    assert build_consensus(found, heeded).labels[5] == build_consensus(found, heeded).labels[10]


@pytest.mark.slow
@given(labelings, st.integers(1, 4))
def test_clusters_are_joined_to_the_number_wanted_and_no_document_is_lost(found, wanted):
    consensus = build_consensus(all_of(found), voters(len(found[0])))
    if consensus.n_clusters < wanted:
        return
    joined = merge_to(consensus, wanted)
    assert ((joined.labels >= 0) == (consensus.labels >= 0)).all()
    assert joined.n_clusters == wanted
    assert joined.membership.shape == joined.votes.shape == (len(joined.labels), wanted)
    assert np.asarray(joined.membership.sum(axis=1)).ravel() == pytest.approx(
        np.asarray(consensus.membership.sum(axis=1)).ravel()
    )
    assert set(joined.labels[joined.labels >= 0].tolist()) == set(range(wanted))


def test_those_are_joined_that_share_their_votes():
    votes = np.repeat(np.eye(4), 10, axis=0)
    votes[10:20, [1, 3]] = 0.6, 0.4
    labels = np.repeat(np.arange(4, dtype=np.int32), 10)
    joined = merge_to(Consensus(labels, csr_array(votes), csr_array(votes)), 3)
    assert joined.labels.reshape(4, 10)[:, 0].tolist() == [0, 1, 2, 1]
    assert merge_to(joined, 3).labels.tolist() == joined.labels.tolist()


def test_joined_clusters_are_the_largest_membership_and_lose_no_cluster_to_it():
    """The first document's votes are for what was joined; where that would empty its cluster it stays."""
    labels = np.array([0, 0, 1, 1, 2, 2], np.int32)
    votes = np.array([[0.4, 0.3, 0.3], [1, 0, 0], [0, 0.5, 0.5], [0, 0.6, 0.4], [0, 0.5, 0.5], [0, 0.4, 0.6]])
    joined = merge_to(Consensus(labels, csr_array(votes), csr_array(votes)), 2)
    assert joined.labels.tolist() == [1, 0, 1, 1, 1, 1]
    votes[1] = votes[0]
    joined = merge_to(Consensus(labels, csr_array(votes), csr_array(votes)), 2)
    assert sorted(set(joined.labels.tolist())) == [0, 1]


def test_a_cluster_split_in_two_is_matched_to_the_one_that_holds_both():
    reference, split = np.array([0] * 8 + [1] * 4, np.int32), np.array([0] * 5 + [1] * 3 + [2] * 4, np.int32)
    assert match_labels(split, reference, n_clusters=2).tolist() == reference.tolist()


@pytest.mark.parametrize(("n_own", "n_clusters"), [(0, 0), (0, 2), (2, 0)])
def test_nothing_matches_nothing(n_own, n_clusters):
    own, reference = (np.resize(np.arange(-1, n, dtype=np.int32), 9) for n in (n_own, n_clusters))
    assert set(match_labels(own, reference, n_clusters=n_clusters).tolist()) <= {-1, *range(n_clusters)}
    consensus = build_consensus([labeling_of([-1] * 15)] * 3, voters(15))
    assert (consensus.n_clusters, consensus.membership.shape) == (0, (15, 0))


def test_overlap_counts_and_jaccard():
    shared, jaccard = overlap(np.array([0, 0, 1, -1], np.int32), np.array([0, 1, 1, 1], np.int32), n_clusters=2)
    assert shared.tolist() == [[1, 1], [0, 1]]
    np.testing.assert_allclose(jaccard, [[1 / 2, 1 / 4], [0, 1 / 3]])


def test_votes_are_of_the_nearest_and_never_one_s_own():
    votes = voters(40)
    assert (votes.diagonal() == 0).all()
    assert (np.diff(votes.indptr) == 14).all()
    assert (votes.data > 0).all()


def test_rows_without_votes_stay_empty():
    matrix = one_hot(np.array([1, -1, 0], np.int32), 2)
    assert row_shares(matrix * 3).toarray().tolist() == [[0, 1], [0, 0], [1, 0]]
    rows, columns, values = by_size(csr_array(np.array([[0.2, 0.5, 0.2], [0, 0, 1.0]])))
    assert (rows.tolist(), columns.tolist(), values.tolist()) == ([0, 0, 0, 1], [1, 0, 2, 2], [0.5, 0.2, 0.2, 1.0])


@given(st.lists(st.lists(st.sampled_from([0.0, 0.1, 0.5, 0.7]), min_size=4, max_size=4), min_size=1, max_size=8))
def test_the_largest_entry_is_the_first_of_equal_ones(rows):
    dense = np.array(rows)
    scattered = csr_array(dense)[:, [3, 1, 0, 2]][:, [2, 1, 3, 0]]  # the same entries, not in the order of columns
    label, value = largest(scattered)
    assert label.tolist() == np.where(dense.max(axis=1) > 0, dense.argmax(axis=1), -1).tolist()
    assert value.tolist() == dense.max(axis=1).tolist()
