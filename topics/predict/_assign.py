"""Vectors of new documents → their topics, row by row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from topics._blocks import map_blocks
from topics._exact import ROWS, exponential, logarithm, whole
from topics.errors import InputError
from topics.predict._density import Densities, Kernels
from topics.predict._freeze import _OF_CLUSTER, counts_of, fingerprints
from topics.records import NOISE, Assigner, Clusters, Levels

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from scipy.sparse import csr_array

# A logistic function, fitted to whether a document held out of a fit on 80 % of ten labeled corpora of equal weight, up
# to six draws each, has the topic that a fit on all gives it: of the log odds of its share, and of the confidence of
# the topic's documents around it. With each corpus left out in turn the calibration error is .058 a corpus and .019 of
# all together; the density around it and the stability of the level added nothing.
_WEIGHTS, _CONSTANT = (0.19, 1.31), 0.04
_SHARE_EDGE, _CONFIDENCE_EDGE = 0.01, 0.02  # not tuned: they keep log odds finite
_MIN_SHARE = 0.01  # not tuned: memberships below are left out
_BLOCK_ROWS = 4096  # not tuned: bounds memory


@dataclass(frozen=True, eq=False)
class Assigned:
    """The topics of some documents.

    Attributes
    ----------
    labels : numpy.ndarray of int32, shape (n,)
        Topic of each; ``NOISE`` for a document that is like none of any topic, or like noise.
    confidences : numpy.ndarray of float32, shape (n,)
        Chance that a fit with the document gives it this topic, in [0, 1]; 0 for noise.
    known : numpy.ndarray of int64, shape (n,)
        Row of the training document that it is; -1 for a new one. A known document has its label and confidence.
    levels : Mapping
        For each other level the cluster of each document, ``NOISE`` likewise, by the level's name.
    membership : scipy.sparse.csr_array of float32, shape (n, n_topics)
        Share of each topic in the density around the document; rows sum to at most 1, those of noise are empty. The
        largest of a row is its label.
    """

    labels: NDArray[np.int32]
    confidences: NDArray[np.float32]
    known: NDArray[np.int64]
    levels: Mapping[str, NDArray[np.int32]] = field(default_factory=dict)
    membership: csr_array | None = None


@dataclass(frozen=True, eq=False)
class _Set:
    """One set of clusters, ready to be asked."""

    kernels: Kernels
    labels: NDArray[np.int32]
    density: NDArray[np.float64]
    lowest: float


class Predictor:
    """Assigns new documents to a run's topics by their vectors, alone or in batches of any size and order.

    Parameters
    ----------
    assigner : Assigner
        Frozen when the topics were fitted.
    levels : Levels
        Of the run.
    clusters : Clusters
        The run's topics, which may have been edited since.
    novelty : Assigner or None
        Of a hybrid's semantic part, which tells what is new; None leaves that to the vectors themselves.

    Raises
    ------
    ValueError
        If they belong to different corpora.
    """

    def __init__(
        self, assigner: Assigner, levels: Levels, *, clusters: Clusters, novelty: Assigner | None = None
    ) -> None:
        from topics.records import check_same_corpus

        check_same_corpus(levels, clusters)
        if assigner.corpus_key != clusters.corpus_key:
            raise InputError("expected the assigner of these clusters, got that of another corpus")
        self.n_dims = int(assigner.prototypes.shape[1])
        self.n_topics = clusters.n_clusters
        self.levels = tuple(name for name in assigner.sets if name)
        self._clusters = clusters
        self._sets: dict[str, _Set] = {}
        for i, name in enumerate(assigner.sets):
            place = None if name == "" else levels.names.index(name)
            labels = clusters.labels if place is None else levels.labels[place]
            confidences = clusters.confidences if place is None else levels.confidences[place]
            self._sets[name] = _set_of(assigner, i, labels=labels, confidences=confidences)
        self._plain: _Set | None = None
        if novelty is not None and novelty.sets:
            every = np.zeros(len(clusters.labels))
            self._plain = _set_of(novelty, 0, labels=every.astype(np.int32), confidences=every)
        self._order = np.argsort(assigner.known, kind="stable")
        self._known = assigner.known[self._order]

    def assign(self, vectors: NDArray[np.float32], *, plain: NDArray[np.float32] | None = None) -> Assigned:
        """Topic, confidence, levels and membership of each vector; a row's do not depend on the others.

        Parameters
        ----------
        vectors : numpy.ndarray of float32, shape (n, n_dims)
            Unit vectors from the run's encoder.
        plain : numpy.ndarray of float32, shape (n, any), or None
            Of a hybrid the semantic part of each, from :func:`topics.embed.embed_new`; None where it is not known.

        Raises
        ------
        ValueError
            If they have other dimensions than the run's.
        """
        if vectors.ndim != 2 or vectors.shape[1] != self.n_dims:
            raise InputError(
                f"expected vectors of {self.n_dims} dimensions as the run's, got shape {vectors.shape}: take those of "
                "the encoder that the run was made with"
            )

        def block(start: int, stop: int) -> Assigned:
            return self._block(vectors[start:stop], None if plain is None else plain[start:stop])

        return joined(list(map_blocks(block, len(vectors), _BLOCK_ROWS)) or [block(0, 0)])

    def at_known(self, rows: NDArray[np.int64]) -> Assigned:
        """What the run says of training documents.

        Parameters
        ----------
        rows : numpy.ndarray of int64, shape (n,)
            Their rows.
        """
        from scipy.sparse import csr_array

        own = self._clusters
        levels = {name: one.labels[rows] for name, one in self._sets.items() if name}
        membership = csr_array(own.membership[rows], dtype=np.float32)
        return Assigned(own.labels[rows], own.strengths[rows], rows, levels, membership)

    def _block(self, vectors: NDArray[np.float32], plain: NDArray[np.float32] | None) -> Assigned:
        known = self._rows_of(vectors)
        rows = whole(vectors, ROWS)
        is_new = None
        if plain is not None and self._plain is not None and len(rows):
            is_new = _like_none(self._plain, self._plain.kernels.at(whole(plain, ROWS)))
        labels, confidences, membership = _ask(self._sets[""], rows, is_new=is_new)
        levels = {name: _ask(one, rows, is_new=is_new)[0] for name, one in self._sets.items() if name}
        made = Assigned(labels, confidences, known, levels, membership)
        places = np.flatnonzero(known >= 0)
        return replaced(made, places, by=self.at_known(known[places])) if len(places) else made

    def _rows_of(self, vectors: NDArray[np.float32]) -> NDArray[np.int64]:
        """Row of the training document with each vector, the first of equal ones; -1 of a new one."""
        wanted = fingerprints(vectors)
        if not len(self._known):
            return np.full(len(wanted), -1, dtype=np.int64)
        places = np.minimum(np.searchsorted(self._known, wanted), len(self._known) - 1)
        return np.where(self._known[places] == wanted, self._order[places], -1).astype(np.int64)


def joined(parts: list[Assigned]) -> Assigned:
    """Assignments one after the other.

    Parameters
    ----------
    parts : list of Assigned
        At least one, of one predictor.
    """
    from scipy.sparse import csr_array, vstack

    levels = {name: np.concatenate([part.levels[name] for part in parts]) for name in parts[0].levels}
    return Assigned(
        np.concatenate([part.labels for part in parts]),
        np.concatenate([part.confidences for part in parts]),
        np.concatenate([part.known for part in parts]),
        levels,
        csr_array(vstack([part.membership for part in parts])),
    )


def replaced(made: Assigned, places: NDArray[np.intp], *, by: Assigned) -> Assigned:
    """An assignment with some of its rows taken from another.

    Parameters
    ----------
    made : Assigned
        Of all documents.
    places : numpy.ndarray of int, shape (n,)
        Of the rows to replace.
    by : Assigned
        One row for each place.
    """
    from scipy.sparse import csr_array, vstack

    order = np.arange(len(made.labels))
    order[places] = len(order) + np.arange(len(places))
    both = joined([made, by])
    levels = {name: labels[order] for name, labels in both.levels.items()}
    membership = csr_array(vstack([made.membership, by.membership]).tocsr()[order])
    return Assigned(both.labels[order], both.confidences[order], both.known[order], levels, membership)


def _set_of(assigner: Assigner, i: int, *, labels: NDArray[np.int32], confidences: NDArray[np.floating]) -> _Set:
    """One set of an assigner, with the topics that its documents have now."""
    here = np.flatnonzero(assigner.set_of == i)
    cells = assigner.cells[i] - (int(here[0]) if len(here) else 0)
    n_topics = int(labels.max(initial=NOISE)) + 1
    weights = counts_of(cells, labels, n_prototypes=len(here), n_topics=n_topics)
    sure = counts_of(cells, labels, n_prototypes=len(here), n_topics=n_topics, weights=confidences)
    kernels = Kernels(assigner.prototypes[here], assigner.cluster_of[here], weights, sure=sure)
    return _Set(kernels, labels, assigner.density[here], float(assigner.spread[i, 2]))


def _like_none(one: _Set, found: Densities) -> NDArray[np.bool_]:
    """Whether less densely than most of the run's documents lie other ones around each row."""
    return np.asarray(logarithm(found.total) - _OF_CLUSTER * one.density[found.nearest] < one.lowest)


def _ask(
    one: _Set, rows: NDArray[np.float64], *, is_new: NDArray[np.bool_] | None
) -> tuple[NDArray[np.int32], NDArray[np.float32], csr_array]:
    """Label, confidence and membership of each row in one set of clusters."""
    from scipy.sparse import csr_array

    n_topics = one.kernels.n_columns - 1
    if not n_topics or not len(rows):
        none = np.full(len(rows), NOISE, dtype=np.int32)
        return none, np.zeros(len(rows), dtype=np.float32), csr_array((len(rows), n_topics), dtype=np.float32)
    found = one.kernels.at(rows)
    total = found.of_topic[:, -1].copy()
    for topic in range(n_topics):
        total += found.of_topic[:, topic]
    total = np.maximum(total, np.finfo(np.float64).tiny)
    top = found.of_topic[:, :-1].argmax(axis=1)
    places = np.arange(len(rows))
    there = found.of_topic[places, top]
    is_noise = (_like_none(one, found) if is_new is None else is_new) | (found.of_topic[:, -1] > there)
    share, sure = there / total, found.sure[places, top] / np.maximum(there, np.finfo(np.float64).tiny)
    odds = _CONSTANT + _WEIGHTS[0] * _log_odds(share, _SHARE_EDGE) + _WEIGHTS[1] * _log_odds(sure, _CONFIDENCE_EDGE)
    chance = 1.0 / (1.0 + exponential(-odds))
    labels = np.where(is_noise, NOISE, top).astype(np.int32)
    shares = found.of_topic[:, :-1] / total[:, None]
    shares[is_noise] = 0.0
    shares[(shares < _MIN_SHARE) & (np.arange(n_topics) != top[:, None])] = 0.0
    return labels, np.where(is_noise, 0.0, chance).astype(np.float32), csr_array(shares.astype(np.float32))


def _log_odds(share: NDArray[np.float64], edge: float) -> NDArray[np.float64]:
    return logarithm((share + edge) / (1.0 + edge - share))
