from __future__ import annotations

import hdbscan
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from topics.cluster import Dendrogram, build_tree, cut_tree, number_by_size, plan_tree
from topics.config import ClusterParams
from topics.records import Layout, Origin

ORIGIN = Origin("reduce", 1, {}, (), {})

layouts = st.builds(
    lambda seed, n, d, blobby, ties: np.random.default_rng(seed).normal(size=(n, d)).round(1 if ties else 6)
    + (blobby * np.random.default_rng(seed).integers(0, 4, size=(n, 1)) * 6),
    st.integers(0, 10_000), st.integers(15, 120), st.integers(1, 5), st.booleans(), st.booleans(),
)  # fmt: skip


@given(
    layouts,
    st.booleans(),
    st.integers(2, 130),
    st.integers(1, 20),
    st.sampled_from(["eom", "leaf"]),
    st.sampled_from([0.0, 0.3, 2.0]),
    st.booleans(),
)
def test_labels_equal_those_of_hdbscan(points, duplicate, size, samples, method, epsilon, single):
    if duplicate:
        points = np.concatenate([points, points[: len(points) // 2]])
    points = points.astype(np.float32)
    settings = {
        "min_cluster_size": size,
        "min_samples": samples,
        "cluster_selection_method": method,
        "cluster_selection_epsilon": epsilon,
        "allow_single_cluster": single,
    }
    expected = hdbscan.HDBSCAN(**settings).fit(points)
    params = ClusterParams(**settings)
    tree = build_tree(Layout("c", points, "umap", ORIGIN), params)
    labels, strengths = cut_tree(tree.single_linkage, size, params=params)
    assert number_by_size(labels).tolist() == number_by_size(expected.labels_).tolist()
    wanted = np.where(expected.labels_ < 0, 0, expected.probabilities_)
    np.testing.assert_array_equal(strengths, wanted.astype(np.float32))


def test_points_in_very_many_dimensions_take_hdbscan_s_other_algorithm():
    points = np.random.default_rng(0).normal(size=(80, 70)).astype(np.float32)
    points[:40] += 9
    params = ClusterParams(min_cluster_size=10)
    tree = build_tree(Layout("c", points, "umap", ORIGIN), params)
    expected = hdbscan.HDBSCAN(min_cluster_size=10, min_samples=5, cluster_selection_method="leaf").fit(points)
    found, _ = cut_tree(tree.single_linkage, 10, params=params)
    assert number_by_size(found).tolist() == number_by_size(expected.labels_).tolist()


@given(st.integers(0, 10_000), st.integers(15, 200))
def test_finer_leaf_cuts_lie_in_coarser_ones(seed, n):
    """A cluster of a cut is in one cluster of any coarser cut, or was noise there."""
    points = np.random.default_rng(seed).normal(size=(n, 3)).astype(np.float32)
    dendrogram = Dendrogram.of(build_tree(Layout("c", points, "umap", ORIGIN), ClusterParams()).single_linkage)
    fine, coarse = dendrogram.leaf_cut(4), dendrogram.leaf_cut(9)
    for k in range(fine.max() + 1):
        assert len(set(coarse[fine == k].tolist()) - {-1}) <= 1


@given(st.lists(st.integers(-1, 6), min_size=1, max_size=60).map(np.array))
def test_numbers_follow_sizes_then_first_members(labels):
    numbered = number_by_size(labels)
    assert ((numbered < 0) == (labels < 0)).all()
    sizes = np.bincount(numbered[numbered >= 0])
    assert (np.diff(sizes) <= 0).all()
    firsts = [int(np.flatnonzero(numbered == k)[0]) for k in range(len(sizes))]
    assert all(firsts[k] < firsts[k + 1] for k in range(len(sizes) - 1) if sizes[k] == sizes[k + 1])
    pairs = {(int(a), int(b)) for a, b in zip(labels, numbered, strict=True)}
    assert len(pairs) == len(set(labels.tolist()))


def test_the_tree_depends_on_min_samples_and_what_is_held_out_only():
    small, large = ClusterParams(min_cluster_size=5), ClusterParams(min_cluster_size=30)
    assert plan_tree(small, ORIGIN).key == plan_tree(large, ORIGIN).key
    assert plan_tree(small, ORIGIN).key != plan_tree(small, ORIGIN, held_out=True).key
    assert plan_tree(small, ORIGIN).key != plan_tree(ClusterParams(min_samples=7), ORIGIN).key


@pytest.mark.parametrize("n", [60, 100])
def test_a_fifth_is_held_out_and_the_same_of_every_layout(n):
    trees = [
        build_tree(
            Layout("c", np.random.default_rng(seed).normal(size=(n, 5)), "umap", ORIGIN), ClusterParams(), held_out=True
        )
        for seed in (0, 1)
    ]
    assert len(trees[0].rows) == n - n // 5
    assert trees[0].rows.tolist() == trees[1].rows.tolist()
    assert len(trees[0].single_linkage) == len(trees[0].rows) - 1
