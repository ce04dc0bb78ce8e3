"""What takes records out of a graph."""

from __future__ import annotations

import threading
from collections.abc import Collection, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar, cast

from topics._blocks import n_workers
from topics.graph._clock import Clock, OnStage, StageTime
from topics.graph._explain import Explained, explain
from topics.graph._shelf import Parts, Shelf
from topics.graph._stages import Node, why_lapsed
from topics.records import Origin, digest_of

T = TypeVar("T")


class Runner:
    """Takes records out of a graph: stored ones, and made ones, which are stored.

    Parameters
    ----------
    store : Shelf or None
        Where records are kept and found; None keeps nothing.
    on_stage : callable or None
        Called with each stage's name and time when all its records that were wanted are there.
    progress : bool
        Whether to show progress bars where standard error is a terminal.

    Attributes
    ----------
    times : dict of str to StageTime
        By stage, in the order in which they were done.
    """

    def __init__(self, store: Shelf | None = None, *, on_stage: OnStage | None = None, progress: bool = False) -> None:
        self.store = store
        self.progress = progress
        self.times: dict[str, StageTime] = {}
        self._on_stage = on_stage
        self._records: dict[str, Any] = {}

    def take(self, *planned: Any) -> None:
        """Read or make the records of nodes, side by side; what only stored ones are made of is not even read.

        Parameters
        ----------
        planned : nodes
            Whose records :meth:`get` then gives at once.
        """
        _Work(self, [node if isinstance(node, Node) else Node(node.origin, record=node) for node in planned]).run()

    def get(self, planned: T) -> T:
        """The record of a node; a record is given back.

        Parameters
        ----------
        planned : node
            That was taken, or is now.
        """
        self.take(planned)
        return cast(T, self._records[cast(Any, planned).origin.key])

    def keep_only(self, keys: Collection[str]) -> None:
        """Let go of all records in memory but some.

        Parameters
        ----------
        keys : collection of str
            Of the records that will be asked for again.
        """
        self._records = {key: record for key, record in self._records.items() if key in keys}

    def origin(self, planned: Any) -> Origin:
        """Where a record came from, with its notes; of a stored one that was not needed they are read alone.

        Parameters
        ----------
        planned : node or record
            One that was taken, or that one that was taken was made of.
        """
        key = planned.origin.key
        record = self._records.get(key) or getattr(planned, "record", None)
        if record is not None:
            return cast(Origin, record.origin)
        return (self.store and self.store.origin(planned.origin)) or planned.origin

    def digest(self, planned: Any) -> str | None:
        """What a record holds, as :func:`topics.records.digest_of` says it; None of one neither at hand nor stored.

        Parameters
        ----------
        planned : node
            One that was taken, or that one that was taken was made of.
        """
        record = self._records.get(planned.origin.key, planned.record)
        if record is not None:
            return digest_of(record)
        said = self.store.digest(planned.origin) if self.store else None
        if said is None and (record := self._held(planned)) is not None:  # of a store from before there were digests
            said = digest_of(record)
        return said

    def explain(self, *planned: Any) -> list[Explained]:
        """What :meth:`take` would read and what it would make, and why, stage by stage; nothing is read or made.

        Parameters
        ----------
        planned : nodes
            As for :meth:`take`.
        """
        return explain(planned, self.store)

    def _held(self, node: Node) -> Any:
        if node.record is not None:
            return node.record
        if self.store is None or node.stage is None or not node.stage.stored or why_lapsed(node, self.store):
            return None
        return self.store.get(node.stage.record, node.origin)


class _Work:
    """One :meth:`Runner.take`: which nodes must be made, and the making of them.

    Stages that spread themselves over all processors run here, one at a time, in the thread that asked, which Ctrl-C
    reaches; those of one thread run in a pool beside them. Of the stages that could begin, the first in the graph does.
    Records are written beside the stages that are made of them: the disk is waited for only at the end.
    """

    def __init__(self, runner: Runner, targets: Sequence[Node]) -> None:
        self.runner = runner
        self.clock = Clock(runner.times, on_stage=runner._on_stage, progress=runner.progress)
        self.missing: list[Node] = []
        seen: set[str] = set()
        for target in targets:
            self._look(target, seen)
        self.clock.expect(self.missing)
        self.left = {node.origin.key for node in self.missing}
        self.ready = threading.Condition()
        self.waiting = list(self.missing)
        self.n_running = 0
        self.is_alone = False
        self.error: BaseException | None = None

    def _look(self, node: Node, seen: set[str]) -> None:
        """Find a node's record, or put it down as missing, after those that it is made of."""
        if node.origin.key in seen or node.origin.key in self.runner._records:
            return
        seen.add(node.origin.key)
        with self.clock.of(node, stored=True, counts=False) as part:
            record = self.runner._held(node)
            part.counts = record is not None and node.stage is not None
        if record is not None:
            self.runner._records[node.origin.key] = record
            return
        for parent in node.parents:
            self._look(parent, seen)
        self.missing.append(node)

    def run(self) -> None:
        if not self.missing:
            self.clock.close()
            return
        pool = ThreadPoolExecutor(n_workers() + 1, thread_name_prefix="topics")
        self.writer = ThreadPoolExecutor(1, thread_name_prefix="topics-store")
        try:
            with self.ready:
                self._submit(pool)
            while True:
                with self.ready:
                    self.ready.wait_for(lambda: self.error or not self.left or self._next_here())
                    if self.error or not self.left:
                        break
                    node = self._next_here()
                    assert node is not None
                    self.waiting.remove(node)
                    self.is_alone = _threads_of(node) == "alone"
                self._make(node, pool)
        except BaseException as error:
            self._fail(error)
            raise
        finally:
            pool.shutdown(wait=True, cancel_futures=True)
            self.writer.shutdown(wait=True)
            self.clock.close()
        if self.error:
            raise self.error

    def _next_here(self) -> Node | None:
        """The first node that is made in this thread; one that must be alone waits until nothing else runs."""
        alone = self._next("alone")
        if alone is not None:
            return None if self.n_running else alone
        return self._next("all")

    def _next(self, threads: str) -> Node | None:
        """The first node that waits for nothing but its turn."""
        for node in self.waiting:
            waits = any(parent.origin.key in self.left for parent in node.parents)
            if _threads_of(node) == threads and not waits:
                return node
        return None

    def _submit(self, pool: ThreadPoolExecutor) -> None:
        """Hand what can begin to the pool, no more than it works on at once: the rest may not be the first by then."""
        if self.is_alone or self._next("alone") is not None:
            return
        while not self.error and self.n_running <= n_workers() and (node := self._next("one")):
            self.waiting.remove(node)
            self.n_running += 1
            pool.submit(self._make_beside, node, pool)

    def _make_beside(self, node: Node, pool: ThreadPoolExecutor) -> None:
        try:
            self._make(node, pool, beside=True)
        except BaseException as error:
            self._fail(error)

    def _fail(self, error: BaseException) -> None:
        with self.ready:
            self.error = self.error or error
            self.ready.notify_all()

    def _make(self, node: Node, pool: ThreadPoolExecutor, *, beside: bool = False) -> None:
        stage = node.stage
        assert stage is not None
        with self.clock.of(node, stored=False) as part:
            arguments = {name: self._resolved(value) for name, value in node.arguments.items()}
            if stage.parts is not None:
                parts = Parts(self.runner.store, progress=self.runner.progress)
                record = stage.make(node.origin, {**arguments, "parts": parts})
                part.stored = parts.all_stored
            else:
                record = stage.make(node.origin, arguments)
                part.stored = not stage.stored
        with self.ready:
            self.runner._records[node.origin.key] = record
            if stage.stored and self.runner.store:
                self.writer.submit(self._write, node, record)
            self.left.discard(node.origin.key)
            self.n_running -= beside
            self.is_alone = self.is_alone and beside
            self._submit(pool)
            self.ready.notify_all()

    def _write(self, node: Node, record: Any) -> None:
        assert self.runner.store is not None
        try:
            self.runner.store.put(record)
        except BaseException as error:
            self.runner._records.pop(node.origin.key, None)
            self._fail(error)

    def _resolved(self, value: Any) -> Any:
        if isinstance(value, Node):
            return self.runner._records[value.origin.key]
        if isinstance(value, (list, tuple)) and any(isinstance(one, Node) for one in value):
            return type(value)(self._resolved(one) for one in value)
        return value


def _threads_of(node: Node) -> str | None:
    return node.stage.threads if node.stage is not None else None
