"""How sure each document's topic is: the chance that it is right, from what layouts and neighbours say of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from topics.cluster.consensus import Consensus, largest
from topics.cluster.labelings import centroids

if TYPE_CHECKING:
    from numpy.typing import NDArray


def features(
    consensus: Consensus, vectors: NDArray[np.float32], *, reproducibility: NDArray[np.float64], stability: float
) -> NDArray[np.float64]:
    """What is known of each document and its largest topic, shape (n_docs, 4).

    Share of the votes, reproducibility of the topic, stability of the level, and how far below its topic's documents
    the document's similarity to their centroid lies, in standard deviations, 0 where it is not below.
    """
    place, share = largest(consensus.membership)
    known = np.append(reproducibility, 0.0)[place]
    centres = centroids(vectors, consensus.labels)
    similarity = np.einsum("ij,ij->i", vectors, np.vstack([centres, np.zeros_like(vectors[:1])])[place])
    n = len(reproducibility)
    size = np.maximum(np.bincount(consensus.labels + 1, minlength=n + 1)[1:], 1)
    held = np.flatnonzero(consensus.labels >= 0)
    own = consensus.labels[held]
    mean = np.bincount(own, weights=similarity[held], minlength=n) / size
    spread = np.sqrt(np.bincount(own, weights=(similarity[held] - mean[own]) ** 2, minlength=n) / size)
    mean, spread = np.append(mean, 0.0), np.append(np.maximum(spread, 1e-3), 1.0)
    below = np.clip((similarity - mean[place]) / spread[place], -4.0, 0.0)
    return np.column_stack([share, known, np.full(len(share), stability), below])


def confidences(
    consensus: Consensus, vectors: NDArray[np.float32], *, reproducibility: NDArray[np.float64], stability: float
) -> NDArray[np.float64]:
    """Chance that each document's largest topic is right, in [0, 1); 0 where nothing votes for any."""
    return features(consensus, vectors, reproducibility=reproducibility, stability=stability)[:, 0]
