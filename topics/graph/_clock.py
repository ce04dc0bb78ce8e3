"""How long stages take whose parts are made side by side."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from topics.graph._stages import Node


@dataclass(frozen=True)
class StageTime:
    """How long one stage took.

    Attributes
    ----------
    seconds : float
        Wall time in which any part of it was made or read.
    stored : bool
        Whether all of it came from the store.
    """

    seconds: float
    stored: bool


class OnStage(Protocol):
    """Called with a stage's name and time when all its records that were wanted are there."""

    def __call__(self, stage: str, taken: StageTime, /) -> object:
        """Take note."""
        ...


class Part:
    """What is known of one node when its time has been taken."""

    def __init__(self, stored: bool, counts: bool) -> None:
        self.stored, self.counts = stored, counts


class Clock:
    """Takes the time of stages whose parts are made side by side, and shows how many are left."""

    def __init__(self, times: dict[str, StageTime], *, on_stage: OnStage | None, progress: bool) -> None:
        self._times, self._on_stage, self._progress = times, on_stage, progress
        self._lock = threading.Lock()
        self._n_left: Counter[str] = Counter()
        self._n_active: Counter[str] = Counter()
        self._since: dict[str, float] = {}
        self._seconds: dict[str, float] = {}
        self._stored: dict[str, bool] = {}
        self._bars: dict[str, Any] = {}
        self._announced: set[str] = set()

    def expect(self, nodes: Sequence[Node]) -> None:
        """Know what is still to be made; a stage of which nothing is, is done."""
        from tqdm import tqdm

        self._n_left.update(node.origin.stage for node in nodes)
        for name in [name for name in self._stored if not self._n_left[name]]:
            self._done(name)
        shown = None if self._progress else True
        for name, n in self._n_left.items():
            if n > 1 and any(node.stage and node.stage.threads == "one" for node in nodes if node.origin.stage == name):
                self._bars[name] = tqdm(total=n, desc=name, leave=False, disable=shown)

    def of(self, node: Node, *, stored: bool, counts: bool = True) -> _Timed:
        """A context that takes the time of one node."""
        if node.stage is not None and (node.stage.stored or node.stage.parts):
            self._announced.add(node.origin.stage)
        return _Timed(self, node.origin.stage, Part(stored, counts))

    def start(self, name: str) -> None:
        """A part of a stage begins."""
        with self._lock:
            if not self._n_active[name]:
                self._since[name] = time.perf_counter()
            self._n_active[name] += 1

    def stop(self, name: str, part: Part) -> None:
        """A part of a stage has ended; a stage whose last part it was is done."""
        with self._lock:
            self._n_active[name] -= 1
            spent = 0.0 if self._n_active[name] else time.perf_counter() - self._since[name]
            if part.counts or name in self._seconds:
                self._seconds[name] = self._seconds.get(name, 0.0) + spent
            if not part.counts:
                return
            self._stored[name] = self._stored.get(name, True) and part.stored
            if not self._n_left[name]:
                return
            self._n_left[name] -= 1
            if name in self._bars:
                self._bars[name].update()
            if not self._n_left[name]:
                self._done(name)

    def close(self) -> None:
        """Take the progress bars away."""
        for bar in self._bars.values():
            bar.close()

    def _done(self, name: str) -> None:
        if name in self._bars:
            self._bars.pop(name).close()
        before = self._times.get(name, StageTime(0.0, True))
        taken = StageTime(before.seconds + self._seconds[name], before.stored and self._stored[name])
        self._times[name] = taken
        if self._on_stage and name in self._announced:
            self._on_stage(name, taken)


class _Timed:
    def __init__(self, clock: Clock, name: str, part: Part) -> None:
        self._clock, self._name, self._part = clock, name, part

    def __enter__(self) -> Part:
        self._clock.start(self._name)
        return self._part

    def __exit__(self, kind: type[BaseException] | None, *rest: object) -> None:
        self._part.counts = self._part.counts and kind is None
        self._clock.stop(self._name, self._part)
