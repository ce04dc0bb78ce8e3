"""Stages, and the nodes that they plan."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import update_wrapper
from typing import Any, Concatenate, Generic, Literal, ParamSpec, TypeVar, cast

from pydantic import BaseModel

from topics.graph._shelf import Record, Shelf, check_key
from topics.records import Origin, check_same_corpus, library_versions

P = ParamSpec("P")
T = TypeVar("T")
R = TypeVar("R", bound=Record)
Threads = Literal["one", "all", "alone"]
Determinism = Literal["bytes", "kernel", "machine"]


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
        return [value for argument in self.arguments.values() for value in flat(argument) if isinstance(value, Node)]


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
        threads: Threads,
        parts: Callable[[Mapping[str, Any]], Sequence[Origin]] | None,
        determinism: Determinism | None,
        lapsed: Callable[[Mapping[str, Any]], str] | None,
    ) -> None:
        self.function, self.name, self.record, self.version = function, name, record, version
        self.reads, self.libraries, self.stored, self.threads, self.parts = reads, libraries, stored, threads, parts
        self.determinism, self.lapsed = determinism, lapsed
        update_wrapper(self, function)
        whole = inspect.signature(function)
        self.__signature__ = whole.replace(parameters=list(whole.parameters.values())[1:])

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> R:
        """The record; or its node, if there is a node among the arguments. To a type checker both are the record."""
        arguments = self._bound(*args, **kwargs)
        values = [value for argument in arguments.values() for value in flat(argument)]
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
            stored=self.stored, threads=self.threads, parts=self.parts, determinism=self.determinism,
            lapsed=self.lapsed,
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
        check_key(made.origin, origin)
        return made

    def _bound(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        bound = self.__signature__.bind(*args, **kwargs)
        bound.apply_defaults()
        return dict(bound.arguments)

    def _node(self, arguments: Mapping[str, Any]) -> Node:
        return Node(self._origin(arguments), self, arguments)

    def _origin(self, arguments: Mapping[str, Any]) -> Origin:
        """Parents are the records among the arguments; the rest of these are parameters."""
        parents = [value.origin.key for one in arguments.values() for value in flat(one) if hasattr(value, "origin")]
        if callable(self.reads):
            parameters = dict(self.reads(arguments))
        else:
            parameters = {}
            for name, value in arguments.items():
                if isinstance(value, BaseModel):
                    wanted = None if self.reads is None else set(self.reads)
                    parameters |= value.model_dump(mode="json", include=wanted)
                elif name != "parts" and value is not None and not any(hasattr(one, "origin") for one in flat(value)):
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
    threads: Threads = "all",
    parts: Callable[[Mapping[str, Any]], Sequence[Origin]] | None = None,
    determinism: Determinism | None = None,
    lapsed: Callable[[Mapping[str, Any]], str] | None = None,
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
    threads : {"one", "all", "alone"}
        Whether it works on one thread, so that others like it run beside it; spreads itself over all, while those of
        one thread go on; or has the process to itself, as what imports a library must that others look for among the
        modules while it is half there (torch).
    parts : callable or None
        Of a stage that keeps parts of its record in ``parts``: where these come from, given the arguments.
    determinism : {"bytes", "kernel", "machine"} or None
        What the same arguments and versions of libraries give elsewhere, measured by ``scripts/classes.py``:
        the same bytes on every machine; the same bytes where matrices are multiplied by the same kernel, else numbers
        that differ by rounding; or another result on another machine, which it asks for. None declares nothing.
    lapsed : callable or None
        Of a stage whose result may be another one some day, though nothing that its key is of has changed: why a stored
        record no longer holds, given its fields that are neither arrays nor tables; "" where it holds.
    """

    def declare(function: Callable[Concatenate[Origin, P], R]) -> Stage[P, R]:
        return Stage(
            function, name, record, version=version, reads=reads, libraries=libraries, stored=stored,
            threads=threads, parts=parts, determinism=determinism, lapsed=lapsed,
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


def why_lapsed(node: Node, store: Shelf | None) -> str:
    """Why the stored record of a node no longer holds; "" where it holds, and where there is none."""
    if store is None or node.stage is None or node.stage.lapsed is None:
        return ""
    held = store.plain(node.origin)
    return "" if held is None else node.stage.lapsed(held)


def flat(value: Any) -> Sequence[Any]:
    """The values of a list or tuple, or the value itself as the only one."""
    return value if isinstance(value, (list, tuple)) else (value,)
