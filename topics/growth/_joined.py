"""Old records, new documents and their topics → the records of all of them, with the old numbers."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from topics import label, neighbors
from topics._describe import describe, lay_out_map
from topics.config import RunConfig
from topics.graph import Runner, known
from topics.predict import freeze_assigner
from topics.records import METHODS, NOISE, Clusters, Corpus, Embeddings, Levels, Origin, Records, Topics

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from scipy.sparse import csr_array

STAGE, VERSION = "growth", 1


@dataclass(frozen=True, eq=False)
class Placed:
    """Topics of the documents of a joined corpus.

    Attributes
    ----------
    old : numpy.ndarray of int, shape (n_docs,)
        Row of each among the old documents; -1 of a new one.
    labels : numpy.ndarray of int32, shape (n_docs,)
        Topic of each.
    confidences : numpy.ndarray of float32, shape (n_docs,)
        Of each label.
    levels : dict
        Cluster of each at the other levels.
    reproducibility : tuple of float
        Of each topic that is new.
    """

    old: NDArray[np.int64]
    labels: NDArray[np.int32]
    confidences: NDArray[np.float32]
    levels: dict[str, NDArray[np.int32]]
    reproducibility: tuple[float, ...]


def joined_records(
    config: RunConfig,
    before: Records,
    *,
    corpus: Corpus,
    vectors: NDArray[np.float32],
    placed: Placed,
    runner: Runner,
    why: dict[str, Any],
) -> Records:
    """The records of all documents, described and scored anew.

    Parameters
    ----------
    config : RunConfig
        The run's.
    before : Records
        With the edits in effect.
    corpus : Corpus
        Of all documents.
    vectors : numpy.ndarray of float32, shape (n_docs, n_dims)
        Theirs.
    placed : Placed
        Their topics.
    runner : Runner
        That makes what is described.
    why : dict
        What was joined, for the key.
    """
    key, parents = corpus.corpus_key, (corpus.corpus_key, before.embeddings.origin.key, before.clusters.origin.key)
    had = before.embeddings
    seen = np.where(placed.old >= 0, had.seen[placed.old], np.nan)
    told = had.origin
    embeddings = Embeddings(
        key, vectors, seen, Origin(told.stage, told.version, told.parameters, parents, told.libraries, told.notes),
        had.lexical_weight,
    )  # fmt: skip
    placing = {**why, "placed": _digest(placed)}
    origin = Origin(STAGE, VERSION, placing, (*parents, before.levels.origin.key, embeddings.origin.key), {})
    clusters = _clusters(before.clusters, placed, key=key, origin=replace(origin, stage="cut"))
    levels = _levels(before, placed, clusters=clusters, origin=replace(origin, stage="levels"))
    near = runner.get(neighbors.find_neighbors(known(embeddings), config.neighbors))
    flat = runner.get(lay_out_map(config, known(embeddings), neighbors=known(near)))
    counts = runner.get(label.count(known(corpus), config.label))
    nodes = describe(
        config, known(corpus), embeddings=embeddings, levels=levels, clusters=clusters, counts=counts, layout=None
    )
    topics, scores = _labels_kept(before.topics, runner.get(nodes[0])), runner.get(nodes[2])
    made: list[Any] = [embeddings, near, levels, clusters, counts, topics, flat, scores]
    lexicon = None if before.lexicon is None else replace(before.lexicon, corpus_key=key)
    return Records(
        corpus, embeddings, levels, clusters, counts, topics, tuple(record.origin for record in made), map=flat,
        scores=scores, neighbors=near, assigner=freeze_assigner(embeddings, levels, clusters=clusters), lexicon=lexicon,
    )  # fmt: skip


def _digest(placed: Placed) -> str:
    """SHA-256 of where documents are: how they came there is not declared by a stage."""
    digest = hashlib.sha256()
    for array in (
        placed.old,
        placed.labels,
        placed.confidences,
        *(placed.levels[name] for name in sorted(placed.levels)),
    ):
        digest.update(np.ascontiguousarray(array).tobytes())
    digest.update(repr(placed.reproducibility).encode())
    return digest.hexdigest()


def _clusters(before: Clusters, placed: Placed, *, key: str, origin: Origin) -> Clusters:
    is_old, rows = placed.old >= 0, np.maximum(placed.old, 0)
    moved = is_old & (placed.labels != before.labels[rows])
    n = before.n_clusters + len(placed.reproducibility)
    fresh = ~is_old | moved
    method = np.where(placed.labels >= before.n_clusters, METHODS.index("cluster"), METHODS.index("centroid"))
    method = np.where(placed.labels == NOISE, METHODS.index("noise"), method)
    return Clusters(
        key, placed.labels, np.where(placed.labels == NOISE, 0.0, placed.confidences),
        np.where(fresh, placed.labels, before.original_labels[rows]), np.where(fresh, method, before.methods[rows]),
        placed.confidences, _membership(before.membership, placed, fresh=fresh, labels=placed.labels, n_columns=n),
        np.append(before.reproducibility, placed.reproducibility), before.level, before.min_cluster_size,
        before.min_samples, origin,
    )  # fmt: skip


def _membership(
    before: csr_array, placed: Placed, *, fresh: NDArray[np.bool_], labels: NDArray[np.int32], n_columns: int
) -> csr_array:
    """Memberships of old documents as they were, and those of fresh ones in their one cluster."""
    from scipy.sparse import csr_array

    n = len(labels)
    kept = np.flatnonzero(~fresh)
    old = csr_array(before[placed.old[kept]]).tocoo()
    given = np.flatnonzero(fresh & (labels != NOISE))
    rows, columns = np.append(kept[old.row], given), np.append(old.col, labels[given])
    values = np.append(old.data, np.ones(len(given)))
    return csr_array((values.astype(np.float32), (rows, columns)), shape=(n, n_columns))


def _levels(before: Records, placed: Placed, *, clusters: Clusters, origin: Origin) -> Levels:
    """The levels with the new documents; the chosen one has the topics as they are now, edits and new ones too."""
    import pyarrow as pa
    from scipy.sparse import coo_array, vstack

    had, n_old, is_old, rows = before.levels, len(before.clusters.labels), placed.old >= 0, np.maximum(placed.old, 0)
    chosen = had.names.index(clusters.level)
    table = had.table.to_pylist()
    labels, confidences, parts = [], [], []
    for i, name in enumerate(had.names):
        if i == chosen:
            labels.append(clusters.original_labels)
            confidences.append(clusters.confidences)
            parts.append(clusters.membership)
            _as_now(table[i], had.labels[i], before=before.clusters, clusters=clusters)
            continue
        own = np.where(is_old, had.labels[i][rows], placed.levels[name]).astype(np.int32)
        labels.append(own)
        confidences.append(np.where(is_old, had.confidences[i][rows], (own != NOISE).astype(np.float32)))
        of_level = had.membership[i * n_old : (i + 1) * n_old]
        parts.append(_membership(of_level, placed, fresh=~is_old, labels=own, n_columns=had.membership.shape[1]))
    for row, own in zip(table, labels, strict=True):
        row["noise_share"] = float(np.mean(own == NOISE))
    width = max(part.shape[1] for part in parts)
    wide = [coo_array((c.data, (c.row, c.col)), shape=(c.shape[0], width)) for c in (p.tocoo() for p in parts)]
    stacked = vstack(wide, format="csr").astype(np.float32)
    return replace(
        had, corpus_key=clusters.corpus_key, table=pa.Table.from_pylist(table, schema=had.table.schema),
        labels=np.array(labels), confidences=np.array(confidences), membership=stacked, origin=origin,
    )  # fmt: skip


def _as_now(row: dict[str, Any], labels: NDArray[np.int32], *, before: Clusters, clusters: Clusters) -> None:
    """What the table says of the chosen level, in the numbers that its topics have; of a new topic nothing is known."""
    own = before.labels
    for name in ("seed_reproducibility", "jaccard"):
        had = np.array([np.nan if value is None else value for value in row[name]] + [np.nan])
        values = []
        for topic in range(clusters.n_clusters):
            inside = labels[(own == topic) & (labels != NOISE)]
            values.append(float(had[np.bincount(inside).argmax()]) if len(inside) else float("nan"))
        row[name] = values
    row["reproducibility"] = clusters.reproducibility.astype(float).tolist()
    row["n_clusters"] = clusters.n_clusters


def _labels_kept(before: Topics, now: Topics) -> Topics:
    """The topics under the labels that they had; terms are those of all their documents."""
    import pyarrow as pa

    had = dict(zip(before.table["topic"].to_pylist(), before.table["label"].to_pylist(), strict=True))
    labels = [
        had.get(topic, own)
        for topic, own in zip(now.table["topic"].to_pylist(), now.table["label"].to_pylist(), strict=True)
    ]
    table = now.table.set_column(now.table.column_names.index("label"), "label", pa.array(labels, pa.string()))
    told = now.origin
    origin = replace(told, parameters={**told.parameters, "labels": labels})
    return replace(now, table=table, origin=origin)
