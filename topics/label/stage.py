"""Corpus × Clusters → Topics."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from topics.config import LabelParams
from topics.label.selection import Presence, select_terms
from topics.label.weighting import WEIGHTINGS
from topics.records import Clusters, Corpus, Embeddings, Origin, TermCounts, Topics, check_same_corpus, library_versions

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from scipy.sparse import csr_array

STAGE = "label"
VERSION = 2

NO_TERMS = "(no terms)"
_LABEL_TERMS = 4
_NEAREST = 3
_SCHEMA = pa.schema(
    [
        ("topic", pa.int32()),
        ("label", pa.string()),
        ("size", pa.int32()),
        ("n_copies", pa.int32()),
        ("reproducibility", pa.float32()),
        ("terms", pa.list_(pa.string())),
        ("term_weights", pa.list_(pa.float32())),
        ("evidence", pa.list_(pa.string())),
        ("languages", pa.list_(pa.string())),
        ("language_shares", pa.list_(pa.float32())),
        ("nearest_topics", pa.list_(pa.int32())),
        ("centroid", pa.list_(pa.float32())),
    ]
)


def plan(params: LabelParams, *, clusters: Origin, counted: Origin, embeddings: Origin, corpus: Origin) -> Origin:
    """Where the topics of these clusters would come from."""
    parents = (clusters.key, counted.key, embeddings.key, corpus.key)
    parameters = params.model_dump(mode="json", include={"n_terms", "weighting", "coherence_weight", "n_evidence"})
    return Origin(STAGE, VERSION, parameters, parents, library_versions("numpy", "scipy"))


def describe(
    corpus: Corpus, clusters: Clusters, *, counted: TermCounts, embeddings: Embeddings, params: LabelParams
) -> Topics:
    """A description of each cluster: terms, evidence documents, languages, nearest topics.

    Parameters
    ----------
    corpus : Corpus
        The documents.
    clusters : Clusters
        Their labels.
    counted : TermCounts
        The documents' terms.
    embeddings : Embeddings
        Their vectors, for centroids and evidence.
    params : LabelParams
        How.

    Raises
    ------
    ValueError
        If the records belong to different corpora.
    """
    key = check_same_corpus(embeddings, counted, clusters)
    if key != corpus.origin.key:
        raise ValueError(f"expected records of corpus {corpus.origin.key[:12]}, got {key[:12]}")
    origin = plan(
        params,
        clusters=clusters.origin,
        counted=counted.origin,
        embeddings=embeddings.origin,
        corpus=corpus.origin,
    )
    n_topics = clusters.n_clusters
    members = _members(clusters)
    counts, terms = counted.counts, counted.terms
    # with nothing to compare with, only how often a term stands can count
    weighting = params.weighting if n_topics > 1 else "class_tfidf"
    weights = WEIGHTINGS[weighting](members @ counts).astype(np.float32)
    chosen = select_terms(
        weights, Presence.of(counts, members), n_terms=params.n_terms, coherence_weight=params.coherence_weight
    )
    centroids = _centroids(embeddings.vectors, members)
    languages = corpus.documents.column("lang").to_pylist()
    n_copies = np.array([len(copies) for copies in corpus.documents.column("copies").to_pylist()])
    rows: list[dict[str, Any]] = []
    for topic, columns in enumerate(chosen):
        docs = np.flatnonzero(clusters.labels == topic)
        words = [terms[column] for column in columns]
        spoken = _languages(languages, docs)
        rows.append(
            {
                "topic": topic,
                "label": ", ".join(words[:_LABEL_TERMS]) or NO_TERMS,
                "size": len(docs),
                "n_copies": int(n_copies[docs].sum()),
                "reproducibility": _known(clusters.reproducibility[topic]),
                "terms": words,
                "term_weights": [float(weights[topic, column]) for column in columns],
                "evidence": _evidence(corpus, embeddings, clusters, centroids[topic], topic, params.n_evidence),
                "languages": [lang for lang, _ in spoken],
                "language_shares": [share for _, share in spoken],
                "nearest_topics": _nearest(centroids, topic),
                "centroid": centroids[topic].tolist(),
            }
        )
    n_wordless = sum(not row["terms"] for row in rows)
    if n_wordless:
        note = (
            f"{n_wordless} of {n_topics} topics have no terms: their texts hold no words apart, as in emoji or in "
            "scripts written without spaces"
        )
        origin = replace(origin, notes=(note,))
    return Topics(key, pa.Table.from_pylist(rows, schema=_SCHEMA), terms, weights, origin)


def _members(clusters: Clusters) -> csr_array:
    """Ones where a document (column) is in a topic (row)."""
    from scipy.sparse import csr_array

    docs = np.flatnonzero(clusters.labels >= 0)
    shape = (clusters.n_clusters, len(clusters.labels))
    return csr_array((np.ones(len(docs), dtype=np.int32), (clusters.labels[docs], docs)), shape=shape)


def _centroids(vectors: NDArray[np.float32], members: csr_array) -> NDArray[np.float32]:
    """Unit mean vector of each topic."""
    sums = members @ vectors.astype(np.float64)
    lengths = np.linalg.norm(sums, axis=1, keepdims=True)
    unit: NDArray[np.float32] = (sums / np.maximum(lengths, np.finfo(np.float64).tiny)).astype(np.float32)
    return unit


def _evidence(
    corpus: Corpus,
    embeddings: Embeddings,
    clusters: Clusters,
    centroid: NDArray[np.float32],
    topic: int,
    n: int,
) -> list[str]:
    """Ids of the documents that are firmest in the topic and nearest to its centroid; ties by id."""
    docs = np.flatnonzero(clusters.labels == topic)
    closeness = (embeddings.vectors[docs] * centroid).sum(axis=1) * clusters.strengths[docs]
    order = np.lexsort((docs, -closeness))[:n]
    ids = corpus.documents.column("doc_id")
    return [ids[int(doc)].as_py() for doc in docs[order]]


def _known(value: np.floating[Any]) -> float | None:
    return None if np.isnan(value) else float(value)


def _languages(corpus_languages: Sequence[str | None], docs: NDArray[np.intp]) -> list[tuple[str, float]]:
    found = Counter(lang for doc in docs if (lang := corpus_languages[doc]))
    ordered = sorted(found.items(), key=lambda item: (-item[1], item[0]))
    return [(lang, n / found.total()) for lang, n in ordered]


def _nearest(centroids: NDArray[np.float32], topic: int) -> list[int]:
    """The other topics by cosine of the centroids, nearest first; ties by number."""
    closeness = (centroids * centroids[topic]).sum(axis=1)
    order = np.lexsort((np.arange(len(closeness)), -closeness))
    return [int(other) for other in order if other != topic][:_NEAREST]
