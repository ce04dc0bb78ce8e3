"""The only room that joins stages and store.

:func:`fit` takes a corpus through the stages and gives the records; :func:`run` also keeps every record in a store,
draws the map, scores the topics and writes a run folder. Every stage's key is known before the stage runs, so what is
stored is not computed again, and a run that was killed goes on where it stood.
"""

from __future__ import annotations

import platform
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import topics
from topics import cluster, embed, label, neighbors, reduce
from topics.config import RunConfig
from topics.evaluate import score
from topics.records import (
    Clusters,
    ClusterTree,
    Corpus,
    Embeddings,
    Layout,
    Neighbors,
    Origin,
    Topics,
    fingerprint,
)
from topics.store import (
    RUN_FORMAT,
    RUN_MANIFEST,
    Run,
    Store,
    StoreError,
    check_writable,
    json_bytes,
    read_folder,
    table_bytes,
    write_folder,
)

if TYPE_CHECKING:
    import pyarrow as pa
    from numpy.typing import ArrayLike

STORE_FOLDER = ".store"
_NAME = re.compile(r"[\w][\w.+-]{0,99}")
_OURS = frozenset({"topic", "strength", "x", "y"})


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
    layout: Layout
    tree: ClusterTree
    clusters: Clusters
    topics: Topics
    times: Mapping[str, StageTime]

    def notes(self) -> list[str]:
        """What a reader should know, in the order of the stages."""
        records = (
            self.corpus,
            self.embeddings,
            self.neighbors,
            self.layout,
            self.tree,
            self.clusters,
            self.topics,
        )
        return [note for record in records for note in record.origin.notes]


OnStage = Callable[[str, StageTime], None]


def fit(
    config: RunConfig,
    corpus: Corpus,
    *,
    embeddings: ArrayLike | None = None,
    encoder: embed.Encoder | None = None,
    store: Store | None = None,
    on_stage: OnStage | None = None,
) -> Fitted:
    """The records of every stage, from the corpus to its topics.

    Parameters
    ----------
    config : RunConfig
        Every stage's parameters.
    corpus : Corpus
        The documents.
    embeddings : array-like of shape (n_docs, n_dims) or None
        Vectors that the caller has, in id order; None encodes the documents.
    encoder : Encoder or None
        What encodes them; None takes the sentence-transformers model of ``config.embed``.
    store : Store or None
        Where records are kept and found; None keeps nothing.
    on_stage : callable or None
        Called with each stage's name and time when it is done.
    """
    steps = _Steps(store, on_stage)
    if embeddings is not None:
        vectors = steps.time("embed", lambda: embed.given(corpus, embeddings))
    else:
        chosen = encoder or embed.SentenceTransformerEncoder(config.embed)
        vectors = steps.make(Embeddings, embed.plan(chosen, corpus), lambda: embed.embed(corpus, chosen))
    near = steps.make(
        Neighbors,
        neighbors.plan(config.neighbors, vectors.origin),
        lambda: neighbors.find_neighbors(vectors, config.neighbors),
    )
    layout = steps.make(
        Layout,
        reduce.plan(config.reduce, near.origin, random_state=config.random_state),
        lambda: reduce.reduce(vectors, near, params=config.reduce, random_state=config.random_state),
    )
    tree = steps.make(
        ClusterTree,
        cluster.plan_tree(config.cluster, layout.origin),
        lambda: cluster.build_tree(layout, config.cluster),
    )
    clusters = steps.make(
        Clusters,
        cluster.plan_cut(config.cluster, tree=tree.origin, corpus=corpus.origin),
        lambda: cluster.cut(tree, corpus, params=config.cluster),
    )
    found = steps.make(
        Topics,
        label.plan(config.label, clusters=clusters.origin, embeddings=vectors.origin, corpus=corpus.origin),
        lambda: label.describe(corpus, clusters, embeddings=vectors, params=config.label),
    )
    return Fitted(corpus, vectors, near, layout, tree, clusters, found, steps.times)


def map_layout(
    config: RunConfig, fitted: Fitted, *, store: Store | None = None, on_stage: OnStage | None = None
) -> Layout:
    """The two-dimensional layout of the same neighbours, for the eye.

    Parameters
    ----------
    config : RunConfig
        Its ``map`` section and seed.
    fitted : Fitted
        What :func:`fit` gave.
    store : Store or None
        Where the layout is kept and found.
    on_stage : callable or None
        As in :func:`fit`.
    """
    return _Steps(store, on_stage).make(
        Layout,
        reduce.plan(config.map, fitted.neighbors.origin, random_state=config.random_state, stage="map"),
        lambda: reduce.reduce(
            fitted.embeddings,
            fitted.neighbors,
            params=config.map,
            random_state=config.random_state,
            stage="map",
        ),
    )


def run(
    config: RunConfig,
    corpus: Corpus,
    *,
    out: str | Path = "runs",
    name: str | None = None,
    replace: bool = False,
    embeddings: ArrayLike | None = None,
    encoder: embed.Encoder | None = None,
    progress: bool = False,
    on_stage: OnStage | None = None,
) -> Run:
    """A finished run, written to ``out/name``.

    The same articles and config give the same files, byte for byte, but for ``run.json``, which holds the times.

    Parameters
    ----------
    config : RunConfig
        Every stage's parameters.
    corpus : Corpus
        The documents.
    out : str or Path
        Folder of runs; stored records lie under ``.store`` in it and serve all of them.
    name : str or None
        Folder of this run; None takes ``run-`` and the first digits of its key. A name ending in ``-`` is
        completed by those digits.
    replace : bool
        Whether a run of another config or other articles may be replaced under this name.
    embeddings, encoder, on_stage
        As in :func:`fit`.
    progress : bool
        Whether to show a progress bar where standard error is a terminal.

    Raises
    ------
    StoreError
        If ``out`` cannot be written, the name is not a plain folder name, or another run has it.
    ValueError
        If ``config.evaluate.label_column`` is not a column of the articles.
    """
    check_writable(out)
    _check_label_column(config, corpus)
    store = Store(Path(out) / STORE_FOLDER)
    times: dict[str, StageTime] = {}

    def note_time(stage: str, stage_time: StageTime) -> None:
        times[stage] = stage_time
        if on_stage is not None:
            on_stage(stage, stage_time)

    chosen = encoder
    if embeddings is None and encoder is None:
        chosen = embed.SentenceTransformerEncoder(config.embed, progress=progress)
    vectors = embed.given(corpus, embeddings).origin if embeddings is not None else embed.plan(chosen, corpus)  # type: ignore[arg-type]
    key = _run_key(config, corpus, vectors)
    folder = _claim(Path(out), name, key, replace)
    fitted = fit(config, corpus, embeddings=embeddings, encoder=chosen, store=store, on_stage=note_time)
    flat = map_layout(config, fitted, store=store, on_stage=note_time)
    started = time.perf_counter()
    _write(folder, key, config, fitted, flat, store.reports, times, started)
    return Run.load(folder)


class _Steps:
    """Makes records, or finds them in the store, and takes the time."""

    def __init__(self, store: Store | None, on_stage: OnStage | None) -> None:
        self.store = store
        self.on_stage = on_stage
        self.times: dict[str, StageTime] = {}

    def make(self, kind: type[Any], origin: Origin, compute: Callable[[], Any]) -> Any:
        started = time.perf_counter()
        record = self.store.get(kind, origin) if self.store else None
        stored = record is not None
        if record is None:
            record = compute()
            if record.origin.key != origin.key:
                raise RuntimeError(f"stage {origin.stage} made a record of another key than planned")
            if self.store:
                self.store.put(record)
        self._note(origin.stage, StageTime(time.perf_counter() - started, stored))
        return record

    def time(self, stage: str, compute: Callable[[], Any]) -> Any:
        started = time.perf_counter()
        record = compute()
        self._note(stage, StageTime(time.perf_counter() - started, False))
        return record

    def _note(self, stage: str, stage_time: StageTime) -> None:
        self.times[stage] = stage_time
        if self.on_stage:
            self.on_stage(stage, stage_time)


def _run_key(config: RunConfig, corpus: Corpus, vectors: Origin) -> str:
    """Known before any stage runs."""
    near = neighbors.plan(config.neighbors, vectors)
    tree = cluster.plan_tree(config.cluster, reduce.plan(config.reduce, near, random_state=config.random_state))
    clusters = cluster.plan_cut(config.cluster, tree=tree, corpus=corpus.origin)
    found = label.plan(config.label, clusters=clusters, embeddings=vectors, corpus=corpus.origin)
    flat = reduce.plan(config.map, near, random_state=config.random_state, stage="map")
    return fingerprint([found.key, flat.key, config.evaluate.model_dump(mode="json")])


def _claim(out: Path, name: str | None, key: str, replace: bool) -> Path:
    """The run's folder, refused where it would overwrite another run."""
    full = f"{name or 'run-'}{key[:8]}" if name is None or name.endswith("-") else name
    if not _NAME.fullmatch(full):
        raise StoreError(f"expected a plain folder name for the run, got {full!r}")
    folder = out / full
    if folder.is_symlink():
        raise StoreError(f"{str(folder)!r} is a link; links are not followed")
    try:
        manifest, _ = read_folder(folder, RUN_MANIFEST)
    except (FileNotFoundError, NotADirectoryError, StoreError):
        manifest = {"key": key}
    if manifest.get("key") != key and not replace:
        raise StoreError(
            f"{str(folder)!r} holds a run of another config or other articles; choose another --name, or pass --replace"
        )
    return folder


def _check_label_column(config: RunConfig, corpus: Corpus) -> None:
    column = config.evaluate.label_column
    if column is not None and column not in corpus.documents.column_names:
        raise ValueError(
            f"evaluate.label_column is {column!r}, but the articles' columns are "
            f"{', '.join(map(repr, corpus.documents.column_names))}"
        )


def _write(
    folder: Path,
    key: str,
    config: RunConfig,
    fitted: Fitted,
    flat: Layout,
    reports: list[str],
    times: dict[str, StageTime],
    started: float,
) -> None:
    import pyarrow as pa

    from topics.plot.map import draw_map, map_page

    corpus = fitted.corpus
    column = config.evaluate.label_column
    truth = corpus.documents.column(column).to_pylist() if column else None
    layout2d = pa.table({"doc_id": corpus.doc_ids, "x": flat.points[:, 0], "y": flat.points[:, 1]})
    documents = _documents(fitted)
    scores = score(fitted.clusters, fitted.topics, truth=truth)
    notes = fitted.notes()
    found = Run(folder, {}, scores, documents, fitted.topics.table, layout2d)
    figure = draw_map(found.documents(), found.topics())
    files = {
        "documents.parquet": table_bytes(documents),
        "topics.parquet": table_bytes(fitted.topics.table),
        "layout2d.parquet": table_bytes(layout2d),
        "rejected.parquet": table_bytes(corpus.rejected),
        "scores.json": json_bytes(scores),
        "map.html": map_page(figure, found.topics(), title=folder.name, notes=notes).encode("utf-8"),
    }
    records = {
        record.origin.stage: record.origin
        for record in (
            fitted.embeddings,
            fitted.neighbors,
            fitted.layout,
            fitted.tree,
            fitted.clusters,
            fitted.topics,
            flat,
        )
    }
    manifest = {
        "format": RUN_FORMAT,
        "toolkit": topics.__version__,
        "key": key,
        "config": config.model_dump(mode="json"),
        "corpus": {
            "key": corpus.origin.key,
            "n_documents": corpus.n_docs,
            "n_copies": corpus.copies.num_rows,
            "n_rejected": corpus.rejected.num_rows,
            "languages": corpus.languages,
        },
        "resolved": {
            "min_cluster_size": fitted.clusters.min_cluster_size,
            "min_samples": fitted.clusters.min_samples,
            "layout": fitted.layout.method,
        },
        "stages": {
            stage: {
                "key": origin.key,
                "version": origin.version,
                "libraries": dict(origin.libraries),
                "seconds": round(times[stage].seconds, 3),
                "stored": times[stage].stored,
            }
            for stage, origin in records.items()
        },
        "machine": {"python": platform.python_version(), "platform": platform.platform(), "cpu": _cpu()},
        "warnings": [*notes, *reports],
        "finished": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "seconds": round(sum(t.seconds for t in times.values()) + time.perf_counter() - started, 3),
    }
    write_folder(folder, files, manifest_name=RUN_MANIFEST, manifest=manifest)


def _documents(fitted: Fitted) -> pa.Table:
    """One row an article, copies too, by id, with its topic and strength."""
    import pyarrow as pa

    corpus = fitted.corpus
    place = {doc_id: i for i, doc_id in enumerate(corpus.doc_ids)}
    hosts = corpus.documents.append_column("copy_of", pa.nulls(corpus.n_docs, pa.string()))
    both = pa.concat_tables([hosts, corpus.copies]).sort_by("doc_id")
    of = [
        place[copy_of or doc_id]
        for doc_id, copy_of in zip(both["doc_id"].to_pylist(), both["copy_of"].to_pylist(), strict=True)
    ]
    columns = {
        **{name: both[name] for name in ("doc_id", "title", "text", "date", "lang", "source", "parent_id", "copy_of")},
        "topic": pa.array(fitted.clusters.labels[of] if len(of) else [], pa.int32()),
        "strength": pa.array(fitted.clusters.strengths[of] if len(of) else [], pa.float32()),
    }
    for name in both.column_names:
        if name not in columns or name in _OURS:
            columns[f"{name}_given" if name in _OURS else name] = both[name]
    del columns["copies"]
    return pa.table(columns)


def _cpu() -> str:
    try:
        for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    except OSError:
        return platform.processor() or "unknown"
    return platform.processor() or "unknown"
