"""Streams of words: tokens as their words, and the places of known collocations."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, TypeVar

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

_STRIDE = 1 << 32  # more than there are words

Integers = TypeVar("Integers", bound=np.integer)


def spread(
    tokens: NDArray[np.integer], of_token: NDArray[Integers], *, lengths: NDArray[np.integer]
) -> tuple[NDArray[Integers], NDArray[np.integer]]:
    """The words of tokens in order, and how many each token has.

    A token with a mark, or of a script without spaces, is several words, an empty one none.

    Parameters
    ----------
    tokens : numpy.ndarray of int
        Number of every token.
    of_token : numpy.ndarray of int
        The words of each distinct token, one token after the other.
    lengths : numpy.ndarray of int
        Number of words of each distinct token.
    """
    times = lengths[tokens]
    ahead = (np.cumsum(lengths) - lengths)[tokens] - (np.cumsum(times) - times)
    return of_token[np.arange(times.sum()) + np.repeat(ahead, times)], times


class Joiner:
    """Finds collocations in a stream: the longest where several start, and without overlaps the first.

    Parameters
    ----------
    collocations : sequence of tuple of int
        The numbers of their words, each of two or more.
    """

    def __init__(self, collocations: Sequence[tuple[int, ...]]) -> None:
        self.lengths: NDArray[np.int64] = np.array([len(sequence) for sequence in collocations], dtype=np.int64)
        self._firsts = np.array(sorted({sequence[0] for sequence in collocations}), dtype=np.int64)
        numbers = {sequence: i for i, sequence in enumerate(collocations)}
        self._steps: list[tuple[NDArray[np.int64], NDArray[np.intp], NDArray[np.int64]]] = []
        known: dict[tuple[int, ...], int] = {(): 0}  # numbers of the beginnings of collocations, by length
        for n in range(1, int(self.lengths.max(initial=0)) + 1):
            before, known = known, {}
            for sequence in collocations:
                if len(sequence) >= n:
                    known.setdefault(sequence[:n], len(known))
            keys = np.array([before[sequence[:-1]] * _STRIDE + sequence[-1] for sequence in known], dtype=np.int64)
            order = np.argsort(keys)
            complete = np.array([numbers.get(sequence, -1) for sequence in known], dtype=np.int64)
            self._steps.append((keys[order], order, complete))

    def starts_in(self, ids: NDArray[np.integer]) -> NDArray[np.intp]:
        """Places of words that some collocation starts with.

        Parameters
        ----------
        ids : numpy.ndarray of int
            Number of every word of a stream.
        """
        is_first = np.zeros(int(max(ids.max(initial=0), self._firsts.max(initial=0))) + 1, dtype=bool)
        is_first[self._firsts] = True
        return np.flatnonzero(is_first[ids])

    def find(
        self, starts: NDArray[np.intp], *, ids: NDArray[np.integer], documents: NDArray[np.integer]
    ) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Place of the first word, and number, of every collocation that occurs, in order.

        Parameters
        ----------
        starts : numpy.ndarray of int
            Places where one may start, ascending.
        ids, documents : numpy.ndarray of int
            Number and document of every word of a stream.
        """
        state = np.zeros(len(starts), dtype=np.int64)
        alive = np.arange(len(starts))
        which = np.full(len(starts), -1, dtype=np.int64)
        reach = np.zeros(len(starts), dtype=np.int64)
        for n, (keys, numbers, complete) in enumerate(self._steps, start=1):
            inside = starts[alive] + n - 1 < len(ids)
            alive, state = alive[inside], state[inside]
            inside = documents[starts[alive]] == documents[starts[alive] + n - 1]
            alive, state = alive[inside], state[inside]
            key = state * _STRIDE + ids[starts[alive] + n - 1]
            place = np.minimum(np.searchsorted(keys, key), len(keys) - 1)
            hit = keys[place] == key
            alive, state = alive[hit], numbers[place[hit]]
            is_whole = complete[state] >= 0
            which[alive[is_whole]] = complete[state[is_whole]]
            reach[alive[is_whole]] = n
        hits = np.flatnonzero(which >= 0)
        kept: list[int] = []
        end_of_last = 0
        for i, start, length in zip(hits.tolist(), starts[hits].tolist(), reach[hits].tolist(), strict=True):
            if start >= end_of_last:
                kept.append(i)
                end_of_last = start + length
        return starts[kept].astype(np.int64), which[kept]
