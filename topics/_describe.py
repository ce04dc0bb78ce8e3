"""What is said of clusters: their topics, held-out terms and scores, and the map beside them.

The stages that :mod:`topics.pipeline` joins to these for a fit are joined here for clusters that were edited, too.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace as with_fields

from topics import cluster, evaluate, label, reduce
from topics._say import no_label_column
from topics.config import RunConfig
from topics.errors import InputError
from topics.graph import Runner, known
from topics.records import (
    Clusters,
    Corpus,
    Embeddings,
    HeldOutTerms,
    HumanLabels,
    Layout,
    Levels,
    Neighbors,
    Origin,
    Records,
    Scores,
    TermCounts,
    Topics,
)
from topics.store import table_bytes


def describe(
    config: RunConfig,
    corpus: Corpus,
    *,
    embeddings: Embeddings,
    levels: Levels,
    clusters: Clusters,
    counts: TermCounts,
    layout: Layout | None,
) -> tuple[Topics, HeldOutTerms, Scores]:
    """Nodes of what is said of clusters.

    Parameters
    ----------
    config : RunConfig
        Its ``label`` and ``evaluate`` sections.
    corpus : Corpus
        A node of the documents.
    embeddings, levels, clusters, counts
        Records of them, or nodes.
    layout : Layout or None
        The first, whose density the scores ask for.

    Raises
    ------
    ValueError
        If ``config.evaluate.label_column`` is not a column of the articles.
    """
    topics = label.describe(corpus, clusters, counts=counts, embeddings=embeddings, levels=levels, params=config.label)
    held_out = label.choose_on_half(corpus, clusters, counts=counts, embeddings=embeddings, params=config.label)
    column = config.evaluate.label_column
    truth = None if column is None else human_labels(getattr(corpus, "record", corpus), column)
    scores = evaluate.score_run(
        clusters, topics, corpus=corpus, levels=levels, counts=counts, embeddings=embeddings, layout=layout,
        held_out=held_out, truth=truth,
    )  # fmt: skip
    return topics, held_out, scores


def lay_out_map(config: RunConfig, embeddings: Embeddings, *, neighbors: Neighbors) -> Layout:
    """A node of the documents in two dimensions.

    Parameters
    ----------
    config : RunConfig
        Its ``map`` section and seed.
    embeddings, neighbors
        Nodes of them.
    """
    start = reduce.prepare(embeddings, neighbors, params=config.map)
    return reduce.lay_out_map(start, neighbors, params=config.map, random_state=config.random_state)


def human_labels(corpus: Corpus, column: str) -> HumanLabels:
    """The label of each document; None for the stories of a round-up, of which a page's one label says nothing.

    Parameters
    ----------
    corpus : Corpus
        The documents.
    column : str
        The user's column of labels, which the corpus may have set apart by ``_given``.

    Raises
    ------
    ValueError
        If there is no such column.
    """
    import pyarrow as pa

    names = corpus.documents.column_names
    own = next((name for name in (f"{column}_given", column) if name in names), None)
    if own is None:
        raise InputError(no_label_column(column, names))
    labels, parents = corpus.documents.column(own), corpus.documents.column("parent_id").to_pylist()
    values = [value if parent is None else None for value, parent in zip(labels.to_pylist(), parents, strict=True)]
    content = hashlib.sha256(table_bytes(pa.table({"label": labels}))).hexdigest()
    return HumanLabels(corpus.corpus_key, tuple(values), Origin("human-labels", 1, {}, (content,), {}))


def edit(config: RunConfig, records: Records, *, clusters: Clusters) -> Records:
    """The records with other clusters, described and scored anew; those that were fitted are as they were.

    Parameters
    ----------
    config : RunConfig
        Its ``label`` and ``evaluate`` sections.
    records : Records
        What :func:`topics.pipeline.fit` gave, or a run's.
    clusters : Clusters
        Such as :func:`topics.cluster.merge`, ``split``, ``move`` and ``drop`` make of ``records.clusters``.
    """
    topics, scores = _of_records(config, records, clusters=clusters)
    runner = Runner()
    found, scored = runner.get(topics), runner.get(scores) if records.scores else None
    new = [clusters.origin, found.origin, *([scored.origin] if scored else [])]
    gone = {records.clusters.origin.stage, *(origin.stage for origin in new)}
    kept = [origin for origin in records.origins if origin.stage not in gone]
    return with_fields(records, clusters=clusters, topics=found, scores=scored, origins=(*kept, *new))


def at_level(config: RunConfig, records: Records, *, level: str) -> Records:
    """The records with the clusters of another level, described; they are not scored.

    Parameters
    ----------
    config : RunConfig
        Its ``cluster`` and ``label`` sections.
    records : Records
        What :func:`topics.pipeline.fit` gave, or a run's as they were fitted.
    level : str
        Name of a level.

    Raises
    ------
    ValueError
        If there is no level of that name.
    """
    params = config.cluster.model_copy(update={"level": level})
    clusters = cluster.cut(records.levels, records.corpus, embeddings=records.embeddings, params=params)
    return edit(config, with_fields(records, scores=None), clusters=clusters)


def completed(config: RunConfig, records: Records, *, runner: Runner) -> Records:
    """The records with a map and scores, which are made where they are not among them.

    Parameters
    ----------
    config : RunConfig
        What the records were made with.
    records : Records
        Of every other stage.
    runner : Runner
        That makes them.

    Raises
    ------
    ValueError
        If there is no map, and no neighbors to draw it of.
    """
    flat, scores = records.map, records.scores
    if flat is None:
        if records.neighbors is None:
            raise InputError("expected records with neighbors to draw the map of, got some without")
        flat = runner.get(lay_out_map(config, known(records.embeddings), neighbors=known(records.neighbors)))
    if scores is None:
        scores = runner.get(_of_records(config, records, clusters=records.clusters)[1])
    stages = {origin.stage for origin in records.origins}
    new = [record.origin for record in (flat, scores) if record.origin.stage not in stages]
    return with_fields(records, map=flat, scores=scores, origins=(*records.origins, *new))


def _of_records(config: RunConfig, records: Records, *, clusters: Clusters) -> tuple[Topics, Scores]:
    """Nodes of the topics and the scores of clusters, with the other records as they are."""
    topics, _, scores = describe(
        config, known(records.corpus), embeddings=records.embeddings, levels=records.levels, clusters=clusters,
        counts=records.counts, layout=records.layouts[0] if records.layouts else None,
    )  # fmt: skip
    return topics, scores
