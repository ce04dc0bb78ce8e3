"""Documents in themes, topics and between them, and a fit of them."""

from __future__ import annotations

import numpy as np

from topics import RunConfig, pipeline
from topics.articles import from_texts

N_THEMES, N_TOPICS, SIZE, N_OUTSIDERS = 3, 4, 18, 14


def vectors(seed: int = 0) -> np.ndarray:
    """Three themes of four topics of eighteen documents, and fourteen documents between them."""
    random = np.random.default_rng(seed)
    themes = np.repeat(random.normal(size=(N_THEMES, 40)) * 1.6, N_TOPICS * SIZE, axis=0)
    topics = np.repeat(random.normal(size=(N_THEMES * N_TOPICS, 40)), SIZE, axis=0)
    return np.concatenate([themes + topics + random.normal(size=topics.shape) * 0.35, random.normal(size=(14, 40))])


THEMES = np.repeat(np.arange(N_THEMES), N_TOPICS * SIZE)
TOPICS = np.repeat(np.arange(N_THEMES * N_TOPICS), SIZE)
CORPUS = from_texts([f"document {i:03d} of {'xyz'[i % 3]}" for i in range(len(TOPICS) + N_OUTSIDERS)])[0]


def by_id(points: np.ndarray) -> dict[str, np.ndarray]:
    """The vectors as those of the documents in order of id."""
    return dict(zip(CORPUS.doc_ids, points, strict=True))


def fit(seed: int = 0, **cluster):
    values = {"random_state": seed, "cluster": cluster, "reduce": {"n_seeds": 4, "n_epochs": 60}}
    return pipeline.fit(RunConfig.from_dict(values), CORPUS, embeddings=by_id(vectors()))
