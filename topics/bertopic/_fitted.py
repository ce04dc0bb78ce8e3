"""A run seen by the texts that it was made of, equal ones among them, as BERTopic's attributes are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from topics.label import WEIGHTINGS, class_tfidf
from topics.records import NOISE
from topics.runs import Run

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray
    from scipy.sparse import csr_array


@dataclass(frozen=True, eq=False)
class Fitted:
    """A run and the texts of it, one row a text.

    Attributes
    ----------
    run : Run
        With its edits.
    texts : tuple of str
        As they were given; of a run from a folder, as they were cleaned.
    rows : numpy.ndarray of int64, shape (n_texts,)
        Row of each text's document in the corpus; -1 of a text without words.
    """

    run: Run
    texts: tuple[str, ...]
    rows: NDArray[np.int64]

    @classmethod
    def of(cls, run: Run) -> Fitted:
        """The texts of a run from a folder, in the order of their first rows; equal ones are beside each other.

        Those without words are not in a run.

        Parameters
        ----------
        run : Run
            Of texts.
        """
        documents = run.documents()
        place = {doc_id: row for row, doc_id in enumerate(run.fitted.corpus.doc_ids)}
        canonical = documents["copy_of"].where(documents["copy_of"].notna(), documents["doc_id"])
        rows = np.array([place[doc_id] for doc_id in canonical], dtype=np.int64)
        texts = [str(text) for text in documents["text"]]
        given = {place[i]: rows for i, rows in zip(run.fitted.corpus.doc_ids, _input_rows(run), strict=True)}
        first = [min(given[row], default=0) for row in rows.tolist()]
        order = np.argsort(first, kind="stable")
        return cls(run, tuple(texts[i] for i in order.tolist()), rows[order])

    def with_run(self, run: Run) -> Fitted:
        """The same texts in an edited run.

        Parameters
        ----------
        run : Run
            Of the same corpus.
        """
        return replace(self, run=run)

    @property
    def doc_ids(self) -> list[str | None]:
        """Id of each text's document; None of a text without words."""
        ids = self.run.fitted.corpus.doc_ids
        return [ids[row] if row >= 0 else None for row in self.rows.tolist()]

    @cached_property
    def labels(self) -> NDArray[np.int64]:
        """Topic of each text."""
        return np.where(self.rows >= 0, self.run.clusters.labels[self.rows], NOISE).astype(np.int64)

    @cached_property
    def strengths(self) -> NDArray[np.float64]:
        """Confidence of each text's topic, in [0, 1]; 0 of noise."""
        return np.where(self.rows >= 0, self.run.clusters.strengths[self.rows], 0).astype(np.float64)

    @cached_property
    def membership(self) -> NDArray[np.float64]:
        """Membership of each text in each topic, in [0, 1], shape (n_texts, n_topics)."""
        dense = self.run.clusters.membership.toarray()[self.rows].astype(np.float64)
        dense[self.rows < 0] = 0
        return np.asarray(dense)

    @cached_property
    def topics(self) -> list[int]:
        """Every topic that texts have, -1 first if there is noise."""
        return sorted(set(self.labels.tolist()))

    @cached_property
    def sizes(self) -> dict[int, int]:
        """Number of texts of each topic, the noise first, then by number."""
        counted = Counter(self.labels.tolist())
        return {topic: counted[topic] for topic in self.topics}

    @cached_property
    def frame(self) -> pd.DataFrame:
        """``Run.topics()``."""
        return self.run.topics()

    @cached_property
    def representations(self) -> dict[int, list[tuple[str, float]]]:
        """Terms of each topic with their weights, the most specific first; of noise, those with the most weight."""
        own: dict[int, list[tuple[str, float]]] = {
            int(row["topic"]): list(zip(row["terms"], map(float, row["term_weights"]), strict=True))
            for row in self.frame.to_dict("records")
        }
        n_terms = self.run.config.label.n_terms
        return {topic: own.get(topic) or self.best_terms(topic, n_terms) for topic in self.topics}

    def best_terms(self, topic: int, n_terms: int) -> list[tuple[str, float]]:
        """Terms with the most weight in a row of :attr:`weights`; a single empty one where there are none.

        Parameters
        ----------
        topic : int
            Its number, or -1.
        n_terms : int
            At most.
        """
        row = self.weights[[self.topics.index(topic)]].tocoo()
        order = np.lexsort((row.col, -row.data))[:n_terms]
        terms = self.run.records.counts.terms
        return [(terms[row.col[i]], float(row.data[i])) for i in order.tolist()] or [("", 0.0)]

    def counts_of(self, groups: Sequence[Sequence[int]]) -> csr_array:
        """Occurrences of each term in groups of topics, shape (n_groups, n_terms).

        Parameters
        ----------
        groups : sequence of sequences of int
            Topics, -1 too.
        """
        from scipy.sparse import csr_array

        labels, counts = self.run.clusters.labels, self.run.records.counts.counts
        members = np.stack([np.isin(labels, list(group)) for group in groups]).astype(np.int64)
        return csr_array(csr_array(members) @ counts)

    @cached_property
    def weights(self) -> csr_array:
        """Weight of each term in each topic, noise first, float64 of shape (n_topics, n_terms)."""
        name = self.run.config.label.weighting
        weigh: Any = class_tfidf if name == "centroid" else WEIGHTINGS[name]
        return weigh(self.counts_of([[topic] for topic in self.topics]))

    @cached_property
    def embeddings(self) -> NDArray[np.float64]:
        """Mean vector of each topic's documents, noise first, shape (n_topics, n_dims)."""
        vectors, labels = self.run.records.embeddings.vectors, self.run.clusters.labels
        rows = [vectors[labels == topic] for topic in self.topics]
        return np.stack([own.mean(axis=0) if len(own) else np.zeros(vectors.shape[1]) for own in rows]).astype(float)

    @cached_property
    def representative(self) -> dict[int, list[str]]:
        """Texts that stand for each topic, the best first; none for noise."""
        text_of = dict(zip(reversed(self.doc_ids), reversed(self.texts), strict=True))
        found = {
            int(row["topic"]): [text_of[doc_id] for doc_id in row["evidence"] if doc_id in text_of]
            for row in self.frame.to_dict("records")
        }
        return {topic: found.get(topic, []) for topic in self.topics}


def _input_rows(run: Run) -> list[list[int]]:
    return [list(rows or ()) for rows in run.fitted.corpus.input_rows.to_pylist()]
