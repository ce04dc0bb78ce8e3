"""Speed of coherence: how much faster than gensim, and are the values the same?

Question   How long do NPMI and C_V of 50 topics take here and in gensim, and how far apart are the values?
Command    python experiments/e18_coherence_speed.py [--pairs N] [--data FOLDER] [--smoke]; needs gensim
           (pip install "topics[test]")
Data       20,000 pieces of 150 words, as in e17.
Expected   At least 20 times as fast as gensim; with gensim's way of counting the same values (1e-6).
Run time   About 6 minutes on 2 cores, nearly all of it gensim's.
"""

from __future__ import annotations

import statistics
from functools import partial

import _peers as peers
import _pieces
import _study as study
import numpy as np

from topics import label
from topics.evaluate import coherence


def main(arguments: list[str] | None = None) -> None:
    """Measure both and print the times."""
    parser = study.parser(__doc__, smoke="120 pieces, 4 topics")
    parser.add_argument("--pairs", type=int, default=3, help="turns")
    options = parser.parse_args(arguments)
    if not peers.installed("gensim"):
        study.say("left out: gensim is not installed")
        return
    from gensim.corpora import Dictionary
    from gensim.models import CoherenceModel

    corpus = _pieces.pieces(options)
    fit = _pieces.topics_of(options, corpus, n_topics=4 if options.smoke else 50, label={"ngram_range": (1, 1)})
    terms = fit.topics.table.column("terms").to_pylist()
    documents = label.read_terms(corpus.full_texts(), fit.counts)
    dictionary = Dictionary(documents)
    rows = []
    for ours, theirs in (("npmi", "c_npmi"), ("c_v", "c_v")):
        found: dict[str, np.ndarray] = {}

        def by_gensim(measure=theirs, found=found) -> None:
            given = {"topics": terms, "texts": documents, "dictionary": dictionary, "coherence": measure, "topn": 10}
            found["theirs"] = np.array(CoherenceModel(**given, processes=1).get_coherence_per_topic())

        def here(counting: str, measure=ours, found=found) -> None:
            found[counting] = coherence(terms, documents, measure=measure, counting=counting)

        calls = {"gensim": by_gensim, "exact": partial(here, "exact"), "as gensim": partial(here, "gensim")}
        seconds = study.in_turn(calls, turns=1 if options.smoke else options.pairs, warm_up=False)
        for name, taken in seconds.items():
            row = {"": f"{theirs}, {name}", "median s": float(statistics.median(taken))}
            rows.append({**row, "times as fast": study.times_as_fast(taken, seconds["gensim"])})
        rows[-1]["largest difference"] = f"{np.abs(found['gensim'] - found['theirs']).max():.1e}"
    study.show(rows, title=f"{len(terms)} topics, {len(documents):,} documents")


if __name__ == "__main__":
    main()
