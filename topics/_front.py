"""What most people ask of the toolkit, in one line each: ``topics.run`` and ``topics.fit``."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from topics.config import RunConfig
from topics.errors import InputTypeError
from topics.records import Corpus

if TYPE_CHECKING:
    from topics import embed
    from topics.graph import Explained, StageTime
    from topics.runs import Run
    from topics.store import Store

_LONGEST_NAME = 60


def run(
    articles: Any,
    config: RunConfig | Mapping[str, Any] | str | Path | None = None,
    *,
    name: str | None = None,
    out: str | Path = "runs",
    replace: bool = False,
    embeddings: Any = None,
    encoder: embed.Encoder | None = None,
    progress: bool = True,
    on_read: Callable[[Corpus, StageTime], None] | None = None,
    on_stage: Callable[[str, StageTime], None] | None = None,
) -> Run:
    """A finished run over articles, written to ``out/name``.

    What is stored under ``out`` from before is not computed again, and a run that was stopped goes on where it stood.

    Parameters
    ----------
    articles : str, Path, table, list or Corpus
        Anything that :func:`topics.read` takes, or what it gave.
    config : RunConfig, mapping, str, Path or None
        Every stage's parameters; a mapping of sections, or a path to a TOML file of them. None takes the defaults.
    name : str or None
        Folder of this run; None takes the name of the file that is read, and the first digits of the run's key.
    out : str or Path
        Folder of runs.
    replace : bool
        Whether a run of another config or other articles may be replaced under this name.
    embeddings : str, Path, array-like of shape (n_rows, n_dims), mapping or None
        Vectors of your own: row i belongs to row i of the articles as they stand, or by id; or a file of them. See
        :func:`topics.embed.take_vectors` and :func:`topics.embed.load_vectors`. Round-ups stay whole where there is one
        vector a row. None encodes the articles.
    encoder : Encoder or None
        What encodes them; None takes that of ``config.embed``.
    progress : bool
        Whether to show progress bars where standard error is a terminal.
    on_read, on_stage : callable or None
        Called with the corpus and the time that reading took; with each stage's name and time when it is done.

    Raises
    ------
    TopicsError
        If the articles, the config, the vectors or the folder cannot be used; the message says what to do.

    Examples
    --------
    >>> import topics
    >>> found = topics.run("articles.jsonl", {"cluster": {"level": "theme"}})  # doctest: +SKIP
    >>> found.topics()  # doctest: +SKIP
    """
    from topics import pipeline
    from topics.graph import StageTime
    from topics.runs._format import STORE_FOLDER
    from topics.store import Store, check_writable

    check_writable(out)
    started = time.perf_counter()
    store = Store(Path(out) / STORE_FOLDER)
    settings, corpus, vectors, stored = opened(articles, config, embeddings=embeddings, store=store, progress=progress)
    if on_read:
        on_read(corpus, StageTime(time.perf_counter() - started, stored is not None and stored.all_stored))
    if name is None and isinstance(articles, (str, os.PathLike)):
        name = f"{_folder_name(Path(articles))}-"
    return pipeline.run(
        settings,
        corpus,
        out=out,
        name=name,
        replace=replace,
        embeddings=vectors,
        encoder=encoder,
        progress=progress,
        on_stage=on_stage,
        source=_source_of(articles, settings, embeddings=embeddings),
    )


def explain(
    articles: Any,
    config: RunConfig | Mapping[str, Any] | str | Path | None = None,
    *,
    out: str | Path = "runs",
    embeddings: Any = None,
    encoder: embed.Encoder | None = None,
) -> list[Explained]:
    """What :func:`run` would find stored and what it would compute, and why; the articles are read, nothing else is.

    Parameters
    ----------
    articles, config, out, embeddings, encoder
        As for :func:`run`.

    Raises
    ------
    TopicsError
        As :func:`run` does.
    """
    from topics import pipeline
    from topics.runs._format import STORE_FOLDER
    from topics.store import Store

    store = Store(Path(out) / STORE_FOLDER)
    settings, corpus, vectors, reading = opened(articles, config, embeddings=embeddings, store=store, progress=True)
    later = pipeline.explain(settings, corpus, out=out, embeddings=vectors, encoder=encoder)
    return later if reading is None else [reading, *later]


def fit(
    articles: Any,
    config: RunConfig | Mapping[str, Any] | str | Path | None = None,
    *,
    embeddings: Any = None,
    encoder: embed.Encoder | None = None,
    progress: bool = False,
) -> Run:
    """A run over articles that is not saved: its frames, its scores and the records of every stage.

    ``run.save(name=…)`` writes it as :func:`run` does.

    Parameters
    ----------
    articles, config, embeddings, encoder, progress
        As for :func:`run`.

    Raises
    ------
    TopicsError
        As :func:`run` does.
    """
    from topics import pipeline
    from topics.runs import Run

    settings, corpus, vectors, _ = opened(articles, config, embeddings=embeddings, store=None, progress=progress)
    records = pipeline.fit(settings, corpus, embeddings=vectors, encoder=encoder, with_scores=True, progress=progress)
    return Run.of(settings, records)


def opened(
    articles: Any,
    config: RunConfig | Mapping[str, Any] | str | Path | None,
    *,
    embeddings: Any,
    store: Store | None,
    progress: bool,
) -> tuple[RunConfig, Corpus, Any, Explained | None]:
    """The config, the corpus, the vectors if there are any, and of files whether their corpus was stored or why not."""
    settings = _config_of(config)
    vectors = None if embeddings is None else _vectors_of(embeddings, id_column=settings.articles.id_column)
    if isinstance(articles, Corpus):
        return settings, articles, vectors, None
    from topics import pipeline
    from topics.articles import read

    # One vector a row serves no several stories; ids may be those of stories.
    whole = vectors is not None and not any("#" in str(doc_id) for doc_id in getattr(vectors, "ids", None) or ())
    if whole:
        parameters = settings.articles.model_copy(update={"split_round_ups": False})
        settings = settings.model_copy(update={"articles": parameters})
    label_column = settings.evaluate.label_column
    if store is not None and isinstance(articles, (str, os.PathLike)):
        corpus, stored = pipeline.read(
            Path(articles), settings.articles, store=store, whole=whole, label_column=label_column, progress=progress
        )
        return settings, corpus, vectors, stored
    corpus = read(articles, settings.articles, whole=whole, label_column=label_column, progress=progress)
    return settings, corpus, vectors, None


def _source_of(articles: Any, config: RunConfig, *, embeddings: Any) -> dict[str, Any]:
    """Where the articles and vectors lie, as far as they are files, for whoever replays the run."""
    from topics.articles import source_of

    is_path, is_file = (isinstance(one, (str, os.PathLike)) for one in (articles, embeddings))
    return {
        "articles": source_of(Path(articles), config.articles) if is_path else None,
        "vectors": str(Path(embeddings).absolute()) if is_file else None,
    }


def _config_of(config: RunConfig | Mapping[str, Any] | str | Path | None) -> RunConfig:
    if config is None or isinstance(config, RunConfig):
        return config or RunConfig()
    if isinstance(config, Mapping):
        return RunConfig.from_dict(config)
    if isinstance(config, (str, os.PathLike)):
        return RunConfig.from_toml(Path(config))
    raise InputTypeError(
        f"expected config to be a RunConfig, a mapping of sections, a path to a TOML file or None, got "
        f"{type(config).__name__}: {config!r:.60}"
    )


def _vectors_of(embeddings: Any, *, id_column: str | None) -> Any:
    from topics.embed import load_vectors, take_vectors
    from topics.records import Embeddings

    if isinstance(embeddings, (str, os.PathLike)):
        return load_vectors(Path(embeddings), id_column=id_column)
    return embeddings if isinstance(embeddings, Embeddings) else take_vectors(embeddings)


def _folder_name(path: Path) -> str:
    stem = path.resolve().stem if path.name in ("", ".", "..") else path.stem
    return "".join(c if c.isalnum() or c in "._" else "-" for c in stem).strip("-.")[:_LONGEST_NAME] or "articles"
