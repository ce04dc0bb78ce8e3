"""Layout → ClusterTree: HDBSCAN's expensive step; cutting the tree is the cheap one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from topics.config import ClusterParams
from topics.graph import stage
from topics.records import ClusterTree, Layout, Neighbors, Origin

if TYPE_CHECKING:
    from numpy.typing import NDArray

VERSION = 4
LIBRARIES = ("numpy", "scipy", "scikit-learn", "hdbscan")
MIN_TO_CLUSTER = 15  # not tuned: three clusters of the smallest size of the scan

_AUTO_MIN_SAMPLES = 5  # hdbscan's default, which is its min_cluster_size
_HELD_OUT = 0.2  # not tuned: as much as a layout of a random 80 % leaves out
# Not tuned: stories are small, so density is measured at the nearest other documents, among a layout's neighbors.
_STORY_MIN_SAMPLES = 2
_STORY_NEIGHBORS = 15
_UNREACHABLE = 4.0  # not tuned: more than any cosine distance


@stage(
    "tree", ClusterTree, version=VERSION, reads=("min_samples",), libraries=("numpy", "scikit-learn", "numba"),
    threads="one", determinism="bytes",
)  # fmt: skip
def build_tree(origin: Origin, layout: Layout, params: ClusterParams) -> ClusterTree:
    """The single-linkage tree of the mutual-reachability distances (HDBSCAN*; Campello et al. 2013).

    Parameters
    ----------
    layout : Layout
        Points; fewer than 15 give an empty tree.
    params : ClusterParams
        Only ``min_samples`` is used.
    """
    if len(layout.points) < MIN_TO_CLUSTER:
        return ClusterTree(layout.corpus_key, np.empty((0, 4)), layout.n_docs, layout.rows, origin)
    from topics.cluster._merges import merges
    from topics.cluster._spanning_tree import spanning_tree

    edges = spanning_tree(layout.points.astype(np.float64), resolve_min_samples(params))
    return ClusterTree(layout.corpus_key, merges(edges), layout.n_docs, layout.rows, origin)


def rows_kept(n_docs: int, *, part: int = 0) -> NDArray[np.int64]:
    """Rows of the documents that are not held out; parts 0 to 4 hold out different fifths.

    Parameters
    ----------
    n_docs : int
        Number of documents.
    part : int
        Which fifth is held out, 0 to 4.
    """
    order = np.random.RandomState(0).permutation(n_docs)
    n_out = round(_HELD_OUT * n_docs)
    return np.sort(np.delete(order, np.s_[part * n_out : (part + 1) * n_out]))


def neighbor_tree(neighbors: Neighbors, rows: NDArray[np.int64]) -> NDArray[np.float64]:
    """The single-linkage tree of the mutual-reachability distances between nearest neighbors, without a layout.

    Stories are smaller than the groups that a layout of 15 neighbors separates. Parts of the graph without a connecting
    neighbor are merged last.

    Parameters
    ----------
    neighbors : Neighbors
        Nearest neighbors of the documents.
    rows : numpy.ndarray of int, shape (n_kept,)
        The documents in the tree.

    Returns
    -------
    numpy.ndarray of float64, shape (n_kept - 1, 4)
        As in :func:`scipy.cluster.hierarchy.linkage`, over ``rows``.
    """
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import connected_components, minimum_spanning_tree

    from topics.cluster._merges import merges

    k = min(_STORY_NEIGHBORS, neighbors.indices.shape[1])
    place = np.full(len(neighbors.indices), -1)
    place[rows] = np.arange(len(rows))
    near, far = place[neighbors.indices[rows, 1:k]], neighbors.distances[rows, 1:k].astype(np.float64)
    far = np.where(near < 0, np.inf, far)
    core = np.sort(far, axis=1)[:, min(_STORY_MIN_SAMPLES, k - 1) - 1]
    core = np.where(np.isfinite(core), core, _UNREACHABLE)
    source, entry = np.nonzero(near >= 0)
    target = near[source, entry]
    reach = np.maximum(np.maximum(far[source, entry], core[source]), core[target]) + np.finfo(np.float32).tiny
    places = (source.astype(np.int32), target.astype(np.int32))  # scipy's graph routines took no others before 1.17
    graph = csr_array((reach, places), shape=(len(rows), len(rows)))
    spanning = minimum_spanning_tree(graph.maximum(graph.T)).tocoo()
    n_parts, part = connected_components(spanning, directed=False)
    firsts = np.unique(part, return_index=True)[1]
    edges = np.concatenate(
        [
            np.column_stack([spanning.row, spanning.col, spanning.data]),
            np.column_stack([np.full(n_parts - 1, firsts[0]), firsts[1:], np.full(n_parts - 1, _UNREACHABLE)]),
        ]
    ).astype(np.float64)
    return merges(edges[np.lexsort((edges[:, 1], edges[:, 0], edges[:, 2]))])


def resolve_min_samples(params: ClusterParams) -> int:
    """The ``min_samples`` to use: "auto" is 5."""
    return _AUTO_MIN_SAMPLES if params.min_samples == "auto" else params.min_samples
