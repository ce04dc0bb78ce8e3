"""Comparison: does it call two seeds of one config different, and does it find a difference that was planted?

Question   How often does the test of two single runs say "different" of two seeds of one config, and of two seeds of
           which one had half of a topic's documents swapped with half of another's? And that of five runs a side?
Command    python experiments/e19_compare.py [--pairs N] [--documents N] [--only CORPUS] [--data FOLDER] [--smoke]
Data       700 random documents each of BBC News, AllSides and arXiv; four layouts a run, to save time.
Expected   At most 5 % of the pairs of seeds, at least 95 % of the planted differences.
Run time   About 40 minutes on 2 cores, nearly all of it the layouts dealt out anew.
"""

from __future__ import annotations

import _study as study
import numpy as np
import pandas as pd

import topics
from topics.comparison import near_documents, null_pairs
from topics.evaluate import energy_test, partition_distances, seed_test

NAMES = ("bbc_news", "allsides_10topics", "arxiv_20")
LEVEL, LAYOUTS, SIDE, SPLITS = 0.05, 4, 5, 20


def swapped(labelings: list[np.ndarray], random: np.random.Generator) -> list[np.ndarray]:
    """The labelings with half of one topic of the first swapped with half of another, for the same documents in all."""
    first = labelings[0]
    one, other = random.choice(np.unique(first[first >= 0]), 2, replace=False)
    halves = [random.permutation(np.flatnonzero(first == k))[: max(1, (first == k).sum() // 2)] for k in (one, other)]
    changed = []
    for labels in labelings:
        new = labels.copy()
        for mine, theirs in (halves, halves[::-1]):
            known = labels[theirs][labels[theirs] >= 0]
            new[mine] = np.bincount(known).argmax() if len(known) else topics.NOISE
        changed.append(new)
    return changed


def single(runs: list[topics.Run], options, *, random_state: int) -> tuple[float, float]:
    """The p-value of a pair of seeds, and of the same with a planted difference."""
    null = null_pairs(*runs, n_permutations=options.permutations, random_state=random_state)[0]
    near, (one, other) = near_documents(runs[0]), (run.clusters.labels for run in runs)
    changed = swapped([other], np.random.default_rng(random_state))[0]
    p, planted = (seed_test(one, labels, null=null, neighbors=near).p for labels in (other, changed))
    study.say(f"  pair {random_state}: p {p:.3f}, planted {planted:.3f}")
    return p, planted


def several(labels: list[np.ndarray], random: np.random.Generator) -> tuple[list[float], list[float]]:
    """The p-values of five runs against five others, drawn again and again from all, and with a planted difference."""
    as_they_are, planted = [], []
    for _ in range(SPLITS if len(labels) >= 2 * SIDE else 0):
        order = random.permutation(len(labels))[: 2 * SIDE]
        one, other = ([labels[i] for i in part] for part in (order[:SIDE], order[SIDE:]))
        as_they_are.append(energy_test(partition_distances([*one, *other]), SIDE)["p"])
        planted.append(energy_test(partition_distances([*one, *swapped(other, random)]), SIDE)["p"])
    return as_they_are, planted


def main(arguments: list[str] | None = None) -> None:
    """Measure every corpus and print how often each test says "different"."""
    parser = study.parser(__doc__, smoke="60 pages, one pair, 9 permutations", labeled=True)
    parser.add_argument("--pairs", type=int, default=14, help="pairs of seeds a corpus")
    parser.add_argument("--documents", type=int, default=700, help="documents of a corpus")
    parser.add_argument("--permutations", type=int, default=19, help="pairs of the null")
    options = parser.parse_args(arguments)
    if options.smoke:
        options.pairs, options.permutations = 1, 9
    options.only = options.only or list(NAMES)
    rows, kinds = [], ("two seeds", "planted", "5 a side", "5 a side, planted")
    every = {kind: [] for kind in kinds}
    for found in study.corpora(options):
        random = np.random.default_rng(0)
        n = min(options.documents, found.corpus.n_docs)
        frame = found.corpus.documents.to_pandas()[["doc_id", "title", "text"]]
        drawn = topics.read(frame.iloc[np.sort(random.permutation(found.corpus.n_docs)[:n])])
        labels, pairs = [], []
        for i in range(options.pairs):
            configs = [{"random_state": seed, "reduce": {"n_layouts": LAYOUTS}} for seed in (2 * i, 2 * i + 1)]
            runs = [topics.Run.of(topics.RunConfig.from_dict(c), study.fit(options, drawn, c)) for c in configs]
            pairs.append(single(runs, options, random_state=i))
            labels += [run.clusters.labels for run in runs]
        of_singles = map(list, zip(*pairs, strict=True))
        p_values = dict(zip(kinds, (*of_singles, *several(labels, random)), strict=True))
        counts = study.span([study.n_clusters(one) for one in labels])
        rows.append({"corpus": found.name, "k": counts, **{kind: said(of) for kind, of in p_values.items()}})
        every = {kind: [*of, *p_values[kind]] for kind, of in every.items()}
    rows.append({"corpus": "all", **{kind: said(of) for kind, of in every.items()}})
    study.show(rows, title=f"called different at p ≤ {LEVEL}")
    study.keep([{"kind": kind, "p": p} for kind, of in every.items() for p in of], options.out / "e19_compare.csv")


def said(p_values: list[float]) -> str:
    """How many p-values are at most .05, of how many."""
    return f"{int((pd.Series(p_values, dtype=float) <= LEVEL).sum())} of {len(p_values)}"


if __name__ == "__main__":
    main()
