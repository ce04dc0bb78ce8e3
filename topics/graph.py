"""Stages, the graph that they make, and what runs it.

A stage is a function that makes a record, declared once beside it: its name, its version, the parameters it reads and
the libraries that its bytes depend on. Called with records it runs; called with a :class:`Node` among its arguments it
only plans, and gives the node of its own record. So a graph is written as one would write the computation, and all that
a record depends on is known before anything runs. A :class:`Runner` takes records out of the graph: from a store where
they are, else made, side by side where they do not wait for each other.
"""

from __future__ import annotations

import inspect
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import update_wrapper
from typing import Any, Concatenate, Generic, Literal, ParamSpec, Protocol, TypeVar, cast

from pydantic import BaseModel

from topics._blocks import n_workers
from topics.records import Origin, check_same_corpus, library_versions

P = ParamSpec("P")
T = TypeVar("T")
R = TypeVar("R", bound="Record")
OnStage = Callable[[str, "StageTime"], None]


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


@dataclass(frozen=True, eq=False)
class Node:
    """A record that is planned: what makes it, of what.

    Attributes
    ----------
    origin : Origin
        Where the record will come from; its notes are not known yet.
    stage : Stage or None
        What makes it; None of a record that is there already.
    arguments : Mapping
        What the stage is called with, nodes among it.
    record : Record or None
        The record itself, where it is there already.
    """

    origin: Origin
    stage: Stage[Any, Any] | None = None
    arguments: Mapping[str, Any] = field(default_factory=dict)
    record: Any = None

    @property
    def parents(self) -> list[Node]:
        """The nodes that it is made of."""
        return [value for argument in self.arguments.values() for value in _flat(argument) if isinstance(value, Node)]


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
        _check_key(part.origin, origin)
        if self._store:
            self._store.put(part)
        return part


class Stage(Generic[P, R]):
    """A stage of the graph; see :func:`stage`, which makes one of a function."""

    def __init__(
        self,
        function: Callable[Concatenate[Origin, P], R],
        name: str,
        record: type[R],
        *,
        version: int,
        reads: Sequence[str] | Callable[[Mapping[str, Any]], Mapping[str, Any]] | None,
        libraries: Sequence[str],
        stored: bool,
        threads: Literal["one", "all"],
        parts: Callable[[Mapping[str, Any]], Sequence[Origin]] | None,
    ) -> None:
        self.function, self.name, self.record, self.version = function, name, record, version
        self.reads, self.libraries, self.stored, self.threads, self.parts = reads, libraries, stored, threads, parts
        update_wrapper(self, function)
        whole = inspect.signature(function)
        self.__signature__ = whole.replace(parameters=list(whole.parameters.values())[1:])

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> R:
        """The record; or its node, if there is a node among the arguments. To a type checker both are the record."""
        arguments = self._bound(*args, **kwargs)
        values = [value for argument in arguments.values() for value in _flat(argument)]
        if any(isinstance(value, Node) for value in values):
            return cast(R, self._node(arguments))
        of_corpus = [value for value in values if hasattr(value, "corpus_key")]
        if of_corpus:
            check_same_corpus(*of_corpus)
        return self.make(self._origin(arguments), arguments)

    def node(self, *args: P.args, **kwargs: P.kwargs) -> R:
        """The node of the record, also where no argument is one."""
        return cast(R, self._node(self._bound(*args, **kwargs)))

    def named(self, name: str) -> Stage[P, R]:
        """The same stage under another name, whose records are others.

        Parameters
        ----------
        name : str
            Such as "map" for the layout that is looked at.
        """
        return Stage(
            self.function, name, self.record, version=self.version, reads=self.reads, libraries=self.libraries,
            stored=self.stored, threads=self.threads, parts=self.parts,
        )  # fmt: skip

    def make(self, origin: Origin, arguments: Mapping[str, Any]) -> R:
        """The record of this origin.

        Parameters
        ----------
        origin : Origin
            As planned.
        arguments : Mapping
            Records and parameters.
        """
        parameters = self.__signature__.parameters.values()
        by_place = [arguments[p.name] for p in parameters if p.kind is not p.KEYWORD_ONLY]
        by_name = {p.name: arguments[p.name] for p in parameters if p.kind is p.KEYWORD_ONLY}
        made = self.function(origin, *by_place, **by_name)
        _check_key(made.origin, origin)
        return made

    def _bound(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        bound = self.__signature__.bind(*args, **kwargs)
        bound.apply_defaults()
        return dict(bound.arguments)

    def _node(self, arguments: Mapping[str, Any]) -> Node:
        return Node(self._origin(arguments), self, arguments)

    def _origin(self, arguments: Mapping[str, Any]) -> Origin:
        """Parents are the records among the arguments; the rest of these are parameters."""
        parents = [value.origin.key for one in arguments.values() for value in _flat(one) if hasattr(value, "origin")]
        if callable(self.reads):
            parameters = dict(self.reads(arguments))
        else:
            parameters = {}
            for name, value in arguments.items():
                if isinstance(value, BaseModel):
                    wanted = None if self.reads is None else set(self.reads)
                    parameters |= value.model_dump(mode="json", include=wanted)
                elif name != "parts" and value is not None and not any(hasattr(one, "origin") for one in _flat(value)):
                    parameters[name] = dict(value.identity) if hasattr(value, "identity") else value
        return Origin(self.name, self.version, parameters, tuple(parents), library_versions(*self.libraries))


def stage(
    name: str,
    record: type[R],
    *,
    version: int,
    reads: Sequence[str] | Callable[[Mapping[str, Any]], Mapping[str, Any]] | None = None,
    libraries: Sequence[str] = (),
    stored: bool = True,
    threads: Literal["one", "all"] = "all",
    parts: Callable[[Mapping[str, Any]], Sequence[Origin]] | None = None,
) -> Callable[[Callable[Concatenate[Origin, P], R]], Stage[P, R]]:
    """A decorator that makes a stage of a function.

    The function's first parameter takes the record's origin, which its callers leave out. Records among the others are
    its parents. What is left are parameters: of a parameter record those that ``reads`` names, of an encoder its
    ``identity``, anything else as it is. A parameter called ``parts`` gets a :class:`Parts` and is none of these.

    Parameters
    ----------
    name : str
        Of the stage: that of its folder in the store, and what the user sees.
    record : type
        Class of what it makes.
    version : int
        Raised whenever results may change; a law of the tests asks for it.
    reads : sequence of str, callable or None
        Fields of the parameter record that decide the result, all of them for None; or a function of the arguments
        that gives all parameters.
    libraries : sequence of str
        Distributions whose version decides the result.
    stored : bool
        Whether the record is kept in the store; else it is made again when it is needed.
    threads : {"one", "all"}
        Whether it works on one thread, so that others run beside it, or spreads itself over all.
    parts : callable or None
        Of a stage that keeps parts of its record in ``parts``: where these come from, given the arguments.
    """

    def declare(function: Callable[Concatenate[Origin, P], R]) -> Stage[P, R]:
        return Stage(
            function, name, record, version=version, reads=reads, libraries=libraries, stored=stored,
            threads=threads, parts=parts,
        )  # fmt: skip

    return declare


def known(record: R) -> R:
    """A node of a record that is there already; to a type checker it is the record.

    Parameters
    ----------
    record : Record
        Such as the corpus, or vectors that the user has.
    """
    return cast(R, Node(record.origin, record=record))


@dataclass(frozen=True)
class Explained:
    """Whether a stage's record is stored, and if not, why it is new.

    Attributes
    ----------
    stage : str
        Name of the stage.
    n_parts, n_stored : int
        How many records of it are wanted, and how many of them are stored.
    why : str
        What makes the first missing one new; empty where all are stored.
    """

    stage: str
    n_parts: int
    n_stored: int
    why: str


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

    def explain(self, *planned: Any) -> list[Explained]:
        """What :meth:`take` would read and what it would make, and why, stage by stage; nothing is read or made.

        Parameters
        ----------
        planned : nodes
            As for :meth:`take`.
        """
        by_stage: dict[str, list[Node]] = {}
        for node in _ordered(planned):
            if node.stage is not None:
                by_stage.setdefault(node.stage.name, []).append(node)
        missing: set[str] = set()
        explained = []
        for name, nodes in by_stage.items():
            absent = [node for node in nodes if not self._is_stored(node, missing)]
            missing |= {node.origin.key for node in absent}
            why = self._why(absent[0], missing) if absent else ""
            explained.append(Explained(name, len(nodes), len(nodes) - len(absent), why))
        return explained

    def _is_stored(self, node: Node, missing: set[str]) -> bool:
        """Whether it need not be made: what is never stored itself is as its parts and parents are."""
        if node.stage is None or self.store is None:
            return node.stage is None
        if node.stage.stored:
            return self.store.has(node.origin)
        known = {name: getattr(value, "record", value) for name, value in node.arguments.items()}
        parts = node.stage.parts(known) if node.stage.parts else ()
        return all(map(self.store.has, parts)) and not any(parent.origin.key in missing for parent in node.parents)

    def _why(self, node: Node, missing: set[str]) -> str:
        new = sorted({parent.origin.stage for parent in node.parents if parent.origin.key in missing})
        if new:
            return f"made of {', '.join(new)}, which {'is' if len(new) == 1 else 'are'} new"
        before = self.store.latest(node.origin.stage) if self.store else None
        if before is None:
            return "never made here"
        changes = list(_changes(before, node.origin))
        return ", ".join(changes) if changes else "made of other documents or records"

    def _held(self, node: Node) -> Any:
        if node.record is not None:
            return node.record
        if self.store is None or node.stage is None or not node.stage.stored:
            return None
        return self.store.get(node.stage.record, node.origin)


class _Work:
    """One :meth:`Runner.take`: which nodes must be made, and the making of them.

    Stages that spread themselves over all processors run here, one at a time, in the thread that asked, which Ctrl-C
    reaches; those of one thread run in a pool beside them. Of the stages that could begin, the first in the graph does.
    """

    def __init__(self, runner: Runner, targets: Sequence[Node]) -> None:
        self.runner = runner
        self.clock = _Clock(runner)
        self.missing: list[Node] = []
        seen: set[str] = set()
        for target in targets:
            self._look(target, seen)
        self.clock.expect(self.missing)
        self.left = {node.origin.key for node in self.missing}
        self.ready = threading.Condition()
        self.waiting = list(self.missing)
        self.n_running = 0
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
        try:
            with self.ready:
                self._submit(pool)
            while True:
                with self.ready:
                    self.ready.wait_for(lambda: self.error or not self.left or self._next("all"))
                    if self.error or not self.left:
                        break
                    node = self._next("all")
                    assert node is not None
                    self.waiting.remove(node)
                self._make(node, pool)
        except BaseException as error:
            self._fail(error)
            raise
        finally:
            pool.shutdown(wait=True, cancel_futures=True)
            self.clock.close()
        if self.error:
            raise self.error

    def _next(self, threads: str) -> Node | None:
        """The first node that waits for nothing but its turn."""
        for node in self.waiting:
            waits = any(parent.origin.key in self.left for parent in node.parents)
            if node.stage is not None and node.stage.threads == threads and not waits:
                return node
        return None

    def _submit(self, pool: ThreadPoolExecutor) -> None:
        """Hand what can begin to the pool, no more than it works on at once: the rest may not be the first by then."""
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
            if stage.stored and self.runner.store:
                self.runner.store.put(record)
        with self.ready:
            self.runner._records[node.origin.key] = record
            self.left.discard(node.origin.key)
            self.n_running -= beside
            self._submit(pool)
            self.ready.notify_all()

    def _resolved(self, value: Any) -> Any:
        if isinstance(value, Node):
            return self.runner._records[value.origin.key]
        if isinstance(value, (list, tuple)) and any(isinstance(one, Node) for one in value):
            return type(value)(self._resolved(one) for one in value)
        return value


class _Part:
    def __init__(self, stored: bool, counts: bool) -> None:
        self.stored, self.counts = stored, counts


class _Clock:
    """Takes the time of stages whose parts are made side by side, and shows how many are left."""

    def __init__(self, runner: Runner) -> None:
        self._runner = runner
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
        shown = None if self._runner.progress else True
        for name, n in self._n_left.items():
            if n > 1 and any(node.stage and node.stage.threads == "one" for node in nodes if node.origin.stage == name):
                self._bars[name] = tqdm(total=n, desc=name, leave=False, disable=shown)

    def of(self, node: Node, *, stored: bool, counts: bool = True) -> _Timed:
        """A context that takes the time of one node."""
        if node.stage is not None and (node.stage.stored or node.stage.parts):
            self._announced.add(node.origin.stage)
        return _Timed(self, node.origin.stage, _Part(stored, counts))

    def start(self, name: str) -> None:
        with self._lock:
            if not self._n_active[name]:
                self._since[name] = time.perf_counter()
            self._n_active[name] += 1

    def stop(self, name: str, part: _Part) -> None:
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
        for bar in self._bars.values():
            bar.close()

    def _done(self, name: str) -> None:
        if name in self._bars:
            self._bars.pop(name).close()
        before = self._runner.times.get(name, StageTime(0.0, True))
        taken = StageTime(before.seconds + self._seconds[name], before.stored and self._stored[name])
        self._runner.times[name] = taken
        if self._runner._on_stage and name in self._announced:
            self._runner._on_stage(name, taken)


class _Timed:
    def __init__(self, clock: _Clock, name: str, part: _Part) -> None:
        self._clock, self._name, self._part = clock, name, part

    def __enter__(self) -> _Part:
        self._clock.start(self._name)
        return self._part

    def __exit__(self, kind: type[BaseException] | None, *rest: object) -> None:
        self._part.counts = self._part.counts and kind is None
        self._clock.stop(self._name, self._part)


def _ordered(planned: Sequence[Any]) -> list[Node]:
    """The nodes and all that they are made of, parents first, each once."""
    order: dict[str, Node] = {}

    def walk(node: Node) -> None:
        if node.origin.key not in order:
            for parent in node.parents:
                walk(parent)
            order[node.origin.key] = node

    for node in planned:
        if isinstance(node, Node):
            walk(node)
    return list(order.values())


def _changes(before: Origin, now: Origin) -> Iterator[str]:
    """How the origin of the last record of a stage differs, in the words of the config."""
    if before.version != now.version:
        yield f"version {before.version} → {now.version}"
    for one, other in ((before.parameters, now.parameters), (before.libraries, now.libraries)):
        for name in sorted({*one, *other}):
            old, new = one.get(name), other.get(name)
            if old != new and list(_flat(old)) != list(_flat(new)):
                yield f"{name} {old!r:.40} → {new!r:.40}"


def _flat(value: Any) -> Sequence[Any]:
    return value if isinstance(value, (list, tuple)) else (value,)


def _check_key(made: Origin, planned: Origin) -> None:
    if made.key != planned.key:
        raise RuntimeError(f"stage {planned.stage} made a record of another key than planned")
