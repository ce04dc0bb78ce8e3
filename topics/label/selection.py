"""Weighted terms → the terms of each topic: heavy, going together, and of this topic rather than of another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from scipy.sparse import csr_array

N_CANDIDATES = 50
_EXCLUSIVITY = 3.0
_DISCOUNT = 3.0
LEAST_RATIO = 1.5
_LEAST_DOCUMENTS = 2
_STEM = 5
_ENDING = 2


@dataclass(frozen=True, eq=False)
class Presence:
    """Which terms stand in which documents, and which documents are in which topic.

    Attributes
    ----------
    terms : scipy.sparse.csr_array, shape (n_docs, n_terms)
        Ones where a term stands in a document.
    members : scipy.sparse.csr_array, shape (n_topics, n_docs)
        Ones where a document is in a topic.
    spoken : scipy.sparse.csr_array or None
        Of shape (n_languages, n_docs), ones where a document is in a language; None where all are in one.
    """

    terms: csr_array
    members: csr_array
    spoken: csr_array | None = None

    @classmethod
    def of(cls, counts: csr_array, members: csr_array, *, languages: Sequence[str | None] | None = None) -> Presence:
        """The presence of counted terms.

        Parameters
        ----------
        counts : scipy.sparse.csr_array, shape (n_docs, n_terms)
            Occurrences.
        members : scipy.sparse.csr_array, shape (n_topics, n_docs)
            Ones where a document is in a topic.
        languages : sequence of str or None
            Of the documents, each None where it is not to be compared with others; None takes all for one.
        """
        from scipy.sparse import csr_array

        ones = np.ones(len(counts.data), dtype=np.float32)
        terms = csr_array((ones, counts.indices, counts.indptr), shape=counts.shape)
        codes = sorted({code for code in languages or () if code is not None})
        if languages is None or (len(codes) == 1 and None not in languages):
            return cls(terms, members)
        number = {code: i for i, code in enumerate(codes)}
        docs = np.array([i for i, code in enumerate(languages) if code is not None], dtype=np.int64)
        rows = np.array([number[code] for code in languages if code is not None], dtype=np.int64)
        ones = np.ones(len(docs), dtype=np.float32)
        return cls(terms, members, csr_array((ones, (rows, docs)), shape=(len(codes), len(languages))))

    def alone(self) -> NDArray[np.bool_]:
        """Whether most documents of each topic are not compared with others."""
        sizes = np.asarray(self.members.sum(axis=1)).ravel()
        if self.spoken is None:
            return np.zeros(len(sizes), dtype=bool)
        compared = np.asarray(self.spoken.sum(axis=0)).ravel()
        return np.asarray(2 * (self.members @ compared) < sizes)


def select_terms(
    weights: csr_array,
    presence: Presence,
    *,
    n_terms: int,
    coherence_weight: float,
    terms: Sequence[str] | None = None,
    parents: csr_array | None = None,
    barred: NDArray[np.bool_] | None = None,
) -> list[list[int]]:
    """For each topic the columns of its terms, the most telling first.

    Candidates are the 50 heaviest terms by weight times exclusivity, the share of a term's weight here in its
    weight where it is heaviest, to the third power: siblings do not share a term unless it is as much of one as of
    the other. Where the topic is part of a wider one the weight is also multiplied by the difference from that: the
    share of the topic's documents with the term, over the sum of this share and that of the rest of the wider
    topic. A term must be in two of the topic's documents, and in a share of them at least 1.5 times its share of
    the other documents in their languages: words that are everywhere say nothing of a topic, in any language. From
    the heaviest on, each next term is the one with the largest weighted mean of the square root of its weight and
    of its mean coherence with the terms already chosen (normalised pointwise mutual information over documents;
    Bouma 2009; discounted for rare terms as in Pantel and Lin 2002). No term is part of another or a mere form of
    it. Where too few terms are left the heaviest of the others follow. Ties go by column. A topic that is not
    compared with others has its heaviest terms.

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
    terms : sequence of str or None
        The terms themselves; None lets them be parts of one another.
    parents : scipy.sparse.csr_array or None
        Of shape (n_topics, n_docs), ones where a document is in the wider topic that a topic is part of, the topic's
        own included; None, or a row without any, compares with no wider one.
    barred : numpy.ndarray of bool or None
        For every stored weight whether that term is not to be taken while there are others; None bars none.
    """
    heaviest = _heaviest(weights)
    rates = _Rates(weights, presence)
    telling = rates.telling() if barred is None else rates.telling() & ~barred
    difference = rates.difference(parents) if parents is not None else np.ones(len(weights.data))
    alone = presence.alone()
    by_column = presence.terms.tocsc()
    chosen = []
    for topic in range(weights.shape[0]):
        part = slice(weights.indptr[topic], weights.indptr[topic + 1])
        columns, heavy, told, unlike = weights.indices[part], weights.data[part], telling[part], difference[part]
        above = heavy > 0
        columns, heavy, told, unlike = columns[above], heavy[above], told[above], unlike[above]
        worth = heavy if alone[topic] else heavy * (heavy / heaviest[columns]) ** _EXCLUSIVITY * unlike
        order = np.lexsort((columns, -worth, ~told))
        candidates = order[:N_CANDIDATES][told[order[:N_CANDIDATES]]]
        overlap = _Overlap([terms[column] for column in columns[candidates]]) if terms is not None else None
        first = _go_together(
            by_column[:, columns[candidates]],
            worth[candidates],
            n_terms=n_terms,
            weigh=0 if alone[topic] else coherence_weight,
            overlap=overlap,
        )
        kept = candidates[first].tolist()
        chosen.append(_filled(kept, order, columns=columns, n_terms=n_terms, terms=terms))
    return chosen


def _filled(
    kept: list[int],
    order: NDArray[np.intp],
    *,
    columns: NDArray[np.integer],
    n_terms: int,
    terms: Sequence[str] | None,
) -> list[int]:
    """Columns of the terms that were chosen, and of the heaviest others where they are too few."""
    taken = set(kept)
    for place in order.tolist():
        if len(kept) >= n_terms:
            break
        if place in taken:
            continue
        if terms is None or not any(overlapping(terms[columns[place]], terms[columns[other]]) for other in kept):
            kept.append(place)
    return [int(column) for column in columns[kept]]


def _go_together(
    presence: csr_array, worth: NDArray[np.floating], *, n_terms: int, weigh: float, overlap: _Overlap | None
) -> list[int]:
    """Places of the terms chosen among candidates, which come heaviest first."""
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


class _Overlap:
    """Which of some terms are part of one another."""

    def __init__(self, terms: Sequence[str]) -> None:
        self._terms = terms
        self._with_stem: dict[str, list[int]] = {}
        for i, term in enumerate(terms):
            for word in term.split(" "):
                self._with_stem.setdefault(word[:_STEM], []).append(i)

    def of(self, i: int) -> list[int]:
        """The terms that this one overlaps."""
        near = {j for word in self._terms[i].split(" ") for j in self._with_stem[word[:_STEM]]}
        return sorted(j for j in near if overlapping(self._terms[i], self._terms[j]))


def overlapping(one: str, other: str) -> bool:
    """Whether a term stands in another, or is the same but for an ending of two letters.

    Parameters
    ----------
    one, other : str
        Terms.

    Examples
    --------
    >>> overlapping("korea", "north korea"), overlapping("power cuts", "cuts"), overlapping("trade", "trade war talks")
    (True, True, True)
    >>> overlapping("illegal", "illegally"), overlapping("art", "party"), overlapping("north korea", "north sea")
    (True, False, False)
    """
    short, long = sorted((one.split(" "), other.split(" ")), key=len)
    return any(
        all(_same(a, b) for a, b in zip(short, long[i : i + len(short)], strict=True))
        for i in range(len(long) - len(short) + 1)
    )


def _same(one: str, other: str) -> bool:
    if one == other:
        return True
    short, long = sorted((one, other), key=len)
    return len(short) >= _STEM and len(long) - len(short) <= _ENDING and long.startswith(short)


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


class _Rates:
    """In what share of documents the terms of each topic stand, for every stored weight."""

    def __init__(self, weights: csr_array, presence: Presence) -> None:
        self._weights, self._presence = weights, presence
        self._topics = np.repeat(np.arange(weights.shape[0]), np.diff(weights.indptr))
        self._sizes = np.asarray(presence.members.sum(axis=1)).ravel()
        self._held = self._held_in(presence.members)

    def telling(self) -> NDArray[np.bool_]:
        """Whether each term is in enough of its topic's documents, and rarer in the others."""
        sizes = self._sizes[self._topics]
        spoken = self._presence.spoken
        if spoken is None:
            everywhere = np.asarray(self._presence.terms.sum(axis=0)).ravel()[self._weights.indices]
            outside = (everywhere - self._held) / np.maximum(self._presence.terms.shape[0] - sizes, 1)
        else:
            outside = sum(map(self._outside, range(spoken.shape[0])), np.zeros(len(self._topics)))
        enough = self._held >= np.minimum(_LEAST_DOCUMENTS, sizes)
        return np.asarray(enough & (self._held / sizes >= LEAST_RATIO * outside))

    def _outside(self, language: int) -> NDArray[np.float64]:
        """Share of the other documents in a language with the term, times that of the topic's documents in it."""
        from scipy.sparse import csr_array

        spoken = self._presence.spoken
        assert spoken is not None
        docs = spoken.indices[spoken.indptr[language] : spoken.indptr[language + 1]]
        inside = np.asarray(self._presence.members[:, docs].sum(axis=1)).ravel()[self._topics]
        if not inside.any():
            return np.zeros(len(self._topics))
        everywhere = np.bincount(self._presence.terms[docs].indices, minlength=self._weights.shape[1])
        among = np.zeros(spoken.shape[1], dtype=np.float32)
        among[docs] = 1
        held = self._held_in(csr_array(self._presence.members * among))
        rest = (everywhere[self._weights.indices] - held) / np.maximum(len(docs) - inside, 1)
        return np.asarray(rest * inside / np.maximum(self._sizes[self._topics], 1))

    def difference(self, parents: csr_array) -> NDArray[np.float64]:
        """Share of a topic's documents with a term over the sum of this share and that of the rest of its parent."""
        sizes, wide = self._sizes[self._topics], np.asarray(parents.sum(axis=1)).ravel()[self._topics]
        rest = np.maximum(self._held_in(parents) - self._held, 0) / np.maximum(wide - sizes, 1)
        inside = self._held / sizes
        return np.asarray(np.where(wide > sizes, inside / np.maximum(inside + rest, 1e-12), 1.0))

    def _held_in(self, groups: csr_array) -> NDArray[np.float64]:
        """Documents of the topic's group with the term, for every stored weight."""
        from scipy.sparse import csr_array

        weights, n_terms = self._weights, self._weights.shape[1]
        inside = csr_array(groups @ self._presence.terms)
        inside.sort_indices()
        key = self._topics * n_terms + weights.indices
        own_key = np.repeat(np.arange(inside.shape[0]), np.diff(inside.indptr)) * n_terms + inside.indices
        if not len(own_key):
            return np.zeros(len(key))
        place = np.minimum(np.searchsorted(own_key, key), len(own_key) - 1)
        return np.where(own_key[place] == key, inside.data[place], 0)
