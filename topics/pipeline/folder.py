"""A run's folder: whether it can be written, and whose it is."""

from __future__ import annotations

import difflib
import re
from pathlib import Path

from topics.assemble import RUN_FILES, label_column
from topics.config import RunConfig
from topics.records import Corpus
from topics.runs import RUN_MANIFEST
from topics.store import CorruptError, StoreError, read_manifest

_BYTES_A_DOCUMENT = 8192  # 1,024 dimensions, neighbours, layouts, the map
_NAME = re.compile(r"[\w][\w.+-]{0,99}")


def space_of(corpus: Corpus) -> int:
    """Bytes that a run may write: vectors, layouts and trees, and the articles themselves."""
    text = sum(table.nbytes for table in (corpus.documents, corpus.copies, corpus.removed_lines))
    return int(text) + corpus.n_docs * _BYTES_A_DOCUMENT


def claim(out: Path, name: str | None, *, key: str, replace: bool) -> Path:
    """The run's folder, refused where it would overwrite another run."""
    full = f"{name or 'run-'}{key[:8]}" if name is None or name.endswith("-") else name
    if not _NAME.fullmatch(full):
        raise StoreError(f"expected a plain folder name for the run, got {full!r}")
    folder = out / full
    if folder.is_symlink():
        raise StoreError(f"{str(folder)!r} is a link; links are not followed")
    try:
        found = read_manifest(folder / RUN_MANIFEST).get("key")
    except (FileNotFoundError, CorruptError):  # never finished, or not to be trusted: it is written anew
        _check_ours(folder)
        return folder
    if found != key and not replace:
        raise StoreError(
            f"{str(folder)!r} holds a run of another config or other articles; choose another --name, or pass --replace"
        )
    return folder


def _check_ours(folder: Path) -> None:
    """Refuse a folder that holds anything but what an interrupted run leaves."""
    ours = {*RUN_FILES, RUN_MANIFEST}
    if folder.exists():
        foreign = sorted(p.name for p in folder.iterdir() if p.name not in ours and p.name[0] != ".")
        if foreign:
            raise StoreError(f"{str(folder)!r} is no run's folder: it holds {foreign[0]!r}; choose another --name")


def check_label_column(config: RunConfig, corpus: Corpus) -> None:
    """Refuse a config that names a column of human labels which the articles do not have."""
    column = config.evaluate.label_column
    if column is not None and label_column(config, corpus) is None:
        names = corpus.documents.column_names
        near = difflib.get_close_matches(column, names, n=1)
        meant = f"; did you mean {near[0]!r}?" if near else ""
        raise ValueError(
            f"evaluate.label_column is {column!r}, but the articles' columns are {', '.join(map(repr, names))}{meant}"
        )
