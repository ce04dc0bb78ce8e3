"""Levels → Clusters: the clusters of the requested level, with its noise kept or assigned to topics."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from topics._say import count, percent, verb
from topics.cluster._consensus import largest
from topics.cluster._islands import find_islands, islands_note
from topics.cluster._labelings import centroids, nearest
from topics.cluster._level_note import level_note
from topics.cluster._tree import LIBRARIES, MIN_TO_CLUSTER
from topics.cluster._tree_cuts import order_by_size
from topics.config import ClusterParams
from topics.errors import InputError
from topics.graph import stage
from topics.records import METHODS, NOISE, Clusters, Corpus, Embeddings, Levels, Origin

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from scipy.sparse import csr_array

VERSION = 4

_TIE_MARGIN = 1e-6  # not tuned: relative, above the resolution of float32 and below any difference that matters


@stage(
    "cut", Clusters, version=VERSION, reads=("level", "noise", "min_confidence"), libraries=LIBRARIES,
    determinism="bytes",
)  # fmt: skip
def cut(origin: Origin, levels: Levels, corpus: Corpus, *, embeddings: Embeddings, params: ClusterParams) -> Clusters:
    """The clusters of one level, numbered by size, and how each document got its label.

    Parameters
    ----------
    levels : Levels
        All levels of the corpus.
    corpus : Corpus
        The documents, for the notes.
    embeddings : Embeddings
        Unit vectors; noise that must be assigned goes to the nearest centroid if no neighbor votes.
    params : ClusterParams
        ``level``, ``noise`` and ``min_confidence`` are used.

    Raises
    ------
    ValueError
        If the levels belong to another corpus, or there is no level of that name.
    """
    if not levels.table.num_rows:
        return _without_levels(levels, corpus, origin)
    place = _choose(levels, params.level)
    chosen = () if params.min_cluster_size != "auto" else (level_note(levels, place, wanted=params.level),)
    n_docs = corpus.n_docs
    row = levels.table.slice(place, 1).to_pylist()[0]
    original, confidences = levels.labels[place], np.array(levels.confidences[place])
    membership = levels.membership[place * n_docs : (place + 1) * n_docs, : row["n_clusters"]]
    labels, methods = _assign_noise(original, confidences, membership, embeddings, params)
    new = order_by_size(labels)
    membership = _renumber(membership, new, labels, methods)
    labels, original = new[labels], new[original]
    named = isinstance(params.level, str) and params.level != "auto"  # a level requested by name needs no note
    islands = [] if named else find_islands(levels, labels, place=place, embeddings=embeddings)
    reproducibility = np.empty(row["n_clusters"], dtype=np.float32)
    reproducibility[new[: row["n_clusters"]]] = row["reproducibility"]
    return Clusters(
        levels.corpus_key,
        labels,
        np.where(labels == NOISE, 0.0, confidences),
        original,
        methods,
        confidences,
        membership,
        reproducibility,
        row["level"],
        row["min_cluster_size"],
        levels.min_samples,
        replace(origin, notes=(*chosen, *_notes(original, labels), *islands_note(islands, corpus))),
    )


def _choose(levels: Levels, wanted: int | str) -> int:
    if isinstance(wanted, int) or wanted == "auto":
        return int(levels.table.column("preferred").to_pylist().index(True))
    if wanted in ("finest", "coarsest"):
        return 0 if wanted == "finest" else levels.table.num_rows - 1
    if wanted not in levels.names:
        raise InputError(
            f"cluster.level: there is no level {wanted!r} in these documents; expected one of "
            f"{', '.join(map(repr, levels.names))}, auto, finest, coarsest, or a number of clusters"
        )
    return levels.names.index(wanted)


def _assign_noise(
    original: NDArray[np.int32],
    confidences: NDArray[np.float32],
    membership: csr_array,
    embeddings: Embeddings,
    params: ClusterParams,
) -> tuple[NDArray[np.int32], NDArray[np.int8]]:
    """Labels after noise was assigned, and the method of each; sets confidences to 0 where a centroid decided."""
    labels = np.array(original)
    methods = np.where(labels == NOISE, METHODS.index("noise"), METHODS.index("cluster")).astype(np.int8)
    noise = labels == NOISE
    if params.noise == "keep" or not noise.any():
        return labels, methods
    voted, _ = largest(membership)
    sure = noise & (voted != NOISE)
    if params.noise == "assign_confident":
        sure &= confidences >= params.min_confidence
    labels[sure], methods[sure] = voted[sure], METHODS.index("neighbors")
    left = np.flatnonzero(labels == NOISE)
    if params.noise == "assign" and len(left):
        labels[left] = nearest(centroids(embeddings.vectors, labels), embeddings.vectors[left])
        methods[left], confidences[left] = METHODS.index("centroid"), 0.0
    return labels, methods


def _renumber(
    membership: csr_array, new: NDArray[np.int32], labels: NDArray[np.int32], methods: NDArray[np.int8]
) -> csr_array:
    """The membership in the new numbers: empty for noise, all in one topic where a centroid decided.

    Other entries are kept slightly below that of a document's label, so that ties do not hide the label.
    """
    from scipy.sparse import csr_array

    entries = membership.tocoo()
    by_centroid = methods == METHODS.index("centroid")
    kept = (labels[entries.row] != NOISE) & ~by_centroid[entries.row]
    assigned = np.flatnonzero(by_centroid)
    rows = np.concatenate([entries.row[kept], assigned])
    columns = np.concatenate([new[entries.col[kept]], new[labels[assigned]]])
    values = np.concatenate([entries.data[kept], np.ones(len(assigned), dtype=np.float32)])
    is_own = columns == new[labels[rows]]
    own = np.zeros(membership.shape[0], dtype=np.float32)
    own[rows[is_own]] = values[is_own]
    values = np.where(is_own, values, np.minimum(values, own[rows] * np.float32(1 - _TIE_MARGIN)))
    renumbered = csr_array((values, (rows, columns)), shape=membership.shape, dtype=np.float32)
    renumbered.sort_indices()
    return renumbered


def _notes(original: NDArray[np.int32], labels: NDArray[np.int32]) -> tuple[str, ...]:
    n_noise, n_left = int((original == NOISE).sum()), int((labels == NOISE).sum())
    if n_noise == n_left:
        return ()
    n_moved = n_noise - n_left
    return (
        f"{count(n_noise, 'document')} ({percent(n_noise / len(labels), digits=1)}) "
        f"{verb(n_noise, 'was', 'were')} in no cluster: {n_moved} {verb(n_moved, 'was', 'were')} assigned to a "
        f"topic, {n_left} {verb(n_left, 'is', 'are')} noise",
    )


def _without_levels(levels: Levels, corpus: Corpus, origin: Origin) -> Clusters:
    """All noise, with the reason; or one group if all articles have the same text."""
    from scipy.sparse import csr_array

    n_docs, n_copies = corpus.n_docs, corpus.copies.num_rows
    alike = n_docs == 1 and n_copies > 0
    if alike:
        note = f"all {n_copies + 1} articles have the same text: one group, reported as one topic"
    elif n_docs < MIN_TO_CLUSTER:
        what = "1 document" if n_docs == 1 else f"{n_docs} distinct documents"
        note = (
            "1 document: nothing to cluster"
            if n_docs == 1
            else f"{what}: too few to cluster, at least {MIN_TO_CLUSTER} are needed"
        )
    else:
        sizes = levels.scan.column("min_cluster_size").to_pylist()
        size = f"of at least {sizes[0]} " if sizes else ""
        note = (
            f"{count(n_docs, 'document')}: no two clusters {size}stand out; all are noise. "
            "Lower cluster.min_cluster_size to look for smaller clusters"
        )
    labels = np.full(n_docs, 0 if alike else NOISE, dtype=np.int32)
    sure = np.full(n_docs, float(alike))
    methods = np.full(n_docs, METHODS.index("cluster" if alike else "noise"), dtype=np.int8)
    membership = csr_array(np.ones((n_docs, 1)) if alike else (n_docs, 0), dtype=np.float32)
    return Clusters(
        levels.corpus_key, labels, sure, labels, methods, sure, membership,
        np.ones(int(alike), dtype=np.float32), "topic", 1, levels.min_samples, replace(origin, notes=(note,)),
    )  # fmt: skip
