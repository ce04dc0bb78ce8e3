from __future__ import annotations

import hdbscan
import numpy as np
import pytest
from helpers import blobs
from hypothesis import given
from hypothesis import strategies as st

from topics.articles import from_texts
from topics.cluster import (
    build_tree,
    cut,
    number_by_size,
    plan_cut,
    plan_tree,
    resolve_min_cluster_size,
)
from topics.config import ClusterParams
from topics.records import Layout, Origin

ORIGIN = Origin("reduce", 1, {}, (), {})


def corpus_of(n: int):
    return from_texts([f"text number {i}" for i in range(n)])[0]


def clusters_of(points, params: ClusterParams):
    corpus = corpus_of(len(points))
    return cut(build_tree(Layout(corpus.origin.key, points, "umap", ORIGIN), params), corpus, params=params)


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
    found = clusters_of(points, ClusterParams(**settings))
    assert found.labels.tolist() == number_by_size(expected.labels_).tolist()
    strengths = np.where(expected.labels_ < 0, 0, expected.probabilities_)
    np.testing.assert_array_equal(found.strengths, strengths.astype(np.float32))


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


def test_the_tree_depends_on_min_samples_only_and_keys_are_as_planned():
    corpus = corpus_of(60)
    layout = Layout(corpus.origin.key, blobs(3, 20, n_dims=5), "umap", ORIGIN)
    small, large = ClusterParams(min_cluster_size=5), ClusterParams(min_cluster_size=30)
    assert plan_tree(small, ORIGIN).key == plan_tree(large, ORIGIN).key
    tree = build_tree(layout, small)
    assert tree.origin.key == plan_tree(small, ORIGIN).key
    found = cut(tree, corpus, params=small)
    assert found.origin.key == plan_cut(small, tree=tree.origin, corpus=corpus.origin).key
    assert found.n_clusters == 3


def test_auto_size_grows_with_the_corpus_but_more_slowly():
    sizes = [resolve_min_cluster_size(ClusterParams(), n) for n in (16, 100, 400, 10_000)]
    assert sizes == [5, 5, 10, 50]


@pytest.mark.parametrize(
    ("n", "note"),
    [(1, "1 document: nothing to cluster"), (2, "2 distinct documents: too few to cluster, at least 15 are needed")],
)
def test_too_few_documents_are_noise_and_it_is_said(n, note):
    found = clusters_of(np.zeros((n, 5)), ClusterParams())
    assert found.labels.tolist() == [-1] * n
    assert found.origin.notes == (note,)


def test_articles_of_one_text_are_one_group():
    corpus, _ = from_texts(["the same words"] * 60)
    layout = Layout(corpus.origin.key, np.zeros((1, 5)), "pca", ORIGIN)
    found = cut(build_tree(layout, ClusterParams()), corpus, params=ClusterParams())
    assert found.labels.tolist() == [0]
    assert found.origin.notes == ("all 60 articles have the same text: one group, reported as one topic",)


def test_nothing_but_noise_is_said():
    found = clusters_of(np.random.default_rng(0).uniform(size=(16, 5)), ClusterParams(min_cluster_size=12))
    assert set(found.labels.tolist()) == {-1}
    assert found.origin.notes[0].startswith("16 documents: no cluster of at least 12 stands out")


def test_a_tree_of_another_corpus_is_refused():
    layout = Layout("a" * 64, blobs(2, 10), "umap", ORIGIN)
    with pytest.raises(ValueError, match="expected a tree of corpus .*, got one of aaaaaaaaaaaa"):
        cut(build_tree(layout, ClusterParams()), corpus_of(20), params=ClusterParams())
