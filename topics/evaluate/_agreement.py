"""Agreement of cluster labels with human labels, with noise as a cluster of its own or left out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from topics.errors import InputError
from topics.records import NOISE

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray


_MIN_INFORMATION = 1e-6  # nats; not tuned: above rounding errors, below any real uncertainty


def adjusted_mutual_information(labels_true: ArrayLike, labels_pred: ArrayLike, *, noise: bool = True) -> float:
    """Mutual information adjusted for chance, 1 is perfect, about 0 is chance (Vinh, Epps and Bailey 2010).

    Parameters
    ----------
    labels_true : array-like, shape (n_docs,)
        Human labels.
    labels_pred : array-like of int, shape (n_docs,)
        Cluster of each document, or ``NOISE``.
    noise : bool
        Whether noise counts, as one cluster; otherwise its documents are left out. NaN if none is left.

    Examples
    --------
    >>> adjusted_mutual_information(["a", "a", "b", "b"], [0, 0, 1, -1], noise=False)
    1.0
    """
    from sklearn.metrics import adjusted_mutual_info_score

    truth, predicted = _pair(labels_true, labels_pred, noise)
    return float(adjusted_mutual_info_score(truth, predicted)) if len(predicted) else float("nan")


def adjusted_rand(labels_true: ArrayLike, labels_pred: ArrayLike, *, noise: bool = True) -> float:
    """Rand index adjusted for chance, 1 is perfect, about 0 is chance (Hubert and Arabie 1985).

    Parameters
    ----------
    labels_true : array-like, shape (n_docs,)
        Human labels.
    labels_pred : array-like of int, shape (n_docs,)
        Cluster of each document, or ``NOISE``.
    noise : bool
        Whether noise counts, as one cluster; otherwise its documents are left out. NaN if none is left.
    """
    from sklearn.metrics import adjusted_rand_score

    truth, predicted = _pair(labels_true, labels_pred, noise)
    return float(adjusted_rand_score(truth, predicted)) if len(predicted) else float("nan")


def normalized_mutual_information(labels_true: ArrayLike, labels_pred: ArrayLike, *, noise: bool = True) -> float:
    """Mutual information over the mean of the entropies, in [0, 1], higher is better; equal to the V-measure.

    Not adjusted for chance: many small clusters raise it (Vinh, Epps and Bailey 2010; Rosenberg and Hirschberg 2007).

    Parameters
    ----------
    labels_true, labels_pred, noise
        As in :func:`adjusted_mutual_information`.
    """
    from sklearn.metrics import normalized_mutual_info_score

    truth, predicted = _pair(labels_true, labels_pred, noise)
    return float(normalized_mutual_info_score(truth, predicted)) if len(predicted) else float("nan")


def homogeneity(labels_true: ArrayLike, labels_pred: ArrayLike, *, noise: bool = True) -> float:
    """Degree to which each cluster has a single human label, in [0, 1], higher is better.

    Rosenberg and Hirschberg 2007.

    Parameters
    ----------
    labels_true, labels_pred, noise
        As in :func:`adjusted_mutual_information`.
    """
    from sklearn.metrics import homogeneity_score

    truth, predicted = _pair(labels_true, labels_pred, noise)
    return float(homogeneity_score(truth, predicted)) if len(predicted) else float("nan")


def completeness(labels_true: ArrayLike, labels_pred: ArrayLike, *, noise: bool = True) -> float:
    """Degree to which each human label is in a single cluster, in [0, 1], higher is better.

    Rosenberg and Hirschberg 2007.

    Parameters
    ----------
    labels_true, labels_pred, noise
        As in :func:`adjusted_mutual_information`.
    """
    from sklearn.metrics import completeness_score

    truth, predicted = _pair(labels_true, labels_pred, noise)
    return float(completeness_score(truth, predicted)) if len(predicted) else float("nan")


def v_measure(labels_true: ArrayLike, labels_pred: ArrayLike, *, noise: bool = True) -> float:
    """Harmonic mean of homogeneity and completeness, in [0, 1], higher is better (Rosenberg and Hirschberg 2007).

    The same number as :func:`normalized_mutual_information`.

    Parameters
    ----------
    labels_true, labels_pred, noise
        As in :func:`adjusted_mutual_information`.
    """
    return normalized_mutual_information(labels_true, labels_pred, noise=noise)


def language_leak(languages: ArrayLike, labels_pred: ArrayLike, *, labels_true: ArrayLike | None = None) -> float:
    """Degree to which topics are split by language, in about [0, 1], lower is better; NaN with a single language.

    The share of the uncertainty of a document's language that its topic removes (the uncertainty coefficient of Theil
    1970), adjusted for chance as in Vinh, Epps and Bailey (2010): 1 if every topic is in one language, about 0 if all
    topics mix languages alike. Languages may differ in their subjects. With human labels, the score is computed within
    each label and averaged by size, so that only a split of documents on one subject counts.

    Parameters
    ----------
    languages : array-like, shape (n_docs,)
        Language code of each document; documents without one are left out.
    labels_pred : array-like of int, shape (n_docs,)
        Cluster of each document; noise (``NOISE``) is left out.
    labels_true : array-like or None
        Human label of each document.

    Examples
    --------
    >>> language_leak(["en", "en", "en", "uk", "uk", "uk"], [0, 0, 0, 1, 1, 1])
    1.0
    """
    every = np.array([code if isinstance(code, str) else "" for code in np.asarray(languages, dtype=object).tolist()])
    codes, predicted = _pair(every, labels_pred, True)
    truth = (
        np.zeros(len(predicted), dtype=np.int64) if labels_true is None else _pair(labels_true, labels_pred, True)[0]
    )
    subject = np.unique(truth, return_inverse=True)[1]
    is_kept = (predicted != NOISE) & (codes != "")
    values, sizes = [], []
    for one in np.unique(subject[is_kept]):
        part = is_kept & (subject == one)
        value = _leak_within(codes[part], predicted[part])
        if value == value:
            values.append(value)
            sizes.append(int(part.sum()))
    return float(np.average(values, weights=sizes)) if values else float("nan")


def _leak_within(languages: NDArray[Any], labels: NDArray[np.int64]) -> float:
    from sklearn.metrics import mutual_info_score
    from sklearn.metrics.cluster import contingency_matrix, expected_mutual_information

    shares = np.unique(languages, return_counts=True)[1] / len(languages)
    uncertain = float(-(shares * np.log(shares)).sum())
    if len(shares) < 2:
        return float("nan")
    table = contingency_matrix(labels, languages, sparse=True).astype(np.int64)
    by_chance = float(expected_mutual_information(table, len(labels)))
    if uncertain - by_chance < _MIN_INFORMATION:  # topics so small that chance alone separates languages
        return float("nan")
    shared = float(mutual_info_score(labels, languages))
    return min(1.0, (shared - by_chance) / (uncertain - by_chance))


def purity(labels_true: ArrayLike, labels_pred: ArrayLike, *, noise: bool = True) -> float:
    """Share of documents with the most frequent human label of their cluster, in (0, 1], higher is better.

    One cluster per document is perfect (Manning, Raghavan and Schütze 2008, eq. 182).

    Parameters
    ----------
    labels_true, labels_pred, noise
        As in :func:`adjusted_mutual_information`.
    """
    table = _contingency(labels_true, labels_pred, noise)
    return float(table.max(axis=1).sum() / table.sum()) if table.size else float("nan")


def b_cubed(labels_true: ArrayLike, labels_pred: ArrayLike, *, noise: bool = True) -> float:
    """Harmonic mean of B-cubed precision and recall, in (0, 1], higher is better (Bagga and Baldwin 1998).

    A document's precision is the share of its cluster with the same human label. Its recall is the share of its human
    label in the same cluster. Both are averaged over documents.

    Parameters
    ----------
    labels_true, labels_pred, noise
        As in :func:`adjusted_mutual_information`.
    """
    table = _contingency(labels_true, labels_pred, noise)
    if not table.size:
        return float("nan")
    squares, total = table.astype(float) ** 2, table.sum()
    precision = (squares.sum(axis=1) / table.sum(axis=1)).sum() / total
    recall = (squares.sum(axis=0) / table.sum(axis=0)).sum() / total
    return float(2 * precision * recall / (precision + recall))


def _contingency(labels_true: ArrayLike, labels_pred: ArrayLike, noise: bool) -> NDArray[np.int64]:
    """Number of documents in each cluster (row) with each human label (column)."""
    truth, predicted = _pair(labels_true, labels_pred, noise)
    rows, row = np.unique(predicted, return_inverse=True)
    columns, column = np.unique(truth, return_inverse=True)
    cells = np.bincount(row * len(columns) + column, minlength=len(rows) * len(columns))
    return cells.reshape(len(rows), len(columns))


def _pair(labels_true: ArrayLike, labels_pred: ArrayLike, noise: bool) -> tuple[NDArray[Any], NDArray[np.int64]]:
    truth, predicted = np.asarray(labels_true), np.asarray(labels_pred)
    truth = truth if np.issubdtype(truth.dtype, np.integer) else truth.astype(str)
    if predicted.shape != truth.shape or predicted.ndim != 1:
        raise InputError(
            f"expected labels_true and labels_pred of one shape (n_docs,), got {truth.shape} and {predicted.shape}"
        )
    if predicted.dtype.kind not in "iub" and not (
        predicted.dtype.kind == "f" and (predicted == np.floor(predicted)).all()
    ):
        first = predicted[0] if len(predicted) else predicted.dtype
        raise InputError(
            f"expected labels_pred to be cluster numbers ({NOISE} for noise), got {first!r}; human labels come "
            "first, as in scikit-learn: (labels_true, labels_pred)"
        )
    predicted = predicted.astype(np.int64)
    is_kept = np.full(len(predicted), True) if noise else predicted != NOISE
    return truth[is_kept], predicted[is_kept]
