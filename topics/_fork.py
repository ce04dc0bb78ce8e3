"""Whether this process may be forked, and whether numba's threads are its own: inherited ones kill it when used."""

from __future__ import annotations

import os
import sys
import threading
from functools import cache

from topics.errors import TopicsError


class ForkedError(TopicsError, RuntimeError):
    """A forked process cannot use the threads it inherited; the message says what to do."""


def check_threads() -> None:
    """Raise an error if the next parallel numba function would kill the process with a signal.

    GNU OpenMP, numba's default on Linux, does not survive a fork. Call this before every such function, so that the
    process of the first call is known.

    Raises
    ------
    ForkedError
        If the threading layer was started in the parent process.
    """
    from numba import threading_layer  # type: ignore[attr-defined]

    try:
        layer = threading_layer()
    except ValueError:  # not started yet: this process starts its own
        _owner.cache_clear()
        _owner()
        return
    if layer == "omp" and _owner() != os.getpid():
        raise ForkedError(
            f"process {os.getpid()} was forked from {_owner()}, which has used numba's threads, and OpenMP threads do "
            "not survive a fork: start it with multiprocessing.get_context('spawn'), fit only in new processes, or set "
            "NUMBA_THREADING_LAYER=workqueue before the first fit, which works for one thread at a time"
        )


@cache
def _owner() -> int:
    """The process in which the threading layer was first seen; a fork inherits this value."""
    return os.getpid()


def can_fork(*, uses_torch: bool = True) -> bool:
    """Whether a fork of this process can go on with the work: it has no threads that may hold a lock for ever.

    The progress bar's thread is no hindrance, nor are those of OpenBLAS and Arrow, which know of forks. Numba's own
    come with its first parallel function; what is compiled for one thread starts none.

    Parameters
    ----------
    uses_torch : bool
        Whether the fork will compute with torch, whose threads do not survive it where torch is loaded already.
    """
    hindrances = {"ray", "torch"} if uses_torch else {"ray"}
    others = [thread for thread in threading.enumerate() if thread is not threading.current_thread()]
    return (
        sys.platform == "linux"
        and threading.current_thread() is threading.main_thread()
        and all(type(thread).__name__ == "TMonitor" for thread in others)
        and not hindrances & sys.modules.keys()
        and not _numba_has_threads()
    )


def _numba_has_threads() -> bool:
    if "numba" not in sys.modules:
        return False
    from numba import threading_layer  # type: ignore[attr-defined]

    try:
        threading_layer()
    except ValueError:
        return False
    return True
