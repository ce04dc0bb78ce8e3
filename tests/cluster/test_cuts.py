from __future__ import annotations

import hdbscan
import numpy as np
from hdbscan.hdbscan_ import _tree_to_labels
from hypothesis import given
from hypothesis import strategies as st

from topics.cluster import Dendrogram, build_tree, cut_tree, number_by_size
from topics.config import ClusterParams
from topics.graph import known
from topics.records import Layout, Origin

ORIGIN = Origin("reduce", 1, {}, (), {})


def layout_of(points: np.ndarray) -> Layout:
    return Layout("c", points, "umap", len(points), np.arange(len(points)), ORIGIN)


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
    """Of the same tree: of equal distances hdbscan may merge others first."""
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
    tree = expected.single_linkage_tree_.to_numpy()
    labels, strengths = cut_tree(tree, size, params=ClusterParams(**settings))
    assert number_by_size(labels).tolist() == number_by_size(expected.labels_).tolist()
    wanted = np.where(expected.labels_ < 0, 0, expected.probabilities_)
    np.testing.assert_array_equal(strengths, wanted.astype(np.float32))


@given(layouts, st.booleans(), st.integers(2, 60), st.integers(1, 10))
def test_both_quick_cuts_are_hdbscan_s_partitions(points, duplicate, size, samples):
    """Of the same tree: hdbscan's own tree may break ties otherwise."""
    if duplicate:
        points = np.concatenate([points, points[: len(points) // 2]])
    tree = build_tree(layout_of(points.astype(np.float32)), ClusterParams(min_samples=samples)).single_linkage
    dendrogram = Dendrogram.of(tree)
    for method, cut in (("leaf", dendrogram.leaf_cut), ("eom", dendrogram.eom_cut)):
        expected = _tree_to_labels(None, tree.copy(), size, method)[0]
        assert number_by_size(cut(size)).tolist() == number_by_size(expected).tolist()


@given(layouts, st.integers(2, 40))
def test_a_cluster_of_most_mass_holds_leaves_whole(points, size):
    dendrogram = Dendrogram.of(build_tree(layout_of(points.astype(np.float32)), ClusterParams()).single_linkage)
    leaves, masses = dendrogram.leaf_cut(size), dendrogram.eom_cut(size)
    assert (masses[leaves >= 0] >= 0).all()
    for k in range(leaves.max() + 1):
        assert len(set(masses[leaves == k].tolist())) == 1


def test_excess_of_mass_leaves_unequal_clusters_side_by_side():
    """A large loose cluster that leaf cuts break into its densest parts stays one beside small ones."""
    random = np.random.default_rng(0)
    large = random.normal(size=(300, 2)) * 2
    small = [random.normal(size=(30, 2)) * 0.2 + centre for centre in ((20, 0), (0, 20))]
    points = np.concatenate([large, *small]).astype(np.float32)
    dendrogram = Dendrogram.of(build_tree(layout_of(points), ClusterParams()).single_linkage)
    assert dendrogram.eom_cut(10).max() == 2
    assert dendrogram.leaf_cut(10).max() > 2


def test_points_in_very_many_dimensions_take_hdbscan_s_other_algorithm():
    points = np.random.default_rng(0).normal(size=(80, 70)).astype(np.float32)
    points[:40] += 9
    params = ClusterParams(min_cluster_size=10)
    tree = build_tree(layout_of(points), params)
    expected = hdbscan.HDBSCAN(min_cluster_size=10, min_samples=5, cluster_selection_method="leaf").fit(points)
    found, _ = cut_tree(tree.single_linkage, 10, params=params)
    assert number_by_size(found).tolist() == number_by_size(expected.labels_).tolist()


@given(st.integers(0, 10_000), st.integers(15, 200))
def test_finer_leaf_cuts_lie_in_coarser_ones(seed, n):
    """A cluster of a cut is in one cluster of any coarser cut, or was noise there."""
    points = np.random.default_rng(seed).normal(size=(n, 3)).astype(np.float32)
    dendrogram = Dendrogram.of(build_tree(layout_of(points), ClusterParams()).single_linkage)
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


def test_the_tree_depends_on_min_samples_only():
    small, large = ClusterParams(min_cluster_size=5), ClusterParams(min_cluster_size=30)
    layout = known(Layout("c", np.zeros((20, 5)), "umap", 20, np.arange(20), ORIGIN))
    keys = [build_tree(layout, params).origin.key for params in (small, large, ClusterParams(min_samples=7))]
    assert keys[0] == keys[1] != keys[2]


def test_a_tree_has_the_documents_of_its_layout():
    rows = np.arange(0, 100, 2)
    layout = Layout("c", np.random.default_rng(0).normal(size=(50, 5)), "umap", 100, rows, ORIGIN)
    tree = build_tree(layout, ClusterParams())
    assert (tree.n_docs, tree.rows.tolist(), len(tree.single_linkage)) == (100, rows.tolist(), 49)
