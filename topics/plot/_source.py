"""What figures are drawn of: a run, or the frames that it gives."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Protocol, TypeGuard

from topics.errors import InputError, InputTypeError
from topics.records import NOISE

if TYPE_CHECKING:
    import pandas as pd


class Source(Protocol):
    """A run, as far as figures look at it: :class:`topics.Run` is one."""

    def documents(self) -> pd.DataFrame:
        """One row a document."""
        ...

    def topics(self) -> pd.DataFrame:
        """One row a topic."""
        ...

    def levels(self) -> pd.DataFrame:
        """One row a level."""
        ...

    def scan(self) -> pd.DataFrame:
        """One row a cut that was tried."""
        ...

    def membership(self) -> pd.DataFrame:
        """One row a document and topic."""
        ...


def is_run(source: object) -> TypeGuard[Source]:
    """Whether it is a run, or gives the frames that a run does.

    Parameters
    ----------
    source : object
        What a figure is asked of.
    """
    return callable(getattr(source, "documents", None))


def frame_of(source: Any, name: str, *, columns: Sequence[str]) -> pd.DataFrame:
    """A frame of a run, or the frame itself, once it has the columns.

    Parameters
    ----------
    source : object
        A run or a frame.
    name : str
        Which frame of a run it is: "documents", "topics", "levels", "scan", "membership", or, of a study, "results"
        and "summary".
    columns : sequence of str
        That it must have.

    Raises
    ------
    TypeError
        If it is neither.
    ValueError
        If it is another frame.
    """
    import pandas as pd

    method = getattr(source, name, None) if not isinstance(source, pd.DataFrame) else None
    frame = source if isinstance(source, pd.DataFrame) else method() if callable(method) else None
    if not isinstance(frame, pd.DataFrame):
        raise InputTypeError(f"expected a Run, or the frame that its {name}() gives, got {type(source).__name__}")
    missing = [column for column in columns if column not in frame.columns]
    if missing and len(frame.columns):
        raise InputError(
            f"expected the frame of {name}(), with {', '.join(columns)}, got one without {', '.join(missing)}"
        )
    return frame


def topics_of(source: Any, topics: Any, *, columns: Sequence[str] = ("topic", "terms")) -> pd.DataFrame:
    """The frame of topics that is given, or that of the run that is drawn.

    Parameters
    ----------
    source : object
        What is drawn.
    topics : Run, pandas.DataFrame or None
        None takes those of ``source``, which is a run then.
    columns : sequence of str
        That it must have.

    Raises
    ------
    TypeError
        If there is neither.
    """
    if topics is None and not callable(getattr(source, "topics", None)):
        raise InputTypeError(
            f"expected the topics beside {type(source).__name__}: give run.topics() too, or the run itself"
        )
    return frame_of(source if topics is None else topics, "topics", columns=columns)


def some_topics(topics: pd.DataFrame, *, what: str) -> pd.DataFrame:
    """The frame of topics, largest first, if there is any.

    Parameters
    ----------
    topics : pandas.DataFrame
        ``Run.topics()``.
    what : str
        Whose topics, for the message.

    Raises
    ------
    ValueError
        If there is none.
    """
    found = topics[topics["topic"] != NOISE] if len(topics) else topics
    if not len(found):
        raise InputError(
            f"expected {what} with topics, got one without any: nothing to draw (a lower cluster.min_cluster_size or "
            "another cluster.level may find some)"
        )
    return found.sort_values("topic", kind="stable") if "size" not in found else found.sort_values(
        ["size", "topic"], ascending=[False, True], kind="stable"
    )  # fmt: skip


def at_least_one(n: int, name: str) -> int:
    """A number of things to show, refused where it is none.

    Parameters
    ----------
    n : int
        What was asked for.
    name : str
        Of the parameter.

    Raises
    ------
    ValueError
        If it is less than 1.
    """
    if n < 1:
        raise InputError(f"expected {name} to be at least 1, got {n!r}")
    return n
