"""Records → the tables of a run."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from topics.records import DOCUMENT_COLUMNS, METHODS, Corpus, Records

if TYPE_CHECKING:
    import pyarrow as pa

_FOUND = ("copy_of", "topic", "strength", "original_topic", "method", "confidence")
_LEVEL = "level_"


def tables_of(records: Records) -> dict[str, pa.Table]:
    """Every table of a run by name.

    Parameters
    ----------
    records : Records
        Of every stage; without a map, ``x`` and ``y`` are missing values.
    """
    import pyarrow as pa

    corpus, flat = records.corpus, records.map
    x, y = (flat.points[:, i] if flat is not None else np.full(corpus.n_docs, np.nan, dtype=np.float32) for i in (0, 1))
    return {
        "documents": _documents(records),
        "layout2d": pa.table({"doc_id": corpus.doc_ids, "x": x, "y": y}),
        "levels": records.levels.chosen(records.clusters.level),
        "membership": _membership(records),
        "scan": records.levels.scan,
        "topics": records.topics.table,
        "rejected": corpus.rejected_rows,
        "removed": corpus.removed_lines,
    }


def _documents(records: Records) -> pa.Table:
    """One row an article, near-duplicates too, by id, with its topic, how it came to it, and its other clusters."""
    import pyarrow as pa

    corpus = records.corpus
    place = {doc_id: i for i, doc_id in enumerate(corpus.doc_ids)}
    canonical = corpus.documents.append_column("copy_of", pa.nulls(corpus.n_docs, pa.string()))
    both = pa.concat_tables([canonical, corpus.copies]).sort_by("doc_id")
    of = [
        place[copy_of or doc_id]
        for doc_id, copy_of in zip(both["doc_id"].to_pylist(), both["copy_of"].to_pylist(), strict=True)
    ]
    clusters, levels = records.clusters, records.levels
    values = {
        "topic": clusters.labels,
        "strength": clusters.strengths,
        "original_topic": clusters.original_labels,
        "method": np.array(METHODS)[clusters.methods],
        "confidence": clusters.confidences,
        **{f"{_LEVEL}{name}": levels.labels[i] for i, name in enumerate(levels.names) if name != clusters.level},
    }
    columns = {name: both[name] for name in (*DOCUMENT_COLUMNS, "copy_of") if name != "copies"}
    columns |= {name: pa.array(values_of[of]) for name, values_of in values.items()}
    columns |= {name: both[name] for name in both.column_names if name not in columns and name != "copies"}
    return pa.table(columns)


def corpus_of(documents: pa.Table, rest: Corpus) -> Corpus:
    """The corpus of which :func:`tables_of` made the table of documents.

    Parameters
    ----------
    documents : pyarrow.Table
        As it was made.
    rest : Corpus
        What is not in that table: rejected rows, removed lines, input rows and origin; its documents are not used.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    own = [
        name
        for name in documents.column_names
        if name not in DOCUMENT_COLUMNS and name not in _FOUND and not name.startswith(_LEVEL)
    ]
    is_copy = pc.is_valid(documents["copy_of"])
    copies, canonical = documents.filter(is_copy), documents.filter(pc.invert(is_copy))
    of: dict[str, list[str]] = {}
    for doc_id, copy_of in zip(copies["doc_id"].to_pylist(), copies["copy_of"].to_pylist(), strict=True):
        of.setdefault(copy_of, []).append(doc_id)

    def table(rows: pa.Table, *, last: tuple[str, ...]) -> pa.Table:
        lists = pa.array([of.get(doc_id, []) for doc_id in rows["doc_id"].to_pylist()], pa.list_(pa.string()))
        columns = {name: lists if name == "copies" else rows[name] for name in DOCUMENT_COLUMNS}
        return pa.table(columns | {name: rows[name] for name in (*own, *last)})

    return Corpus(
        table(canonical, last=()),
        table(copies, last=("copy_of",)),
        rest.rejected_rows,
        rest.removed_lines,
        rest.input_rows,
        rest.origin,
    )


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
