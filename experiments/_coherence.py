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
    """Texts, how a document is cut into the tokens that are counted, and how many topics are asked for."""

    name: str
    texts: list[str]
    cut: Callable[[str], list[str]]
    n_topics: Sequence[int] = N_TOPICS


def words(text: str) -> list[str]:
    """Words of two letters and more in lower case."""
    return re.findall(r"(?u)\b\w\w+\b", text.lower())


def corpora(options, wanted: Sequence[str]) -> Iterator[Texts]:
    """The preprocessed tokens of OCTIS and raw articles; in a smoke run 80 pages of the sample."""
    if options.smoke:
        yield Texts("sample", pd.read_parquet(sample_path())["text"].head(80).tolist(), words, (3,))
        return
    if {"octis", "five"} & set(wanted) and not study.left_out(options, "bbc_octis.tsv"):
        path: Path = options.data / "bbc_octis.tsv"
        texts = pd.read_csv(path, sep="\t", header=None, keep_default_na=False)[0].tolist()
        for name, n_topics in (("octis", N_TOPICS), ("five", (5,))):
            if name in wanted:
                yield Texts(name, texts, str.split, n_topics)
    if "raw" in wanted and not study.left_out(options, "bbc_news.parquet"):
        yield Texts("raw", study.texts_of("bbc_news", options.data), words)


def fits(options, texts: Texts) -> tuple[Any, list[tuple[int, Any]]]:
    """The corpus, and a fit for each number of topics and seed, on MiniLM vectors that all share."""
    corpus, _ = from_texts(texts.texts)
    made = []
    for k in texts.n_topics:
        for seed in range(1 if options.smoke else options.seeds):
            config = {"random_state": seed, "cluster": {"level": k}, "label": LABEL}
            if not options.smoke:
                config |= {"embed": {"encoder": "sentence-transformer"}}
            made.append((k, study.fit(options, corpus, config)))
    return corpus, made


def row(name: str, topics: Sequence[Found], documents: Sequence[Sequence[str]]) -> dict[str, object]:
    """NPMI and C_V, as gensim counts them, and diversity: mean and standard deviation over the fits."""
    found = {"": name}
    for title, measure in (("NPMI", "npmi"), ("C_V", "c_v")):
        values = [np.nanmean(coherence(terms, documents, measure=measure, counting="gensim")) for terms in topics]
        found[title] = study.mean_and_spread(values)
    return {**found, "diversity": study.mean_and_spread([float(diversity(terms)) for terms in topics])}
