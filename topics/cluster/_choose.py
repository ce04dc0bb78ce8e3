"""Which cuts are levels, and which level is chosen by default.

The chosen cut is the one on which layouts of different documents agree best (AMI), after a penalty for agreement that
is too easy to reach. The penalties below were tuned on eleven labeled corpora and seventy-seven corpora derived from
them (some of their classes, thinned at random). With each corpus and everything derived from it held out, the chosen
cut falls short of the best one of its scan by .015 of AMI, and by .026 on the derived corpora.

- Noise: every layout assigns a document in no cluster to the same nearest cluster. Penalty: 0.8 of the share of noise.
- Few clusters: layouts agree on the broadest division there is. Penalty: 0.25 over the number of clusters.
- Excess of mass: one large cluster stays whole beside small ones. Penalty: 0.07.

Cuts with similar numbers of clusters are nearly the same partition, so each is judged together with its neighbors of
the same method: by a mean with Gaussian weights in the logarithm of the number of clusters. Among clear levels that
are equally good within the error, the finest is chosen; this changed nothing in the 143 scans.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from topics.cluster._scan import FINEST, Cut, difference_error, grid, sizes_between

if TYPE_CHECKING:
    from numpy.typing import NDArray

CLEAR = 0.85
"""Minimum stability of a level that is called clear.

Tuned on eleven labeled corpora: other random states gave the same topics on the six levels above .85 (ARI .97 to 1) but
not on the five below .82 (ARI .58 to .94).
"""

_NOISE, _FEW, _OF_MASS = 0.8, 0.25, 0.07  # penalties, tuned as the module says
_BANDWIDTH = 0.125  # of the Gaussian weights, in log clusters; tuned together with the penalties
# Not tuned: they only decide which further levels are shown, never which one is chosen.
_MIN_OF_BEST = 0.8  # minimum worth of a level, relative to the best one
_APART = 1.0  # minimum distance of two levels in octaves: twice as many clusters
_PEAK = 0.5  # a level is worth the most within this many octaves
# Not tuned: what counts as equal.
_SAME = 0.2  # difference of the logarithms of two numbers of clusters
_SAME_NOISE = 0.05  # difference of two shares of noise, for a single layout


def worths(cuts: Sequence[Cut]) -> NDArray[np.float64]:
    """Score of each cut: its agreement less the penalties, averaged with similar cuts.

    A single layout has no agreement; its cuts are scored by the share of documents in clusters.

    Parameters
    ----------
    cuts : sequence of Cut
        All cuts of one scan.

    Returns
    -------
    numpy.ndarray of float64, shape (n_cuts,)
        At most 1; higher is better.
    """
    noise = np.array([cut.noise_share for cut in cuts])
    agreement = np.array([cut.agreement for cut in cuts])
    if np.isnan(agreement).any():
        return 1.0 - noise
    clusters = np.array([max(cut.mean_clusters, 1.0) for cut in cuts])
    of_mass = np.array([cut.method == "eom" for cut in cuts], dtype=bool)
    alone = agreement - _NOISE * noise - _FEW / clusters - _OF_MASS * of_mass
    off = (np.log(clusters)[:, None] - np.log(clusters)) / _BANDWIDTH
    weights = np.exp(-0.5 * off**2) * (of_mass[:, None] == of_mass)
    return np.asarray(weights @ alone / weights.sum(axis=1))


def choose_cut(cuts: Sequence[Cut]) -> int:
    """Index of the cut to choose: the one with the highest worth, or a finer one that is clear and as good.

    A finer peak is as good if its worth is lower by no more than the standard error of the difference (jackknife over
    layouts). The finer one is preferred because its topics can be merged, while those of a coarser one cannot be split.
    A single layout has no stability: the finest cut with about the least noise is chosen.

    Parameters
    ----------
    cuts : sequence of Cut
        At least one, the finest first.
    """
    worth = worths(cuts)
    if math.isnan(cuts[0].agreement):
        return int(np.flatnonzero(worth >= worth.max() - _SAME_NOISE)[0])
    best = int(worth.argmax())
    octave = np.array([math.log2(cut.mean_clusters) for cut in cuts])
    for i in range(best):
        finer = math.log(cuts[i].mean_clusters / cuts[best].mean_clusters) > _SAME
        near = worth[best] - worth[i] <= difference_error(cuts[best], cuts[i])
        if finer and near and cuts[i].stability >= CLEAR and worth[i] >= _worth_around(worth, octave, i):
            return i
    return best


def _worth_around(worth: NDArray[np.float64], octave: NDArray[np.float64], i: int) -> float:
    """The highest worth of any cut within half an octave."""
    return float(worth[np.abs(octave - octave[i]) < _PEAK].max())


def find_cut(cuts: Sequence[Cut], n_clusters: int) -> int:
    """Index of the best cut with about ``n_clusters`` clusters, or of the closest one if there is none.

    Parameters
    ----------
    cuts : sequence of Cut
        At least one.
    n_clusters : int
        Requested number of clusters.
    """
    worth = worths(cuts)
    off = [round(max(abs(math.log(cut.mean_clusters / n_clusters)) - _SAME, 0.0), 9) for cut in cuts]
    return min(range(len(cuts)), key=lambda i: (off[i], -worth[i]))


def finer_sizes(cuts: Sequence[Cut], n_clusters: int, *, n_docs: int) -> list[int]:
    """Minimum cluster sizes below those of the grid, if more clusters are requested than any cut of the grid has.

    Parameters
    ----------
    cuts : sequence of Cut
        Cuts of the grid, the finest first; may be empty.
    n_clusters : int
        Requested number of clusters.
    n_docs : int
        Number of documents.
    """
    if cuts and cuts[0].mean_clusters >= n_clusters:
        return []
    finest = grid(n_docs)[0]
    return [*range(2, FINEST), *(size for size in sizes_between(FINEST, finest) if size < finest)]


def choose_levels(cuts: Sequence[Cut], chosen: int) -> list[int]:
    """Indices of the cuts that are levels, the finest first: the chosen one and other peaks of worth.

    A peak has the highest worth within half an octave of its number of clusters and at least 0.8 of the best worth. It
    has at least twice or at most half as many clusters as any level found before it.

    Parameters
    ----------
    cuts : sequence of Cut
        The finest first.
    chosen : int
        Index of the cut that is always a level.
    """
    octave = np.array([math.log2(cut.mean_clusters) for cut in cuts])
    worth = worths(cuts)
    levels = [chosen]
    for i in np.argsort(-worth, kind="stable").tolist():
        peak = worth[i] >= _worth_around(worth, octave, i)
        apart = all(abs(octave[i] - octave[level]) >= _APART for level in levels)
        if peak and apart and worth[i] >= _MIN_OF_BEST * worth.max():
            levels.append(i)
    return sorted(levels)
