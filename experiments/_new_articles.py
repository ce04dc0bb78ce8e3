"""What e24 needs: tools that are fitted on some texts and asked for others, and how far two fits agree."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, TypeAlias

import _peers as peers
import numpy as np
from scipy.optimize import linear_sum_assignment

import topics
from topics.config import EmbedParams
from topics.embed import Encoded, Hybrid, LsaEncoder

Vectors: TypeAlias = Mapping[str, np.ndarray]
Assign: TypeAlias = Callable[[Sequence[str]], tuple[np.ndarray, np.ndarray]]  # texts → topics, confidences


class LookedUp:
    """An encoder of texts that were encoded before: each has its vector."""

    shard_rows = 512

    def __init__(self, vectors: Vectors) -> None:
        self.vectors = vectors

    @property
    def identity(self) -> Mapping[str, Any]:
        return {"kind": "looked-up", "n_texts": len(self.vectors)}

    def encode(self, texts: Sequence[str]) -> Encoded:
        return Encoded(np.array([self.vectors[text] for text in texts]), np.ones(len(texts), dtype=np.float32))


def toolkit(texts: Sequence[str], vectors: Vectors, *, seed: int, **settings: Any) -> tuple[np.ndarray, Assign]:
    """A TopicModel with its hybrid, of which the texts are all that it knows."""
    encoder = Hybrid(LookedUp(vectors), LsaEncoder(EmbedParams()))
    model = topics.TopicModel(encoder=encoder, random_state=seed, clean="keep-all", **settings).fit(texts)

    def assign(new: Sequence[str]) -> tuple[np.ndarray, np.ndarray]:
        frame = model.assign(list(new))
        return frame["topic"].to_numpy(), frame["confidence"].to_numpy()

    return model.labels_, assign


def bertopic(texts: Sequence[str], vectors: Vectors, *, seed: int) -> tuple[np.ndarray, Assign]:
    """BERTopic with its defaults, and its ``transform``."""
    model = peers.bertopic_model(texts, np.array([vectors[text] for text in texts]), seed=seed, size=10)

    def assign(new: Sequence[str]) -> tuple[np.ndarray, np.ndarray]:
        labels, chances = model.transform(list(new), embeddings=np.array([vectors[text] for text in new]))
        return np.array(labels), np.full(len(new), np.nan) if chances is None else np.array(chances)

    return np.array(model.topics_), assign


def tritopic(texts: Sequence[str], vectors: Vectors, *, seed: int) -> tuple[np.ndarray, Assign]:
    """TriTopic with its defaults; what its ``transform`` does with vectors, which it would make anew."""
    from tritopic import TriTopic

    given = np.array([vectors[text] for text in texts])
    model = TriTopic(random_state=seed, verbose=False).fit(list(texts), embeddings=given)
    topics_of = np.array([topic.topic_id for topic in model.topics_ if topic.topic_id != -1])
    middles = np.asarray(model.topic_embeddings_) / np.linalg.norm(model.topic_embeddings_, axis=1, keepdims=True)

    def assign(new: Sequence[str]) -> tuple[np.ndarray, np.ndarray]:
        similarity = np.array([vectors[text] / np.linalg.norm(vectors[text]) for text in new]) @ middles.T
        labels = topics_of[similarity.argmax(axis=1)]
        return np.where(similarity.max(axis=1) < model.outlier_threshold_, -1, labels), np.full(len(new), np.nan)

    return np.asarray(model.labels_), assign


def draws(n_texts: int, n_draws: int) -> Iterator[np.ndarray]:
    """Whether each text is held out, a fifth of them, drawn anew each time."""
    for draw in range(n_draws):
        held = np.zeros(n_texts, dtype=bool)
        held[np.random.default_rng(draw).permutation(n_texts)[: n_texts // 5]] = True
        yield held


def partners(labels: np.ndarray, others: np.ndarray) -> np.ndarray:
    """For each topic of one fit its partner in another, by the documents that both have; -9 for none, -1 stays."""
    both = (labels >= 0) & (others >= 0)
    shared = np.zeros((labels.max(initial=-1) + 1, others.max(initial=-1) + 1))
    np.add.at(shared, (labels[both], others[both]), 1)
    sizes = np.bincount(labels[labels >= 0], minlength=len(shared))[:, None]
    union = sizes + np.bincount(others[others >= 0], minlength=shared.shape[1])[None] - shared
    found = np.full(len(shared) + 1, -9)
    rows, columns = linear_sum_assignment(-shared / np.maximum(union, 1))
    found[rows] = np.where(shared[rows, columns] > 0, columns, -9)
    for topic in np.flatnonzero(found[:-1] == -9):  # one that another holds most of
        if shared[topic].max(initial=0) > sizes[topic, 0] / 2:
            found[topic] = shared[topic].argmax()
    found[-1] = -1
    return found


def calibration_error(chances: np.ndarray, right: np.ndarray) -> float:
    """Mean distance of chance and frequency in ten equal steps of the chance; NaN of none."""
    steps = np.minimum((chances * 10).astype(int), 9) if np.isfinite(chances).all() else np.zeros(0, dtype=int)
    gaps = [abs(chances[steps == step].sum() - right[steps == step].sum()) for step in set(steps.tolist())]
    return float(sum(gaps) / len(right)) if gaps else float("nan")
