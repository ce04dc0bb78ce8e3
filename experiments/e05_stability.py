"""Stability: how much does the answer depend on the seed and on the wording, and how many layouts does it take?

Question   How well do the topics of two runs with different random states agree, for 1 to 16 layouts a run, and for
           two BERTopic fits? And those of a run with those of one that reads a random half of each document?
Command    python experiments/e05_stability.py [--only NAME]… [--seeds N] [--layouts N]… [--data FOLDER] [--smoke];
           BERTopic's column needs make install-peers
Data       The labeled corpora of the development data ($TOPICS_DATA or ../shared/data), the bundled sample, and
           ukraine_media_2022h1 (no labels, no clear level).
Expected   Agreement (ARI) of at least .95 with 12 layouts, which is the default, where the corpus has a clear level;
           less where it has none. Half of each document gives less: how much less is what topics owe to the wording.
Run time   About 15 minutes on 2 cores the first time, most of it embedding; 6 once that is stored.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import _peers as peers
import _study as study
import numpy as np

import topics
from topics.articles import from_texts
from topics.evaluate import adjusted_rand
from topics.records import Corpus

N_LAYOUTS = (1, 2, 4, 8, 12, 16)  # layouts; the first two of all documents, the others of 80 %
UNLABELLED = "ukraine_media_2022h1"


def corpora(options) -> Iterator[tuple[str, Corpus]]:
    """The labeled ones, and one without labels."""
    for corpus in study.corpora(options):
        yield corpus.name, corpus.corpus
    path = options.data / f"{UNLABELLED}.parquet"
    if path.exists() and not options.smoke and (not options.only or UNLABELLED.startswith(tuple(options.only))):
        yield UNLABELLED, topics.read(path)


def labels_of(options, corpus: Corpus, *, n_layouts: int, random_state: int = 0) -> np.ndarray:
    """Topic of each document, from so many layouts."""
    config = {"random_state": random_state, "reduce": {"n_layouts": n_layouts}}
    return study.fit(options, corpus, config).clusters.labels


def halved(options, corpus: Corpus, *, n_layouts: int) -> float:
    """Mean agreement of a run with two that read a random half of each document, of its sentences if it has two."""
    whole, found = labels_of(options, corpus, n_layouts=n_layouts), []
    for seed in range(2):
        chance = np.random.default_rng(seed)
        other, row_of = from_texts([half(text, chance) for text in corpus.full_texts()])
        labels, rows = labels_of(options, other, n_layouts=n_layouts), np.array(row_of)
        found.append(adjusted_rand(whole[rows >= 0], labels[rows[rows >= 0]]))
    return float(np.mean(found))


def half(text: str, chance: np.random.Generator) -> str:
    """Half of a text's sentences, or of its words where it has one."""
    sentences = re.split(r"(?<=[.!?])\s+", text)
    parts = sentences if len(sentences) > 1 else text.split()
    kept = np.sort(chance.permutation(len(parts))[: (len(parts) + 1) // 2])
    return " ".join(parts[i] for i in kept)


def main(arguments: list[str] | None = None) -> None:
    """Fit every corpus again and again, print the table and draw the curves."""
    parser = study.parser(__doc__, smoke="60 pages of the sample, two runs of 1 and 2 layouts", seeds=4, labeled=True)
    parser.add_argument("--layouts", type=int, action="append", default=[], help="layouts a run, in place of 1 to 16")
    options = parser.parse_args(arguments)
    runs, counts = (2, (1, 2)) if options.smoke else (options.seeds, tuple(options.layouts) or N_LAYOUTS)
    rows, curve = [], []
    for name, corpus in corpora(options):
        found = {n: [labels_of(options, corpus, n_layouts=n, random_state=run) for run in range(runs)] for n in counts}
        ari = {n: study.agreement(labelings) for n, labelings in found.items()}
        row = {"corpus": name, **{f"{n} layouts": value for n, value in ari.items()}}
        row["half the text"] = halved(options, corpus, n_layouts=max(n for n in counts if n <= 12))
        if peers.installed("bertopic") and not options.smoke:
            vectors, texts = study.fit(options, corpus).embeddings.vectors, corpus.full_texts()
            row["BERTopic"] = study.agreement([peers.bertopic(texts, vectors) for _ in range(runs)])
        rows.append(row)
        curve += [{"corpus": name, "n_layouts": n, "ari": value} for n, value in ari.items()]
    study.show(rows)
    study.draw_lines(
        curve, options.out / "e05_stability.html", x="n_layouts", y="ari", one_line_each="corpus",
        title="Two runs with different random states agree", yaxis={"title": "agreement of two runs (ARI)"},
        xaxis={"type": "log", "tickvals": N_LAYOUTS, "title": "layouts a run (reduce.n_layouts)"},
    )  # fmt: skip


if __name__ == "__main__":
    main()
