"""Stability: how much does the answer depend on the seed and on the wording, and how many layouts does it take?

Question   How well do the topics of two runs with different random states agree, for 1 to 16 layouts a run, and for
           two BERTopic fits? And those of a run with those of one that reads a random half of each document?
Command    python experiments/e05_stability.py [--only NAME]… [--runs N] [--smoke]; BERTopic's column needs
           make install-peers
Data       The labelled corpora of the development data ($TOPICS_DATA or ../shared/data), the bundled sample, and
           ukraine_media_2022h1 (no labels, no clear level).
Expected   Agreement (ARI) of at least .95 with 12 layouts, which is the default, where the corpus has a clear level;
           less where it has none. Half of each document gives less: how much less is what topics owe to the wording.
Run time   About 15 minutes on 2 cores the first time, most of it embedding; 6 once that is stored.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterator, Sequence
from importlib.util import find_spec
from itertools import combinations
from pathlib import Path

import numpy as np
import pandas as pd
from corpora import DATA, labelled_corpora, wide_console
from rich.table import Table

from topics import RunConfig, pipeline
from topics.articles import from_texts, read
from topics.config import ArticlesParams
from topics.evaluate import adjusted_rand
from topics.records import Corpus
from topics.store import Store

N_SEEDS = (1, 2, 4, 8, 12, 16)  # layouts; the first two of all documents, the others of 80 %


def corpora(smoke: bool, only: Sequence[str]) -> Iterator[tuple[str, Corpus]]:
    for corpus in labelled_corpora(smoke=smoke, only=only):
        yield corpus.name, corpus.corpus
    path = DATA / "ukraine_media_2022h1.parquet"
    if path.exists() and not smoke and (not only or path.stem.startswith(tuple(only))):
        yield path.stem, read(path, ArticlesParams())


def agreement(labelings: list[np.ndarray]) -> float:
    return float(np.mean([adjusted_rand(one, other) for one, other in combinations(labelings, 2)]))


def ours(corpus: Corpus, n_seeds: int, runs: int, out: Path) -> float:
    """Mean agreement of runs whose random states differ."""
    store = Store(out / pipeline.STORE_FOLDER)
    return agreement(
        [
            pipeline.fit(
                RunConfig.from_dict({"random_state": run, "reduce": {"n_seeds": n_seeds}}), corpus, store=store
            ).clusters.labels
            for run in range(runs)
        ]
    )


def halved(corpus: Corpus, n_seeds: int, halves: int, out: Path) -> float:
    """Mean agreement of a run with runs that read a random half of each document, of its sentences if it has two."""
    store = Store(out / pipeline.STORE_FOLDER)
    config = RunConfig.from_dict({"reduce": {"n_seeds": n_seeds}})
    whole = pipeline.fit(config, corpus, store=store).clusters.labels
    found = []
    for seed in range(halves):
        random = np.random.default_rng(seed)
        other, row_of = from_texts([half(text, random) for text in corpus.full_texts()])
        labels = pipeline.fit(config, other, store=store).clusters.labels
        taken = np.array(row_of) >= 0
        found.append(adjusted_rand(whole[taken], labels[np.array(row_of)[taken]]))
    return float(np.mean(found))


def half(text: str, random: np.random.Generator) -> str:
    parts = re.split(r"(?<=[.!?])\s+", text)
    parts = parts if len(parts) > 1 else text.split()
    kept = np.sort(random.permutation(len(parts))[: (len(parts) + 1) // 2])
    return " ".join(parts[i] for i in kept)


def bertopic(corpus: Corpus, runs: int, out: Path) -> float:
    from bertopic import BERTopic

    store = Store(out / pipeline.STORE_FOLDER)
    vectors = pipeline.fit(RunConfig(), corpus, store=store).embeddings.vectors
    texts = corpus.full_texts()
    return agreement([np.array(BERTopic().fit(texts, embeddings=np.array(vectors)).topics_) for _ in range(runs)])


def draw(frame: pd.DataFrame, path: Path) -> None:
    import plotly.graph_objects as go

    colours = ["#0b5394", "#d55e00", "#2e8b57", "#8a6d1f", "#b5338a", "#4a4f57"]
    figure = go.Figure()
    for (name, group), colour in zip(frame.groupby("corpus", sort=False), colours, strict=False):
        figure.add_scatter(
            x=group["n_seeds"], y=group["ari"], name=str(name), mode="lines+markers", line={"color": colour, "width": 2}
        )
    figure.update_layout(
        template="plotly_white", width=900, height=520, title="Two runs with different random states agree",
        xaxis={"type": "log", "tickvals": N_SEEDS, "title": "layouts a run (reduce.n_seeds)"},
        yaxis={"title": "agreement of two runs (ARI)", "range": [min(0.5, frame["ari"].min()) - 0.02, 1.02]},
    )  # fmt: skip
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.write_html(path, include_plotlyjs=True)


def main(arguments: list[str] | None = None) -> None:
    """Fit every corpus again and again and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", action="append", default=[], help="a corpus, or what its name starts with")
    parser.add_argument("--runs", type=int, default=4, help="random states")
    parser.add_argument("--layouts", type=int, action="append", default=[], help="layouts a run, in place of 1 to 16")
    parser.add_argument("--out", type=Path, default=Path("runs"), help="folder of stored embeddings and the figure")
    parser.add_argument("--smoke", action="store_true", help="60 pages of the sample, two runs of 1 and 2 layouts")
    options = parser.parse_args(arguments)
    runs, counts = (2, (1, 2)) if options.smoke else (options.runs, tuple(options.layouts) or N_SEEDS)
    peers = find_spec("bertopic") is not None and not options.smoke

    console = wide_console()
    table = Table(header_style="bold", box=None)
    for column in ("corpus", *(f"{n} layouts" for n in counts), "half the text", *(["BERTopic"] if peers else [])):
        table.add_column(column, justify="left" if column == "corpus" else "right")
    rows = []
    for name, corpus in corpora(options.smoke, options.only):
        console.print(f"{name}: {corpus.n_docs:,} documents …")
        found = {n: ours(corpus, n, runs, options.out) for n in counts}
        further = [halved(corpus, max(n for n in counts if n <= 12), 2, options.out)]
        if peers:
            further.append(bertopic(corpus, runs, options.out))
        table.add_row(name, *(f"{value:.3f}" for value in (*found.values(), *further)))
        rows += [{"corpus": name, "n_seeds": n, "ari": value} for n, value in found.items()]
    console.print(table)
    draw(pd.DataFrame(rows), options.out / "e05_stability.html")
    console.print(f"figure: {options.out / 'e05_stability.html'}")


if __name__ == "__main__":
    main()
