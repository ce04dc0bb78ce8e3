"""Trees of several layouts → Levels: the cuts that are levels, each with the consensus of the layouts."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from topics.cluster._choose import choose_cut, choose_levels, find_cut, finer_sizes
from topics.cluster._confidence import confidences
from topics.cluster._consensus import Consensus, build_consensus, largest, merge_to, neighbor_votes
from topics.cluster._dendrogram import Dendrogram
from topics.cluster._labelings import Labeling, Trees, scaled_size
from topics.cluster._levels_record import Level, record
from topics.cluster._reproducibility import cluster_consensus, item_consensus, mean_jaccard
from topics.cluster._scan import METHODS, Cut, compare, finest_first, grid, scan
from topics.cluster._tree import LIBRARIES, neighbor_tree, rows_kept
from topics.config import ClusterParams
from topics.graph import stage
from topics.records import (
    NOISE,
    ClusterTree,
    Embeddings,
    Levels,
    Neighbors,
    Origin,
)

VERSION = 7

STORY_SIZE = 3  # not tuned: the smallest group that is more than a pair
_MIN_STORY_STABILITY = 0.5  # of the agreement times the share of clustered documents; no record of its tuning
_FINER = 6  # not tuned: finer cuts tried for a requested number of clusters, 1.25 ** 6 = 3.8 times as fine


_PARAMETERS = {
    "min_cluster_size", "min_samples", "cluster_selection_method", "cluster_selection_epsilon", "allow_single_cluster",
}  # fmt: skip


def _read(arguments: Mapping[str, Any]) -> dict[str, Any]:
    """The parameters that decide which levels there are; ``level`` does only if it is a number of clusters."""
    params: ClusterParams = arguments["params"]
    parameters: dict[str, Any] = params.model_dump(mode="json", include=_PARAMETERS)
    parameters["n_clusters"] = params.level if isinstance(params.level, int) else None
    return parameters


@stage("levels", Levels, version=VERSION, reads=_read, libraries=LIBRARIES, determinism="kernel")
def find_levels(
    origin: Origin, trees: Sequence[ClusterTree], params: ClusterParams, *, neighbors: Neighbors, embeddings: Embeddings
) -> Levels:
    """The levels of detail on which the layouts agree, each with its consensus.

    Parameters
    ----------
    trees : sequence of ClusterTree
        One per layout of all or some of the documents. With a single layout, confidences are the neighbors' votes and
        no stories are looked for.
    params : ClusterParams
        A number as ``min_cluster_size`` gives that one cut; a number as ``level`` always gives a level.
    neighbors : Neighbors
        Nearest neighbors of the documents.
    embeddings : Embeddings
        Vectors of the documents.

    Raises
    ------
    ValueError
        If the records belong to different corpora.
    """
    if not len(trees[0].single_linkage):
        return record([], [], trees=trees, params=params, origin=origin)
    finder = _Finder(trees, params, neighbors=neighbors, embeddings=embeddings)
    if params.min_cluster_size != "auto":
        cut, level = finder.single_cut(params.min_cluster_size)
        return record(_with_clusters([level]), [cut], trees=trees, params=params, origin=origin)
    wanted = params.level
    cuts = finder.scan(grid(trees[0].n_docs))
    if isinstance(wanted, int):
        cuts = finest_first([*finder.scan(finer_sizes(cuts, wanted, n_docs=trees[0].n_docs)), *cuts])
    levels: list[Level] = []
    if cuts:
        place, consensus = finder.with_clusters(cuts, wanted) if isinstance(wanted, int) else (choose_cut(cuts), None)
        levels = _with_clusters(
            [
                finder.level(cuts[i], consensus=consensus if i == place else None, preferred=i == place)
                for i in choose_levels(cuts, place)
            ]
        )
    story = finder.story() if len(trees) > 1 else None
    if story and _is_level(story, levels, wanted=wanted):
        levels.insert(0, story)
    return record(_mark_preferred(levels, wanted), cuts, trees=trees, params=params, origin=origin)


class _Finder:
    def __init__(
        self, trees: Sequence[ClusterTree], params: ClusterParams, *, neighbors: Neighbors, embeddings: Embeddings
    ) -> None:
        self.trees = Trees(trees, embeddings.vectors, params)
        self.neighbors = neighbors
        self.n_docs = trees[0].n_docs
        self.voters = neighbor_votes(neighbors)
        chosen = params.cluster_selection_method
        self.methods = METHODS if chosen == "auto" else (chosen,)

    def scan(self, sizes: Sequence[int]) -> list[Cut]:
        return scan(self.trees, sizes, methods=self.methods)

    def single_cut(self, size: int) -> tuple[Cut, Level]:
        method = self.methods[0]
        labelings = self.trees.labelings(size, method=method)
        noise = np.mean([(labeling.cut_labels[labeling.rows] == NOISE).mean() for labeling in labelings])
        cut = compare([labeling.labels for labeling in labelings], size, method=method, noise_share=float(noise))
        return cut, self._level(cut, "layouts", labelings, preferred=True)

    def with_clusters(self, cuts: Sequence[Cut], wanted: int) -> tuple[int, Consensus]:
        """Index of a cut and its consensus, with the requested number of clusters or merged to it.

        Layouts with that many clusters each may agree on fewer. So the search starts at the cut on which they have
        them and moves to finer ones until the consensus has enough. If none has, the closest is returned unchanged.
        """
        place = best = find_cut(cuts, wanted)
        agreed = self._consensus(cuts[place])
        nearest = agreed
        while agreed.n_clusters < wanted and place > 0 and best - place < _FINER:
            place -= 1
            agreed = self._consensus(cuts[place])
            if _log_ratio(agreed.n_clusters, wanted) < _log_ratio(nearest.n_clusters, wanted):
                nearest = agreed
        if agreed.n_clusters >= wanted:
            return place, merge_to(agreed, wanted)
        return best, nearest

    def _consensus(self, cut: Cut) -> Consensus:
        return build_consensus(self.trees.labelings(cut.min_cluster_size, method=cut.method), self.voters)

    def level(self, cut: Cut, *, consensus: Consensus | None, preferred: bool) -> Level:
        labelings = self.trees.labelings(cut.min_cluster_size, method=cut.method)
        return self._level(cut, "layouts", labelings, consensus=consensus, preferred=preferred)

    def story(self) -> Level:
        """The finest level: groups of at least three documents among the nearest neighbors, without a layout."""
        labelings = []
        for rows in (np.arange(self.n_docs), *(rows_kept(self.n_docs, part=part) for part in (0, 1))):
            size = scaled_size(STORY_SIZE, len(rows) / self.n_docs)
            labels = np.full(self.n_docs, NOISE, dtype=np.int32)
            labels[rows] = Dendrogram.of(neighbor_tree(self.neighbors, rows)).leaf_cut(size)
            labelings.append(Labeling(labels, labels, rows))
        noise = float((labelings[0].cut_labels == NOISE).mean())
        among = compare([labeling.cut_labels for labeling in labelings], STORY_SIZE, noise_share=noise)
        cut = replace(among, n_clusters=among.n_clusters[:1], without=())
        return self._level(cut, "neighbors", labelings[:1], repeats=labelings[1:], preferred=False)

    def _level(
        self,
        cut: Cut,
        source: str,
        labelings: list[Labeling],
        *,
        preferred: bool,
        consensus: Consensus | None = None,
        repeats: Sequence[Labeling] = (),
    ) -> Level:
        consensus = build_consensus(labelings, self.voters) if consensus is None else consensus
        repeated = repeats or (labelings if len(labelings) > 1 else ())
        partial = [labeling for labeling in repeated if len(labeling.rows) < self.n_docs]
        whole = [labeling for labeling in repeated if len(labeling.rows) == self.n_docs]
        place, shares = largest(consensus.membership)
        others = item_consensus(place, partial or whole, members=consensus.labels)
        seeds = item_consensus(place, whole, members=consensus.labels)
        if repeated:
            shares = confidences(consensus, self.trees.vectors, items=others, stability=cut.stability)
        return Level(
            cut,
            source,
            consensus,
            shares,
            reproducibility=cluster_consensus(consensus.labels, others),
            seed_reproducibility=cluster_consensus(consensus.labels, seeds),
            jaccard=mean_jaccard(consensus.labels, partial or whole),
            preferred=preferred,
        )


def _with_clusters(levels: Sequence[Level]) -> list[Level]:
    """The levels whose consensus has clusters."""
    return [level for level in levels if level.n_clusters]


def _mark_preferred(levels: Sequence[Level], wanted: int | str) -> list[Level]:
    """The levels with exactly one preferred: the closest to a requested number of clusters, or the one marked."""
    if not levels:
        return []
    if isinstance(wanted, int):
        distances = [(_log_ratio(level.n_clusters, wanted), not level.preferred) for level in levels]
        best = min(range(len(levels)), key=distances.__getitem__)
    else:
        best = max(range(len(levels)), key=lambda i: (levels[i].preferred, levels[i].cut.stability))
    return [replace(level, preferred=i == best) for i, level in enumerate(levels)]


def _is_level(story: Level, levels: Sequence[Level], *, wanted: int | str) -> bool:
    """Whether stories are stable enough, and finer than all other levels or closer to the requested number."""
    if story.cut.agreement * (1 - story.cut.noise_share) < _MIN_STORY_STABILITY:
        return False
    if not levels or story.cut.mean_clusters >= 2 * levels[0].cut.mean_clusters:
        return True
    nearer = isinstance(wanted, int) and _log_ratio(story.n_clusters, wanted) < min(
        _log_ratio(level.n_clusters, wanted) for level in levels
    )
    return nearer and story.n_clusters > levels[0].n_clusters


def _log_ratio(n_clusters: int, wanted: int) -> float:
    """Distance of a number of clusters from the requested one: the absolute logarithm of their ratio."""
    return abs(math.log(max(n_clusters, 0.5) / wanted))
