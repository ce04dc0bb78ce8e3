"""Agreement of labels with a human's, with noise counted as a cluster of its own or left out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from topics.records import NOISE

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray


def adjusted_mutual_information(labels: ArrayLike, truth: ArrayLike, *, noise: bool = True) -> float:
    """Mutual information adjusted for chance, 1 is perfect, about 0 is chance (Vinh, Epps and Bailey 2010).

    Parameters
    ----------
    labels : array-like of int, shape (n_docs,)
        ``NOISE`` for documents in no cluster.
    truth : array-like, shape (n_docs,)
        Human labels.
    noise : bool
        Whether noise counts, as one cluster; else its documents are left out. NaN where none is left.

    Examples
    --------
    >>> adjusted_mutual_information([0, 0, 1, -1], ["a", "a", "b", "b"], noise=False)
    1.0
    """
    from sklearn.metrics import adjusted_mutual_info_score

    found, human = _pair(labels, truth, noise)
    return float(adjusted_mutual_info_score(human, found)) if len(found) else float("nan")


def adjusted_rand(labels: ArrayLike, truth: ArrayLike, *, noise: bool = True) -> float:
    """Rand index adjusted for chance, 1 is perfect, about 0 is chance (Hubert and Arabie 1985).

    Parameters
    ----------
    labels : array-like of int, shape (n_docs,)
        ``NOISE`` for documents in no cluster.
    truth : array-like, shape (n_docs,)
        Human labels.
    noise : bool
        Whether noise counts, as one cluster; else its documents are left out. NaN where none is left.
    """
    from sklearn.metrics import adjusted_rand_score

    found, human = _pair(labels, truth, noise)
    return float(adjusted_rand_score(human, found)) if len(found) else float("nan")


def _pair(labels: ArrayLike, truth: ArrayLike, noise: bool) -> tuple[NDArray[np.int64], NDArray[np.str_]]:
    found = np.asarray(labels, dtype=np.int64)
    human = np.asarray(truth).astype(str)
    if found.shape != human.shape or found.ndim != 1:
        raise ValueError(f"expected labels and truth of one shape (n_docs,), got {found.shape} and {human.shape}")
    kept = np.full(len(found), True) if noise else found != NOISE
    return found[kept], human[kept]
