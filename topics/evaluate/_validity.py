"""DBCV's trees of each cluster and the sums of the silhouette, compiled.

hdbscan's ``validity_index`` takes nine times as long, most of it in a Python loop over documents and one over pairs of
clusters, and scikit-learn's sums of the silhouette are a Python loop over documents. The numbers are the same, to the
last bit (a test compares them).

Importing this module imports numba, so only functions that need it do so.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from topics._compiled import compiled

if TYPE_CHECKING:
    from numpy.typing import NDArray

_RELATIVE, _ABSOLUTE = 1e-5, 1e-8  # within which two distances are equal, as numpy's isclose has it


def validity_of(points: NDArray[np.float64], labels: NDArray[np.int64]) -> float:
    """The density-based clustering validation of clusters (Moulavi et al. 2014), as hdbscan computes it.

    Parameters
    ----------
    points : numpy.ndarray of float64, shape (n_docs, n_components)
        Points of a layout.
    labels : numpy.ndarray of int64, shape (n_docs,)
        Clusters from 0 without gaps, at least two, of at least two documents each; ``NOISE`` for documents in none.
    """
    order = np.argsort(labels, kind="stable")
    starts = np.searchsorted(labels[order], np.arange(int(labels.max()) + 2))
    sizes = np.diff(starts)
    sparseness = np.empty(len(sizes))
    inner, cores = [], []
    for cluster, start in enumerate(starts[:-1].tolist()):
        own = points[order[start : start + sizes[cluster]]]
        reach, core = _reachability(own)
        places, sparseness[cluster] = _internal_tree(reach)
        inner.append(own[places])
        cores.append(core[places])
    separation = _separation(inner, cores)
    worths = (separation - sparseness) / np.maximum(separation, sparseness)
    result = 0.0
    for size, worth in zip(sizes.tolist(), worths, strict=True):  # in hdbscan's order
        result += (size / float(len(points))) * worth
    return float(result)


def _reachability(points: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Mutual reachability distances of a cluster's points, and their core distances over all points of it."""
    squares = np.einsum("ij,ij->i", points, points)[:, None]
    distances = -2 * (points @ points.T)
    distances += squares
    distances += squares.T
    np.maximum(distances, 0, out=distances)
    np.fill_diagonal(distances, 0)
    np.sqrt(distances, out=distances)
    n, n_dims = points.shape
    apart = distances != 0
    density = np.zeros_like(distances)
    density[apart] = (1.0 / distances[apart]) ** n_dims
    core = density.sum(axis=1)
    core /= n - 1
    if core.sum() == 0:
        core = np.zeros(n)
    else:
        core **= -1.0 / n_dims
    np.maximum(distances, core, out=distances)
    np.maximum(distances, core[:, None], out=distances)
    return distances, core


def _internal_tree(reach: NDArray[np.float64]) -> tuple[NDArray[np.intp], float]:
    """Places of the nodes of the spanning tree that are no leaves, and the longest edge between two of them."""
    n = len(reach)
    sources, targets, lengths = np.empty(n - 1, np.intp), np.empty(n - 1, np.intp), np.empty(n - 1)
    _span(reach, sources, targets, lengths)
    is_inner = np.bincount(np.concatenate([sources, targets]), minlength=n) > 1
    if not is_inner.any():
        is_inner[0] = True
    between = is_inner[sources] & is_inner[targets]
    return np.flatnonzero(is_inner), float(lengths[between].max() if between.any() else lengths.max())


def _separation(points: list[NDArray[np.float64]], cores: list[NDArray[np.float64]]) -> NDArray[np.float64]:
    """Smallest mutual reachability distance of each cluster's inner points to those of another cluster."""
    from scipy.spatial.distance import cdist

    starts = np.cumsum([0, *map(len, points)])
    every, core = np.concatenate(points), np.concatenate(cores)
    smallest = np.full(len(points), np.inf)
    for cluster in range(len(points) - 1):
        first, rest = slice(starts[cluster], starts[cluster + 1]), slice(starts[cluster + 1], None)
        reach = cdist(every[first], every[rest])
        np.maximum(reach, core[first, None], out=reach)
        np.maximum(reach, core[rest], out=reach)
        nearest = np.minimum.reduceat(reach.min(axis=0), starts[cluster + 1 : -1] - starts[cluster + 1])
        smallest[cluster] = min(smallest[cluster], nearest.min())
        smallest[cluster + 1 :] = np.minimum(smallest[cluster + 1 :], nearest)
    return smallest


@compiled
def _span(reach: Any, sources: Any, targets: Any, lengths: Any) -> None:
    """Prim's minimum spanning tree from the first row; an edge begins at the first row of the tree at its distance."""
    n = len(reach)
    entered = np.full(n, n)  # when a row came into the tree
    nearest = np.full(n, np.inf)
    source = np.zeros(n, np.intp)
    current = 0
    for step in range(n - 1):
        entered[current] = step
        length, new = np.inf, 0
        for j in range(n):
            if entered[j] < n:
                continue
            distance = reach[current, j]
            if distance < nearest[j]:
                nearest[j], source[j] = distance, current
            if nearest[j] < length:
                length, new = nearest[j], j
        start = source[new]
        if step > 0:
            margin = _ABSOLUTE + _RELATIVE * abs(length)
            for j in range(n):
                if entered[j] <= step and (abs(reach[new, j] - length) <= margin or reach[new, j] == length):
                    start = j
                    break
        sources[step], targets[step], lengths[step] = start, new, length
        current = new


def sums_by_cluster(
    distances: NDArray[np.float32], docs: NDArray[np.intp], *, labels: NDArray[np.intp], n_clusters: int
) -> NDArray[np.float64]:
    """Sum of the distances of each document to those of each cluster: in the order of the columns, in float64.

    Parameters
    ----------
    distances : numpy.ndarray of float32, shape (n_all, n_all)
        Of all pairs.
    docs : numpy.ndarray of int, shape (n_docs,)
        Rows of the documents.
    labels : numpy.ndarray of int, shape (n_docs,)
        Clusters from 0.
    n_clusters : int
        Number of clusters.
    """
    sums = np.zeros((len(docs), n_clusters))
    _add(distances, docs, labels, sums)
    return sums


@compiled
def _add(distances: Any, docs: Any, labels: Any, sums: Any) -> None:
    for i in range(len(docs)):
        for j in range(len(docs)):
            sums[i, labels[j]] += distances[docs[i], docs[j]]
