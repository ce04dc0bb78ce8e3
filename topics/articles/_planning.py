"""Where the corpus of some files would come from, known before they are read."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from topics.articles._read import READERS, read_dated
from topics.articles.metadata._horizon import Span
from topics.articles.readers._find import find_files, say_unread
from topics.articles.readers._rows import ArticlesError
from topics.config import ArticlesParams
from topics.graph import stage
from topics.records import Origin, Reading

READ_VERSION = 5

_LIBRARIES = (
    "babel", "dateparser", "ftfy", "lxml", "markdown-it-py", "numpy", "pandas", "py3langid", "pyarrow",
    "python-dateutil", "pyyaml", "regex", "rensa", "stopwordsiso", "trafilatura",
)  # fmt: skip


class ChangedWhileReadError(ArticlesError):
    """A file was changed while it was read, so that what was read is of no state of the files that is known."""


def _files_and_params(arguments: Mapping[str, Any]) -> dict[str, Any]:
    """The files' names and bytes, and how they are read."""
    path, params = arguments["path"], arguments["params"]
    files = [[file.name, file.fingerprint()] for file in find_files(path, READERS, params=params)]
    return {
        "articles": params.model_dump(mode="json"),
        "whole": arguments["whole"],
        "files": hashlib.sha256(repr(files).encode()).hexdigest(),
        "unread": say_unread(path, READERS),
    }


def _lapsed(stored: Mapping[str, Any]) -> str:
    """The day is not in the key: a date in the future is none, and nothing else hangs on the day."""
    taken, refused = (stored[end] and datetime.fromisoformat(stored[end]) for end in ("date_taken", "date_refused"))
    return Span(taken, refused).lapsed()


@stage(
    "read", Reading, version=READ_VERSION, reads=_files_and_params, libraries=_LIBRARIES, determinism="bytes",
    lapsed=_lapsed,
)  # fmt: skip
def read_files(
    origin: Origin,
    path: str | Path,
    *,
    params: ArticlesParams,
    whole: bool = False,
    label_column: str | None = None,
    progress: bool = False,
) -> Reading:
    """The corpus of the files at a path, to be stored.

    Parameters
    ----------
    path, params, whole, label_column, progress
        As for :func:`read`.

    Raises
    ------
    ArticlesError
        As :func:`read` does, and if a file was changed meanwhile.
    """
    corpus, dates = read_dated(path, params, whole=whole, label_column=label_column, progress=progress)
    if read_files.node(path, params=params, whole=whole).origin.key != origin.key:
        raise ChangedWhileReadError(f"{str(path)!r} was changed while it was read")
    return Reading.of(corpus, origin, taken=dates.taken, refused=dates.refused)
