"""Settings tried by several processes: forks of this one, which have in memory what it has, and share the store.

This process hands out one setting at a time and tries none. Two processes never make the same record: those that
several settings need are made before, each by one of them. A process that is alone at work may use all threads, those
beside each other share them.
"""

from __future__ import annotations

import multiprocessing
import os
import pickle
import threading
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Any

from topics._blocks import n_workers
from topics._fork import can_fork, end_with, interrupts_held
from topics._locks import BusyError
from topics.errors import TopicsError
from topics.sweeps._plan import Plan
from topics.sweeps._settings import Setting
from topics.sweeps._work import Made, Work

OnState = Callable[[Setting, Mapping[str, Any] | None], object]
# Not tuned: what fewer settings are hardly worth, and what a process loads that has computed nothing yet.
_MIN_SETTINGS = 5  # a fork takes some 30 ms
_LOADED = 400_000  # KiB


class LostProcessError(TopicsError, RuntimeError):
    """A process that tried a setting was ended from outside; the message says what to do."""


def n_processes(jobs: int | None, n_settings: int, *, uses_torch: bool = True) -> int:
    """How many processes try settings: 1 where this one cannot be forked, or they would take more memory than there is.

    Parameters
    ----------
    jobs : int or None
        As asked for; None takes ``TOPICS_THREADS`` where it is set, else the processors.
    n_settings : int
        Number of settings to try.
    uses_torch : bool
        Whether an embedding may have to be computed.
    """
    wanted = n_workers() if jobs is None else jobs
    if wanted < 2 or n_settings < _MIN_SETTINGS or not can_fork(uses_torch=uses_torch):
        return 1
    own, free = _memory("/proc/self/status", "VmRSS"), _memory("/proc/meminfo", "MemAvailable")
    fitting = free // (own + _LOADED) if own and free else wanted
    return max(1, min(wanted, n_settings, fitting))


def try_setting(plan: Plan, work: Work, *, setting: Setting) -> dict[str, Any] | None:
    """What became of a setting, which is kept; None if another process has tried it.

    Parameters
    ----------
    plan : Plan
        Of the study.
    work : Work
        That tries it.
    setting : Setting
        Of the plan.

    Raises
    ------
    BusyError
        If another process holds it.
    StoreError, OSError
        If the disk refuses.
    """
    with plan.held(setting):
        if work.is_tried(setting, plan.state(setting)):
            return None
        state = {**work.try_(setting), "of": work.key_of(setting)}
        plan.keep(setting, state)
        return state


class _Worker:
    """A process, what it does and for the setting at which place, and how many settings that are done it knows of."""

    def __init__(self, process: Any, connection: Connection) -> None:
        self.process, self.connection = process, connection
        self.task: int | str | None = None  # a setting's place, or the key of a record
        self.place = 0
        self.n_told = 0


class _Schedule:
    """What is done next: a setting whose records are there, else a record that a setting waits for.

    A record that several settings need is made once, by one process, before any of them is tried.

    Parameters
    ----------
    needs : sequence of sequence of str
        Of each setting, the records that others need too and that are not there yet, parents first.
    made_of : Mapping of str to frozenset of str
        Of each of those records, those that it is made of.
    """

    def __init__(self, needs: Sequence[Sequence[str]], made_of: Mapping[str, frozenset[str]]) -> None:
        self.needs, self.made_of = needs, made_of
        self.pending = list(range(len(needs)))
        self.waiting = set(made_of)
        self.made: set[str] = set()

    def next(self) -> int | str | None:
        """Place of a setting or key of a record, either pending no more; None if all wait for others."""
        for i, place in enumerate(self.pending):
            lacking = [key for key in self.needs[place] if key not in self.made]
            if not lacking:
                return self.pending.pop(i)
            for key in lacking:
                if key in self.waiting and self.made_of[key] <= self.made:
                    self.waiting.discard(key)
                    return key
        return None

    def first_with(self, key: str) -> int:
        """Place of the first setting that needs a record."""
        return next(place for place, keys in enumerate(self.needs) if key in keys)


def try_beside(plan: Plan, work: Work, *, settings: Sequence[Setting], n: int, on_state: OnState) -> list[Setting]:
    """Try settings in several processes; what other sweeps hold is given back.

    Parameters
    ----------
    plan : Plan
        Of the study.
    work : Work
        That knows which settings to expect.
    settings : sequence of Setting
        To be tried.
    n : int
        Number of processes.
    on_state : callable
        Called here with each setting that was tried and what became of it, None if another sweep has tried it.

    Raises
    ------
    LostProcessError
        If a process was ended from outside.
    StoreError, OSError
        As :func:`try_setting` does.
    """
    needs = work.shared_needs(settings)
    schedule = _Schedule(needs, {key: work.made_of(key) for keys in needs for key in keys})
    before: dict[int, list[Made]] = {}  # what was made for a setting that is still to be tried
    busy: list[Setting] = []
    done: list[int] = []
    with _forked(plan, work, settings, n) as workers:
        while schedule.pending or any(worker.task is not None for worker in workers):
            for worker in [worker for worker in workers if worker.task is None]:
                if (task := schedule.next()) is None:
                    break
                worker.task = task
                worker.place = schedule.first_with(task) if isinstance(task, str) else task
                made = [] if isinstance(task, str) else before.pop(task, [])
                n_running = sum(other.task is not None for other in workers)
                worker.connection.send((task, made, max(1, n_workers() // n_running), done[worker.n_told :]))
                worker.n_told = len(done)
            at_work = {worker.connection: worker for worker in workers if worker.task is not None}
            for connection in wait(list(at_work)):
                worker = at_work[connection]  # type: ignore[index]
                task, setting = worker.task, settings[worker.place]
                answer, error = _received(worker, setting)
                worker.task = None
                if isinstance(error, BusyError):
                    busy.append(setting)
                    continue
                if error is not None:
                    raise error
                if isinstance(task, str):
                    schedule.made.add(task)
                    before.setdefault(worker.place, []).append(answer)
                    continue
                done.append(worker.place)
                work.let_go(setting)
                on_state(setting, answer)
    return busy


def _received(worker: _Worker, setting: Setting) -> tuple[Any, BaseException | None]:
    try:
        answer: tuple[Any, BaseException | None] = worker.connection.recv()
    except (EOFError, ConnectionError):
        raise LostProcessError(
            f"a process was ended from outside, most likely because memory ran out, while it tried {setting.title}; "
            "what was finished is kept, the same study goes on from there, and jobs=1 keeps to one process"
        ) from None
    return answer


@contextmanager
def _forked(plan: Plan, work: Work, settings: Sequence[Setting], n: int) -> Iterator[list[_Worker]]:
    """Processes that wait for settings; they end with the block, at once where it is left by an error or Ctrl-C."""
    context = multiprocessing.get_context("fork")
    workers: list[_Worker] = []
    try:
        for _ in range(n):
            here, there = context.Pipe()
            inherited = [*(worker.connection for worker in workers), here]
            arguments = (there, inherited, plan, work, list(settings), os.getpid())
            process = context.Process(target=_serve, args=arguments, daemon=True)
            with interrupts_held():  # a process that starts now never sees Ctrl-C: this one ends it
                process.start()
            there.close()
            workers.append(_Worker(process, here))
        yield workers
    except BaseException:
        for worker in workers:
            worker.process.kill()
        raise
    finally:
        for worker in workers:
            worker.connection.close()
        for worker in workers:
            worker.process.join()


def _serve(
    connection: Connection,
    inherited: Sequence[Connection],
    plan: Plan,
    work: Work,
    settings: list[Setting],
    parent: int,
) -> None:
    """In another process: try the settings that come, until none does."""
    from threadpoolctl import threadpool_limits
    from tqdm import tqdm

    for other in inherited:
        other.close()
    tqdm.set_lock(threading.RLock())  # the one of before may be held by a thread that is not here
    end_with(parent)
    while True:
        try:
            task, made, n_threads, done = connection.recv()
        except EOFError:
            return
        for other in done:
            work.let_go(settings[other])
        os.environ["TOPICS_THREADS"] = str(n_threads)
        answer: Any = None
        problem = None
        try:
            with threadpool_limits(n_threads):
                if isinstance(task, str):
                    answer = work.make(task)
                else:
                    work.count_in(made)
                    answer = try_setting(plan, work, setting=settings[task])
        except BaseException as error:
            problem = _portable(error)
        connection.send((answer, problem))


def _portable(error: BaseException) -> BaseException:
    """The error, or what can be said of it where it cannot be handed over."""
    try:
        pickle.loads(pickle.dumps(error))
    except Exception:
        return RuntimeError("".join(traceback.format_exception(error)))
    return error


def _memory(path: str, name: str) -> int:
    """A number of KiB that the system says; 0 where it does not."""
    try:
        lines = Path(path).read_text(encoding="utf-8").splitlines()
        return next((int(line.split()[1]) for line in lines if line.startswith(f"{name}:")), 0)
    except OSError:
        return 0
