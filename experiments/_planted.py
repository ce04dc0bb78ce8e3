"""A difference that is planted: half of a topic's documents swapped with half of another's."""

from __future__ import annotations

import numpy as np

import topics
from topics.evaluate import energy_test, partition_distances

SIDE, SPLITS = 5, 20


def swapped(labelings: list[np.ndarray], random: np.random.Generator) -> list[np.ndarray]:
    """The labelings with half of one topic of the first swapped with half of another, for the same documents in all."""
    first, changed = labelings[0], [labels.copy() for labels in labelings]
    topics_of = random.choice(np.unique(first[first >= 0]), 2, replace=False)
    one, other = (random.permutation(np.flatnonzero(first == k))[: max(1, (first == k).sum() // 2)] for k in topics_of)
    for labels, new in zip(labelings, changed, strict=True):
        for mine, theirs in ((one, other), (other, one)):
            known = labels[theirs][labels[theirs] >= 0]
            new[mine] = np.bincount(known).argmax() if len(known) else topics.NOISE
    return changed


def several(labels: list[np.ndarray]) -> tuple[list[float], list[float]]:
    """The p-values of five of ten runs against the others, split again and again, and with a planted difference."""
    as_they_are, planted, random = [], [], np.random.default_rng(0)
    for _ in range(SPLITS if labels else 0):
        order = random.permutation(len(labels))
        one, other = ([labels[i] for i in part] for part in (order[:SIDE], order[SIDE:]))
        as_they_are.append(energy_test(partition_distances([*one, *other]), SIDE)["p"])
        planted.append(energy_test(partition_distances([*one, *swapped(other, random)]), SIDE)["p"])
    return as_they_are, planted
