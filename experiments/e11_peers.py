"""Peers: given the same texts and vectors, whose topics agree best with people's labels?

Question   How well do the topics of topics, BERTopic and TriTopic agree with human labels, each with its defaults, and
           BERTopic with the size that these labels say is best, which nobody could know?
Command    make install-peers && python experiments/e11_peers.py [--only NAME]… [--data PATH --label COLUMN] [--seeds N]
           [--smoke]
Data       The labelled corpora of the development data ($TOPICS_DATA or ../shared/data) and the bundled sample; or
           articles of your own with a column of labels.
Expected   topics ahead of both peers' defaults on all eleven corpora, by .001 to .3; the table of docs/levels.md.
Run time   About 45 minutes on 2 cores: embedding 10, BERTopic 15, TriTopic 15.

AMI with the labels, mean of the seeds; noise is a cluster of its own. The peers get all-MiniLM-L6-v2's vectors of the
same cleaned texts; topics joins them with vectors of the corpus's own words, and "MiniLM alone" does not.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable, Sequence
from functools import partial
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pandas as pd
from corpora import Labelled, from_frame, labelled_corpora, wide_console
from rich.table import Table

from topics import RunConfig, pipeline
from topics.config import EmbedParams
from topics.evaluate import adjusted_mutual_information
from topics.store import Store

SIZES = (5, 10, 20, 40, 80)
DEFAULT_SIZE = 10
Fit = Callable[[Sequence[str], np.ndarray, int], np.ndarray]


def ours(corpus: Labelled, seed: int, store: Store, *, encoder: str = "hybrid") -> tuple[np.ndarray, np.ndarray]:
    """Topic of each document, and the vectors."""
    config = RunConfig(random_state=seed, embed=EmbedParams(encoder=encoder))
    fitted = pipeline.fit(config, corpus.corpus, store=store)
    return fitted.clusters.labels, np.array(fitted.embeddings.vectors)


def bertopic(texts: Sequence[str], vectors: np.ndarray, seed: int, *, size: int) -> np.ndarray:
    """With its default UMAP but for the seed."""
    from bertopic import BERTopic
    from umap import UMAP

    umap = UMAP(n_neighbors=15, n_components=5, min_dist=0.0, metric="cosine", low_memory=False, random_state=seed)
    return np.array(BERTopic(min_topic_size=size, umap_model=umap).fit(texts, embeddings=vectors).topics_)


def tritopic(texts: Sequence[str], vectors: np.ndarray, seed: int) -> np.ndarray:
    from tritopic import TriTopic

    return np.array(TriTopic(random_state=seed, verbose=False).fit(list(texts), embeddings=vectors).labels_)


def measure(corpus: Labelled, seeds: int, store: Store, peers: dict[str, Fit]) -> pd.DataFrame:
    """One row a method and seed: AMI and number of topics."""
    rows = []

    def note(method: str, seed: int, labels: np.ndarray) -> None:
        ami = adjusted_mutual_information(corpus.truth, labels[corpus.known])
        rows.append({"method": method, "seed": seed, "ami": ami, "k": len(set(labels.tolist()) - {-1})})

    texts = corpus.corpus.full_texts()
    for seed in range(seeds):
        note("topics", seed, ours(corpus, seed, store)[0])
        labels, vectors = ours(corpus, seed, store, encoder="sentence-transformer")
        note("MiniLM alone", seed, labels)
        for name, fit in peers.items():
            note(name, seed, fit(texts, vectors, seed))
    return pd.DataFrame(rows).assign(corpus=corpus.name)


def cells(found: pd.DataFrame) -> list[str]:
    """A row of the table: each method's AMI and numbers of topics, BERTopic at its best size as well."""
    ami = found.groupby("method")["ami"].mean()
    counts = {method: ", ".join(map(str, group["k"])) for method, group in found.groupby("method")}
    of_sizes = ami[ami.index.str.startswith("BERTopic")]
    row = [f"{ami['topics']:.3f}", counts["topics"], f"{ami['MiniLM alone']:.3f}"]
    if len(of_sizes):
        default, best = f"BERTopic {DEFAULT_SIZE}", str(of_sizes.idxmax())
        row += [f"{ami[default]:.3f}", counts[default], f"{ami[best]:.3f} ({best.split()[-1]})"]
    if "TriTopic" in ami:
        row += [f"{ami['TriTopic']:.3f}", counts["TriTopic"]]
    return row


def main(arguments: list[str] | None = None) -> None:
    """Measure every corpus with every method that is installed; print the table and keep the rows."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=None, help="articles of your own, with --label")
    parser.add_argument("--label", default=None, help="their column of human labels")
    parser.add_argument("--only", action="append", default=[], help="a corpus, or what its name starts with")
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--out", type=Path, default=Path("runs"), help="folder of stored embeddings and the rows")
    parser.add_argument("--smoke", action="store_true", help="60 pages of the sample, one seed, no peers")
    options = parser.parse_args(arguments)
    if (options.data is None) != (options.label is None):
        parser.error("--data and --label come together")

    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    peers: dict[str, Fit] = {}
    columns = ["corpus (documents; labels)", "topics", "k", "MiniLM alone"]
    if find_spec("bertopic") and not options.smoke:
        peers |= {f"BERTopic {size}": partial(bertopic, size=size) for size in SIZES}
        columns += ["BERTopic", "k", "best size"]
    if find_spec("tritopic") and not options.smoke:
        peers["TriTopic"] = tritopic
        columns += ["TriTopic", "k"]
    console, store = wide_console(), Store(options.out / pipeline.STORE_FOLDER)
    table = Table(*columns, header_style="bold", box=None)
    frames = []
    every = (
        [from_frame(options.data.stem, options.data, options.label)]
        if options.data is not None
        else labelled_corpora(smoke=options.smoke, only=options.only)
    )
    for corpus in every:
        console.print(f"{corpus.name}: {corpus.corpus.n_docs:,} documents …")
        frames.append(measure(corpus, 1 if options.smoke else options.seeds, store, peers))
        name = f"{corpus.name} ({corpus.corpus.n_docs:,}; {len(set(corpus.truth))})"
        table.add_row(name, *cells(frames[-1]))
        pd.concat(frames).to_csv(options.out / "e11_peers.csv", index=False)  # what is finished is kept
    console.print(table)
    console.print(f"a row a method and seed: {options.out / 'e11_peers.csv'}")


if __name__ == "__main__":
    main()
