"""A run's folder: its key and name, whether it can be written, and where from it the articles and vectors lie.

A manifest says that without the name of anyone's home folder.
"""

from __future__ import annotations

import hashlib
import os
import re
import unicodedata
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from topics.records import Corpus, Origin, fingerprint
from topics.runs._format import FORMAT, JOURNAL_FILE, MANIFEST, NAMES_FILE, OURS, PAGE_SUFFIX, STORE_FOLDER
from topics.store import CorruptError, StoreError, read_manifest, table_bytes

_BYTES_A_DOCUMENT = 16_384  # 1,024 dimensions twice, in the store and in the run; neighbors, layouts, counts, the map
_NAME = re.compile(r"[\w][\w.+-]{0,99}")
_NAME_BYTES = 200  # a file's name has at most 255 nearly everywhere, and that of its lock is longer
_DEVICE = re.compile(r"(?:con|prn|aux|nul|conin|conout|clock|(?:com|lpt)[0-9¹²³])(?:\..*)?", re.IGNORECASE)
_HOMES = ("home", "Users")  # folders of home folders, on Linux and macOS
_PATTERN = "*?["


def run_key(corpus: Corpus, *, topics: Origin, flat: Origin, scores: Origin) -> str:
    """The run's key; the user's own columns decide it too, which are in the files.

    Parameters
    ----------
    corpus : Corpus
        The documents.
    topics, flat, scores : Origin
        Of the topics, the map and the scores, in which those of all other stages are.
    """
    tables = (corpus.documents, corpus.copies, corpus.rejected_rows, corpus.removed_lines)
    content = [hashlib.sha256(table_bytes(table)).hexdigest() for table in tables]
    return fingerprint([FORMAT, topics.key, flat.key, scores.key, *content])


def space_of(corpus: Corpus) -> int:
    """Bytes that a run may write: vectors, layouts and trees, and the articles themselves."""
    text = sum(table.nbytes for table in (corpus.documents, corpus.copies, corpus.removed_lines))
    return int(text) + corpus.n_docs * _BYTES_A_DOCUMENT


def claim(out: Path, name: str | None, *, key: str, replace: bool) -> Path:
    """The run's folder, refused where it would overwrite another run or has a name that is kept for something else."""
    full = f"{name or 'run-'}{key[:8]}" if name is None or name.endswith("-") else name
    if not _NAME.fullmatch(full):
        raise StoreError(f"expected a plain folder name for the run, got {full!r}")
    check_name(full)
    if STORE_FOLDER in (out.name, out.resolve().name):
        raise StoreError(f"{str(out)!r} is where stored records lie: choose another --out, such as the folder above it")
    folder = out / full
    if folder.is_symlink():
        raise StoreError(f"{str(folder)!r} is a link; links are not followed")
    if folder.exists() and not folder.is_dir():
        raise StoreError(f"{str(folder)!r} is a file, not a run's folder; choose another --name")
    try:
        manifest = read_manifest(folder / MANIFEST)
    except (FileNotFoundError, CorruptError):  # never finished, or not to be trusted: it is written anew
        _check_ours(folder)
        return folder
    if manifest.get("key") != key and not replace:
        raise StoreError(
            f"{str(folder)!r} holds a run of another config or other articles; choose another --name, or pass --replace"
        )
    if JOURNAL_FILE in manifest["files"] and not replace:
        raise StoreError(
            f"{str(folder)!r} holds this run with edits by hand, which would be lost; “topics show” shows it, another "
            "--name makes it beside, and --replace makes it anew without them"
        )
    return folder


def check_name(name: str) -> None:
    """Refuse a run's name that the folder of runs or an operating system keeps for something else."""
    plain = unicodedata.normalize("NFKC", name).casefold()  # as file systems that fold names see it
    if plain == NAMES_FILE:
        raise StoreError(f"a run cannot be called {name!r}: that is where the names of topics are kept")
    if plain.endswith(PAGE_SUFFIX):
        raise StoreError(f"a run cannot be called {name!r}: that is where pages are written; choose another")
    if _DEVICE.fullmatch(plain) or plain.endswith("."):
        raise StoreError(f"a run cannot be called {name!r}: Windows cannot have a folder of that name; choose another")
    if len(name.encode()) > _NAME_BYTES:
        raise StoreError(
            f"a run cannot be called {name!r}: expected at most {_NAME_BYTES} bytes, got {len(name.encode())}"
        )


def _check_ours(folder: Path) -> None:
    """Refuse a folder that holds anything but what an interrupted run leaves."""
    if folder.exists():
        foreign = sorted(p.name for p in folder.iterdir() if p.name not in OURS and p.name[0] != ".")
        if foreign:
            raise StoreError(f"{str(folder)!r} is no run's folder: it holds {foreign[0]!r}; choose another --name")


def latest(folder: str | Path = "runs") -> Path:
    """Folder of the run that was finished or saved last.

    Parameters
    ----------
    folder : str or Path
        Of runs.

    Raises
    ------
    StoreError
        If there is no finished run in it.
    """
    finished = sorted(Path(folder).glob(f"*/{MANIFEST}"), key=lambda path: path.stat().st_mtime)
    if not finished:
        raise StoreError(f"{str(folder)!r} holds no finished run: make one with “topics run ARTICLES”")
    return finished[-1].parent


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
