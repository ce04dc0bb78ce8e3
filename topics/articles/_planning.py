"""Where the corpus of some files would come from, known before they are read."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from topics.articles._read import READERS, read
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


def _files_and_day(arguments: Mapping[str, Any]) -> dict[str, Any]:
    """The files' names and bytes, how they are read, and the day: a date in the future is none, and is another then."""
    path, params = arguments["path"], arguments["params"]
    files = [[file.name, file.fingerprint()] for file in find_files(path, READERS, params=params)]
    return {
        "articles": params.model_dump(mode="json"),
        "whole": arguments["whole"],
        "files": hashlib.sha256(repr(files).encode()).hexdigest(),
        "unread": say_unread(path, READERS),
        "day": datetime.now(UTC).date().isoformat(),
    }


@stage("read", Reading, version=READ_VERSION, reads=_files_and_day, libraries=_LIBRARIES, determinism="bytes")
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
    corpus = read(path, params, whole=whole, label_column=label_column, progress=progress)
    if read_files.node(path, params=params, whole=whole).origin.key != origin.key:
        raise ChangedWhileReadError(f"{str(path)!r} was changed while it was read")
    return Reading.of(corpus, origin)
