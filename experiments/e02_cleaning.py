"""Cleaning: does taking a page's boilerplate off give cleaner topics, and at no cost in agreement?

Question   Do words of boilerplate stand among the topics' terms before and after cleaning, and does the agreement with
           human labels change?
Command    python experiments/e02_cleaning.py [--corpus NAME]… [--seeds N] [--data FOLDER] [--smoke]
Data       The bundled sample, and allsides_10topics.parquet (1,383 articles) from $TOPICS_DATA or ../shared/data.
Expected   No word of boilerplate among any topic's ten terms after cleaning; AMI as before, within its spread.
Run time   About 5 minutes on 2 cores the first time, nearly all of it embedding; stored stages are not computed again.

"near" is the share of the 5 nearest neighbors by cosine with the same human label: no layout, and no chance, is in it.
Before: every line is kept (articles.clean = "keep-all", articles.split_round_ups = false). After: the defaults. Both
fold near-duplicates and label each of them. Round-ups (4 of the sample's pages) are left out of the agreement, since
one label a page says nothing of their stories.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import _study as study
import numpy as np
import pandas as pd
from _words import is_boilerplate

import topics
from topics.articles import sample_path
from topics.config import ArticlesParams
from topics.evaluate import adjusted_mutual_information

CLEANING = {"before": {"clean": "keep-all", "split_round_ups": False}, "after": {}}
CORPORA = {"sample": "gold_topic", "allsides_10topics": "label"}


def measure(options, path: Path, column: str, *, cleaning: dict[str, object], left_out: set[str]) -> dict[str, object]:
    """What one setting finds: topics with boilerplate among their terms, and AMI per seed over pages."""
    corpus = topics.read(path, ArticlesParams(**cleaning), progress=True)
    both = pd.concat([corpus.documents.to_pandas(), corpus.copies.to_pandas()])
    truth = dict(zip(both["doc_id"], both[column], strict=True))
    left_out = left_out | set(corpus.frame().dropna(subset="parent_id")["doc_id"])
    amis, n_topics, dirty = [], [], Counter[str]()
    for seed in range(1 if options.smoke else options.seeds):
        fitted = study.fit(options, corpus, {"random_state": seed})
        labels = page_labels(corpus, fitted.clusters.labels)
        ids = sorted(labels.keys() - left_out)
        amis.append(adjusted_mutual_information([truth[i] for i in ids], [labels[i] for i in ids]))
        terms = fitted.topics.table.column("terms").to_pylist()
        n_topics.append(len(terms))
        dirty.update(term for topic in terms for term in topic[:10] if is_boilerplate(term))
    return {
        "documents": corpus.n_docs,
        "near-duplicates": corpus.copies.num_rows,
        "lines off": corpus.removed_lines.num_rows,
        "topics": f"{np.mean(n_topics):.1f}",
        "AMI": study.mean_and_spread(amis),
        "near": purity(corpus, fitted.embeddings.vectors, truth, left_out),
        "which": ", ".join(f"{term} ×{n}" for term, n in dirty.most_common()) or "no boilerplate",
    }


def purity(corpus, vectors: np.ndarray, truth: dict[str, object], left_out: set[str]) -> float:
    """Share of the 5 nearest neighbors by cosine that have the document's own label: free of any layout's chance."""
    rows = [i for i, doc_id in enumerate(corpus.doc_ids) if doc_id not in left_out]
    labels = np.array([str(truth[corpus.doc_ids[i]]) for i in rows])
    similar = vectors[rows] @ vectors[rows].T
    np.fill_diagonal(similar, -2)
    nearest = np.argsort(-similar, axis=1)[:, :5]
    return float((labels[nearest] == labels[:, None]).mean())


def page_labels(corpus, labels: np.ndarray) -> dict[str, int]:
    """Label of every page that is one article, near-duplicates too."""
    of = dict(zip(corpus.doc_ids, labels.tolist(), strict=True))
    canonical = dict(zip(corpus.copies["doc_id"].to_pylist(), corpus.copies["copy_of"].to_pylist(), strict=True))
    return {doc_id: of[canonical.get(doc_id, doc_id)] for doc_id in [*of, *canonical]}


def main(arguments: list[str] | None = None) -> None:
    """Fit both ways and print the two side by side."""
    parser = study.parser(__doc__, smoke="the sample, LSA vectors, one seed", seeds=5)
    parser.add_argument("--corpus", action="append", choices=list(CORPORA), help="default: all that are there")
    options = parser.parse_args(arguments)
    rows = []
    for name in ["sample"] if options.smoke else options.corpus or CORPORA:
        path = sample_path() if name == "sample" else options.data / f"{name}.parquet"
        if name != "sample" and study.left_out(options, path.name):
            continue
        round_ups = set(topics.read(path).frame()["parent_id"].dropna())
        for cleaning, values in CLEANING.items():
            found = measure(options, path, CORPORA[name], cleaning=values, left_out=round_ups)
            rows.append({"corpus": name, "cleaning": cleaning, **found})
    study.show(rows, title="topics before and after cleaning; boilerplate among the ten terms")


if __name__ == "__main__":
    main()
