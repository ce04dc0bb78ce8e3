"""Layout → ClusterTree → Clusters: HDBSCAN's dear step and its cheap step as two functions.

The tree depends on the layout and ``min_samples`` only; everything else only cuts it, in milliseconds.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from topics.config import ClusterParams
from topics.records import NOISE, Clusters, ClusterTree, Corpus, Layout, Origin, library_versions

if TYPE_CHECKING:
    from numpy.typing import NDArray

TREE_STAGE = "tree"
CUT_STAGE = "cut"
VERSION = 1

_LIBRARIES = ("numpy", "scipy", "scikit-learn", "hdbscan")
FEWEST_TO_CLUSTER = 15
_AUTO_MIN_SAMPLES = 5
_AUTO_LEAST_CLUSTER = 5


def plan_tree(params: ClusterParams, layout: Origin) -> Origin:
    """Where the tree of this layout would come from."""
    return Origin(
        TREE_STAGE, VERSION, {"min_samples": params.min_samples}, (layout.key,), library_versions(*_LIBRARIES)
    )


def plan_cut(params: ClusterParams, *, tree: Origin, corpus: Origin) -> Origin:
    """Where the cut of this tree would come from."""
    parents = (tree.key, corpus.key)
    return Origin(CUT_STAGE, VERSION, params.model_dump(mode="json"), parents, library_versions(*_LIBRARIES))


def build_tree(layout: Layout, params: ClusterParams) -> ClusterTree:
    """The single-linkage tree of the mutual-reachability distances (HDBSCAN*; Campello et al. 2013).

    Parameters
    ----------
    layout : Layout
        Points; fewer than 15 give an empty tree.
    params : ClusterParams
        Only ``min_samples`` matters here.
    """
    n_docs = len(layout.points)
    origin = plan_tree(params, layout.origin)
    if n_docs < FEWEST_TO_CLUSTER:
        return ClusterTree(layout.corpus_key, np.empty((0, 4)), n_docs, origin)
    import hdbscan

    model = hdbscan.HDBSCAN(min_cluster_size=2, min_samples=resolve_min_samples(params), core_dist_n_jobs=1)
    model.fit(layout.points)
    return ClusterTree(layout.corpus_key, model.single_linkage_tree_.to_numpy(), n_docs, origin)


def cut(tree: ClusterTree, corpus: Corpus, *, params: ClusterParams) -> Clusters:
    """Clusters of one cut: HDBSCAN's labels for the same parameters, numbered by size.

    Parameters
    ----------
    tree : ClusterTree
        Of the corpus's layout.
    corpus : Corpus
        The documents, for what is said of small ones.
    params : ClusterParams
        How to cut.

    Raises
    ------
    ValueError
        If the tree belongs to another corpus.
    """
    if tree.corpus_key != corpus.origin.key:
        raise ValueError(f"expected a tree of corpus {corpus.origin.key[:12]}, got one of {tree.corpus_key[:12]}")
    min_cluster_size = resolve_min_cluster_size(params, tree.n_docs)
    if not len(tree.single_linkage):
        labels, strengths, notes = _too_few(corpus)
    else:
        from hdbscan.hdbscan_ import _tree_to_labels

        found, strengths, *_ = _tree_to_labels(
            None,
            np.array(tree.single_linkage),
            min_cluster_size,
            params.cluster_selection_method,
            params.allow_single_cluster,
            cluster_selection_epsilon=params.cluster_selection_epsilon,
        )
        labels = number_by_size(found)
        strengths = np.where(labels == NOISE, 0.0, strengths)
        notes = (
            ()
            if labels.max() > NOISE
            else (
                f"{tree.n_docs} documents: no cluster of at least {min_cluster_size} stands out; all are noise. "
                "A smaller cluster.min_cluster_size looks for smaller clusters",
            )
        )
    origin = plan_cut(params, tree=tree.origin, corpus=corpus.origin)
    origin = Origin(origin.stage, origin.version, origin.parameters, origin.parents, origin.libraries, notes)
    return Clusters(tree.corpus_key, labels, strengths, min_cluster_size, resolve_min_samples(params), origin)


def number_by_size(labels: NDArray[np.integer]) -> NDArray[np.int32]:
    """The same clusters numbered by size, ties by first member; noise stays ``NOISE``.

    Parameters
    ----------
    labels : numpy.ndarray of int, shape (n_docs,)
        Any numbering, negative for noise.

    Examples
    --------
    >>> number_by_size(np.array([5, 2, -1, 2])).tolist()
    [1, 0, -1, 0]
    """
    members = labels[labels >= 0]
    old, first, sizes = np.unique(members, return_index=True, return_counts=True)
    order = np.lexsort((first, -sizes))
    new = np.full(int(old.max(initial=-1)) + 2, NOISE, dtype=np.int32)
    new[old[order]] = np.arange(len(old))
    return np.where(labels >= 0, new[labels], NOISE).astype(np.int32)


def resolve_min_cluster_size(params: ClusterParams, n_docs: int) -> int:
    """The size used: "auto" is half the square root of the number of documents, at least 5.

    A topic's fewest documents must grow with the corpus, or a large one falls apart into stories, but more slowly
    than it, or a small topic of a large corpus is lost.
    """
    if params.min_cluster_size == "auto":
        return max(_AUTO_LEAST_CLUSTER, round(math.sqrt(n_docs) / 2))
    return params.min_cluster_size


def resolve_min_samples(params: ClusterParams) -> int:
    """The value used: "auto" is 5."""
    return _AUTO_MIN_SAMPLES if params.min_samples == "auto" else params.min_samples


def _too_few(corpus: Corpus) -> tuple[NDArray[np.int32], NDArray[np.float32], tuple[str, ...]]:
    n_docs, n_copies = corpus.n_docs, corpus.copies.num_rows
    if n_docs == 1 and n_copies:
        note = f"all {n_copies + 1} articles have the same text: one group, reported as one topic"
        return np.zeros(1, dtype=np.int32), np.ones(1, dtype=np.float32), (note,)
    what = (
        "1 document: nothing to cluster"
        if n_docs == 1
        else (f"{n_docs} distinct documents: too few to cluster, at least {FEWEST_TO_CLUSTER} are needed")
    )
    return np.full(n_docs, NOISE, dtype=np.int32), np.zeros(n_docs, dtype=np.float32), (what,)
