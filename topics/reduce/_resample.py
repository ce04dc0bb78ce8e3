"""Random samples of the documents, and the neighbors within them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True)
class Draw:
    """The sample of documents of one layout.

    Attributes
    ----------
    random_state : int
        Seed of the sample and of the layout.
    share : float in (0, 1]
        Share of the documents in the sample.
    """

    random_state: int
    share: float = 1.0

    def rows(self, n_docs: int) -> NDArray[np.int64]:
        """The sampled documents, ascending.

        Parameters
        ----------
        n_docs : int
            Number of documents to draw from.
        """
        if self.share == 1:
            return np.arange(n_docs)
        order = np.random.RandomState(self.random_state).permutation(n_docs)
        return np.sort(order[: round(self.share * n_docs)])


def neighbors_among(
    indices: NDArray[np.int32], distances: NDArray[np.float32], *, rows: NDArray[np.int64], k: int
) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
    """The nearest neighbors within a sample of the documents, from the neighbors among all.

    If fewer than ``k`` of a document's neighbors were sampled, the document itself fills the remaining places, at the
    distance of the last neighbor. So it has no edge to itself, and the sum that scales the weights still has ``k``
    terms.

    Parameters
    ----------
    indices : numpy.ndarray of int32, shape (n_docs, n_neighbors)
        Neighbors among all documents, the nearest first, starting with the document itself.
    distances : numpy.ndarray of float32, shape (n_docs, n_neighbors)
        Their distances.
    rows : numpy.ndarray of int64, shape (n_drawn,)
        The sampled documents, ascending.
    k : int
        Number of neighbors, the document itself included.

    Returns
    -------
    indices : numpy.ndarray of int32, shape (n_drawn, k)
        Places in ``rows``.
    distances : numpy.ndarray of float32, shape (n_drawn, k)
        Their distances.
    """
    if len(rows) == len(indices):
        return indices[:, :k], distances[:, :k]
    place = np.full(len(indices), -1, dtype=np.int32)
    place[rows] = np.arange(len(rows), dtype=np.int32)
    near = place[indices[rows]]
    order = np.argsort(near < 0, axis=1, kind="stable")[:, :k]
    near = np.take_along_axis(near, order, axis=1)
    far = np.take_along_axis(distances[rows], order, axis=1)
    lacking = near < 0
    last = np.where(lacking, 0.0, far).max(axis=1, keepdims=True)
    own = np.arange(len(rows), dtype=np.int32)[:, None]
    return np.where(lacking, own, near), np.where(lacking, last, far)
