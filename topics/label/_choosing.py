"""Counted terms × clusters → the terms of each topic, over all its documents and in each of its languages."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from topics._derived import derived
from topics.config import LabelParams
from topics.graph import stage
from topics.label._evenness import drop_even_terms
from topics.label._outlets import find_outlet_habits
from topics.label._presence import Presence, count_inside
from topics.label._selection import select_terms
from topics.label._weighting import WEIGHTINGS
from topics.records import NOISE, Clusters, Corpus, Embeddings, HeldOutTerms, Levels, Origin, TermCounts

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from scipy.sparse import csr_array

VERSION = 2

# Not tuned: a language with fewer documents gives no terms of its own worth reading.
_LANGUAGE_SHARE = 0.1  # of a topic's documents
_LANGUAGE_DOCUMENTS = 3


def choose_terms(
    counts: TermCounts,
    labels: NDArray[np.int32],
    *,
    params: LabelParams,
    vectors: NDArray[np.float32],
    n_topics: int,
    rows: NDArray[np.intp] | None = None,
    parents: csr_array | None = None,
    sources: Sequence[str | None] | None = None,
    languages: Sequence[str | None] | None = None,
) -> tuple[csr_array, list[list[int]]]:
    """Weights of shape (n_topics, n_terms), and for each topic the columns of its terms, the most specific first.

    Parameters
    ----------
    counts : TermCounts
        Counts of the documents' terms.
    labels : numpy.ndarray of int32, shape (n_docs,)
        Topic of each document.
    params : LabelParams
        ``weighting``, ``n_terms`` and ``coherence_weight`` are used.
    vectors : numpy.ndarray of float32, shape (n_docs, n_dims)
        Vectors of the documents.
    n_topics : int
        Number of topics; a topic without documents among ``rows`` has no terms.
    rows : numpy.ndarray of int or None
        Documents to choose the terms on; None uses all.
    parents : scipy.sparse.csr_array or None
        As for :func:`topics.label._selection.select_terms`.
    sources : sequence of str or None
        Outlet of each document; None if unknown.
    languages : sequence of str or None
        Language within which each document's terms are compared, from
        :func:`topics.label._evenness.drop_even_terms`; None treats all documents as one language.
    """
    from scipy.sparse import csr_array

    doc_counts = counts.counts if rows is None else csr_array(counts.counts[rows])
    labels = labels if rows is None else labels[rows]
    members = members_of(labels, n_topics=n_topics)
    # a single topic has nothing to compare with: only frequency counts
    name = params.weighting if n_topics > 1 else "class_tfidf"
    further: dict[str, Any] = {}
    if name == "centroid":
        further = {"members": members, "documents": doc_counts, "vectors": vectors if rows is None else vectors[rows]}
    occurrences, inside = count_inside(members, doc_counts)
    weights = WEIGHTINGS[name](occurrences, **further).astype(np.float32)
    if rows is not None:
        sources, languages = (part and [part[row] for row in rows.tolist()] for part in (sources, languages))
    presence = Presence.of(doc_counts, members, languages=languages, inside=inside)
    habits = None
    if sources is not None:
        habits = find_outlet_habits(weights, presence.terms, members=members, sources=sources)
    chosen = select_terms(
        weights,
        presence,
        n_terms=params.n_terms,
        coherence_weight=params.coherence_weight,
        terms=counts.terms,
        parents=parents if parents is None or rows is None else csr_array(parents[:, rows]),
        excluded=habits,
    )
    return weights, chosen


@stage(
    "held-out", HeldOutTerms, version=VERSION, reads=("n_terms", "weighting", "coherence_weight"),
    libraries=("numpy", "scipy"), determinism="bytes",
)  # fmt: skip
def choose_on_half(
    origin: Origin,
    corpus: Corpus,
    clusters: Clusters,
    *,
    counts: TermCounts,
    embeddings: Embeddings,
    params: LabelParams,
) -> HeldOutTerms:
    """The terms of each topic chosen on half of the documents, and the rows of the held-out half.

    The half of a document depends on its id alone.

    Parameters
    ----------
    corpus : Corpus
        The documents.
    clusters : Clusters
        Their labels.
    counts : TermCounts
        Counts of their terms.
    embeddings : Embeddings
        Their vectors.
    params : LabelParams
        As for :func:`choose_terms`.
    """
    counts, languages = even_terms_dropped(counts, corpus, clusters=clusters)
    ids = corpus.doc_ids
    first = derived(corpus, "first half", make=lambda: _first_half(ids))
    _, chosen = choose_terms(
        counts,
        clusters.labels,
        params=params,
        vectors=embeddings.vectors,
        n_topics=clusters.n_clusters,
        rows=np.flatnonzero(first),
        sources=corpus.documents.column("source").to_pylist(),
        languages=languages,
    )
    terms = tuple([counts.terms[column] for column in columns] for columns in chosen)
    return HeldOutTerms(corpus.corpus_key, terms, np.flatnonzero(~first), origin)


def even_terms_dropped(
    counts: TermCounts, corpus: Corpus, *, clusters: Clusters
) -> tuple[TermCounts, list[str | None]]:
    """As :func:`topics.label._evenness.drop_even_terms`, once for all that is said of the same clusters.

    Parameters
    ----------
    counts : TermCounts
        Counts of the documents' terms.
    corpus : Corpus
        The documents.
    clusters : Clusters
        Their labels.
    """
    labels, of = clusters.labels, (counts.origin.key, corpus.origin.key)
    return derived(clusters, "even terms dropped", make=lambda: drop_even_terms(counts, corpus, labels=labels), of=of)


def _first_half(ids: Sequence[str]) -> NDArray[np.bool_]:
    """Whether each document is in the first half."""
    return np.array([hashlib.sha256(doc_id.encode()).digest()[0] % 2 == 0 for doc_id in ids], dtype=bool)


def members_of(labels: NDArray[np.int32], *, n_topics: int) -> csr_array:
    """Matrix with ones where a document (column) is in a topic (row).

    Parameters
    ----------
    labels : numpy.ndarray of int32, shape (n_docs,)
        Topic of each document.
    n_topics : int
        Number of topics.
    """
    from scipy.sparse import csr_array

    docs = np.flatnonzero(labels >= 0)
    return csr_array((np.ones(len(docs), dtype=np.int32), (labels[docs], docs)), shape=(n_topics, len(labels)))


def parents_of(clusters: Clusters, levels: Levels) -> csr_array | None:
    """Matrix with ones where a document is in a topic or in its parent topic; None at the coarsest level.

    The parent is the cluster of the next coarser level that contains most of the topic's documents.

    Parameters
    ----------
    clusters : Clusters
        Clusters of one of the levels.
    levels : Levels
        All levels, the finest first.
    """
    names = levels.names
    if clusters.level not in names or names.index(clusters.level) + 1 >= len(names):
        return None
    wider = levels.labels[names.index(clusters.level) + 1]
    groups = members_of(wider, n_topics=int(wider.max(initial=NOISE)) + 1)
    members = members_of(clusters.labels, n_topics=clusters.n_clusters)
    if not groups.shape[0]:
        return None
    shared = (members @ groups.T).toarray()
    parents = (groups[shared.argmax(axis=1)] + members).astype(bool).astype(np.int32)
    return parents.tocsr()


def languages_of(
    languages: Sequence[str | None], labels: NDArray[np.int32], *, n_topics: int
) -> list[list[tuple[str, float]]]:
    """The languages of each topic with their shares of its documents, the most frequent first; ties by code.

    Parameters
    ----------
    languages : sequence of str or None
        Language of each document; None if unknown, which counts for nothing.
    labels : numpy.ndarray of int32, shape (n_docs,)
        Topic of each document.
    n_topics : int
        Number of topics.
    """
    codes, number = np.unique(np.array([language or "" for language in languages], dtype=object), return_inverse=True)
    kept = (labels >= 0) & (codes != "")[number]
    cells = labels[kept] * len(codes) + number[kept]
    n_docs = np.bincount(cells, minlength=n_topics * len(codes)).reshape(n_topics, len(codes))
    shares = []
    for row in n_docs:
        total, known = int(row.sum()), np.flatnonzero(row)
        order = known[np.argsort(-row[known], kind="stable")]  # codes ascend
        shares.append([(str(codes[i]), int(row[i]) / total) for i in order.tolist()])
    return shares


def terms_by_language(
    counts: TermCounts,
    labels: NDArray[np.int32],
    *,
    languages: Sequence[str | None],
    params: LabelParams,
    vectors: NDArray[np.float32],
    n_topics: int,
    shares_by_topic: Sequence[Sequence[tuple[str, float]]],
    sources: Sequence[str | None] | None = None,
) -> list[dict[str, list[int]]]:
    """For each topic the columns of its terms in each of its languages; empty for a topic in one language.

    A topic spans every language of at least a tenth of its documents, and at least three of them. Terms are chosen on
    the documents in that language and compared with those of the other topics in it.

    Parameters
    ----------
    counts, labels, params, vectors, n_topics, sources
        As for :func:`choose_terms`.
    languages : sequence of str or None
        Language of each document.
    shares_by_topic : sequence of sequence of (str, float)
        From :func:`languages_of`.
    """
    spanned: list[list[str]] = []
    doc_languages = np.array([language or "" for language in languages])
    is_known = np.array([language is not None for language in languages], dtype=bool)
    n_known = np.bincount(labels[(labels >= 0) & is_known], minlength=n_topics).tolist()
    for topic, shares in enumerate(shares_by_topic):
        wide = [
            lang for lang, share in shares if share >= _LANGUAGE_SHARE and share * n_known[topic] >= _LANGUAGE_DOCUMENTS
        ]
        spanned.append(wide if len(wide) > 1 else [])
    by_language: list[dict[str, list[int]]] = [{} for _ in range(n_topics)]
    for language in sorted({language for wide in spanned for language in wide}):
        rows = np.flatnonzero(doc_languages == language)
        _, chosen = choose_terms(
            counts, labels, params=params, vectors=vectors, n_topics=n_topics, rows=rows, sources=sources
        )
        for topic, wide in enumerate(spanned):
            if language in wide:
                by_language[topic][language] = chosen[topic]
    return by_language
