"""Corpus × Clusters → Topics: terms, evidence, languages and nearest topics of each cluster."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from topics._derived import derived
from topics._say import count, verb
from topics.config import LabelParams
from topics.graph import stage
from topics.label._choosing import (
    choose_terms,
    even_terms_dropped,
    languages_of,
    members_of,
    parents_of,
    terms_by_language,
)
from topics.label._evidence import distinct, evidence_order, evidence_sentences
from topics.label._sentences import Sentences
from topics.records import (
    Clusters,
    Corpus,
    Embeddings,
    Levels,
    Origin,
    TermCounts,
    Topics,
    fingerprint,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from scipy.sparse import csr_array

VERSION = 6

NO_TERMS = "(no terms)"
# Not tuned: what fits a line of a table, and a key without collisions.
_LABEL_TERMS = 4
_NEAREST = 3
_KEY_DIGITS = 16
_AT_ONCE = 100  # not tuned: topics whose documents are read together, since a few at a time take longer
_SCHEMA = pa.schema(
    [
        ("topic", pa.int32()),
        ("key", pa.string()),
        ("label", pa.string()),
        ("size", pa.int32()),
        ("n_copies", pa.int32()),
        ("reproducibility", pa.float32()),
        ("terms", pa.list_(pa.string())),
        ("term_weights", pa.list_(pa.float32())),
        ("evidence", pa.list_(pa.string())),
        ("sentences", pa.list_(pa.string())),
        ("sentence_docs", pa.list_(pa.string())),
        ("languages", pa.list_(pa.string())),
        ("language_shares", pa.list_(pa.float32())),
        ("language_terms", pa.list_(pa.list_(pa.string()))),
        ("nearest_topics", pa.list_(pa.int32())),
        ("centroid", pa.list_(pa.float32())),
    ]
)


@stage(
    "label", Topics, version=VERSION, libraries=("numpy", "scipy"), determinism="bytes",
    reads=("n_terms", "weighting", "coherence_weight", "n_evidence"),
)  # fmt: skip
def describe(
    origin: Origin,
    corpus: Corpus,
    clusters: Clusters,
    *,
    counts: TermCounts,
    embeddings: Embeddings,
    params: LabelParams,
    levels: Levels | None = None,
) -> Topics:
    """A description of each cluster: terms, evidence documents and sentences, languages, nearest topics.

    A topic that spans languages is labeled in the language of most of its documents and also has terms in each.

    Parameters
    ----------
    corpus : Corpus
        The documents.
    clusters : Clusters
        Their labels.
    counts : TermCounts
        Counts of their terms.
    embeddings : Embeddings
        Their vectors, for centroids and evidence.
    params : LabelParams
        ``n_terms``, ``weighting``, ``coherence_weight`` and ``n_evidence`` are used.
    levels : Levels or None
        All levels of the corpus, to choose terms that distinguish a topic from its parent; None compares with no
        parent.

    Raises
    ------
    ValueError
        If the records belong to different corpora.
    """
    n_topics, labels, vectors = clusters.n_clusters, clusters.labels, embeddings.vectors
    languages, sources = (corpus.documents.column(name).to_pylist() for name in ("lang", "source"))
    finder = _SentenceFinder(corpus, counts, params)
    counts, compared = even_terms_dropped(counts, corpus, clusters=clusters)
    weights, chosen = choose_terms(
        counts,
        labels,
        params=params,
        vectors=vectors,
        n_topics=n_topics,
        parents=parents_of(clusters, levels) if levels else None,
        sources=sources,
        languages=compared,
    )
    shares_by_topic = languages_of(languages, labels, n_topics=n_topics)
    by_language = terms_by_language(
        counts,
        labels,
        languages=languages,
        params=params,
        vectors=vectors,
        n_topics=n_topics,
        shares_by_topic=shares_by_topic,
        sources=sources,
    )
    centroids = _centroids(vectors, members_of(labels, n_topics=n_topics))
    n_copies = np.array([len(copies) for copies in corpus.documents.column("copies").to_pylist()])
    ids = corpus.doc_ids
    by_term, own_weights = counts.counts.tocsc(), np.zeros(len(counts.terms), dtype=weights.dtype)
    shown: list[list[int]] = []
    ordered: list[NDArray[np.intp]] = []
    for topic, (shares, own) in enumerate(zip(shares_by_topic, by_language, strict=True)):
        docs = np.flatnonzero(labels == topic)
        closeness = (vectors[docs] * centroids[topic]).sum(axis=1) * clusters.strengths[docs]
        shown.append(next((own[lang] for lang, _ in shares if own.get(lang)), chosen[topic]))
        ordered.append(evidence_order(docs, shown[topic], closeness=closeness, by_term=by_term))
    all_sentences = finder.sentences(ordered, shown)
    rows: list[dict[str, Any]] = []
    for topic, (columns, shares, own) in enumerate(zip(shown, shares_by_topic, by_language, strict=True)):
        docs = np.sort(ordered[topic])
        words = [counts.terms[column] for column in columns]
        part = slice(weights.indptr[topic], weights.indptr[topic + 1])
        own_weights[weights.indices[part]] = weights.data[part]
        term_weights = own_weights[columns].tolist()
        own_weights[weights.indices[part]] = 0
        rows.append(
            {
                "topic": topic,
                "key": fingerprint([ids[doc] for doc in docs.tolist()])[:_KEY_DIGITS],
                "label": ", ".join(words[:_LABEL_TERMS]) or NO_TERMS,
                "size": len(docs),
                "n_copies": int(n_copies[docs].sum()),
                "reproducibility": _none_if_nan(clusters.reproducibility[topic]),
                "terms": words,
                "term_weights": term_weights,
                "evidence": [ids[doc] for doc in distinct(ordered[topic], vectors, n=params.n_evidence)],
                "sentences": [sentence for _, sentence in all_sentences[topic]],
                "sentence_docs": [ids[doc] for doc, _ in all_sentences[topic]],
                "languages": [lang for lang, _ in shares],
                "language_shares": [share for _, share in shares],
                "language_terms": [[counts.terms[column] for column in own.get(lang, ())] for lang, _ in shares],
                "nearest_topics": _nearest(centroids, topic),
                "centroid": centroids[topic].tolist(),
            }
        )
    n_wordless = sum(not row["terms"] for row in rows)
    if n_wordless:
        none = f"{n_wordless} of {count(n_topics, 'topic')} {verb(n_wordless, 'has', 'have')} no terms"
        note = f"{none}: no word occurs in enough of {verb(n_wordless, 'its', 'their')} documents"
        origin = replace(origin, notes=(note,))
    return Topics(corpus.corpus_key, pa.Table.from_pylist(rows, schema=_SCHEMA), counts.terms, weights, origin)


class _SentenceFinder:
    """Finds the sentences that support a label."""

    def __init__(self, corpus: Corpus, counts: TermCounts, params: LabelParams) -> None:
        texts, languages = corpus.documents.column("text"), corpus.documents.column("lang").to_pylist()
        forms, form_terms, n_terms = counts.forms, counts.form_terms, len(counts.terms)

        def prepare() -> tuple[Sentences, NDArray[np.int64], NDArray[np.int64]]:
            order = np.argsort(form_terms, kind="stable")
            starts = np.searchsorted(form_terms[order], np.arange(n_terms + 1))
            return Sentences(lambda row: str(texts[row].as_py()), forms=forms, languages=languages), order, starts

        of = corpus.origin.key
        self._sentences, self._order, self._starts = derived(counts, "sentences", make=prepare, of=of)
        self._forms, self._n = forms, params.n_evidence

    def sentences(
        self, ordered: Sequence[NDArray[np.intp]], columns: Sequence[Sequence[int]]
    ) -> list[list[tuple[int, str]]]:
        """Row and sentence of the best sentences of each topic, from its documents ordered best first.

        Terms are weighted by rank.
        """
        found: list[list[tuple[int, str]]] = []
        for first in range(0, len(ordered), _AT_ONCE):
            some = [docs[: 3 * self._n].tolist() for docs in ordered[first : first + _AT_ONCE]]
            self._sentences.of([row for rows in some for row in rows])
            for rows, own in zip(some, columns[first : first + _AT_ONCE], strict=True):
                terms = {
                    self._forms[i]: 1 / (1 + rank / 2)
                    for rank, column in enumerate(own)
                    for i in self._order[self._starts[column] : self._starts[column + 1]].tolist()
                }
                found.append(evidence_sentences(rows, terms, sentences=self._sentences, n=self._n))
        return found


def _centroids(vectors: NDArray[np.float32], members: csr_array) -> NDArray[np.float32]:
    """Unit mean vector of each topic."""
    sums = members @ vectors.astype(np.float64)
    lengths = np.linalg.norm(sums, axis=1, keepdims=True)
    unit: NDArray[np.float32] = (sums / np.maximum(lengths, np.finfo(np.float64).tiny)).astype(np.float32)
    return unit


def _none_if_nan(value: np.floating[Any]) -> float | None:
    return None if np.isnan(value) else float(value)


def _nearest(centroids: NDArray[np.float32], topic: int) -> list[int]:
    """The other topics by cosine of the centroids, nearest first; ties by number."""
    closeness = (centroids * centroids[topic]).sum(axis=1)
    order = np.lexsort((np.arange(len(closeness)), -closeness))
    return [int(other) for other in order if other != topic][:_NEAREST]
