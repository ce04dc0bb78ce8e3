from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import pytest
from helpers import labeling_of, trees_of
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import adjusted_mutual_info_score, adjusted_rand_score

from topics.cluster._choose import choose_cut
from topics.cluster._labelings import Trees
from topics.cluster._scan import compare, grid, scan
from topics.cluster._tree import build_tree
from topics.config import ClusterParams
from topics.records import Layout, Origin


@given(st.integers(15, 10**7))
def test_the_grid_ascends_to_a_quarter_of_the_documents_without_a_jump(n):
    sizes = grid(n)
    assert sizes[0] == max(5, round(n / 2000))
    assert len(sizes) <= 30
    assert all(b > a and b <= math.ceil(1.3 * (a + 1)) for a, b in pairwise(sizes))
    assert sizes[-1] <= max(5, n / 4 + 1) < sizes[-1] * 1.4 + 7


labelings = st.integers(4, 40).flatmap(
    lambda n: st.lists(st.lists(st.integers(0, 3), min_size=n, max_size=n), min_size=3, max_size=5)
)


@pytest.mark.slow
@given(labelings)
def test_agreement_is_the_mean_of_all_pairs_and_its_error_the_jackknife_s(found):
    found = [np.array(labels, np.int32) for labels in found]
    n = len(found)
    cut = compare(found, 5, method="eom", noise_share=0.25)

    def mean(measure, kept):
        return np.mean([measure(found[i], found[j]) for i in kept for j in kept if i < j])

    every = range(n)
    assert cut.agreement == pytest.approx(mean(adjusted_mutual_info_score, every), abs=1e-9)
    assert cut.rand == pytest.approx(mean(adjusted_rand_score, every), abs=1e-9)
    assert cut.stability == pytest.approx((cut.agreement + cut.rand) / 2)
    without = [
        (mean(adjusted_mutual_info_score, kept) + mean(adjusted_rand_score, kept)) / 2
        for kept in ([i for i in every if i != left] for left in every)
    ]
    np.testing.assert_allclose(cut.without, without, atol=1e-9)
    assert cut.error == pytest.approx(math.sqrt((n - 1) / n * np.square(without - np.mean(without)).sum()), abs=1e-9)
    assert (cut.method, cut.min_cluster_size, cut.noise_share) == ("eom", 5, 0.25)


@pytest.mark.parametrize(("n_without", "is_cut"), [(1, True), (2, True), (3, False)])
def test_a_few_layouts_without_two_clusters_do_not_undo_a_cut(n_without, is_cut):
    two = np.concatenate([np.linspace(0, 1, 20), np.linspace(9, 10, 20)])
    points = [two] * (5 - n_without) + [1.3 ** np.arange(40)] * n_without
    layouts = [Layout("c", x[:, None], "umap", 40, np.arange(40), Origin("reduce", 1, {}, (), {})) for x in points]
    trees = Trees([build_tree(layout, ClusterParams()) for layout in layouts], two[:, None], ClusterParams())
    found = scan(trees, [8], methods=["leaf"])
    assert [cut.n_clusters.count(2) for cut in found] == [5 - n_without] * is_cut
    assert all(0.0 < cut.stability < 1.0 for cut in found)


def test_one_layout_has_no_stability_and_two_no_error():
    one, other = np.array([0, 0, 1, 1], np.int32), np.array([1, 1, 0, 0], np.int32)
    alone = compare([one], 2, noise_share=0.3)
    assert math.isnan(alone.stability) and math.isnan(alone.error)
    assert alone.noise_share == 0.3
    both = compare([one, other], 2)
    assert both.stability == 1
    assert math.isnan(both.error)


def test_cuts_are_judged_by_layouts_of_some_documents_and_of_both_kinds():
    trees = trees_of(n_whole=2, n_partial=3)
    found = scan(trees, [5, 10])
    assert {(cut.method, cut.min_cluster_size) for cut in found} >= {("leaf", 5), ("leaf", 10), ("eom", 5)}
    assert all(len(cut.n_clusters) == 3 and len(cut.without) == 3 for cut in found)
    assert [cut.mean_clusters for cut in found] == sorted((cut.mean_clusters for cut in found), reverse=True)
    best = found[choose_cut(found)]
    assert best.n_clusters == (3, 3, 3)
    assert best.stability > 0.98
    assert all(cut.method == "leaf" for cut in scan(trees, [5, 10], methods=("leaf",)))


def test_layouts_of_all_documents_judge_where_there_are_no_others():
    (first, *_) = scan(trees_of(n_whole=3, n_partial=0), [8])
    assert len(first.n_clusters) == 3
    (alone, *_) = scan(trees_of(n_whole=1, n_partial=0), [8])
    assert math.isnan(alone.stability)


def test_a_scan_is_that_of_its_labelings():
    trees = trees_of(n_whole=2, n_partial=3)
    for cut in scan(trees, [6, 12]):
        partial = trees.labelings(cut.min_cluster_size, method=cut.method)[2:]
        expected = compare([labeling.labels for labeling in partial], cut.min_cluster_size)
        assert cut.stability == pytest.approx(expected.stability)
        assert cut.n_clusters == tuple(labeling.n_clusters for labeling in partial)
        noise = [(labeling.cut_labels[labeling.rows] < 0).mean() for labeling in partial]
        assert cut.noise_share == pytest.approx(np.mean(noise))


def test_cuts_of_fewer_than_two_clusters_are_left_out():
    assert scan(trees_of(n_whole=2, n_partial=2), [80]) == []
    assert labeling_of([0, 0, 1, -1]).n_clusters == 2
