"""Agreement of labels with a human's, with noise counted as a cluster of its own or left out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from topics.records import NOISE

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray


_LEAST_TOLD = 1e-6


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


def homogeneity(labels: ArrayLike, truth: ArrayLike, *, noise: bool = True) -> float:
    """Whether each cluster holds one human label only, in [0, 1], higher is better (Rosenberg and Hirschberg 2007).

    Parameters
    ----------
    labels, truth, noise
        As in :func:`adjusted_mutual_information`.
    """
    from sklearn.metrics import homogeneity_score

    found, human = _pair(labels, truth, noise)
    return float(homogeneity_score(human, found)) if len(found) else float("nan")


def completeness(labels: ArrayLike, truth: ArrayLike, *, noise: bool = True) -> float:
    """Whether each human label is in one cluster only, in [0, 1], higher is better (Rosenberg and Hirschberg 2007).

    Parameters
    ----------
    labels, truth, noise
        As in :func:`adjusted_mutual_information`.
    """
    from sklearn.metrics import completeness_score

    found, human = _pair(labels, truth, noise)
    return float(completeness_score(human, found)) if len(found) else float("nan")


def v_measure(labels: ArrayLike, truth: ArrayLike, *, noise: bool = True) -> float:
    """Harmonic mean of homogeneity and completeness, in [0, 1], higher is better (Rosenberg and Hirschberg 2007).

    The same number as :func:`normalized_mutual_information`.

    Parameters
    ----------
    labels, truth, noise
        As in :func:`adjusted_mutual_information`.
    """
    return normalized_mutual_information(labels, truth, noise=noise)


def language_leak(labels: ArrayLike, languages: ArrayLike, *, truth: ArrayLike | None = None) -> float:
    """How far topics split by language, in about [0, 1], lower is better; NaN where there is one language only.

    The share of the documents' uncertainty of language that their topic takes away (the uncertainty coefficient of
    Theil 1970), adjusted for chance as in Vinh, Epps and Bailey (2010): 1 if every topic is of one language, about 0 if
    all topics mix languages alike. Languages may well write of different subjects; with human labels the mean over
    these is taken, by size, so that only what splits documents of one subject counts.

    Parameters
    ----------
    labels : array-like of int, shape (n_docs,)
        ``NOISE`` for documents in no cluster, which are left out.
    languages : array-like, shape (n_docs,)
        Code of each document's language; documents where it is missing are left out.
    truth : array-like or None
        Human labels.

    Examples
    --------
    >>> language_leak([0, 0, 0, 1, 1, 1], ["en", "en", "en", "uk", "uk", "uk"])
    1.0
    """
    codes = np.array([code if isinstance(code, str) else "" for code in np.asarray(languages, dtype=object).tolist()])
    found, spoken = _pair(labels, codes, True)
    human = np.zeros(len(found), dtype=np.int64) if truth is None else _pair(labels, truth, True)[1]
    subject = np.unique(human, return_inverse=True)[1]
    kept = (found != NOISE) & (spoken != "")
    values, sizes = [], []
    for one in np.unique(subject[kept]):
        part = kept & (subject == one)
        value = _leak_within(found[part], spoken[part])
        if value == value:
            values.append(value)
            sizes.append(int(part.sum()))
    return float(np.average(values, weights=sizes)) if values else float("nan")


def _leak_within(labels: NDArray[np.int64], languages: NDArray[Any]) -> float:
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


def _pair(labels: ArrayLike, truth: ArrayLike, noise: bool) -> tuple[NDArray[np.int64], NDArray[Any]]:
    found = np.asarray(labels, dtype=np.int64)
    human = np.asarray(truth)
    human = human if np.issubdtype(human.dtype, np.integer) else human.astype(str)
    if found.shape != human.shape or found.ndim != 1:
        raise ValueError(f"expected labels and truth of one shape (n_docs,), got {found.shape} and {human.shape}")
    kept = np.full(len(found), True) if noise else found != NOISE
    return found[kept], human[kept]
