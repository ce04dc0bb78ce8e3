"""Agreement of labels with a human's, with noise counted as a cluster of its own or left out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from topics.errors import InputError
from topics.records import NOISE

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray


_LEAST_TOLD = 1e-6


def adjusted_mutual_information(labels_true: ArrayLike, labels_pred: ArrayLike, *, noise: bool = True) -> float:
    """Mutual information adjusted for chance, 1 is perfect, about 0 is chance (Vinh, Epps and Bailey 2010).

    Parameters
    ----------
    labels_true : array-like, shape (n_docs,)
        Human labels.
    labels_pred : array-like of int, shape (n_docs,)
        Clusters; ``NOISE`` for documents in none.
    noise : bool
        Whether noise counts, as one cluster; else its documents are left out. NaN where none is left.

    Examples
    --------
    >>> adjusted_mutual_information(["a", "a", "b", "b"], [0, 0, 1, -1], noise=False)
    1.0
    """
    from sklearn.metrics import adjusted_mutual_info_score

    human, found = _pair(labels_true, labels_pred, noise)
    return float(adjusted_mutual_info_score(human, found)) if len(found) else float("nan")


def adjusted_rand(labels_true: ArrayLike, labels_pred: ArrayLike, *, noise: bool = True) -> float:
    """Rand index adjusted for chance, 1 is perfect, about 0 is chance (Hubert and Arabie 1985).

    Parameters
    ----------
    labels_true : array-like, shape (n_docs,)
        Human labels.
    labels_pred : array-like of int, shape (n_docs,)
        Clusters; ``NOISE`` for documents in none.
    noise : bool
        Whether noise counts, as one cluster; else its documents are left out. NaN where none is left.
    """
    from sklearn.metrics import adjusted_rand_score

    human, found = _pair(labels_true, labels_pred, noise)
    return float(adjusted_rand_score(human, found)) if len(found) else float("nan")


def normalized_mutual_information(labels_true: ArrayLike, labels_pred: ArrayLike, *, noise: bool = True) -> float:
    """Mutual information over the mean of the entropies, in [0, 1], higher is better; equal to the V-measure.

    Not adjusted for chance: many small clusters raise it (Vinh, Epps and Bailey 2010; Rosenberg and Hirschberg 2007).

    Parameters
    ----------
    labels_true, labels_pred, noise
        As in :func:`adjusted_mutual_information`.
    """
    from sklearn.metrics import normalized_mutual_info_score

    human, found = _pair(labels_true, labels_pred, noise)
    return float(normalized_mutual_info_score(human, found)) if len(found) else float("nan")


def homogeneity(labels_true: ArrayLike, labels_pred: ArrayLike, *, noise: bool = True) -> float:
    """Whether each cluster holds one human label only, in [0, 1], higher is better (Rosenberg and Hirschberg 2007).

    Parameters
    ----------
    labels_true, labels_pred, noise
        As in :func:`adjusted_mutual_information`.
    """
    from sklearn.metrics import homogeneity_score

    human, found = _pair(labels_true, labels_pred, noise)
    return float(homogeneity_score(human, found)) if len(found) else float("nan")


def completeness(labels_true: ArrayLike, labels_pred: ArrayLike, *, noise: bool = True) -> float:
    """Whether each human label is in one cluster only, in [0, 1], higher is better (Rosenberg and Hirschberg 2007).

    Parameters
    ----------
    labels_true, labels_pred, noise
        As in :func:`adjusted_mutual_information`.
    """
    from sklearn.metrics import completeness_score

    human, found = _pair(labels_true, labels_pred, noise)
    return float(completeness_score(human, found)) if len(found) else float("nan")


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
    """How far topics split by language, in about [0, 1], lower is better; NaN where there is one language only.

    The share of the documents' uncertainty of language that their topic takes away (the uncertainty coefficient of
    Theil 1970), adjusted for chance as in Vinh, Epps and Bailey (2010): 1 if every topic is of one language, about 0 if
    all topics mix languages alike. Languages may well write of different subjects; with human labels the mean over
    these is taken, by size, so that only what splits documents of one subject counts.

    Parameters
    ----------
    languages : array-like, shape (n_docs,)
        Code of each document's language; documents where it is missing are left out.
    labels_pred : array-like of int, shape (n_docs,)
        Clusters; documents in none (``NOISE``) are left out.
    labels_true : array-like or None
        Human labels.

    Examples
    --------
    >>> language_leak(["en", "en", "en", "uk", "uk", "uk"], [0, 0, 0, 1, 1, 1])
    1.0
    """
    codes = np.array([code if isinstance(code, str) else "" for code in np.asarray(languages, dtype=object).tolist()])
    spoken, found = _pair(codes, labels_pred, True)
    human = np.zeros(len(found), dtype=np.int64) if labels_true is None else _pair(labels_true, labels_pred, True)[0]
    subject = np.unique(human, return_inverse=True)[1]
    kept = (found != NOISE) & (spoken != "")
    values, sizes = [], []
    for one in np.unique(subject[kept]):
        part = kept & (subject == one)
        value = _leak_within(spoken[part], found[part])
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
    if uncertain - by_chance < _LEAST_TOLD:  # topics so small that chance alone tells languages apart
        return float("nan")
    told = float(mutual_info_score(labels, languages))
    return min(1.0, (told - by_chance) / (uncertain - by_chance))


def purity(labels_true: ArrayLike, labels_pred: ArrayLike, *, noise: bool = True) -> float:
    """Share of documents whose human label is the most frequent of their cluster, in (0, 1], higher is better.

    One cluster a document is perfect (Manning, Raghavan and Schütze 2008, eq. 182).

    Parameters
    ----------
    labels_true, labels_pred, noise
        As in :func:`adjusted_mutual_information`.
    """
    table = _contingency(labels_true, labels_pred, noise)
    return float(table.max(axis=1).sum() / table.sum()) if table.size else float("nan")


def b_cubed(labels_true: ArrayLike, labels_pred: ArrayLike, *, noise: bool = True) -> float:
    """Harmonic mean of B-cubed precision and recall, in (0, 1], higher is better (Bagga and Baldwin 1998).

    A document's precision is the share of its cluster with its human label, its recall the share of its human label
    in its cluster; both are averaged over documents.

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
    """Documents in each cluster (row) with each human label (column)."""
    human, found = _pair(labels_true, labels_pred, noise)
    rows, row = np.unique(found, return_inverse=True)
    columns, column = np.unique(human, return_inverse=True)
    cells = np.bincount(row * len(columns) + column, minlength=len(rows) * len(columns))
    return cells.reshape(len(rows), len(columns))


def _pair(labels_true: ArrayLike, labels_pred: ArrayLike, noise: bool) -> tuple[NDArray[Any], NDArray[np.int64]]:
    human, found = np.asarray(labels_true), np.asarray(labels_pred)
    human = human if np.issubdtype(human.dtype, np.integer) else human.astype(str)
    if found.shape != human.shape or found.ndim != 1:
        raise InputError(
            f"expected labels_true and labels_pred of one shape (n_docs,), got {human.shape} and {found.shape}"
        )
    if found.dtype.kind not in "iub" and not (found.dtype.kind == "f" and (found == np.floor(found)).all()):
        given = found[0] if len(found) else found.dtype
        raise InputError(
            f"expected labels_pred to be the numbers of clusters ({NOISE} for noise), got {given!r}; human labels come "
            "first, as in scikit-learn: (labels_true, labels_pred)"
        )
    found = found.astype(np.int64)
    kept = np.full(len(found), True) if noise else found != NOISE
    return human[kept], found[kept]
