"""How sure each document's topic is: the chance that it is right, from what other layouts and its topic say of it.

Right is a document whose human label most documents of its topic bear. The chance is a logistic function of three
measures, fitted to eleven labelled corpora of equal weight. With each left out in turn the calibration error over all
documents is .044, and of what is said to be .75 to .85 sure .83 is right; the cluster's consensus alone goes with its
purity (Spearman .66, of the Jaccard index .50). What no measure shows is whether people would have made finer topics:
where nine topics hold twenty newsgroups, all are said to be surer than they are.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from topics.cluster.consensus import Consensus, largest
from topics.cluster.labelings import centroids
from topics.cluster.repeated import cluster_consensus
from topics.records import NOISE

if TYPE_CHECKING:
    from numpy.typing import NDArray

_WEIGHTS = np.array([0.40, 0.24, 0.57])
_CONSTANT = 0.17
_LEAST_SPREAD, _LOWEST = 1e-3, -4.0
_STRUCTURE = 0.55  # stability of a level; of labelled corpora .57 to .98, of random vectors .30 to .38
_EDGE = 0.02  # a share of 0 or 1 of a dozen layouts is none of all there might be


def features(consensus: Consensus, vectors: NDArray[np.float32], *, items: NDArray[np.float64]) -> NDArray[np.float64]:
    """What is known of each document and its likeliest topic, shape (n_docs, 3).

    Parameters
    ----------
    consensus : Consensus
        Of one level.
    vectors : numpy.ndarray of float32, shape (n_docs, n_dims)
        Unit vectors.
    items : numpy.ndarray of float64, shape (n_docs,)
        How often each document is together with the others of its likeliest topic, as
        :func:`topics.cluster.repeated.item_consensus` gives it.

    Returns
    -------
    numpy.ndarray of float64, shape (n_docs, 3)
        Log odds of that; log odds of the same for the topic as a whole; and how much less like the topic's centroid the
        document is than its other documents are, in standard deviations, -4 to 0.
    """
    place = largest(consensus.membership)[0]
    n = consensus.membership.shape[1]
    centres = np.vstack([centroids(vectors, consensus.labels), np.zeros_like(vectors[:1])])
    similarity = np.einsum("ij,ij->i", vectors, centres[place])
    held = np.flatnonzero(consensus.labels != NOISE)
    own = consensus.labels[held]
    size = np.maximum(np.bincount(own, minlength=n), 1)
    mean = np.bincount(own, weights=similarity[held], minlength=n) / size
    spread = np.sqrt(np.bincount(own, weights=(similarity[held] - mean[own]) ** 2, minlength=n) / size)
    mean, spread = np.append(mean, 0.0), np.append(np.maximum(spread, _LEAST_SPREAD), 1.0)
    below = np.clip((similarity - mean[place]) / spread[place], _LOWEST, 0.0)
    whole = np.append(cluster_consensus(consensus.labels, items), 0.0)[place]
    return np.column_stack([_log_odds(items), _log_odds(whole), below])


def confidences(
    consensus: Consensus, vectors: NDArray[np.float32], *, items: NDArray[np.float64], stability: float
) -> NDArray[np.float64]:
    """Chance that each document's likeliest topic is right, in [0, 1); 0 where nothing votes for any.

    It was learned where there were topics. On a level that is less stable than any of those was, as on documents
    without structure, it is less by as much.

    Parameters
    ----------
    consensus, vectors, items
        As for :func:`features`.
    stability : float
        Of the level.
    """
    known = features(consensus, vectors, items=items)
    chance = min(1.0, max(stability, 0.0) / _STRUCTURE) / (1.0 + np.exp(-(known @ _WEIGHTS + _CONSTANT)))
    return np.asarray(np.where(largest(consensus.membership)[0] != NOISE, chance, 0.0))


def _log_odds(share: NDArray[np.float64]) -> NDArray[np.float64]:
    share = np.nan_to_num(share, nan=0.0)
    return np.asarray(np.log((share + _EDGE) / (1 + _EDGE - share)))
