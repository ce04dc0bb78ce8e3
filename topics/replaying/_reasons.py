"""Why a stage of a replay gave another result: what can be seen to have changed since the run was made."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from topics._dotted import dotted
from topics._say import count
from topics.graph import changes
from topics.records import Corpus, Origin

if TYPE_CHECKING:
    import pyarrow as pa

_NAMED = 3
_OF_ARITHMETIC = ("kernels", "torch", "cpu", "threads", "python", "platform")
"""Of the machine, in the order in which they are likelier to change a result."""
_TEXT = ("title", "text", "lang", "parent_id", "copies")
UNSEEN = (
    "nothing is seen to have changed: neither articles, config, code, libraries nor machine; what the run was made of "
    "may not have been what its stage makes"
)


@dataclass(frozen=True)
class Changes:
    """What has changed since a run was made.

    Attributes
    ----------
    data : tuple of str
        Files and documents of the articles.
    machine : tuple of str
        The processor and what computes on it, the likeliest reason first.
    stages : Mapping
        By stage, its code, settings and libraries.
    """

    data: tuple[str, ...]
    machine: tuple[str, ...]
    stages: Mapping[str, tuple[str, ...]]

    def of(self, stage: str, *, determinism: str | None, parents: Sequence[str]) -> tuple[str, ...]:
        """Why a stage may have given another result, the likeliest reason first.

        Parameters
        ----------
        stage : str
            Whose result is another.
        determinism : str or None
            What it declares; a stage that says nothing may be changed by the machine.
        parents : sequence of str
            Stages that it was made of whose results are others, too.
        """
        own = self.stages.get(stage, ())
        if stage == "read":
            return (*self.data, *own) or self.machine or (UNSEEN,)
        if parents:
            return (f"made of {', '.join(parents)}, which diverged", *own)
        if own:
            return (*own, *self.machine) if determinism != "bytes" else own
        return self.machine or (UNSEEN,)


def stage_changes(before: Mapping[str, Any], now: Mapping[str, Origin]) -> dict[str, tuple[str, ...]]:
    """By stage, how its code, settings and libraries are others than those of a run.

    Parameters
    ----------
    before : Mapping
        The run's manifest.
    now : Mapping of str to Origin
        Where each stage's record comes from in the replay.
    """
    found = {}
    for name, origin in now.items():
        said = {**before.get("stages", {}).get(name, {}), **before.get("results", {}).get(name, {})}
        if not said:
            continue
        parameters = said.get("parameters", origin.parameters)
        was = replace(
            origin, version=said["version"], parameters=dotted(parameters), libraries=said["libraries"]
        )  # fmt: skip
        found[name] = tuple(_named(changes(was, replace(origin, parameters=dotted(origin.parameters)))))
    return found


def _named(found: Iterator[str]) -> Iterator[str]:
    for one in found:
        yield "code of the stage: " + one if one.startswith("version ") else one


def machine_changes(before: Mapping[str, Any], now: Mapping[str, Any]) -> tuple[str, ...]:
    """How a machine is another than that of a run.

    Parameters
    ----------
    before, now : Mapping
        As :func:`topics.runs._manifest.machine` gives them; what one of them does not say is not compared.
    """
    names = {"kernels": "BLAS kernel", "torch": "torch's kernel", "cpu": "CPU"}
    return tuple(
        f"{names.get(name, name)} {_said(before[name])} → {_said(now[name])}"
        for name in _OF_ARITHMETIC
        if before.get(name) is not None and now.get(name) is not None and before[name] != now[name]
    )


def _said(value: Any) -> str:
    return ", ".join(value) if isinstance(value, list) else str(value)


def file_changes(before: Mapping[str, Any] | None, now: Mapping[str, Any] | None) -> tuple[str, ...]:
    """Which files of articles are others than those of a run, or new, or gone.

    Parameters
    ----------
    before, now : Mapping or None
        As :func:`topics.articles.source_of` gives them.
    """
    if not before or not now or not before["files"] or not now["files"]:
        return ()
    one, other = ({file["name"]: file["sha256"] for file in side["files"]} for side in (before, now))
    if len(one) == len(other) == 1:  # under another name it is the same file
        (name, was), (name_now, is_now) = *one.items(), *other.items()
        return () if was == is_now else (f"file {name_now!r} is not as it was{_as(name, name_now)}",)
    named = {
        "not as they were": [name for name in one if name in other and one[name] != other[name]],
        "gone": [name for name in one if name not in other],
        "new": [name for name in other if name not in one],
    }
    return tuple(f"files {kind}: {_listed(names)}" for kind, names in named.items() if names)


def _as(name: str, name_now: str) -> str:
    return "" if name == name_now else f" (it was called {name!r})"


def document_changes(before: Corpus, now: Corpus) -> tuple[str, ...]:
    """Which documents are others than those of a run, or new, or gone, or say something else beside their text.

    Parameters
    ----------
    before, now : Corpus
        Of the run, and as the articles are now.
    """
    one, other = _rows(before.documents), _rows(now.documents)
    both = [doc_id for doc_id in one if doc_id in other]
    columns = [name for name in before.documents.column_names if name in now.documents.column_names]
    said: list[str] = []
    for kind, ids in (
        ("not in the articles any more", [doc_id for doc_id in one if doc_id not in other]),
        ("new", [doc_id for doc_id in other if doc_id not in one]),
    ):
        if ids:
            said.append(f"{count(len(ids), 'document')} {kind}: {_listed(ids)}")
    first, second = before.documents, now.documents
    for name in (*_TEXT, *(name for name in columns if name not in _TEXT)):
        values, values_now = first.column(name).to_pylist(), second.column(name).to_pylist()
        ids = [doc_id for doc_id in both if not _same(values[one[doc_id]], values_now[other[doc_id]])]
        if ids:
            said.append(f"{name!r} of {count(len(ids), 'document')} changed: {_listed(ids)}")
    for kind, one_side, other_side in (("gone", first, second), ("new", second, first)):
        names = [name for name in one_side.column_names if name not in other_side.column_names]
        said += [f"columns {kind}: {_listed(names)}"] if names else []
    if not said and not before.copies.equals(now.copies):
        said.append("near-duplicates are not as they were")
    if not said and not before.removed_lines.equals(now.removed_lines):
        said.append("other lines were removed as boilerplate")
    if not said and not before.rejected_rows.equals(now.rejected_rows):
        said.append("other rows were rejected")
    return tuple(said)


def _rows(table: pa.Table) -> dict[str, int]:
    return {doc_id: row for row, doc_id in enumerate(table.column("doc_id").to_pylist())}


def _same(one: Any, other: Any) -> bool:
    return bool(one == other) or (one != one and other != other)


def _listed(names: Sequence[str]) -> str:
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return ", ".join(map(repr, names[:_NAMED])) + more
