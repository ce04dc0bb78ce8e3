"""Documents in themes, topics and between them, and a fit of them.

What is asserted of the fit must hold on any machine. Another CPU gives another layout, as another seed does, so the
groups were chosen by seeds: of 40 random states with six layouts each, all found the three themes and twelve topics
without an error and preferred the topics; the themes' stability was at least .926, their worth at least .036 below the
topics' and .88 of it (a level needs .8), and all gave exactly 2, 3 and 12 clusters where so many were asked for.
Directions are orthogonal, so that no two groups are near by chance, and a document's 30 neighbours reach into
the other topics of its theme and not beyond.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from topics import RunConfig, pipeline
from topics.articles import from_texts
from topics.records import Records

N_THEMES, N_TOPICS, SIZE, N_OUTSIDERS, N_DIMS = 3, 4, 16, 12, 40


def vectors(seed: int = 0) -> np.ndarray:
    """Three themes of four topics of sixteen documents, and twelve documents of no theme."""
    random = np.random.default_rng(seed)
    directions = np.linalg.qr(random.normal(size=(N_DIMS, N_DIMS)))[0]
    themes = np.repeat(directions[:N_THEMES] * 2.5, N_TOPICS * SIZE, axis=0)
    topics = np.repeat(directions[N_THEMES : N_THEMES + N_THEMES * N_TOPICS], SIZE, axis=0)
    around = random.normal(size=topics.shape) * 1.1 / np.sqrt(N_DIMS)
    return np.concatenate([themes + topics + around, random.normal(size=(N_OUTSIDERS, N_DIMS))])


THEMES = np.repeat(np.arange(N_THEMES), N_TOPICS * SIZE)
TOPICS = np.repeat(np.arange(N_THEMES * N_TOPICS), SIZE)
CORPUS = from_texts([f"document {i:03d} of {'xyz'[i % 3]}" for i in range(len(TOPICS) + N_OUTSIDERS)])[0]


def by_id(points: np.ndarray) -> dict[str, np.ndarray]:
    """The vectors as those of the documents in order of id."""
    return dict(zip(CORPUS.doc_ids, points, strict=True))


def fit(seed: int = 0, *, n_layouts: int = 6, **cluster: object) -> Records:
    return pipeline.fit(config(seed, n_layouts=n_layouts, cluster=cluster), CORPUS, embeddings=by_id(vectors()))


def config(seed: int, *, n_layouts: int, cluster: Mapping[str, object]) -> RunConfig:
    reduce = {"n_layouts": n_layouts, "n_epochs": 60, "n_neighbors": 30}
    return RunConfig.from_dict({"random_state": seed, "cluster": cluster, "reduce": reduce})
