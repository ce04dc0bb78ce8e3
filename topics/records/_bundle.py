"""The records of all stages together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from topics.records._assigner import Assigner
from topics.records._clusters import Clusters, Levels, TermCounts, Topics
from topics.records._corpus import Corpus
from topics.records._lexicon import Lexicon
from topics.records._origin import Origin, freeze
from topics.records._points import ClusterTree, Embeddings, Layout, Neighbors

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class Scores:
    """The scores of a run.

    Attributes
    ----------
    values : Mapping
        By name a mapping with ``value``, ``definition``, ``better`` ("higher", "lower", "none") and, of agreements with
        human labels, ``interval`` (95 %).
    origin : Origin
        Where they came from.
    """

    values: Mapping[str, Mapping[str, Any]]
    origin: Origin


@dataclass(frozen=True, eq=False)
class Exemplars:
    """Vectors of the documents that stand for each cluster: little beside the vectors of all, and enough to edit by.

    Attributes
    ----------
    corpus_key : str
        Key of the corpus it belongs to.
    rows : numpy.ndarray of int64, shape (n_exemplars,)
        Row of each among the corpus's documents, ascending.
    vectors : numpy.ndarray of float32, shape (n_exemplars, n_dims)
        Unit length.
    lexical_weight : float
        Weight of the documents' words in their similarity, in [0, 1]; 0 but for a hybrid.
    origin : Origin
        Where it came from.
    """

    corpus_key: str
    rows: NDArray[np.int64]
    vectors: NDArray[np.float32]
    lexical_weight: float
    origin: Origin

    def __post_init__(self) -> None:
        freeze(self, {"rows": np.int64, "vectors": np.float32})


@dataclass(frozen=True, eq=False)
class Records:
    """What the stages made of one corpus.

    Attributes
    ----------
    corpus : Corpus
        The documents.
    embeddings : Embeddings
        Their vectors; of a run that was read from a folder without them, each document's own where it is an exemplar
        and the mean of its cluster's exemplars elsewhere, as a note of its origin says.
    levels : Levels
        The levels found in the trees.
    clusters : Clusters
        Those of one level.
    counts : TermCounts
        The documents' terms.
    topics : Topics
        The clusters described.
    origins : tuple of Origin
        Where the record of each stage came from, with its notes, in the order of the stages; of several layouts and
        trees the first. Also of stages whose record is not here.
    map : Layout or None
        The documents in two dimensions; None where no map was made.
    scores : Scores or None
        None where nothing was scored.
    neighbors : Neighbors or None
        The nearest of each document; None where they were not needed, as in a run read from its folder.
    layouts : tuple of Layout
        One a draw; of a run read from its folder the first alone, which scores need.
    trees : tuple of ClusterTree
        One a layout; empty where they were not needed.
    assigner : Assigner or None
        What new documents are assigned by; None where it was not needed.
    lexicon : Lexicon or None
        What new texts get vectors by where the corpus's words count; None elsewhere, or where it was not needed.
    novelty : Assigner or None
        What tells whether a new text is like any of a hybrid's documents; None elsewhere.
    """

    corpus: Corpus
    embeddings: Embeddings
    levels: Levels
    clusters: Clusters
    counts: TermCounts
    topics: Topics
    origins: tuple[Origin, ...]
    map: Layout | None = None
    scores: Scores | None = None
    neighbors: Neighbors | None = None
    layouts: tuple[Layout, ...] = ()
    trees: tuple[ClusterTree, ...] = ()
    assigner: Assigner | None = None
    lexicon: Lexicon | None = None
    novelty: Assigner | None = None

    def notes(self) -> list[str]:
        """What a reader should know, in the order of the stages."""
        return [note for origin in (self.corpus.origin, *self.origins) for note in origin.notes]

    def stability(self) -> float | None:
        """Stability of the level that the clusters are of; None of one layout."""
        known = {row["level"]: row["stability"] for row in self.levels.table.to_pylist()}
        value: float | None = known.get(self.clusters.level)
        return value
