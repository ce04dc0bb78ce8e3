"""A run computed again from its articles, in nothing but memory, and a verdict a stage."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from topics.graph import Node, OnStage, Runner, StageTime
from topics.records import Corpus, Embeddings
from topics.replaying._edits import EDITED_FROM, FILES, replay_edits
from topics.replaying._inputs import inputs_of
from topics.replaying._originals import Originals
from topics.replaying._reasons import Changes, document_changes, file_changes, machine_changes, stage_changes
from topics.replaying._replayed import Replay, StageVerdict
from topics.replaying._verdicts import (
    BYTES,
    DIFFERENT,
    NOT_COMPARED,
    TOLERANCE,
    TOLERANCES,
    Difference,
    compare_records,
    worst,
)
from topics.runs._manifest import READ, machine, results_of, stage_origins
from topics.runs._run import Run

if TYPE_CHECKING:
    from topics import embed


_CONTRADICTED = "the digest in the manifest is not that of the run's own record, which is the same bytes as now"


def replay(
    run: Run | str | Path,
    articles: Any = None,
    *,
    embeddings: Any = None,
    encoder: embed.Encoder | None = None,
    kept: bool = False,
    progress: bool = True,
    on_read: Callable[[Corpus, StageTime], None] | None = None,
    on_stage: OnStage | None = None,
) -> Replay:
    """A run computed again from its articles, and for each stage how far its result is what it was.

    Nothing is read from a store and nothing is written: the run and what lies beside it stay as they are.

    Parameters
    ----------
    run : Run, str or Path
        A run that is kept in a folder, or the folder.
    articles : str, Path, table, list, Corpus or None
        Its articles; None takes them from where they lay when the run was made.
    embeddings : str, Path, array-like of shape (n_rows, n_dims), mapping or None
        The vectors that it was made with, of a run of the caller's own vectors; None as for ``articles``.
    encoder : Encoder or None
        The encoder that it was made with, of a run of the caller's own encoder.
    kept : bool
        Whether to begin with the documents that the run's folder holds instead of its articles, and with the vectors
        in it where they were the caller's own, so that reading is not compared.
    progress : bool
        Whether to show progress bars where standard error is a terminal.
    on_read, on_stage : callable or None
        As for :func:`topics.run`.

    Raises
    ------
    TopicsError
        If there is no such run, or its articles, vectors or encoder are not there; the message says what to pass.

    Examples
    --------
    >>> import topics
    >>> found = topics.replay("runs/articles-30ee2acf")  # doctest: +SKIP
    >>> found.verdict, found.first  # doctest: +SKIP
    ('same bytes', None)
    """
    from topics import pipeline

    loaded = run if isinstance(run, Run) else Run.load(run)
    originals = Originals(loaded.kept)
    started = time.perf_counter()
    corpus, vectors, source = inputs_of(
        loaded, articles, embeddings=embeddings, encoder=encoder, kept=kept, progress=progress
    )
    if on_read:
        on_read(corpus, StageTime(time.perf_counter() - started, kept))
    planned = pipeline.topic_graph(
        loaded.config, corpus, embeddings=_vectors(loaded, corpus, vectors=vectors, encoder=encoder)
    )
    runner = Runner(None, on_stage=on_stage, progress=progress)
    nodes = planned.by_stage()
    runner.take(*(node for some in nodes.values() for node in some))
    changed = _changes(originals, corpus, source=source, nodes=nodes)
    verdicts = _fitted(originals, corpus, nodes=nodes, runner=runner, changed=changed, kept=kept)
    made = pipeline.records_of(runner, planned)
    after = replay_edits(loaded.kept, made, originals=originals, corpus_is_same=verdicts[0].verdict == BYTES)
    diverged = [one.stage for one in verdicts if one.diverged]
    for name, difference in after:
        parents = diverged if name == FILES else [one for one in diverged if one in EDITED_FROM]
        verdicts.append(_judged(name, None, difference, originals, changed=changed, parents=parents))
        diverged += [name] if verdicts[-1].diverged else []
    return Replay(loaded.folder, tuple(verdicts), changed, _notes(originals))


def _vectors(run: Run, corpus: Corpus, *, vectors: Any, encoder: embed.Encoder | None) -> Embeddings:
    """A node of the vectors; tables of the user's cache are not used, as they were made by another process."""
    from topics import embed, pipeline

    if vectors is None and encoder is None:
        encoder = embed.encoder_for(run.config.embed)
    return pipeline.vectors_for(run.config, corpus, embeddings=vectors, encoder=encoder)


def _changes(
    originals: Originals, corpus: Corpus, *, source: Mapping[str, Any] | None, nodes: Mapping[str, Sequence[Node]]
) -> Changes:
    manifest = originals.manifest
    files = file_changes((manifest.get("source") or {}).get("articles"), source)
    documents = document_changes(originals.corpus, corpus) if originals.corpus is not None else ()
    return Changes(
        (*files, *documents),
        machine_changes(manifest["machine"], machine()),
        stage_changes(manifest, stage_origins(nodes)),
    )


def _fitted(
    originals: Originals,
    corpus: Corpus,
    *,
    nodes: Mapping[str, Sequence[Any]],
    runner: Runner,
    changed: Changes,
    kept: bool,
) -> list[StageVerdict]:
    """The verdict on reading and on every stage of the graph."""
    verdicts = []
    results = results_of(corpus, nodes, digest=runner.digest)
    diverged: dict[str, None] = {}
    for name, result in results.items():
        some = nodes.get(name, ())
        taken = kept and (name == READ or any(node.stage is None for node in some))
        made = [corpus] if name == READ else [runner.get(node) for node in some]
        difference = (
            Difference(NOT_COMPARED, "taken from the run's folder")
            if taken
            else _compared(originals, name, digests=result["sha256"], made=made, nodes=some)
        )
        for node in some:
            _look_at_store(originals, name, node)
        parents = [READ] if name != READ and not some[0].parents else _parents(some, nodes)
        parents = [parent for parent in parents if parent in diverged]
        verdicts.append(_judged(name, result["determinism"], difference, originals, changed=changed, parents=parents))
        if verdicts[-1].verdict not in (BYTES, NOT_COMPARED):
            diverged[name] = None
    return verdicts


def _compared(
    originals: Originals, name: str, *, digests: Sequence[str], made: Sequence[Any], nodes: Sequence[Node]
) -> Difference:
    before = originals.digests(name)
    if before == list(digests):
        return Difference(BYTES)
    if before is not None and len(before) != len(digests):
        return Difference(DIFFERENT, f"{len(before)} records before and {len(digests)} now")
    own = originals.records(name, type(made[0]), n=len(made))
    if own == [None] and len(nodes) == 1:
        own = [originals.of_parts(name, nodes[0])]
    if before is None and not any(record is not None for record in own):
        return Difference(NOT_COMPARED, "no digest was recorded, and the record is not kept")
    found = []
    for i, (record, now) in enumerate(zip(own, made, strict=True)):
        if before is not None and before[i] == digests[i]:
            found.append(Difference(BYTES))
        elif record is not None:
            difference = compare_records(record, now, tolerance=TOLERANCES.get(name.partition(" ")[0], TOLERANCE))
            contradicted = before is not None and difference.verdict == BYTES
            found.append(Difference(DIFFERENT, _CONTRADICTED) if contradicted else difference)
        elif before is not None:
            found.append(Difference(DIFFERENT, "how much is not known: the run's own record is not at hand"))
    return worst(found)


def _judged(
    name: str,
    determinism: str | None,
    difference: Difference,
    originals: Originals,
    *,
    changed: Changes,
    parents: Sequence[str],
) -> StageVerdict:
    is_other = difference.verdict not in (BYTES, NOT_COMPARED)
    reasons = changed.of(name, determinism=determinism, parents=parents) if is_other else ()
    return StageVerdict(name, determinism, difference, reasons, tuple(originals.damage.get(name, ())))


def _parents(some: Sequence[Node], nodes: Mapping[str, Sequence[Node]]) -> list[str]:
    """Names of the stages whose records these are made of; a stage whose record is not kept stands for its own."""
    names = {node.origin.key: name for name, of_name in nodes.items() for node in of_name}
    waiting, found = [parent for node in some for parent in node.parents], dict[str, None]()
    while waiting:
        node = waiting.pop()
        if node.origin.key in names:
            found[names[node.origin.key]] = None
        elif node.stage is None:
            found[READ] = None
        else:
            waiting += node.parents
    return [name for name in (READ, *nodes) if name in found]


def _look_at_store(originals: Originals, name: str, node: Node) -> None:
    """Note what of the store beside the run is damaged: the node's record, or the parts that it is made of."""
    if node.stage is None:
        return
    if node.stage.stored:
        said = originals.results.get(name, {"keys": [node.origin.key]})
        originals.look_at_store(name, node.stage.record, keys=said["keys"], stored_as=node.origin.stage)
    elif node.stage.parts is not None:
        known = {argument: getattr(value, "record", value) for argument, value in node.arguments.items()}
        for part in node.stage.parts(known):
            originals.look_at_store(name, Embeddings, keys=[part.key], stored_as=part.stage)


def _notes(originals: Originals) -> tuple[str, ...]:
    if originals.results:
        return ()
    return (
        "no digests were recorded with this run, which was made before manifests held them: it was compared with the "
        "records in its folder and in the store beside it",
    )
