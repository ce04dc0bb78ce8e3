from __future__ import annotations

import numpy as np
import pytest
from helpers import labeling_of, trees_of
from hypothesis import given
from hypothesis import strategies as st

from topics.cluster import cut_tree
from topics.cluster._labelings import centroids, nearest, scaled_size
from topics.cluster._tree_cuts import number_by_size
from topics.config import ClusterParams


def test_every_document_gets_a_cluster_and_those_that_have_one_keep_it():
    trees = trees_of(n_whole=2, n_partial=3, spread=0.4)
    for method in ("leaf", "eom"):
        labelings = trees.labelings(10, method=method)
        assert [len(labeling.rows) for labeling in labelings] == [120, 120, 96, 96, 96]
        for labeling in labelings:
            assert labeling.n_clusters == 3
            assert (labeling.labels >= 0).all()
            clustered = labeling.cut_labels >= 0
            assert (labeling.labels[clustered] == labeling.cut_labels[clustered]).all()
            left_out = np.setdiff1d(np.arange(120), labeling.rows)
            assert (labeling.cut_labels[left_out] == -1).all()
            groups = labeling.labels.reshape(3, 40)
            for group in groups:  # what is left out goes to the group it is of, as a new document would
                assert np.bincount(group).max() >= 36


def test_one_layout_assigns_nothing():
    (labeling,) = trees_of(n_whole=1, n_partial=0, spread=0.4).labelings(10, method="leaf")
    assert (labeling.cut_labels == -1).any()
    assert labeling.labels.tolist() == labeling.cut_labels.tolist()


def test_a_layout_without_clusters_assigns_nothing():
    for labeling in trees_of(n_whole=1, n_partial=1).labelings(70, method="leaf"):
        assert labeling.n_clusters == 0
        assert set(labeling.labels.tolist()) == {-1}


def test_clusters_of_some_documents_need_as_many_fewer():
    trees = trees_of(n_whole=1, n_partial=1)
    whole = cut_tree(trees.trees[0].single_linkage, 10, params=ClusterParams(cluster_selection_method="eom"))[0]
    some = cut_tree(trees.trees[1].single_linkage, 8, params=ClusterParams())[0]
    assert number_by_size(trees.cut(0, 10, method="eom")).tolist() == number_by_size(whole).tolist()
    assert trees.cut(1, 10, method="leaf").tolist() == some.tolist()


def test_an_epsilon_is_heeded():
    loose = trees_of(
        n_whole=1, n_partial=0, params=ClusterParams(min_cluster_size=5, cluster_selection_epsilon=9.0)
    ).cut(0, 5, method="leaf")
    assert loose.max() <= trees_of(n_whole=1, n_partial=0).cut(0, 5, method="leaf").max()
    single = trees_of(n_whole=1, n_partial=0, params=ClusterParams(min_cluster_size=90, allow_single_cluster=True))
    assert single.cut(0, 90, method="eom").max() == 0


@given(st.integers(2, 10_000), st.floats(0.01, 1))
def test_fewer_is_a_share_and_two_at_least(size, share):
    assert 2 <= scaled_size(size, share) <= size
    assert scaled_size(size, 1.0) == size
    assert scaled_size(100, 0.8) == 80


@given(st.lists(st.integers(-1, 3), min_size=8, max_size=60), st.integers(0, 1000))
def test_the_nearest_centroid_is_that_of_the_largest_cosine(labels, seed):
    labels = labeling_of(np.unique(labels, return_inverse=True)[1] - (min(labels) < 0)).cut_labels
    vectors = np.random.default_rng(seed).normal(size=(len(labels), 5)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    centres = centroids(vectors, labels)
    assert centres.shape == (labels.max() + 1, 5)
    if not len(centres):
        return
    np.testing.assert_allclose(np.linalg.norm(centres, axis=1), 1, atol=1e-5)
    for k, centre in enumerate(centres):
        assert centre @ vectors[labels == k].sum(axis=0) == pytest.approx(
            np.linalg.norm(vectors[labels == k].sum(axis=0)), rel=1e-4
        )
    found = nearest(centres, vectors)
    similarity = vectors @ centres.T
    np.testing.assert_allclose(similarity[np.arange(len(found)), found], similarity.max(axis=1), atol=1e-5)


def test_nothing_has_no_nearest():
    assert nearest(np.ones((2, 3), np.float32), np.empty((0, 3), np.float32)).tolist() == []
