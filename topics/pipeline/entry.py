"""What a caller asks of the pipeline: fit, run, edit, save, and the map."""

from __future__ import annotations

from dataclasses import replace as replace_fields
from pathlib import Path
from typing import TYPE_CHECKING

from topics import embed, reduce
from topics._locks import locked
from topics.config import RunConfig
from topics.pipeline.stages import describe, fit_stages, key_of, make_map, run_key
from topics.pipeline.steps import OnStage, Steps
from topics.pipeline.vectors import source_of
from topics.records import Clusters, Corpus, Layout, Records
from topics.runs.folder import check_label_column, claim, space_of
from topics.runs.format import MANIFEST, STORE_FOLDER
from topics.runs.run import Run
from topics.runs.write import run_files, run_manifest
from topics.store import Store, check_writable, write_folder

if TYPE_CHECKING:
    from topics.pipeline.vectors import Vectors


def fit(
    config: RunConfig,
    corpus: Corpus,
    *,
    embeddings: Vectors | None = None,
    encoder: embed.Encoder | embed.Hybrid | None = None,
    store: Store | None = None,
    on_stage: OnStage | None = None,
) -> Records:
    """The records of every stage, from the corpus to its topics.

    Parameters
    ----------
    config : RunConfig
        Every stage's parameters.
    corpus : Corpus
        The documents.
    embeddings : array-like of shape (n_rows, n_dims), mapping, GivenVectors, Embeddings or None
        Vectors that the caller has; None encodes the documents. Row i is the vector of row i of what the corpus was
        read from, rejected rows and near-duplicates included; a mapping, a table with ids or a pandas object indexed
        by them is taken by id. See :func:`topics.embed.take_vectors`.
    encoder : Encoder, Hybrid or None
        What encodes them; None takes that of ``config.embed``.
    store : Store or None
        Where records are kept and found; None keeps nothing.
    on_stage : callable or None
        Called with each stage's name and time when it is done.
    """
    return fit_stages(
        config,
        corpus,
        source=source_of(config, corpus, embeddings=embeddings, encoder=encoder),
        steps=Steps(store, on_stage),
    )


def map_layout(
    config: RunConfig, fitted: Records, *, store: Store | None = None, on_stage: OnStage | None = None
) -> Layout:
    """The two-dimensional layout of the same neighbours, for the eye.

    Parameters
    ----------
    config : RunConfig
        Its ``map`` section and seed.
    fitted : Records
        What :func:`fit` gave.
    store : Store or None
        Where the layout is kept and found.
    on_stage : callable or None
        As in :func:`fit`.
    """
    return make_map(config, fitted, steps=Steps(store, on_stage))


def run(
    config: RunConfig,
    corpus: Corpus,
    *,
    out: str | Path = "runs",
    name: str | None = None,
    replace: bool = False,
    embeddings: Vectors | None = None,
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
    check_writable(out, n_bytes=space_of(corpus))
    check_label_column(config, corpus)
    steps = Steps(Store(Path(out) / STORE_FOLDER), on_stage, progress=progress)
    source = source_of(config, corpus, embeddings=embeddings, encoder=encoder)
    key = run_key(config, corpus, vectors=source.origin)
    folder = claim(Path(out), name, key=key, replace=replace)
    fitted = fit_stages(config, corpus, source=source, steps=steps)
    return _write(config, fitted, key, folder=folder, replace=replace, steps=steps)


def edit(config: RunConfig, fitted: Records, *, clusters: Clusters) -> Records:
    """The records with other clusters, described anew; those that were fitted are as they were.

    Parameters
    ----------
    config : RunConfig
        Its ``label`` section.
    fitted : Records
        What :func:`fit` gave.
    clusters : Clusters
        Such as :func:`topics.cluster.merge`, ``split``, ``move`` and ``drop`` make of ``fitted.clusters``.
    """
    steps = Steps(None, None)
    found = describe(
        config,
        fitted.corpus,
        vectors=fitted.embeddings,
        levels=fitted.levels,
        clusters=clusters,
        counted=fitted.counts,
        steps=steps,
    )
    origins = {origin.stage: origin for origin in fitted.origins if origin.stage != fitted.clusters.origin.stage}
    origins |= {record.origin.stage: record.origin for record in (clusters, found)}
    return replace_fields(fitted, clusters=clusters, topics=found, origins=tuple(origins.values()))


def save(
    config: RunConfig, fitted: Records, *, out: str | Path = "runs", name: str | None = None, replace: bool = False
) -> Run:
    """A finished run of records at hand, such as edited ones, written to ``out/name``.

    Parameters
    ----------
    config : RunConfig
        What the records were made with.
    fitted : Records
        From :func:`fit` or :func:`edit`.
    out, name, replace
        As in :func:`run`.

    Raises
    ------
    StoreError, ValueError
        As in :func:`run`.
    """
    check_writable(out, n_bytes=space_of(fitted.corpus))
    check_label_column(config, fitted.corpus)
    steps = Steps(Store(Path(out) / STORE_FOLDER), None)
    assert fitted.neighbors is not None
    flat = reduce.plan(config.map, fitted.neighbors.origin, random_state=config.random_state, stage="map")
    key = key_of(config, fitted.corpus, topics=fitted.topics.origin, flat=flat)
    folder = claim(Path(out), name, key=key, replace=replace)
    return _write(config, fitted, key, folder=folder, replace=replace, steps=steps)


def _write(config: RunConfig, fitted: Records, key: str, *, folder: Path, replace: bool, steps: Steps) -> Run:
    flat = make_map(config, fitted, steps=steps)
    files = run_files(fitted, flat, config=config, folder=folder)
    manifest = run_manifest(
        fitted, flat, config=config, key=key, times=steps.times, reports=steps.store.reports if steps.store else []
    )
    with locked(folder):
        claim(folder.parent, folder.name, key=key, replace=replace)  # another run may have taken it meanwhile
        write_folder(folder, files, manifest_name=MANIFEST, manifest=manifest)
        return Run.load(folder)
