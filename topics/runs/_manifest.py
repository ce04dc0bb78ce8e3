"""What ``run.json`` says of a run: its config, corpus and machine, and what every stage made, to be verified later."""

from __future__ import annotations

import platform
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import topics
from topics._blocks import n_workers
from topics.config import RunConfig
from topics.graph import Stage, StageTime
from topics.records import Corpus, Origin, Records, digest_of, library_versions
from topics.reduce import draws
from topics.runs._format import FORMAT
from topics.runs._found import found_of

READ = "read"
GIVEN = "given"
_OURS = {"hybrid", "sentence-transformers", "static", "lsa"}  # kinds of encoders


def run_manifest(
    records: Records,
    *,
    config: RunConfig,
    title: str,
    key: str | None = None,
    times: Mapping[str, StageTime] | None = None,
    reports: Sequence[str] = (),
    source: Mapping[str, Any] | None = None,
    results: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Format, key, source, config, corpus, stages, results, machine, warnings and times.

    Parameters
    ----------
    records : Records
        The records of every stage.
    config : RunConfig
        The run's config.
    title : str
        What the map's page is headed by: the name that the folder is made under.
    key : str or None
        The run's key; None of a run that is not kept.
    times : Mapping[str, StageTime] or None
        How long each stage took; None where nobody took the time.
    reports : sequence of str
        What the store had to set aside.
    source : Mapping or None
        Where the articles and vectors lie: ``articles`` (see :func:`topics.articles.source_of`) and ``vectors``, as
        :func:`topics.runs._folder.without_home` says it; None where they are no files.
    results : Mapping or None
        What every stage made; see :func:`results_of`.
    """
    times = times or {}
    return {
        "format": FORMAT,
        "toolkit": topics.__version__,
        "title": title,
        "key": key,
        "config": config.model_dump(mode="json"),
        "source": None if source is None else dict(source),
        "corpus": _of_corpus(records.corpus),
        "resolved": {
            "min_cluster_size": records.clusters.min_cluster_size,
            "min_samples": records.clusters.min_samples,
            "level": records.clusters.level,
            "seeds": [
                draw.random_state for draw in draws(config.reduce, config.random_state, n_docs=records.corpus.n_docs)
            ],
            "layout": records.layouts[0].method if records.layouts else None,
            "lexical_weight": records.embeddings.lexical_weight,
        },
        "stages": {
            origin.stage: {
                "key": origin.key,
                "version": origin.version,
                "parameters": dict(origin.parameters),
                "libraries": dict(origin.libraries),
                **_time_of(times.get(origin.stage)),
            }
            for origin in records.origins
        },
        "results": dict(results or {}),
        "found": found_of(records, config),
        "machine": machine(),
        "warnings": [*records.notes(), *reports],
        "reports": list(reports),
        "finished": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "seconds": round(sum(stage.seconds for stage in times.values()), 3),
        "revision": 0,
        "edited": None,
    }


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
    results = {READ: _reading(corpus)}
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
    results = {READ: _reading(records.corpus)}
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


def _reading(corpus: Corpus) -> dict[str, Any]:
    from topics.articles import read_files

    return {
        "determinism": read_files.determinism,
        "version": read_files.version,
        "libraries": library_versions(*read_files.libraries),
        "keys": [corpus.origin.key],
        "sha256": [digest_of(corpus)],
    }


def machine() -> dict[str, Any]:
    """What this process computes with: ``python, platform, cpu, kernels, torch`` (None if not loaded), ``threads``."""
    return {
        "python": platform.python_version(),
        "platform": platform.platform(),
        "cpu": _cpu(),
        "kernels": _kernels(),
        "torch": _torch_kernels(),
        "threads": n_workers(),
    }


def _of_corpus(corpus: Corpus) -> dict[str, Any]:
    return {
        "key": corpus.origin.key,
        "n_documents": corpus.n_docs,
        "n_copies": corpus.copies.num_rows,
        "n_rejected": corpus.rejected_rows.num_rows,
        "n_removed_lines": corpus.removed_lines.num_rows,
        "languages": corpus.languages,
    }


def _time_of(time_of_stage: StageTime | None) -> dict[str, Any]:
    """Seconds, and whether the record was stored; of a record that was at hand neither is known."""
    return {
        "seconds": time_of_stage and round(time_of_stage.seconds, 3),
        "stored": time_of_stage and time_of_stage.stored,
    }


def _kernels() -> list[str]:
    """What matrix products were computed with: each BLAS library that is loaded, and the kernel it chose."""
    from threadpoolctl import threadpool_info

    loaded = [info for info in threadpool_info() if info["user_api"] == "blas"]
    names = {f"{info['internal_api']} {info['version']} {info.get('architecture', '')}".strip() for info in loaded}
    return sorted(names)


def _torch_kernels() -> str | None:
    torch = sys.modules.get("torch")
    return str(torch.backends.cpu.get_cpu_capability()) if torch is not None else None


def _cpu() -> str:
    try:
        for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    except OSError:
        return platform.processor() or "unknown"
    return platform.processor() or "unknown"
