"""How dense and how well apart clusters are, without human labels."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from topics.records import NOISE

if TYPE_CHECKING:
    from numpy.typing import NDArray

MOST_DOCUMENTS = 5_000  # looked at; both measures compare every two documents


def silhouette(vectors: NDArray[np.float32], labels: NDArray[np.int32]) -> float:
    """Mean silhouette by cosine distance, in [-1, 1], higher is better (Rousseeuw 1987); NaN of one cluster.

    How much nearer a document is to its own cluster than to the next one. Noise is left out; of more than 5,000
    documents a part that is spread evenly over all is looked at.

    Parameters
    ----------
    vectors : numpy.ndarray of float32, shape (n_docs, n_dims)
        Unit vectors.
    labels : numpy.ndarray of int32, shape (n_docs,)
        ``NOISE`` for documents in no cluster.
    """
    from sklearn.metrics import silhouette_score

    docs = _spread(labels)
    n_found = len(np.unique(labels[docs]))
    if not 2 <= n_found < len(docs):
        return float("nan")
    return float(silhouette_score(vectors[docs], labels[docs], metric="cosine"))


def dbcv(points: NDArray[np.float32], labels: NDArray[np.int32]) -> float:
    """Density-based clustering validation, in [-1, 1], higher is better (Moulavi et al. 2014); NaN of one cluster.

    How much denser clusters are inside than between one another, weighted by size; noise lowers it. Of more than 5,000
    documents a part that is spread evenly over all is looked at, which makes all of it less dense.

    Parameters
    ----------
    points : numpy.ndarray of float32, shape (n_docs, n_components)
        A layout.
    labels : numpy.ndarray of int32, shape (n_docs,)
        ``NOISE`` for documents in no cluster.
    """
    from hdbscan.validity import validity_index

    docs = _spread(labels, noise=True)
    kept = labels[docs].astype(np.int64)
    sizes = np.bincount(kept[kept >= 0])
    kept[np.isin(kept, np.flatnonzero(sizes == 1))] = NOISE  # of one document there is no density
    if len(np.unique(kept[kept >= 0])) < 2:
        return float("nan")
    renumbered = np.unique(kept[kept >= 0], return_inverse=True)[1]
    kept[kept >= 0] = renumbered
    with np.errstate(divide="ignore", invalid="ignore"):
        value = float(validity_index(points[docs].astype(np.float64), kept))
    return value if np.isfinite(value) else float("nan")


def _spread(labels: NDArray[np.int32], *, noise: bool = False) -> NDArray[np.intp]:
    docs = np.arange(len(labels)) if noise else np.flatnonzero(labels != NOISE)
    step = max(1, -(-len(docs) // MOST_DOCUMENTS))
    return docs[::step]
