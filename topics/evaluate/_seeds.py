"""Do two labelings differ by more than two runs of one config do? A test against pairs of such runs.

All pairs, the one in question among them, are treated alike, so that under the null hypothesis its rank is uniform and
the p-value valid at every number of pairs (Phipson and Smyth 2010). Two things are ranked. The distance of the whole
labelings finds what changes everywhere. The pairs of near documents that one of the two labelings has in one topic and
the other apart find what changes in few topics, each counted the less the more of the other labelings do the rarer of
the two. Seeds split, merge and dissolve topics, and move documents at their edges: all of that happens again among the
other labelings. To mix a topic with another does not.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from topics.errors import InputError
from topics.evaluate._differences import null_p_value, partition_distance
from topics.records import NOISE

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

_N_NEIGHBORS = 10  # not tuned: as many as a small topic has documents
# Of 1 and the number of other labelings that have a pair that way. Chosen on Reuters, Newsgroups, HuffPost and
# MasakhaNEWS, with an eighth of a topic swapped, among powers -1 and -2 and counts of what none, a fortieth or a
# twentieth of the other labelings do: it found the most.
_POWER = -2.0
_MIN_KNOWN = 0.5  # of the other labelings, in which both documents have a topic; not tuned
_N_TESTS = 2  # Bonferroni's correction: of the distance, and of settled neighbors
_MAX_DOCUMENTS = 20_000  # not tuned: bounds the time; of more documents, so many evenly spread ones are looked at


@dataclass(frozen=True, eq=False)
class SeedTest:
    """What :func:`seed_test` found.

    Attributes
    ----------
    distance : float
        Of the two labelings, 1 minus the mean of AMI and ARI.
    null_distances : numpy.ndarray of float64, shape (n_null,)
        The same of the null's pairs.
    rarity : float
        What all pairs of near documents count on which the two labelings disagree; 1 is one that no other labeling has
        that way.
    p : float
        Twice the smaller of ``p_partition`` and ``p_topics``, at most 1.
    p_partition, p_topics : float
        Share of all pairs whose distance, or rarity, is as great.
    topics_a, topics_b : dict of int to (float, float, float)
        For each topic of either labeling: the share of its near documents that the other labeling has together, in
        [0, 1]; the share that labelings of the null do; and the share of pairs in which the near documents of any topic
        count as much.
    """

    distance: float
    null_distances: NDArray[np.float64]
    rarity: float
    p: float
    p_partition: float
    p_topics: float
    topics_a: dict[int, tuple[float, float, float]]
    topics_b: dict[int, tuple[float, float, float]]


def smallest_seed_p(n_null: int) -> float:
    """The least p-value that :func:`seed_test` can give.

    Parameters
    ----------
    n_null : int
        Pairs of the null; with 39 it is .05.
    """
    return min(1.0, _N_TESTS / (1 + n_null))


def seed_test(
    labels_a: ArrayLike,
    labels_b: ArrayLike,
    *,
    null: Sequence[tuple[Any, Any]],
    neighbors: NDArray[np.integer],
) -> SeedTest:
    """Whether two labelings differ by more than pairs of labelings of one config.

    Parameters
    ----------
    labels_a, labels_b : array-like of int, shape (n_docs,)
        Topic of each document, or ``NOISE``.
    null : sequence of pairs of array-like of int, shape (n_docs,)
        Labelings of two runs of one config each; with 39 pairs the least p-value is .05.
    neighbors : numpy.ndarray of int, shape (n_docs, n_neighbors)
        Rows of the nearest neighbors of each document, itself first; ten are looked at.

    Raises
    ------
    ValueError
        If there are no pairs, or not as many rows of neighbors as documents.
    """
    if not len(null):
        raise InputError("expected pairs of labelings of one config to compare with, got none")
    pairs = [(np.asarray(labels_a), np.asarray(labels_b)), *((np.asarray(one), np.asarray(two)) for one, two in null)]
    if len(neighbors) != len(pairs[0][0]):
        raise InputError(f"expected neighbors of {len(pairs[0][0])} documents, got {len(neighbors)} rows")
    step = max(1, -(-len(neighbors) // _MAX_DOCUMENTS))
    rows = np.arange(0, len(neighbors), step)
    near = neighbors[rows, 1 : 1 + _N_NEIGHBORS]
    states = [(_state(one, rows, near), _state(two, rows, near)) for one, two in pairs]
    parted, known = np.zeros((2, *near.shape), dtype=np.int64)
    for state in (state for of in states for state in of):
        parted += state == _APART
        known += state != _UNKNOWN
    distances = np.array([partition_distance(one[rows], two[rows]) for one, two in pairs])
    total, of_topics = np.zeros((2, len(pairs)))
    found: dict[int, dict[int, tuple[float, float, float]]] = {}
    for k, (pair, of) in enumerate(zip(pairs, states, strict=True)):
        others = _Others(parted, known, of, n=2 * len(pairs) - 2)
        counts = others.rarity(*of).sum(axis=1)
        sides = [_by_topic(labels[rows], counts) for labels in pair]
        total[k], of_topics[k] = counts.sum(), max(max(side.values(), default=0.0) for side in sides)
        if not k:
            found = {i: _told(pair[i][rows], of[i], of[1 - i], others, counts=sides[i]) for i in (0, 1)}
    p_partition, p_topics = (null_p_value(values[0], values[1:]) for values in (distances, total))

    def of_side(i: int) -> dict[int, tuple[float, float, float]]:
        return {
            topic: (together, usual, null_p_value(n, of_topics[1:])) for topic, (together, usual, n) in found[i].items()
        }

    return SeedTest(
        float(distances[0]), distances[1:], float(total[0]), min(1.0, _N_TESTS * min(p_partition, p_topics)),
        p_partition, p_topics, of_side(0), of_side(1),
    )  # fmt: skip


_TOGETHER, _APART, _UNKNOWN = 0, 1, 2


def _state(labels: NDArray[Any], rows: NDArray[np.intp], near: NDArray[np.integer]) -> NDArray[np.int8]:
    """Whether a document and each of its neighbors have one topic, two, or not both any."""
    own, other = labels[rows][:, None], labels[near]
    return np.where((own == NOISE) | (other == NOISE), _UNKNOWN, own != other).astype(np.int8)


class _Others:
    """What the labelings of all other pairs say of near documents, those of one pair left out."""

    def __init__(
        self,
        parted: NDArray[np.int64],
        known: NDArray[np.int64],
        own: tuple[NDArray[np.int8], NDArray[np.int8]],
        *,
        n: int,
    ) -> None:
        self.parted = parted - (own[0] == _APART) - (own[1] == _APART)
        self.known = known - (own[0] != _UNKNOWN) - (own[1] != _UNKNOWN)
        self._is_known = self.known >= _MIN_KNOWN * n

    def rarity(self, one: NDArray[np.int8], other: NDArray[np.int8]) -> NDArray[np.float64]:
        """What each pair of near documents counts: nothing where the two labelings agree."""
        rarer = np.minimum(self.parted, self.known - self.parted)
        disagree = (one != other) & (one != _UNKNOWN) & (other != _UNKNOWN) & self._is_known
        return np.where(disagree, (1.0 + rarer) ** _POWER, 0.0)


def _by_topic(labels: NDArray[Any], counts: NDArray[Any]) -> dict[int, float]:
    """The sum of a count over the documents of each topic."""
    topics, places = np.unique(labels, return_inverse=True)
    sums = np.bincount(places, weights=counts, minlength=len(topics))
    return {int(topic): float(n) for topic, n in zip(topics, sums, strict=True) if topic != NOISE}


def _told(
    labels: NDArray[Any], own: NDArray[np.int8], other: NDArray[np.int8], others: _Others, *, counts: dict[int, float]
) -> dict[int, tuple[float, float, float]]:
    """Of each topic the shares of its near documents that are together in the other labeling and usually; its count."""
    within = own == _TOGETHER
    clustered = within & (other != _UNKNOWN)
    sums = [
        _by_topic(labels, (values * chosen).sum(axis=1))
        for values, chosen in (
            (other == _TOGETHER, clustered), (1, clustered), (others.known - others.parted, within),
            (others.known, within),
        )
    ]  # fmt: skip
    together, n, usual, n_usual = sums
    return {
        topic: (
            together[topic] / n[topic] if n[topic] else 1.0,
            usual[topic] / n_usual[topic] if n_usual[topic] else 1.0,
            count,
        )
        for topic, count in counts.items()
    }
