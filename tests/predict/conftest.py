from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pytest
from scipy.sparse import csr_array

from topics.predict import Predictor, freeze_assigner
from topics.records import NOISE, Assigner, Clusters, Embeddings, Levels, Origin

N_DIMS = 24


def origin(stage: str) -> Origin:
    return Origin(stage, 1, {}, (), {})


def groups(labels: np.ndarray, seed: int = 0, spread: float = 0.35) -> np.ndarray:
    """A unit vector near its cluster's direction for each label; noise is anywhere."""
    directions = np.random.default_rng(99).normal(size=(int(labels.max(initial=0)) + 1, N_DIMS))
    random = np.random.default_rng(seed)
    near = directions[np.maximum(labels, 0)] + spread * np.sqrt(N_DIMS) / 3 * random.normal(size=(len(labels), N_DIMS))
    vectors = np.where((labels == NOISE)[:, None], random.normal(size=near.shape), near).astype(np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


@dataclass(frozen=True)
class Fitted:
    """What a fit would give of these labels."""

    embeddings: Embeddings
    levels: Levels
    clusters: Clusters
    assigner: Assigner

    @property
    def predictor(self) -> Predictor:
        return Predictor(self.assigner, self.levels, clusters=self.clusters)


def fitted(vectors: np.ndarray, labels: np.ndarray, *, coarser: np.ndarray | None = None) -> Fitted:
    n, n_topics = len(labels), int(labels.max(initial=NOISE)) + 1
    every = [labels] if coarser is None else [labels, coarser]
    chance = np.where(labels == NOISE, 0.0, 0.9)
    rows = np.flatnonzero(labels != NOISE)
    membership = csr_array((np.ones(len(rows), np.float32), (rows, labels[rows])), shape=(n, n_topics))
    embeddings = Embeddings("corpus", vectors, np.full(n, np.nan), origin("embed"))
    levels = Levels(
        "corpus", pa.table({"level": ["topic", "theme"][: len(every)]}), pa.table({}), np.array(every),
        np.array([chance] * len(every)), csr_array((n * len(every), n_topics)), 5, 2, origin("levels"),
    )  # fmt: skip
    clusters = Clusters(
        "corpus", labels, chance, labels, np.zeros(n), chance, membership, np.ones(n_topics), "topic", 5, 5,
        origin("cut"),
    )  # fmt: skip
    return Fitted(embeddings, levels, clusters, freeze_assigner(embeddings, levels, clusters=clusters))


@pytest.fixture(scope="session")
def fit() -> Fitted:
    labels = np.repeat(np.array([*range(12), NOISE], dtype=np.int32), [60, *[20] * 11, 15])
    return fitted(groups(labels), labels, coarser=np.where(labels == NOISE, NOISE, labels // 4).astype(np.int32))
