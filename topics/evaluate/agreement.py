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


def normalized_mutual_information(labels: ArrayLike, truth: ArrayLike, *, noise: bool = True) -> float:
    """Mutual information over the mean of the entropies, in [0, 1], higher is better; equal to the V-measure.

    Not adjusted for chance: many small clusters raise it (Vinh, Epps and Bailey 2010; Rosenberg and Hirschberg 2007).

    Parameters
    ----------
    labels, truth, noise
        As in :func:`adjusted_mutual_information`.
    """
    from sklearn.metrics import normalized_mutual_info_score

    found, human = _pair(labels, truth, noise)
    return float(normalized_mutual_info_score(human, found)) if len(found) else float("nan")


def purity(labels: ArrayLike, truth: ArrayLike, *, noise: bool = True) -> float:
    """Share of documents whose human label is the most frequent of their cluster, in (0, 1], higher is better.

    One cluster a document is perfect (Manning, Raghavan and Schütze 2008, eq. 182).

    Parameters
    ----------
    labels, truth, noise
        As in :func:`adjusted_mutual_information`.
    """
    table = _contingency(labels, truth, noise)
    return float(table.max(axis=1).sum() / table.sum()) if table.size else float("nan")


def b_cubed(labels: ArrayLike, truth: ArrayLike, *, noise: bool = True) -> float:
    """Harmonic mean of B-cubed precision and recall, in (0, 1], higher is better (Bagga and Baldwin 1998).

    A document's precision is the share of its cluster with its human label, its recall the share of its human label
    in its cluster; both are averaged over documents.

    Parameters
    ----------
    labels, truth, noise
        As in :func:`adjusted_mutual_information`.
    """
    table = _contingency(labels, truth, noise)
    if not table.size:
        return float("nan")
    squares, total = table.astype(float) ** 2, table.sum()
    precision = (squares.sum(axis=1) / table.sum(axis=1)).sum() / total
    recall = (squares.sum(axis=0) / table.sum(axis=0)).sum() / total
    return float(2 * precision * recall / (precision + recall))


def _contingency(labels: ArrayLike, truth: ArrayLike, noise: bool) -> NDArray[np.int64]:
    """Documents in each cluster (row) with each human label (column)."""
    found, human = _pair(labels, truth, noise)
    rows, row = np.unique(found, return_inverse=True)
    columns, column = np.unique(human, return_inverse=True)
    cells = np.bincount(row * len(columns) + column, minlength=len(rows) * len(columns))
    return cells.reshape(len(rows), len(columns))


def _pair(labels: ArrayLike, truth: ArrayLike, noise: bool) -> tuple[NDArray[np.int64], NDArray[np.str_]]:
    found = np.asarray(labels, dtype=np.int64)
    human = np.asarray(truth).astype(str)
    if found.shape != human.shape or found.ndim != 1:
        raise ValueError(f"expected labels and truth of one shape (n_docs,), got {found.shape} and {human.shape}")
    kept = np.full(len(found), True) if noise else found != NOISE
    return found[kept], human[kept]
