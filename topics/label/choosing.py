"""Counted terms × clusters → the terms of each topic, over all its documents and in each of its languages."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from topics.config import LabelParams
from topics.graph import stage
from topics.label.evenness import judge_terms
from topics.label.outlets import of_one_outlet
from topics.label.selection import Presence, select_terms
from topics.label.weighting import WEIGHTINGS
from topics.records import NOISE, Clusters, Corpus, Embeddings, HeldOutTerms, Levels, Origin, TermCounts

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from scipy.sparse import csr_array

VERSION = 1

_LANGUAGE_SHARE = 0.1
_LANGUAGE_DOCUMENTS = 3


def choose_terms(
    counted: TermCounts,
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
    """Weights of shape (n_topics, n_terms), and for each topic the columns of its terms, the most telling first.

    Parameters
    ----------
    counted : TermCounts
        The documents' terms.
    labels : numpy.ndarray of int32, shape (n_docs,)
        Topic of each document.
    params : LabelParams
        How.
    vectors : numpy.ndarray of float32, shape (n_docs, n_dims)
        Of the documents.
    n_topics : int
        Number of topics; one without documents among ``rows`` has no terms.
    rows : numpy.ndarray of int or None
        The documents to choose on; None takes all.
    parents : scipy.sparse.csr_array or None
        As for :func:`topics.label.selection.select_terms`.
    sources : sequence of str or None
        Outlet of each document; None knows of none.
    languages : sequence of str or None
        Language of each document, within which its terms are compared, as :func:`topics.label.evenness.judge_terms`
        gives them; None takes all for one.
    """
    from scipy.sparse import csr_array

    counts = counted.counts if rows is None else csr_array(counted.counts[rows])
    labels = labels if rows is None else labels[rows]
    vectors = vectors if rows is None else vectors[rows]
    members = members_of(labels, n_topics=n_topics)
    # with nothing to compare with, only how often a term stands can count
    name = params.weighting if n_topics > 1 else "class_tfidf"
    further = {"members": members, "documents": counts, "vectors": vectors} if name == "centroid" else {}
    weights = WEIGHTINGS[name](csr_array(members @ counts), **further).astype(np.float32)
    if rows is not None:
        sources, languages = (part and [part[row] for row in rows.tolist()] for part in (sources, languages))
    presence = Presence.of(counts, members, languages=languages)
    chosen = select_terms(
        weights,
        presence,
        n_terms=params.n_terms,
        coherence_weight=params.coherence_weight,
        terms=counted.terms,
        parents=parents if parents is None or rows is None else csr_array(parents[:, rows]),
        barred=None if sources is None else of_one_outlet(weights, presence.terms, members=members, sources=sources),
    )
    return weights, chosen


@stage(
    "held-out", HeldOutTerms, version=VERSION, reads=("n_terms", "weighting", "coherence_weight"),
    libraries=("numpy", "scipy"),
)  # fmt: skip
def choose_on_half(
    origin: Origin,
    corpus: Corpus,
    clusters: Clusters,
    *,
    counted: TermCounts,
    embeddings: Embeddings,
    params: LabelParams,
) -> HeldOutTerms:
    """The terms of each topic chosen on half of the documents, and the rows of the other half.

    On which half a document is depends on its id alone.

    Parameters
    ----------
    corpus : Corpus
        The documents.
    clusters : Clusters
        Their labels.
    counted : TermCounts
        Their terms.
    embeddings : Embeddings
        Their vectors.
    params : LabelParams
        How.
    """
    counted, languages = judge_terms(counted, corpus, labels=clusters.labels)
    first = np.array([hashlib.sha256(doc_id.encode()).digest()[0] % 2 == 0 for doc_id in corpus.doc_ids], dtype=bool)
    _, chosen = choose_terms(
        counted,
        clusters.labels,
        params=params,
        vectors=embeddings.vectors,
        n_topics=clusters.n_clusters,
        rows=np.flatnonzero(first),
        sources=corpus.documents.column("source").to_pylist(),
        languages=languages,
    )
    terms = tuple([counted.terms[column] for column in columns] for columns in chosen)
    return HeldOutTerms(corpus.corpus_key, terms, np.flatnonzero(~first), origin)


def members_of(labels: NDArray[np.int32], *, n_topics: int) -> csr_array:
    """Ones where a document (column) is in a topic (row).

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
    """Ones where a document is in the wider topic that a topic is part of, or in the topic; None at the coarsest level.

    Wider is the cluster of the next coarser level that holds most of the topic's documents.

    Parameters
    ----------
    clusters : Clusters
        At one of the levels.
    levels : Levels
        The finest first.
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


def languages_of(languages: Sequence[str | None], docs: NDArray[np.intp]) -> list[tuple[str, float]]:
    """The languages of documents and their shares, the most frequent first; ties by code.

    Parameters
    ----------
    languages : sequence of str or None
        Of all documents.
    docs : numpy.ndarray of int
        The documents that are asked about.
    """
    found = Counter(lang for doc in docs if (lang := languages[int(doc)]))
    ordered = sorted(found.items(), key=lambda item: (-item[1], item[0]))
    return [(lang, n / found.total()) for lang, n in ordered]


def terms_by_language(
    counted: TermCounts,
    labels: NDArray[np.int32],
    *,
    languages: Sequence[str | None],
    params: LabelParams,
    vectors: NDArray[np.float32],
    n_topics: int,
    sources: Sequence[str | None] | None = None,
) -> list[dict[str, list[int]]]:
    """For each topic that spans languages the columns of its terms in each, chosen on its documents in that language.

    A topic spans the languages that at least a tenth of its documents are in, and three of them. The terms are compared
    with those of the other topics in the same language. Empty for a topic of one language.

    Parameters
    ----------
    counted, labels, params, vectors, n_topics, sources
        As for :func:`choose_terms`.
    languages : sequence of str or None
        Of the documents.
    """
    spanned: list[list[str]] = []
    for topic in range(n_topics):
        docs = np.flatnonzero(labels == topic)
        shares = languages_of(languages, docs)
        n_known = sum(languages[doc] is not None for doc in docs.tolist())
        wide = [lang for lang, share in shares if share >= _LANGUAGE_SHARE and share * n_known >= _LANGUAGE_DOCUMENTS]
        spanned.append(wide if len(wide) > 1 else [])
    found: list[dict[str, list[int]]] = [{} for _ in range(n_topics)]
    spoken = np.array([language or "" for language in languages])
    for language in sorted({language for wide in spanned for language in wide}):
        rows = np.flatnonzero(spoken == language)
        _, chosen = choose_terms(
            counted, labels, params=params, vectors=vectors, n_topics=n_topics, rows=rows, sources=sources
        )
        for topic, wide in enumerate(spanned):
            if language in wide:
                found[topic][language] = chosen[topic]
    return found
