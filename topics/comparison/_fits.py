"""Two configs over one corpus, each under the same seeds; what they share is computed once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from topics import pipeline
from topics._describe import human_labels
from topics.comparison._sides import Member, Side
from topics.config import RunConfig
from topics.graph import Runner
from topics.records import Corpus
from topics.runs import Run
from topics.runs._format import STORE_FOLDER
from topics.store import Store, check_writable
from topics.sweeps import Setting, settings_of

OnFit = Callable[[str, Setting, int], object]


def fitted_sides(
    configs: Sequence[RunConfig],
    articles: Any,
    *,
    seeds: int | Sequence[int],
    out: str | Path,
    embeddings: Any = None,
    encoder: Any = None,
    runs: Sequence[Run | None] = (None, None),
    titles: Sequence[str] = ("A", "B"),
    progress: bool = False,
    on_fit: OnFit | None = None,
) -> tuple[Side, Side]:
    """Both sides, fitted under every seed; stages that are stored under ``out`` are not computed again.

    Parameters
    ----------
    configs : sequence of two RunConfig
        Of the sides; their own seed is the first of a number of seeds.
    articles : str, Path, table, list, Corpus or None
        As for :func:`topics.run`; None takes the documents of the first run.
    seeds : int or sequence of int
        How many seeds from the first config's on, or which.
    out : str or Path
        Folder of runs, whose store is used.
    embeddings, encoder
        As for :func:`topics.run`, for both.
    runs : sequence of two Run or None
        Finished runs that the configs are of: their vectors are used where the config's would be the same.
    titles : sequence of two str
        What the sides are called.
    progress : bool
        Whether to show progress bars.
    on_fit : callable or None
        Called with the side's title, the setting and its number of topics.

    Raises
    ------
    TopicsError
        As :func:`topics.run` does.
    """
    check_writable(out)
    store = Store(Path(out) / STORE_FOLDER)
    runner = Runner(store, progress=progress)
    plans: list[list[tuple[Setting, Corpus, pipeline.Graph]]] = []
    opened_by: dict[str, tuple[Corpus, Any]] = {}
    first = settings_of({"config": configs[0].model_dump(mode="json"), "seeds": seeds})
    for config in configs:
        corpus, vectors = _corpus_of(config, articles, runs=runs, embeddings=embeddings, store=store, by=opened_by)
        settings = settings_of({"config": config.model_dump(mode="json"), "seeds": [one.seed for one in first]})
        planned = pipeline.vectors_for(config, corpus, embeddings=vectors, encoder=encoder)
        plans.append([(one, corpus, pipeline.topic_graph(one.config, corpus, embeddings=planned)) for one in settings])
    stay = {
        record.origin.key
        for plan in plans
        for _, _, graph in plan
        for record in (graph.corpus, graph.embeddings, graph.neighbors, graph.counts)
    }
    sides = []
    for title, plan in zip(titles, plans, strict=True):
        members = []
        for setting, corpus, graph in plan:
            members.append(_member(runner, graph, setting=setting, corpus=corpus))
            runner.keep_only(stay)
            if on_fit:
                on_fit(title, setting, int(members[-1].labels.max()) + 1)
        sides.append(Side(title, tuple(members)))
    return sides[0], sides[1]


def _corpus_of(
    config: RunConfig,
    articles: Any,
    *,
    runs: Sequence[Run | None],
    embeddings: Any,
    store: Store,
    by: dict[str, tuple[Corpus, Any]],
) -> tuple[Corpus, Any]:
    """The documents and the vectors that are there: those of the caller, or of a run of the same encoder."""
    from topics._front import opened

    if articles is not None:
        key = config.articles.model_dump_json()
        if key not in by:
            _, corpus, vectors, _ = opened(articles, config, embeddings=embeddings, store=store, progress=False)
            by[key] = (corpus, vectors)
        return by[key]
    there = [run for run in runs if run is not None]
    corpus = there[0].fitted.corpus
    for run in there:
        same = run.config.embed == config.embed and run.fitted.corpus.corpus_key == corpus.corpus_key
        if embeddings is None and same and (run.path is None or run.kept.has_embeddings):
            return corpus, run.fitted.embeddings
    return corpus, embeddings


def _member(runner: Runner, graph: pipeline.Graph, *, setting: Setting, corpus: Corpus) -> Member:
    import pandas as pd

    runner.take(graph.clusters, graph.topics, graph.held_out, graph.counts, graph.scores)
    clusters, found = runner.get(graph.clusters), runner.get(graph.topics)
    labels = pd.Series(clusters.labels.astype("int64"), index=list(corpus.doc_ids))
    labels.attrs = {"ordered": False}
    column = setting.config.evaluate.label_column
    truth = None if column is None else human_labels(corpus, column)
    columns = (found.table.column(name).to_pylist() for name in ("topic", "terms"))
    return Member(
        labels,
        {name: row["value"] for name, row in runner.get(graph.scores).values.items() if row["value"] is not None},
        dict(zip(*columns, strict=True)),
        setting.seed,
        runner.get(graph.held_out),
        runner.get(graph.counts),
        None if truth is None else truth.values,
    )
