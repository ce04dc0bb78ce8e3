"""Whether numba's threads are this process's own: those that were inherited by a fork kill it when they are used."""

from __future__ import annotations

import os
from functools import cache

from topics.errors import TopicsError


class ForkedError(TopicsError, RuntimeError):
    """A process that was forked from one whose threads it cannot use; the message says what to do."""


def check_threads() -> None:
    """Refuse to go on where the next parallel function of numba would end the process by a signal.

    GNU's OpenMP, which numba takes on Linux unless told otherwise, does not survive a fork. To be called before every
    call of such a function, so that the first one is known to be this process's.

    Raises
    ------
    ForkedError
        If the layer was started in the process that this one was forked from.
    """
    from numba import threading_layer  # type: ignore[attr-defined]

    try:
        layer = threading_layer()
    except ValueError:  # none was started yet: this process starts its own
        _owner.cache_clear()
        _owner()
        return
    if layer == "omp" and _owner() != os.getpid():
        raise ForkedError(
            f"process {os.getpid()} was forked from {_owner()}, which has used numba's threads before, and OpenMP's "
            "do not survive a fork: start it with multiprocessing.get_context('spawn'), or fit in new processes "
            "alone, or set NUMBA_THREADING_LAYER=workqueue before the first fit, which is for one thread at a time"
        )


@cache
def _owner() -> int:
    """The process that the layer was first seen in; a fork inherits it."""
    return os.getpid()
