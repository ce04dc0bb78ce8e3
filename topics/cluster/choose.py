"""Which cuts are levels, and which of them is taken where nobody says.

The cut is taken on which layouts of other documents agree best (AMI), less what they agree on too easily. Three things
are had too easily. What each takes off was found on eleven labelled corpora and on seventy-seven that were made of them
(some of their classes, thinned at random); with each corpus and all that was made of it left out, the cut that is taken
falls short of the best one of the scan by .015 of AMI, and by .026 on those that were made of it.

- A document in no cluster is put to the nearest one, where every layout puts it alike: 0.8 of the share of noise.
- Few clusters agree by the broadest division there is: a quarter over their number.
- With excess of mass one great cluster stays whole beside small ones: 0.07.

Cuts with about as many clusters are nearly the same partition, so each is judged together with those of its kind
beside it: by a mean weighted by a Gaussian of the logarithm of their numbers of clusters. Of clear levels that are as
good within the error the finest is taken, which changed nothing in the 143 scans.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from topics.cluster.scan import FINEST, Cut, difference_error, grid, sizes_between

if TYPE_CHECKING:
    from numpy.typing import NDArray

CLEAR = 0.85
"""Stability from which a level is called clear.

On eleven labelled corpora other random states then gave the same topics: ARI .97 to 1 on the six levels above .85, .58
to .94 on the five below .82.
"""

_NOISE, _FEW, _OF_MASS = 0.8, 0.25, 0.07
_BANDWIDTH = 0.125
_LEAST_OF_BEST = 0.8  # a level of less worth than this, against the best one, is none
_APART = 1.0  # levels have at least twice as many clusters as the next coarser one: log2
_PEAK = 0.5  # and are worth the most within so many octaves
_SAME = 0.2  # of the logarithm of numbers of clusters that are about the same
_LEAST_NOISE = 0.05  # shares of noise of one layout that count as equal


def worths(cuts: Sequence[Cut]) -> NDArray[np.float64]:
    """What the cuts are compared by: their agreement less what is too easily had, each with those beside it.

    Of one layout, which shows no agreement, the share of documents in clusters.

    Parameters
    ----------
    cuts : sequence of Cut
        Of one scan.

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


def preferred(cuts: Sequence[Cut]) -> int:
    """Index of the cut that is taken: the one worth the most, or a finer one that is clear and as good.

    As good is a peak that falls short by no more than the standard error of the difference, by leaving out each layout
    in turn. Topics of the finer level can be joined, and those of the coarser one not taken apart. Of one layout, which
    has no stability, the finest with about the least noise.

    Parameters
    ----------
    cuts : sequence of Cut
        At least one, the finest first.
    """
    worth = worths(cuts)
    if math.isnan(cuts[0].agreement):
        return int(np.flatnonzero(worth >= worth.max() - _LEAST_NOISE)[0])
    best = int(worth.argmax())
    octave = np.array([math.log2(cut.mean_clusters) for cut in cuts])
    for i in range(best):
        finer = math.log(cuts[i].mean_clusters / cuts[best].mean_clusters) > _SAME
        near = worth[best] - worth[i] <= difference_error(cuts[best], cuts[i])
        if finer and near and cuts[i].stability >= CLEAR and worth[i] >= _worth_around(worth, octave, i):
            return i
    return best


def _worth_around(worth: NDArray[np.float64], octave: NDArray[np.float64], i: int) -> float:
    """The most that any cut within half an octave is worth."""
    return float(worth[np.abs(octave - octave[i]) < _PEAK].max())


def nearest_cut(cuts: Sequence[Cut], n_clusters: int) -> int:
    """Index of the best cut of those with about so many clusters, else of the nearest.

    Parameters
    ----------
    cuts : sequence of Cut
        At least one.
    n_clusters : int
        Clusters wanted.
    """
    worth = worths(cuts)
    off = [round(max(abs(math.log(cut.mean_clusters / n_clusters)) - _SAME, 0.0), 9) for cut in cuts]
    return min(range(len(cuts)), key=lambda i: (off[i], -worth[i]))


def sizes_below(cuts: Sequence[Cut], n_clusters: int, *, n_docs: int) -> list[int]:
    """Sizes smaller than those of the grid, where more clusters are wanted than any cut of the grid has.

    Parameters
    ----------
    cuts : sequence of Cut
        Of the grid, the finest first; there may be none.
    n_clusters : int
        Clusters wanted.
    n_docs : int
        Number of documents.
    """
    if cuts and cuts[0].mean_clusters >= n_clusters:
        return []
    finest = grid(n_docs)[0]
    return [*range(2, FINEST), *(size for size in sizes_between(FINEST, finest) if size < finest)]


def level_cuts(cuts: Sequence[Cut], chosen: int) -> list[int]:
    """Indices of the cuts that are levels, the finest first: the chosen one, and other peaks of worth.

    A peak is worth more than all cuts within half an octave of its number of clusters, and at least 0.8 of the best;
    it has at least twice or at most half as many clusters as any level before it.

    Parameters
    ----------
    cuts : sequence of Cut
        The finest first.
    chosen : int
        Index of the cut that is a level in any case.
    """
    octave = np.array([math.log2(cut.mean_clusters) for cut in cuts])
    worth = worths(cuts)
    levels = [chosen]
    for i in np.argsort(-worth, kind="stable").tolist():
        peak = worth[i] >= _worth_around(worth, octave, i)
        apart = all(abs(octave[i] - octave[level]) >= _APART for level in levels)
        if peak and apart and worth[i] >= _LEAST_OF_BEST * worth.max():
            levels.append(i)
    return sorted(levels)
