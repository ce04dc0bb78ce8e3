"""The only room that joins stages and store.

:func:`fit` takes a corpus through the stages and gives the records; :func:`run` also keeps every record in a store,
draws the map, scores the topics and writes a run folder. Every stage's key is known before the stage runs, so what is
stored is not computed again, and a run that was killed goes on where it stood.
"""

from __future__ import annotations

import hashlib
import re
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from dataclasses import replace as replace_fields
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, TypeVar

from topics import cluster, embed, label, neighbors, reduce
from topics.assemble import RUN_FILES, Fitted, StageTime, label_column, run_files, run_manifest
from topics.config import EmbedParams, RunConfig
from topics.records import (
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
    fingerprint,
)
from topics.runs import RUN_MANIFEST, Run
from topics.store import (
    CorruptError,
    Store,
    StoreError,
    check_writable,
    read_manifest,
    table_bytes,
    user_cache,
    write_folder,
)

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

STORE_FOLDER = ".store"
_BYTES_A_DOCUMENT = 8192  # 1,024 dimensions, neighbours, layouts, the map
_NAME = re.compile(r"[\w][\w.+-]{0,99}")


OnStage = Callable[[str, StageTime], None]


def fit(
    config: RunConfig,
    corpus: Corpus,
    *,
    embeddings: ArrayLike | None = None,
    encoder: embed.Encoder | embed.Hybrid | None = None,
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
    encoder : Encoder, Hybrid or None
        What encodes them; None takes that of ``config.embed``.
    store : Store or None
        Where records are kept and found; None keeps nothing.
    on_stage : callable or None
        Called with each stage's name and time when it is done.
    """
    return _fit(config, corpus, _source(config, corpus, embeddings, encoder), _Steps(store, on_stage))


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
    return _map(config, fitted, _Steps(store, on_stage))


def run(
    config: RunConfig,
    corpus: Corpus,
    *,
    out: str | Path = "runs",
    name: str | None = None,
    replace: bool = False,
    embeddings: ArrayLike | None = None,
    encoder: embed.Encoder | embed.Hybrid | None = None,
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
    check_writable(out, n_bytes=_space(corpus))
    _check_label_column(config, corpus)
    steps = _Steps(Store(Path(out) / STORE_FOLDER), on_stage, progress=progress)
    source = _source(config, corpus, embeddings, encoder)
    key = _run_key(config, corpus, source.origin)
    folder = _claim(Path(out), name, key, replace)
    return _write(config, _fit(config, corpus, source, steps), key, folder=folder, steps=steps)


def edit(config: RunConfig, fitted: Fitted, *, clusters: Clusters) -> Fitted:
    """The records with other clusters, described anew; those that were fitted are as they were.

    Parameters
    ----------
    config : RunConfig
        Its ``label`` section.
    fitted : Fitted
        What :func:`fit` gave.
    clusters : Clusters
        Such as :func:`topics.cluster.merge`, ``split``, ``move`` and ``drop`` make of ``fitted.clusters``.
    """
    steps = _Steps(None, None)
    kept = {stage: taken for stage, taken in fitted.times.items() if stage != fitted.topics.origin.stage}
    steps.times |= {**kept, clusters.origin.stage: StageTime(0.0, False)}
    found = _describe(config, fitted.corpus, fitted.embeddings, clusters, counted=fitted.counted, steps=steps)
    return replace_fields(fitted, clusters=clusters, topics=found, times=steps.times)


def save(
    config: RunConfig, fitted: Fitted, *, out: str | Path = "runs", name: str | None = None, replace: bool = False
) -> Run:
    """A finished run of records at hand, such as edited ones, written to ``out/name``.

    Parameters
    ----------
    config : RunConfig
        What the records were made with.
    fitted : Fitted
        From :func:`fit` or :func:`edit`.
    out, name, replace
        As in :func:`run`.

    Raises
    ------
    StoreError, ValueError
        As in :func:`run`.
    """
    check_writable(out, n_bytes=_space(fitted.corpus))
    _check_label_column(config, fitted.corpus)
    steps = _Steps(Store(Path(out) / STORE_FOLDER), None)
    flat = reduce.plan(config.map, fitted.neighbors.origin, random_state=config.random_state, stage="map")
    key = _key(config, fitted.corpus, topics=fitted.topics.origin, flat=flat)
    folder = _claim(Path(out), name, key, replace)
    steps.times |= fitted.times
    return _write(config, fitted, key, folder=folder, steps=steps)


def _write(config: RunConfig, fitted: Fitted, key: str, *, folder: Path, steps: _Steps) -> Run:
    flat = _map(config, fitted, steps)
    files = run_files(fitted, flat, config=config, folder=folder)
    manifest = run_manifest(
        fitted, flat, config=config, key=key, times=steps.times, reports=steps.store.reports if steps.store else []
    )
    write_folder(folder, files, manifest_name=RUN_MANIFEST, manifest=manifest)
    return Run.load(folder)


@dataclass(frozen=True)
class _Source:
    """Where the embeddings come from, known before they are made."""

    origin: Origin
    make: Callable[[_Steps], tuple[Embeddings, bool]]


def _source(
    config: RunConfig,
    corpus: Corpus,
    embeddings: ArrayLike | None,
    encoder: embed.Encoder | embed.Hybrid | None,
) -> _Source:
    if embeddings is not None:
        record = embed.given(corpus, embeddings)
        return _Source(record.origin, lambda steps: (record, False))
    chosen = embed.encoder_for(config.embed, table=_table) if encoder is None else _checked(encoder)
    return _Source(embed.plan(chosen, corpus), lambda steps: _embed(corpus, chosen, steps))


def _table(params: EmbedParams) -> embed.StaticTable:
    """A static encoder's table, distilled once for all runs of this user where their cache can be written."""
    folder = user_cache()
    try:
        check_writable(folder)
    except StoreError:
        return embed.distill(params)
    made: list[embed.StaticTable] = []

    def make() -> embed.StaticTable:
        made.append(embed.distill(params))
        return made[0]

    try:
        return _Steps(Store(folder), None).get_or_make(embed.StaticTable, embed.plan_table(params), make)[0]
    except StoreError:  # a full disk costs the next run some seconds, not this one its result
        return made[0] if made else embed.distill(params)


def _checked(encoder: embed.Encoder | embed.Hybrid) -> embed.Encoder | embed.Hybrid:
    """The caller's encoder, refused where it is none."""
    if not isinstance(encoder, embed.Hybrid):
        lacking = [name for name in ("identity", "shard_rows", "encode") if not hasattr(encoder, name)]
        if lacking:
            raise ValueError(
                f"expected an encoder with identity, shard_rows and encode (topics.embed.Encoder), got a "
                f"{type(encoder).__name__} without {', '.join(lacking)}; topics.embed.FunctionEncoder(function, "
                "name=…) makes one of a function"
            )
    return encoder


def _embed(corpus: Corpus, encoder: embed.Encoder | embed.Hybrid, steps: _Steps) -> tuple[Embeddings, bool]:
    """The embeddings, and whether all of them came from the store.

    What is kept is each shard, as it is finished, and not the whole besides.
    """
    if isinstance(encoder, embed.Hybrid):
        semantic, stored = _embed(corpus, encoder.semantic, steps)
        weight, weighed = steps.get_or_make(
            embed.LexicalWeight,
            embed.plan_weight(encoder, corpus),
            lambda: embed.weigh(corpus, encoder, semantic=semantic),
        )
        lexical, also_stored = _embed(corpus, encoder.lexical, steps)
        whole = embed.combine(corpus, encoder, semantic=semantic, lexical=lexical, weight=weight)
        return whole, stored and weighed and also_stored
    from tqdm import tqdm

    shards = embed.shards(corpus, encoder)
    all_stored = True
    shown = steps.progress and encoder.shard_rows is not None

    def parts() -> Iterator[tuple[embed.Shard, Embeddings]]:
        nonlocal all_stored
        with tqdm(total=corpus.n_docs, desc="embed", unit=" docs", disable=None if shown else True) as bar:
            for shard in shards:
                part, stored = steps.get_or_make(Embeddings, shard.origin, shard.make)
                all_stored = all_stored and stored
                yield shard, part
                bar.update(len(shard.rows))

    return embed.join(corpus, encoder, parts=parts()), all_stored


class _Record(Protocol):
    @property
    def origin(self) -> Origin: ...


R = TypeVar("R", bound=_Record)


class _Steps:
    """Makes records, or finds them in the store, and takes the time."""

    def __init__(self, store: Store | None, on_stage: OnStage | None, *, progress: bool = False) -> None:
        self.store = store
        self.on_stage = on_stage
        self.progress = progress
        self.times: dict[str, StageTime] = {}

    def make(self, kind: type[R], origin: Origin, compute: Callable[[], R], *, part: bool = False) -> R:
        return self.take(origin, lambda: self.get_or_make(kind, origin, compute), part=part)

    def take(self, origin: Origin, get: Callable[[], tuple[R, bool]], *, part: bool = False) -> R:
        """What ``get`` gives, its time taken; of a part of a stage it is only added to the stage's."""
        started = time.perf_counter()
        record, stored = get()
        before = self.times.get(origin.stage, StageTime(0.0, True))  # a stage may have a part for each seed
        spent = before.seconds + time.perf_counter() - started
        self.times[origin.stage] = StageTime(spent, before.stored and stored)
        if not part:
            self.say(origin.stage)
        return record

    def say(self, stage: str) -> None:
        if self.on_stage:
            self.on_stage(stage, self.times[stage])

    def get_or_make(self, kind: type[R], origin: Origin, compute: Callable[[], R]) -> tuple[R, bool]:
        """The record, and whether it came from the store."""
        record: R | None = self.store.get(kind, origin) if self.store else None
        if record is not None:
            return record, True
        record = compute()
        if record.origin.key != origin.key:
            raise RuntimeError(f"stage {origin.stage} made a record of another key than planned")
        if self.store:
            self.store.put(record)
        return record, False


def _fit(config: RunConfig, corpus: Corpus, source: _Source, steps: _Steps) -> Fitted:
    vectors = steps.take(source.origin, lambda: source.make(steps))
    with ThreadPoolExecutor(1) as beside:  # terms are counted while layouts are made
        counting = beside.submit(
            steps.get_or_make,
            TermCounts,
            label.plan_counts(config.label, corpus.origin),
            lambda: label.count(corpus, config.label),
        )
        return _cluster_and_describe(config, corpus, vectors, counting, steps)


def _cluster_and_describe(
    config: RunConfig, corpus: Corpus, vectors: Embeddings, counting: Future[tuple[TermCounts, bool]], steps: _Steps
) -> Fitted:
    near = steps.make(
        Neighbors,
        neighbors.plan(config.neighbors, vectors.origin),
        lambda: neighbors.find_neighbors(vectors, config.neighbors),
    )
    layouts, trees, partial = _layouts_and_trees(config, vectors, near, steps)
    levels = steps.make(
        Levels,
        cluster.plan_levels(
            config.cluster,
            trees=[tree.origin for tree in trees],
            partial=partial.origin if partial else None,
            neighbors=near.origin,
        ),
        lambda: cluster.find_levels(trees, config.cluster, partial=partial, neighbors=near),
    )
    clusters = steps.make(
        Clusters,
        cluster.plan_cut(config.cluster, levels=levels.origin, corpus=corpus.origin, embeddings=vectors.origin),
        lambda: cluster.cut(levels, corpus, embeddings=vectors, params=config.cluster),
    )
    counted = steps.take(label.plan_counts(config.label, corpus.origin), counting.result)
    found = _describe(config, corpus, vectors, clusters, counted=counted, steps=steps)
    return Fitted(corpus, vectors, near, layouts, trees, partial, levels, clusters, counted, found, steps.times)


def _describe(
    config: RunConfig,
    corpus: Corpus,
    vectors: Embeddings,
    clusters: Clusters,
    *,
    counted: TermCounts,
    steps: _Steps,
) -> Topics:
    origin = label.plan(
        config.label,
        clusters=clusters.origin,
        counted=counted.origin,
        embeddings=vectors.origin,
        corpus=corpus.origin,
    )
    return steps.make(
        Topics,
        origin,
        lambda: label.describe(corpus, clusters, counted=counted, embeddings=vectors, params=config.label),
    )


def _layouts_and_trees(
    config: RunConfig, vectors: Embeddings, near: Neighbors, steps: _Steps
) -> tuple[tuple[Layout, ...], tuple[ClusterTree, ...], ClusterTree | None]:
    """One layout and tree a seed; of several seeds also the first one's tree without the documents held out.

    While a tree is made here, the layouts that are not done yet go on in other threads.
    """
    from tqdm import tqdm

    params = config.reduce
    seeds = reduce.seeds(params, config.random_state, n_docs=len(vectors.vectors))
    planned = [reduce.plan(params, near.origin, random_state=seed) for seed in seeds]
    known = [steps.store.get(Layout, origin) if steps.store else None for origin in planned]
    missing = [seed for seed, layout in zip(seeds, known, strict=True) if layout is None]
    made = reduce.reduce_each(vectors, near, params=params, random_states=missing)
    layouts: list[Layout] = []
    partial: ClusterTree | None = None
    trees: list[ClusterTree] = []
    shown = None if steps.progress and missing else True
    for layout, origin in zip(tqdm(known, desc="layouts", unit=" seeds", disable=shown), planned, strict=True):

        def get(layout: Layout | None = layout) -> tuple[Layout, bool]:
            if layout is not None:
                return layout, True
            new = next(made)
            if steps.store:
                steps.store.put(new)
            return new, False

        layouts.append(steps.take(origin, get, part=True))
        trees.append(_tree(config, layouts[-1], steps))
        if len(layouts) == 1 and len(seeds) > 1:
            partial = _tree(config, layouts[0], steps, held_out=True)
    for stage in (layouts[0].origin.stage, trees[0].origin.stage):
        steps.say(stage)
    return tuple(layouts), tuple(trees), partial


def _tree(config: RunConfig, layout: Layout, steps: _Steps, *, held_out: bool = False) -> ClusterTree:
    return steps.make(
        ClusterTree,
        cluster.plan_tree(config.cluster, layout.origin, held_out=held_out),
        lambda: cluster.build_tree(layout, config.cluster, held_out=held_out),
        part=True,
    )


def _map(config: RunConfig, fitted: Fitted, steps: _Steps) -> Layout:
    vectors, near = fitted.embeddings, fitted.neighbors
    return steps.make(
        Layout,
        reduce.plan(config.map, near.origin, random_state=config.random_state, stage="map"),
        lambda: reduce.reduce(vectors, near, params=config.map, random_state=config.random_state, stage="map"),
    )


def _space(corpus: Corpus) -> int:
    """Bytes that a run may write: vectors, layouts and trees, and the articles themselves."""
    text = sum(table.nbytes for table in (corpus.documents, corpus.copies, corpus.removed_lines))
    return int(text) + corpus.n_docs * _BYTES_A_DOCUMENT


def _run_key(config: RunConfig, corpus: Corpus, vectors: Origin) -> str:
    """Known before any stage runs."""
    near = neighbors.plan(config.neighbors, vectors)
    seeds = reduce.seeds(config.reduce, config.random_state, n_docs=corpus.n_docs)
    layouts = [reduce.plan(config.reduce, near, random_state=seed) for seed in seeds]
    levels = cluster.plan_levels(
        config.cluster,
        trees=[cluster.plan_tree(config.cluster, layout) for layout in layouts],
        partial=cluster.plan_tree(config.cluster, layouts[0], held_out=True) if len(layouts) > 1 else None,
        neighbors=near,
    )
    clusters = cluster.plan_cut(config.cluster, levels=levels, corpus=corpus.origin, embeddings=vectors)
    counted = label.plan_counts(config.label, corpus.origin)
    found = label.plan(config.label, clusters=clusters, counted=counted, embeddings=vectors, corpus=corpus.origin)
    flat = reduce.plan(config.map, near, random_state=config.random_state, stage="map")
    return _key(config, corpus, topics=found, flat=flat)


def _key(config: RunConfig, corpus: Corpus, *, topics: Origin, flat: Origin) -> str:
    """Of all that the result files depend on: the user's own columns too, which are in them."""
    tables = (corpus.documents, corpus.copies, corpus.rejected_rows, corpus.removed_lines)
    contents = [hashlib.sha256(table_bytes(table)).hexdigest() for table in tables]
    return fingerprint([topics.key, flat.key, config.evaluate.model_dump(mode="json"), *contents])


def _claim(out: Path, name: str | None, key: str, replace: bool) -> Path:
    """The run's folder, refused where it would overwrite another run."""
    full = f"{name or 'run-'}{key[:8]}" if name is None or name.endswith("-") else name
    if not _NAME.fullmatch(full):
        raise StoreError(f"expected a plain folder name for the run, got {full!r}")
    folder = out / full
    if folder.is_symlink():
        raise StoreError(f"{str(folder)!r} is a link; links are not followed")
    try:
        found = read_manifest(folder / RUN_MANIFEST).get("key")
    except (FileNotFoundError, CorruptError):  # never finished, or not to be trusted: it is written anew
        _check_ours(folder)
        return folder
    if found != key and not replace:
        raise StoreError(
            f"{str(folder)!r} holds a run of another config or other articles; choose another --name, or pass --replace"
        )
    return folder


def _check_ours(folder: Path) -> None:
    """Refuse a folder that holds anything but what an interrupted run leaves."""
    ours = {*RUN_FILES, RUN_MANIFEST}
    if folder.exists():
        foreign = sorted(p.name for p in folder.iterdir() if p.name not in ours and p.name[0] != ".")
        if foreign:
            raise StoreError(f"{str(folder)!r} is no run's folder: it holds {foreign[0]!r}; choose another --name")


def _check_label_column(config: RunConfig, corpus: Corpus) -> None:
    column = config.evaluate.label_column
    if column is not None and label_column(config, corpus) is None:
        raise ValueError(
            f"evaluate.label_column is {column!r}, but the articles' columns are "
            f"{', '.join(map(repr, corpus.documents.column_names))}"
        )
