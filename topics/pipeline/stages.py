"""The stages joined: each plans its key before it runs, so what is stored is not computed again."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor

from topics import cluster, label, neighbors, reduce
from topics.config import RunConfig
from topics.pipeline.steps import Steps
from topics.pipeline.vectors import Source
from topics.records import (
    Clusters,
    ClusterTree,
    Corpus,
    Embeddings,
    Layout,
    Levels,
    Neighbors,
    Origin,
    Records,
    TermCounts,
    Topics,
    fingerprint,
)
from topics.store import table_bytes


def fit_stages(config: RunConfig, corpus: Corpus, *, source: Source, steps: Steps) -> Records:
    """The records of every stage."""
    vectors = steps.take(source.origin, lambda: source.make(steps))
    with ThreadPoolExecutor(1) as beside:  # terms are counted while layouts are made
        counting = beside.submit(
            steps.get_or_make,
            TermCounts,
            label.plan_counts(config.label, corpus.origin),
            compute=lambda: label.count(corpus, config.label),
        )
        return _cluster_and_describe(config, corpus, vectors, counting, steps)


def _cluster_and_describe(
    config: RunConfig, corpus: Corpus, vectors: Embeddings, counting: Future[tuple[TermCounts, bool]], steps: Steps
) -> Records:
    near = steps.make(
        Neighbors,
        neighbors.plan(config.neighbors, vectors.origin),
        compute=lambda: neighbors.find_neighbors(vectors, config.neighbors),
    )
    layouts, trees = _layouts_and_trees(config, vectors, near, steps)
    levels = steps.make(
        Levels,
        cluster.plan_levels(
            config.cluster,
            trees=[tree.origin for tree in trees],
            neighbors=near.origin,
            embeddings=vectors.origin,
        ),
        compute=lambda: cluster.find_levels(trees, config.cluster, neighbors=near, embeddings=vectors),
    )
    clusters = steps.make(
        Clusters,
        cluster.plan_cut(config.cluster, levels=levels.origin, corpus=corpus.origin, embeddings=vectors.origin),
        compute=lambda: cluster.cut(levels, corpus, embeddings=vectors, params=config.cluster),
    )
    counted = steps.take(label.plan_counts(config.label, corpus.origin), counting.result)
    found = describe(config, corpus, vectors=vectors, levels=levels, clusters=clusters, counted=counted, steps=steps)
    shown = (vectors, near, layouts[0], trees[0], levels, clusters, counted, found)
    return Records(
        corpus, vectors, levels, clusters, counted, found, tuple(record.origin for record in shown),
        neighbors=near, layouts=layouts, trees=trees,
    )  # fmt: skip


def describe(
    config: RunConfig,
    corpus: Corpus,
    *,
    vectors: Embeddings,
    levels: Levels,
    clusters: Clusters,
    counted: TermCounts,
    steps: Steps,
) -> Topics:
    """The clusters described."""
    origin = label.plan(
        config.label,
        clusters=clusters.origin,
        counted=counted.origin,
        embeddings=vectors.origin,
        corpus=corpus.origin,
        levels=levels.origin,
    )
    return steps.make(
        Topics,
        origin,
        compute=lambda: label.describe(
            corpus, clusters, counted=counted, embeddings=vectors, params=config.label, levels=levels
        ),
    )


def _layouts_and_trees(
    config: RunConfig, vectors: Embeddings, near: Neighbors, steps: Steps
) -> tuple[tuple[Layout, ...], tuple[ClusterTree, ...]]:
    """One layout and tree a draw. While a tree is made here, layouts that are not done yet go on in other threads."""
    from tqdm import tqdm

    params = config.reduce
    draws = reduce.draws(params, config.random_state, n_docs=len(vectors.vectors))
    planned = _planned(config, draws, near.origin)
    known = [steps.store.get(Layout, origin) if steps.store else None for origin in planned]
    missing = [draw for draw, layout in zip(draws, known, strict=True) if layout is None]
    made = reduce.reduce_each(vectors, near, params=params, draws=missing)
    layouts: list[Layout] = []
    trees: list[ClusterTree] = []
    shown = None if steps.progress and missing else True
    for layout, origin in zip(
        tqdm(known, desc="layouts", unit=" layouts", leave=False, disable=shown), planned, strict=True
    ):

        def get(layout: Layout | None = layout) -> tuple[Layout, bool]:
            if layout is not None:
                return layout, True
            new = next(made)
            if steps.store:
                steps.store.put(new)
            return new, False

        layouts.append(steps.take(origin, get, part=True))
        trees.append(_tree(config, layouts[-1], steps))
    for stage in (layouts[0].origin.stage, trees[0].origin.stage):
        steps.say(stage)
    return tuple(layouts), tuple(trees)


def _planned(config: RunConfig, draws: Sequence[reduce.Draw], near: Origin) -> list[Origin]:
    return [reduce.plan(config.reduce, near, random_state=draw.random_state, share=draw.share) for draw in draws]


def _tree(config: RunConfig, layout: Layout, steps: Steps) -> ClusterTree:
    return steps.make(
        ClusterTree,
        cluster.plan_tree(config.cluster, layout.origin),
        compute=lambda: cluster.build_tree(layout, config.cluster),
        part=True,
    )


def make_map(config: RunConfig, fitted: Records, *, steps: Steps) -> Layout:
    """The two-dimensional layout of the same neighbours."""
    vectors, near = fitted.embeddings, fitted.neighbors
    assert near is not None
    return steps.make(
        Layout,
        reduce.plan(config.map, near.origin, random_state=config.random_state, stage="map"),
        compute=lambda: reduce.reduce(vectors, near, params=config.map, random_state=config.random_state, stage="map"),
    )


def run_key(config: RunConfig, corpus: Corpus, *, vectors: Origin) -> str:
    """Key of a run, known before any stage runs."""
    near = neighbors.plan(config.neighbors, vectors)
    draws = reduce.draws(config.reduce, config.random_state, n_docs=corpus.n_docs)
    levels = cluster.plan_levels(
        config.cluster,
        trees=[cluster.plan_tree(config.cluster, layout) for layout in _planned(config, draws, near)],
        neighbors=near,
        embeddings=vectors,
    )
    clusters = cluster.plan_cut(config.cluster, levels=levels, corpus=corpus.origin, embeddings=vectors)
    counted = label.plan_counts(config.label, corpus.origin)
    found = label.plan(
        config.label, clusters=clusters, counted=counted, embeddings=vectors, corpus=corpus.origin, levels=levels
    )
    flat = reduce.plan(config.map, near, random_state=config.random_state, stage="map")
    return key_of(config, corpus, topics=found, flat=flat)


def key_of(config: RunConfig, corpus: Corpus, *, topics: Origin, flat: Origin) -> str:
    """Of all that the result files depend on: the user's own columns too, which are in them."""
    tables = (corpus.documents, corpus.copies, corpus.rejected_rows, corpus.removed_lines)
    contents = [hashlib.sha256(table_bytes(table)).hexdigest() for table in tables]
    return fingerprint([topics.key, flat.key, config.evaluate.model_dump(mode="json"), *contents])
