"""UMAP's fuzzy graph of known neighbors, in numpy.

umap-learn's own ``fuzzy_simplicial_set`` gives the same graph (a test compares them) but compiles for 7 s in every
fresh process, and importing it takes another 3 s. Weights are computed in double precision and rounded once at the end,
so that all CPUs give the same ones.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from scipy.sparse import coo_array

# umap-learn's own, for the same graph.
_TOLERANCE = 1e-5
_ROUNDS = 64
_MIN_SCALE = 1e-3


def fuzzy_graph(indices: NDArray[np.int32], distances: NDArray[np.float32], *, n_epochs: int) -> coo_array:
    """The fuzzy union of each document's neighborhood (McInnes et al. 2018, sections 3.1 and 4.1).

    Parameters
    ----------
    indices : numpy.ndarray of int32, shape (n_docs, k)
        Neighbors of each document, the nearest first.
    distances : numpy.ndarray of float32, shape (n_docs, k)
        Their distances.
    n_epochs : int
        Number of epochs; edges too light to be sampled once in that many are left out.

    Returns
    -------
    scipy.sparse.coo_array of float32, shape (n_docs, n_docs)
        Symmetric; weights in (0, 1].
    """
    from scipy.sparse import csr_array

    n_docs, k = indices.shape
    far = distances.astype(np.float64)
    nearest = _nearest_above_zero(far)
    scale = _scales(far, nearest)
    with np.errstate(divide="ignore", invalid="ignore"):
        weights = np.exp(-np.maximum(far - nearest[:, None], 0.0) / scale[:, None])
    weights = np.where(far <= nearest[:, None], 1.0, weights)
    weights[indices == np.arange(n_docs)[:, None]] = 0.0
    directed = csr_array((weights.ravel(), indices.ravel(), np.arange(n_docs + 1) * k), shape=(n_docs, n_docs))
    back = csr_array(directed.T)
    graph = (directed + back - directed * back).tocoo()
    graph.data = graph.data.astype(np.float32)
    graph.data[graph.data < graph.data.max() / n_epochs] = 0.0
    graph.eliminate_zeros()
    return graph


def _nearest_above_zero(far: NDArray[np.float64]) -> NDArray[np.float64]:
    """Each document's smallest distance above zero; 0 if there is none."""
    smallest = np.where(far > 0, far, np.inf).min(axis=1)
    return np.where(np.isfinite(smallest), smallest, 0.0)


def _scales(far: NDArray[np.float64], nearest: NDArray[np.float64]) -> NDArray[np.float64]:
    """Scale of each document at which its neighbors' weights sum to log2(k), by bisection."""
    n_docs, k = far.shape
    target = math.log2(k)
    beyond = np.maximum(far[:, 1:] - nearest[:, None], 0.0)
    scale, low, high = np.ones(n_docs), np.zeros(n_docs), np.full(n_docs, np.inf)
    rows = np.arange(n_docs)
    for _ in range(_ROUNDS):
        total = np.exp(-beyond[rows] / scale[rows, None]).sum(axis=1)
        off = np.abs(total - target) >= _TOLERANCE
        rows, total = rows[off], total[off]
        if not len(rows):
            break
        above = total > target
        high[rows[above]] = scale[rows[above]]
        low[rows[~above]] = scale[rows[~above]]
        open_ended = np.isinf(high[rows])
        middle = (low[rows] + np.where(open_ended, 0.0, high[rows])) / 2
        scale[rows] = np.where(open_ended, scale[rows] * 2, middle)
    reference = np.where(nearest > 0, far.mean(axis=1), far.mean())
    return np.asarray(np.maximum(scale, _MIN_SCALE * reference))
