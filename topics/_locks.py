"""One process at a time where a file is read, changed and written again."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from topics.store import StoreError


class BusyError(StoreError):
    """Another process holds a lock."""


_WAIT_SECONDS = 60.0  # what is written under a lock takes well under a second; a full disk or a slow share takes longer


@contextmanager
def locked(path: Path, *, wait_seconds: float = _WAIT_SECONDS) -> Iterator[None]:
    """Hold the lock of a path, which lies beside it as ``.<name>.lock`` and stays there.

    The lock is the operating system's (``flock``), so that a process that is killed lets go of it, and a lock file that
    lies about is no lock. On NFS it holds between machines where the server keeps locks (version 4, or 3 with lockd);
    where the share keeps none, only one machine should write at a time.

    Parameters
    ----------
    path : Path
        The file or folder; it need not exist, but its parent is made.
    wait_seconds : float
        How long to wait for another holder.

    Raises
    ------
    BusyError
        If another process held it all that time.
    StoreError
        If the folder takes no lock file.
    """
    from filelock import FileLock, Timeout

    place = path.with_name(f".{path.name}.lock")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        lock = FileLock(place, timeout=wait_seconds, poll_interval=0.01)
        lock.acquire()
    except Timeout:
        raise BusyError(
            f"{str(path)!r} is being written by another process, which has held {str(place)!r} for over "
            f"{wait_seconds:g} seconds: wait until it is done, or end it"
        ) from None
    except OSError as error:
        raise StoreError(f"cannot lock {str(path)!r} by {str(place)!r}: {error.strerror or error}") from error
    try:
        yield
    finally:
        lock.release()
