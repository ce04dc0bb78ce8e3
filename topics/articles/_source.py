"""Which files articles were read from, for whoever reads them again."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from topics.articles._read import READERS
from topics.articles.readers._find import find_files
from topics.config import ArticlesParams

_MAX_FILES = 1000  # not tuned: bounds a run's manifest; of more the documents alone tell what has changed


def source_of(path: str | Path, params: ArticlesParams) -> dict[str, Any]:
    """Where articles lie: ``path`` (absolute), ``n_files``, and of up to 1,000 files each ``name, sha256, bytes``.

    Parameters
    ----------
    path : str or Path
        As for :func:`topics.articles.read`.
    params : ArticlesParams
        Likewise.

    Raises
    ------
    ArticlesError
        If there is no such file.
    """
    found = find_files(path, READERS, params=params)
    listed = found if len(found) <= _MAX_FILES else []
    return {
        "path": str(Path(path).absolute()),
        "n_files": len(found),
        "files": [
            {"name": file.name, "sha256": file.fingerprint(), "bytes": file.path.stat().st_size} for file in listed
        ],
    }
