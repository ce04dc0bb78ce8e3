"""The labelled corpora that several experiments ask their question of."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from rich.console import Console

from topics.articles import read, sample_path
from topics.config import ArticlesParams
from topics.records import Corpus

DATA = Path(os.environ.get("TOPICS_DATA", Path(__file__).parents[2] / "shared" / "data"))
FILES = {
    "bbc_news": ("bbc_news.parquet", "label"),
    "allsides_10topics": ("allsides_10topics.parquet", "label"),
    "ecbplus_stories": ("ecbplus_stories.parquet", "story"),
    "reuters_single": ("reuters_single.parquet", "label"),
    "20 Newsgroups": ("newsgroups20_train_2000.parquet", "label"),
    "arxiv_20": ("arxiv_20.parquet", "label"),
    "masakhanews, English": ("masakhanews_english.parquet", "label"),
    "huffpost_titles_10": ("huffpost_titles_10.parquet", "label"),
    "wikiref_stories": ("wikiref_stories.parquet", "story"),
    "sib200, English": ("sib200_4lang.parquet", "label"),
    "sample": (None, "gold_topic"),
}
SMOKE_DOCUMENTS = 60


@dataclass(frozen=True)
class Labelled:
    """Documents, and a human label each; None where it is a story of a round-up and has none."""

    name: str
    corpus: Corpus
    labels: np.ndarray

    @property
    def known(self) -> np.ndarray:
        """Whether each document has a label."""
        return np.array([label is not None for label in self.labels])

    @property
    def truth(self) -> np.ndarray:
        """The labels of those that have one."""
        return self.labels[self.known].astype(str)


def wide_console() -> Console:
    """A console that breaks no table where its output is not a terminal."""
    return Console(highlight=False, width=None if sys.stdout.isatty() else 170)


def labelled_corpora(*, smoke: bool = False, only: Sequence[str] = ()) -> Iterator[Labelled]:
    """The development corpora where they are at hand, and the sample.

    Parameters
    ----------
    smoke : bool
        60 pages of the sample alone.
    only : sequence of str
        Names of corpora, or what they start with; none stands for all.
    """
    for name, (file, column) in FILES.items():
        path = sample_path() if file is None else DATA / file
        wanted = name == "sample" if smoke else not only or name.startswith(tuple(only))
        if not wanted or not path.exists():
            continue
        frame = pd.read_parquet(path)
        if "lang" in frame and name.startswith("sib200"):
            frame = frame[frame["lang"] == "eng_Latn"].drop(columns="lang")
        yield from_frame(name, frame.head(SMOKE_DOCUMENTS) if smoke else frame, column)


def from_frame(name: str, frame: pd.DataFrame | Path, column: str) -> Labelled:
    """The documents of a frame or file with the labels in one of its columns."""
    corpus = read(frame, ArticlesParams())
    column = column if f"{column}_given" not in corpus.documents.column_names else f"{column}_given"
    labels = np.array(corpus.documents[column].to_pylist(), dtype=object)
    labels[[parent is not None for parent in corpus.documents["parent_id"].to_pylist()]] = None
    return Labelled(name, corpus, labels)
