"""Records → the files and the manifest of a run folder; the pipeline hands them to the store."""

from __future__ import annotations

import platform
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

import topics
from topics.config import RunConfig
from topics.evaluate import score
from topics.label import choose_on_half
from topics.maps import map_html
from topics.records import (
    DOCUMENT_COLUMNS,
    METHODS,
    Clusters,
    ClusterTree,
    Corpus,
    Embeddings,
    Layout,
    Levels,
    Neighbors,
    Origin,
    TermCounts,
    Topics,
)
from topics.runs import RUN_FORMAT, Run
from topics.store import json_bytes, table_bytes

if TYPE_CHECKING:
    import pyarrow as pa

RUN_FILES = (
    "documents.parquet",
    "layout2d.parquet",
    "levels.parquet",
    "map.html",
    "membership.parquet",
    "rejected.parquet",
    "removed.parquet",
    "scan.parquet",
    "scores.json",
    "topics.parquet",
)


@dataclass(frozen=True)
class StageTime:
    """How long one stage took.

    Attributes
    ----------
    seconds : float
        Wall time, reading from the store included.
    stored : bool
        Whether the record came from the store.
    """

    seconds: float
    stored: bool


@dataclass(frozen=True, eq=False)
class Fitted:
    """The records of all stages, and how long each took."""

    corpus: Corpus
    embeddings: Embeddings
    neighbors: Neighbors
    layouts: tuple[Layout, ...]
    trees: tuple[ClusterTree, ...]
    levels: Levels
    clusters: Clusters
    counted: TermCounts
    topics: Topics
    times: Mapping[str, StageTime]

    def notes(self) -> list[str]:
        """What a reader should know, in the order of the stages."""
        return [note for origin in (self.corpus.origin, *self.origins()) for note in origin.notes]

    def stability(self) -> float | None:
        """Stability of the level that the clusters are of; None of one seed."""
        found = {row["level"]: row["stability"] for row in self.levels.table.to_pylist()}
        value: float | None = found.get(self.clusters.level)
        return value

    def origins(self) -> tuple[Origin, ...]:
        """Where each stage's record came from, in the order of the stages; of several seeds the first."""
        first = (self.embeddings, self.neighbors, self.layouts[0], self.trees[0])
        return tuple(record.origin for record in (*first, self.levels, self.clusters, self.counted, self.topics))


def run_files(fitted: Fitted, flat: Layout, *, config: RunConfig, folder: Path) -> dict[str, bytes]:
    """Content of every result file by name; the same records give the same bytes.

    Parameters
    ----------
    fitted : Fitted
        The records of every stage.
    flat : Layout
        The two-dimensional map.
    config : RunConfig
        Names the column of human labels, if any.
    folder : Path
        The run's folder; its name is the map's heading.
    """
    import pyarrow as pa

    corpus = fitted.corpus
    column = label_column(config, corpus)
    truth = _human_labels(corpus, column) if column else None
    layout2d = pa.table({"doc_id": corpus.doc_ids, "x": flat.points[:, 0], "y": flat.points[:, 1]})
    scores = score(
        fitted.clusters,
        fitted.topics,
        counted=fitted.counted,
        embeddings=fitted.embeddings,
        layout=fitted.layouts[0],
        stability=fitted.stability(),
        held_out=choose_on_half(
            corpus,
            fitted.clusters,
            counted=fitted.counted,
            vectors=fitted.embeddings.vectors,
            params=config.label,
        ),
        languages=corpus.documents.column("lang").to_pylist(),
        truth=truth,
    )
    tables = {
        "documents": _documents(fitted),
        "layout2d": layout2d,
        "levels": fitted.levels.chosen(fitted.clusters.level),
        "membership": _membership(fitted),
        "scan": fitted.levels.scan,
        "topics": fitted.topics.table,
    }
    found = Run(folder, {}, scores, tables)
    page = map_html(found, notes=fitted.notes())
    tables |= {"rejected": corpus.rejected_rows, "removed": corpus.removed_lines}
    files = {f"{name}.parquet": table_bytes(table) for name, table in tables.items()}
    files |= {"map.html": page.encode("utf-8"), "scores.json": json_bytes(scores)}
    return {name: files[name] for name in RUN_FILES}


def label_column(config: RunConfig, corpus: Corpus) -> str | None:
    """The corpus's column of human labels; None where none is named or it is not there.

    Parameters
    ----------
    config : RunConfig
        Names the user's column.
    corpus : Corpus
        Whose column may have been set apart by ``_given``.
    """
    named = config.evaluate.label_column
    return next((name for name in (f"{named}_given", named) if name in corpus.documents.column_names), None)


def run_manifest(
    fitted: Fitted, flat: Layout, *, config: RunConfig, key: str, times: Mapping[str, StageTime], reports: list[str]
) -> dict[str, Any]:
    """What ``run.json`` says beside the files' hashes: config, corpus, stages, machine, warnings, times.

    Parameters
    ----------
    fitted : Fitted
        The records of every stage.
    flat : Layout
        The two-dimensional map.
    config : RunConfig
        The run's config.
    key : str
        The run's key.
    times : Mapping[str, StageTime]
        How long each stage took.
    reports : list of str
        What the store had to set aside.
    """
    corpus = fitted.corpus
    return {
        "format": RUN_FORMAT,
        "toolkit": topics.__version__,
        "key": key,
        "config": config.model_dump(mode="json"),
        "corpus": {
            "key": corpus.origin.key,
            "n_documents": corpus.n_docs,
            "n_copies": corpus.copies.num_rows,
            "n_rejected": corpus.rejected_rows.num_rows,
            "n_removed_lines": corpus.removed_lines.num_rows,
            "languages": corpus.languages,
        },
        "resolved": {
            "min_cluster_size": fitted.clusters.min_cluster_size,
            "min_samples": fitted.clusters.min_samples,
            "level": fitted.clusters.level,
            "seeds": [layout.origin.parameters["random_state"] for layout in fitted.layouts],
            "layout": fitted.layouts[0].method,
            "lexical_weight": fitted.embeddings.lexical_weight,
        },
        "stages": {
            origin.stage: {
                "key": origin.key,
                "version": origin.version,
                "parameters": dict(origin.parameters),
                "libraries": dict(origin.libraries),
                "seconds": round(times[origin.stage].seconds, 3),
                "stored": times[origin.stage].stored,
            }
            for origin in (*fitted.origins(), flat.origin)
        },
        "machine": {
            "python": platform.python_version(),
            "platform": platform.platform(),
            "cpu": _cpu(),
            "kernels": _kernels(),
        },
        "warnings": [*fitted.notes(), *reports],
        "finished": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "seconds": round(sum(stage.seconds for stage in times.values()), 3),
    }


def _kernels() -> list[str]:
    """What matrix products were computed with: each BLAS library that is loaded, and the kernel it chose."""
    from threadpoolctl import threadpool_info

    loaded = [info for info in threadpool_info() if info["user_api"] == "blas"]
    names = {f"{info['internal_api']} {info['version']} {info.get('architecture', '')}".strip() for info in loaded}
    return sorted(names)


def _human_labels(corpus: Corpus, column: str) -> list[Any]:
    """The label of each document; None for the stories of a round-up, of which a page's one label says nothing."""
    labels, parents = corpus.documents.column(column).to_pylist(), corpus.documents.column("parent_id").to_pylist()
    return [label if parent is None else None for label, parent in zip(labels, parents, strict=True)]


def _documents(fitted: Fitted) -> pa.Table:
    """One row an article, copies too, by id, with its topic, how it came to it, and its cluster at other levels."""
    import pyarrow as pa

    corpus = fitted.corpus
    place = {doc_id: i for i, doc_id in enumerate(corpus.doc_ids)}
    hosts = corpus.documents.append_column("copy_of", pa.nulls(corpus.n_docs, pa.string()))
    both = pa.concat_tables([hosts, corpus.copies]).sort_by("doc_id")
    of = [
        place[copy_of or doc_id]
        for doc_id, copy_of in zip(both["doc_id"].to_pylist(), both["copy_of"].to_pylist(), strict=True)
    ]
    clusters, levels = fitted.clusters, fitted.levels
    found = {
        "topic": clusters.labels,
        "strength": clusters.strengths,
        "original_topic": clusters.original_labels,
        "method": np.array(METHODS)[clusters.methods],
        "confidence": clusters.confidences,
        **{f"level_{name}": levels.labels[i] for i, name in enumerate(levels.names) if name != clusters.level},
    }
    columns = {name: both[name] for name in (*DOCUMENT_COLUMNS, "copy_of") if name != "copies"}
    columns |= {name: pa.array(values[of]) for name, values in found.items()}
    columns |= {name: both[name] for name in both.column_names if name not in columns and name != "copies"}
    return pa.table(columns)


def _membership(fitted: Fitted) -> pa.Table:
    """One row a document and topic that have to do with each other, the largest of each document first."""
    import pyarrow as pa

    entries = fitted.clusters.membership.tocoo()
    order = np.lexsort((entries.col, -entries.data, entries.row))
    ids = np.array(fitted.corpus.doc_ids, dtype=object)
    return pa.table(
        {
            "doc_id": pa.array(ids[entries.row[order]], pa.string()),
            "topic": pa.array(entries.col[order], pa.int32()),
            "membership": pa.array(entries.data[order], pa.float32()),
        }
    )


def _cpu() -> str:
    try:
        for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    except OSError:
        return platform.processor() or "unknown"
    return platform.processor() or "unknown"
