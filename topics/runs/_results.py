"""What every stage of a run made, as the manifest says it: so that it can be verified later, without a store."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from topics.graph import Stage
from topics.records import Corpus, Origin, Records, digest_of, library_versions

READ = "read"
GIVEN = "given"
_OURS = {"hybrid", "sentence-transformers", "static", "lsa"}  # kinds of encoders


def results_of(
    corpus: Corpus, nodes: Mapping[str, Sequence[Any]], *, digest: Callable[[Any], str | None]
) -> dict[str, dict[str, Any]]:
    """For each stage ``determinism``, ``version``, ``libraries``, and the ``keys`` and digests of its records.

    Parameters
    ----------
    corpus : Corpus
        What was read.
    nodes : Mapping
        Planned nodes by the name of their stage, in the order of the stages.
    digest : callable
        Gives the digest of a node, or None; see :meth:`topics.graph.Runner.digest`.
    """
    results = {READ: _of_corpus(corpus)}
    for name, some in nodes.items():
        digests = [digest(node) for node in some]
        if not some or None in digests:
            continue
        stage, origin = some[0].stage, some[0].origin
        results[name] = {
            "determinism": _class_of(stage, origin) if stage else GIVEN,
            "version": origin.version,
            "libraries": dict(origin.libraries),
            "keys": [node.origin.key for node in some],
            "sha256": digests,
        }
    return results


def _class_of(stage: Stage[Any, Any], origin: Origin) -> str | None:
    """What a stage declares; nothing is known of an encoder of the user's."""
    if origin.stage != "embed":
        return stage.determinism
    every = (origin.parameters, *(origin.parameters.get(part, {}) for part in ("semantic", "lexical")))
    return stage.determinism if {held["kind"] for held in every if "kind" in held} <= _OURS else None


def results_at_hand(records: Records) -> dict[str, dict[str, Any]]:
    """The same of records without their graph, whose stages' classes are not known.

    Parameters
    ----------
    records : Records
        Such as those of a run that is saved.
    """
    results = {READ: _of_corpus(records.corpus)}
    for record in in_order(records):
        results[record.origin.stage] = {
            "determinism": None,
            "version": record.origin.version,
            "libraries": dict(record.origin.libraries),
            "keys": [record.origin.key],
            "sha256": [digest_of(record)],
        }
    return results


def stage_origins(nodes: Mapping[str, Sequence[Any]]) -> dict[str, Origin]:
    """Where the first record of each stage comes from, that of reading among them.

    Parameters
    ----------
    nodes : Mapping
        As for :func:`results_of`.
    """
    from topics.articles import read_files

    reading = Origin(READ, read_files.version, {}, (), library_versions(*read_files.libraries))
    return {READ: reading, **{name: some[0].origin for name, some in nodes.items() if some}}


def in_order(records: Records) -> list[Any]:
    """The records of one each stage, in the order of the stages; those that are not there are left out."""
    layout = records.layouts[0] if len(records.layouts) else None
    every = (
        records.embeddings, layout, records.levels, records.clusters, records.counts, records.topics, records.map,
        records.scores,
    )  # fmt: skip
    return [record for record in every if record is not None]


def _of_corpus(corpus: Corpus) -> dict[str, Any]:
    from topics.articles import read_files

    return {
        "determinism": read_files.determinism,
        "version": read_files.version,
        "libraries": library_versions(*read_files.libraries),
        "keys": [corpus.origin.key],
        "sha256": [digest_of(corpus)],
    }
