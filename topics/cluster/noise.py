"""How sure a label is that noise gets from its neighbours: calibrated on documents held out from the clustering."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from topics.cluster.consensus import largest, one_hot, overlap, row_shares
from topics.records import NOISE

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from scipy.sparse import csr_array

_FEWEST_HELD_OUT = 20


class Calibration:
    """Share of the neighbours' vote → probability that the label is right.

    Documents that were held out are given the cluster of their neighbours, and those whose consensus label that is
    are counted; between shares, isotonic regression (Zadrozny and Elkan 2002).

    Parameters
    ----------
    labels : numpy.ndarray of int32, shape (n_docs,)
        Clusters found without the documents held out; ``NOISE`` for these.
    held_out : numpy.ndarray of int, shape (n_held_out,)
        Their rows.
    consensus : numpy.ndarray of int32, shape (n_docs,)
        The labels that count as right.
    voters : scipy.sparse.csr_array, shape (n_docs, n_docs)
        As :func:`topics.cluster.consensus.neighbor_votes` gives them.
    """

    def __init__(
        self,
        labels: NDArray[np.int32],
        held_out: NDArray[np.int64],
        *,
        consensus: NDArray[np.int32],
        voters: csr_array,
    ) -> None:
        n_clusters, n_found = int(consensus.max(initial=NOISE)) + 1, int(labels.max(initial=NOISE)) + 1
        self._regression: Any = None
        self.n_held_out = 0
        if not n_clusters or not n_found:
            return
        numbers = overlap(labels, consensus, n_clusters=n_clusters)[0].argmax(axis=1)
        given, shares = largest(row_shares(voters[held_out] @ one_hot(labels, n_found)))
        known = (consensus[held_out] != NOISE) & (given != NOISE)
        right = numbers[given[known]] == consensus[held_out][known]
        self.n_held_out = int(known.sum())
        if self.n_held_out >= _FEWEST_HELD_OUT:
            from sklearn.isotonic import IsotonicRegression

            self._regression = IsotonicRegression(y_min=0, y_max=1, out_of_bounds="clip").fit(shares[known], right)

    def __call__(self, shares: NDArray[np.float64]) -> NDArray[np.float64]:
        """The probability at each share, in [0, 1]; the share itself where too few documents were held out."""
        if self._regression is None or not len(shares):
            return shares
        return np.asarray(self._regression.predict(shares), dtype=np.float64)
