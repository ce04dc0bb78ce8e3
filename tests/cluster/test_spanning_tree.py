"""The spanning tree is the minimum one, in an order that every machine gives it."""

from __future__ import annotations

import numpy as np
import pytest
from helpers import blobs
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from topics.cluster._merges import merges
from topics.cluster._spanning_tree import spanning_tree


def of_all_pairs(points, min_samples):
    """Kruskal's tree of the mutual-reachability distances (Campello et al. 2013): the shortest edges that join."""
    distances = np.sqrt(((points[:, None] - points[None]) ** 2).sum(axis=2))
    core = np.sort(distances, axis=1)[:, min(min_samples, len(points) - 1)]
    apart = np.maximum(np.maximum(distances, core[:, None]), core[None])
    one, other = np.triu_indices(len(points), k=1)
    parents, tree = list(range(len(points))), []

    def root(i):
        while parents[i] != i:
            i = parents[i]
        return i

    for place in np.lexsort((other, one, distances[one, other], apart[one, other])):
        a, b = one[place], other[place]
        if root(a) != root(b):
            parents[root(a)] = root(b)
            tree.append([a, b, apart[a, b]])
    return np.array(tree)


def groups_within(tree, distance):
    """Group of each point, when all edges up to a length are merged."""
    kept = tree[tree[:, 2] <= distance * (1 + 1e-9)]
    ends, n = kept[:, :2].astype(int).T, len(tree) + 1
    return connected_components(coo_array((np.ones(len(kept)), tuple(ends)), shape=(n, n)), directed=False)[1]


@given(
    points=st.tuples(st.integers(2, 60), st.integers(1, 4)).flatmap(
        lambda shape: arrays(np.float64, shape, elements=st.integers(-4, 4).map(float))
    ),
    min_samples=st.integers(1, 8),
)
@settings(max_examples=60, deadline=None)
def test_with_many_equal_distances_it_is_the_tree_of_all_pairs(points, min_samples):
    np.testing.assert_array_equal(spanning_tree(points, min_samples), of_all_pairs(points, min_samples))


@pytest.mark.parametrize(("n", "n_dims", "min_samples"), [(2, 1, 5), (300, 5, 5), (300, 2, 1), (200, 12, 20)])
def test_of_scattered_points_it_is_the_tree_of_all_pairs(n, n_dims, min_samples):
    points = np.random.default_rng(n).normal(size=(n, n_dims))
    ours, expected = spanning_tree(points, min_samples), of_all_pairs(points, min_samples)
    np.testing.assert_array_equal(ours[:, :2], expected[:, :2])
    np.testing.assert_allclose(ours[:, 2], expected[:, 2])


@pytest.mark.parametrize(("n", "min_samples"), [(20, 5), (150, 5), (150, 1), (16, 40)])
def test_it_gives_hdbscans_hierarchy(n, min_samples):
    from hdbscan import HDBSCAN

    points = np.ascontiguousarray(blobs(3, n, spread=0.3)[:, :5], dtype=np.float64)
    model = HDBSCAN(min_cluster_size=2, min_samples=min_samples, gen_min_span_tree=True, approx_min_span_tree=False)
    theirs = model.fit(points).minimum_spanning_tree_.to_numpy()
    theirs = theirs[np.argsort(theirs[:, 2], kind="stable")]
    ours = spanning_tree(points, min_samples)
    np.testing.assert_allclose(ours[:, 2], theirs[:, 2])
    for distance in np.unique(ours[:, 2]):  # equally long edges may be merged in any order
        one, other = (groups_within(tree, distance) for tree in (ours, theirs))
        np.testing.assert_array_equal(one[:, None] == one, other[:, None] == other)
    assert merges(ours)[-1, 3] == len(points)


def test_rows_in_another_order_are_merged_at_the_same_distances():
    points = blobs(4, 40, spread=0.4)[:, :5].astype(np.float64)
    order = np.random.default_rng(0).permutation(len(points))
    np.testing.assert_array_equal(spanning_tree(points, 5)[:, 2], spanning_tree(points[order], 5)[:, 2])


def test_a_thousand_equal_points_are_one_group():
    tree = spanning_tree(np.ones((1000, 5)), 5)
    assert (tree[:, 0] == 0).all() and (tree[:, 2] == 0).all() and sorted(tree[:, 1]) == list(range(1, 1000))
