"""Weighted terms → the terms of each topic: heavy, going together, and of this topic rather than of another."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from scipy.sparse import csr_array

N_CANDIDATES = 50
_EXCLUSIVITY = 3.0
_DISCOUNT = 3.0
_LEAST_RATIO = 1.5
_LEAST_DOCUMENTS = 2


@dataclass(frozen=True, eq=False)
class Presence:
    """Which terms stand in which documents, and which documents are in which topic.

    Attributes
    ----------
    terms : scipy.sparse.csr_array, shape (n_docs, n_terms)
        Ones where a term stands in a document.
    members : scipy.sparse.csr_array, shape (n_topics, n_docs)
        Ones where a document is in a topic.
    """

    terms: csr_array
    members: csr_array

    @classmethod
    def of(cls, counts: csr_array, members: csr_array) -> Presence:
        """The presence of counted terms.

        Parameters
        ----------
        counts : scipy.sparse.csr_array, shape (n_docs, n_terms)
            Occurrences.
        members : scipy.sparse.csr_array, shape (n_topics, n_docs)
            Ones where a document is in a topic.
        """
        from scipy.sparse import csr_array

        ones = np.ones(len(counts.data), dtype=np.float32)
        return cls(csr_array((ones, counts.indices, counts.indptr), shape=counts.shape), members)


def select_terms(weights: csr_array, presence: Presence, *, n_terms: int, coherence_weight: float) -> list[list[int]]:
    """For each topic the columns of its terms, the most telling first.

    Candidates are the 50 heaviest terms by weight times exclusivity, the share of a term's weight here in its weight
    where it is heaviest, to the third power: siblings do not share a term unless it is as much of one as of the other.
    A term must be in two of the topic's documents, and in a share of them at least 1.5 times its share of the other
    documents: words that are everywhere say nothing of a topic, in any language. From the heaviest on, each next term
    is the one with the largest weighted mean of the square root of its weight and of its mean coherence with the terms
    already chosen (normalised pointwise mutual information over documents; Bouma 2009; discounted for rare terms as in
    Pantel and Lin 2002). Where too few terms are left the heaviest of the others follow. Ties go by column.

    Parameters
    ----------
    weights : scipy.sparse.csr_array, shape (n_topics, n_terms)
        Any weighting; what is not above 0 is no candidate.
    presence : Presence
        Of the same terms and topics.
    n_terms : int
        Terms of a topic.
    coherence_weight : float in [0, 1]
        0 takes the heaviest candidates as they are.
    """
    heaviest = _heaviest(weights)
    telling = _telling(weights, presence)
    by_column = presence.terms.tocsc()
    chosen = []
    for topic in range(weights.shape[0]):
        part = slice(weights.indptr[topic], weights.indptr[topic + 1])
        columns, heavy, told = weights.indices[part], weights.data[part], telling[part]
        above = heavy > 0
        columns, heavy, told = columns[above], heavy[above], told[above]
        worth = heavy * (heavy / heaviest[columns]) ** _EXCLUSIVITY
        order = np.lexsort((columns, -worth, ~told))
        candidates = order[:N_CANDIDATES][told[order[:N_CANDIDATES]]]
        first = _go_together(by_column[:, columns[candidates]], worth[candidates], n_terms, coherence_weight)
        kept = candidates[first].tolist()
        taken = set(kept)
        kept += [place for place in order.tolist() if place not in taken][: n_terms - len(kept)]
        chosen.append([int(column) for column in columns[kept]])
    return chosen


def _go_together(presence: csr_array, worth: NDArray[np.floating], n_terms: int, coherence_weight: float) -> list[int]:
    """Places of the terms chosen among candidates, which come heaviest first."""
    n_candidates = len(worth)
    if not coherence_weight or n_candidates <= 1:
        return list(range(min(n_terms, n_candidates)))
    likeness = coherence_of_documents(presence)
    weight = np.sqrt(worth / worth[0])
    chosen = [0]
    together = likeness[:, 0].copy()
    left = np.ones(n_candidates, dtype=bool)
    left[0] = False
    while len(chosen) < min(n_terms, n_candidates):
        value = (1 - coherence_weight) * weight + coherence_weight * together / len(chosen)
        best = int(np.where(left, value, -np.inf).argmax())
        chosen.append(best)
        left[best] = False
        together += likeness[:, best]
    return chosen


def coherence_of_documents(presence: csr_array) -> NDArray[np.float64]:
    """Normalised pointwise mutual information of every two terms over documents, in [-1, 1]; discounted above 0.

    What rare terms share is chance more often than what frequent ones share: values above 0 are multiplied by
    ``n / (n + 3)`` of the documents with both terms and of those with the rarer one (after Pantel and Lin 2002).

    Parameters
    ----------
    presence : scipy.sparse array, shape (n_docs, n_terms)
        Ones where a term stands in a document.

    Returns
    -------
    numpy.ndarray of float64, shape (n_terms, n_terms)
    """
    n_docs = presence.shape[0]
    both = (presence.T @ presence).toarray().astype(np.float64)
    alone = np.diag(both)
    with np.errstate(divide="ignore", invalid="ignore"):
        value = np.log(both * n_docs / np.outer(alone, alone)) / -np.log(both / n_docs)
    value = np.where(both == 0, -1.0, np.where(both == n_docs, 1.0, value))
    rarer = np.minimum.outer(alone, alone)
    discount = both / (both + _DISCOUNT) * rarer / (rarer + _DISCOUNT)
    return np.where(value > 0, value * discount, value)


def _heaviest(weights: csr_array) -> NDArray[np.float64]:
    """Largest weight of each term in any topic."""
    found = np.full(weights.shape[1], np.finfo(np.float64).tiny)
    np.maximum.at(found, weights.indices, weights.data)
    return found


def _telling(weights: csr_array, presence: Presence) -> NDArray[np.bool_]:
    """Whether each stored term of a topic is in enough of its documents, and rarer in the others."""
    from scipy.sparse import csr_array

    inside = csr_array(presence.members @ presence.terms)
    inside.sort_indices()
    sizes = np.asarray(presence.members.sum(axis=1)).ravel()
    everywhere = np.asarray(presence.terms.sum(axis=0)).ravel()
    n_docs, n_terms = presence.terms.shape
    topics = np.repeat(np.arange(weights.shape[0]), np.diff(weights.indptr))
    key = topics * n_terms + weights.indices
    own_topics = np.repeat(np.arange(inside.shape[0]), np.diff(inside.indptr))
    own_key = own_topics * n_terms + inside.indices
    place = np.minimum(np.searchsorted(own_key, key), max(len(own_key) - 1, 0))
    held = np.where(own_key[place] == key, inside.data[place], 0) if len(own_key) else np.zeros(len(key))
    rate_in = held / sizes[topics]
    rate_out = (everywhere[weights.indices] - held) / np.maximum(n_docs - sizes[topics], 1)
    return np.asarray((held >= np.minimum(_LEAST_DOCUMENTS, sizes[topics])) & (rate_in >= _LEAST_RATIO * rate_out))
