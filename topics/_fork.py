"""Processes that are started: whether a fork of this one can work, and that it ends with this one and not before."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

from topics.errors import TopicsError

_LOOK_SECONDS = 1.0  # between looks of a process whether the one that started it still runs


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


def end_with(parent: int) -> None:
    """In a process that was started: end when the one that started it has ended, however it did.

    Parameters
    ----------
    parent : int
        Process that started this one.
    """

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(_LOOK_SECONDS)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


@contextmanager
def interrupts_held() -> Iterator[None]:
    """A context in which Ctrl-C waits, and processes that are started never get it: the mask is inherited."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
