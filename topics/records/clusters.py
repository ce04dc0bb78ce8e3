"""The documents in clusters, and the clusters described."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from topics.records.origin import NOISE, Origin, freeze

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa
    from numpy.typing import NDArray
    from scipy.sparse import csr_array


METHODS = ("cluster", "neighbors", "centroid", "edit", "noise")
"""How a document came to its label: it is in the cluster; as noise it was given to that of its neighbours, or of the
nearest centroid; by hand; it belongs to none."""


@dataclass(frozen=True, eq=False)
class Levels:
    """The levels of detail found in several layouts' trees, the finest first.

    Attributes
    ----------
    corpus_key : str
        Key of the corpus it belongs to.
    table : pyarrow.Table
        One row a level: ``level`` (its name), ``preferred`` (whether "auto", or the number asked for, takes it),
        ``from`` ("layouts" or "neighbors"), ``cluster_selection_method, min_cluster_size, n_clusters, stability,
        stability_error, agreement, rand, noise_share, nested`` (share of documents whose cluster lies mostly in the
        cluster they have at the next coarser level; null at the coarsest), ``reproducibility, seed_reproducibility``
        (lists, one value a cluster: the chance that two of its documents are together in a layout of other documents,
        and of another seed alone), ``jaccard`` (likewise: how much of it is one cluster of other documents' layouts).
    scan : pyarrow.Table
        One row a cut: ``cluster_selection_method, min_cluster_size, n_clusters`` (mean of the layouts), ``fewest, most,
        agreement`` (AMI), ``rand`` (ARI), ``noise_share, stability, stability_error, worth, level`` (null where it is
        none); stabilities are null of one layout.
    labels : numpy.ndarray of int32, shape (n_levels, n_docs)
        Cluster of each document; ``NOISE`` where no more than half of the layouts that have it put it in one.
    confidences : numpy.ndarray of float32, shape (n_levels, n_docs)
        Chance that the largest of a document's membership is right, calibrated on labelled corpora; of one layout
        alone the share of its neighbours' votes.
    membership : scipy.sparse.csr_array of float32, shape (n_levels * n_docs, n_clusters)
        The levels' documents one below the other; rows sum to at most 1.
    min_samples : int
        The value used, after ``"auto"`` was resolved.
    n_seeds : int
        Number of layouts.
    origin : Origin
        Where it came from.
    """

    corpus_key: str
    table: pa.Table
    scan: pa.Table
    labels: NDArray[np.int32]
    confidences: NDArray[np.float32]
    membership: csr_array
    min_samples: int
    n_seeds: int
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
        """The table with ``chosen`` in place of ``preferred``: true of the level of this name.

        Parameters
        ----------
        name : str
            Level of the clusters at hand, which another ``cluster.level`` cuts out of the same levels.
        """
        import pyarrow as pa

        place = self.table.column_names.index("preferred")
        chosen = pa.array([level == name for level in self.names], pa.bool_())
        return self.table.set_column(place, "chosen", chosen)

    def frame(self) -> pd.DataFrame:
        """One row a level."""
        frame: pd.DataFrame = self.table.to_pandas(use_threads=False)
        return frame


@dataclass(frozen=True, eq=False)
class Clusters:
    """A label for each document, and how it came to it.

    Attributes
    ----------
    corpus_key : str
        Key of the corpus it belongs to.
    labels : numpy.ndarray of int32, shape (n_docs,)
        0 is the largest cluster, ties by smallest document id; ``NOISE`` (-1) belongs to none.
    strengths : numpy.ndarray of float32, shape (n_docs,)
        How sure the label is, in [0, 1], higher is surer; 0 for noise.
    original_labels : numpy.ndarray of int32, shape (n_docs,)
        The labels before noise was moved.
    methods : numpy.ndarray of int8, shape (n_docs,)
        Index in ``METHODS`` of how each label came about.
    confidences : numpy.ndarray of float32, shape (n_docs,)
        As ``strengths``, but of noise the confidence that did not suffice.
    membership : scipy.sparse.csr_array of float32, shape (n_docs, n_clusters)
        The few topics each document has most to do with, in [0, 1]; the largest of a row is the document's label, the
        first of equal ones. Rows of noise are empty.
    reproducibility : numpy.ndarray of float32, shape (n_clusters,)
        Chance that two documents of a cluster are together in a layout of other documents too, in [0, 1] (the cluster
        consensus of Monti et al. 2003); NaN of one layout.
    level : str
        Name of the level.
    min_cluster_size, min_samples : int
        The sizes that were used, after ``"auto"`` was resolved.
    origin : Origin
        Where it came from.
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
        """One row a document: ``label, strength, original_label, method, confidence``."""
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
    """How often each term stands in each document.

    Attributes
    ----------
    corpus_key : str
        Key of the corpus it belongs to.
    counts : scipy.sparse.csr_array of int32, shape (n_docs, n_terms)
        Occurrences.
    terms : tuple of str
        The terms, sorted.
    forms : tuple of str
        Every form of a term that was met, sorted; those of several words are collocations.
    form_terms : numpy.ndarray of int64, shape (n_forms,)
        Column of the term that each is a form of.
    origin : Origin
        Where it came from.
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
        """One row a term: ``term, n_documents, n_occurrences``."""
        import pandas as pd

        held = np.bincount(self.counts.indices, minlength=len(self.terms))
        overall = np.asarray(self.counts.sum(axis=0)).ravel()
        return pd.DataFrame({"term": self.terms, "n_documents": held, "n_occurrences": overall})


@dataclass(frozen=True, eq=False)
class HeldOutTerms:
    """Terms chosen on some documents, to be scored on the others.

    Attributes
    ----------
    corpus_key : str
        Key of the corpus it belongs to.
    terms : tuple of sequence of str
        Of each topic.
    rows : numpy.ndarray of int64, shape (n_held_out,)
        The documents that they were not chosen on.
    origin : Origin
        Where it came from.
    """

    corpus_key: str
    terms: tuple[Sequence[str], ...]
    rows: NDArray[np.int64]
    origin: Origin = field(repr=False)

    def __post_init__(self) -> None:
        freeze(self, {"rows": np.int64})


@dataclass(frozen=True, eq=False)
class HumanLabels:
    """A label that people gave to each document.

    Attributes
    ----------
    corpus_key : str
        Key of the corpus it belongs to.
    values : tuple
        One a document; None where there is none.
    origin : Origin
        Its parent is the content of the labels.
    """

    corpus_key: str
    values: tuple[Any, ...]
    origin: Origin = field(repr=False)


@dataclass(frozen=True, eq=False)
class Topics:
    """The clusters described.

    Attributes
    ----------
    corpus_key : str
        Key of the corpus it belongs to.
    table : pyarrow.Table
        One row a topic, by number: ``topic, label, size, n_copies, terms, term_weights, evidence, languages,
        nearest_topics, centroid``. Noise is never a row.
    vocabulary : tuple of str
        The ``n_terms`` counted terms, sorted.
    weights : scipy.sparse.csr_array of float32, shape (n_topics, n_terms)
        Weight of each term in each topic, higher is more characteristic; below 0 only by weightings that compare.
    origin : Origin
        Where it came from.
    """

    corpus_key: str
    table: pa.Table
    vocabulary: tuple[str, ...]
    weights: csr_array
    origin: Origin = field(repr=False)

    def __post_init__(self) -> None:
        for part in (self.weights.data, self.weights.indices, self.weights.indptr):
            part.setflags(write=False)

    @property
    def n_topics(self) -> int:
        """Number of topics."""
        return int(self.table.num_rows)

    def frame(self) -> pd.DataFrame:
        """One row a topic."""
        frame: pd.DataFrame = self.table.to_pandas(use_threads=False)
        return frame
