"""What follows from a record alone: computed once, and kept as long as the record is.

Every cut of the same documents asks for the same: how far apart their vectors are, which documents have a term. Stages
are pure functions of records, so that this changes nothing but the time.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

T = TypeVar("T")


class _Kept:
    """What was derived from one record: the last of each name, and what it was asked for with."""

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self.values: dict[str, tuple[Hashable, Any]] = {}


_KEPT: WeakKeyDictionary[Any, _Kept] = WeakKeyDictionary()
_LOCK = threading.Lock()


def derived(record: Any, name: str, *, make: Callable[[], T], of: Hashable = None) -> T:
    """What ``make`` gives, made anew only for another record or where ``of`` is not the last one.

    Threads that ask for the same at once wait for one of them. What is kept goes with the record.

    Parameters
    ----------
    record : object
        That it is derived from; a frozen record, which compares by identity.
    name : str
        What is derived.
    make : callable
        Computes it; it must not hold the record, which would then be kept for ever.
    of : hashable
        What else decides the result. One value is kept of a name, so that memory is bounded.

    Examples
    --------
    >>> class Record: ...
    >>> record = Record()
    >>> derived(record, "size", make=lambda: 3), derived(record, "size", make=lambda: 4)
    (3, 3)
    >>> derived(record, "size", make=lambda: 5, of="another sort")
    5
    """
    with _LOCK:
        kept = _KEPT.setdefault(record, _Kept())
    with kept.lock:
        if name not in kept.values or kept.values[name][0] != of:
            kept.values.pop(name, None)
            kept.values[name] = (of, make())
        value: T = kept.values[name][1]
        return value
