"""Where the corpus of some files would come from, known before they are read."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from pathlib import Path

from topics.articles.read import READERS
from topics.articles.sources.find import find_files, say_unread
from topics.config import ArticlesParams
from topics.records import Origin, library_versions

READ_STAGE = "read"
READ_VERSION = 3

_LIBRARIES = (
    "babel", "dateparser", "ftfy", "lxml", "markdown-it-py", "numpy", "pandas", "py3langid", "pyarrow",
    "python-dateutil", "pyyaml", "regex", "rensa", "stopwordsiso", "trafilatura",
)  # fmt: skip


def plan(path: str | Path, config: ArticlesParams | None = None, *, whole: bool = False) -> Origin:
    """Where the corpus of the files at a path would come from: their names and bytes, how they are read, and the day.

    The day is part of it because a date in the future is none, and what is the future is another each day.

    Parameters
    ----------
    path : str or Path
        As for :func:`read`.
    config : ArticlesParams or None
        None takes the defaults.
    whole : bool
        As for :func:`read`.

    Raises
    ------
    ArticlesError
        If there is no such file, none of a known format, or one that cannot be read.
    """
    params = ArticlesParams() if config is None else config
    files = [[file.name, file.fingerprint()] for file in find_files(path, READERS, params=params)]
    parameters = {
        "articles": params.model_dump(mode="json"),
        "whole": whole,
        "files": hashlib.sha256(repr(files).encode()).hexdigest(),
        "unread": say_unread(path, READERS),
        "day": datetime.now(UTC).date().isoformat(),
    }
    return Origin(READ_STAGE, READ_VERSION, parameters, (), library_versions(*_LIBRARIES))
