"""A run's folder: whether it can be written, and whose it is."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path

from topics.records import Corpus
from topics.runs._format import JOURNAL_FILE, MANIFEST, NAMES_FILE, OURS, PAGE_SUFFIX, STORE_FOLDER
from topics.store import CorruptError, StoreError, read_manifest

_BYTES_A_DOCUMENT = 16_384  # 1,024 dimensions twice, in the store and in the run; neighbors, layouts, counts, the map
_NAME = re.compile(r"[\w][\w.+-]{0,99}")
_NAME_BYTES = 200  # a file's name has at most 255 nearly everywhere, and that of its lock is longer
_DEVICE = re.compile(r"(?:con|prn|aux|nul|conin|conout|clock|(?:com|lpt)[0-9¹²³])(?:\..*)?", re.IGNORECASE)


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
