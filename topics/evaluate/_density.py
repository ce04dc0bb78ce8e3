"""Density and separation of clusters, without human labels."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from topics.records import NOISE

if TYPE_CHECKING:
    from numpy.typing import NDArray

MAX_DOCUMENTS = 5_000  # not tuned: both measures compare every two documents, so time and memory are bounded


def silhouette(vectors: NDArray[np.float32], labels: NDArray[np.int32]) -> float:
    """Mean silhouette by cosine distance, in [-1, 1], higher is better (Rousseeuw 1987); NaN with a single cluster.

    How much closer a document is to its own cluster than to the next one. Noise is left out. With more than 5,000
    documents, an even sample of them is used.

    Parameters
    ----------
    vectors : numpy.ndarray of float32, shape (n_docs, n_dims)
        Unit vectors.
    labels : numpy.ndarray of int32, shape (n_docs,)
        ``NOISE`` for documents in no cluster.
    """
    from sklearn.metrics import silhouette_score

    docs = _spread(labels)
    n_clusters = len(np.unique(labels[docs]))
    if not 2 <= n_clusters < len(docs):
        return float("nan")
    return float(silhouette_score(vectors[docs], labels[docs], metric="cosine"))


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
    from hdbscan.validity import validity_index

    docs = _spread(labels, noise=True)
    kept = labels[docs].astype(np.int64)
    sizes = np.bincount(kept[kept >= 0])
    kept[np.isin(kept, np.flatnonzero(sizes == 1))] = NOISE  # a single document has no density
    if len(np.unique(kept[kept >= 0])) < 2:
        return float("nan")
    renumbered = np.unique(kept[kept >= 0], return_inverse=True)[1]
    kept[kept >= 0] = renumbered
    with np.errstate(divide="ignore", invalid="ignore"):
        value = float(validity_index(points[docs].astype(np.float64), kept))
    return value if np.isfinite(value) else float("nan")


def _spread(labels: NDArray[np.int32], *, noise: bool = False) -> NDArray[np.intp]:
    docs = np.arange(len(labels)) if noise else np.flatnonzero(labels != NOISE)
    step = max(1, -(-len(docs) // MAX_DOCUMENTS))
    return docs[::step]
