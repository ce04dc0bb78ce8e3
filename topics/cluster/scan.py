"""How well several seeds agree at every cut, and which cuts are levels.

The stability of a cut is the agreement of every two seeds on the documents that both put in a cluster, times the share
of documents in clusters, for each ``min_cluster_size`` of a geometric grid. No human label is needed, and on every
labelled corpus tried the most stable cut was the best one, or next to it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

from topics.cluster.agreement import adjusted_mutual_information
from topics.cluster.dendrogram import Dendrogram

if TYPE_CHECKING:
    from numpy.typing import NDArray

SPREAD_OF_SEEDS = 0.05
"""How much the stability of a coarse cut differs between two sets of eight seeds: about two standard errors."""

_FINEST = 5
_STEP = 1.3
_SIZES_BETWEEN = 24
_COARSEST_SHARE = 0.25
_STANDARD_ERRORS = 3.0
_LEAST_OF_BEST = 0.8  # a level less stable than this, against the most stable one, is none
_APART = 1.0  # levels have at least twice as many clusters as the next coarser one: log2


@dataclass(frozen=True)
class Cut:
    """One cut of all seeds' trees.

    Attributes
    ----------
    min_cluster_size : int
        Fewest documents of a cluster.
    n_clusters : tuple of int
        Of each seed.
    agreement : float
        Mean adjusted mutual information of two seeds over the documents that both put in a cluster; NaN of one seed.
    noise_share : float
        Mean share of documents in no cluster.
    """

    min_cluster_size: int
    n_clusters: tuple[int, ...]
    agreement: float
    noise_share: float

    @property
    def stability(self) -> float:
        """Agreement times the share of documents in clusters, at most 1; higher is better. NaN of one seed."""
        return self.agreement * (1 - self.noise_share)

    @property
    def worth(self) -> float:
        """What cuts are chosen by: the stability; of one seed, which shows none, the share of documents in clusters."""
        return 1 - self.noise_share if math.isnan(self.agreement) else self.stability

    @property
    def mean_clusters(self) -> float:
        """Mean number of clusters of the seeds."""
        return sum(self.n_clusters) / len(self.n_clusters)


def grid(n_docs: int) -> list[int]:
    """Sizes to cut at: from 5 to a quarter of the documents, each 1.3 times the one before.

    Parameters
    ----------
    n_docs : int
        Number of documents.
    """
    sizes: list[int] = []
    size = float(_FINEST)
    while not sizes or size <= n_docs * _COARSEST_SHARE:
        sizes.append(round(size))
        size *= _STEP
    return sizes


def scan(trees: Sequence[Dendrogram], sizes: Sequence[int]) -> list[Cut]:
    """The cuts at these sizes in which every seed has two clusters or more.

    Parameters
    ----------
    trees : sequence of Dendrogram
        One a seed.
    sizes : sequence of int
        Ascending.
    """
    cuts = []
    for size in sizes:
        found = compare([tree.leaf_cut(size) for tree in trees], size)
        if min(found.n_clusters) > 1:
            cuts.append(found)
    return cuts


def compare(labelings: Sequence[NDArray[np.int32]], min_cluster_size: int) -> Cut:
    """What several seeds' labels at one cut have in common.

    Parameters
    ----------
    labelings : sequence of numpy.ndarray of int32, shape (n_docs,)
        One a seed.
    min_cluster_size : int
        Of the cut.
    """
    agreements = []
    for one, other in combinations(labelings, 2):
        both = (one >= 0) & (other >= 0)
        agreements.append(adjusted_mutual_information(one[both], other[both]) if both.any() else 0.0)
    return Cut(
        min_cluster_size,
        tuple(int(labels.max(initial=-1)) + 1 for labels in labelings),
        float(np.mean(agreements)) if agreements else float("nan"),
        float(np.mean([(labels < 0).mean() for labels in labelings])),
    )


def most_stable(cuts: Sequence[Cut], n_docs: int) -> int:
    """Index of the most stable cut; of the finest of those that are as stable as far as can be told.

    Peaks of stability that differ by no more than another set of eight seeds would make them differ (0.05) count as
    equal, and about a peak the cuts that so many documents cannot tell apart (Wilson 1927). Of equals the finest says
    most: the coarser ones are had by merging, and agreement on two or three clusters is easily had.

    Parameters
    ----------
    cuts : sequence of Cut
        At least one, the finest first.
    n_docs : int
        Number of documents.
    """
    stability = [cut.worth for cut in cuts]
    best = max(stability)
    peak = next(i for i in _peaks(stability) if stability[i] >= best - SPREAD_OF_SEEDS)
    return _end_of_plateau(stability, peak, step=-1, n_docs=n_docs)


def nearest_cut(cuts: Sequence[Cut], n_clusters: int) -> int:
    """Index of the cut with about so many clusters, the more stable one of equally near ones.

    Parameters
    ----------
    cuts : sequence of Cut
        At least one.
    n_clusters : int
        Clusters wanted.
    """
    off = [round(abs(math.log(cut.mean_clusters / n_clusters)), 9) for cut in cuts]
    return min(range(len(cuts)), key=lambda i: (off[i], -cuts[i].worth))


def sizes_about(cuts: Sequence[Cut], n_clusters: int) -> list[int]:
    """Further sizes to cut at, between the cut nearest to so many clusters and those on both sides of it.

    Parameters
    ----------
    cuts : sequence of Cut
        At least one, the finest first.
    n_clusters : int
        Clusters wanted.
    """
    place = nearest_cut(cuts, n_clusters)
    ends = (cuts[max(place - 1, 0)].min_cluster_size, cuts[min(place + 1, len(cuts) - 1)].min_cluster_size)
    known = {cut.min_cluster_size for cut in cuts}
    return sorted({round(size) for size in np.geomspace(*ends, _SIZES_BETWEEN)} - known)


def sizes_below(cuts: Sequence[Cut], n_clusters: int) -> list[int]:
    """Sizes smaller than those of the grid, where more clusters are wanted than any cut of the grid has.

    Parameters
    ----------
    cuts : sequence of Cut
        Of the grid, the finest first; there may be none.
    n_clusters : int
        Clusters wanted.
    """
    return list(range(2, _FINEST)) if not cuts or cuts[0].mean_clusters < n_clusters else []


def merged(cuts: Sequence[Cut], others: Sequence[Cut]) -> list[Cut]:
    """Both, the finest first."""
    return sorted([*cuts, *others], key=lambda cut: cut.min_cluster_size)


def level_cuts(cuts: Sequence[Cut], chosen: int, *, n_docs: int) -> list[int]:
    """Indices of the cuts that are levels, the finest first: the chosen one, and other peaks of stability.

    A peak is at least 0.8 times as stable as the best cut, and has at least twice or at most half as many clusters as
    any level before it. Of what is equally stable about a peak the coarsest is taken on the coarse side of the chosen
    cut and the finest on the other, where levels are farthest apart.

    Parameters
    ----------
    cuts : sequence of Cut
        The finest first.
    chosen : int
        Index of the cut that is a level in any case.
    n_docs : int
        Number of documents.
    """
    stability = [cut.worth for cut in cuts]
    best = max(stability)
    levels = [chosen]

    def apart(i: int) -> bool:
        k = cuts[i].mean_clusters
        return all(abs(math.log2(k / cuts[level].mean_clusters)) >= _APART for level in levels)

    for peak in sorted(_peaks(stability), key=lambda i: -stability[i]):
        if stability[peak] < _LEAST_OF_BEST * best:
            break
        step = 1 if peak > chosen else -1
        last = _end_of_plateau(stability, peak, step=step, n_docs=n_docs)
        place = next((i for i in range(last, peak - step, -step) if apart(i)), None)
        if place is not None:
            levels.append(place)
    return sorted(levels)


def _peaks(stability: Sequence[float]) -> list[int]:
    """Indices that are at least as stable as those on both sides."""
    return [i for i, value in enumerate(stability) if value >= max(stability[max(i - 1, 0) : i + 2])]


def _end_of_plateau(stability: Sequence[float], peak: int, *, step: int, n_docs: int) -> int:
    """The last index, going one way from a peak, that so many documents cannot tell from it.

    The bound is Wilson's of full agreement, at three standard errors: nine documents make no difference.
    """
    least = stability[peak] * n_docs / (n_docs + _STANDARD_ERRORS**2)
    last = peak
    while 0 <= last + step < len(stability) and stability[last + step] >= least:
        last += step
    return last
