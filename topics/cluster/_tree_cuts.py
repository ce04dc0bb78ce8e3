"""One cut of one tree: the labels and strengths that HDBSCAN gives for the same parameters."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from topics.cluster._dendrogram import Dendrogram
from topics.compat import tree_labels
from topics.config import ClusterParams
from topics.records import NOISE

if TYPE_CHECKING:
    from numpy.typing import NDArray


def cut_tree(
    single_linkage: NDArray[np.float64], min_cluster_size: int, *, params: ClusterParams
) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
    """Cluster of each row (or ``NOISE``) and its strength in [0, 1], as in hdbscan.

    Parameters
    ----------
    single_linkage : numpy.ndarray of float64, shape (n_docs - 1, 4)
        As in :func:`scipy.cluster.hierarchy.linkage`.
    min_cluster_size : int
        Minimum cluster size, ≥ 2.
    params : ClusterParams
        Selection method, epsilon and ``allow_single_cluster`` are used.
    """
    plain = not params.cluster_selection_epsilon and not params.allow_single_cluster
    if plain and params.cluster_selection_method != "eom":
        dendrogram = Dendrogram.of(single_linkage)
        labels = dendrogram.leaf_cut(min_cluster_size)
        return labels, dendrogram.strengths(labels, min_cluster_size)
    raw_labels, strengths = tree_labels(
        single_linkage,
        min_cluster_size=min_cluster_size,
        method="eom" if params.cluster_selection_method == "eom" else "leaf",
        allow_single_cluster=params.allow_single_cluster,
        epsilon=params.cluster_selection_epsilon,
    )
    return raw_labels.astype(np.int32), np.where(raw_labels == NOISE, 0.0, strengths).astype(np.float32)


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
    new = order_by_size(labels)
    return np.where(labels >= 0, new[labels], NOISE).astype(np.int32)


def order_by_size(labels: NDArray[np.integer]) -> NDArray[np.int32]:
    """New number of each old number; ``NOISE`` for numbers without members, and in last place for noise itself.

    Parameters
    ----------
    labels : numpy.ndarray of int, shape (n_docs,)
        Any numbering, negative for noise.
    """
    old, first, sizes = np.unique(labels[labels >= 0], return_index=True, return_counts=True)
    order = np.lexsort((first, -sizes))
    new = np.full(int(old.max(initial=-1)) + 2, NOISE, dtype=np.int32)
    new[old[order]] = np.arange(len(old))
    return new
