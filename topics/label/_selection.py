"""Weighted terms → the terms of each topic: heavy, coherent, and specific to this topic."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from topics.label._overlap import Overlap, overlapping
from topics.label._presence import Presence, Rates

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from scipy.sparse import csr_array

# No record of their tuning; what they give is measured in experiments/e06_bertopic_paper.py and e09_labels.py.
N_CANDIDATES = 50
_EXCLUSIVITY = 3.0  # power
_DISCOUNT = 3.0  # documents


def select_terms(
    weights: csr_array,
    presence: Presence,
    *,
    n_terms: int,
    coherence_weight: float,
    terms: Sequence[str] | None = None,
    parents: csr_array | None = None,
    excluded: NDArray[np.bool_] | None = None,
) -> list[list[int]]:
    """For each topic the columns of its terms, the most specific first.

    1. A term must be in at least two of the topic's documents, and its share of them must be at least 1.5 times its
       share of the other documents in their languages.
    2. Candidates are the 50 heaviest terms by weight times exclusivity: the weight here over the largest weight in any
       topic, to the third power. So siblings share a term only if it is as heavy in both. In a topic with a parent the
       weight is also multiplied by the share of the topic's documents with the term, over the sum of this share and
       that of the rest of the parent.
    3. The heaviest candidate comes first. Each next term has the largest weighted mean of the square root of its weight
       and its mean coherence with the terms chosen so far (normalized pointwise mutual information over documents;
       Bouma 2009; discounted for rare terms as in Pantel and Lin 2002). No term is part or a mere form of another.

    If too few terms are left, the heaviest of the others follow. Ties go by column. A topic that is not compared with
    others gets its heaviest terms.

    Parameters
    ----------
    weights : scipy.sparse.csr_array, shape (n_topics, n_terms)
        Weights of any weighting; terms with a weight of 0 or less are not candidates.
    presence : Presence
        Presence of the same terms and topics.
    n_terms : int
        Number of terms per topic.
    coherence_weight : float in [0, 1]
        Weight of the coherence; 0 takes the heaviest candidates.
    terms : sequence of str or None
        The terms themselves; None allows terms that are part of one another.
    parents : scipy.sparse.csr_array or None
        Of shape (n_topics, n_docs), ones where a document is in a topic or in its parent; None, or an empty row,
        compares with no parent.
    excluded : numpy.ndarray of bool or None
        For every stored weight whether that term is used only if no other is left; None excludes none.
    """
    heaviest = _heaviest(weights)
    rates = Rates(weights, presence)
    are_specific = rates.are_specific() if excluded is None else rates.are_specific() & ~excluded
    difference = rates.difference(parents) if parents is not None else np.ones(len(weights.data))
    uncompared = presence.are_uncompared()
    by_column = presence.terms.tocsc()
    chosen = []
    for topic in range(weights.shape[0]):
        part = slice(weights.indptr[topic], weights.indptr[topic + 1])
        columns, heavy, specific, distinct = (
            weights.indices[part],
            weights.data[part],
            are_specific[part],
            difference[part],
        )
        above = heavy > 0
        columns, heavy, specific, distinct = columns[above], heavy[above], specific[above], distinct[above]
        worth = heavy if uncompared[topic] else heavy * (heavy / heaviest[columns]) ** _EXCLUSIVITY * distinct
        order = np.lexsort((columns, -worth, ~specific))
        candidates = order[:N_CANDIDATES][specific[order[:N_CANDIDATES]]]
        overlap = Overlap([terms[column] for column in columns[candidates]]) if terms is not None else None
        first = _choose_coherent(
            by_column[:, columns[candidates]],
            worth[candidates],
            n_terms=n_terms,
            weigh=0 if uncompared[topic] else coherence_weight,
            overlap=overlap,
        )
        kept = candidates[first].tolist()
        chosen.append(_fill_up(kept, order, columns=columns, n_terms=n_terms, terms=terms))
    return chosen


def _fill_up(
    kept: list[int],
    order: NDArray[np.intp],
    *,
    columns: NDArray[np.integer],
    n_terms: int,
    terms: Sequence[str] | None,
) -> list[int]:
    """Columns of the chosen terms, filled up with the heaviest others if they are too few."""
    chosen_places = set(kept)
    for place in order.tolist():
        if len(kept) >= n_terms:
            break
        if place in chosen_places:
            continue
        if terms is None or not any(overlapping(terms[columns[place]], terms[columns[other]]) for other in kept):
            kept.append(place)
    return [int(column) for column in columns[kept]]


def _choose_coherent(
    presence: csr_array, worth: NDArray[np.floating], *, n_terms: int, weigh: float, overlap: Overlap | None
) -> list[int]:
    """Places of the terms chosen among candidates, which are ordered by weight."""
    n_candidates = len(worth)
    if not n_candidates:
        return []
    likeness = coherence_of_documents(presence) if weigh else np.zeros((n_candidates, n_candidates))
    weight = np.sqrt(worth / worth[0])
    chosen: list[int] = []
    together = np.zeros(n_candidates)
    left = np.ones(n_candidates, dtype=bool)
    while len(chosen) < n_terms and left.any():
        value = (1 - weigh) * weight + weigh * together / max(len(chosen), 1)
        best = int(np.where(left, value, -np.inf).argmax()) if chosen else 0
        chosen.append(best)
        left[best] = False
        if overlap is not None:
            left[overlap.of(best)] = False
        together += likeness[:, best]
    return chosen


def coherence_of_documents(presence: csr_array) -> NDArray[np.float64]:
    """Normalized pointwise mutual information of every two terms over documents, in [-1, 1]; discounted above 0.

    Rare terms occur together by chance more often than frequent ones. So values above 0 are multiplied by
    ``n / (n + 3)``, for the number of documents with both terms and for that with the rarer one (after Pantel and Lin
    2002).

    Parameters
    ----------
    presence : scipy.sparse array, shape (n_docs, n_terms)
        Ones where a term occurs in a document.

    Returns
    -------
    numpy.ndarray of float64, shape (n_terms, n_terms)
        Symmetric.
    """
    n_docs = presence.shape[0]
    both = (presence.T @ presence).toarray().astype(np.float64)
    uncompared = np.diag(both)
    with np.errstate(divide="ignore", invalid="ignore"):
        value = np.log(both * n_docs / np.outer(uncompared, uncompared)) / -np.log(both / n_docs)
    value = np.where(both == 0, -1.0, np.where(both == n_docs, 1.0, value))
    rarer = np.minimum.outer(uncompared, uncompared)
    discount = both / (both + _DISCOUNT) * rarer / (rarer + _DISCOUNT)
    return np.where(value > 0, value * discount, value)


def _heaviest(weights: csr_array) -> NDArray[np.float64]:
    """Largest weight of each term in any topic."""
    largest = np.full(weights.shape[1], np.finfo(np.float64).tiny)
    np.maximum.at(largest, weights.indices, weights.data)
    return largest
