"""Labels of vectors → the least records that prototypes are frozen of."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from topics.records import METHODS, NOISE, Clusters, Embeddings, Levels, Origin

if TYPE_CHECKING:
    from numpy.typing import NDArray


def labeling_of(
    vectors: NDArray[np.float32], labels: NDArray[np.int32], *, confidences: NDArray[np.float32]
) -> tuple[Embeddings, Levels, Clusters]:
    """Records of one labeling, without levels.

    Parameters
    ----------
    vectors : numpy.ndarray of float32, shape (n_docs, n_dims)
        Unit vectors.
    labels : numpy.ndarray of int32, shape (n_docs,)
        Topic of each.
    confidences : numpy.ndarray of float32, shape (n_docs,)
        Of each.
    """
    import pyarrow as pa
    from scipy.sparse import csr_array

    n, k = len(labels), int(labels.max(initial=NOISE)) + 1
    origin = Origin("growth", 1, {}, (), {})
    rows = np.flatnonzero(labels != NOISE)
    membership = csr_array((np.ones(len(rows), dtype=np.float32), (rows, labels[rows])), shape=(n, k))
    none = pa.table({"level": pa.array([], pa.string())})
    levels = Levels(
        "part", none, none, np.zeros((0, n), np.int32), np.zeros((0, n), np.float32),
        csr_array((0, k), dtype=np.float32), 1, 1, origin,
    )  # fmt: skip
    clusters = Clusters(
        "part", labels, confidences, labels, np.full(n, METHODS.index("cluster")), confidences, membership,
        np.full(k, np.nan), "", 1, 1, origin,
    )  # fmt: skip
    return Embeddings("part", vectors, np.full(n, np.nan), origin), levels, clusters
