"""Leaf and excess-of-mass cuts of one tree in milliseconds each.

In drawing order, every subtree of a dendrogram is a range of places. A cluster splits in two where both sides have at
least ``min_cluster_size`` documents (Campello et al. 2013). The clusters of a leaf cut are those sides of splits that
contain no further split. So a cut is a search among sorted places instead of a walk over the tree.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from topics.records import NOISE

if TYPE_CHECKING:
    from numpy.typing import NDArray


_TINY = 1e-12  # not tuned: of the tallest merge, so that equal points have a finite density


@dataclass(frozen=True, eq=False)
class Dendrogram:
    """A single-linkage tree in drawing order.

    Attributes
    ----------
    order : numpy.ndarray of int64, shape (n_docs,)
        Row at each place.
    starts, sizes : numpy.ndarray of int64, shape (2 * n_docs - 1,)
        First place and number of documents of each subtree: the documents, then the merges.
    children : numpy.ndarray of int64, shape (n_docs - 1, 2)
        Subtrees of each merge.
    heights : numpy.ndarray of float64, shape (n_docs - 1,)
        Distance of each merge.
    """

    order: NDArray[np.int64]
    starts: NDArray[np.int64]
    sizes: NDArray[np.int64]
    children: NDArray[np.int64]
    heights: NDArray[np.float64]

    @classmethod
    def of(cls, single_linkage: NDArray[np.float64]) -> Dendrogram:
        """The dendrogram of merges as in :func:`scipy.cluster.hierarchy.linkage`.

        Parameters
        ----------
        single_linkage : numpy.ndarray of float64, shape (n_docs - 1, 4)
            At least one merge.
        """
        n_docs = len(single_linkage) + 1
        children = single_linkage[:, :2].astype(np.int64)
        sizes = np.concatenate([np.ones(n_docs, dtype=np.int64), single_linkage[:, 3].astype(np.int64)])
        starts = [0] * (2 * n_docs - 1)
        left, right = children.T.tolist()
        left_sizes = sizes[children[:, 0]].tolist()
        for merge in range(n_docs - 2, -1, -1):  # from the root: a parent comes after its children
            start = starts[n_docs + merge]
            starts[left[merge]] = start
            starts[right[merge]] = start + left_sizes[merge]
        places = np.array(starts, dtype=np.int64)
        order = np.empty(n_docs, dtype=np.int64)
        order[places[:n_docs]] = np.arange(n_docs)
        return cls(order, places, sizes, children, single_linkage[:, 2])

    @property
    def n_docs(self) -> int:
        """Number of documents."""
        return len(self.order)

    def leaf_cut(self, min_cluster_size: int) -> NDArray[np.int32]:
        """Cluster of each row, numbered from 0 in drawing order; ``NOISE`` for rows in none.

        The same partition as hdbscan's ``cluster_selection_method="leaf"``.

        Parameters
        ----------
        min_cluster_size : int
            Minimum cluster size, ≥ 2.
        """
        starts, stops = self._leaves(min_cluster_size)
        return self._paint(starts, stops, np.arange(len(starts)), NOISE).astype(np.int32)

    def eom_cut(self, min_cluster_size: int) -> NDArray[np.int32]:
        """Cluster of each row, numbered from 0 in drawing order; ``NOISE`` for rows in none.

        The same partition as hdbscan's ``cluster_selection_method="eom"``: a cluster or the clusters within it,
        whichever has the greater excess of mass (Campello et al. 2013). Topics may differ widely in size.

        Parameters
        ----------
        min_cluster_size : int
            Minimum cluster size, ≥ 2.
        """
        splits = np.flatnonzero(self.sizes[self.children].min(axis=1) >= min_cluster_size)
        sides = self.children[splits].ravel()
        births = np.repeat(self._densities()[splits], 2)
        starts, sizes = self.starts[sides], self.sizes[sides]
        order = np.lexsort((-sizes, starts))  # an enclosing cluster comes before those within it
        births, starts, sizes = births[order], starts[order], sizes[order]
        parents, deepest = self._nest(starts, starts + sizes)
        left = self._density_left(min_cluster_size)
        inside = deepest >= 0
        mass = np.bincount(deepest[inside], weights=left[inside], minlength=len(starts)) - sizes * births
        nested = parents >= 0
        np.add.at(mass, parents[nested], (sizes * births)[nested])
        chosen = _greatest_mass(mass, parents)
        return self._paint(starts[chosen], (starts + sizes)[chosen], np.arange(len(chosen)), NOISE).astype(np.int32)

    def _densities(self) -> NDArray[np.float64]:
        """Density at each merge: one over its height, bounded for equal points."""
        lowest = float(self.heights.max(initial=0.0)) * _TINY or 1.0
        return 1.0 / np.maximum(self.heights, lowest)

    def _nest(self, starts: NDArray[np.int64], stops: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """The smallest range that encloses each range, and each place; -1 if none does."""
        parents, deepest = np.full(len(starts), -1), np.full(self.n_docs, -1)
        open_ranges: list[int] = []
        for i, (start, stop) in enumerate(zip(starts.tolist(), stops.tolist(), strict=True)):
            while open_ranges and stops[open_ranges[-1]] <= start:
                open_ranges.pop()
            parents[i] = open_ranges[-1] if open_ranges else -1
            open_ranges.append(i)
            deepest[start:stop] = i
        return parents, deepest

    def _density_left(self, min_cluster_size: int) -> NDArray[np.float64]:
        """Density at which each place leaves its smallest cluster."""
        large = np.flatnonzero(self.sizes[self.n_docs :] >= min_cluster_size)
        sides = self.children[large]
        small = self.sizes[sides] < min_cluster_size
        starts, lengths = self.starts[sides[small]], self.sizes[sides[small]]
        density = np.repeat(self._densities()[large][:, None], 2, axis=1)[small]
        leaving = np.zeros(self.n_docs)
        ends = np.cumsum(lengths)
        places = np.repeat(starts - ends + lengths, lengths) + np.arange(ends[-1] if len(ends) else 0)
        leaving[places] = np.repeat(density, lengths)
        return leaving

    def strengths(self, labels: NDArray[np.integer], min_cluster_size: int) -> NDArray[np.float32]:
        """How near each row is to the core of its cluster, in [0, 1]; 0 for noise.

        The density at which a row leaves its cluster, divided by the highest density in the cluster. The same as
        hdbscan's ``probabilities_``.

        Parameters
        ----------
        labels : numpy.ndarray of int, shape (n_docs,)
            Labels of a leaf cut.
        min_cluster_size : int
            Minimum cluster size of that cut.
        """
        large = np.flatnonzero(self.sizes[self.n_docs :] >= min_cluster_size)
        sides = self.children[large]
        height = np.repeat(self.heights[large][:, None], 2, axis=1)
        leaves = self.sizes[sides] < min_cluster_size
        starts, order = np.sort(self.starts[sides[leaves]]), np.argsort(self.starts[sides[leaves]])
        stops = starts + self.sizes[sides[leaves]][order]
        with np.errstate(divide="ignore"):
            density = self._paint(starts, stops, 1.0 / height[leaves][order], 0.0)
        highest = np.zeros(int(labels.max(initial=NOISE)) + 2)
        np.maximum.at(highest, labels, density)
        peak = highest[labels]
        with np.errstate(invalid="ignore", divide="ignore"):
            strengths = np.where(np.isfinite(density) & (peak > 0), density / peak, 1.0)
        return np.where(labels == NOISE, 0.0, strengths).astype(np.float32)

    def _leaves(self, min_cluster_size: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """First place of each cluster of a leaf cut, and the place after its last, ascending."""
        sides = self.sizes[self.children]
        splits = np.flatnonzero(sides.min(axis=1) >= min_cluster_size)
        between = np.sort(self.starts[self.children[splits, 0]] + sides[splits, 0])
        candidates = self.children[splits].ravel()
        starts = self.starts[candidates]
        stops = starts + self.sizes[candidates]
        whole = np.searchsorted(between, starts, side="right") == np.searchsorted(between, stops, side="left")
        order = np.argsort(starts[whole])
        return starts[whole][order], stops[whole][order]

    def _paint(
        self, starts: NDArray[np.int64], stops: NDArray[np.int64], values: NDArray[Any], elsewhere: float
    ) -> NDArray[Any]:
        """One value per row from one value per range of places; ranges ascend and do not overlap."""
        lengths = stops - starts
        ends = np.cumsum(lengths)
        places = np.repeat(starts - ends + lengths, lengths) + np.arange(ends[-1] if len(ends) else 0)
        drawn = np.full(self.n_docs, elsewhere, dtype=values.dtype)
        drawn[places] = np.repeat(values, lengths)
        by_row = np.empty_like(drawn)
        by_row[self.order] = drawn
        return by_row


def _greatest_mass(mass: NDArray[np.float64], parents: NDArray[np.int64]) -> NDArray[np.int64]:
    """The disjoint clusters with the greatest total mass; on a tie the larger clusters."""
    within = np.zeros(len(mass))
    best = mass.copy()
    for i in range(len(mass) - 1, -1, -1):  # clusters within a cluster come after it
        best[i] = max(mass[i], within[i])
        if parents[i] >= 0:
            within[parents[i]] += best[i]
    own = mass >= within
    covered = np.zeros(len(mass), dtype=bool)
    for i, parent in enumerate(parents.tolist()):
        covered[i] = parent >= 0 and (covered[parent] or own[parent])
    return np.flatnonzero(own & ~covered)
