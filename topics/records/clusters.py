"""The documents in clusters, and the clusters described."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from topics.records.origin import NOISE, Origin, freeze

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa
    from numpy.typing import NDArray
    from scipy.sparse import csr_array


@dataclass(frozen=True, eq=False)
class Clusters:
    """A label for each document.

    Attributes
    ----------
    corpus_key : str
        Key of the corpus it belongs to.
    labels : numpy.ndarray of int32, shape (n_docs,)
        0 is the largest cluster, ties by smallest document id; ``NOISE`` (-1) belongs to none.
    strengths : numpy.ndarray of float32, shape (n_docs,)
        Membership strength in [0, 1], higher is firmer; 0 for noise.
    min_cluster_size, min_samples : int
        The sizes that were used, after ``"auto"`` was resolved.
    origin : Origin
        Where it came from.
    """

    corpus_key: str
    labels: NDArray[np.int32]
    strengths: NDArray[np.float32]
    min_cluster_size: int
    min_samples: int
    origin: Origin

    def __post_init__(self) -> None:
        freeze(self, {"labels": np.int32, "strengths": np.float32})

    @property
    def n_clusters(self) -> int:
        """Number of clusters, noise not counted."""
        return int(self.labels.max(initial=NOISE)) + 1

    def frame(self) -> pd.DataFrame:
        """One row a document: ``label, strength``."""
        import pandas as pd

        return pd.DataFrame({"label": self.labels, "strength": self.strengths})


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
        Weight of each term in each topic, ≥ 0; higher is more characteristic.
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
