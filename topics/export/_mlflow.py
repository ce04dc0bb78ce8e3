"""Entries → MLflow's store, through its own client."""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from topics._locks import locked
from topics.errors import InputError, MissingExtraError
from topics.export._entries import Entry, entries_of
from topics.runs import Run
from topics.sweeps import Study

_KEY, _CONTENT = "topics.key", "topics.content"
_LONGEST_TAG = 5_000  # characters; MLflow's own limit is 8,000
_LONGEST_PARAM = 500  # characters; MLflow's own limit is 6,000, but its tables show a value whole
_SQLITE = "sqlite:///"
_A_PAGE = 1_000


@dataclass(frozen=True)
class Exported:
    """What an export did.

    Attributes
    ----------
    store : str
        Address of the store.
    experiment : str
        Name of MLflow's experiment.
    n_new, n_updated, n_same : int
        Runs that were made, written anew, and left as they were.
    """

    store: str
    experiment: str
    n_new: int
    n_updated: int
    n_same: int


def export_mlflow(
    source: Run | Study | str | Path, *, to: str | None = None, experiment: str = "topics", client: Any = None
) -> Exported:
    """What was exported of a run or a sweep to MLflow's store: one MLflow run a run, or a setting and seed.

    A sweep's settings lie under one parent run. What was exported before is found by its key: it is written anew where
    it has changed, and never there twice.

    Parameters
    ----------
    source : Run, Study, str or Path
        The run or sweep, or its folder.
    to : str or None
        Address of the store, as MLflow has them; None takes ``mlflow.db`` (SQLite) beside the folder.
    experiment : str
        Name of MLflow's experiment; made where it is not there.
    client : mlflow.tracking.MlflowClient or None
        The client; None makes one.

    Raises
    ------
    MissingExtraError
        If MLflow is not installed.
    StoreError
        If the folder holds neither a run nor a sweep.
    InputError
        If MLflow does not take the address.
    """
    entries = entries_of(source)
    folder = (
        Path(source) if isinstance(source, (str, Path)) else source.folder if isinstance(source, Run) else source.path
    )
    address = to or f"{_SQLITE}{folder.resolve().parent / 'mlflow.db'}"
    database = Path(address.removeprefix(_SQLITE)) if address.startswith(_SQLITE) else None
    guard: AbstractContextManager[None] = locked(database) if database else nullcontext()
    with guard:
        writer = _Writer(client or _client(address), experiment, beside=database)
        counts = [writer.write(entry) for entry in entries]
    return Exported(address, experiment, *(counts.count(kind) for kind in ("new", "updated", "same")))


class _Writer:
    """Writes entries to one experiment."""

    def __init__(self, client: Any, experiment: str, *, beside: Path | None) -> None:
        self._client = client
        found = client.get_experiment_by_name(experiment)
        if found is not None and found.lifecycle_stage == "deleted":
            raise InputError(f"MLflow's experiment {experiment!r} was deleted: restore it, or name another one")
        place = None if beside is None else (beside.resolve().parent / "mlflow-artifacts" / experiment).as_uri()
        self._experiment = (
            found.experiment_id if found else client.create_experiment(experiment, artifact_location=place)
        )
        self._there = {run.data.tags[_KEY]: run for run in self._runs() if _KEY in run.data.tags}
        self._ids = {key: run.info.run_id for key, run in self._there.items()}

    def write(self, entry: Entry) -> str:
        """Write an entry; says whether it is "new", was "updated", or is the "same" as before."""
        before = self._there.get(entry.key)
        if before is not None and before.data.tags.get(_CONTENT) == entry.content:
            return "same"
        run_id = self._ids.get(entry.key) or self._begin(entry)
        self._tell(run_id, entry, known=set(before.data.params) if before is not None else set())
        return "new" if before is None else "updated"

    def _begin(self, entry: Entry) -> str:
        tags = {_KEY: entry.key, "mlflow.runName": entry.name, "mlflow.source.name": "topics"}
        if entry.parent:
            tags["mlflow.parentRunId"] = self._ids[entry.parent]
        started = entry.started or round(time.time() * 1000)
        run = self._client.create_run(self._experiment, start_time=started, tags=tags, run_name=entry.name)
        self._ids[entry.key] = run.info.run_id
        return str(run.info.run_id)

    def _tell(self, run_id: str, entry: Entry, *, known: set[str]) -> None:
        """All of an entry; what it is content with comes last, so that half an export is done again."""
        from mlflow.entities import Metric, Param, RunTag

        now = entry.ended or round(time.time() * 1000)
        tags = {**entry.tags, **({"mlflow.note.content": entry.note} if entry.note else {})}
        self._client.log_batch(
            run_id,
            metrics=[Metric(name, value, now, 0) for name, value in entry.metrics.items()],
            params=[
                Param(name, _shortened(value, _LONGEST_PARAM))
                for name, value in entry.params.items()
                if name not in known
            ],
            tags=[RunTag(name, _shortened(value, _LONGEST_TAG)) for name, value in tags.items()],
        )
        for name, content in entry.files.items():
            self._client.log_text(run_id, content.decode("utf-8"), name)
        self._client.set_terminated(run_id, status="FAILED" if entry.failed else "FINISHED", end_time=now)
        self._client.set_tag(run_id, _CONTENT, entry.content)

    def _runs(self) -> Sequence[Any]:
        runs: list[Any] = []
        token = None
        while True:
            page = self._client.search_runs([self._experiment], max_results=_A_PAGE, page_token=token)
            runs.extend(page)
            token = page.token
            if not token:
                return runs


def _shortened(value: str, longest: int) -> str:
    """A value as long as can be shown, and how long it is; whole it is in the files."""
    return value if len(value) <= longest else f"{value[:longest]}… ({len(value):,} characters)"


def _client(address: str) -> Any:
    # MLflow counts its users over the network, unless it is told not to before it is imported
    os.environ.setdefault("MLFLOW_DISABLE_TELEMETRY", "true")
    try:
        from mlflow.exceptions import MlflowException
        from mlflow.tracking import MlflowClient
    except ImportError:
        raise MissingExtraError('to export to MLflow, its client is needed: pip install "topics[mlflow]"') from None
    if address.startswith(_SQLITE):
        Path(address.removeprefix(_SQLITE)).parent.mkdir(parents=True, exist_ok=True)
    try:
        return MlflowClient(tracking_uri=address)
    except MlflowException as error:
        raise InputError(
            f"MLflow does not take {address!r} as a store ({error.message}); expected an address such as "
            "sqlite:///runs/mlflow.db"
        ) from None
