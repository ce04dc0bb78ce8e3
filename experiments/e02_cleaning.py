"""Cleaning: does taking the page furniture off give cleaner topics, and at no cost in agreement?

Question   Do words of page furniture stand among the topics' terms before and after cleaning, and does the agreement
           with human labels change?
Command    python experiments/e02_cleaning.py [--corpus NAME]… [--seeds N] [--smoke]
Data       The bundled sample, and allsides_10topics.parquet (1,383 articles) from $TOPICS_DATA or ../shared/data.
Expected   No furniture word among any topic's ten terms after cleaning; AMI as before, within the spread over seeds.
Run time   About 5 minutes on 2 cores the first time, nearly all of it embedding; stored stages are not computed again.

"near" is the share of the 5 nearest neighbours by cosine with the same human label: no layout, and no chance, is in it.
Before: every line is kept (articles.clean = "keep-all", articles.split_round_ups = false). After: the defaults. Both
fold copies and label every copy. Round-ups (4 of the sample's pages) are left out of the agreement, since one label a
page says nothing of their stories.
"""

from __future__ import annotations

import argparse
import os
from collections import Counter
from pathlib import Path

import numpy as np
import pandas as pd
from rich.console import Console
from rich.table import Table

from topics import RunConfig, pipeline
from topics.articles import read, sample_path
from topics.evaluate import adjusted_mutual_information
from topics.store import Store

_WORDS = """
subscribe subscribed subscriber subscribers subscription newsletter newsletters inbox cookie cookies share shares shared
sharing copyright reserved advertisement advertisements advertising ad ads sponsored click email e-mail login log-in
logged sign signup unsubscribe comment comments reply follow follows facebook twitter instagram whatsapp pinterest
telegram linkedin browser javascript playback loading credit caption photo image getty read continued reading min
minutes related recommended trending feed menu search home skip toggle updated download app widget embed
"""
FURNITURE = frozenset(_WORDS.split())
PHRASES = ("story continued", "continue reading", "read more", "sign up", "all rights", "privacy policy", "min read")
BEFORE = ["articles.clean=keep-all", "articles.split_round_ups=false"]


def corpora(folder: Path) -> dict[str, tuple[Path, str]]:
    """Path and label column of each corpus."""
    return {
        "sample": (sample_path(), "gold_topic"),
        "allsides_10topics": (folder / "allsides_10topics.parquet", "label"),
    }


def round_ups(path: Path) -> set[str]:
    """Ids of the pages that are split into stories."""
    return set(read(path).frame()["parent_id"].dropna())


def fit(
    path: Path, column: str, *, overrides: list[str], seeds: int, store: Store, left_out: set[str]
) -> dict[str, object]:
    """What one setting finds: topics with furniture among their terms, and AMI per seed over pages."""
    corpus = read(path, RunConfig.from_toml(overrides=overrides).articles, progress=True)
    both = pd.concat([corpus.documents.to_pandas(), corpus.copies.to_pandas()])
    truth = dict(zip(both["doc_id"], both[column], strict=True))
    stories = set(corpus.frame().dropna(subset="parent_id")["doc_id"])
    amis, n_topics, dirty = [], [], Counter[str]()
    for seed in range(seeds):
        config = RunConfig.from_toml(overrides=[*overrides, f"random_state={seed}"])
        fitted = pipeline.fit(config, corpus, store=store)
        labels = page_labels(corpus, fitted.clusters.labels)
        ids = sorted(labels.keys() - left_out - stories)
        amis.append(adjusted_mutual_information([truth[i] for i in ids], [labels[i] for i in ids]))
        terms = fitted.topics.table.column("terms").to_pylist()
        n_topics.append(len(terms))
        dirty.update(term for topic in terms for term in topic[:10] if is_furniture(term))
    return {
        "documents": corpus.n_docs,
        "copies": corpus.copies.num_rows,
        "lines off": corpus.removed_lines.num_rows,
        "topics": f"{np.mean(n_topics):.1f}",
        "AMI": f"{np.mean(amis):.3f} ± {np.std(amis):.3f}",
        "near": f"{purity(corpus, fitted.embeddings.vectors, truth, left_out | stories):.3f}",
        "furniture among the terms": ", ".join(f"{term} ×{n}" for term, n in dirty.most_common()) or "none",
    }


def purity(corpus, vectors: np.ndarray, truth: dict[str, object], left_out: set[str]) -> float:
    """Share of the 5 nearest neighbours by cosine that have the document's own label: free of any layout's chance."""
    rows = [i for i, doc_id in enumerate(corpus.doc_ids) if doc_id not in left_out]
    labels = np.array([str(truth[corpus.doc_ids[i]]) for i in rows])
    similar = vectors[rows] @ vectors[rows].T
    np.fill_diagonal(similar, -2)
    nearest = np.argsort(-similar, axis=1)[:, :5]
    return float((labels[nearest] == labels[:, None]).mean())


def page_labels(corpus, labels: np.ndarray) -> dict[str, int]:
    """Label of every page that is one article, copies too."""
    of = dict(zip(corpus.doc_ids, labels.tolist(), strict=True))
    hosts = dict(zip(corpus.copies["doc_id"].to_pylist(), corpus.copies["copy_of"].to_pylist(), strict=True))
    return {doc_id: of[hosts.get(doc_id, doc_id)] for doc_id in [*of, *hosts]}


def is_furniture(term: str) -> bool:
    """Whether a term is a word of page furniture, or of two such words."""
    return term in PHRASES or set(term.split()) <= FURNITURE


def main(arguments: list[str] | None = None) -> None:
    """Fit both ways and print the two side by side."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter, prog="e02_cleaning.py"
    )
    known = corpora(Path(os.environ.get("TOPICS_DATA", "../shared/data")))
    parser.add_argument("--corpus", action="append", choices=list(known), help="default: all that are there")
    parser.add_argument("--seeds", type=int, default=5, help="random states to take the mean over")
    parser.add_argument("--out", type=Path, default=Path("runs"), help="folder of runs, where stages are stored")
    parser.add_argument("--smoke", action="store_true", help="the sample, few epochs: does it run at all?")
    options = parser.parse_args(arguments)

    extra = ["reduce.n_epochs=20", "embed.max_tokens=32", "embed.long_texts=truncate"] if options.smoke else []
    table = Table(title="Topics before and after cleaning", header_style="bold")
    for heading in ("corpus", "cleaning", "docs", "copies", "lines off", "topics", "AMI", "near"):
        table.add_column(heading, justify="left" if heading in ("corpus", "cleaning") else "right", no_wrap=True)
    dirty = []
    for name in ["sample"] if options.smoke else options.corpus or known:
        path, column = known[name]
        if not path.exists():
            print(f"{name}: {path} is not there; left out")
            continue
        left_out = round_ups(path)
        for setting, overrides in (("before", BEFORE), ("after", [])):
            *facts, words = fit(
                path, column, overrides=[*overrides, *extra], seeds=1 if options.smoke else options.seeds,
                store=Store(options.out / pipeline.STORE_FOLDER), left_out=left_out,
            ).values()  # fmt: skip
            table.add_row(name, setting, *map(str, facts))
            dirty.append(f"{name}, {setting}: furniture among the topics' ten terms: {words}")
    console = Console(highlight=False, width=100)
    console.print(table)
    for line in dirty:
        console.print(line)


if __name__ == "__main__":
    main()
