"""Candidates → the terms of each topic that are heavy and go with each other, for all topics at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from topics._pairs import count_pairs_of_each
from topics.label._overlap import Overlap

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from scipy.sparse import csc_array

_DISCOUNT = 3.0  # documents; no record of its tuning
_AT_ONCE = 256  # not tuned: topics, whose pairs of 50 candidates take 5 MB


class Candidates(NamedTuple):
    """Terms that a topic may be given.

    Attributes
    ----------
    columns : numpy.ndarray of int
        Their columns, the heaviest first.
    worth : numpy.ndarray of float
        Their weights, > 0.
    weigh : float in [0, 1]
        Weight of the coherence.
    """

    columns: NDArray[np.integer]
    worth: NDArray[np.floating]
    weigh: float


def choose_coherent(
    candidates: Sequence[Candidates], presence: csc_array, *, n_terms: int, terms: Sequence[str] | None
) -> list[list[int]]:
    """Columns of the terms of each topic; see :func:`topics.label._selection.select_terms`.

    Parameters
    ----------
    candidates : sequence of Candidates
        Of each topic.
    presence : scipy.sparse.csc_array, shape (n_docs, n_terms)
        Ones where a term occurs in a document.
    n_terms : int
        Number of terms per topic.
    terms : sequence of str or None
        The terms themselves; None allows terms that are part of one another.
    """
    chosen: list[list[int]] = []
    for first in range(0, len(candidates), _AT_ONCE):
        some = candidates[first : first + _AT_ONCE]
        places = _choose(some, presence, n_terms=n_terms, terms=terms)
        chosen += [own.columns[place].tolist() for own, place in zip(some, places, strict=True)]
    return chosen


def _choose(
    candidates: Sequence[Candidates], presence: csc_array, *, n_terms: int, terms: Sequence[str] | None
) -> list[list[int]]:
    """Places of the terms chosen among the candidates of each topic."""
    n_topics, width = len(candidates), max((len(own.columns) for own in candidates), default=0)
    chosen: list[list[int]] = [[] for _ in range(n_topics)]
    if not width:
        return chosen
    overlaps = [
        Overlap([terms[column] for column in own.columns.tolist()]) if terms is not None else None for own in candidates
    ]
    weigh = np.array([own.weigh for own in candidates], dtype=np.float64)[:, None]
    weight, left = np.zeros((n_topics, width)), np.zeros((n_topics, width), dtype=bool)
    for i, own in enumerate(candidates):
        n = len(own.columns)
        left[i, :n] = True
        weight[i, :n] = np.sqrt(own.worth / own.worth[:1])
    likeness = np.zeros((n_topics, width, width))
    if weigh.any():
        pairs = count_pairs_of_each(presence, [own.columns for own in candidates])
        likeness = coherence_of_pairs(pairs, presence.shape[0])
    together = np.zeros((n_topics, width))
    for step in range(n_terms):
        topics = np.flatnonzero(left.any(axis=1))
        value = (1 - weigh) * weight + weigh * together / max(step, 1)
        best = np.where(left, value, -np.inf).argmax(axis=1) if step else np.zeros(n_topics, dtype=np.intp)
        for topic in topics.tolist():
            place, overlap = int(best[topic]), overlaps[topic]
            chosen[topic].append(place)
            left[topic, overlap.of(place) if overlap is not None else place] = False
        together += likeness[np.arange(n_topics), :, best]
    return chosen


def coherence_of_pairs(pairs: NDArray[np.int64], n_docs: int) -> NDArray[np.float64]:
    """Normalized pointwise mutual information of every two terms over documents, in [-1, 1]; discounted above 0.

    Rare terms occur together by chance more often than frequent ones. So values above 0 are multiplied by
    ``n / (n + 3)``, for the number of documents with both terms and for that with the rarer one (after Pantel and Lin
    2002).

    Parameters
    ----------
    pairs : numpy.ndarray of int64, shape (..., n_terms, n_terms)
        Number of documents with both terms, from :func:`topics._pairs.count_pairs`.
    n_docs : int
        Number of documents.

    Returns
    -------
    numpy.ndarray of float64, shape (..., n_terms, n_terms)
        Symmetric.
    """
    both = pairs.astype(np.float64)
    alone = np.diagonal(both, axis1=-2, axis2=-1)
    one, other = alone[..., :, None], alone[..., None, :]
    with np.errstate(divide="ignore", invalid="ignore"):
        value = np.log(both * n_docs / (one * other)) / -np.log(both / n_docs)
    value = np.where(both == 0, -1.0, np.where(both == n_docs, 1.0, value))
    rarer = np.minimum(one, other)
    discount = both / (both + _DISCOUNT) * rarer / (rarer + _DISCOUNT)
    return np.where(value > 0, value * discount, value)
