"""Fits of other topic models on given texts and vectors, where they are installed (``make install-peers``)."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.util import find_spec

import numpy as np


def installed(name: str) -> bool:
    """Whether a peer's package is there."""
    return find_spec(name) is not None


def bertopic(texts: Sequence[str], vectors: np.ndarray, *, seed: int | None = None, size: int = 10) -> np.ndarray:
    """Topics of BERTopic with its defaults, and with its default UMAP but for the seed where one is given."""
    from bertopic import BERTopic
    from umap import UMAP

    umap = None
    if seed is not None:
        umap = UMAP(n_neighbors=15, n_components=5, min_dist=0.0, metric="cosine", low_memory=False, random_state=seed)
    model = BERTopic(min_topic_size=size, umap_model=umap)
    return np.array(model.fit(list(texts), embeddings=np.array(vectors)).topics_)


def bertopic_terms(texts: Sequence[str], vectors: np.ndarray, *, k: int, n_terms: int) -> list[list[str]]:
    """The terms of each of about ``k`` topics, as in the BERTopic paper."""
    from bertopic import BERTopic

    # 0.17.4 counts the outlier topic, the paper's version did not; smallest topic as in the paper
    model = BERTopic(nr_topics=k + 1, min_topic_size=5, top_n_words=n_terms)
    model.fit(list(texts), embeddings=np.array(vectors))
    return [[word for word, _ in terms if word] for topic, terms in model.get_topics().items() if topic >= 0]


def tritopic(texts: Sequence[str], vectors: np.ndarray, *, seed: int) -> np.ndarray:
    """Topics of TriTopic with its defaults."""
    from tritopic import TriTopic

    return np.array(TriTopic(random_state=seed, verbose=False).fit(list(texts), embeddings=np.array(vectors)).labels_)
