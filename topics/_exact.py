"""Arithmetic that gives a row the same bits alone, in any batch, under any BLAS kernel and on any make of processor.

Vectors are rounded to whole multiples of a power of two. Products of such numbers, and all partial sums of them, are
whole numbers below ``2**53``, which double precision holds exactly: so a matrix product of them has no rounding that
its order could change. What is left (sums in a fixed order, exponentials and logarithms made of the four operations)
is rounded in one way everywhere, too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

ROWS, COLUMNS = 2.0**25, 2.0**24
"""Units of the two sides of a product: rows of unit length, and prototypes, which float32 holds exactly."""

_HALVINGS = 6  # of an exponent, before a series of it
_TERMS = 12  # of a series: the next is below double precision for exponents above -40
_LN2 = 0.6931471805599453


def whole(vectors: NDArray[np.floating], unit: float) -> NDArray[np.float64]:
    """The vectors as whole multiples of ``1 / unit``.

    Parameters
    ----------
    vectors : numpy.ndarray of float, shape (n, n_dims)
        Of at most unit length.
    unit : float
        A power of two.
    """
    scaled = np.asarray(vectors, dtype=np.float64) * unit
    return np.asarray(np.rint(scaled, out=scaled))


def products(rows: NDArray[np.float64], columns: NDArray[np.float64]) -> NDArray[np.float64]:
    """Inner products of all pairs, exact: shape (n_rows, n_columns).

    Parameters
    ----------
    rows, columns : numpy.ndarray of float64, shape (n, n_dims)
        From :func:`whole`, in units of ``1 / ROWS`` and ``1 / COLUMNS``, of unit length.
    """
    return np.asarray(rows @ columns.T) / (ROWS * COLUMNS)


def row_sums(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Sums of rows, shape (n,), added in pairs of halves: an order that depends on nothing but the width.

    Parameters
    ----------
    values : numpy.ndarray of float64, shape (n, n_columns)
        At least one column.
    """
    while values.shape[1] > 1:
        half = values.shape[1] // 2
        halves = values[:, :half] + values[:, half : 2 * half]
        if values.shape[1] % 2:
            halves[:, 0] += values[:, -1]
        values = halves
    return values[:, 0]


def unit_rows(vectors: NDArray[np.floating]) -> NDArray[np.float64]:
    """Rows scaled to unit length; rows of zeros stay so.

    Parameters
    ----------
    vectors : numpy.ndarray of float, shape (n, n_dims)
        Of any length.
    """
    rows = vectors.astype(np.float64)
    lengths = np.sqrt(row_sums(rows * rows))[:, None]
    return np.divide(rows, lengths, out=np.zeros_like(rows), where=lengths > 0)


def centered(vectors: NDArray[np.floating], mean: NDArray[np.floating]) -> NDArray[np.float32]:
    """Unit vectors from a mean to the vectors.

    Parameters
    ----------
    vectors : numpy.ndarray of float, shape (n, n_dims)
        Of at most unit length.
    mean : numpy.ndarray of float, shape (n_dims,)
        What is subtracted.
    """
    return unit_rows(vectors.astype(np.float64) - mean).astype(np.float32)


def exponential(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """``e ** values`` to a relative error below 1e-10.

    Parameters
    ----------
    values : numpy.ndarray of float64
        From -40 to 40.
    """
    small = values / 2.0**_HALVINGS
    series = np.ones_like(small)
    for n in range(_TERMS, 0, -1):
        series *= small
        series /= n
        series += 1.0
    for _ in range(_HALVINGS):
        series *= series
    return series


def logarithm(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Natural logarithm to an absolute error below 1e-12.

    Parameters
    ----------
    values : numpy.ndarray of float64
        Above zero.
    """
    mantissa, exponent = np.frexp(values)
    low = mantissa < np.sqrt(0.5)
    mantissa = np.where(low, 2.0 * mantissa, mantissa)
    ratio = (mantissa - 1.0) / (mantissa + 1.0)
    square = ratio * ratio
    series = np.zeros_like(ratio)
    for n in range(2 * _TERMS - 1, 0, -2):
        series = series * square + 1.0 / n
    return np.asarray((exponent - low) * _LN2 + 2.0 * ratio * series)
