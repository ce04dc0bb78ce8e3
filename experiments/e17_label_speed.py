"""Speed of labels: what do counting and labeling cost?

Question   How long do counting the terms of 20,000 documents and labeling 100 topics take, beside scikit-learn's
           CountVectorizer, which only counts words?
Command    python experiments/e17_label_speed.py [--pairs N] [--data FOLDER] [--smoke]
Data       Pieces of 150 words of the bundled sample and of the development data's news ($TOPICS_DATA or
           ../shared/data).
Expected   100 topics of 20,000 documents in at most 0.5 s; both in at most 1.5 times CountVectorizer's time.
Run time   About 2 minutes on 2 cores the first time, one of them for the topics.
"""

from __future__ import annotations

import statistics

import _pieces
import _study as study

from topics import label
from topics.config import LabelParams


def main(arguments: list[str] | None = None) -> None:
    """Count and label in turn and print the times."""
    from sklearn.feature_extraction.text import CountVectorizer

    parser = study.parser(__doc__, smoke="120 pieces, 4 topics")
    parser.add_argument("--pairs", type=int, default=5, help="turns")
    options = parser.parse_args(arguments)
    corpus = _pieces.pieces(options)
    fit = _pieces.topics_of(options, corpus, n_topics=4 if options.smoke else 100)
    params, texts = LabelParams(), corpus.full_texts()

    def describe() -> None:
        label.describe(corpus, fit.clusters, counts=fit.counts, embeddings=fit.embeddings, params=params)

    calls = {
        "CountVectorizer": lambda: CountVectorizer().fit_transform(texts),
        "counting": lambda: label.count(corpus, params),
        "labeling": describe,
    }
    seconds = study.in_turn(calls, turns=1 if options.smoke else options.pairs, warm_up=not options.smoke)
    seconds["counting and labeling"] = [sum(two) for two in zip(*list(seconds.values())[1:], strict=True)]
    reference = seconds["CountVectorizer"]
    rows = [
        {
            "": name,
            "median s": float(statistics.median(taken)),
            "times CountVectorizer's": statistics.median(a / b for a, b in zip(taken, reference, strict=True)),
        }
        for name, taken in seconds.items()
    ]
    study.show(rows, title=f"{corpus.n_docs:,} documents, {fit.clusters.n_clusters} topics, {len(reference)} turns")


if __name__ == "__main__":
    main()
