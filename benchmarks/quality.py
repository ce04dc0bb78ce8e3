"""Quality gates: agreement with people's labels, numbers of topics and scores of default runs with fixed seeds."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pandas as pd

import topics
from topics.articles import sample_path

SEEDS = (0, 1)
SCORES = ("ami", "stability", "npmi", "diversity")  # higher is better for each
# A file of the development data, and its column of labels.
CORPORA = {
    "sample": ("", "gold_topic"),
    "bbc_news": ("bbc_news.parquet", "label"),
    "allsides_10topics": ("allsides_10topics.parquet", "label"),
    "ecbplus_stories": ("ecbplus_stories.parquet", "story"),
    "newsgroups20": ("newsgroups20_train_2000.parquet", "label"),
    "arxiv_20": ("arxiv_20.parquet", "label"),
}


def measure(name: str, *, data: Path | None, out: Path, smoke: bool) -> Iterator[tuple[str, dict[str, float]]]:
    """The scores of one run a seed; what ``out`` holds is not computed again."""
    file, column = CORPORA[name]
    path = sample_path() if not file or data is None else data / file
    articles = pd.read_parquet(path).head(60) if smoke else path
    for seed in SEEDS[:1] if smoke else SEEDS:
        config: dict[str, object] = {"random_state": seed, "evaluate": {"label_column": column}}
        if smoke:
            config |= {"embed": {"encoder": "lsa"}, "reduce": {"n_layouts": 3, "n_epochs": 20}, "map": {"n_epochs": 20}}
        run = topics.run(articles, config, out=out, progress=False)
        found = {score: float(run.scores[score]["value"]) for score in SCORES if run.scores.get(score)}
        yield f"{name}, seed {seed}", {**found, "k": float(len(run.topics()))}


def missing(name: str, data: Path | None) -> str:
    """Why a corpus is left out; "" where it is there."""
    file = CORPORA[name][0]
    if not file:
        return ""
    if data is None:
        return "no folder of development data (--data, or TOPICS_DATA)"
    return "" if (data / file).exists() else f"{data} has no {file}"
