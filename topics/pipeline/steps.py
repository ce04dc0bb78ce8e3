"""Records made, or found in the store, and the time that it took."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Protocol, TypeVar

from topics.graph import StageTime
from topics.records import Origin
from topics.store import Store

OnStage = Callable[[str, StageTime], None]


class Record(Protocol):
    """What a stage makes."""

    @property
    def origin(self) -> Origin:
        """Where it came from."""
        ...


R = TypeVar("R", bound=Record)


class Steps:
    """Makes records, or finds them in the store, and takes the time."""

    def __init__(self, store: Store | None, on_stage: OnStage | None, *, progress: bool = False) -> None:
        self.store = store
        self.on_stage = on_stage
        self.progress = progress
        self.times: dict[str, StageTime] = {}

    def make(self, kind: type[R], origin: Origin, *, compute: Callable[[], R], part: bool = False) -> R:
        """The record of this origin, computed where it is not in the store, its time taken."""
        return self.take(origin, lambda: self.get_or_make(kind, origin, compute=compute), part=part)

    def take(self, origin: Origin, get: Callable[[], tuple[R, bool]], *, part: bool = False) -> R:
        """What ``get`` gives, its time taken; of a part of a stage it is only added to the stage's."""
        started = time.perf_counter()
        record, stored = get()
        before = self.times.get(origin.stage, StageTime(0.0, True))  # a stage may have a part for each seed
        spent = before.seconds + time.perf_counter() - started
        self.times[origin.stage] = StageTime(spent, before.stored and stored)
        if not part:
            self.say(origin.stage)
        return record

    def say(self, stage: str) -> None:
        """Tell the caller that a stage is done, and its time."""
        if self.on_stage:
            self.on_stage(stage, self.times[stage])

    def get_or_make(self, kind: type[R], origin: Origin, *, compute: Callable[[], R]) -> tuple[R, bool]:
        """The record, and whether it came from the store."""
        record: R | None = self.store.get(kind, origin) if self.store else None
        if record is not None:
            return record, True
        record = compute()
        if record.origin.key != origin.key:
            raise RuntimeError(f"stage {origin.stage} made a record of another key than planned")
        if self.store:
            self.store.put(record)
        return record, False
