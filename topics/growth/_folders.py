"""Where a run that grew is written, what may grow, and which document came from where."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from topics.errors import InputError
from topics.graph import Runner
from topics.records import Corpus, Records
from topics.runs import Run
from topics.runs._folder import claim, run_key
from topics.runs._format import STORE_FOLDER
from topics.runs._write import write_run
from topics.store import Store, check_writable

if TYPE_CHECKING:
    from numpy.typing import NDArray


def place_of(old: Run, out: str | Path | None) -> tuple[Path, Store]:
    """The folder of runs, which can be written, and its store.

    Parameters
    ----------
    old : Run
        What grows.
    out : str, Path or None
        None takes the folder that it is in.

    Raises
    ------
    StoreError
        If it cannot be written.
    """
    folder = Path(out) if out is not None else old.path.parent if old.path else Path("runs")
    check_writable(folder)
    return folder, Store(folder / STORE_FOLDER)


def check_growing(old: Run) -> None:
    """Refuse a run that nothing can be added to.

    Parameters
    ----------
    old : Run
        Any.

    Raises
    ------
    ValueError
        If its vectors were left out, or it has no levels.
    """
    if old.path is not None and not old.kept.has_embeddings:
        raise InputError(f"expected a run with the vectors of its documents, got {old.name!r} without: make it anew")
    if old.fitted.clusters.level not in old.fitted.levels.names:
        raise InputError(f"expected a run with topics to add to, got {old.name!r} with too few documents for levels")
    if "batch" in old.fitted.corpus.documents.column_names and not (old.manifest.get("source") or {}).get("updates"):
        raise InputError("expected articles without a column 'batch', which updates write: give yours another name")


def written(
    old: Run, records: Records, *, runner: Runner, store: Store, folder: Path, name: str | None, source: dict[str, Any]
) -> Path:
    """Folder of a run that grew, written.

    Parameters
    ----------
    old : Run
        What it grew from.
    records : Records
        Of all documents.
    runner, store : Runner, Store
        What made them, and where stages are kept.
    folder : Path
        Of runs.
    name : str or None
        Of its folder; None takes that of the old run with another digest.
    source : dict
        Where it came from, for the manifest.
    """
    assert records.map and records.scores
    key = run_key(records.corpus, topics=records.topics.origin, flat=records.map.origin, scores=records.scores.origin)
    target = claim(folder, name or f"{_base(old.name)}-", key=key, replace=False)
    write_run(
        records, config=old.config, folder=target, key=key, times=runner.times, reports=store.reports,
        source={"articles": None, "vectors": None, **source},
    )  # fmt: skip
    return target


def _base(name: str) -> str:
    head, _, tail = name.rpartition("-")
    return head if head and len(tail) == 8 else name


def placed_rows(
    corpus: Corpus, old: Corpus, *, new_ids: tuple[str, ...], vectors: tuple[Any, NDArray[np.float32]]
) -> tuple[tuple[NDArray[np.int64], NDArray[np.int64]], NDArray[np.float32]]:
    """Of each document its row among the old and among the new ones (-1), and the vectors of all.

    Parameters
    ----------
    corpus, old : Corpus
        Of all documents, and of the old ones.
    new_ids : tuple of str
        Of the new ones.
    vectors : tuple of Records and numpy.ndarray
        The old records, and the vectors of the new documents.
    """
    of_old, of_new = ({doc_id: i for i, doc_id in enumerate(ids)} for ids in (old.doc_ids, new_ids))
    rows = tuple(
        np.array([places.get(doc_id, -1) for doc_id in corpus.doc_ids], dtype=np.int64) for places in (of_old, of_new)
    )
    before = vectors[0].embeddings.vectors
    both = np.where((rows[0] >= 0)[:, None], before[rows[0]], vectors[1][rows[1]])
    return (rows[0], rows[1]), np.ascontiguousarray(both, dtype=np.float32)
