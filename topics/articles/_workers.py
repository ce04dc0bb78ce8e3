"""Work on many texts in several processes: the same results in the same order, however many there are.

Python runs one thread at a time, so pages are cleaned by processes, of which this one is one. Where this process has no
threads of its own, as on the command line, the others are forks of it and cost nothing. Elsewhere they are joblib's
(loky), which start in a notebook, from a script without a guard around its main part, and from a thread.

A process of loky's takes about 1.4 s of CPU to start (imports 0.5, the model of languages 0.5, names of months 0.3), as
long as 1,000 articles in one line or 200 pages of many lines take to clean; ``_ENOUGH`` is half as much again. Measured
with Python 3.11 on 2 cores.
"""

from __future__ import annotations

import multiprocessing
import os
import pickle
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from functools import lru_cache
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from topics._blocks import n_workers
from topics._fork import can_fork, end_with, interrupts_held
from topics._say import count
from topics.articles._scratch import temporary_file
from topics.articles.readers._rows import ArticlesError

if TYPE_CHECKING:
    from concurrent.futures import Future

T = TypeVar("T")
R = TypeVar("R")

_ENOUGH = 6_000_000  # weight from which processes are started
_ENOUGH_TO_FORK = 1_000_000  # the same of forks: about 0.2 s of work
_BATCH = 400_000  # weight of what is handed over at once, at least
_BATCH_ITEMS = 512  # of a batch, at most
_QUEUED = 2  # batches a process that are handed over and not done
_AHEAD = 16  # batches a process that are begun and not asked for yet
_PATIENCE = 3.0  # seconds that a process has, where an error stopped the work, for what it was handed


class Workers:
    """Processes that are started once there is work enough for them, and that end with the ``with`` block.

    Parameters
    ----------
    n : int or None
        Number of processes, this one included. None takes ``TOPICS_THREADS`` where it is set, else the processors;
        in a process that was itself started by one it is 1.
    enough : int or None
        Weight from which they are started; None takes what was measured.
    """

    def __init__(self, n: int | None = None, *, enough: int | None = None) -> None:
        alone = multiprocessing.parent_process() is not None
        self._n = n if n is not None else 1 if alone else n_workers()
        self._forks = can_fork()
        self._enough = enough if enough is not None else _ENOUGH_TO_FORK if self._forks else _ENOUGH
        self._pool: Any = None
        self._others: list[Any] = []  # processes of the user's own

    def __enter__(self) -> Workers:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._pool is not None:
            if self._forks:
                # One that is killed while it answers leaves half an answer, for whose end its reader waits for ever.
                ours = [process for process in multiprocessing.active_children() if process not in self._others]
                last_resort = threading.Timer(_PATIENCE, _kill, [ours])
                last_resort.daemon = True
                if kind:
                    last_resort.start()
                self._pool.shutdown(wait=True, cancel_futures=True)
                last_resort.cancel()
            else:
                self._pool.shutdown(wait=True, kill_workers=True)
            self._pool = None

    def map(
        self, function: Callable[[T], R], items: Iterable[T], *, weigh: Callable[[T], int], name: Callable[[T], str]
    ) -> Iterator[R]:
        """``function(item)`` of each item, in order.

        Parameters
        ----------
        function : callable
            Pure; it and what it holds can be pickled.
        items : iterable
            As a stream: a few batches are held at a time. What cannot be pickled is worked on in this process.
        weigh : callable
            How much work an item is.
        name : callable
            What an error calls an item.

        Raises
        ------
        ArticlesError
            If a process was ended from outside, as the system does where memory runs out.
        """
        named = _Named(function, name)
        if self._n == 1:
            yield from map(named, items)
            return
        batches = _batches(items, weigh)
        head: list[list[T]] = []
        total = 0
        while self._pool is None and total < self._enough and (batch := next(batches, None)):
            head.append(batch)
            total += sum(map(weigh, batch))
        if self._pool is None and total < self._enough:
            for batch in head:
                yield from map(named, batch)
            return
        if self._pool is None:
            if self._forks:  # what the first items load is loaded for all
                yield from map(named, head.pop(0) if head else next(batches, []))
            self._others = multiprocessing.active_children()
            self._pool = _forked(self._n - 1) if self._forks else _started(self._n - 1)
        yield from self._spread(named, deque(head), batches)

    def _spread(self, function: _Named[T, R], head: deque[list[T]], batches: Iterator[list[T]]) -> Iterator[R]:
        """The same by several processes; what the others have no room for, this one does."""
        begun: deque[_Batch[T, R]] = deque()  # in order
        more = True
        with temporary_file(pickle.dumps(function)) as path:
            while more or begun:
                n_queued = sum(not batch.is_done() for batch in begun)
                is_for_others = n_queued < _QUEUED * (self._n - 1)
                if begun and begun[0].is_done() and not (more and is_for_others):
                    yield from begun.popleft().results()
                elif more and (is_for_others or len(begun) < _AHEAD * self._n):
                    items = head.popleft() if head else next(batches, None)
                    more = items is not None
                    if items is not None:
                        begun.append(_Batch(items, function))
                        begun[-1].begin(self._submit(path, items) if is_for_others else None)
                else:
                    yield from begun.popleft().results()

    def _submit(self, path: Path, items: list[Any]) -> Future[Any] | None:
        """What a process makes of the items; None where they cannot be handed over."""
        try:
            content = pickle.dumps(items)
        except Exception:  # a user's objects may raise anything
            return None
        with interrupts_held():  # a process that starts now never sees Ctrl-C: this one ends it
            try:
                future: Future[Any] = self._pool.submit(_work, str(path), content)
            except BrokenProcessPool:  # the batch that broke it says so when its turn comes
                return None
        return future


class _Named(Generic[T, R]):
    """A function whose errors name the item."""

    def __init__(self, function: Callable[[T], R], name: Callable[[T], str]) -> None:
        self._function, self.name = function, name

    def __call__(self, item: T) -> R:
        try:
            return self._function(item)
        except Exception as error:
            error.add_note(f"in {self.name(item)}")
            raise


class _Batch(Generic[T, R]):
    """Some items, on which another process works or this one does."""

    def __init__(self, items: list[T], function: _Named[T, R]) -> None:
        self._items, self._function = items, function
        self._future: Future[list[R] | None] | None = None
        self._results: list[R] | None = None

    def begin(self, future: Future[Any] | None) -> None:
        self._future = future
        if future is None:
            self._results = list(map(self._function, self._items))

    def is_done(self) -> bool:
        return self._future is None or self._future.done()

    def results(self) -> list[R]:
        if self._future is not None:
            try:
                self._results = self._future.result()
            except BrokenProcessPool:
                first, last = self._function.name(self._items[0]), self._function.name(self._items[-1])
                raise ArticlesError(
                    f"a process was ended from outside, most likely because memory ran out, while it worked on "
                    f"{count(len(self._items), 'article')} from {first} to {last}; the environment variable "
                    "TOPICS_THREADS=1 keeps to one process"
                ) from None
        if self._results is None:  # items of a class that only this process knows
            self._results = list(map(self._function, self._items))
        return self._results


def _batches(items: Iterable[T], weigh: Callable[[T], int]) -> Iterator[list[T]]:
    batch: list[T] = []
    weight = 0
    for item in items:
        batch.append(item)
        weight += weigh(item)
        if weight >= _BATCH or len(batch) == _BATCH_ITEMS:
            yield batch
            batch, weight = [], 0
    if batch:
        yield batch


def _forked(n: int) -> Any:
    return ProcessPoolExecutor(
        n, mp_context=multiprocessing.get_context("fork"), initializer=end_with, initargs=(os.getpid(),)
    )


def _kill(processes: list[multiprocessing.process.BaseProcess]) -> None:
    for process in processes:
        process.kill()


def _started(n: int) -> Any:
    from joblib.externals.loky import ProcessPoolExecutor as LokyExecutor  # type: ignore[import-untyped]

    one_thread = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    return LokyExecutor(n, env=one_thread, initializer=end_with, initargs=(os.getpid(),))


def _work(path: str, content: bytes) -> list[Any] | None:
    """In another process: the function applied to the items; None where they are of a class not known here."""
    try:
        items = pickle.loads(content)
    except Exception:
        return None
    return list(map(_function_at(path), items))


@lru_cache(maxsize=1)
def _function_at(path: str) -> Callable[[Any], Any]:
    function: Callable[[Any], Any] = pickle.loads(Path(path).read_bytes())
    return function
