"""Whether what a topic is about has moved by more than a new draw of its documents would move it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from topics.errors import InputError

if TYPE_CHECKING:
    from scipy.sparse import csr_array

_TINY = 1e-12  # not tuned: keeps a division finite


def drift_test(
    rows_a: Any | csr_array, rows_b: Any | csr_array, *, n_permutations: int = 199, random_state: int = 0
) -> dict[str, float]:
    """Cosine distance of the means of two sets of documents, against what their documents dealt out anew give.

    Parameters
    ----------
    rows_a, rows_b : array-like or scipy.sparse.csr_array of float, shapes (n_a, n_dims) and (n_b, n_dims)
        Vectors or term weights of the documents of each set, in the same space.
    n_permutations : int
        How often the documents are dealt out.
    random_state : int
        Seed of that.

    Returns
    -------
    dict
        ``drift``: the distance, in [0, 2], lower is closer; ``null``: what 95 % of the null stay below; ``p``: share of
        the null at least as large, itself counted. It is exact if documents are exchangeable; where several tell one
        story it is too small. NaN where a set is empty.

    Raises
    ------
    ValueError
        If the sets have other numbers of dimensions.

    Examples
    --------
    >>> drift_test([[1.0, 0.0]] * 9, [[0.0, 1.0]] * 9, n_permutations=99)["p"]
    0.01
    """
    from scipy.sparse import csr_array, issparse, vstack

    one, other = (rows if issparse(rows) else np.asarray(rows, dtype=float) for rows in (rows_a, rows_b))
    if one.shape[1:] != other.shape[1:]:
        raise InputError(f"expected rows of as many dimensions, got shapes {one.shape} and {other.shape}")
    n_a, n_b = one.shape[0], other.shape[0]
    if not n_a or not n_b:
        return {"drift": float("nan"), "null": float("nan"), "p": float("nan")}
    pooled = csr_array(vstack([one, other])) if issparse(one) else np.concatenate([one, other])
    random = np.random.default_rng(random_state)
    hands = np.zeros((1 + n_permutations, n_a + n_b))
    hands[0, :n_a] = 1.0
    for hand in hands[1:]:
        hand[random.permutation(n_a + n_b)[:n_a]] = 1.0
    sums = np.asarray(hands @ pooled)
    rest = np.asarray(pooled.sum(axis=0)).ravel()[None, :] - sums
    lengths = np.linalg.norm(sums, axis=1) * np.linalg.norm(rest, axis=1)
    distances = 1.0 - (sums * rest).sum(axis=1) / np.maximum(lengths, _TINY)
    null = distances[1:]
    return {
        "drift": float(distances[0]),
        "null": float(np.quantile(null, 0.95)),
        "p": float((1 + (null >= distances[0] - _TINY).sum()) / (1 + n_permutations)),
    }
