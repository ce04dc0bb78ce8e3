"""Do two labelings differ by more than two runs of one config do? A test against pairs of such runs.

All pairs, the one in question among them, are treated alike, so that under the null hypothesis its rank is uniform and
the p-value valid at every number of pairs (Phipson and Smyth 2010). What is ranked is the greater of two deviations,
each in standard deviations over the other pairs: that of the distance of the whole labelings, and the greatest among
topics, of how far the other labeling keeps a topic's documents with their like. The first finds what changes
everywhere, the second few topics that changed where all waver. Seeds split and merge topics, which leaves near
documents together; what mixes topics does not.
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

_SAME = 0.5  # Jaccard index above which one topic alone can be the counterpart
_N_NEIGHBORS = 10  # not tuned: as many as a small topic has documents
_MIN_PAIRS = 3  # not tuned: with fewer pairs that have a topic, what is usual for it is not known
_MIN_SPREAD = 0.05  # of shares; not tuned: keeps what never wavers from counting for a few documents
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
    p : float
        Share of all pairs that deviate as much.
    p_partition, p_topics : float
        The same of the distance alone, and of topics alone.
    topics_a, topics_b : dict of int to (float, float, float)
        For each topic of either labeling that has a counterpart in the null's pairs: how far the other labeling keeps
        it together, in [0, 1]; how far a run of the same config usually does; and the share of pairs in which any topic
        deviates as much.
    """

    distance: float
    null_distances: NDArray[np.float64]
    p: float
    p_partition: float
    p_topics: float
    topics_a: dict[int, tuple[float, float, float]]
    topics_b: dict[int, tuple[float, float, float]]


def seed_test(
    labels_a: ArrayLike,
    labels_b: ArrayLike,
    *,
    null: Sequence[tuple[Any, Any]],
    neighbors: NDArray[np.integer] | None = None,
) -> SeedTest:
    """Whether two labelings differ by more than pairs of labelings of one config.

    Parameters
    ----------
    labels_a, labels_b : array-like of int, shape (n_docs,)
        Topic of each document, or ``NOISE``.
    null : sequence of pairs of array-like of int, shape (n_docs,)
        Labelings of two runs of one config each; with 19 pairs the least p-value is .05.
    neighbors : numpy.ndarray of int, shape (n_docs, n_neighbors), or None
        Rows of the nearest neighbors of each document, itself first. A topic is kept together as far as its documents
        share a topic with their ten nearest in the other labeling, those in noise left out. None takes the overlap of
        topics instead: the mean over documents of the overlap coefficient of their topics in both labelings, which is
        1 if a topic is a part of one or made of whole ones. It finds less (docs/comparing.md).

    Raises
    ------
    ValueError
        If there are no pairs.
    """
    if not len(null):
        raise InputError("expected pairs of labelings of one config to compare with, got none")
    pairs = [(np.asarray(labels_a), np.asarray(labels_b)), *((np.asarray(one), np.asarray(two)) for one, two in null)]
    step = max(1, -(-len(pairs[0][0]) // _MAX_DOCUMENTS))
    alike = None if neighbors is None else [_alike(two, neighbors)[:, ::step] for two in _seconds(pairs)]
    pairs = [(one[::step], two[::step]) for one, two in pairs]
    distances = np.array([partition_distance(*pair) for pair in pairs])
    p_partition = null_p_value(distances[0], distances[1:])
    deviations = _deviations(pairs, alike)
    n = len(pairs)
    of_topics = np.array(
        [max([d for side in (k, k + n) for _, _, d in deviations[side].values()] + [0.0]) for k in range(n)]
    )
    p_topics = null_p_value(of_topics[0], of_topics[1:])
    whole = np.array([_deviation(distances[k], np.delete(distances, k), sign=1) for k in range(n)])
    worst = np.maximum(of_topics, whole)

    def of_side(side: int) -> dict[int, tuple[float, float, float]]:
        return {
            topic: (kept, usual, null_p_value(deviation, of_topics[1:]))
            for topic, (kept, usual, deviation) in deviations[side].items()
        }

    return SeedTest(
        float(distances[0]), distances[1:], null_p_value(worst[0], worst[1:]), p_partition, p_topics, of_side(0),
        of_side(n),
    )  # fmt: skip


def _deviation(value: float, others: Any, *, sign: int) -> float:
    """How far a value is above (1) or below (-1) the median of others, in standard deviations."""
    return float(sign * (value - np.median(others)) / (np.std(others) + _MIN_SPREAD))


def _deviations(
    pairs: Sequence[tuple[NDArray[Any], NDArray[Any]]], alike: Sequence[NDArray[np.int64]] | None
) -> list[dict[int, tuple[float, float, float]]]:
    """How far each topic is kept together in its own pair, how far in the other pairs, and the deviation.

    A mapping by topic for the first labeling of every pair, and then for the second of every pair. In another pair the
    topic's counterpart is looked up in one labeling, and how far that is kept together in the other.
    """
    turned = [*pairs, *((two, one) for one, two in pairs)]
    coded = [(_coded(one), _coded(two)) for one, two in turned]
    if alike is None:
        kept = [_nested(one, two) for one, two in coded]
    else:
        kept = [_with_neighbors(one, of) for (one, _), of in zip(coded, alike, strict=True)]
    n, found = len(pairs), []
    for k, (one, _) in enumerate(coded):
        values: list[list[float]] = [[] for _ in kept[k]]
        for m, (there, _) in enumerate(coded):
            if m % n == k % n:
                continue
            places, similarities = _closest(one, there)
            for topic in np.flatnonzero(similarities > _SAME).tolist():
                values[topic].append(kept[m][places[topic]])
        found.append(
            {
                int(one.topics[topic]): (
                    float(kept[k][topic]),
                    float(np.median(draws)),
                    _deviation(kept[k][topic], draws, sign=-1),
                )
                for topic, draws in enumerate(values)
                if len(draws) >= _MIN_PAIRS
            }
        )
    return found


@dataclass(frozen=True, eq=False)
class _Coded:
    """Labels as numbers from 0, noise the last, and the sizes of each."""

    topics: NDArray[np.int64]
    codes: NDArray[np.int64]
    sizes: NDArray[np.int64]


def _coded(labels: NDArray[Any]) -> _Coded:
    topics = np.unique(labels[labels != NOISE])
    codes = np.where(labels == NOISE, len(topics), np.searchsorted(topics, labels))
    return _Coded(topics, codes, np.bincount(codes, minlength=len(topics) + 1))


def _cells(one: _Coded, other: _Coded) -> NDArray[np.int64]:
    """Number of documents in each topic of both, noise left out."""
    n, m = len(one.topics), len(other.topics)
    counts = np.bincount(one.codes * (m + 1) + other.codes, minlength=(n + 1) * (m + 1))
    return counts.reshape(n + 1, m + 1)[:n, :m]


def _closest(one: _Coded, other: _Coded) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """For each topic the place of the other labeling's topic with the greatest Jaccard index, and the index."""
    cells = _cells(one, other)
    if not cells.size:
        return np.zeros(len(cells), dtype=np.int64), np.zeros(len(cells))
    jaccard = cells / (one.sizes[:-1, None] + other.sizes[None, :-1] - cells)
    return jaccard.argmax(axis=1), jaccard.max(axis=1)


def _nested(one: _Coded, other: _Coded) -> NDArray[np.float64]:
    """For each topic the mean over its documents of the overlap coefficient of their topics in both labelings.

    The coefficient is that of Szymkiewicz and Simpson; it is 0 of documents that are noise in the other labeling.
    """
    cells, sizes = _cells(one, other), one.sizes[:-1, None]
    if not cells.size:
        return np.zeros(len(cells))
    overlap = cells / np.minimum(sizes, other.sizes[None, :-1])
    return np.asarray((cells / sizes * overlap).sum(axis=1))


def _seconds(pairs: Sequence[tuple[NDArray[Any], NDArray[Any]]]) -> list[NDArray[Any]]:
    """The second labeling of every pair, and of every pair turned round."""
    return [*(two for _, two in pairs), *(one for one, _ in pairs)]


def _alike(labels: NDArray[Any], neighbors: NDArray[np.integer]) -> NDArray[np.int64]:
    """Of each document the neighbors in its topic, and those in any; none of a document in noise. Shape (2, n_docs)."""
    near = neighbors[:, 1 : 1 + _N_NEIGHBORS]
    clustered = (labels[near] != NOISE) & (labels != NOISE)[:, None]
    return np.stack([((labels[near] == labels[:, None]) & clustered).sum(axis=1), clustered.sum(axis=1)])


def _with_neighbors(one: _Coded, alike: NDArray[np.int64]) -> NDArray[np.float64]:
    """For each topic the share of its documents' neighbors that are with them in the other labeling; 1 without any."""
    n = len(one.topics)
    same, every = (np.bincount(one.codes, weights=of, minlength=n + 1)[:n] for of in alike)
    return np.where(every > 0, same / np.maximum(every, 1), 1.0)
