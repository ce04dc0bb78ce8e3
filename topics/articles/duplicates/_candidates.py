"""Which texts are compared: those whose signatures agree in a band, and in enough slots."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from topics.articles.duplicates._sketches import N_SLOTS, Rows

_MIN_AGREEMENT = 0.12  # of the slots; what the rule takes has 0.2 and more, unrelated texts have 0.03 and less
_WINDOW = 32  # rows a row is paired with in a bucket, so that a template that fills one costs no square
_MAX_COMPARED = 32  # rows a row is compared with, the likeliest first


def candidates(
    signatures: NDArray[np.uint32], rows: Rows, *, lengths: Rows, min_shared: float
) -> Iterator[tuple[int, Rows]]:
    """Each row that may be a near-duplicate, in order, with the earlier rows it is likeliest one of.

    Parameters
    ----------
    signatures : ndarray of uint32, shape (n_rows, n_slots)
        Of the texts long enough to have near-duplicates.
    rows : ndarray of int64, shape (n_rows,)
        Their rows among all texts, ascending.
    lengths : ndarray of int64, shape (n_texts,)
        In tokens.
    min_shared : float in (0, 1]
        As for :func:`topics.articles.duplicates._canonical.near_duplicates`.
    """
    n = len(rows)
    n_tokens = lengths[rows]
    pairs_alike = np.empty(0, dtype=np.int64)  # later row · n + earlier row
    for slot in range(0, N_SLOTS, 2):
        pairs = [np.sort(pair, axis=0) for pair in _in_one_bucket(signatures, slot)]
        earlier, later = np.concatenate([np.empty((2, 0), dtype=np.int64), *pairs], axis=1)
        fit = long_enough(n_tokens[earlier], n_tokens[later], min_shared=min_shared)
        fresh = np.setdiff1d(later[fit] * n + earlier[fit], pairs_alike)
        pairs_alike = np.union1d(pairs_alike, fresh[_agreement(signatures, fresh) >= _MIN_AGREEMENT * N_SLOTS])
    agreement = _agreement(signatures, pairs_alike)
    later = pairs_alike // max(n, 1)
    for start, stop in pairwise([0, *(np.flatnonzero(np.diff(later)) + 1).tolist(), len(pairs_alike)]):
        if start < stop:
            likeliest = np.argsort(-agreement[start:stop], kind="stable")[:_MAX_COMPARED]
            yield int(rows[later[start]]), rows[pairs_alike[start:stop][likeliest] % n]


def _in_one_bucket(signatures: NDArray[np.uint32], slot: int) -> Iterator[NDArray[np.int64]]:
    """Pairs (2, n_pairs) of rows alike in a slot and the next: all of a small bucket; of a big one each with its like.

    In a big bucket a row is paired with those beside it when sorted by further slots, and with the first, which are
    the likeliest canonical texts.
    """
    keys = signatures[:, slot].astype(np.uint64) << np.uint64(32) | signatures[:, (slot + 1) % N_SLOTS]
    order = np.argsort(keys, kind="stable")
    in_order = keys[order]
    starts = np.flatnonzero(np.r_[True, in_order[1:] != in_order[:-1]][: len(order)])
    sizes = np.diff(np.r_[starts, len(order)])
    start_of = np.repeat(starts, sizes)
    big = np.flatnonzero(np.repeat(sizes, sizes) > _WINDOW)
    if len(big):
        for place in range(_WINDOW):
            after = big[big > start_of[big] + place]
            yield np.stack([order[start_of[after] + place], order[after]])
        members = order[big]
        further = [signatures[members, (slot + i) % N_SLOTS] for i in range(7, 1, -1)]
        order[big] = members[np.lexsort((*further, in_order[big]))]
    for step in range(1, _WINDOW + 1):
        at = np.flatnonzero(in_order[step:] == in_order[:-step])
        if not len(at):
            break
        yield np.stack([order[at], order[at + step]])


def _agreement(signatures: NDArray[np.uint32], pairs: Rows) -> Rows:
    """Number of equal slots of each pair."""
    counts = np.empty(len(pairs), dtype=np.int64)
    for start in range(0, len(pairs), 1 << 15):
        later, earlier = np.divmod(pairs[start : start + (1 << 15)], len(signatures))
        counts[start : start + (1 << 15)] = np.count_nonzero(signatures[later] == signatures[earlier], axis=1)
    return counts


def long_enough(one: Rows, other: Rows, *, min_shared: float) -> NDArray[np.bool_]:
    """Whether the shorter of two texts has as many tokens as the longer must share with it."""
    return np.minimum(one, other) >= min_shared * np.maximum(one, other)
