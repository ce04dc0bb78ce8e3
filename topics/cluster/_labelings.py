"""One labeling per tree: its cut, with the documents outside its clusters assigned as new documents would be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from topics._blocks import map_blocks
from topics.cluster._dendrogram import Dendrogram
from topics.cluster._tree_cuts import cut_tree
from topics.config import ClusterParams
from topics.records import NOISE, ClusterTree

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class Labeling:
    """One layout's cluster of every document.

    Attributes
    ----------
    cut_labels : numpy.ndarray of int32, shape (n_docs,)
        Cluster in the tree's cut; ``NOISE`` for documents in none and for documents outside the layout.
    labels : numpy.ndarray of int32, shape (n_docs,)
        The same with every other document assigned to the nearest centroid; ``NOISE`` where none is assigned.
    rows : numpy.ndarray of int64, shape (n_kept,)
        Documents in the layout.
    """

    cut_labels: NDArray[np.int32]
    labels: NDArray[np.int32]
    rows: NDArray[np.int64]

    @property
    def n_clusters(self) -> int:
        """Number of clusters of the cut."""
        return int(self.cut_labels.max(initial=NOISE)) + 1


class Trees:
    """The trees of all layouts, to be cut at any size.

    Parameters
    ----------
    trees : sequence of ClusterTree
        One per layout.
    vectors : numpy.ndarray of float32, shape (n_docs, n_dims)
        Unit vectors.
    params : ClusterParams
        Its ``cluster_selection_epsilon`` and ``allow_single_cluster`` are used.
    """

    def __init__(self, trees: Sequence[ClusterTree], vectors: NDArray[np.float32], params: ClusterParams) -> None:
        self.trees = trees
        self.vectors = vectors
        self.n_docs = trees[0].n_docs
        self._params = params
        self._dendrograms = [Dendrogram.of(tree.single_linkage) for tree in trees]

    def cut(self, i: int, size: int, *, method: str) -> NDArray[np.int32]:
        """Clusters of the i-th tree's documents at this cut; the size is scaled down if documents are left out."""
        tree = self.trees[i]
        size = scaled_size(size, len(tree.rows) / self.n_docs)
        if self._params.cluster_selection_epsilon or self._params.allow_single_cluster:
            params = self._params.model_copy(update={"cluster_selection_method": method})
            return cut_tree(tree.single_linkage, size, params=params)[0]
        dendrogram = self._dendrograms[i]
        return dendrogram.leaf_cut(size) if method == "leaf" else dendrogram.eom_cut(size)

    def labelings(self, size: int, *, method: str) -> list[Labeling]:
        """The labeling of every layout at this cut; with a single layout no document is assigned."""
        return list(map_blocks(lambda i, _: self._labeling(i, size, method), len(self.trees), 1))

    def _labeling(self, i: int, size: int, method: str) -> Labeling:
        rows, clusters = self.trees[i].rows, self.cut(i, size, method=method)
        cut_labels = np.full(self.n_docs, NOISE, dtype=np.int32)
        cut_labels[rows] = clusters
        if len(self.trees) == 1 or clusters.max(initial=NOISE) < 0:
            return Labeling(cut_labels, cut_labels, rows)
        labels = cut_labels.copy()
        left = np.flatnonzero(cut_labels == NOISE)
        labels[left] = nearest(centroids(self.vectors, cut_labels), self.vectors[left])
        return Labeling(cut_labels, labels, rows)


def scaled_size(size: int, share: float) -> int:
    """Minimum cluster size in a layout of a share of the documents."""
    return max(2, round(size * share))


def centroids(vectors: NDArray[np.float32], labels: NDArray[np.int32]) -> NDArray[np.float32]:
    """Unit mean vector of each cluster, shape (n_clusters, n_dims).

    Parameters
    ----------
    vectors : numpy.ndarray of float32, shape (n_docs, n_dims)
        Unit vectors.
    labels : numpy.ndarray of int32, shape (n_docs,)
        ``NOISE`` for documents in no cluster.
    """
    from scipy.sparse import csr_array

    rows = np.flatnonzero(labels >= 0)
    shape = (int(labels.max(initial=NOISE)) + 1, len(labels))
    sums = csr_array((np.ones(len(rows), dtype=np.float32), (labels[rows], rows)), shape=shape) @ vectors
    return np.asarray(sums / np.maximum(np.linalg.norm(sums, axis=1, keepdims=True), np.finfo(np.float32).tiny))


def nearest(centers: NDArray[np.float32], vectors: NDArray[np.float32]) -> NDArray[np.int32]:
    """Number of the nearest centroid of each vector, shape (n_docs,).

    Parameters
    ----------
    centers : numpy.ndarray of float32, shape (n_clusters, n_dims)
        At least one.
    vectors : numpy.ndarray of float32, shape (n_docs, n_dims)
        Unit vectors.
    """
    block = 4096
    parts = [(vectors[i : i + block] @ centers.T).argmax(axis=1) for i in range(0, len(vectors), block)]
    return np.concatenate([*parts, np.empty(0, dtype=np.intp)]).astype(np.int32)
