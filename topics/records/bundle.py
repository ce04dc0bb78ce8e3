"""The records of all stages together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from topics.records.clusters import Clusters, Levels, TermCounts, Topics
from topics.records.corpus import Corpus
from topics.records.origin import Origin
from topics.records.points import ClusterTree, Embeddings, Layout, Neighbors


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
class Records:
    """What the stages made of one corpus.

    Attributes
    ----------
    corpus : Corpus
        The documents.
    embeddings : Embeddings
        Their vectors.
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
        One a draw; likewise.
    trees : tuple of ClusterTree
        One a layout; likewise.
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

    def notes(self) -> list[str]:
        """What a reader should know, in the order of the stages."""
        return [note for origin in (self.corpus.origin, *self.origins) for note in origin.notes]

    def stability(self) -> float | None:
        """Stability of the level that the clusters are of; None of one layout."""
        known = {row["level"]: row["stability"] for row in self.levels.table.to_pylist()}
        value: float | None = known.get(self.clusters.level)
        return value
