"""Which terms occur in which documents, and in what share of each topic's documents."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from scipy.sparse import csr_array

# No record of their tuning.
MIN_RATIO = 1.5  # of a term's share of the topic's documents to its share of the others
_MIN_DOCUMENTS = 2  # of a topic with the term
_BITS = 32  # half of an integer


@dataclass(frozen=True, eq=False)
class Presence:
    """Which terms occur in which documents, and which documents are in which topic.

    Attributes
    ----------
    terms : scipy.sparse.csr_array, shape (n_docs, n_terms)
        Ones where a term occurs in a document.
    members : scipy.sparse.csr_array, shape (n_topics, n_docs)
        Ones where a document is in a topic.
    by_language : scipy.sparse.csr_array or None
        Of shape (n_languages, n_docs), ones where a document is in a language; None if all are in one.
    inside : scipy.sparse.csr_array or None
        Of shape (n_topics, n_terms), number of a topic's documents with a term, where that is known.
    """

    terms: csr_array
    members: csr_array
    by_language: csr_array | None = None
    inside: csr_array | None = None

    @classmethod
    def of(
        cls,
        counts: csr_array,
        members: csr_array,
        *,
        languages: Sequence[str | None] | None = None,
        inside: csr_array | None = None,
    ) -> Presence:
        """The presence of counted terms.

        Parameters
        ----------
        counts : scipy.sparse.csr_array, shape (n_docs, n_terms)
            Occurrences of each term in each document.
        members : scipy.sparse.csr_array, shape (n_topics, n_docs)
            Ones where a document is in a topic.
        languages : sequence of str or None
            Language of each document, None for a document that is not compared with others; None instead of a sequence
            treats all documents as one language.
        inside : scipy.sparse.csr_array or None
            From :func:`count_inside`.
        """
        from scipy.sparse import csr_array

        ones = np.ones(len(counts.data), dtype=np.float32)
        terms = csr_array((ones, counts.indices, counts.indptr), shape=counts.shape)
        codes = sorted({code for code in languages or () if code is not None})
        if languages is None or (len(codes) == 1 and None not in languages):
            return cls(terms, members, inside=inside)
        number = {code: i for i, code in enumerate(codes)}
        docs = np.array([i for i, code in enumerate(languages) if code is not None], dtype=np.int64)
        rows = np.array([number[code] for code in languages if code is not None], dtype=np.int64)
        ones = np.ones(len(docs), dtype=np.float32)
        by_language = csr_array((ones, (rows, docs)), shape=(len(codes), len(languages)))
        return cls(terms, members, by_language, inside)

    def are_uncompared(self) -> NDArray[np.bool_]:
        """Whether most documents of each topic are not compared with others, shape (n_topics,)."""
        sizes = np.asarray(self.members.sum(axis=1)).ravel()
        if self.by_language is None:
            return np.zeros(len(sizes), dtype=bool)
        compared = np.asarray(self.by_language.sum(axis=0)).ravel()
        return np.asarray(2 * (self.members @ compared) < sizes)


def count_inside(members: csr_array, counts: csr_array) -> tuple[csr_array, csr_array]:
    """Occurrences of each term in each topic, and the number of its documents with the term, by one product.

    Parameters
    ----------
    members : scipy.sparse.csr_array, shape (n_topics, n_docs)
        Ones where a document is in a topic.
    counts : scipy.sparse.csr_array of int, shape (n_docs, n_terms)
        Occurrences of each term in each document, fewer than 2 ** 32 in all.

    Returns
    -------
    occurrences : scipy.sparse.csr_array of int64, shape (n_topics, n_terms)
    documents : scipy.sparse.csr_array of float64, shape (n_topics, n_terms)
    """
    from scipy.sparse import csr_array

    cells = counts.data.astype(np.int64) + (1 << _BITS)  # the upper half counts documents
    both = csr_array(members @ csr_array((cells, counts.indices, counts.indptr), shape=counts.shape))
    both.sort_indices()
    occurrences, documents = both.data & ((1 << _BITS) - 1), (both.data >> _BITS).astype(np.float64)
    return tuple(csr_array((data, both.indices, both.indptr), shape=both.shape) for data in (occurrences, documents))


class Rates:
    """Shares of documents with a term inside and outside its topic, one value for every stored weight.

    Parameters
    ----------
    weights : scipy.sparse.csr_array, shape (n_topics, n_terms)
        Weights of the terms.
    presence : Presence
        Presence of the same terms and topics.
    """

    def __init__(self, weights: csr_array, presence: Presence) -> None:
        self._weights, self._presence = weights, presence
        self._topics = np.repeat(np.arange(weights.shape[0]), np.diff(weights.indptr))
        self._sizes = np.asarray(presence.members.sum(axis=1)).ravel()
        inside = presence.inside
        is_known = (
            inside is not None
            and np.array_equal(inside.indptr, weights.indptr)
            and np.array_equal(inside.indices, weights.indices)
        )
        self._n_inside = inside.data if inside is not None and is_known else self._count_in(presence.members)

    def are_specific(self) -> NDArray[np.bool_]:
        """Whether each term is in enough of its topic's documents and rarer in the others."""
        sizes = self._sizes[self._topics]
        by_language = self._presence.by_language
        if by_language is None:
            everywhere = np.asarray(self._presence.terms.sum(axis=0)).ravel()[self._weights.indices]
            outside = (everywhere - self._n_inside) / np.maximum(self._presence.terms.shape[0] - sizes, 1)
        else:
            outside = sum(map(self._outside, range(by_language.shape[0])), np.zeros(len(self._topics)))
        enough = self._n_inside >= np.minimum(_MIN_DOCUMENTS, sizes)
        return np.asarray(enough & (self._n_inside / sizes >= MIN_RATIO * outside))

    def _outside(self, language: int) -> NDArray[np.float64]:
        """Share of the other documents in a language with the term, times the topic's share of documents in it."""
        from scipy.sparse import csr_array

        by_language = self._presence.by_language
        assert by_language is not None
        docs = by_language.indices[by_language.indptr[language] : by_language.indptr[language + 1]]
        inside = np.asarray(self._presence.members[:, docs].sum(axis=1)).ravel()[self._topics]
        if not inside.any():
            return np.zeros(len(self._topics))
        everywhere = np.bincount(self._presence.terms[docs].indices, minlength=self._weights.shape[1])
        among = np.zeros(by_language.shape[1], dtype=np.float32)
        among[docs] = 1
        n_docs = self._count_in(csr_array(self._presence.members * among))
        rest = (everywhere[self._weights.indices] - n_docs) / np.maximum(len(docs) - inside, 1)
        return np.asarray(rest * inside / np.maximum(self._sizes[self._topics], 1))

    def difference(self, parents: csr_array) -> NDArray[np.float64]:
        """Share of a topic's documents with a term, over the sum of this share and that of the rest of its parent.

        Parameters
        ----------
        parents : scipy.sparse.csr_array, shape (n_topics, n_docs)
            Ones where a document is in the parent of a topic.
        """
        sizes, wide = self._sizes[self._topics], np.asarray(parents.sum(axis=1)).ravel()[self._topics]
        rest = np.maximum(self._count_in(parents) - self._n_inside, 0) / np.maximum(wide - sizes, 1)
        inside = self._n_inside / sizes
        return np.asarray(np.where(wide > sizes, inside / np.maximum(inside + rest, 1e-12), 1.0))

    def _count_in(self, groups: csr_array) -> NDArray[np.float64]:
        """Number of documents of the topic's group with the term, for every stored weight."""
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
