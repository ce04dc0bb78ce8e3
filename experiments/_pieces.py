"""Many documents of one length, and topics of them: what speed is measured on."""

from __future__ import annotations

from typing import Any

import _study as study
import pandas as pd

from topics.articles import from_texts, sample_path
from topics.records import Corpus

N_DOCUMENTS, N_WORDS = 20_000, 150


def pieces(options) -> Corpus:
    """20,000 pieces of 150 words of the sample and of the news corpora; in a smoke run 120."""
    texts = pd.read_parquet(sample_path())["text"].tolist()
    if not options.smoke and not study.left_out(options, *(f"{name}.parquet" for name in study.NEWS)):
        texts += [text for name in study.NEWS for text in pd.read_parquet(options.data / f"{name}.parquet")["text"]]
    cut = []
    for text in texts:
        words = text.split(" ")
        cut += [" ".join(words[i : i + N_WORDS]) for i in range(0, len(words), N_WORDS)]
    return from_texts(cut[: 120 if options.smoke else N_DOCUMENTS])[0]


def topics_of(options, corpus: Corpus, *, n_topics: int, label: dict[str, Any] | None = None) -> Any:
    """The records of a fit with about so many topics, of one layout of LSA vectors."""
    config = {
        "embed": {"encoder": "lsa"},
        "reduce": {"n_layouts": 1},
        "cluster": {"level": n_topics},
        "label": label or {},
    }
    return study.fit(options, corpus, config)
