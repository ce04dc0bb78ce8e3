"""Run → a Parquet file for Embedding Atlas."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from topics.bridges._run import Mapped, map_frame
from topics.store import table_bytes, write_file

COLUMNS = ("doc_id", "title", "text", "topic_name", "topic", "confidence", "date", "lang", "source", "url", "x", "y")
_ADDED = ("topic_name", "headline")
_N_NEAREST = 15  # what Embedding Atlas computes itself


def to_atlas(run: Mapped, path: str | Path | None = None) -> Path:
    """Path of a Parquet file that Embedding Atlas opens without computing anything.

    ``embedding-atlas FILE --text text --x x --y y --neighbors neighbors`` shows it. One row a document, near-duplicates
    left out: ``doc_id, title, text, topic_name, topic, confidence, date, lang, source, url, x, y``, the columns of the
    articles' own that hold one value a document, and ``neighbors``: ``ids``, row numbers of the nearest documents by
    cosine distance, the document itself first, and ``distances``. A run that was saved without vectors has none.

    Parameters
    ----------
    run : Mapped
        A run.
    path : str, Path or None
        File to write; None takes the run's name and ``-atlas.parquet``, beside its folder or, if it has none, here. A
        file that is there is replaced.

    Raises
    ------
    StoreError
        If the disk refuses.
    """
    import pyarrow as pa

    frame = map_frame(run)
    own = [name for name in list(frame)[list(frame).index("confidence") + 1 :] if name not in _ADDED]
    plain = [name for name in own if not frame[name].map(lambda value: isinstance(value, (list, np.ndarray))).any()]
    told = frame[[*COLUMNS, *plain]]
    table = pa.Table.from_pandas(told, preserve_index=False)
    nearest = _nearest(run, len(frame))
    if nearest is not None:
        table = table.append_column("neighbors", pa.array(nearest))
    beside = run.path.parent if run.path else Path()
    target = beside / f"{run.name}-atlas.parquet" if path is None else Path(path)
    write_file(target, table_bytes(table))
    return target


def _nearest(run: Mapped, n_documents: int) -> list[dict[str, list[float]]] | None:
    """Rows and distances of each document's nearest ones; None where there are no vectors or no neighbors."""
    from topics.neighbors import find_neighbors

    if n_documents < 2 or not (run.path is None or run.kept.has_embeddings):
        return None
    params = run.config.neighbors.model_copy(update={"n_neighbors": min(_N_NEAREST, n_documents)})
    found = find_neighbors(run.records.embeddings, params)
    distances = np.maximum(found.distances, 0.0)  # that of equal texts may be a little below
    return [
        {"ids": ids.tolist(), "distances": near.tolist()} for ids, near in zip(found.indices, distances, strict=True)
    ]
