"""Coherence and diversity: are the labels better than the published ones, by the papers' own protocols?

Question   How coherent (NPMI) and how diverse are our topics' terms, by the protocol of the BERTopic paper, on a half
           of the documents that the terms were not chosen on, and on raw articles, beside BERTopic run here?
Command    python experiments/e06_bertopic_paper.py [--part octis|held-out|raw]… [--seeds N] [--smoke]; BERTopic's rows
           need make install-peers
Data       bbc_octis.tsv and bbc_news.parquet of the development data ($TOPICS_DATA or ../shared/data).
Expected   octis: NPMI of at least .21 with diversity of at least .90 (published: BERTopic .170/.802, Top2Vec .171/.792,
           CTM .094/.819). held-out: at least .03 above class-based TF-IDF, diversity not lower. raw: .09/.93.
Run time   About 6 minutes on 2 cores, 10 with BERTopic.

octis     Grootendorst 2022: the documents are preprocessed tokens joined by spaces, MiniLM vectors, 10, 20, 30, 40 and
          50 topics, ten words each, NPMI in windows of ten tokens over the same documents as gensim counts them,
          diversity the share of distinct words. Noise is no topic. Mean and standard deviation over all fits.
held-out  The same topics; terms are chosen on one half of the documents and NPMI is taken on the other.
raw       The same on raw articles (the protocol of topic-benchmark): tokens are words in lower case.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable, Sequence
from importlib.util import find_spec

import numpy as np
import pandas as pd
from corpora import DATA
from rich.console import Console
from rich.table import Table
from scipy.sparse import csr_array

from topics import RunConfig, embed, pipeline
from topics.articles import from_texts
from topics.config import EmbedParams, LabelParams
from topics.evaluate import coherence, diversity
from topics.label import WEIGHTINGS, class_tfidf, count
from topics.label.choosing import choose_terms, members_of
from topics.label.evenness import judge_terms

N_TOPICS = (10, 20, 30, 40, 50)
N_TERMS = 10
LABEL = LabelParams(n_terms=N_TERMS, inflections="keep", ngram_range=(1, 1))  # single tokens, as the papers count them
Found = Sequence[Sequence[str]]


def read_octis() -> list[str]:
    return pd.read_csv(DATA / "bbc_octis.tsv", sep="\t", header=None, keep_default_na=False)[0].tolist()


def read_raw() -> list[str]:
    frame = pd.read_parquet(DATA / "bbc_news.parquet")
    return (frame["title"].fillna("") + "\n\n" + frame["text"]).tolist()


def words(text: str) -> list[str]:
    return re.findall(r"(?u)\b\w\w+\b", text.lower())


class Fits:
    """One fit a number of topics and seed, on vectors that all share."""

    def __init__(self, texts: Sequence[str], smoke: bool) -> None:
        self.corpus, self.rows = from_texts(texts)
        params = EmbedParams(encoder="lsa" if smoke else "sentence-transformer")
        self.embeddings = embed.embed(self.corpus, embed.encoder_for(params))
        self.vectors = self.embeddings.vectors
        self.texts = self.corpus.full_texts()
        self.counted = count(self.corpus, LABEL)

    def labels_and_terms(self, k: int, seed: int) -> tuple[np.ndarray, Found]:
        """Topic of each document and the terms of each topic."""
        config = RunConfig.from_dict(
            {"random_state": seed, "cluster": {"level": k}, "label": LABEL.model_dump(mode="json")}
        )
        fit = pipeline.fit(config, self.corpus, embeddings=self.embeddings)
        return np.array(fit.clusters.labels), fit.topics.table.column("terms").to_pylist()

    def bertopic(self, k: int) -> Found:
        """The terms of each topic of a BERTopic fit."""
        from bertopic import BERTopic

        # 0.17.4 counts the outlier topic, the paper's version did not; smallest topic as in the paper
        model = BERTopic(nr_topics=k + 1, min_topic_size=5, top_n_words=N_TERMS)
        model.fit(self.texts, embeddings=np.array(self.vectors))
        return [[word for word, _ in terms if word] for topic, terms in model.get_topics().items() if topic >= 0]


def chosen_on(fits: Fits, labels: np.ndarray, rows: np.ndarray, weighting: str, *, coherence_weight: float) -> Found:
    """Terms chosen on some of the documents."""
    params = LABEL.model_copy(update={"weighting": weighting, "coherence_weight": coherence_weight})
    counted, languages = judge_terms(fits.counted, fits.corpus, labels=labels.astype(np.int32))
    _, chosen = choose_terms(
        counted,
        labels,
        params=params,
        vectors=fits.vectors,
        n_topics=int(labels.max()) + 1,
        rows=rows,
        languages=languages,
    )
    return [[fits.counted.terms[column] for column in columns] for columns in chosen]


def heaviest_on(fits: Fits, labels: np.ndarray, rows: np.ndarray) -> Found:
    """The heaviest terms by class-based TF-IDF alone, as peers take them."""
    members = members_of(labels[rows], n_topics=int(labels.max()) + 1)
    counted, _ = judge_terms(fits.counted, fits.corpus, labels=labels.astype(np.int32))
    weights = class_tfidf(csr_array(members @ counted.counts[rows])).toarray()
    return [[fits.counted.terms[column] for column in np.argsort(-row, kind="stable")[:N_TERMS]] for row in weights]


def row(found: Sequence[Found], documents: Sequence[Sequence[str]]) -> tuple[np.ndarray, np.ndarray]:
    """NPMI and diversity of each fit."""
    npmi = [np.nanmean(coherence(topics, documents, counting="gensim")) for topics in found]
    return np.array(npmi), np.array([diversity(topics) for topics in found])


def compare(name: str, texts: list[str], cut: Callable[[str], list[str]], *, options: argparse.Namespace) -> None:
    console = options.console
    fits = Fits(texts, options.smoke)
    documents = [cut(text) for text in texts]
    counts = (3,) if options.smoke else N_TOPICS
    grid = [(k, seed) for k in counts for seed in range(options.seeds)]
    ours = {at: fits.labels_and_terms(*at) for at in grid}
    table = new_table(f"{name}: {len(texts):,} documents, {len(grid)} fits")
    add(table, "topics", *row([terms for _, terms in ours.values()], documents))
    if options.peers:
        theirs = [fits.bertopic(k) for k, _ in grid]
        add(table, "BERTopic 0.17.4, same vectors", *row(theirs, documents))
    console.print(table)
    if name == "octis" and "held-out" in options.parts:
        held_out(fits, ours, cut, options)


def held_out(
    fits: Fits, ours: dict[tuple[int, int], tuple[np.ndarray, Found]], cut: Callable[[str], list[str]], options
) -> None:
    half = np.random.default_rng(0).permutation(len(fits.texts)) < len(fits.texts) // 2
    rows = np.flatnonzero(half)
    second = [cut(text) for text, kept in zip(fits.texts, half, strict=True) if not kept]
    table = new_table("terms chosen on one half, NPMI on the other")
    labels = [found for found, _ in ours.values()]
    add(table, "class-based TF-IDF alone", *row([heaviest_on(fits, found, rows) for found in labels], second))
    for weighting in WEIGHTINGS:
        name = f"topics, {weighting}{' (default)' if weighting == LABEL.weighting else ''}"
        for weight, said in ((LABEL.coherence_weight, ""), (0.0, ", coherence not looked at")):
            chosen = [chosen_on(fits, found, rows, weighting, coherence_weight=weight) for found in labels]
            add(table, name + said, *row(chosen, second))
    options.console.print(table)


def new_table(title: str) -> Table:
    table = Table(title=title, title_justify="left", header_style="bold", box=None)
    for column in ("", "NPMI", "diversity"):
        table.add_column(column, justify="right" if column else "left")
    return table


def add(table: Table, name: str, npmi: np.ndarray, diverse: np.ndarray) -> None:
    table.add_row(name, f"{npmi.mean():.3f} ± {npmi.std():.3f}", f"{diverse.mean():.3f} ± {diverse.std():.3f}")


def main(arguments: list[str] | None = None) -> None:
    """Fit, measure and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--part", action="append", choices=["octis", "held-out", "raw"])
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--no-peers", action="store_true", help="without BERTopic even where it is installed")
    parser.add_argument("--smoke", action="store_true", help="the bundled sample, LSA vectors, 3 topics, one seed")
    options = parser.parse_args(arguments)
    options.console = Console(highlight=False)
    options.parts = options.part or ["octis", "held-out", "raw"]
    options.peers = find_spec("bertopic") is not None and not (options.smoke or options.no_peers)
    if options.smoke:
        from topics.articles import sample_path

        options.seeds = 1
        compare("octis", pd.read_parquet(sample_path())["text"].head(80).tolist(), words, options=options)
        return
    if not DATA.is_dir():
        options.console.print(f"left out: the development data is not at {DATA} (set TOPICS_DATA)")
        return
    if {"octis", "held-out"} & set(options.parts):
        compare("octis", read_octis(), str.split, options=options)
    if "raw" in options.parts:
        compare("raw", read_raw(), words, options=options)


if __name__ == "__main__":
    main()
