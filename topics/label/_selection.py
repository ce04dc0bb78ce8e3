"""Weighted terms → the terms of each topic: heavy, coherent, and specific to this topic."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from topics.label._coherent import Candidates, choose_coherent
from topics.label._overlap import overlapping
from topics.label._presence import Presence, Rates

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from scipy.sparse import csr_array

# No record of their tuning; what they give is measured in experiments/e06_bertopic_paper.py and e09_labels.py.
N_CANDIDATES = 50
_EXCLUSIVITY = 3.0  # power


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

    def ranked(topic: int) -> tuple[NDArray[np.integer], NDArray[np.floating], NDArray[np.bool_]]:
        """Columns of a topic's terms, their worths, and whether they are specific."""
        first, last = weights.indptr[topic : topic + 2]
        part = first + np.flatnonzero(weights.data[first:last] > 0)
        columns, heavy = weights.indices[part], weights.data[part]
        if uncompared[topic]:
            return columns, heavy, are_specific[part]
        return columns, heavy * (heavy / heaviest[columns]) ** _EXCLUSIVITY * difference[part], are_specific[part]

    candidates: list[Candidates] = []
    for topic in range(weights.shape[0]):
        columns, worth, specific = ranked(topic)
        best = _best(worth, columns, among=np.flatnonzero(specific), n=N_CANDIDATES)
        weigh = 0 if uncompared[topic] else coherence_weight
        candidates.append(Candidates(columns[best], worth[best], weigh))
    chosen = choose_coherent(candidates, presence.terms.tocsc(), n_terms=n_terms, terms=terms)
    for topic, kept in enumerate(chosen):
        if len(kept) < n_terms:
            columns, worth, specific = ranked(topic)
            _fill_up(kept, columns[np.lexsort((columns, -worth, ~specific))], n_terms=n_terms, terms=terms)
    return chosen


def _best(
    worth: NDArray[np.floating], columns: NDArray[np.integer], *, among: NDArray[np.intp], n: int
) -> NDArray[np.intp]:
    """The first ``n`` places by worth, the highest first; ties by column."""
    if len(among) > n:
        among = among[worth[among] >= np.partition(worth[among], len(among) - n)[len(among) - n]]
    return among[np.lexsort((columns[among], -worth[among]))][:n]


def _fill_up(kept: list[int], ordered: NDArray[np.integer], *, n_terms: int, terms: Sequence[str] | None) -> None:
    """Fill the columns of the chosen terms up with the heaviest others."""
    already = set(kept)
    for column in ordered.tolist():
        if len(kept) >= n_terms:
            break
        if column in already:
            continue
        if terms is None or not any(overlapping(terms[column], terms[other]) for other in kept):
            kept.append(column)


def _heaviest(weights: csr_array) -> NDArray[np.float64]:
    """Largest weight of each term in any topic."""
    largest = np.full(weights.shape[1], np.finfo(np.float64).tiny)
    by_term = weights.tocsc()
    filled = np.flatnonzero(np.diff(by_term.indptr))
    if len(filled):
        largest[filled] = np.maximum(np.maximum.reduceat(by_term.data, by_term.indptr[filled]), largest[filled])
    return largest
