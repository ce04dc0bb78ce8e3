"""How densely documents lie around a vector, in each cluster: kernels around prototypes, in fixed arithmetic."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from topics._exact import COLUMNS, exponential, products, unit_rows, whole

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from scipy.sparse import csr_array

# Chosen on the corpora of ``docs/predict.md``: bandwidths in cosine similarity, of .03 to .15 for the topic (wider ones
# drown small topics), and of .04 to .15 for whether a document is like any (narrow ones take a story's few documents
# for the whole of a topic). The wide one is twice the narrow one, so that one exponential serves both.
_WIDE = 0.12
_CANDIDATES = 8  # clusters that a document is compared with in full; not tuned: others have next to no share


@dataclass(frozen=True, eq=False)
class Own:
    """What of a training document is left out of its own prototype.

    Attributes
    ----------
    cells : numpy.ndarray of int32, shape (n,)
        Its prototype.
    similarity : numpy.ndarray of float64, shape (n,)
        To the mean of the group without it; of the only one of a group anything.
    """

    cells: NDArray[np.int32]
    similarity: NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Densities:
    """Densities at some vectors.

    Attributes
    ----------
    of_topic : numpy.ndarray of float64, shape (n, n_topics + 1)
        Narrow kernels, by topic; the last column is that of noise.
    sure : numpy.ndarray of float64, shape (n, n_topics + 1)
        The same of each document's confidence, so that their ratio is the confidence around a vector; zeros where the
        kernels were not told any.
    total : numpy.ndarray of float64, shape (n,)
        Wide kernels of all candidates together, above zero.
    nearest : numpy.ndarray of int64, shape (n,)
        The prototype with the greatest similarity.
    """

    of_topic: NDArray[np.float64]
    sure: NDArray[np.float64]
    total: NDArray[np.float64]
    nearest: NDArray[np.int64]


class Kernels:
    """The prototypes of one set of clusters, ready to be asked.

    Parameters
    ----------
    prototypes : numpy.ndarray of float32, shape (n_prototypes, n_dims)
        Unit vectors, by cluster.
    cluster_of : numpy.ndarray of int32, shape (n_prototypes,)
        Ascending.
    weights : scipy.sparse.csr_array, shape (n_prototypes, n_topics + 1)
        Number of documents of each prototype in each topic, noise last. Without edits a prototype has one topic.
    sure : scipy.sparse.csr_array of the same shape, or None
        Sum of their confidences.
    """

    def __init__(
        self,
        prototypes: NDArray[np.float32],
        cluster_of: NDArray[np.int32],
        weights: csr_array,
        *,
        sure: csr_array | None = None,
    ) -> None:
        self.n_columns = weights.shape[1]
        self._columns = whole(prototypes, COLUMNS)
        self._sizes = np.asarray(weights.sum(axis=1), dtype=np.float64).ravel()
        told = {} if sure is None else _by_place(sure)
        self._is_sure = sure is not None
        self._weights: list[list[tuple[int, float, float]]] = [[] for _ in range(weights.shape[0])]
        for (prototype, topic), size in _by_place(weights).items():
            self._weights[prototype].append((topic, size, told.get((prototype, topic), 0.0)))
        starts = np.flatnonzero(np.diff(cluster_of, prepend=cluster_of[:1] - 1))
        self._ranges = list(zip(starts.tolist(), [*starts[1:].tolist(), len(cluster_of)], strict=True))
        sums = [(prototypes[a:b].astype(np.float64) * self._sizes[a:b, None]).sum(axis=0) for a, b in self._ranges]
        self._middles = whole(unit_rows(np.array(sums)), COLUMNS) if sums else self._columns

    def at(self, rows: NDArray[np.float64], own: Own | None = None) -> Densities:
        """Densities at some vectors; each row's do not depend on the others.

        Parameters
        ----------
        rows : numpy.ndarray of float64, shape (n, n_dims)
            Unit vectors, from :func:`topics._exact.whole`.
        own : Own or None
            Of training documents, to leave each out of its own density.
        """
        n = len(rows)
        of_topic, total = np.zeros((n, self.n_columns)), np.full(n, np.finfo(np.float64).tiny)
        sure = np.zeros_like(of_topic)
        best, nearest = np.full(n, -np.inf), np.zeros(n, dtype=np.int64)
        for (start, stop), wanted in zip(self._ranges, self._candidates(rows), strict=True):
            places = np.flatnonzero(wanted)
            if not len(places):
                continue
            similarity = products(rows[places], self._columns[start:stop])
            wide = exponential((similarity - 1.0) / _WIDE)
            if own is not None:
                self._leave_out(wide, own, places=places, start=start)
            for column in range(stop - start):
                total[places] += wide[:, column] * self._sizes[start + column]
                self._add(of_topic, sure, places, start + column, wide[:, column])
                above = similarity[:, column] > best[places]
                best[places[above]], nearest[places[above]] = similarity[above, column], start + column
        return Densities(of_topic, sure, total, nearest)

    def _add(
        self,
        of_topic: NDArray[np.float64],
        sure: NDArray[np.float64],
        places: NDArray[np.intp],
        prototype: int,
        wide: NDArray[np.float64],
    ) -> None:
        narrow = wide * wide
        for topic, size, confidence in self._weights[prototype]:
            of_topic[places, topic] += narrow * size
            if self._is_sure:
                sure[places, topic] += narrow * confidence

    def _leave_out(self, wide: NDArray[np.float64], own: Own, *, places: NDArray[np.intp], start: int) -> None:
        """Put in the place of a document's own prototype that of the others in its group."""
        columns = own.cells[places] - start
        here = np.flatnonzero((columns >= 0) & (columns < wide.shape[1]))
        sizes = self._sizes[columns[here] + start]
        without = exponential((own.similarity[places[here]] - 1.0) / _WIDE)
        wide[here, columns[here]] = without * (sizes - 1.0) / sizes

    def _candidates(self, rows: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Whether each cluster is among the nearest of each row, shape (n_clusters, n); equally near ones all are."""
        if len(self._ranges) <= _CANDIDATES:
            return np.ones((len(self._ranges), len(rows)), dtype=bool)
        similarity = products(rows, self._middles)
        last = np.partition(similarity, len(self._ranges) - _CANDIDATES, axis=1)[:, len(self._ranges) - _CANDIDATES]
        return np.ascontiguousarray((similarity >= last[:, None]).T)


def _by_place(matrix: csr_array) -> dict[tuple[int, int], float]:
    """The stored values by row and column, row by row."""
    rows = np.repeat(np.arange(matrix.shape[0]), np.diff(matrix.indptr)).tolist()
    return dict(zip(zip(rows, matrix.indices.tolist(), strict=True), matrix.data.tolist(), strict=True))
