"""Trees of several layouts → Levels: the cuts that are levels, and on each what the layouts agree on."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from topics.cluster.choose import level_cuts, nearest_cut, preferred, sizes_below
from topics.cluster.confidence import confidences
from topics.cluster.consensus import Consensus, agree, largest, merge_to, neighbor_votes
from topics.cluster.dendrogram import Dendrogram
from topics.cluster.labelings import Labeling, Trees, fewer
from topics.cluster.levels_record import Level, record
from topics.cluster.repeated import cluster_consensus, found_again, item_consensus
from topics.cluster.scan import METHODS, Cut, compare, finest_first, grid, scan
from topics.cluster.tree import LIBRARIES, neighbor_tree, rows_kept
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

VERSION = 5

STORY_SIZE = 3
_LEAST_STORY_STABILITY = 0.5
_FINER = 6  # cuts tried beyond the nearest one for a number of clusters that is asked for


def _read(arguments: Mapping[str, Any]) -> dict[str, Any]:
    """The parameters that decide which levels there are; of ``level`` only a number of clusters does."""
    params: ClusterParams = arguments["params"]
    parameters: dict[str, Any] = params.model_dump(mode="json", exclude={"level", "noise", "min_confidence"})
    parameters["n_clusters"] = params.level if isinstance(params.level, int) else None
    return parameters


@stage("levels", Levels, version=VERSION, reads=_read, libraries=LIBRARIES)
def find_levels(
    origin: Origin, trees: Sequence[ClusterTree], params: ClusterParams, *, neighbors: Neighbors, embeddings: Embeddings
) -> Levels:
    """The levels of detail on which the layouts agree, each with its consensus.

    Parameters
    ----------
    trees : sequence of ClusterTree
        One a layout, of all or of some of the documents. Of one layout alone confidences are the neighbours' votes as
        they are, and no stories are looked for.
    params : ClusterParams
        A given ``min_cluster_size`` gives that one cut; a ``level`` that is a number is a level in any case.
    neighbors : Neighbors
        Of the documents.
    embeddings : Embeddings
        Of the documents.

    Raises
    ------
    ValueError
        If the records belong to different corpora.
    """
    if not len(trees[0].single_linkage):
        return record([], [], trees=trees, params=params, origin=origin)
    finder = _Finder(trees, params, neighbors=neighbors, embeddings=embeddings)
    if params.min_cluster_size != "auto":
        found, level = finder.given(params.min_cluster_size)
        return record(_not_empty([level]), [found], trees=trees, params=params, origin=origin)
    wanted = params.level
    cuts = finder.scan(grid(trees[0].n_docs))
    if isinstance(wanted, int):
        cuts = finest_first([*finder.scan(sizes_below(cuts, wanted, n_docs=trees[0].n_docs)), *cuts])
    levels: list[Level] = []
    if cuts:
        place, consensus = finder.with_clusters(cuts, wanted) if isinstance(wanted, int) else (preferred(cuts), None)
        levels = _not_empty(
            [
                finder.level(cuts[i], consensus=consensus if i == place else None, preferred=i == place)
                for i in level_cuts(cuts, place)
            ]
        )
    story = finder.story() if len(trees) > 1 else None
    if story and _is_level(story, levels, wanted=wanted):
        levels.insert(0, story)
    return record(_one_preferred(levels, wanted), cuts, trees=trees, params=params, origin=origin)


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

    def given(self, size: int) -> tuple[Cut, Level]:
        method = self.methods[0]
        labelings = self.trees.labelings(size, method=method)
        noise = np.mean([(labeling.found[labeling.rows] == NOISE).mean() for labeling in labelings])
        cut = compare([labeling.labels for labeling in labelings], size, method=method, noise_share=float(noise))
        return cut, self._level(cut, "layouts", labelings, preferred=True)

    def with_clusters(self, cuts: Sequence[Cut], wanted: int) -> tuple[int, Consensus]:
        """Index of a cut whose consensus has so many clusters, or more that are joined to so many.

        Layouts that find as many clusters each may agree on fewer: from the cut on which they find them the way goes
        to finer ones until the consensus has enough. Where none has, the nearest is taken as it is.
        """
        place = best = nearest_cut(cuts, wanted)
        agreed = self._consensus(cuts[place])
        nearest = agreed
        while agreed.n_clusters < wanted and place > 0 and best - place < _FINER:
            place -= 1
            agreed = self._consensus(cuts[place])
            if _off(agreed.n_clusters, wanted) < _off(nearest.n_clusters, wanted):
                nearest = agreed
        if agreed.n_clusters >= wanted:
            return place, merge_to(agreed, wanted)
        return best, nearest

    def _consensus(self, cut: Cut) -> Consensus:
        return agree(self.trees.labelings(cut.min_cluster_size, method=cut.method), self.voters)

    def level(self, cut: Cut, *, consensus: Consensus | None, preferred: bool) -> Level:
        labelings = self.trees.labelings(cut.min_cluster_size, method=cut.method)
        return self._level(cut, "layouts", labelings, consensus=consensus, preferred=preferred)

    def story(self) -> Level:
        """The finest level there is: groups of three and more among the nearest neighbours themselves."""
        labelings = []
        for rows in (np.arange(self.n_docs), *(rows_kept(self.n_docs, part=part) for part in (0, 1))):
            size = fewer(STORY_SIZE, len(rows) / self.n_docs)
            labels = np.full(self.n_docs, NOISE, dtype=np.int32)
            labels[rows] = Dendrogram.of(neighbor_tree(self.neighbors, rows)).leaf_cut(size)
            labelings.append(Labeling(labels, labels, rows))
        noise = float((labelings[0].found == NOISE).mean())
        among = compare([labeling.found for labeling in labelings], STORY_SIZE, noise_share=noise)
        cut = replace(among, n_clusters=among.n_clusters[:1], without=())
        return self._level(cut, "neighbors", labelings[:1], again=labelings[1:], preferred=False)

    def _level(
        self,
        cut: Cut,
        source: str,
        labelings: list[Labeling],
        *,
        preferred: bool,
        consensus: Consensus | None = None,
        again: Sequence[Labeling] = (),
    ) -> Level:
        consensus = agree(labelings, self.voters) if consensus is None else consensus
        repeated = again or (labelings if len(labelings) > 1 else ())
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
            jaccard=found_again(consensus.labels, partial or whole),
            preferred=preferred,
        )


def _not_empty(levels: Sequence[Level]) -> list[Level]:
    """Those in which more than half of the layouts put some document in one cluster."""
    return [level for level in levels if level.n_clusters]


def _one_preferred(levels: Sequence[Level], wanted: int | str) -> list[Level]:
    """The levels, of which one is preferred: the nearest to a number of clusters, stories too, or the one marked."""
    if not levels:
        return []
    if isinstance(wanted, int):
        off = [(_off(level.n_clusters, wanted), not level.preferred) for level in levels]
        best = min(range(len(levels)), key=off.__getitem__)
    else:
        best = max(range(len(levels)), key=lambda i: (levels[i].preferred, levels[i].cut.stability))
    return [replace(level, preferred=i == best) for i, level in enumerate(levels)]


def _is_level(story: Level, levels: Sequence[Level], *, wanted: int | str) -> bool:
    """Whether stories are stable enough, and finer than every other level or nearer to the number asked for."""
    if story.cut.agreement * (1 - story.cut.noise_share) < _LEAST_STORY_STABILITY:
        return False
    if not levels or story.cut.mean_clusters >= 2 * levels[0].cut.mean_clusters:
        return True
    nearer = isinstance(wanted, int) and _off(story.n_clusters, wanted) < min(
        _off(level.n_clusters, wanted) for level in levels
    )
    return nearer and story.n_clusters > levels[0].n_clusters


def _off(n_clusters: int, wanted: int) -> float:
    """How far a number of clusters is from the one asked for, by their ratio."""
    return abs(math.log(max(n_clusters, 0.5) / wanted))
