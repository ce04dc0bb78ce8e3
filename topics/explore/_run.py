"""What the explorer asks of a run; :class:`topics.Run` is one."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from topics.config import RunConfig
from topics.records import Records

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray


class Edited(Protocol):
    """An edit that says what was done."""

    def say(self) -> str:
        """A few words."""
        ...


class Edits(Protocol):
    """The edits of a run, of which the first ``n_done`` are in effect."""

    def to_bytes(self) -> bytes:
        """As a file, which says what was done to which documents."""
        ...

    @property
    def edits(self) -> Sequence[Edited]:
        """In the order they were made."""
        ...

    @property
    def n_done(self) -> int:
        """How many are in effect."""
        ...


class OnDisk(Protocol):
    """What a run's folder holds."""

    @property
    def has_embeddings(self) -> bool:
        """Whether the vectors of all documents are in it."""
        ...


class Meaning(Protocol):
    """What texts are compared with documents by."""

    def similarity(self, text: str) -> NDArray[np.float32]:
        """Of each document to a text, in [-1, 1]."""
        ...


class Methods(Protocol):
    """A paragraph for a paper."""

    @property
    def text(self) -> str:
        """The paragraph."""
        ...

    @property
    def bibtex(self) -> str:
        """What it cites."""
        ...


class Explorable(Protocol):
    """A run: frames to show, records for what is asked of a document, and edits that give another run."""

    @property
    def name(self) -> str:
        """What it is called."""
        ...

    @property
    def path(self) -> Path | None:
        """Its folder; None of one that is not saved."""
        ...

    @property
    def kept(self) -> OnDisk:
        """What its folder holds; only where it has one."""
        ...

    @property
    def config(self) -> RunConfig:
        """What it was made with."""
        ...

    @property
    def records(self) -> Records:
        """After the edits in effect."""
        ...

    @property
    def fitted(self) -> Records:
        """Before any edit."""
        ...

    @property
    def journal(self) -> Edits:
        """Its edits."""
        ...

    @property
    def manifest(self) -> Mapping[str, Any]:
        """What is said of it beside its results."""
        ...

    @property
    def scores(self) -> Mapping[str, Any]:
        """By name a value and its definition."""
        ...

    @property
    def warnings(self) -> list[str]:
        """What a reader should know."""
        ...

    def documents(self) -> pd.DataFrame:
        """One row an article."""
        ...

    def topics(self) -> pd.DataFrame:
        """One row a topic."""
        ...

    def levels(self) -> pd.DataFrame:
        """One row a level of detail."""
        ...

    def methods(self) -> Methods:
        """How it was made, as a paragraph."""
        ...

    def membership(self) -> pd.DataFrame:
        """One row a document and topic."""
        ...

    def removed(self) -> pd.DataFrame:
        """One row a line that was removed."""
        ...

    def merge(self, topics: Collection[int]) -> Explorable:
        """Several topics made one."""
        ...

    def split(self, topic: int) -> Explorable:
        """A topic taken apart."""
        ...

    def move(self, documents: Collection[str], *, to: int) -> Explorable:
        """Documents put into a topic."""
        ...

    def drop(self, topic: int) -> Explorable:
        """A topic made noise."""
        ...

    def rename(self, topic: int, name: str) -> Explorable:
        """A topic named."""
        ...

    def validate(self, topic: int, *, validated: bool = True) -> Explorable:
        """A topic marked as validated, or not any more."""
        ...

    def meaning(self) -> Meaning:
        """How near documents are in meaning to a text."""
        ...

    def undo(self) -> Explorable:
        """Without the last edit."""
        ...

    def redo(self) -> Explorable:
        """With the edit that was undone last."""
        ...

    def save(self) -> Explorable:
        """As it is kept."""
        ...
