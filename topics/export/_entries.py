"""Run or sweep → what an experiment tracker is told of it."""

from __future__ import annotations

import json
import math
import platform
from calendar import timegm
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from time import strptime
from typing import Any

import topics
from topics._dotted import dotted
from topics.records import fingerprint
from topics.runs import Run
from topics.runs._format import MANIFEST
from topics.store import csv_bytes
from topics.sweeps import Plan, Setting, Study

_TOPICS_SAID = 20
_DIGITS = 16


@dataclass(frozen=True)
class Entry:
    """A run of a tracker.

    Attributes
    ----------
    key : str
        Two entries of one key are one run of the tracker.
    name : str
        As it is shown.
    params, metrics, tags : Mapping
        By name.
    note : str
        A description in Markdown.
    started, ended : int
        Milliseconds since 1970; 0 where nobody knows.
    failed : bool
        Whether it came to nothing.
    files : Mapping[str, bytes]
        Small files by name.
    parent : str
        Key of the entry that it belongs to; empty of one that stands alone.
    """

    key: str
    name: str
    params: Mapping[str, str]
    metrics: Mapping[str, float]
    tags: Mapping[str, str]
    note: str = ""
    started: int = 0
    ended: int = 0
    failed: bool = False
    files: Mapping[str, bytes] = field(default_factory=dict)
    parent: str = ""

    @property
    def content(self) -> str:
        """First digits of the SHA-256 of all that is told, but for the files' bytes, of which the sizes count."""
        sizes = {name: len(content) for name, content in self.files.items()}
        told = [self.name, dict(self.params), dict(self.metrics), dict(self.tags), self.note, self.failed, sizes]
        return fingerprint(told)[:_DIGITS]


def entries_of(source: Run | Study | str | Path) -> list[Entry]:
    """What is told of a run, or of a sweep and each of its settings that was tried, the sweep first.

    Parameters
    ----------
    source : Run, Study, str or Path
        The run or sweep, or its folder.

    Raises
    ------
    StoreError
        If the folder holds neither.
    """
    if isinstance(source, (str, Path)):
        source = Run.load(source) if (Path(source) / MANIFEST).exists() else Study.load(source)
    return [_of_run(source)] if isinstance(source, Run) else list(_of_study(source))


def _of_run(run: Run) -> Entry:
    manifest = run.manifest
    found = run.topics()
    ended = timegm(strptime(manifest["finished"], "%Y-%m-%dT%H:%M:%SZ")) * 1000
    libraries: dict[str, str] = {}
    for stage in manifest["stages"].values():
        libraries |= stage["libraries"]
    metrics: dict[str, Any] = {name: row["value"] for name, row in run.scores.items()}
    metrics |= {"n_topics": len(found), "n_documents": manifest["corpus"]["n_documents"]}
    for name, stage in manifest["stages"].items():
        metrics[f"seconds.{name}"] = stage["seconds"]
    tags = {
        **_versions(manifest["toolkit"], libraries),
        "topics.corpus": manifest["corpus"]["key"],
        "topics.level": manifest["resolved"]["level"],
        "topics.folder": str(run.folder.resolve()),
        "topics.platform": manifest["machine"]["platform"],
    }
    files = {"topics.csv": csv_bytes(found), MANIFEST: (run.folder / MANIFEST).read_bytes()}
    rows = found.head(_TOPICS_SAID).to_dict("records")
    note = "\n".join(
        ["| topic | documents | terms |", "|---|---|---|"]
        + [f"| {row['topic']} | {row['size']} | {_markdown(', '.join(row['terms'][:6]))} |" for row in rows]
    )
    return Entry(
        key=f"run-{manifest['key']}", name=run.name, params=_params(manifest["config"]), metrics=_numbers(metrics),
        tags=_texts(tags), note=note, started=ended - round(manifest["seconds"] * 1000), ended=ended, files=files,
    )  # fmt: skip


def _of_study(study: Study) -> Iterator[Entry]:
    plan, frame = study.plan, study.results()
    key = f"sweep-{fingerprint([study.path.name, plan.settings[0].key if plan.settings else ''])[:_DIGITS]}"
    children = [
        _of_setting(plan, setting, parent=key, number=number)
        for setting, number in zip(plan.settings, frame["setting"], strict=True)
    ]
    tried = [child for child in children if child is not None]
    begun = min((child.started for child in tried if child.started), default=0)
    tried = [child if child.started else replace(child, started=begun, ended=begun) for child in tried]
    counts = {f"n_{name}": n for name, n in study.counts().items()}
    names = sorted({name for setting in plan.settings for name in setting.params})
    params = {name: ", ".join(_values(plan, name)) for name in names}
    if plan.tuning:
        row = plan.tuning.row()
        params |= {f"tune.{name}": _said(row[name]) for name in ("sampler", "seed", "settings", "objectives")}
    summary = study.summary()
    front = int(summary["front"].sum()) if len(summary) else 0
    note = (
        f"{len(plan.settings)} settings and seeds, {front} of {len(summary)} on the front: beaten by no other in "
        f"{', '.join(study.objectives)} at once."
    )
    yield Entry(
        key=key, name=study.path.name, params=params, metrics=_numbers({**counts, "n_front": front}),
        tags=_texts({**_versions(topics.__version__, {}), "topics.folder": str(study.path.resolve())}), note=note,
        started=begun,
        ended=max((child.ended for child in tried), default=0),
        files={"results.csv": csv_bytes(frame), "summary.csv": csv_bytes(summary)},
    )  # fmt: skip
    yield from tried


def _of_setting(plan: Plan, setting: Setting, *, parent: str, number: int) -> Entry | None:
    state = plan.state(setting)
    if "of" not in state:
        return None
    values, made = state.get("values", {}), state.get("made", {})
    metrics: dict[str, Any] = {name: values.get(name) for name in ("n_topics", "seconds", "new", "stored")}
    ended = int(made.get("finished", 0)) * 1000
    tags = {
        **_versions(made.get("toolkit", ""), made.get("libraries", {})),
        "topics.corpus": made.get("corpus", ""), "topics.level": values.get("level", ""),
        "topics.error": state.get("error", ""), "topics.setting": setting.key,
    }  # fmt: skip
    files = {"config.json": json.dumps(setting.config.model_dump(mode="json"), indent=1).encode()}
    if "traceback" in state:
        files["traceback.txt"] = state["traceback"].encode()
    return Entry(
        key=f"setting-{fingerprint([parent, setting.key, state['of']])[:_DIGITS]}", name=_short(plan, setting, number),
        params={**{name: _said(value) for name, value in setting.params.items()}, "random_state": str(setting.seed)},
        metrics=_numbers({**values.get("metrics", {}), **metrics}), tags=_texts(tags),
        started=ended - round(values.get("seconds", 0) * 1000), ended=ended, failed="values" not in state,
        files=files, parent=parent, note=_markdown(state.get("error", "")),
    )  # fmt: skip


def _short(plan: Plan, setting: Setting, number: int) -> str:
    """The setting's number in the sweep's results, and the seed if it differs, since tables cut names; what it sets.

    Keys are told by their last part where that is of one section alone.
    """
    names = {name for one in plan.settings for name in one.params}
    lasts = [name.rpartition(".")[2] for name in names]
    said = [
        f"{name.rpartition('.')[2] if lasts.count(name.rpartition('.')[2]) == 1 else name}={_said(value)}"
        for name, value in setting.params.items()
    ]
    seed = f" seed {setting.seed}" if len({one.seed for one in plan.settings}) > 1 or not said else ""
    return f"{number}{seed}{': ' if said else ''}{', '.join(said)}"


def _values(plan: Plan, name: str) -> list[str]:
    """The distinct values of a key, in order."""
    found = {_said(setting.params[name]): setting.params[name] for setting in plan.settings if name in setting.params}
    try:
        return sorted(found, key=lambda text: found[text])
    except TypeError:  # of several types
        return sorted(found)


def _versions(toolkit: str, libraries: Mapping[str, str]) -> dict[str, str]:
    named = {f"version.{name}": version for name, version in libraries.items() if version}
    return {"version.topics": toolkit, "version.python": platform.python_version(), **named}


def _params(config: Mapping[str, Any]) -> dict[str, str]:
    return {name: _said(value) for name, value in dotted(config).items() if value is not None}


def _said(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:.6g}"
    return value if isinstance(value, str) else json.dumps(value)


def _numbers(values: Mapping[str, Any]) -> dict[str, float]:
    """The values that are numbers; a score without a value is not told."""
    return {name: float(v) for name, v in values.items() if v is not None and math.isfinite(float(v))}


def _texts(values: Mapping[str, Any]) -> dict[str, str]:
    return {name: str(value) for name, value in values.items() if value not in (None, "")}


def _markdown(text: str) -> str:
    return text.replace("\\", "\\\\").replace("|", "\\|").replace("<", "&lt;")
