"""One file at a time: read where it is plain, written whole or not at all."""

from __future__ import annotations

import os
import shutil
import stat
import tempfile
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import IO, TypeVar

from topics._say import room
from topics.errors import TopicsError

T = TypeVar("T")


class StoreError(TopicsError):
    """A result that cannot be written or read; the message names the file and what to do."""


class CorruptError(StoreError):
    """A stored file whose content is not what its manifest says."""


def write_file(path: Path, content: bytes) -> None:
    """Write one file atomically.

    Parameters
    ----------
    path : Path
        Replaced where it is there.
    content : bytes
        All of it.

    Raises
    ------
    StoreError
        If the disk refuses; what was there is intact.
    """
    replace_file(path, lambda file: file.write(content))


def replace_file(path: Path, write: Callable[[IO[bytes]], T]) -> T:
    """What ``write`` gives, which fills a file beside the path that takes its place at the end.

    Parameters
    ----------
    path : Path
        Replaced where it is there.
    write : callable
        Writes the whole content.

    Raises
    ------
    StoreError
        If the disk refuses; what was there is intact.
    """
    temporary = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary, written = _aside(path, write)
        temporary.replace(path)
        sync(path.parent)
    except OSError as error:
        raise StoreError(f"cannot write {str(path)!r}: {error.strerror or error}; what was there is intact") from error
    finally:
        if temporary is not None:
            temporary.unlink(missing_ok=True)
    return written


def read_plain(path: Path) -> bytes:
    """The content of a file that is no link and no pipe, device or socket, which could be waited for without end.

    Raises
    ------
    FileNotFoundError
        If there is none.
    CorruptError
        If it is something else than a plain file.
    """
    mode = path.lstat().st_mode
    if stat.S_ISLNK(mode):
        raise CorruptError(f"{path} is a link; links are not followed")
    if not stat.S_ISREG(mode):
        raise CorruptError(f"{path} is a folder, pipe or device, not a file: set it aside and run again")
    return path.read_bytes()


def check_writable(folder: str | Path, *, n_bytes: int = 0) -> None:
    """Find out before hours of work that a folder cannot be written, or has no room.

    Parameters
    ----------
    folder : str or Path
        Made where it is missing.
    n_bytes : int
        Room that is needed.

    Raises
    ------
    StoreError
        If it cannot, or has less.
    """
    try:
        Path(folder).mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder) as probe:
            probe.write(b"\0" * 4096)
            probe.flush()
            os.fsync(probe.fileno())
        free = shutil.disk_usage(folder).free
    except OSError as error:
        raise StoreError(f"cannot write into {str(folder)!r}: {error.strerror}; choose another folder") from error
    if free < n_bytes:
        raise StoreError(
            f"{str(folder)!r} has {room(free)} of room and this run may need {room(n_bytes)}: "
            "make room or choose another folder"
        )


def user_cache() -> Path:
    """Folder for what all runs of a user share: ``TOPICS_CACHE`` where it is set, else the system's place for it."""
    from platformdirs import user_cache_path

    wanted = os.environ.get("TOPICS_CACHE")
    return Path(wanted) if wanted else user_cache_path("topics")


def write_aside(files: Mapping[Path, bytes]) -> list[Path]:
    """Temporary files beside the paths, whole on the disk; a quarter of the time of waiting for one after the other.

    Parameters
    ----------
    files : Mapping of Path to bytes
        Content by path.
    """
    made: list[Path] = []
    try:
        for path, content in files.items():
            made.append(_aside(path, partial(_fill, content=content), wait=False)[0])
        with ThreadPoolExecutor(max(1, len(made)), thread_name_prefix="topics-disk") as pool:
            list(pool.map(_flush, made))
    except BaseException:
        for temporary in made:
            temporary.unlink(missing_ok=True)
        raise
    return made


def _aside(path: Path, write: Callable[[IO[bytes]], T], *, wait: bool = True) -> tuple[Path, T]:
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{os.getpid()}.{path.name}.")
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            written = write(file)
            file.flush()
            if wait:
                os.fsync(file.fileno())
        temporary.chmod(0o644)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    return temporary, written


def _fill(file: IO[bytes], content: bytes) -> int:
    return file.write(content)


def _flush(path: Path) -> None:
    """Wait until what is in a file is on the disk."""
    handle = os.open(path, os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def sync(folder: Path) -> None:
    """Wait until what is in a folder is on the disk under its name."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def sweep(folder: Path) -> None:
    """Remove the temporary files and folders of writers that were killed."""
    for path in folder.glob(".[0-9]*.*"):
        pid = path.name.split(".")[1]
        if pid.isdigit() and not _alive(int(pid)):
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path, ignore_errors=True)
            else:
                path.unlink(missing_ok=True)


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True
