"""What other tools are given of a run; :class:`topics.Run` is one."""

from __future__ import annotations

import textwrap
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from topics.config import RunConfig
from topics.records import NOISE, Records

if TYPE_CHECKING:
    import pandas as pd

NOISE_NAME = "noise"
_CHARACTERS = 60  # of a topic's name and of a headline; not tuned: what fits a legend and a tooltip


class Folder(Protocol):
    """What a run's folder holds."""

    @property
    def has_embeddings(self) -> bool:
        """Whether the vectors of all documents are in it."""
        ...


class Mapped(Protocol):
    """A run: documents with their places on the map, topics with their names, and vectors where they are kept."""

    @property
    def name(self) -> str:
        """What it is called."""
        ...

    @property
    def path(self) -> Path | None:
        """Its folder; None of one that is not saved."""
        ...

    @property
    def kept(self) -> Folder:
        """What its folder holds; only where it has one."""
        ...

    @property
    def config(self) -> RunConfig:
        """What it was made with."""
        ...

    @property
    def records(self) -> Records:
        """Of every stage."""
        ...

    def documents(self) -> pd.DataFrame:
        """One row an article."""
        ...

    def topics(self) -> pd.DataFrame:
        """One row a topic."""
        ...


def map_frame(run: Mapped) -> pd.DataFrame:
    """One row a document, near-duplicates left out, in the order of the corpus.

    The columns of ``Run.documents()``, and ``topic_name``, each topic's own ("noise" of none), and ``headline``.

    Parameters
    ----------
    run : Mapped
        A run.
    """
    documents = run.documents()
    frame: pd.DataFrame = documents[documents["copy_of"].isna()].reset_index(drop=True)
    names = {NOISE: NOISE_NAME}
    for row in run.topics().to_dict("records"):
        said = row["name"] if isinstance(row["name"], str) else ", ".join(row["terms"][:3]) or str(row["label"])
        names[row["topic"]] = f"{row['topic']} {_short(said)}"
    lines = frame["title"].where(frame["title"].notna(), frame["text"])
    return frame.assign(topic_name=frame["topic"].map(names), headline=lines.map(_short))


def _short(text: str) -> str:
    return textwrap.shorten(text, _CHARACTERS, placeholder=" …")
