"""Runs → their folders: a run that was computed, and one that was edited."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from topics._describe import completed
from topics._locks import locked
from topics.config import RunConfig
from topics.errors import InputError
from topics.graph import Runner, StageTime
from topics.records import Records
from topics.runs._folder import claim, run_key, space_of
from topics.runs._format import (
    FILES,
    JOURNAL_FILE,
    MANIFEST,
    NAMES_FILE,
    RECORDS_FOLDER,
    SCORES_FILE,
    STORE_FOLDER,
    TABLES,
    TABLES_ASIDE,
)
from topics.runs._found import edited_of, found_of
from topics.runs._kept import Kept, keep_edited, keep_fitted
from topics.runs._manifest import results_at_hand, results_of, run_manifest
from topics.runs._naming import announce_names, settled_names
from topics.runs._tables import tables_of
from topics.store import (
    CorruptError,
    Store,
    StoreError,
    check_writable,
    json_bytes,
    read_manifest,
    table_bytes,
    write_folder,
)

if TYPE_CHECKING:
    from topics.runs._run import Run


def write_run(
    records: Records,
    *,
    config: RunConfig,
    folder: Path,
    key: str,
    times: Mapping[str, StageTime] | None = None,
    reports: Sequence[str] = (),
    replace: bool = False,
    source: Mapping[str, Any] | None = None,
    nodes: Mapping[str, Sequence[Any]] | None = None,
    digest: Callable[[Any], str | None] | None = None,
) -> None:
    """Write a run to its folder: the records behind it, its result files, the manifest last.

    Parameters
    ----------
    records : Records
        Of every stage, the map and scores among them.
    config : RunConfig
        What they were made with.
    folder : Path
        As :func:`topics.runs._folder.claim` gave it.
    key : str
        The run's.
    times : Mapping[str, StageTime] or None
        How long each stage took; None where nobody took the time.
    reports : sequence of str
        What the store had to set aside.
    replace : bool
        Whether another run in the folder may be replaced.
    source : Mapping or None
        As for :func:`topics.runs._manifest.run_manifest`.
    nodes, digest
        As for :func:`topics.runs._manifest.results_of`; None where the records' graph is not at hand.

    Raises
    ------
    StoreError
        If the disk refuses, or another run has the folder.
    ValueError
        If there is no map, or there are no scores.
    """
    if records.map is None or records.scores is None:
        raise InputError("expected records with a map and scores, got some without: Run.save makes them")
    files = run_files(records)
    results = results_of(records.corpus, nodes, digest=digest) if nodes and digest else results_at_hand(records)
    manifest = run_manifest(
        records, config=config, title=folder.name, key=key, times=times, reports=reports,
        source=source, results=results,
    )  # fmt: skip
    with locked(folder):
        claim(folder.parent, folder.name, key=key, replace=replace)  # another run may have taken it meanwhile
        manifest["records"] = {"fitted": keep_fitted(folder, records), "edited": {}}
        _write(folder, files, manifest)


def save_records(
    records: Records, *, config: RunConfig, out: str | Path, name: str | None = None, replace: bool = False
) -> Path:
    """The folder that records at hand were written to as a run; a map and scores that are missing are made.

    Parameters
    ----------
    records : Records
        Of every other stage.
    config : RunConfig
        What they were made with.
    out, name, replace
        As in :meth:`Run.save`.

    Raises
    ------
    StoreError, ValueError
        As :meth:`Run.save` does.
    """
    check_writable(out, n_bytes=space_of(records.corpus))
    store = Store(Path(out) / STORE_FOLDER)
    runner = Runner(store)
    whole = completed(config, records, runner=runner)
    assert whole.map and whole.scores
    key = run_key(whole.corpus, topics=whole.topics.origin, flat=whole.map.origin, scores=whole.scores.origin)
    folder = claim(Path(out), name, key=key, replace=replace)
    write_run(whole, config=config, folder=folder, key=key, times=runner.times, reports=store.reports, replace=replace)
    return folder


def run_files(records: Records) -> dict[str, bytes]:
    """Content of every result file by name; the same records give the same bytes.

    Parameters
    ----------
    records : Records
        Of every stage, with a map and scores.
    """
    assert records.scores is not None
    tables = tables_of(records)
    files = {f"{name}.parquet": table_bytes(tables[name]) for name in (*TABLES, *TABLES_ASIDE)}
    files |= {SCORES_FILE: json_bytes(records.scores.values)}
    return {name: files[name] for name in FILES}


def write_edits(run: Run, *, embeddings: bool | None = None) -> bool:
    """Whether a run's edits had to be written to its folder, and its names beside it, which they are then.

    Parameters
    ----------
    run : Run
        Loaded from the folder, and edited.
    embeddings : bool or None
        As in :meth:`Run.save`.

    Raises
    ------
    StoreError
        If the disk refuses, or the run in the folder was changed since this one was loaded.
    ValueError
        If vectors are to be kept that are not there.
    """
    folder, kept = run.folder, run.kept
    if embeddings and not kept.has_embeddings:
        raise InputError(
            f"expected a run whose folder has the vectors of its documents, got {str(folder)!r}, from which they were "
            "left out: make it anew to have them"
        )
    leave_out = embeddings is False and kept.has_embeddings
    if run.journal == kept.journal and not leave_out:
        return False
    edited = bool(run.journal.of_clusters)
    files = _files(run)
    with locked(folder):
        _check_unchanged(folder, kept)
        fitted = {
            name: entry
            for name, entry in kept.manifest["records"]["fitted"].items()
            if name != "embeddings" or not leave_out
        }
        with locked(folder.parent / NAMES_FILE):
            settled_names(folder, kept.journal)
        revision = kept.manifest["revision"] + 1
        if run.journal.of_names != kept.journal.of_names:
            announce_names(folder, kept.journal, after=run.journal, revision=revision)
        manifest = {
            **kept.manifest,
            "warnings": run.warnings,
            "found": found_of(run.records, run.config),
            "records": {"fitted": fitted, "edited": keep_edited(folder, run.records) if edited else {}},
            "revision": revision,
            "saved": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
            "edited": edited_of(run.journal, run.records if edited else None),
        }
        _write(folder, files, manifest)
        with locked(folder.parent / NAMES_FILE):
            settled_names(folder, run.journal)
    return True


def _files(run: Run) -> dict[str, bytes]:
    """Result files after the edits; before the first they are those of the run as it was computed, byte for byte."""
    files = (_files_there(run) if run.journal.of_clusters == run.kept.journal.of_clusters else {}) or run_files(
        run.records
    )
    return {**files, JOURNAL_FILE: run.journal.to_bytes()} if run.journal.edits else files


def _files_there(run: Run) -> dict[str, bytes]:
    """Result files of the same clusters, as they lie in the run's folder; none where one is not what was written."""
    files = {name: (run.folder / name).read_bytes() for name in FILES if (run.folder / name).is_file()}
    said = run.kept.manifest["files"]
    same = [name for name, content in files.items() if hashlib.sha256(content).hexdigest() == said[name]["sha256"]]
    return files if len(same) == len(FILES) else {}


def _check_unchanged(folder: Path, kept: Kept) -> None:
    """Refuse to write over what another process wrote since."""
    try:
        now = read_manifest(folder / MANIFEST)
    except (FileNotFoundError, CorruptError) as error:
        raise StoreError(f"{str(folder)!r} holds the run no longer that was loaded from it ({error})") from None
    if now != kept.manifest:
        raise StoreError(
            f"{str(folder)!r} was changed by another process since this run was loaded (expected revision "
            f"{kept.manifest['revision']} of {kept.manifest['finished']}, got {now.get('revision')} of "
            f"{now.get('finished')}): load it again and make the edits on it; nothing was written"
        )


def _write(folder: Path, files: Mapping[str, bytes], manifest: Mapping[str, Any]) -> None:
    write_folder(folder, files, manifest_name=MANIFEST, manifest=manifest)
    entries = [entry for state in manifest["records"].values() for entry in state.values()]
    Store(folder / RECORDS_FOLDER).keep_only({(entry["stage"], entry["sha256"]) for entry in entries})
