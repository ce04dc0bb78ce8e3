"""Records of levels, clusters, term counts and topics."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from topics._notebook import topics_fragment
from topics.records._origin import NOISE, Origin, freeze

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa
    from numpy.typing import NDArray
    from scipy.sparse import csr_array


METHODS = ("cluster", "neighbors", "centroid", "edit", "noise")
"""How a document got its label; by its neighbors or the nearest centroid, it was noise that was assigned."""


@dataclass(frozen=True, eq=False)
class Levels:
    """The levels of detail of several layouts' trees, the finest first.

    Attributes
    ----------
    corpus_key : str
        Key of the corpus.
    table : pyarrow.Table
        One row per level: ``level`` (its name), ``preferred`` (whether "auto" or the requested number chooses it),
        ``from`` ("layouts" or "neighbors"), ``cluster_selection_method, min_cluster_size, n_clusters, stability,
        stability_error, agreement, rand, noise_share, nested`` (share of documents that follow most of their cluster to
        the next coarser level; null at the coarsest), ``reproducibility, seed_reproducibility`` (lists, one value per
        cluster: the chance that two of its documents are together in a layout of other documents, and of another seed
        alone), ``jaccard`` (likewise: mean Jaccard index with the best match in layouts of other documents).
    scan : pyarrow.Table
        One row per cut: ``cluster_selection_method, min_cluster_size, n_clusters`` (mean of the layouts),
        ``min_clusters, max_clusters, agreement`` (AMI), ``rand`` (ARI), ``noise_share, stability, stability_error,
        worth, level`` (null if the cut is none); stabilities are null with a single layout.
    labels : numpy.ndarray of int32, shape (n_levels, n_docs)
        Cluster of each document; ``NOISE`` unless more than half of the layouts that contain it put it in one.
    confidences : numpy.ndarray of float32, shape (n_levels, n_docs)
        Chance that a document's largest membership is right, calibrated on labeled corpora; with a single layout the
        share of its neighbors' votes.
    membership : scipy.sparse.csr_array of float32, shape (n_levels * n_docs, n_clusters)
        Membership of the documents, with the levels stacked in order; rows sum to at most 1.
    min_samples : int
        The value used for ``"auto"``.
    n_layouts : int
        Number of layouts.
    origin : Origin
        Origin of the record.
    """

    corpus_key: str
    table: pa.Table
    scan: pa.Table
    labels: NDArray[np.int32]
    confidences: NDArray[np.float32]
    membership: csr_array
    min_samples: int
    n_layouts: int
    origin: Origin

    def __post_init__(self) -> None:
        freeze(self, {"labels": np.int32, "confidences": np.float32})
        for part in (self.membership.data, self.membership.indices, self.membership.indptr):
            part.setflags(write=False)

    @property
    def names(self) -> list[str]:
        """Name of each level, the finest first."""
        return list(self.table.column("level").to_pylist())

    def chosen(self, name: str) -> pa.Table:
        """The table with ``chosen`` in place of ``preferred``: true for the level of this name.

        Parameters
        ----------
        name : str
            Level of the clusters, which need not be the preferred one.
        """
        import pyarrow as pa

        place = self.table.column_names.index("preferred")
        chosen = pa.array([level == name for level in self.names], pa.bool_())
        return self.table.set_column(place, "chosen", chosen)

    def frame(self) -> pd.DataFrame:
        """One row per level."""
        frame: pd.DataFrame = self.table.to_pandas(use_threads=False)
        return frame


@dataclass(frozen=True, eq=False)
class Clusters:
    """A label for each document, and how the document got it.

    Attributes
    ----------
    corpus_key : str
        Key of the corpus.
    labels : numpy.ndarray of int32, shape (n_docs,)
        0 is the largest cluster, ties by smallest document id; ``NOISE`` (-1) belongs to none.
    strengths : numpy.ndarray of float32, shape (n_docs,)
        Confidence of each label, in [0, 1], higher is more certain; 0 for noise.
    original_labels : numpy.ndarray of int32, shape (n_docs,)
        The labels before noise was assigned.
    methods : numpy.ndarray of int8, shape (n_docs,)
        Index in ``METHODS`` of how each document got its label.
    confidences : numpy.ndarray of float32, shape (n_docs,)
        As ``strengths``, but for noise the confidence that did not suffice.
    membership : scipy.sparse.csr_array of float32, shape (n_docs, n_clusters)
        Membership of each document in its few main topics, in [0, 1]; the largest of a row is the document's label, the
        first of equal ones. Rows of noise are empty.
    reproducibility : numpy.ndarray of float32, shape (n_clusters,)
        Chance that two documents of a cluster are together in a layout of other documents too, in [0, 1] (the cluster
        consensus of Monti et al. 2003); NaN with a single layout.
    level : str
        Name of the level.
    min_cluster_size, min_samples : int
        The values used for ``"auto"``.
    origin : Origin
        Origin of the record.
    """

    corpus_key: str
    labels: NDArray[np.int32]
    strengths: NDArray[np.float32]
    original_labels: NDArray[np.int32]
    methods: NDArray[np.int8]
    confidences: NDArray[np.float32]
    membership: csr_array
    reproducibility: NDArray[np.float32]
    level: str
    min_cluster_size: int
    min_samples: int
    origin: Origin

    def __post_init__(self) -> None:
        freeze(
            self,
            {
                "labels": np.int32, "strengths": np.float32, "original_labels": np.int32, "methods": np.int8,
                "confidences": np.float32, "reproducibility": np.float32,
            },
        )  # fmt: skip
        for part in (self.membership.data, self.membership.indices, self.membership.indptr):
            part.setflags(write=False)

    @property
    def n_clusters(self) -> int:
        """Number of clusters, noise not counted."""
        return int(self.labels.max(initial=NOISE)) + 1

    def frame(self) -> pd.DataFrame:
        """One row per document: ``label, strength, original_label, method, confidence``."""
        import pandas as pd

        return pd.DataFrame(
            {
                "label": self.labels,
                "strength": self.strengths,
                "original_label": self.original_labels,
                "method": np.array(METHODS)[self.methods],
                "confidence": self.confidences,
            }
        )


@dataclass(frozen=True, eq=False)
class TermCounts:
    """Number of occurrences of each term in each document.

    Attributes
    ----------
    corpus_key : str
        Key of the corpus.
    counts : scipy.sparse.csr_array of int32, shape (n_docs, n_terms)
        Occurrences of each term in each document.
    terms : tuple of str
        The terms, sorted.
    forms : tuple of str
        Every form of a term in the documents, sorted; forms of several words are collocations.
    form_terms : numpy.ndarray of int64, shape (n_forms,)
        Column of the term of each form.
    origin : Origin
        Origin of the record.
    """

    corpus_key: str
    counts: csr_array
    terms: tuple[str, ...]
    forms: tuple[str, ...]
    form_terms: NDArray[np.int64]
    origin: Origin = field(repr=False)

    def __post_init__(self) -> None:
        freeze(self, {"form_terms": np.int64})
        for part in (self.counts.data, self.counts.indices, self.counts.indptr):
            part.setflags(write=False)

    def frame(self) -> pd.DataFrame:
        """One row per term: ``term, n_documents, n_occurrences``."""
        import pandas as pd

        n_documents = np.bincount(self.counts.indices, minlength=len(self.terms))
        overall = np.asarray(self.counts.sum(axis=0)).ravel()
        return pd.DataFrame({"term": self.terms, "n_documents": n_documents, "n_occurrences": overall})


@dataclass(frozen=True, eq=False)
class HeldOutTerms:
    """Terms chosen on some documents, to be scored on the held-out others.

    Attributes
    ----------
    corpus_key : str
        Key of the corpus.
    terms : tuple of sequence of str
        Terms of each topic.
    rows : numpy.ndarray of int64, shape (n_held_out,)
        The held-out documents.
    origin : Origin
        Origin of the record.
    """

    corpus_key: str
    terms: tuple[Sequence[str], ...]
    rows: NDArray[np.int64]
    origin: Origin = field(repr=False)

    def __post_init__(self) -> None:
        freeze(self, {"rows": np.int64})


@dataclass(frozen=True, eq=False)
class HumanLabels:
    """A human label of each document.

    Attributes
    ----------
    corpus_key : str
        Key of the corpus.
    values : tuple
        Label of each document, or None.
    origin : Origin
        Origin with the content of the labels as parent.
    """

    corpus_key: str
    values: tuple[Any, ...]
    origin: Origin = field(repr=False)


@dataclass(frozen=True, eq=False)
class Topics:
    """Descriptions of the clusters.

    Attributes
    ----------
    corpus_key : str
        Key of the corpus.
    table : pyarrow.Table
        One row per topic, by number: ``topic, label, size, n_copies, terms, term_weights, evidence, languages,
        nearest_topics, centroid``. Noise is never a row.
    vocabulary : tuple of str
        The counted terms, sorted.
    weights : scipy.sparse.csr_array of float32, shape (n_topics, n_terms)
        Weight of each term in each topic; higher is more characteristic, and only some weightings go below 0.
    origin : Origin
        Origin of the record.
    """

    corpus_key: str
    table: pa.Table
    vocabulary: tuple[str, ...]
    weights: csr_array
    origin: Origin = field(repr=False)

    def __post_init__(self) -> None:
        for part in (self.weights.data, self.weights.indices, self.weights.indptr):
            part.setflags(write=False)

    def _repr_html_(self) -> str:
        return topics_fragment(self.table.select(["topic", "size", "terms"]).to_pylist())

    @property
    def n_topics(self) -> int:
        """Number of topics."""
        return int(self.table.num_rows)

    def frame(self) -> pd.DataFrame:
        """One row per topic."""
        frame: pd.DataFrame = self.table.to_pandas(use_threads=False)
        return frame
