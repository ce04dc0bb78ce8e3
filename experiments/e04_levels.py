"""Levels: is the cut on which layouts agree the one that agrees with people?

Question   How well do the topics of the level that is chosen without labels agree with human labels, how far from the
           best cut there is, and how much do they depend on the seed?
Command    python experiments/e04_levels.py [--only NAME]… [--data FOLDER | --data FILE --label COLUMN] [--seeds N]
           [--smoke]
Data       The labeled corpora of the development data ($TOPICS_DATA or ../shared/data) and the bundled sample; or
           articles of your own with a column of labels.
Expected   AMI of at least .86 on BBC, .94 on AllSides, .95 on ECB+ stories, .86 on the sample; the same topics from
           other seeds (ARI of at least .95); no more than 10 % noise.
Run time   About 12 minutes on 2 cores the first time, most of it embedding; 2 once that is stored.

AMI counts noise as a cluster of its own. "best cut" is the highest mean AMI of any cut of the grid, which only labels
can tell. The figure shows, for each corpus, stability (which needs no labels) and AMI at every cut of both families.
"""

from __future__ import annotations

from itertools import product
from pathlib import Path

import _study as study
import numpy as np
import pandas as pd

from topics import NOISE, cluster
from topics.config import ClusterParams

CUT = ["cluster_selection_method", "min_cluster_size"]


def measure(options, corpus: study.Labeled) -> tuple[dict[str, object], pd.DataFrame]:
    """A row of the table and the curve of the figure."""
    seeds = range(2 if options.smoke else options.seeds)
    fits = [study.fit(options, corpus.corpus, {"random_state": seed}) for seed in seeds]
    curve = pd.concat(cuts(fit, corpus) for fit in fits).groupby(CUT, as_index=False).mean()
    before, left = (
        np.mean([(getattr(fit.clusters, labels) == NOISE).mean() for fit in fits])
        for labels in ("original_labels", "labels")
    )
    row = {
        "corpus": corpus.title,
        "level": " or ".join(sorted({fit.clusters.level for fit in fits})),
        "k": study.span([fit.clusters.n_clusters for fit in fits]),
        "AMI": float(np.mean([corpus.ami(fit.clusters.labels) for fit in fits])),
        "best cut": float(curve["ami"].max()),
        "ARI of seeds": study.agreement([fit.clusters.labels for fit in fits]),
        "noise before, left": f"{before:.1%}, {left:.1%}",
    }
    return row, curve.assign(corpus=corpus.name)


def cuts(fit, corpus: study.Labeled) -> pd.DataFrame:
    """Stability and AMI of every cut that was tried, each with its consensus and its noise given to topics."""
    rows = []
    for row in fit.levels.scan.to_pylist():
        params = ClusterParams(**{name: row[name] for name in CUT})
        levels = cluster.find_levels(fit.trees, params, neighbors=fit.neighbors, embeddings=fit.embeddings)
        found = cluster.cut(levels, fit.corpus, embeddings=fit.embeddings, params=params)
        rows.append({name: row[name] for name in (*CUT, "stability", "n_clusters")} | {"ami": corpus.ami(found.labels)})
    return pd.DataFrame(rows)


def draw(curves: pd.DataFrame, path: Path) -> None:
    """Stability and AMI by number of clusters, one panel a corpus."""
    from plotly.subplots import make_subplots

    names = list(curves["corpus"].unique())
    n_rows = (len(names) + 1) // 2
    figure = make_subplots(
        rows=n_rows, cols=2, subplot_titles=names, shared_yaxes=True, horizontal_spacing=0.06,
        vertical_spacing=0.24 / n_rows,
    )  # fmt: skip
    measures = (("stability", "stability (no labels)", study.COLORS[0]), ("ami", "AMI", study.COLORS[1]))
    families = (("leaf", "leaf cuts", "solid"), ("eom", "excess-of-mass cuts", "dot"))
    for (i, name), (column, label, color), (method, family, dash) in product(enumerate(names), measures, families):
        curve = curves[(curves["corpus"] == name) & (curves["cluster_selection_method"] == method)]
        figure.add_scatter(
            x=curve["n_clusters"], y=curve[column], name=f"{label}, {family}", mode="lines+markers",
            legendgroup=label + family, showlegend=i == 0, line={"color": color, "width": 2, "dash": dash},
            row=i // 2 + 1, col=i % 2 + 1,
        )  # fmt: skip
    figure.update_xaxes(type="log", tickvals=[2, 5, 10, 20, 50, 100, 200, 500], title="number of clusters")
    figure.update_yaxes(range=[0, 1.04])
    legend = {"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0}
    size = {"width": 1000, "height": 120 + 300 * n_rows, "margin": {"t": 130}}
    study.save_figure(figure, path, title="Where layouts agree, people do", legend=legend, **size)


def main(arguments: list[str] | None = None) -> None:
    """Measure every corpus, print the table and draw the curves."""
    parser = study.parser(__doc__, smoke="60 pages of the sample, two seeds", seeds=3, labeled=True)
    options = parser.parse_args(arguments)
    rows, curves = zip(*(measure(options, corpus) for corpus in study.corpora(options)), strict=True)
    study.show(rows)
    draw(pd.concat(curves), options.out / "e04_levels.html")


if __name__ == "__main__":
    main()
