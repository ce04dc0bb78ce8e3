"""Comparison: does it call two seeds of one config different, and does it find a difference that was planted?

Question   How often does the test of two single runs say "different" of two seeds of one config, and of two seeds of
           which one had half of a topic's documents swapped with half of another's? And that of five runs a side?
Command    python experiments/e19_compare.py [--pairs N] [--documents N] [--only CORPUS] [--data FOLDER] [--smoke]
Data       1,000 random documents each of BBC News, AllSides and arXiv, others for every pair; the default config.
Expected   At most 5 % of the pairs of seeds, at least 95 % of the planted differences; measured in docs/comparing.md.
Run time   About a minute a pair on 2 cores, most of it the layouts dealt out anew: 45 minutes.
"""

from __future__ import annotations

import _planted as plant
import _study as study
import numpy as np
import pandas as pd

import topics
from topics.comparison import near_documents, null_pairs
from topics.evaluate import seed_test, wilson

LEVEL = 0.05


def single(runs: list[topics.Run], options, *, random_state: int) -> tuple[float, float]:
    """The p-value of a pair of seeds, and of the same with a planted difference."""
    null = null_pairs(*runs, n_permutations=options.permutations, random_state=random_state)[0]
    near, (one, other) = near_documents(runs[0]), (run.clusters.labels for run in runs)
    changed = plant.swapped([other], np.random.default_rng(random_state))[0]
    p, planted = (seed_test(one, labels, null=null, neighbors=near).p for labels in (other, changed))
    study.say(f"  pair {random_state}: p {p:.3f}, planted {planted:.3f}")
    return p, planted


def main(arguments: list[str] | None = None) -> None:
    """Measure every corpus and print how often each test says "different"."""
    parser = study.parser(__doc__, smoke="60 pages, one pair, 9 permutations", labeled=True)
    parser.add_argument("--pairs", type=int, default=14, help="pairs of seeds a corpus")
    parser.add_argument("--documents", type=int, default=1000, help="documents of a pair")
    parser.add_argument("--permutations", type=int, default=39, help="pairs of the null")
    options = parser.parse_args(arguments)
    if options.smoke:
        options.pairs, options.permutations = 1, 9
    options.only = options.only or ["bbc_news", "allsides_10topics", "arxiv_20"]
    table, kinds = [], ("two seeds", "planted", "5 a side", "5 a side, planted")
    every = {kind: [] for kind in kinds}
    for found in study.corpora(options):
        frame = found.corpus.documents.to_pandas()[["doc_id", "title", "text"]]
        singles, labels = [], []
        for i in range(options.pairs):
            rows = np.random.default_rng(i).permutation(found.corpus.n_docs)[: options.documents]
            drawn = topics.read(frame.iloc[np.sort(rows)])
            runs = [run_of(options, drawn, seed) for seed in (2 * i, 2 * i + 1)]
            singles.append(single(runs, options, random_state=i))
            labels += [run.clusters.labels for run in runs]
        tens = [] if options.smoke else [run_of(options, drawn, seed).clusters.labels for seed in range(1000, 1010)]
        p_values = dict(zip(kinds, (*map(list, zip(*singles, strict=True)), *plant.several(tens)), strict=True))
        k = study.span([study.n_clusters(one) for one in labels])
        table.append({"corpus": found.name, "k": k, **{kind: said(of) for kind, of in p_values.items()}})
        every = {kind: [*of, *p_values[kind]] for kind, of in every.items()}
    table.append({"corpus": "all", **{kind: said(of) for kind, of in every.items()}})
    study.show(table, title=f"called different at p ≤ {LEVEL}")
    study.keep([{"kind": kind, "p": p} for kind, of in every.items() for p in of], options.out / "e19_compare.csv")


def run_of(options, corpus, seed: int) -> topics.Run:
    """A run with the default config."""
    config = {"random_state": seed, **(study.SMOKE if options.smoke else {})}
    return topics.Run.of(topics.RunConfig.from_dict(config), study.fit(options, corpus, config))


def said(p_values: list[float]) -> str:
    """How many p-values are at most .05, of how many, and the 95 % interval of the share."""
    n = int((pd.Series(p_values, dtype=float) <= LEVEL).sum())
    low, high = wilson(n, len(p_values)) if p_values else (0.0, 1.0)
    return f"{n} of {len(p_values)} ({low:.0%}–{high:.0%})"


if __name__ == "__main__":
    main()
