"""Term weightings: pure functions of the counts per topic, one of them of vectors too.

Each takes the occurrences of each term in each topic, a sparse matrix of shape (n_topics, n_terms), and returns weights
of the same shape; higher is more characteristic. Terms that do not occur in a topic have no weight there.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from scipy.sparse import csr_array

# No record of their tuning.
_PRIOR_SHARE = 0.01  # strength of the prior, of all occurrences
_RARE = 5.0  # documents; discounts rare terms
_CELLS = 1 << 16  # not tuned: cells per block, which bounds memory


def class_tfidf(counts: csr_array) -> csr_array:
    """Class-based TF-IDF: ``tf / |c| * log(1 + A / f)``, ≥ 0 (Grootendorst 2022, eq. 1).

    ``tf`` is a term's count in a topic, ``|c|`` the topic's length in terms, ``f`` the term's count in all topics
    and ``A`` the mean length of a topic.

    Parameters
    ----------
    counts : scipy.sparse.csr_array of int, shape (n_topics, n_terms)
        Occurrences of each term in each topic.

    Returns
    -------
    scipy.sparse.csr_array of float64, shape (n_topics, n_terms)
        Weights of the terms that occur in each topic.

    Examples
    --------
    >>> from scipy.sparse import csr_array
    >>> class_tfidf(csr_array([[2, 0], [1, 3]])).toarray().round(3).tolist()
    [[0.693, 0.0], [0.173, 0.52]]
    """
    return _weigh(counts, lambda c: c.inside / c.length * np.log1p(c.mean_length / c.overall))


def bm25(counts: csr_array) -> csr_array:
    """Class-based TF-IDF with BM25's rarity: ``tf / |c| * log(1 + (A - f + .5) / (f + .5))``, ≥ 0.

    Terms with more occurrences than the mean length of a topic get 0 (BERTopic's ``bm25_weighting``; after Robertson
    and Zaragoza 2009, eq. 3.15).

    Parameters
    ----------
    counts : scipy.sparse.csr_array of int, shape (n_topics, n_terms)
        Occurrences of each term in each topic.
    """
    return _weigh(
        counts,
        lambda c: c.inside / c.length * np.log1p(np.maximum(c.mean_length - c.overall + 0.5, 0) / (c.overall + 0.5)),
    )


def log_odds(counts: csr_array) -> csr_array:
    """Log-odds ratio with an informative Dirichlet prior, as a z-score (Monroe, Colaresi and Quinn 2008, eq. 16-22).

    The topic is compared with all others. The prior is the corpus's own distribution of terms, as strong as a hundredth
    of all occurrences. Negative for terms that are rarer in the topic than elsewhere.

    Parameters
    ----------
    counts : scipy.sparse.csr_array of int, shape (n_topics, n_terms)
        Occurrences of each term in each topic.
    """

    def weigh(c: _Cells) -> NDArray[np.float64]:
        prior = c.overall * _PRIOR_SHARE
        all_prior = c.total * _PRIOR_SHARE
        outside, length_outside = c.overall - c.inside, c.total - c.length
        one, other = c.inside + prior, outside + prior
        with np.errstate(divide="ignore"):
            odds = np.log(one / np.maximum(c.length + all_prior - one, 0.5))
            odds -= np.log(other / np.maximum(length_outside + all_prior - other, 0.5))
        return np.asarray(odds / np.sqrt(1 / one + 1 / other))

    return _weigh(counts, weigh)


def npmi(counts: csr_array) -> csr_array:
    """Normalized pointwise mutual information of term and topic, in [-1, 1] (Bouma 2009, eq. 5).

    Parameters
    ----------
    counts : scipy.sparse.csr_array of int, shape (n_topics, n_terms)
        Occurrences of each term in each topic.
    """

    def weigh(c: _Cells) -> NDArray[np.float64]:
        surprise = -np.log(c.inside / c.total)
        mutual = np.log(c.inside * c.total / (c.length * c.overall))
        return np.asarray(np.divide(mutual, surprise, out=np.ones_like(mutual), where=surprise > 0))

    return _weigh(counts, weigh)


def centroid(counts: csr_array, *, members: csr_array, documents: csr_array, vectors: NDArray[np.float32]) -> csr_array:
    """Cosine of a term's vector and the topic's, in [-1, 1], after Angelov 2020 (Top2Vec), section 2.4.

    A topic's vector is the mean of its documents' vectors and a term's vector the mean of those of the documents with
    the term, both relative to the mean of all documents. So any encoder can be used, also one that cannot encode single
    words. Rare terms, with a mean of few documents, are discounted by ``n / (n + 5)``.

    Parameters
    ----------
    counts : scipy.sparse.csr_array of int, shape (n_topics, n_terms)
        Occurrences of each term in each topic.
    members : scipy.sparse.csr_array, shape (n_topics, n_docs)
        Ones where a document is in a topic.
    documents : scipy.sparse.csr_array of int, shape (n_docs, n_terms)
        Occurrences of each term in each document.
    vectors : numpy.ndarray of float32, shape (n_docs, n_dims)
        Vectors of the documents.
    """
    from scipy.sparse import csr_array

    presence = csr_array(
        (np.ones(len(documents.data), np.float32), documents.indices, documents.indptr), documents.shape
    )
    around = vectors - vectors.mean(axis=0)
    of_terms, of_topics = _unit(presence.T @ around), _unit(csr_array(members) @ around)
    n_docs = np.asarray(presence.sum(axis=0)).ravel()
    kept = csr_array(counts)
    kept.eliminate_zeros()
    rows = np.repeat(np.arange(kept.shape[0]), np.diff(kept.indptr))
    cosines = np.empty(len(rows))
    for start in range(0, len(rows), _CELLS):
        part = slice(start, start + _CELLS)
        cosines[part] = np.einsum("ij,ij->i", of_topics[rows[part]], of_terms[kept.indices[part]])
    discount = n_docs / (n_docs + _RARE)
    return csr_array((cosines * discount[kept.indices], kept.indices, kept.indptr), shape=kept.shape)


WEIGHTINGS: Mapping[str, Callable[..., csr_array]] = {
    "class_tfidf": class_tfidf,
    "bm25": bm25,
    "log_odds": log_odds,
    "npmi": npmi,
    "centroid": centroid,
}
"""Every weighting by its name in the config; all but "centroid" take the counts alone."""


def _unit(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.maximum(lengths, np.finfo(np.float32).tiny), dtype=np.float32)


class _Cells:
    """For each stored cell its count, the length of its topic, and its term's occurrences in all topics."""

    def __init__(self, counts: csr_array) -> None:
        lengths = np.asarray(counts.sum(axis=1), dtype=np.float64).ravel()
        overall = np.asarray(counts.sum(axis=0), dtype=np.float64).ravel()
        self.inside = counts.data.astype(np.float64)
        self.length = np.repeat(lengths, np.diff(counts.indptr))
        self.overall = overall[counts.indices]
        self.mean_length = float(lengths.mean()) if len(lengths) else 0.0
        self.total = float(lengths.sum())


def _weigh(counts: csr_array, function: Callable[[_Cells], NDArray[np.float64]]) -> csr_array:
    from scipy.sparse import csr_array

    kept = csr_array(counts)
    kept.eliminate_zeros()
    return csr_array((function(_Cells(kept)), kept.indices, kept.indptr), shape=kept.shape)
