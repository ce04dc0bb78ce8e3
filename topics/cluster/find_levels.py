"""Trees of several seeds → Levels: the cuts that are levels, and on each what the seeds agree on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from topics.cluster.consensus import Consensus, agree, by_size, largest, neighbor_votes, overlap
from topics.cluster.cuts import cut_tree
from topics.cluster.dendrogram import Dendrogram
from topics.cluster.noise import Calibration
from topics.cluster.scan import (
    SPREAD_OF_SEEDS,
    Cut,
    compare,
    grid,
    level_cuts,
    merged,
    most_stable,
    nearest_cut,
    scan,
    sizes_about,
)
from topics.cluster.tree import LIBRARIES, neighbor_tree, resolve_min_samples, rows_kept
from topics.config import ClusterParams
from topics.records import NOISE, ClusterTree, Levels, Neighbors, Origin, check_same_corpus, library_versions

if TYPE_CHECKING:
    import pyarrow as pa
    from numpy.typing import NDArray
    from scipy.sparse import csr_array

STAGE = "levels"
VERSION = 1

STORY_SIZE = 3
_MEMBERSHIPS = 5
_LEAST_STORY_STABILITY = 0.5
_NAMES = {
    1: ("topic",),
    2: ("topic", "theme"),
    3: ("story", "topic", "theme"),
    4: ("story", "subtopic", "topic", "theme"),
}
_NAMES_WITH_STORY = {**_NAMES, 2: ("story", "topic")}


def plan_levels(params: ClusterParams, *, trees: Sequence[Origin], held_out: Origin, neighbors: Origin) -> Origin:
    """Where the levels of these trees would come from."""
    parameters: dict[str, Any] = params.model_dump(mode="json", exclude={"level", "noise", "min_confidence"})
    parameters["n_clusters"] = params.level if isinstance(params.level, int) else None
    parents = (*(tree.key for tree in trees), held_out.key, neighbors.key)
    return Origin(STAGE, VERSION, parameters, parents, library_versions(*LIBRARIES))


def find_levels(
    trees: Sequence[ClusterTree], params: ClusterParams, *, held_out: ClusterTree, neighbors: Neighbors
) -> Levels:
    """The levels of detail on which the seeds agree, each with its consensus.

    Parameters
    ----------
    trees : sequence of ClusterTree
        One a seed.
    params : ClusterParams
        A given ``min_cluster_size`` gives that one cut; a ``level`` that is a number is a level in any case.
    held_out : ClusterTree
        The first seed's without a fifth of the documents.
    neighbors : Neighbors
        Of the documents.

    Raises
    ------
    ValueError
        If the records belong to different corpora.
    """
    corpus_key = check_same_corpus(*trees, held_out, neighbors)
    origin = plan_levels(
        params, trees=[tree.origin for tree in trees], held_out=held_out.origin, neighbors=neighbors.origin
    )
    n_docs = trees[0].n_docs
    if not len(trees[0].single_linkage):
        return _record(corpus_key, [], [], params, n_docs, origin)
    finder = _Finder(trees, held_out, neighbors, params)
    if params.min_cluster_size != "auto":
        size = params.min_cluster_size
        found = compare(finder.labelings(size), size)
        levels = [finder.level(found)] if max(found.n_clusters) else []
        return _record(corpus_key, [found], levels, params, n_docs, origin)
    dendrograms = [Dendrogram.of(tree.single_linkage) for tree in trees]
    cuts = scan(dendrograms, grid(n_docs))
    if isinstance(params.level, int) and cuts:
        cuts = merged(cuts, scan(dendrograms, sizes_about(cuts, params.level)))
    levels = []
    chosen = None
    if cuts:
        wanted = params.level
        place = nearest_cut(cuts, wanted) if isinstance(wanted, int) else most_stable(cuts, n_docs)
        chosen = cuts[place]
        levels = [finder.level(cuts[i], chosen=i == place) for i in level_cuts(cuts, place, n_docs=n_docs)]
    story = finder.story()
    if story.cut.stability >= _LEAST_STORY_STABILITY and (
        not levels or story.cut.mean_clusters >= 2 * levels[0].cut.mean_clusters
    ):
        levels.insert(0, story if levels else replace(story, chosen=True))
    best = max((cut.worth for cut in cuts), default=0.0)
    notes = _reasons(levels, chosen, params, n_seeds=len(trees), best=best)
    return _record(corpus_key, cuts, levels, params, n_docs, replace(origin, notes=notes))


@dataclass(frozen=True, eq=False)
class _Level:
    cut: Cut
    source: str
    consensus: Consensus
    confidences: NDArray[np.float64]
    reproducibility: NDArray[np.float64]
    chosen: bool = True

    @property
    def n_clusters(self) -> int:
        return int(self.consensus.labels.max(initial=NOISE)) + 1


class _Finder:
    def __init__(
        self, trees: Sequence[ClusterTree], held_out: ClusterTree, neighbors: Neighbors, params: ClusterParams
    ) -> None:
        self.trees = trees
        self.held_out = held_out
        self.neighbors = neighbors
        self.params = params
        self.n_docs = trees[0].n_docs
        self.voters = neighbor_votes(neighbors)

    def labelings(self, size: int) -> list[NDArray[np.int32]]:
        return [cut_tree(tree.single_linkage, size, params=self.params)[0] for tree in self.trees]

    def level(self, cut: Cut, *, chosen: bool = True) -> _Level:
        labelings = self.labelings(cut.min_cluster_size)
        size = _fewer(cut.min_cluster_size, len(self.held_out.rows) / self.n_docs)
        partial = cut_tree(self.held_out.single_linkage, size, params=self.params)[0]
        resample = self._whole(partial, self.held_out.rows)
        return self._level(cut, "layouts", labelings, [(resample, self.held_out.rows)], chosen=chosen)

    def story(self) -> _Level:
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
        return self._level(cut, "neighbors", [labels], resamples, chosen=False)

    def _level(
        self,
        cut: Cut,
        source: str,
        labelings: list[NDArray[np.int32]],
        resamples: list[tuple[NDArray[np.int32], NDArray[np.int64]]],
        *,
        chosen: bool,
    ) -> _Level:
        consensus = agree(labelings, self.voters)
        partial, rows = resamples[0]
        calibration = Calibration(
            partial,
            np.setdiff1d(np.arange(self.n_docs), rows),
            consensus=consensus.labels,
            voters=self.voters,
        )
        _, shares = largest(consensus.membership)
        noise = consensus.labels == NOISE
        shares[noise] = np.where(shares[noise] > 0, calibration(shares[noise]), 0.0)
        everything = np.arange(self.n_docs)
        again = [(labels, everything) for labels in labelings if len(labelings) > 1] + resamples
        if source == "layouts" and len(labelings) == 1:
            again = []  # a resample of one layout's points says nothing of another layout
        return _Level(cut, source, consensus, shares, _reproducibility(consensus.labels, again), chosen)

    def _whole(self, labels: NDArray[np.int32], rows: NDArray[np.int64]) -> NDArray[np.int32]:
        whole = np.full(self.n_docs, NOISE, dtype=np.int32)
        whole[rows] = labels
        return whole


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


def _names(levels: Sequence[_Level]) -> list[str]:
    names = _NAMES_WITH_STORY if levels and levels[0].source == "neighbors" else _NAMES
    return list(names.get(len(levels), [f"level-{i + 1}" for i in range(len(levels))]))


def _reasons(
    levels: Sequence[_Level], chosen: Cut | None, params: ClusterParams, *, n_seeds: int, best: float
) -> tuple[str, ...]:
    """Why this level, in one sentence with its numbers."""
    if chosen is None:
        return ()
    others = [
        f"{name} ({_count(level.n_clusters, level.cut)})"
        for name, level in zip(_names(levels), levels, strict=True)
        if not level.chosen
    ]
    name = next(name for name, level in zip(_names(levels), levels, strict=True) if level.chosen)
    alone = n_seeds == 1
    near = f"(within {SPREAD_OF_SEEDS} of the best, {best:.2f})"
    if isinstance(params.level, int):
        why = f"the one nearest to {params.level} clusters"
    else:
        why = f"the finest of those with {'least noise' if alone else 'as much stability as can be told'} {near}"
    seen = (
        f"one seed finds {chosen.n_clusters[0]} clusters"
        if alone
        else f"the {n_seeds} seeds find {_span(chosen.n_clusters)} clusters and agree to {chosen.agreement:.3f} (AMI)"
    )
    sentence = (
        f"level {name!r} is {why}: at min_cluster_size {chosen.min_cluster_size} {seen} with "
        f"{chosen.noise_share:.1%} noise"
    )
    rest = (
        f"; also found: {', '.join(others)}" if others else "",
        "; one seed cannot tell how stable that is: reduce.n_seeds asks more of them" if alone else "",
    )
    return (sentence + "".join(rest),)


def _count(n_clusters: int, cut: Cut) -> str:
    return f"{n_clusters} clusters" + ("" if np.isnan(cut.stability) else f", stability {cut.stability:.2f}")


def _span(counts: Sequence[int]) -> str:
    return str(counts[0]) if len(set(counts)) == 1 else f"{min(counts)} to {max(counts)}"


def _record(
    corpus_key: str,
    cuts: Sequence[Cut],
    levels: Sequence[_Level],
    params: ClusterParams,
    n_docs: int,
    origin: Origin,
) -> Levels:
    names = _names(levels)
    by_cut = {level.cut: name for name, level in zip(names, levels, strict=True)}
    return Levels(
        corpus_key,
        _table(levels, names),
        _scan_table(cuts, by_cut),
        np.array([level.consensus.labels for level in levels], dtype=np.int32).reshape(len(levels), n_docs),
        np.array([level.confidences for level in levels], dtype=np.float32).reshape(len(levels), n_docs),
        _stack([level.consensus.membership for level in levels], n_docs),
        resolve_min_samples(params),
        origin,
    )


def _table(levels: Sequence[_Level], names: Sequence[str]) -> pa.Table:
    import pyarrow as pa

    coarser = [*levels[1:], None][: len(levels)]
    columns: Mapping[str, tuple[Any, list[Any]]] = {
        "level": (pa.string(), list(names)),
        "chosen": (pa.bool_(), [level.chosen for level in levels]),
        "from": (pa.string(), [level.source for level in levels]),
        "min_cluster_size": (pa.int64(), [level.cut.min_cluster_size for level in levels]),
        "n_clusters": (pa.int64(), [level.n_clusters for level in levels]),
        "stability": (pa.float64(), [_or_none(level.cut.stability) for level in levels]),
        "agreement": (pa.float64(), [_or_none(level.cut.agreement) for level in levels]),
        "noise_share": (pa.float64(), [float((level.consensus.labels == NOISE).mean()) for level in levels]),
        "nested": (pa.float64(), [_nested(level, above) for level, above in zip(levels, coarser, strict=True)]),
        "reproducibility": (pa.list_(pa.float64()), [level.reproducibility.tolist() for level in levels]),
    }
    return pa.table({name: pa.array(values, kind) for name, (kind, values) in columns.items()})


def _scan_table(cuts: Sequence[Cut], names: Mapping[Cut, str]) -> pa.Table:
    import pyarrow as pa

    columns: Mapping[str, tuple[Any, list[Any]]] = {
        "min_cluster_size": (pa.int64(), [cut.min_cluster_size for cut in cuts]),
        "n_clusters": (pa.float64(), [cut.mean_clusters for cut in cuts]),
        "fewest": (pa.int64(), [min(cut.n_clusters) for cut in cuts]),
        "most": (pa.int64(), [max(cut.n_clusters) for cut in cuts]),
        "agreement": (pa.float64(), [_or_none(cut.agreement) for cut in cuts]),
        "noise_share": (pa.float64(), [cut.noise_share for cut in cuts]),
        "stability": (pa.float64(), [_or_none(cut.stability) for cut in cuts]),
        "level": (pa.string(), [names.get(cut) for cut in cuts]),
    }
    return pa.table({name: pa.array(values, kind) for name, (kind, values) in columns.items()})


def _or_none(value: float) -> float | None:
    return None if np.isnan(value) else value


def _nested(level: _Level, above: _Level | None) -> float | None:
    """Share of the documents clustered at both levels whose cluster lies mostly in the one they have above."""
    if above is None:
        return None
    shared, _ = overlap(level.consensus.labels, above.consensus.labels, n_clusters=above.n_clusters)
    return float(shared.max(axis=1, initial=0).sum() / max(shared.sum(), 1))


def _stack(parts: Sequence[csr_array], n_docs: int) -> csr_array:
    """The few largest memberships of each document, level below level."""
    from scipy.sparse import csr_array

    rows, columns, values = [], [], []
    for i, part in enumerate(parts):
        row, column, value = by_size(part)
        first = np.searchsorted(row, np.arange(n_docs))
        kept = np.arange(len(row)) - first[row] < _MEMBERSHIPS
        rows.append(row[kept] + i * n_docs)
        columns.append(column[kept])
        values.append(value[kept])
    if not parts:
        return csr_array((0, 0), dtype=np.float32)
    shape = (len(parts) * n_docs, max(1, *(part.shape[1] for part in parts)))
    entries = (np.concatenate(values).astype(np.float32), (np.concatenate(rows), np.concatenate(columns)))
    return csr_array(entries, shape=shape)
