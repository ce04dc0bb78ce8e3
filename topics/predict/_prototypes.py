"""Prototypes of clusters: spherical k-means within each, the same bytes everywhere."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from topics._blocks import one_thread
from topics._exact import COLUMNS, ROWS, products, unit_rows, whole

if TYPE_CHECKING:
    from numpy.typing import NDArray

# Chosen on eight labeled corpora (fit on 80 %, the rest against a fit on all): of 4 to 128 prototypes a cluster, of
# medoids, of documents spread evenly or far from each other, of all vectors and of centroids; see docs/predict.md.
N_PROTOTYPES = 16
_ROUNDS = 8  # not tuned: the sums hardly change after that
_BLOCK_ROWS = 4096  # not tuned: bounds memory


def find_prototypes(
    vectors: NDArray[np.float32], labels: NDArray[np.int32]
) -> tuple[NDArray[np.float32], NDArray[np.int32], NDArray[np.int32]]:
    """Up to 16 prototypes of each cluster, the cluster of each, and the prototype of each document.

    Parameters
    ----------
    vectors : numpy.ndarray of float32, shape (n_docs, n_dims)
        Unit vectors.
    labels : numpy.ndarray of int32, shape (n_docs,)
        Clusters; noise is one of them.

    Returns
    -------
    prototypes : numpy.ndarray of float32, shape (n_prototypes, n_dims)
        Unit vectors, by cluster.
    cluster_of : numpy.ndarray of int32, shape (n_prototypes,)
        Ascending.
    cells : numpy.ndarray of int32, shape (n_docs,)
        Place of each document's prototype.
    """
    cells = np.zeros(len(labels), dtype=np.int32)
    prototypes, cluster_of = [np.zeros((0, vectors.shape[1]))], list[int]()
    order = np.argsort(labels, kind="stable")
    starts = np.flatnonzero(np.diff(labels[order], prepend=labels[order][:1] - 1))
    with one_thread():
        for rows in np.split(order, starts[1:]) if len(order) else ():
            means, own = _within(vectors, rows)
            cells[rows] = own + len(cluster_of)
            cluster_of += [int(labels[rows[0]])] * len(means)
            prototypes.append(means)
    return np.concatenate(prototypes).astype(np.float32), np.array(cluster_of, dtype=np.int32), cells


def _within(vectors: NDArray[np.float32], rows: NDArray[np.intp]) -> tuple[NDArray[np.float64], NDArray[np.int32]]:
    """The prototypes of one cluster, and that of each of its documents."""
    middle = _means(vectors, rows, np.zeros(len(rows), dtype=np.int32), 1)
    closeness = np.concatenate([products(block, whole(middle, COLUMNS))[:, 0] for block in _blocks(vectors, rows)])
    ranked = np.lexsort((rows, -closeness))
    chosen = ranked[np.linspace(0, len(rows) - 1, min(N_PROTOTYPES, len(rows))).astype(np.intp)]
    means = whole(vectors[rows[chosen]], COLUMNS) / COLUMNS
    own: NDArray[np.int32] = np.zeros(len(rows), dtype=np.int32)
    for _ in range(_ROUNDS):
        before, own = own, _nearest(vectors, rows, means)
        if np.array_equal(before, own):
            break
        kept, places = np.unique(own, return_inverse=True)
        own = places.astype(np.int32)
        means = _means(vectors, rows, own, len(kept))
    kept, places = np.unique(_nearest(vectors, rows, means), return_inverse=True)
    return means[kept], places.astype(np.int32)


def _blocks(vectors: NDArray[np.float32], rows: NDArray[np.intp]) -> Iterator[NDArray[np.float64]]:
    return (whole(vectors[rows[i : i + _BLOCK_ROWS]], ROWS) for i in range(0, len(rows), _BLOCK_ROWS))


def _nearest(vectors: NDArray[np.float32], rows: NDArray[np.intp], means: NDArray[np.float64]) -> NDArray[np.int32]:
    columns = whole(means, COLUMNS)
    return np.concatenate([products(b, columns).argmax(axis=1) for b in _blocks(vectors, rows)]).astype(np.int32)


def _means(vectors: NDArray[np.float32], rows: NDArray[np.intp], own: NDArray[np.int32], n: int) -> NDArray[np.float64]:
    """Unit means of the groups, of exact sums, rounded to what float32 holds."""
    from scipy.sparse import csr_array

    sums = np.zeros((n, vectors.shape[1]))
    start = 0
    for block in _blocks(vectors, rows):
        part = own[start : start + len(block)]
        start += len(block)
        sums += csr_array((np.ones(len(part)), (part, np.arange(len(part)))), shape=(n, len(part))) @ block
    return whole(unit_rows(sums / ROWS), COLUMNS) / COLUMNS
