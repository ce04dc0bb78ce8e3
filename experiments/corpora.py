"""The labelled corpora that several experiments ask their question of."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from rich.console import Console

from topics.articles import from_texts, read, sample_path
from topics.config import ArticlesParams
from topics.records import Corpus

DATA = Path(os.environ.get("TOPICS_DATA", Path(__file__).parents[2] / "shared" / "data"))
FILES = {
    "allsides_10topics": ("allsides_10topics.parquet", "label"),
    "bbc_news": ("bbc_news.parquet", "label"),
    "ecbplus_stories": ("ecbplus_stories.parquet", "story"),
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


def labelled_corpora(*, smoke: bool = False, newsgroups: bool = True) -> Iterator[Labelled]:
    """The sample, the development corpora where they are at hand, 20 Newsgroups where there is a network.

    Parameters
    ----------
    smoke : bool
        60 pages of the sample alone.
    newsgroups : bool
        Whether to try for 20 Newsgroups.
    """
    for name, (file, column) in FILES.items():
        path = sample_path() if file is None else DATA / file
        if not path.exists() or (smoke and file is not None):
            continue
        frame = pd.read_parquet(path)
        if "lang" in frame and name.startswith("sib200"):
            frame = frame[frame["lang"] == "eng_Latn"].drop(columns="lang")
        yield from_frame(name, frame.head(SMOKE_DOCUMENTS) if smoke else frame, column)
    found = twenty_newsgroups() if newsgroups and not smoke else None
    if found is not None:
        texts, targets = found
        corpus, rows = from_texts(texts)
        labels = np.empty(corpus.n_docs, dtype=object)
        for row, target in zip(rows, targets, strict=True):
            if row >= 0:
                labels[row] = str(target)
        yield Labelled("20 Newsgroups", corpus, labels)


def from_frame(name: str, frame: pd.DataFrame | Path, column: str) -> Labelled:
    """The documents of a frame or file with the labels in one of its columns."""
    corpus = read(frame, ArticlesParams())
    column = column if f"{column}_given" not in corpus.documents.column_names else f"{column}_given"
    labels = np.array(corpus.documents[column].to_pylist(), dtype=object)
    labels[[parent is not None for parent in corpus.documents["parent_id"].to_pylist()]] = None
    return Labelled(name, corpus, labels)


def twenty_newsgroups() -> tuple[list[str], list[int]] | None:
    """Texts and labels through scikit-learn's loader; None without a network."""
    from sklearn.datasets import fetch_20newsgroups

    try:
        found = fetch_20newsgroups(subset="all", n_retries=1, delay=0.1)
    except OSError:
        return None
    return list(found.data), list(found.target)
