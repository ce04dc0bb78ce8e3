"""Trees of several seeds → Levels: the cuts that are levels, and on each what the seeds agree on."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from topics.cluster.consensus import agree, largest, neighbor_votes, overlap
from topics.cluster.cuts import cut_tree
from topics.cluster.dendrogram import Dendrogram
from topics.cluster.levels_record import Level, record
from topics.cluster.noise import Calibration
from topics.cluster.scan import (
    Cut,
    compare,
    grid,
    level_cuts,
    merged,
    most_stable,
    nearest_cut,
    scan,
    sizes_about,
    sizes_below,
)
from topics.cluster.tree import LIBRARIES, neighbor_tree, rows_kept
from topics.config import ClusterParams
from topics.records import NOISE, ClusterTree, Levels, Neighbors, Origin, check_same_corpus, library_versions

if TYPE_CHECKING:
    from numpy.typing import NDArray

STAGE = "levels"
VERSION = 2

STORY_SIZE = 3
_LEAST_STORY_STABILITY = 0.5
_MISSES = 3


def plan_levels(params: ClusterParams, *, trees: Sequence[Origin], partial: Origin | None, neighbors: Origin) -> Origin:
    """Where the levels of these trees would come from."""
    parameters: dict[str, Any] = params.model_dump(mode="json", exclude={"level", "noise", "min_confidence"})
    parameters["n_clusters"] = params.level if isinstance(params.level, int) else None
    parents = (*(tree.key for tree in trees), *([partial.key] if partial else []), neighbors.key)
    return Origin(STAGE, VERSION, parameters, parents, library_versions(*LIBRARIES))


def find_levels(
    trees: Sequence[ClusterTree], params: ClusterParams, *, partial: ClusterTree | None, neighbors: Neighbors
) -> Levels:
    """The levels of detail on which the seeds agree, each with its consensus.

    Parameters
    ----------
    trees : sequence of ClusterTree
        One a seed.
    params : ClusterParams
        A given ``min_cluster_size`` gives that one cut; a ``level`` that is a number is a level in any case.
    partial : ClusterTree or None
        The first seed's tree without a fifth of the documents, which calibrate what is said of noise. None where one
        seed is to be quick: then confidences are the neighbours' votes as they are, and no stories are looked for.
    neighbors : Neighbors
        Of the documents.

    Raises
    ------
    ValueError
        If the records belong to different corpora.
    """
    check_same_corpus(*trees, *([partial] if partial else []), neighbors)
    origin = plan_levels(
        params,
        trees=[tree.origin for tree in trees],
        partial=partial.origin if partial else None,
        neighbors=neighbors.origin,
    )
    n_docs = trees[0].n_docs
    if not len(trees[0].single_linkage):
        return record([], [], trees=trees, params=params, origin=origin)
    finder = _Finder(trees, partial, neighbors, params)
    if params.min_cluster_size != "auto":
        size = params.min_cluster_size
        found = compare(finder.labelings(size), size)
        only = [finder.level(found)] if max(found.n_clusters) else []
        return record(_not_empty(only), [found], trees=trees, params=params, origin=origin)
    dendrograms = [Dendrogram.of(tree.single_linkage) for tree in trees]
    wanted = params.level
    cuts = scan(dendrograms, grid(n_docs))
    if isinstance(wanted, int):
        cuts = merged(scan(dendrograms, sizes_below(cuts, wanted)), cuts)
        cuts = merged(cuts, scan(dendrograms, sizes_about(cuts, wanted))) if cuts else []
    levels: list[Level] = []
    if cuts:
        place = finder.nearest(cuts, wanted) if isinstance(wanted, int) else most_stable(cuts, n_docs)
        levels = _not_empty(
            [finder.level(cuts[i], preferred=i == place) for i in level_cuts(cuts, place, n_docs=n_docs)]
        )
    story = finder.story() if partial else None
    if story and _is_level(story, levels, wanted=wanted):
        levels.insert(0, story)
    return record(_one_preferred(levels, wanted), cuts, trees=trees, params=params, origin=origin)


class _Finder:
    def __init__(
        self, trees: Sequence[ClusterTree], partial: ClusterTree | None, neighbors: Neighbors, params: ClusterParams
    ) -> None:
        self.trees = trees
        self.partial = partial
        self.neighbors = neighbors
        self.params = params
        self.n_docs = trees[0].n_docs
        self.voters = neighbor_votes(neighbors)

    def labelings(self, size: int) -> list[NDArray[np.int32]]:
        return [cut_tree(tree.single_linkage, size, params=self.params)[0] for tree in self.trees]

    def nearest(self, cuts: Sequence[Cut], wanted: int) -> int:
        """Index of the cut whose consensus has about so many clusters, as far as a few steps tell.

        Seeds that find as many clusters each may agree on fewer: from the cut on which they find them the way goes
        to finer or coarser ones as long as that brings the consensus nearer, now and then over one that does not.
        """
        place = best = nearest_cut(cuts, wanted)
        agreed = self._n_agreed(cuts[place])
        least, step, missed = _off(agreed, wanted), -1 if agreed < wanted else 1, 0
        while least > 0 and missed < _MISSES and 0 <= place + step < len(cuts):
            place += step
            off = _off(self._n_agreed(cuts[place]), wanted)
            missed = 0 if off < least else missed + 1
            best, least = (place, off) if off < least else (best, least)
        return best

    def _n_agreed(self, cut: Cut) -> int:
        return int(agree(self.labelings(cut.min_cluster_size), self.voters).labels.max(initial=NOISE)) + 1

    def level(self, cut: Cut, *, preferred: bool = True) -> Level:
        labelings = self.labelings(cut.min_cluster_size)
        if self.partial is None:
            return self._level(cut, "layouts", labelings, [], preferred=preferred)
        rows = self.partial.rows
        size = _fewer(cut.min_cluster_size, len(rows) / self.n_docs)
        found = cut_tree(self.partial.single_linkage, size, params=self.params)[0]
        return self._level(cut, "layouts", labelings, [(self._whole(found, rows), rows)], preferred=preferred)

    def story(self) -> Level:
        """The finest level there is: groups of three and more among the nearest neighbours themselves."""
        everything = np.arange(self.n_docs)
        labels = Dendrogram.of(neighbor_tree(self.neighbors, everything)).leaf_cut(STORY_SIZE)
        resamples = []
        for part in (0, 1):
            rows = rows_kept(self.n_docs, part=part)
            size = _fewer(STORY_SIZE, len(rows) / self.n_docs)
            partial = Dendrogram.of(neighbor_tree(self.neighbors, rows)).leaf_cut(size)
            resamples.append((self._whole(partial, rows), rows))
        among = compare([labels, *(resample for resample, _ in resamples)], STORY_SIZE)
        cut = Cut(STORY_SIZE, among.n_clusters[:1], among.agreement, float((labels == NOISE).mean()))
        return self._level(cut, "neighbors", [labels], resamples, preferred=False)

    def _level(
        self,
        cut: Cut,
        source: str,
        labelings: list[NDArray[np.int32]],
        resamples: list[tuple[NDArray[np.int32], NDArray[np.int64]]],
        *,
        preferred: bool,
    ) -> Level:
        consensus = agree(labelings, self.voters)
        _, shares = largest(consensus.membership)
        everything = np.arange(self.n_docs)
        if resamples:
            found, rows = resamples[0]
            out = np.setdiff1d(everything, rows)
            calibration = Calibration(found, out, consensus=consensus.labels, voters=self.voters)
            noise = consensus.labels == NOISE
            shares[noise] = np.where(shares[noise] > 0, calibration(shares[noise]), 0.0)
        again = [(labels, everything) for labels in labelings if len(labelings) > 1] + resamples
        if source == "layouts" and len(labelings) == 1:
            again = []  # a resample of one layout's points says nothing of another layout
        return Level(cut, source, consensus, shares, _reproducibility(consensus.labels, again), preferred)

    def _whole(self, labels: NDArray[np.int32], rows: NDArray[np.int64]) -> NDArray[np.int32]:
        whole = np.full(self.n_docs, NOISE, dtype=np.int32)
        whole[rows] = labels
        return whole


def _not_empty(levels: Sequence[Level]) -> list[Level]:
    """Those in which more than half of the seeds put some document in one cluster."""
    return [level for level in levels if level.n_clusters]


def _one_preferred(levels: Sequence[Level], wanted: int | str) -> list[Level]:
    """The levels, of which one is preferred: the nearest to a number of clusters, stories too, or the one marked."""
    if not levels:
        return []
    if isinstance(wanted, int):
        off = [(_off(level.n_clusters, wanted), not level.preferred) for level in levels]
        best = min(range(len(levels)), key=off.__getitem__)
    else:
        best = max(range(len(levels)), key=lambda i: (levels[i].preferred, levels[i].cut.worth))
    return [replace(level, preferred=i == best) for i, level in enumerate(levels)]


def _is_level(story: Level, levels: Sequence[Level], *, wanted: int | str) -> bool:
    """Whether stories are stable enough, and finer than every other level or nearer to the number asked for."""
    if story.cut.stability < _LEAST_STORY_STABILITY:
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


def _fewer(size: int, share: float) -> int:
    """Fewest documents of a cluster where only a share of all are there."""
    return max(2, round(size * share))


def _reproducibility(
    labels: NDArray[np.int32], again: Sequence[tuple[NDArray[np.int32], NDArray[np.int64]]]
) -> NDArray[np.float64]:
    """Mean Jaccard index of each cluster and the one most like it in each other labeling, over its documents."""
    n_clusters = int(labels.max(initial=NOISE)) + 1
    if not again:
        return np.full(n_clusters, np.nan)
    found = []
    for other, rows in again:
        _, similarity = overlap(other[rows], labels[rows], n_clusters=n_clusters)
        found.append(similarity.max(axis=0, initial=0.0))
    return np.asarray(np.mean(found, axis=0), dtype=np.float64)
