"""Where records are kept, as the graph knows it: what a store offers, and the parts of a record as they are made."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Protocol, TypeVar

from topics.records import Origin

R = TypeVar("R", bound="Record")


class Record(Protocol):
    """What a stage makes."""

    @property
    def origin(self) -> Origin:
        """Where it came from."""
        ...


class Shelf(Protocol):
    """Where records are kept and found, such as :class:`topics.store.Store`."""

    def get(self, kind: type[Any], origin: Origin) -> Any | None:
        """The record of this origin, or None."""
        ...

    def put(self, record: Any) -> None:
        """Keep a record."""
        ...

    def has(self, origin: Origin) -> bool:
        """Whether there is a record of this origin."""
        ...

    def origin(self, origin: Origin) -> Origin | None:
        """The origin with its record's notes, or None."""
        ...

    def latest(self, stage: str) -> Origin | None:
        """Where the stage's last record came from, or None."""
        ...

    def digest(self, origin: Origin) -> str | None:
        """The digest of the record of this origin, or None where it is not known."""
        ...

    def plain(self, origin: Origin) -> Mapping[str, Any] | None:
        """The fields of the record that are neither arrays nor tables, or None where they cannot be read."""
        ...


class Parts:
    """Keeps the parts of a record as they are made, so that a stage that was stopped goes on where it stood.

    Parameters
    ----------
    store : Shelf or None
        Where parts are kept and found; None keeps nothing.
    progress : bool
        Whether a stage may show a progress bar of its own.

    Attributes
    ----------
    all_stored : bool
        Whether every part so far came from the store.
    """

    def __init__(self, store: Shelf | None = None, *, progress: bool = False) -> None:
        self.progress = progress
        self.all_stored = True
        self._store = store

    def get_or_make(self, kind: type[R], origin: Origin, *, make: Callable[[], R]) -> R:
        """The part of this origin, made where it is not in the store.

        Parameters
        ----------
        kind : type
            Class of the part.
        origin : Origin
            Where it comes from.
        make : callable
            Makes it.
        """
        part: R | None = self._store.get(kind, origin) if self._store else None
        if part is not None:
            return part
        self.all_stored = False
        part = make()
        check_key(part.origin, origin)
        if self._store:
            self._store.put(part)
        return part


def check_key(made: Origin, planned: Origin) -> None:
    """Refuse a record whose stage did not use the origin that it was given."""
    if made.key != planned.key:
        raise RuntimeError(f"stage {planned.stage} made a record of another key than planned")
