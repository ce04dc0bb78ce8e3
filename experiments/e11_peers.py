"""Peers: given the same texts and vectors, whose topics agree best with people's labels?

Question   How well do the topics of topics, BERTopic and TriTopic agree with human labels, each with its defaults, and
           BERTopic with the size that these labels say is best, which nobody could know?
Command    make install-peers && python experiments/e11_peers.py [--only NAME]… [--seeds N] [--smoke]
           [--data FOLDER | --data FILE --label COLUMN]
Data       The labeled corpora of the development data ($TOPICS_DATA or ../shared/data) and the bundled sample; or
           articles of your own with a column of labels.
Expected   topics ahead of BERTopic's defaults on all eleven corpora, by .008 to .377, and of TriTopic's on ten; the
           table of docs/levels.md.
Run time   About 45 minutes on 2 cores: embedding 10, BERTopic 15, TriTopic 15.

AMI with the labels, mean of the seeds; noise is a cluster of its own. The peers get all-MiniLM-L6-v2's vectors of the
same cleaned texts; topics joins them with vectors of the corpus's own words, and "MiniLM alone" does not.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import partial

import _peers as peers
import _study as study
import numpy as np
import pandas as pd

SIZES = (5, 10, 20, 40, 80)
DEFAULT_SIZE = 10


def measure(options, corpus: study.Labeled, others: dict[str, Callable[..., np.ndarray]]) -> pd.DataFrame:
    """One row a method and seed: AMI and number of topics."""
    rows: list[dict[str, object]] = []

    def note(method: str, seed: int, labels: np.ndarray) -> None:
        found = {"ami": corpus.ami(labels), "k": study.n_clusters(labels)}
        rows.append({"corpus": corpus.name, "method": method, "seed": seed, **found})

    texts = corpus.corpus.full_texts()
    alone = {} if options.smoke else {"embed": {"encoder": "sentence-transformer"}}
    for seed in range(1 if options.smoke else options.seeds):
        note("topics", seed, study.fit(options, corpus.corpus, {"random_state": seed}).clusters.labels)
        fit = study.fit(options, corpus.corpus, {"random_state": seed, **alone})
        note("MiniLM alone", seed, fit.clusters.labels)
        for name, method in others.items():
            note(name, seed, method(texts, fit.embeddings.vectors, seed=seed))
    return pd.DataFrame(rows)


def row_of(title: str, found: pd.DataFrame) -> dict[str, object]:
    """A row of the table: each method's AMI and numbers of topics, BERTopic at its best size as well."""
    ami = found.groupby("method")["ami"].mean()
    counts = {method: ", ".join(map(str, group["k"])) for method, group in found.groupby("method")}
    row = {"corpus": title, "topics": ami["topics"], "k": counts["topics"], "MiniLM alone": ami["MiniLM alone"]}
    of_sizes = ami[ami.index.str.startswith("BERTopic")]
    if len(of_sizes):
        default, best = f"BERTopic {DEFAULT_SIZE}", str(of_sizes.idxmax())
        row |= {"BERTopic": ami[default], "BERTopic k": counts[default]}
        row |= {"best size": f"{ami[best]:.3f} ({best.split()[-1]})"}
    if "TriTopic" in ami:
        row |= {"TriTopic": ami["TriTopic"], "TriTopic k": counts["TriTopic"]}
    return row


def main(arguments: list[str] | None = None) -> None:
    """Measure every corpus with every method that is installed; print the table and keep the rows."""
    parser = study.parser(__doc__, smoke="60 pages of the sample, one seed, no peers", seeds=3, labeled=True)
    options = parser.parse_args(arguments)
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    others: dict[str, Callable[..., np.ndarray]] = {}
    if peers.installed("bertopic") and not options.smoke:
        others |= {f"BERTopic {size}": partial(peers.bertopic, size=size) for size in SIZES}
    if peers.installed("tritopic") and not options.smoke:
        others["TriTopic"] = peers.tritopic
    table, frames = [], []
    for corpus in study.corpora(options):
        frames.append(measure(options, corpus, others))
        table.append(row_of(corpus.title, frames[-1]))
        study.keep(pd.concat(frames).to_dict("records"), options.out / "e11_peers.csv")  # what is finished is kept
    study.show(table)


if __name__ == "__main__":
    main()
