"""How many documents two terms have in common."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from scipy.sparse import csc_array

_MAX_CELLS = 1 << 22  # not tuned: 16 MB, and few enough documents for exact counts in float32


def count_pairs(presence: csc_array, columns: NDArray[np.integer]) -> NDArray[np.int64]:
    """The number of documents with each two of some terms, shape (n_columns, n_columns); with each on the diagonal.

    Few documents are multiplied as a dense matrix, which takes a fifth of the time of a sparse one; many would not fit.

    Parameters
    ----------
    presence : scipy.sparse.csc_array, shape (n_docs, n_terms)
        One entry for each term in each document, whatever its value.
    columns : numpy.ndarray of int
        Columns of the terms.
    """
    from scipy.sparse import csr_array

    n_docs = presence.shape[0]
    docs, terms = _entries(presence, columns)
    if n_docs * len(columns) <= _MAX_CELLS:
        among = np.zeros((len(columns), n_docs), dtype=np.float32)
        among[terms, docs] = 1
        return (among @ among.T).astype(np.int64)
    ends = np.append(0, np.cumsum(np.bincount(terms, minlength=len(columns))))
    sparse = csr_array((np.ones(len(docs), np.int64), docs, ends), shape=(len(columns), n_docs))
    return np.asarray((sparse @ sparse.T).toarray())


def count_pairs_of_each(presence: csc_array, groups: Sequence[NDArray[np.integer]]) -> NDArray[np.int64]:
    """As :func:`count_pairs`, of several groups of terms, shape (n_groups, n, n) for the largest of n terms.

    Parameters
    ----------
    presence : scipy.sparse.csc_array, shape (n_docs, n_terms)
        As there.
    groups : sequence of numpy.ndarray of int
        Columns of the terms of each group; what is beyond those of a group is 0.
    """
    n_docs, width = presence.shape[0], max(map(len, groups), default=0)
    pairs = np.zeros((len(groups), width, width), dtype=np.int64)
    n_at_once = _MAX_CELLS // max(n_docs * width, 1)
    if n_at_once < 2:
        for i, columns in enumerate(groups):
            pairs[i, : len(columns), : len(columns)] = count_pairs(presence, columns)
        return pairs
    for first in range(0, len(groups), n_at_once):
        some = groups[first : first + n_at_once]
        among = np.zeros((len(some) * width, n_docs), dtype=np.float32)
        docs, terms = _entries(presence, np.concatenate(some))
        places = np.concatenate([i * width + np.arange(len(columns)) for i, columns in enumerate(some)])
        among[places[terms], docs] = 1
        among = among.reshape(len(some), width, n_docs)
        pairs[first : first + len(some)] = among @ among.transpose(0, 2, 1)
    return pairs


def _entries(presence: csc_array, columns: NDArray[np.integer]) -> tuple[NDArray[np.integer], NDArray[np.intp]]:
    """Row of each entry of some columns, and which of them it is in."""
    starts = presence.indptr
    sizes = starts[columns + 1] - starts[columns]
    ends = np.cumsum(sizes)
    places = np.arange(ends[-1] if len(ends) else 0) + np.repeat(starts[columns] - (ends - sizes), sizes)
    return presence.indices[places], np.repeat(np.arange(len(columns)), sizes)
