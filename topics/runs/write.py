"""Records → the files and the manifest of a run folder; the pipeline hands them to the store."""

from __future__ import annotations

import hashlib
import platform
import time
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

import topics
from topics.config import RunConfig
from topics.errors import InputError
from topics.graph import StageTime
from topics.records import DOCUMENT_COLUMNS, METHODS, Corpus, HumanLabels, Origin, Records
from topics.reduce import draws
from topics.report.map import map_html
from topics.runs.format import FILES, FORMAT, MAP_FILE, SCORES_FILE
from topics.runs.run import Run
from topics.store import json_bytes, table_bytes

if TYPE_CHECKING:
    import pyarrow as pa


def run_files(records: Records, *, config: RunConfig, folder: Path) -> dict[str, bytes]:
    """Content of every result file by name; the same records give the same bytes.

    Parameters
    ----------
    records : Records
        With a map and scores.
    config : RunConfig
        The run's config.
    folder : Path
        The run's folder; its name is the map's heading.
    """
    import pyarrow as pa

    if records.map is None or records.scores is None:
        raise InputError("expected records with a map and scores, got some without")
    corpus, points, scores = records.corpus, records.map.points, dict(records.scores.values)
    tables = {
        "documents": _documents(records),
        "layout2d": pa.table({"doc_id": corpus.doc_ids, "x": points[:, 0], "y": points[:, 1]}),
        "levels": records.levels.chosen(records.clusters.level),
        "membership": _membership(records),
        "scan": records.levels.scan,
        "topics": records.topics.table,
    }
    page = map_html(Run(folder, {}, scores, tables), notes=records.notes())
    tables |= {"rejected": corpus.rejected_rows, "removed": corpus.removed_lines}
    files = {f"{name}.parquet": table_bytes(table) for name, table in tables.items()}
    files |= {MAP_FILE: page.encode("utf-8"), SCORES_FILE: json_bytes(scores)}
    return {name: files[name] for name in FILES}


def content_of(corpus: Corpus) -> list[str]:
    """SHA-256 of each of the corpus's tables, the user's own columns included.

    Parameters
    ----------
    corpus : Corpus
        The documents.
    """
    tables = (corpus.documents, corpus.copies, corpus.rejected_rows, corpus.removed_lines)
    return [hashlib.sha256(table_bytes(table)).hexdigest() for table in tables]


def human_labels(config: RunConfig, corpus: Corpus) -> HumanLabels | None:
    """The label of each document; None for the stories of a round-up, of which a page's one label says nothing.

    Parameters
    ----------
    config : RunConfig
        Names the column.
    corpus : Corpus
        The documents.
    """
    import pyarrow as pa

    column = label_column(config, corpus)
    if column is None:
        return None
    labels, parents = corpus.documents.column(column), corpus.documents.column("parent_id").to_pylist()
    values = [label if parent is None else None for label, parent in zip(labels.to_pylist(), parents, strict=True)]
    content = hashlib.sha256(table_bytes(pa.table({"label": labels}))).hexdigest()
    return HumanLabels(corpus.corpus_key, tuple(values), Origin("human-labels", 1, {}, (content,), {}))


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
    records: Records, *, config: RunConfig, key: str, times: Mapping[str, StageTime], reports: list[str]
) -> dict[str, Any]:
    """What ``run.json`` says beside the files' hashes: config, corpus, stages, machine, warnings, times.

    Parameters
    ----------
    records : Records
        The records of every stage.
    config : RunConfig
        The run's config.
    key : str
        The run's key.
    times : Mapping[str, StageTime]
        How long each stage took.
    reports : list of str
        What the store had to set aside.
    """
    corpus = records.corpus
    return {
        "format": FORMAT,
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
            "min_cluster_size": records.clusters.min_cluster_size,
            "min_samples": records.clusters.min_samples,
            "level": records.clusters.level,
            "seeds": [draw.random_state for draw in draws(config.reduce, config.random_state, n_docs=corpus.n_docs)],
            "layout": records.layouts[0].method if records.layouts else None,
            "lexical_weight": records.embeddings.lexical_weight,
        },
        "stages": {
            origin.stage: {
                "key": origin.key,
                "version": origin.version,
                "parameters": dict(origin.parameters),
                "libraries": dict(origin.libraries),
                **_time_of(times.get(origin.stage)),
            }
            for origin in records.origins
        },
        "machine": {
            "python": platform.python_version(),
            "platform": platform.platform(),
            "cpu": _cpu(),
            "kernels": _kernels(),
        },
        "warnings": [*records.notes(), *reports],
        "finished": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "seconds": round(sum(stage.seconds for stage in times.values()), 3),
    }


def _time_of(taken: StageTime | None) -> dict[str, Any]:
    """Seconds, and whether the record was stored; of a record that was at hand neither is known."""
    return {"seconds": taken and round(taken.seconds, 3), "stored": taken and taken.stored}


def _kernels() -> list[str]:
    """What matrix products were computed with: each BLAS library that is loaded, and the kernel it chose."""
    from threadpoolctl import threadpool_info

    loaded = [info for info in threadpool_info() if info["user_api"] == "blas"]
    names = {f"{info['internal_api']} {info['version']} {info.get('architecture', '')}".strip() for info in loaded}
    return sorted(names)


def _documents(records: Records) -> pa.Table:
    """One row an article, copies too, by id, with its topic, how it came to it, and its cluster at other levels."""
    import pyarrow as pa

    corpus = records.corpus
    place = {doc_id: i for i, doc_id in enumerate(corpus.doc_ids)}
    hosts = corpus.documents.append_column("copy_of", pa.nulls(corpus.n_docs, pa.string()))
    both = pa.concat_tables([hosts, corpus.copies]).sort_by("doc_id")
    of = [
        place[copy_of or doc_id]
        for doc_id, copy_of in zip(both["doc_id"].to_pylist(), both["copy_of"].to_pylist(), strict=True)
    ]
    clusters, levels = records.clusters, records.levels
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


def _membership(records: Records) -> pa.Table:
    """One row a document and topic that have to do with each other, the largest of each document first."""
    import pyarrow as pa

    entries = records.clusters.membership.tocoo()
    order = np.lexsort((entries.col, -entries.data, entries.row))
    ids = np.array(records.corpus.doc_ids, dtype=object)
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
