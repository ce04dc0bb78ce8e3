"""Growing corpora: does a run that is updated month by month come to the topics of a fit on all months?

Question   Fitted on the first two months, updated with each later one: what becomes of the topics, do old numbers and
           labels hold, and how far do the topics agree with those of a fit on all articles at once?
Command    python experiments/e26_months.py [--vectors FILE] [--data FOLDER] [--out FOLDER] [--smoke]
Data       ukraine_media_2022h1 of the development data, January to June 2022; the sample in three parts for --smoke.
Expected   Old numbers and labels unchanged; agreement with a fit on all as in docs/growing.md.
Run time   About 10 minutes on 2 cores with vectors at hand (--vectors: .npz with `ids` and `v`), an hour without.

The agreement is the adjusted Rand index over the documents that are in a topic of both. Since the fit on all may find
topics of another size, it is also given with each topic of the updated run taken for the one of the fit on all that has
most of its documents.
"""

from __future__ import annotations

from pathlib import Path

import _study as study
import numpy as np
import pandas as pd

import topics
from topics.evaluate import adjusted_rand
from topics.growth import topic_diff, update

FILE = "ukraine_media_2022h1.parquet"
KINDS = ("kept", "drifted", "born", "gone")


def months_of(options) -> list[pd.DataFrame]:
    """The documents of the first two months, and of each later one."""
    if options.smoke:
        frame = next(iter(study.corpora(options))).corpus.documents.to_pandas()[["doc_id", "title", "text"]]
        return [frame.iloc[:40], frame.iloc[40:50], frame.iloc[50:]]
    frame = topics.read(options.data / FILE).documents.to_pandas()[["doc_id", "title", "text", "date", "source"]]
    month = frame["date"].dt.month.clip(lower=2)
    return [frame[month == number] for number in sorted(month.unique())]


def agreement(one: topics.Run, other: topics.Run) -> tuple[float, float, float]:
    """Adjusted Rand index over documents in topics of both, the same of matched topics, and the share of documents."""
    labels = [pd.Series(run.clusters.labels, index=run.records.corpus.doc_ids) for run in (one, other)]
    a, b = (series.loc[labels[0].index].to_numpy() for series in labels)
    both = (a >= 0) & (b >= 0)
    table = pd.crosstab(a[both], b[both])
    matched = table.idxmax(axis=1).loc[a[both]].to_numpy()
    return adjusted_rand(a[both], b[both]), adjusted_rand(matched, b[both]), float(both.mean())


def main(arguments: list[str] | None = None) -> None:
    """Update month by month and print the tables."""
    parser = study.parser(__doc__, smoke="60 pages of the sample in three parts", labeled=True)
    parser.add_argument("--vectors", type=Path, default=None, help="vectors by id, .npz with ids and v")
    options = parser.parse_args(arguments)
    if not options.smoke and study.left_out(options, FILE):
        return
    config = {"articles": {"clean": "keep-all", "duplicates": "exact"}, **(study.SMOKE if options.smoke else {})}
    months, vectors = months_of(options), None
    if options.vectors:
        held = np.load(options.vectors)
        vectors = pd.DataFrame(held["v"], index=held["ids"])

    def of(frame):
        return None if vectors is None else vectors.loc[frame["doc_id"]]

    out = options.out / "e26_months"
    run = topics.run(months[0], config, out=out, name="first", replace=True, embeddings=of(months[0]), progress=False)
    study.say(f"first: {run}")
    table = []
    for i, month in enumerate(months[1:], start=3):
        found = update(run, month, batch=f"month {i}", out=out, embeddings=of(month))
        kinds = topic_diff(run, found.run)["kind"].value_counts()
        n = run.clusters.n_clusters
        before, after = (one.topics().set_index("topic")["label"].sort_index() for one in (run, found.run))
        own = pd.Series(found.run.clusters.labels, index=found.run.records.corpus.doc_ids)
        was = pd.Series(run.clusters.labels, index=run.records.corpus.doc_ids)
        same = (own.loc[was.index] == was)[was >= 0].all() and before.tolist() == after.iloc[:n].tolist()
        counts = {name.removeprefix("n_"): number for name, number in found.counts.items()}
        kinds_said = {kind: int(kinds.get(kind, 0)) for kind in KINDS}
        table.append(
            {"batch": f"month {i}", "topics": n + counts["adopted"], **kinds_said, **counts, "unchanged": same}
        )
        study.say(f"{table[-1]}")
        run = found.run
    study.show(table, title="a diff a month")
    whole = pd.concat(months)
    fit = topics.run(whole, config, out=out, name="whole", replace=True, embeddings=of(whole), progress=False)
    figures = dict(zip(("agreement", "matched", "in topics of both"), agreement(run, fit), strict=True))
    row = {"topics, updated": run.clusters.n_clusters, "topics, fit on all": fit.clusters.n_clusters}
    study.show([{**row, **{name: f"{value:.3f}" for name, value in figures.items()}}], title="beside a fit on all")


if __name__ == "__main__":
    main()
