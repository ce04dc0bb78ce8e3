"""The only room that joins stages: the toolkit's graph, and what a caller asks of it.

:func:`topic_graph` is the whole of it, to be read top to bottom. :func:`fit` takes a corpus through the stages and
gives the records; :func:`run` also keeps every record in a store, draws the map, scores the topics and writes a run's
folder. Every record's key is known before anything runs: what is stored is not computed again, and a run that was
killed goes on where it stood.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import replace as with_fields
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

from topics import articles, cluster, embed, label, neighbors, predict, reduce
from topics._describe import describe, edit, lay_out_map
from topics._encoders import encoder_of
from topics.config import ArticlesParams, RunConfig
from topics.graph import Explained, OnStage, Record, Runner, known
from topics.records import (
    Assigner,
    Clusters,
    ClusterTree,
    Corpus,
    Embeddings,
    HeldOutTerms,
    Layout,
    Levels,
    Lexicon,
    Neighbors,
    Records,
    Scores,
    TermCounts,
    Topics,
)
from topics.runs._folder import claim, run_key, space_of, without_home
from topics.runs._format import STORE_FOLDER
from topics.runs._run import Run
from topics.runs._write import write_run
from topics.store import Store, StoreError, check_writable

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    Vectors: TypeAlias = ArrayLike | Mapping[Any, ArrayLike] | embed.UserVectors | Embeddings

T = TypeVar("T", bound=Record)

__all__ = ["Graph", "edit", "explain", "fit", "read", "records_of", "run", "save", "topic_graph", "vectors_for"]


@dataclass(frozen=True)
class Graph:
    """The nodes of the toolkit's graph. To a type checker each is the record that it stands for."""

    corpus: Corpus
    embeddings: Embeddings
    neighbors: Neighbors
    layouts: tuple[Layout, ...]
    trees: tuple[ClusterTree, ...]
    levels: Levels
    clusters: Clusters
    counts: TermCounts
    topics: Topics
    held_out: HeldOutTerms
    map: Layout
    scores: Scores
    assigner: Assigner
    lexicon: Lexicon | None
    novelty: Assigner | None

    def shown(self, *, with_scores: bool = True) -> tuple[Any, ...]:
        """The nodes that a run tells of, in the order of the stages; of several layouts and trees the first."""
        of_topics = (
            self.embeddings, self.neighbors, self.layouts[0], self.trees[0], self.levels, self.clusters, self.counts,
            self.topics,
        )  # fmt: skip
        return (*of_topics, self.map, self.scores) if with_scores else of_topics

    def for_new_texts(self) -> tuple[Any, ...]:
        """The nodes that new texts need to get vectors, and to be told from what is new, if any are needed."""
        return tuple(node for node in (self.lexicon, self.novelty) if node is not None)

    def by_stage(self) -> dict[str, tuple[Any, ...]]:
        """Every node whose record is kept, by its stage, in the order of the stages; of a hybrid also its parts."""
        parts = [node for node in getattr(self.embeddings, "parents", ()) if node.stage is not None]
        named = {
            f"embed ({node.origin.parameters['kind']})" if node.origin.stage == "embed" else node.origin.stage: (node,)
            for node in parts
        }
        return {
            **named, "embed": (self.embeddings,), "neighbors": (self.neighbors,), "reduce": self.layouts,
            "tree": self.trees, "levels": (self.levels,), "cut": (self.clusters,), "terms": (self.counts,),
            "label": (self.topics,), "held-out": (self.held_out,), "map": (self.map,), "scores": (self.scores,),
        }  # fmt: skip


def topic_graph(config: RunConfig, corpus: Corpus, *, embeddings: Embeddings) -> Graph:
    """The graph from a corpus and its embeddings to topics, scores and the map. Nothing runs here.

    Parameters
    ----------
    config : RunConfig
        Every stage's parameters.
    corpus : Corpus
        The documents, read: how many layouts there are hangs on their number.
    embeddings : Embeddings
        A node of them; see :func:`topics.embed.embed`.
    """
    documents = known(corpus)
    near = neighbors.find_neighbors(embeddings, config.neighbors)

    start = reduce.prepare(embeddings, near, params=config.reduce)
    layouts = tuple(
        reduce.lay_out(start, near, params=config.reduce, random_state=draw.random_state, share=draw.share)
        for draw in reduce.draws(config.reduce, config.random_state, n_docs=corpus.n_docs)
    )
    trees = tuple(cluster.build_tree(layout, config.cluster) for layout in layouts)
    levels = cluster.find_levels(trees, config.cluster, neighbors=near, embeddings=embeddings)
    clusters = cluster.cut(levels, documents, embeddings=embeddings, params=config.cluster)

    flat = lay_out_map(config, embeddings, neighbors=near)
    counts = label.count(documents, config.label)
    topics, held_out, scores = describe(
        config, documents, embeddings=embeddings, levels=levels, clusters=clusters, counts=counts, layout=layouts[0]
    )
    assigner = predict.freeze_assigner(embeddings, levels, clusters=clusters)
    lexicon, semantic = embed.lexicon_of(documents, embeddings), embed.semantic_of(embeddings)
    novelty = None
    if lexicon is not None and semantic is not None:
        novelty = predict.freeze_novelty(semantic, lexicon, clusters=clusters)
    return Graph(
        documents, embeddings, near, layouts, trees, levels, clusters, counts, topics, held_out, flat, scores, assigner,
        lexicon, novelty,
    )  # fmt: skip


def read(
    path: str | Path,
    params: ArticlesParams,
    *,
    store: Store | None = None,
    whole: bool = False,
    label_column: str | None = None,
    progress: bool = False,
) -> tuple[Corpus, Explained]:
    """The corpus of the articles at a path, and whether it came from the store or why it did not.

    Parameters
    ----------
    path, params, whole, label_column, progress
        As for :func:`topics.articles.read`.
    store : Store or None
        Where corpora are kept and found.

    Raises
    ------
    ArticlesError
        As :func:`topics.articles.read` does.
    StoreError
        If the disk refuses.
    """
    runner = Runner(store)
    planned = articles.read_files.node(path, params=params, whole=whole, label_column=label_column, progress=progress)
    said = runner.explain(planned)[0]
    try:
        reading = runner.get(planned)
    except articles.ChangedWhileReadError:  # what was read is of no key that is known
        return articles.read(path, params, whole=whole, label_column=label_column, progress=progress), said
    if said.all_stored and not runner.times[said.stage].stored:
        said = with_fields(said, n_stored=0, why="what was stored could not be trusted")
    return reading.corpus(), said


def fit(
    config: RunConfig,
    corpus: Corpus,
    *,
    embeddings: Vectors | None = None,
    encoder: embed.Encoder | None = None,
    store: Store | None = None,
    with_scores: bool = False,
    on_stage: OnStage | None = None,
    progress: bool = False,
) -> Records:
    """The records of every stage from the corpus to its topics.

    Parameters
    ----------
    config : RunConfig
        Every stage's parameters.
    corpus : Corpus
        The documents.
    embeddings : array-like of shape (n_rows, n_dims), mapping, UserVectors, Embeddings or None
        Vectors that the caller has; None encodes the documents. Row i is the vector of row i of what the corpus was
        read from, rejected rows and near-duplicates included; a mapping, a table with ids or a pandas object indexed
        by them is taken by id. See :func:`topics.embed.take_vectors`.
    encoder : Encoder or None
        What encodes them; None takes that of ``config.embed``.
    store : Store or None
        Where records are kept and found; None keeps nothing.
    with_scores : bool
        Whether the topics are scored and the map is laid out, too.
    on_stage : callable or None
        Called with each stage's name and time when it is done.
    progress : bool
        Whether to show progress bars where standard error is a terminal.
    """
    vectors = vectors_for(config, corpus, embeddings=embeddings, encoder=encoder)
    planned = topic_graph(config, corpus, embeddings=vectors)
    runner = Runner(store, on_stage=on_stage, progress=progress)
    shown = planned.shown(with_scores=with_scores)
    runner.take(*planned.layouts, *planned.trees, *shown, *planned.for_new_texts())
    records = records_of(runner, planned, with_scores=with_scores)
    return with_fields(
        records,
        neighbors=runner.get(planned.neighbors),
        layouts=tuple(runner.get(layout) for layout in planned.layouts),
        trees=tuple(runner.get(tree) for tree in planned.trees),
        **_for_new_texts(runner, planned),
    )


def run(
    config: RunConfig,
    corpus: Corpus,
    *,
    out: str | Path = "runs",
    name: str | None = None,
    replace: bool = False,
    embeddings: Vectors | None = None,
    encoder: embed.Encoder | None = None,
    progress: bool = False,
    on_stage: OnStage | None = None,
    source: Mapping[str, Any] | None = None,
) -> Run:
    """A finished run, written to ``out/name``.

    The same articles and config give the same files, byte for byte, but for the manifest, which holds the times. A run
    that is there already, whole and of the same config, articles and code, is given back as it is.

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
        Whether to show progress bars where standard error is a terminal.
    source : Mapping or None
        Where the articles and vectors lie, for the manifest; None where they are no files.

    Raises
    ------
    StoreError
        If ``out`` cannot be written, the name is not a plain folder name, or another run has it.
    ValueError
        If ``config.evaluate.label_column`` is not a column of the articles.
    """
    check_writable(out, n_bytes=space_of(corpus))
    vectors = vectors_for(config, corpus, embeddings=embeddings, encoder=encoder)
    planned = topic_graph(config, corpus, embeddings=vectors)
    key = run_key(corpus, topics=planned.topics.origin, flat=planned.map.origin, scores=planned.scores.origin)
    folder = claim(Path(out), name, key=key, replace=replace)
    found_at = without_home(source, folder)
    there = _finished(folder, key, config)
    if there is not None and not (replace and there.journal.edits):
        return there
    store = Store(Path(out) / STORE_FOLDER)
    runner = Runner(store, on_stage=on_stage, progress=progress)
    runner.take(
        planned.embeddings, planned.layouts[0], planned.levels, planned.clusters, planned.counts, planned.topics,
        planned.map, planned.scores, planned.assigner, *planned.for_new_texts(),
    )  # fmt: skip
    records = with_fields(
        records_of(runner, planned), assigner=runner.get(planned.assigner), **_for_new_texts(runner, planned)
    )
    nodes = planned.by_stage()
    write_run(
        records, config=config, folder=folder, key=key, times=runner.times, reports=store.reports, replace=replace,
        source=found_at, nodes=nodes, digest=runner.digest,
    )  # fmt: skip
    return Run.load(folder)


def explain(
    config: RunConfig,
    corpus: Corpus,
    *,
    out: str | Path = "runs",
    embeddings: Vectors | None = None,
    encoder: embed.Encoder | None = None,
) -> list[Explained]:
    """What :func:`run` would read from its store and what it would make, and why; nothing is made.

    Parameters
    ----------
    config, corpus, out, embeddings, encoder
        As in :func:`run`.
    """
    vectors = vectors_for(config, corpus, embeddings=embeddings, encoder=encoder)
    planned = topic_graph(config, corpus, embeddings=vectors)
    return Runner(Store(Path(out) / STORE_FOLDER)).explain(*planned.shown(), *planned.layouts, *planned.trees)


def save(
    config: RunConfig, records: Records, *, out: str | Path = "runs", name: str | None = None, replace: bool = False
) -> Run:
    """A finished run of records at hand, such as edited ones, written to ``out/name``.

    Parameters
    ----------
    config : RunConfig
        What the records were made with.
    records : Records
        From :func:`fit` or :func:`edit`; a map and scores that are not among them are made.
    out, name, replace
        As in :func:`run`.

    Raises
    ------
    StoreError, ValueError
        As in :func:`run`.
    """
    return Run.of(config, records).save(out, name=name, replace=replace)


def records_of(runner: Runner, planned: Graph, *, with_scores: bool = True) -> Records:
    """What was taken, and where every stage's record came from.

    Parameters
    ----------
    runner : Runner
        Whose :meth:`topics.graph.Runner.take` has taken the nodes.
    planned : Graph
        The nodes.
    with_scores : bool
        Whether scores and the map are among them.
    """
    return Records(
        runner.get(planned.corpus), runner.get(planned.embeddings), runner.get(planned.levels),
        runner.get(planned.clusters), runner.get(planned.counts), runner.get(planned.topics),
        tuple(runner.origin(node) for node in planned.shown(with_scores=with_scores)),
        map=runner.get(planned.map) if with_scores else None,
        scores=runner.get(planned.scores) if with_scores else None,
        layouts=(runner.get(planned.layouts[0]),),
    )  # fmt: skip


def _for_new_texts(runner: Runner, planned: Graph) -> dict[str, Any]:
    """What of the records new texts need, by its name among them."""
    nodes = {"lexicon": planned.lexicon, "novelty": planned.novelty}
    return {name: runner.get(node) for name, node in nodes.items() if node is not None}


def _finished(folder: Path, key: str, config: RunConfig) -> Run | None:
    """The run that is there, if it is the very one that is asked for, and whole."""
    try:
        there = Run.load(folder)
    except StoreError:
        return None
    if not there.kept.has_embeddings:  # they were left out, and are asked for now
        return None
    same = there.manifest.get("key") == key and there.manifest.get("config") == config.model_dump(mode="json")
    return there if same else None


def vectors_for(
    config: RunConfig, corpus: Corpus, *, embeddings: Vectors | None = None, encoder: embed.Encoder | None = None
) -> Embeddings:
    """A node of the embeddings: the caller's own vectors, or those of the caller's encoder or of the config's.

    Parameters
    ----------
    config, corpus, embeddings, encoder
        As for :func:`fit`.
    """
    if embeddings is not None:
        return known(embed.from_vectors(corpus, embeddings))
    return embed.embed(known(corpus), encoder_of(config, encoder))
