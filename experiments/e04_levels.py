"""Levels: is the cut on which layouts agree the one that agrees with people?

Question   How well do the topics of the level that is chosen without labels agree with human labels, how far from the
           best cut there is, and how much do they depend on the seed?
Command    python experiments/e04_levels.py [--only NAME]… [--data PATH --label COLUMN] [--seeds N] [--smoke]
Data       The labelled corpora of the development data ($TOPICS_DATA or ../shared/data) and the bundled sample; or
           articles of your own with a column of labels.
Expected   AMI of at least .86 on BBC, .94 on AllSides, .95 on ECB+ stories, .90 on the sample; the same topics from
           other seeds (ARI of at least .95); no more than 10 % noise.
Run time   About 12 minutes on 2 cores the first time, most of it embedding; 2 once that is stored.

AMI counts noise as a cluster of its own. "best cut" is the highest mean AMI of any cut of the grid, which only labels
can tell. The figure shows, for each corpus, stability (which needs no labels) and AMI at every cut of both families.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from itertools import combinations, product
from pathlib import Path

import numpy as np
import pandas as pd
from corpora import Labelled, from_frame, labelled_corpora, wide_console
from rich.table import Table

from topics import RunConfig, cluster, pipeline
from topics.config import ClusterParams
from topics.evaluate import adjusted_mutual_information, adjusted_rand
from topics.records import NOISE, Records
from topics.store import Store

COLUMNS = ("corpus", "documents", "labels", "level", "k", "AMI", "best cut", "ARI of seeds", "noise before, left")
CUT = ["cluster_selection_method", "min_cluster_size"]


def measure(corpus: Labelled, seeds: int, out: Path) -> tuple[dict[str, object], pd.DataFrame]:
    """A row of the table and the curve of the figure."""
    fits = [
        pipeline.fit(RunConfig(random_state=seed), corpus.corpus, store=Store(out / pipeline.STORE_FOLDER))
        for seed in range(seeds)
    ]
    known, truth = corpus.known, corpus.truth
    ami = [adjusted_mutual_information(truth, fit.clusters.labels[known]) for fit in fits]
    pairs = [adjusted_rand(one.clusters.labels, other.clusters.labels) for one, other in combinations(fits, 2)]
    curve = pd.concat(cuts(fit, known, truth) for fit in fits).groupby(CUT, as_index=False).mean()
    before = np.mean([(fit.clusters.original_labels == NOISE).mean() for fit in fits])
    left = np.mean([(fit.clusters.labels == NOISE).mean() for fit in fits])
    row = {
        "corpus": corpus.name,
        "documents": f"{corpus.corpus.n_docs:,}",
        "labels": str(len(set(truth))),
        "level": " or ".join(sorted({fit.clusters.level for fit in fits})),
        "k": span([fit.clusters.n_clusters for fit in fits]),
        "AMI": f"{np.mean(ami):.3f}",
        "best cut": f"{curve['ami'].max():.3f}",
        "ARI of seeds": f"{np.mean(pairs):.3f}" if pairs else "–",
        "noise before, left": f"{before:.1%}, {left:.1%}",
    }
    return row, curve.assign(corpus=corpus.name)


def cuts(fit: Records, known: np.ndarray, truth: np.ndarray) -> pd.DataFrame:
    """Stability and AMI of every cut that was tried, each with its consensus and its noise given to topics."""
    rows = []
    for row in fit.levels.scan.to_pylist():
        params = ClusterParams(**{name: row[name] for name in CUT})
        levels = cluster.find_levels(fit.trees, params, neighbors=fit.neighbors, embeddings=fit.embeddings)
        found = cluster.cut(levels, fit.corpus, embeddings=fit.embeddings, params=params)
        ami = adjusted_mutual_information(truth, found.labels[known])
        rows.append({name: row[name] for name in (*CUT, "stability", "n_clusters")} | {"ami": ami})
    return pd.DataFrame(rows)


def span(counts: Sequence[int]) -> str:
    return str(counts[0]) if len(set(counts)) == 1 else f"{min(counts)}–{max(counts)}"


def draw(curves: pd.DataFrame, path: Path) -> None:
    from plotly.subplots import make_subplots

    names = list(curves["corpus"].unique())
    figure = make_subplots(
        rows=(len(names) + 1) // 2, cols=2, subplot_titles=names, shared_yaxes=True, horizontal_spacing=0.06,
        vertical_spacing=0.24 / ((len(names) + 1) // 2),
    )  # fmt: skip
    measures = (("stability", "stability (no labels)", "#0b5394"), ("ami", "AMI", "#d55e00"))
    families = (("leaf", "leaf cuts", "solid"), ("eom", "excess-of-mass cuts", "dot"))
    for (i, name), (column, label, colour), (method, family, dash) in product(enumerate(names), measures, families):
        curve = curves[(curves["corpus"] == name) & (curves["cluster_selection_method"] == method)]
        figure.add_scatter(
            x=curve["n_clusters"], y=curve[column], name=f"{label}, {family}", mode="lines+markers",
            legendgroup=label + family, showlegend=i == 0, line={"color": colour, "width": 2, "dash": dash},
            row=i // 2 + 1, col=i % 2 + 1,
        )  # fmt: skip
    figure.update_xaxes(type="log", tickvals=[2, 5, 10, 20, 50, 100, 200, 500], title="number of clusters")
    figure.update_yaxes(range=[0, 1.04])
    figure.update_layout(
        template="plotly_white", width=1000, height=120 + 300 * ((len(names) + 1) // 2),
        title="Where layouts agree, people do", legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0},
        margin={"t": 130},
    )  # fmt: skip
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.write_html(path, include_plotlyjs=True)


def main(arguments: list[str] | None = None) -> None:
    """Measure every corpus, print the table and draw the curves."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=None, help="articles of your own, with --label")
    parser.add_argument("--label", default=None, help="their column of human labels")
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--out", type=Path, default=Path("runs"), help="folder of stored embeddings and the figure")
    parser.add_argument("--only", action="append", default=[], help="a corpus, or what its name starts with")
    parser.add_argument("--smoke", action="store_true", help="60 pages of the sample, two seeds")
    options = parser.parse_args(arguments)
    if (options.data is None) != (options.label is None):
        parser.error("--data and --label come together")

    console = wide_console()
    every = (
        [from_frame(options.data.stem, options.data, options.label)]
        if options.data is not None
        else labelled_corpora(smoke=options.smoke, only=options.only)
    )
    table = Table(header_style="bold", box=None)
    for column in COLUMNS:
        table.add_column(column, justify="left" if column in ("corpus", "level") else "right")
    curves = []
    for corpus in every:
        console.print(f"{corpus.name}: {corpus.corpus.n_docs:,} documents …")
        row, curve = measure(corpus, 2 if options.smoke else options.seeds, options.out)
        table.add_row(*map(str, row.values()))
        curves.append(curve)
    console.print(table)
    draw(pd.concat(curves), options.out / "e04_levels.html")
    console.print(f"figure: {options.out / 'e04_levels.html'}")


if __name__ == "__main__":
    main()
