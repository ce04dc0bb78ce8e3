"""The mutual information that two labelings share by chance, compiled: a scan computes it about 1,900 times.

scikit-learn takes 10 to 100 times as long: it sums over all pairs of clusters and all counts. This module sums once per
pair of cluster *sizes*, over the counts that can occur, and derives each probability from the one before.

Importing this module imports numba, so only functions that need it do so.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from topics._compiled import compiled

if TYPE_CHECKING:
    from numpy.typing import NDArray

# Not tuned: chosen so that the counts left out add less than 1e-16.
_REACH = 10.0  # standard deviations of the hypergeometric distribution
_MIN_REACH = 20  # counts, for small clusters, whose distribution is skewed


def expected_information(
    sizes: NDArray[np.int64], other_sizes: NDArray[np.int64], *, log_factorials: NDArray[np.float64]
) -> float:
    """Expected mutual information of random labelings with these cluster sizes, in nats.

    Vinh, Epps and Bailey 2010, eq. 24a.

    Parameters
    ----------
    sizes, other_sizes : numpy.ndarray of int64, shape (n_clusters,)
        Positive, with equal sums.
    log_factorials : numpy.ndarray of float64, shape (n_docs + 1,)
        Logarithms of the factorials of 0 to the number of documents.
    """
    kinds, n_kinds = np.unique(sizes, return_counts=True)
    other_kinds, n_other_kinds = np.unique(other_sizes, return_counts=True)
    return float(_sum_expected(kinds, n_kinds, other_kinds, n_other_kinds, log_factorials))


@compiled
def _sum_expected(kinds: Any, n_kinds: Any, other_kinds: Any, n_other_kinds: Any, log_factorials: Any) -> float:
    n = len(log_factorials) - 1
    total = 0.0
    for i in range(len(kinds)):
        for j in range(len(other_kinds)):
            a, b = kinds[i], other_kinds[j]
            mean = a * b / n
            reach = _MIN_REACH + _REACH * np.sqrt(mean * (1 - a / n) * (1 - b / n))
            lowest = max(1, a + b - n, int(np.floor(mean - reach)))
            highest = min(a, b, int(np.ceil(mean + reach)))
            probability = np.exp(
                log_factorials[a] + log_factorials[b] + log_factorials[n - a] + log_factorials[n - b]
                - log_factorials[n] - log_factorials[lowest] - log_factorials[a - lowest] - log_factorials[b - lowest]
                - log_factorials[n - a - b + lowest]
            )  # fmt: skip
            expected, log_mean = 0.0, np.log(mean)
            for count in range(lowest, highest + 1):
                log_count = log_factorials[count] - log_factorials[count - 1]
                expected += count * (log_count - log_mean) * probability
                probability *= (a - count) * (b - count) / ((count + 1.0) * (n - a - b + count + 1.0))
            total += n_kinds[i] * n_other_kinds[j] * expected / n
    return total
