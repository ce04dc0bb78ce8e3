"""UMAP's optimisation of a layout, compiled once and kept on disk, the same to the last bit on every CPU.

It is umap-learn's stochastic gradient descent step by step (a test compares the two), written again for three
reasons. umap-learn's is compiled anew in every process and importing it imports pynndescent: with its graph 12 s of a
cold start, here less than one. It is compiled with ``fastmath``, under which each make of CPU orders its sums in its
own way, and a layout is chaotic: the same vectors and seed gave other topics on another machine. And powers are taken
by a polynomial rather than the C library's ``pow``, whose last bit differs from machine to machine; this is no slower.

Importing this module imports numba: only functions that need it do.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np
from numba import njit

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from scipy.sparse import coo_array

_NEGATIVE_SAMPLES = 5.0  # documents that each one is pushed from, for every neighbour that pulls
_LONGEST_STEP = 4.0
_SOFTENING = 0.001
_ROOT_2 = 1.4142135623730951
_FRACTION, _ONE, _FRACTION_BITS, _BIAS = 0xFFFFFFFFFFFFF, 0x3FF0000000000000, 52, 1023  # of a double
_WORD = 0xFFFFFFFF


def _kept(function: Callable[..., Any]) -> Callable[..., Any]:
    """The function compiled, and kept on disk where a folder for that can be written."""
    try:
        compiled: Callable[..., Any] = njit(function, cache=True, nogil=True, error_model="numpy")
    except RuntimeError:  # no such folder: compiled anew in each process
        compiled = njit(function, nogil=True, error_model="numpy")
    return compiled


def fit_curve(spread: float, min_dist: float) -> tuple[float, float]:
    """The ``a`` and ``b`` of ``1 / (1 + a * d ** (2 * b))`` nearest to what is 1 below ``min_dist`` and then falls.

    As umap-learn's ``find_ab_params``, rounded to the digits that every machine finds.

    Parameters
    ----------
    spread, min_dist : float
        UMAP's.
    """
    from scipy.optimize import curve_fit

    d = np.linspace(0, spread * 3, 300)
    wanted = np.where(d < min_dist, 1.0, np.exp(-(d - min_dist) / spread))
    found, _ = curve_fit(lambda d, a, b: 1.0 / (1.0 + a * d ** (2 * b)), d, wanted)
    return round(float(found[0]), 6), round(float(found[1]), 6)


@_kept
def power(x: float, exponent: float) -> float:
    """``x ** exponent`` for ``x > 0`` within 1e-8 of its value, by sums and products alone."""
    bits = np.float64(x).view(np.int64)
    whole = (bits >> _FRACTION_BITS) - _BIAS
    part = np.int64((bits & _FRACTION) | _ONE).view(np.float64)
    if part > _ROOT_2:
        part *= 0.5
        whole += 1
    s = (part - 1.0) / (part + 1.0)
    q = s * s
    log2 = 0.41219858311113244 + q * 0.32059888797532524
    log2 = s * (2.885390081777927 + q * (0.9617966939259756 + q * (0.5770780163555854 + q * log2)))
    scaled = exponent * (whole + log2)
    nearest = np.floor(scaled + 0.5)
    f = scaled - nearest
    exp2 = 0.0013333558146428443 + f * (0.00015403530393381609 + f * 1.5252733804059841e-05)
    exp2 = 0.24022650695910072 + f * (0.05550410866482158 + f * (0.009618129107628477 + f * exp2))
    exp2 = 1.0 + f * (0.6931471805599453 + f * exp2)
    return float(exp2 * np.int64((np.int64(nearest) + _BIAS) << _FRACTION_BITS).view(np.float64))


@_kept
def _draw(state: Any) -> int:
    """The next number of three combined Tausworthe generators, as umap-learn's ``tau_rand_int`` gives it."""
    one, two, three = state[0], state[1], state[2]
    one = (((one & 4294967294) << 12) & _WORD) ^ ((((one << 13) & _WORD) ^ one) >> 19)
    two = (((two & 4294967288) << 4) & _WORD) ^ ((((two << 2) & _WORD) ^ two) >> 25)
    three = (((three & 4294967280) << 17) & _WORD) ^ ((((three << 3) & _WORD) ^ three) >> 11)
    state[0], state[1], state[2] = one, two, three
    return int(np.int32(one ^ two ^ three))


def optimize(
    points: NDArray[np.float32],
    graph: coo_array,
    *,
    curve: tuple[float, float],
    states: NDArray[np.int64],
    n_epochs: int,
) -> None:
    """All epochs, in place; other threads run meanwhile.

    Parameters
    ----------
    points : numpy.ndarray of float32, shape (n_docs, n_dims)
        The start, and then the layout.
    graph : scipy.sparse.coo_array of float32, shape (n_docs, n_docs)
        Weights above zero.
    curve : tuple of float
        As :func:`fit_curve` gives it.
    states : numpy.ndarray of int64, shape (n_docs, 3)
        Of the random numbers; changed.
    n_epochs : int
        Rounds.
    """
    heads, tails = (ends.astype(np.int32) for ends in graph.coords)
    every = graph.data.max(initial=0).astype(np.float64) / graph.data
    _descend(points, heads, tails, every, *curve, states, n_epochs)


@_kept
def _descend(points: Any, heads: Any, tails: Any, every: Any, a: float, b: float, states: Any, n_epochs: int) -> None:
    n_docs, n_dims = points.shape
    every_negative = every / _NEGATIVE_SAMPLES
    next_negative = every_negative.copy()
    following = every.copy()
    for epoch in range(n_epochs):
        rate = 1.0 if epoch == 0 else 1.0 - (epoch - 1) / n_epochs
        for edge in range(len(every)):
            if following[edge] > epoch:
                continue
            head, tail = heads[edge], tails[edge]
            square = 0.0
            for d in range(n_dims):
                apart = points[head, d] - points[tail, d]
                square += apart * apart
            if square > 0.0:
                risen = a * power(square, b)
                pull = -2.0 * b * risen / (square * (risen + 1.0))
                for d in range(n_dims):
                    step = pull * (points[head, d] - points[tail, d])
                    step = min(max(step, -_LONGEST_STEP), _LONGEST_STEP) * rate
                    points[head, d] += step
                    points[tail, d] -= step
            following[edge] += every[edge]
            n_negative = int((epoch - next_negative[edge]) / every_negative[edge])
            for _ in range(n_negative):
                tail = _draw(states[head]) % n_docs
                square = 0.0
                for d in range(n_dims):
                    apart = points[head, d] - points[tail, d]
                    square += apart * apart
                if square > 0.0:
                    push = 2.0 * b / ((_SOFTENING + square) * (a * power(square, b) + 1.0))
                    for d in range(n_dims):
                        step = push * (points[head, d] - points[tail, d])
                        points[head, d] += min(max(step, -_LONGEST_STEP), _LONGEST_STEP) * rate
            next_negative[edge] += n_negative * every_negative[edge]
