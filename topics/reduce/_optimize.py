"""UMAP's optimization of a layout, compiled once and cached on disk, the same to the last bit on every CPU.

It follows umap-learn's stochastic gradient descent step by step (a test compares the two). It was rewritten for four
reasons:

- umap-learn compiles its code in every process and imports pynndescent. With its graph, that is 12 s of a cold start;
  here it is less than one.
- umap-learn compiles with ``fastmath``, which lets each type of CPU order its sums differently. Layouts are chaotic, so
  the same vectors and seed gave other topics on another machine.
- umap-learn uses the C library's powers, with a last bit that differs between machines.
- Those powers are two thirds of its time. Here the force at a distance comes from a table, within 2e-4 of its value,
  and a layout takes a third of the time (1,600 documents .11 s instead of .34, 16,000 1.3 instead of 3.9; AMD EPYC, one
  thread).

Importing this module imports numba, so only functions that need it do so.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from topics._compiled import compiled

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from scipy.sparse import coo_array

# umap-learn's own, for the same layouts.
_NEGATIVE_SAMPLES = 5.0  # documents that push a document away, per neighbor that pulls it
_LONGEST_STEP = 4.0
_SOFTENING = 0.001
# The table, with an error within 2e-4 of the force.
_LOWEST, _HIGHEST = -24, 16  # octaves of squared distances; beyond them the force at the end is used
_STEP_BITS = 6  # bits of the fraction of a float32: 64 steps per octave
_FRACTION_BITS, _BIAS = 23, 127  # of a float32
_WORD = 0xFFFFFFFF


def fit_curve(spread: float, min_dist: float) -> tuple[float, float]:
    """The ``a`` and ``b`` with which ``1 / (1 + a * d ** (2 * b))`` fits 1 below ``min_dist`` and an exponential above.

    The same as umap-learn's ``find_ab_params``, rounded to the digits on which all machines agree.

    Parameters
    ----------
    spread, min_dist : float
        As in UMAP.
    """
    from scipy.optimize import curve_fit

    d = np.linspace(0, spread * 3, 300)
    wanted = np.where(d < min_dist, 1.0, np.exp(-(d - min_dist) / spread))
    fitted, _ = curve_fit(lambda d, a, b: 1.0 / (1.0 + a * d ** (2 * b)), d, wanted)
    return round(float(fitted[0]), 6), round(float(fitted[1]), 6)


def forces(curve: tuple[float, float]) -> NDArray[np.float32]:
    """Table of the forces that pull two documents together and push them apart, by squared distance.

    The gradients of UMAP's cross entropy (McInnes et al. 2018, section 3.2 and appendix C) divided by the difference of
    the two positions, at 64 distances per octave. Computed in double and rounded to single precision, so that the
    powers of every machine give the same table.

    Parameters
    ----------
    curve : tuple of float
        From :func:`fit_curve`.

    Returns
    -------
    numpy.ndarray of float32, shape (2, n_steps)
        Force between neighbors, negative; force between others, positive.
    """
    a, b = curve
    steps = 1.0 + np.arange(1 << _STEP_BITS) / (1 << _STEP_BITS)
    squares = np.ldexp(steps, np.arange(_LOWEST, _HIGHEST)[:, None]).ravel()
    risen = a * squares**b
    pull = -2.0 * b * risen / (squares * (risen + 1.0))
    push = 2.0 * b / ((_SOFTENING + squares) * (risen + 1.0))
    return np.stack([pull, push]).astype(np.float32)


@compiled
def force_at(table: Any, square: float) -> Any:
    """The force at a squared distance, in single precision, interpolated between its neighbors in the table.

    Parameters
    ----------
    table : numpy.ndarray of float32, shape (n_steps,)
        One row of :func:`forces`.
    square : float
        Squared distance, above zero.
    """
    bits = np.float32(square).view(np.int32)
    rest = _FRACTION_BITS - _STEP_BITS
    place = (bits >> rest) - ((_BIAS + _LOWEST) << _STEP_BITS)
    if place < 0:
        return table[0]
    if place >= len(table) - 1:
        return table[-1]
    part = np.float32(bits & ((1 << rest) - 1)) * np.float32(1.0 / (1 << rest))
    return table[place] + part * (table[place + 1] - table[place])


@compiled
def _draw(state: Any) -> int:
    """The next number of three combined Tausworthe generators, the same as umap-learn's ``tau_rand_int``."""
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
    """Optimize the points in place over all epochs; other threads can run meanwhile.

    Parameters
    ----------
    points : numpy.ndarray of float32, shape (n_docs, n_dims)
        The start, replaced by the layout.
    graph : scipy.sparse.coo_array of float32, shape (n_docs, n_docs)
        Weights above zero.
    curve : tuple of float
        From :func:`fit_curve`.
    states : numpy.ndarray of int64, shape (n_docs, 3)
        States of the random generators, changed in place.
    n_epochs : int
        Number of epochs.
    """
    heads, tails = (ends.astype(np.int32) for ends in graph.coords)
    every = graph.data.max(initial=0).astype(np.float64) / graph.data
    pull, push = forces(curve)
    _descend(points, heads, tails, every, pull, push, states, n_epochs)


@compiled
def _descend(points: Any, heads: Any, tails: Any, every: Any, pull: Any, push: Any, states: Any, n_epochs: int) -> None:
    n_docs, n_dims = points.shape
    longest = np.float32(_LONGEST_STEP)
    every_negative = every / _NEGATIVE_SAMPLES
    next_negative = every_negative.copy()
    following = every.copy()
    for epoch in range(n_epochs):
        rate = np.float32(1.0 if epoch == 0 else 1.0 - (epoch - 1) / n_epochs)
        for edge in range(len(every)):
            if following[edge] > epoch:
                continue
            head, tail = heads[edge], tails[edge]
            square = np.float32(0.0)
            for d in range(n_dims):
                apart = points[head, d] - points[tail, d]
                square += apart * apart
            if square > 0.0:
                force = force_at(pull, square)
                for d in range(n_dims):
                    step = force * (points[head, d] - points[tail, d])
                    step = min(max(step, -longest), longest) * rate
                    points[head, d] += step
                    points[tail, d] -= step
            following[edge] += every[edge]
            n_negative = int((epoch - next_negative[edge]) / every_negative[edge])
            for _ in range(n_negative):
                tail = _draw(states[head]) % n_docs
                square = np.float32(0.0)
                for d in range(n_dims):
                    apart = points[head, d] - points[tail, d]
                    square += apart * apart
                if square > 0.0:
                    force = force_at(push, square)
                    for d in range(n_dims):
                        step = force * (points[head, d] - points[tail, d])
                        points[head, d] += min(max(step, -longest), longest) * rate
            next_negative[edge] += n_negative * every_negative[edge]
