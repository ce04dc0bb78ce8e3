"""Topics at given numbers of them, and the coherence and diversity of their terms by the papers' protocols."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import _study as study
import numpy as np
import pandas as pd

from topics.articles import from_texts, sample_path
from topics.evaluate import coherence, diversity

N_TOPICS = (10, 20, 30, 40, 50)
N_TERMS = 10
LABEL = {"n_terms": N_TERMS, "inflections": "keep", "ngram_range": (1, 1)}  # single tokens, as the papers count them
Found = Sequence[Sequence[str]]


@dataclass(frozen=True)
class Texts:
    """Texts, and how a document is cut into the tokens that are counted."""

    name: str
    texts: list[str]
    cut: Callable[[str], list[str]]


def words(text: str) -> list[str]:
    """Words of two letters and more in lower case."""
    return re.findall(r"(?u)\b\w\w+\b", text.lower())


def corpora(options, wanted: Sequence[str]) -> Iterator[Texts]:
    """The preprocessed tokens of OCTIS and raw articles; in a smoke run 80 pages of the sample."""
    if options.smoke:
        yield Texts("sample", pd.read_parquet(sample_path())["text"].head(80).tolist(), words)
        return
    if "octis" in wanted and not study.left_out(options, "bbc_octis.tsv"):
        path: Path = options.data / "bbc_octis.tsv"
        yield Texts("octis", pd.read_csv(path, sep="\t", header=None, keep_default_na=False)[0].tolist(), str.split)
    if "raw" in wanted and not study.left_out(options, "bbc_news.parquet"):
        yield Texts("raw", study.texts_of("bbc_news", options.data), words)


def fits(options, texts: Sequence[str]) -> tuple[Any, list[tuple[int, Any]]]:
    """The corpus, and a fit for each number of topics and seed, on MiniLM vectors that all share."""
    corpus, _ = from_texts(texts)
    made = []
    for k in (3,) if options.smoke else N_TOPICS:
        for seed in range(1 if options.smoke else options.seeds):
            config = {"random_state": seed, "cluster": {"level": k}, "label": LABEL}
            if not options.smoke:
                config |= {"embed": {"encoder": "sentence-transformer"}}
            made.append((k, study.fit(options, corpus, config)))
    return corpus, made


def row(name: str, topics: Sequence[Found], documents: Sequence[Sequence[str]]) -> dict[str, object]:
    """NPMI, as gensim counts it, and diversity: mean and standard deviation over the fits."""
    npmi = [float(np.nanmean(coherence(found, documents, counting="gensim"))) for found in topics]
    diverse = [float(diversity(found)) for found in topics]
    return {"": name, "NPMI": study.mean_and_spread(npmi), "diversity": study.mean_and_spread(diverse)}
