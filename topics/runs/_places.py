"""Where the articles and vectors of a run lie, said in its manifest without the name of anyone's home folder."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

_HOMES = ("home", "Users")  # folders of home folders, on Linux and macOS
_PATTERN = "*?["


def without_home(source: Mapping[str, Any] | None, folder: Path) -> dict[str, Any] | None:
    """What a manifest says of where articles and vectors lie: paths that hold wherever both are copied together.

    Parameters
    ----------
    source : Mapping or None
        ``articles`` and ``vectors``, with absolute paths, or None.
    folder : Path
        Of the run.
    """
    if source is None:
        return None
    articles, vectors = source.get("articles"), source.get("vectors")
    return {
        "articles": None if articles is None else {**articles, **place_of(articles["path"], folder)},
        "vectors": None if vectors is None else place_of(vectors, folder),
    }


def place_of(path: str | Path, folder: Path) -> dict[str, str | None]:
    """``name``; ``path`` from the run's folder on; ``place`` from the root or, with ~, from the user's home folder on.

    ``path`` is None where it would lead through a home folder by its name, ``place`` where that is of someone else.

    Parameters
    ----------
    path : str or Path
        Of a file, a folder, or a pattern of files.
    folder : Path
        Of the run.
    """
    whole, base, own = _absolute(path), _absolute(folder), _own_home()
    home = own if own is not None and whole.is_relative_to(own) else _home_of(whole)
    found: dict[str, str | None] = {"name": whole.name, "path": None, "place": None}
    if (home is None or base.is_relative_to(home)) and whole.drive == base.drive:
        found["path"] = Path(os.path.relpath(whole, base)).as_posix()
    if home is None:
        found["place"] = whole.as_posix()
    elif home == own:
        found["place"] = f"~/{whole.relative_to(home).as_posix()}"
    return found


def find_place(said: Mapping[str, Any] | str, folder: Path) -> str | None:
    """The path that a manifest speaks of; None where nothing is there.

    Parameters
    ----------
    said : Mapping or str
        From :func:`place_of`; or an absolute path, as manifests had before.
    folder : Path
        Of the run, where it is now.
    """
    if isinstance(said, str):
        said = {"path": said}
    candidates = [_absolute(base / said["path"]) for base in (folder, folder.resolve()) if said.get("path")]
    if said.get("place"):
        candidates.append(Path(said["place"]).expanduser())
    return next((str(one) for one in candidates if is_there(one)), None)


def is_there(path: Path) -> bool:
    """Whether there is a file or folder, or one that fits a pattern.

    Parameters
    ----------
    path : Path
        Absolute; or a pattern.
    """
    if path.exists():
        return True
    is_pattern = any(sign in str(path) for sign in _PATTERN)
    return is_pattern and any(Path(path.anchor).glob(str(path.relative_to(path.anchor))))


def _absolute(path: str | Path) -> Path:
    """From the root on, without ``..``, links as they are."""
    return Path(os.path.normpath(Path(path).absolute()))


def _own_home() -> Path | None:
    try:
        home = Path.home()
    except RuntimeError:  # a user without any
        return None
    return None if home == Path(home.anchor) else home


def _home_of(path: Path) -> Path | None:
    """Whose home folder a path lies in, whoever that is; None of a path in none."""
    parts = path.parts
    return Path(*parts[:3]) if len(parts) > 3 and parts[1] in _HOMES else None
