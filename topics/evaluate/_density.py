"""Density and separation of clusters, without human labels."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from topics._blocks import one_thread
from topics.records import NOISE

if TYPE_CHECKING:
    from numpy.typing import NDArray

MAX_DOCUMENTS = 5_000  # not tuned: both measures compare every two documents, so time and memory are bounded


def silhouette(
    vectors: NDArray[np.float32], labels: NDArray[np.int32], *, distances: NDArray[np.float32] | None = None
) -> float:
    """Mean silhouette by cosine distance, in [-1, 1], higher is better (Rousseeuw 1987); NaN with a single cluster.

    How much closer a document is to its own cluster than to the next one. Noise is left out. With more than 5,000
    documents, an even sample of them is used.

    Parameters
    ----------
    vectors : numpy.ndarray of float32, shape (n_docs, n_dims)
        Unit vectors.
    labels : numpy.ndarray of int32, shape (n_docs,)
        ``NOISE`` for documents in no cluster.
    distances : numpy.ndarray of float32, shape (n_docs, n_docs), or None
        Their cosine distances where they are known, from :func:`cosine_distances_of`; not used of more than 5,000.
    """
    if len(labels) > MAX_DOCUMENTS:
        docs = _spread(labels)
        vectors, labels, distances = vectors[docs], labels[docs], None
    numbers, sizes = np.unique(labels[labels != NOISE], return_inverse=True, return_counts=True)[1:]
    if not 2 <= len(sizes) < len(numbers):
        return float("nan")
    from topics.evaluate._validity import sums_by_cluster

    distances = cosine_distances_of(vectors) if distances is None else distances
    docs = np.flatnonzero(labels != NOISE)
    sums = sums_by_cluster(distances, docs, labels=numbers, n_clusters=len(sizes))
    means = sums.astype(distances.dtype)  # as scikit-learn adds and divides
    own = (np.arange(len(docs)), numbers)
    inside = means[own]
    means[own] = np.inf
    means /= sizes
    outside = means.min(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        inside /= (sizes - 1)[numbers]
        values = (outside - inside) / np.maximum(inside, outside)
    return float(np.mean(np.nan_to_num(values)))  # a document that is alone in its cluster has 0


def cosine_distances_of(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """Cosine distances of vectors from each other, in [0, 2]; the same bits on any number of threads.

    Parameters
    ----------
    vectors : numpy.ndarray of float32, shape (n_docs, n_dims)
        Unit vectors.
    """
    from sklearn.metrics.pairwise import cosine_distances

    with one_thread():
        distances: NDArray[np.float32] = cosine_distances(vectors)
    return distances


def dbcv(points: NDArray[np.float32], labels: NDArray[np.int32]) -> float:
    """Density-based clustering validation, in [-1, 1], higher is better; NaN with a single cluster.

    How much denser clusters are inside than between each other, weighted by size; noise lowers it (Moulavi et al.
    2014). With more than 5,000 documents, an even sample of them is used, which is less dense.

    Parameters
    ----------
    points : numpy.ndarray of float32, shape (n_docs, n_components)
        Points of a layout.
    labels : numpy.ndarray of int32, shape (n_docs,)
        ``NOISE`` for documents in no cluster.
    """
    from topics.evaluate._validity import validity_of

    docs = _spread(labels, noise=True)
    kept = labels[docs].astype(np.int64)
    sizes = np.bincount(kept[kept >= 0])
    kept[np.isin(kept, np.flatnonzero(sizes == 1))] = NOISE  # a single document has no density
    if len(np.unique(kept[kept >= 0])) < 2:
        return float("nan")
    renumbered = np.unique(kept[kept >= 0], return_inverse=True)[1]
    kept[kept >= 0] = renumbered
    with np.errstate(divide="ignore", invalid="ignore"):
        value = validity_of(points[docs].astype(np.float64), kept)
    return value if np.isfinite(value) else float("nan")


def _spread(labels: NDArray[np.int32], *, noise: bool = False) -> NDArray[np.intp]:
    docs = np.arange(len(labels)) if noise else np.flatnonzero(labels != NOISE)
    step = max(1, -(-len(docs) // MAX_DOCUMENTS))
    return docs[::step]
