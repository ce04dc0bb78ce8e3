"""Encoders: which turns articles into the best topics?

Question   How well do the topics of each encoder agree with human labels, and does the hybrid beat both its parents?
Command    python experiments/e03_encoders.py [--only NAME]… [--seeds N] [--data FOLDER] [--smoke]
Data       The labeled corpora of the development data ($TOPICS_DATA or ../shared/data) and the bundled sample.
Expected   The hybrid nowhere more than .01 AMI below its better parent. Speed is e14's question, memory e15's.
Run time   About 25 minutes on 2 cores.

Each encoder's vectors go through the same later stages with ``--seeds`` random states. AMI (noise is a cluster of its
own) is shown at the default level, and at the best of a grid of leaf and excess-of-mass cuts of one layout with noise
moved to the nearest centroid: the first shows what a user gets, the second what the vectors allow.
"""

from __future__ import annotations

from collections.abc import Iterator

import _study as study
import numpy as np
import pandas as pd
from _encoders import ENCODERS, PARENTS, draw

from topics import NOISE, cluster


def measure(options, corpus: study.Labeled, values: dict[str, object]) -> dict[str, object]:
    """Mean AMI over seeds at the level that is chosen, and at the best cut of the grid."""
    default, grid = [], []
    for seed in range(1 if options.smoke else options.seeds):
        fit = study.fit(options, corpus.corpus, {"random_state": seed, "embed": values})
        default.append(corpus.ami(fit.clusters.labels))
        points, tree = fit.layouts[0].points, fit.trees[0].single_linkage
        grid.append([corpus.ami(to_nearest(cut, points)) for cut in cuts(tree, corpus.corpus.n_docs)])
    best, weight = float(np.mean(grid, axis=0).max()), fit.embeddings.lexical_weight
    said = f"{weight:.1f}" if weight else ""
    return {"AMI, best cut": best, "AMI, default cut": float(np.mean(default)), "lexical weight": said}


def cuts(tree: np.ndarray, n_docs: int) -> Iterator[np.ndarray]:
    """Leaf and excess-of-mass cuts of a tree at ever larger minimum cluster sizes."""
    dendrogram = cluster.Dendrogram.of(tree)
    size = 5.0
    while size < max(n_docs / 4, 6):
        yield dendrogram.leaf_cut(round(size))
        yield dendrogram.eom_cut(round(size))
        size *= 1.3


def to_nearest(labels: np.ndarray, points: np.ndarray) -> np.ndarray:
    """Noise given to the cluster with the nearest centroid."""
    if labels.max() == NOISE:
        return labels
    centroids = np.stack([points[labels == k].mean(axis=0) for k in range(labels.max() + 1)])
    nearest = ((points[:, None] - centroids) ** 2).sum(axis=2).argmin(axis=1)
    return np.where(labels == NOISE, nearest, labels)


def against_parents(frame: pd.DataFrame) -> None:
    """Print what a hybrid gains over the better of the two that it joins."""
    for column in ("AMI, best cut", "AMI, default cut"):
        table = frame.pivot_table(index="corpus", columns="encoder", values=column)
        for child, parents in PARENTS.items():
            if child in table and set(parents) <= set(table):
                gain = table[child] - table[list(parents)].max(axis=1)
                worst = f"worst {gain.min():+.3f} ({gain.idxmin()})"
                study.say(f"{child}, {column}, against its better parent: mean {gain.mean():+.3f}, {worst}")


def main(arguments: list[str] | None = None) -> None:
    """Compare the encoders, print the tables and draw the figure."""
    parser = study.parser(__doc__, smoke="60 pages of the sample, LSA alone, one seed", seeds=3, labeled=True)
    options = parser.parse_args(arguments)
    encoders = {"lsa": ENCODERS["lsa"]} if options.smoke else ENCODERS
    rows: list[dict[str, object]] = []
    for corpus in study.corpora(options):
        for name, values in encoders.items():
            rows.append({"corpus": corpus.name, "encoder": name, **measure(options, corpus, values)})
        study.show([row for row in rows if row["corpus"] == corpus.name], title=corpus.title)
    frame = pd.DataFrame(rows)
    against_parents(frame)
    draw(frame, options.out / "e03_encoders.html")


if __name__ == "__main__":
    main()
