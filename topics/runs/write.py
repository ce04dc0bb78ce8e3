"""Records → the files and the manifest of a run folder; the pipeline hands them to the store."""

from __future__ import annotations

import platform
import time
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

import topics
from topics.config import RunConfig
from topics.evaluate import score
from topics.graph import StageTime
from topics.label import choose_on_half
from topics.records import DOCUMENT_COLUMNS, METHODS, Corpus, Layout, Records
from topics.report.map import map_html
from topics.runs.format import FILES, FORMAT, MAP_FILE, SCORES_FILE
from topics.runs.run import Run
from topics.store import json_bytes, table_bytes

if TYPE_CHECKING:
    import pyarrow as pa


def run_files(records: Records, flat: Layout, *, config: RunConfig, folder: Path) -> dict[str, bytes]:
    """Content of every result file by name; the same records give the same bytes.

    Parameters
    ----------
    records : Records
        The records of every stage.
    flat : Layout
        The two-dimensional map.
    config : RunConfig
        Names the column of human labels, if any.
    folder : Path
        The run's folder; its name is the map's heading.
    """
    import pyarrow as pa

    corpus = records.corpus
    column = label_column(config, corpus)
    truth = _human_labels(corpus, column) if column else None
    layout2d = pa.table({"doc_id": corpus.doc_ids, "x": flat.points[:, 0], "y": flat.points[:, 1]})
    scores = score(
        records.clusters,
        records.topics,
        counted=records.counts,
        embeddings=records.embeddings,
        layout=records.layouts[0],
        stability=records.stability(),
        held_out=choose_on_half(
            corpus,
            records.clusters,
            counted=records.counts,
            vectors=records.embeddings.vectors,
            params=config.label,
        ),
        languages=corpus.documents.column("lang").to_pylist(),
        truth=truth,
    )
    tables = {
        "documents": _documents(records),
        "layout2d": layout2d,
        "levels": records.levels.chosen(records.clusters.level),
        "membership": _membership(records),
        "scan": records.levels.scan,
        "topics": records.topics.table,
    }
    found = Run(folder, {}, scores, tables)
    page = map_html(found, notes=records.notes())
    tables |= {"rejected": corpus.rejected_rows, "removed": corpus.removed_lines}
    files = {f"{name}.parquet": table_bytes(table) for name, table in tables.items()}
    files |= {MAP_FILE: page.encode("utf-8"), SCORES_FILE: json_bytes(scores)}
    return {name: files[name] for name in FILES}


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
    records: Records, flat: Layout, *, config: RunConfig, key: str, times: Mapping[str, StageTime], reports: list[str]
) -> dict[str, Any]:
    """What ``run.json`` says beside the files' hashes: config, corpus, stages, machine, warnings, times.

    Parameters
    ----------
    records : Records
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
            "seeds": [layout.origin.parameters["random_state"] for layout in records.layouts],
            "layout": records.layouts[0].method,
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
            for origin in (*records.origins, flat.origin)
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


def _human_labels(corpus: Corpus, column: str) -> list[Any]:
    """The label of each document; None for the stories of a round-up, of which a page's one label says nothing."""
    labels, parents = corpus.documents.column(column).to_pylist(), corpus.documents.column("parent_id").to_pylist()
    return [label if parent is None else None for label, parent in zip(labels, parents, strict=True)]


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
