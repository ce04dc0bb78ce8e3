"""Work in fixed blocks, each on one thread: the same bits whatever the number of threads.

A matrix product that is split over threads may round differently. Here every block is computed by one thread and the
blocks run side by side, so the number of threads changes only the time.
"""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any, TypeVar

T = TypeVar("T")


def n_workers() -> int:
    """Number of worker threads: ``TOPICS_THREADS`` if set, otherwise the processors this process may use."""
    wanted = os.environ.get("TOPICS_THREADS", "")
    if wanted.isdigit() and int(wanted) > 0:
        return int(wanted)
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class _Limit:
    """The callers within :func:`one_thread`, and the limits to restore when the last of them leaves."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.n_within = 0
        self.first: Any = None
        self.controller: Any = None
        self.n_modules = 0

    def set(self) -> Any:
        """Limit every library that is loaded; the libraries are looked for again when modules were imported."""
        from threadpoolctl import ThreadpoolController

        if self.controller is None or self.n_modules != len(sys.modules):  # looking takes 3 ms
            self.controller, self.n_modules = ThreadpoolController(), len(sys.modules)
        return self.controller.limit(limits=1)


_LIMIT = _Limit()


@contextmanager
def one_thread() -> Iterator[None]:
    """A context in which matrix products run on one thread: the same bits whatever the number of processors.

    The limit applies to the whole process. So it is lifted only when the last caller leaves: lifting it earlier would
    change the bits of the others.
    """
    with _LIMIT.lock:
        own = _LIMIT.set()
        if not _LIMIT.n_within:
            _LIMIT.first, own = own, None
        _LIMIT.n_within += 1
    try:
        yield
    finally:
        with _LIMIT.lock:
            _LIMIT.n_within -= 1
            if own is not None:
                own.restore_original_limits()
            if not _LIMIT.n_within:
                _LIMIT.first.restore_original_limits()


def map_blocks(
    function: Callable[[int, int], T],
    n: int,
    size: int,
    *,
    initializer: Callable[[], Any] | None = None,
    max_threads: int | None = None,
) -> Iterator[T]:
    """Results of ``function(start, stop)`` over blocks of ``size`` rows, in order, several at a time.

    Parameters
    ----------
    function : callable
        Called with the first row and the row after the last.
    n : int
        Number of rows.
    size : int
        Rows per block; the last may be shorter.
    initializer : callable or None
        Called once in each worker thread.
    max_threads : int or None
        Maximum number of threads.
    """
    n_threads = min(n_workers(), max_threads or n)
    with one_thread(), ThreadPoolExecutor(max(1, n_threads), initializer=initializer) as pool:
        pending = [pool.submit(function, start, min(start + size, n)) for start in range(0, n, size)]
        try:
            for future in pending:
                yield future.result()
        finally:
            for future in pending:
                future.cancel()
