"""What a run's folder keeps beside its stages' records: exemplars' vectors, and what stands in no other file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from topics._say import count
from topics.records import NOISE, Clusters, Embeddings, Levels, Origin, Records, library_versions
from topics.records._bundle import Exemplars

if TYPE_CHECKING:
    import pyarrow as pa
    from numpy.typing import NDArray

STAGE = "exemplars"
VERSION = 1
_N_EXEMPLARS = 32  # of a cluster


def find_exemplars(embeddings: Embeddings, levels: Levels, *, clusters: Clusters) -> Exemplars:
    """Up to 32 documents of each cluster, of the finest level and of that of the run, and of noise.

    They are spread evenly over the cluster, from the document nearest to its middle to the farthest.

    Parameters
    ----------
    embeddings : Embeddings
        Vectors of all documents.
    levels : Levels
        Whose finest is taken.
    clusters : Clusters
        Those of the run.
    """
    chosen = [_spread(embeddings.vectors, labels) for labels in (*levels.labels[:1], clusters.labels)]
    rows = np.unique(np.concatenate(chosen))
    origin = Origin(
        STAGE,
        VERSION,
        {"n_exemplars": _N_EXEMPLARS},
        (embeddings.origin.key, levels.origin.key, clusters.origin.key),
        library_versions("numpy"),
    )
    return Exemplars(embeddings.corpus_key, rows, embeddings.vectors[rows], embeddings.lexical_weight, origin)


def _spread(vectors: NDArray[np.float32], labels: NDArray[np.int32]) -> NDArray[np.int64]:
    """Rows of every cluster's exemplars, noise a cluster too."""
    order = np.argsort(labels, kind="stable")
    starts = np.flatnonzero(np.diff(labels[order], prepend=labels.min(initial=NOISE) - 1))
    chosen: list[NDArray[np.int64]] = [np.zeros(0, dtype=np.int64)]
    for rows in np.split(order, starts[1:]) if len(order) else []:
        own = vectors[rows].astype(np.float64)
        closeness = np.round(own @ own.mean(axis=0), 6)  # as every CPU's sums have it
        ranked = rows[np.lexsort((rows, -closeness))]
        places = np.linspace(0, len(ranked) - 1, min(_N_EXEMPLARS, len(ranked))).astype(np.int64)
        chosen.append(ranked[places].astype(np.int64))
    return np.concatenate(chosen)


def stand_ins(exemplars: Exemplars, levels: Levels, *, clusters: Clusters) -> Embeddings:
    """Vectors for all documents: an exemplar's own, and for the others the mean of their cluster's exemplars.

    Parameters
    ----------
    exemplars : Exemplars
        As :func:`find_exemplars` gave them.
    levels : Levels
        Whose finest clusters are taken; for documents in none, those of the run.
    clusters : Clusters
        Those of the run, as they were fitted.
    """
    n_docs = len(clusters.labels)
    vectors = np.tile(_mean(exemplars.vectors), (n_docs, 1))
    for labels in (clusters.labels, *levels.labels[:1]):
        of_exemplars = labels[exemplars.rows]
        for cluster in np.unique(of_exemplars[of_exemplars != NOISE]):
            vectors[labels == cluster] = _mean(exemplars.vectors[of_exemplars == cluster])
    vectors[exemplars.rows] = exemplars.vectors
    note = (
        f"the vectors of {len(exemplars.rows):,} of {count(n_docs, 'document')} are kept with this run, and for each "
        "of the others stands the mean of its cluster's: terms and evidence of what is edited may differ from those by "
        "all vectors"
    )
    notes = (note,) if len(exemplars.rows) < n_docs else ()
    origin = Origin("stand_ins", VERSION, {}, (exemplars.origin.key,), library_versions("numpy"), notes)
    seen = np.full(n_docs, np.nan)
    return Embeddings(exemplars.corpus_key, vectors, seen, origin, exemplars.lexical_weight)


def _mean(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """Unit mean vector; zeros of none."""
    whole = vectors.astype(np.float64).sum(axis=0)
    unit: NDArray[np.float32] = (whole / max(float(np.linalg.norm(whole)), np.finfo(np.float64).tiny)).astype(
        np.float32
    )
    return unit


@dataclass(frozen=True, eq=False)
class Remainder:
    """What of the records is in no result file and no other record.

    Attributes
    ----------
    input_rows : pyarrow.Table
        The corpus's, as the one column ``rows``.
    corpus : Mapping
        The corpus's origin: ``stage, version, parameters, parents, libraries, notes``.
    origins : tuple of Mapping
        Likewise of every stage.
    origin : Origin
        Of this.
    """

    input_rows: pa.Table
    corpus: Mapping[str, Any]
    origins: tuple[Mapping[str, Any], ...]
    origin: Origin


def remainder_of(records: Records) -> Remainder:
    """What of the records is nowhere else.

    Parameters
    ----------
    records : Records
        Of every stage.
    """
    import pyarrow as pa

    return Remainder(
        pa.table({"rows": records.corpus.input_rows}),
        _plain(records.corpus.origin),
        tuple(_plain(origin) for origin in records.origins),
        Origin("remainder", 1, {}, (records.corpus.origin.key, records.clusters.origin.key), {}),
    )


def _plain(origin: Origin) -> dict[str, Any]:
    return {
        "stage": origin.stage,
        "version": origin.version,
        "parameters": dict(origin.parameters),
        "parents": list(origin.parents),
        "libraries": dict(origin.libraries),
        "notes": list(origin.notes),
    }


def origin_of(said: Mapping[str, Any]) -> Origin:
    """The origin that a remainder has as a mapping.

    Parameters
    ----------
    said : Mapping
        Such as ``Remainder.corpus``.
    """
    lists = {name: tuple(said[name]) for name in ("parents", "notes")}
    return Origin(
        said["stage"], said["version"], said["parameters"], lists["parents"], said["libraries"], lists["notes"]
    )
