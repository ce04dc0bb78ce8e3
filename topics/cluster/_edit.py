"""Clusters → Clusters: a hand's corrections, each a new record that remembers its parent; undo is keeping the parent.

Topics are numbered by size again after every edit; the new record's notes say which number became which.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from topics._say import count
from topics.cluster._consensus import largest, overlap
from topics.cluster._tree_cuts import order_by_size
from topics.errors import InputError
from topics.records import METHODS, NOISE, Clusters, Levels, Origin, check_same_corpus, library_versions

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from scipy.sparse import coo_array, csr_array

STAGE = "edit"
VERSION = 1

_HAIR = 1e-6
_METHOD = {name: number for number, name in enumerate(METHODS)}


def merge(clusters: Clusters, topics: Collection[int]) -> Clusters:
    """The clusters with several of them made one.

    A document's membership in the whole is the sum of its memberships in the parts, but never more than that in its
    own topic, so that its label remains the largest.

    Parameters
    ----------
    clusters : Clusters
        The parent.
    topics : collection of int
        Two topics or more.

    Raises
    ------
    ValueError
        If there are fewer than two, or one of them does not exist.
    """
    parts = sorted({_known(clusters, topic) for topic in topics})
    if len(parts) < 2:
        raise InputError(f"expected two topics or more to merge, got {list(topics)!r}")
    new = np.arange(clusters.n_clusters)
    new[parts] = parts[0]
    labels = _renumbered(new, clusters.labels)
    entries = clusters.membership.tocoo()
    membership = _sparse(entries, (entries.row, new[entries.col]), clusters.membership.shape)
    reproducibility = np.array(clusters.reproducibility)
    reproducibility[parts] = np.nan
    return _record(
        clusters, {"merge": parts}, [parts[0]], labels=labels, original=_renumbered(new, clusters.original_labels),
        membership=membership, reproducibility=reproducibility,
    )  # fmt: skip


def split(clusters: Clusters, topic: int, *, levels: Levels) -> Clusters:
    """The clusters with one of them taken apart into those of the next finer level.

    Its documents that are noise there and have no neighbors in any of its parts become noise.

    Parameters
    ----------
    clusters : Clusters
        The parent.
    topic : int
        What is taken apart.
    levels : Levels
        Of the same corpus.

    Raises
    ------
    ValueError
        If there is no such topic, no finer level, or fewer than two finer clusters in it.
    """
    check_same_corpus(clusters, levels)
    topic = _known(clusters, topic)
    place = levels.names.index(clusters.level) - 1 if clusters.level in levels.names else -1
    if place < 0:
        raise InputError(f"topic {topic} cannot be split: {clusters.level!r} is the finest level that was found")
    n_docs, inside = len(clusters.labels), clusters.labels == topic
    finer = levels.labels[place]
    shared, _ = overlap(finer, np.where(inside, 0, 1).astype(np.int32), n_clusters=2)
    parts = np.flatnonzero(shared[:, 0] > shared.sum(axis=1) / 2)
    if len(parts) < 2:
        raise InputError(
            f"topic {topic} cannot be split: {len(parts)} cluster of level {levels.names[place]!r} lies in it"
        )
    number = np.full(int(finer.max(initial=NOISE)) + 2, NOISE)
    number[parts] = clusters.n_clusters + np.arange(len(parts))
    rows = levels.membership[place * n_docs : (place + 1) * n_docs, :].tocoo()
    within = inside[rows.row] & (number[rows.col] != NOISE)
    shape = (n_docs, clusters.n_clusters + len(parts))
    below = _sparse(rows, (rows.row[within], number[rows.col[within]]), shape, rows.data[within])
    voted, _ = largest(below)
    own = np.where(number[finer] == NOISE, voted, number[finer])  # its cluster, or that of most of its membership
    labels = np.where(inside, own, clusters.labels).astype(np.int32)
    entries = clusters.membership.tocoo()
    kept = ~inside[entries.row] & (entries.col != topic)
    above = _sparse(entries, (entries.row[kept], entries.col[kept]), shape, entries.data[kept])
    original = np.where(inside, number[finer], clusters.original_labels)
    came = np.select(
        [labels == NOISE, number[finer] == NOISE], [_METHOD["noise"], _METHOD["neighbors"]], _METHOD["cluster"]
    )
    reproducibility = np.asarray(levels.table.column("reproducibility")[place].as_py())[parts]
    return _record(
        clusters,
        {"split": topic},
        list(range(clusters.n_clusters, clusters.n_clusters + len(parts))),
        labels=labels,
        original=np.where(original == topic, NOISE, original),
        membership=above + below,
        methods=np.where(inside, came, clusters.methods),
        confidences=np.where(inside, levels.confidences[place], clusters.confidences),
        reproducibility=np.append(clusters.reproducibility, reproducibility),
        others=(levels.origin.key,),
    )


def move(clusters: Clusters, documents: Collection[int], *, to: int) -> Clusters:
    """The clusters with documents put into one of them, or into none.

    Parameters
    ----------
    clusters : Clusters
        The parent.
    documents : collection of int, or of bool of shape (n_docs,)
        Rows of the corpus's documents, or a mask of them.
    to : int
        A topic, or ``NOISE``.

    Raises
    ------
    ValueError
        If there is no such topic, or no such row.
    """
    to = NOISE if to == NOISE else _known(clusters, to)
    places = np.asarray(list(documents))
    n_docs = len(clusters.labels)
    if places.dtype == bool and len(places) == n_docs:
        places = np.flatnonzero(places)
    elif not np.issubdtype(places.dtype, np.integer):
        raise InputError(f"expected rows of documents or a mask of {n_docs}, got {list(documents)[:10]!r}")
    rows = np.unique(places.astype(np.int64))
    if not len(rows) or rows[0] < 0 or rows[-1] >= n_docs:
        raise InputError(f"expected rows of documents from 0 to {n_docs - 1}, got {list(documents)[:10]!r}")
    labels, methods, confidences = map(np.array, (clusters.labels, clusters.methods, clusters.confidences))
    labels[rows], methods[rows], confidences[rows] = to, _METHOD["edit"], 1.0
    entries = clusters.membership.tocoo()
    kept = ~np.isin(entries.row, rows)
    given = rows if to != NOISE else rows[:0]
    membership = _sparse(
        entries,
        (np.append(entries.row[kept], given), np.append(entries.col[kept], np.full(len(given), to))),
        clusters.membership.shape,
        np.append(entries.data[kept], np.ones(len(given))),
    )
    what = {"move": rows.tolist(), "to": to}
    made = [] if to == NOISE else [to]
    return _record(clusters, what, made, labels=labels, membership=membership, methods=methods, confidences=confidences)


def drop(clusters: Clusters, topic: int) -> Clusters:
    """The clusters without one of them, whose documents become noise.

    Parameters
    ----------
    clusters : Clusters
        The parent.
    topic : int
        What is dropped.

    Raises
    ------
    ValueError
        If there is no such topic.
    """
    topic = _known(clusters, topic)
    gone = clusters.labels == topic
    entries = clusters.membership.tocoo()
    kept = ~gone[entries.row] & (entries.col != topic)
    membership = _sparse(entries, (entries.row[kept], entries.col[kept]), clusters.membership.shape, entries.data[kept])
    return _record(
        clusters,
        {"drop": topic},
        [],
        labels=np.where(gone, NOISE, clusters.labels),
        original=np.where(clusters.original_labels == topic, NOISE, clusters.original_labels),
        membership=membership,
        methods=np.where(gone, _METHOD["edit"], clusters.methods),
    )


def _known(clusters: Clusters, topic: int) -> int:
    if not 0 <= topic < clusters.n_clusters:
        raise InputError(f"there is no topic {topic!r}: topics are 0 to {clusters.n_clusters - 1}")
    return int(topic)


def _renumbered(new: NDArray[np.int64], labels: NDArray[np.int32]) -> NDArray[np.int32]:
    """The new number of each label; noise stays noise."""
    return np.append(new, NOISE)[np.where(labels >= 0, labels, len(new))].astype(np.int32)


def _sparse(
    entries: coo_array, places: tuple[Any, Any], shape: tuple[int, int], values: NDArray[Any] | None = None
) -> csr_array:
    from scipy.sparse import csr_array

    data = entries.data if values is None else values
    return csr_array((np.asarray(data, dtype=np.float64), places), shape=shape)


def _record(
    parent: Clusters,
    what: Mapping[str, Any],
    made: list[int],
    *,
    labels: NDArray[Any],
    membership: csr_array,
    original: NDArray[Any] | None = None,
    methods: NDArray[Any] | None = None,
    confidences: NDArray[Any] | None = None,
    reproducibility: NDArray[Any] | None = None,
    others: tuple[str, ...] = (),
) -> Clusters:
    """The new record: topics numbered by size, empty ones gone, the label the largest membership of each row.

    What is None is the parent's; topics are numbered as in the parent, new ones after them.
    """
    new = np.full(membership.shape[1], NOISE)
    order = order_by_size(labels)[:-1]
    new[: len(order)] = order
    numbers = _renumbered(new, labels)
    n_clusters = int(numbers.max(initial=NOISE)) + 1
    entries = membership.tocoo()
    kept = (new[entries.col] != NOISE) & (numbers[entries.row] != NOISE)
    rows, columns, values = entries.row[kept], new[entries.col[kept]], entries.data[kept]
    is_own = columns == numbers[rows]
    own = np.zeros(len(labels))
    own[rows[is_own]] = values[is_own]
    bare = np.flatnonzero((numbers != NOISE) & (own == 0))  # in a topic in which they had no membership
    own[bare] = _HAIR
    values = np.where(is_own, values, np.minimum(values, own[rows] * (1 - _HAIR)))
    places = (np.append(rows, bare), np.append(columns, numbers[bare]))
    whole = _sparse(entries, places, (len(labels), n_clusters), np.append(values, own[bare])).astype(np.float32)
    whole.sort_indices()
    sure = parent.confidences if confidences is None else confidences
    repeated = parent.reproducibility if reproducibility is None else reproducibility
    present = np.flatnonzero(new != NOISE)
    again = np.empty(n_clusters, dtype=np.float32)
    again[new[present]] = repeated[present]
    origin = Origin(STAGE, VERSION, dict(what), (parent.origin.key, *others), library_versions("numpy", "scipy"))
    return replace(
        parent,
        labels=numbers,
        strengths=np.where(numbers == NOISE, 0.0, sure),
        original_labels=_renumbered(new, parent.original_labels if original is None else original),
        methods=parent.methods if methods is None else methods,
        confidences=sure,
        membership=whole,
        reproducibility=again,
        origin=replace(origin, notes=(*parent.origin.notes, _say(what, [int(new[topic]) for topic in made]))),
    )


def _say(what: Mapping[str, Any], made: list[int]) -> str:
    now = f"; now {'topic' if len(made) == 1 else 'topics'} {', '.join(map(str, sorted(made)))}" if made else ""
    if "merge" in what:
        return f"by hand: topics {', '.join(map(str, what['merge']))} merged{now}"
    if "split" in what:
        return f"by hand: topic {what['split']} split{now}"
    if "drop" in what:
        return f"by hand: topic {what['drop']} dropped"
    target = "noise" if what["to"] == NOISE else f"topic {what['to']}"
    return f"by hand: {count(len(what['move']), 'document')} moved to {target}{now}"
