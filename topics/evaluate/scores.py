"""The scores of a run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from topics.evaluate.agreement import adjusted_mutual_information, adjusted_rand
from topics.records import NOISE, Clusters, Topics

DEFINITIONS: Mapping[str, tuple[str, str]] = {
    "n_topics": ("number of topics, noise not counted", "none"),
    "noise_share": ("share of distinct documents in no topic", "lower"),
    "diversity": ("distinct terms among all topics' terms, as a share (Dieng et al. 2020)", "higher"),
    "ami": (
        "adjusted mutual information with the human labels of whole articles, noise as a cluster of its own",
        "higher",
    ),
    "ami_without_noise": ("the same over the documents that are in a topic", "higher"),
    "ari": ("adjusted Rand index with the human labels of whole articles, noise as a cluster of its own", "higher"),
    "ari_without_noise": ("the same over the documents that are in a topic", "higher"),
}


def score(clusters: Clusters, topics: Topics, *, truth: Sequence[Any] | None = None) -> dict[str, dict[str, Any]]:
    """Value, definition and better direction of each score, by name.

    Parameters
    ----------
    clusters : Clusters
        The labels.
    topics : Topics
        The descriptions.
    truth : sequence or None
        One human label a document; None leaves the scores out that need them. Documents whose human label is
        missing are left out.
    """
    labels = clusters.labels
    terms = [term for terms in topics.table.column("terms").to_pylist() for term in terms]
    values: dict[str, float | int | None] = {
        "n_topics": topics.n_topics,
        "noise_share": float((labels == NOISE).mean()),
        "diversity": len(set(terms)) / len(terms) if terms else None,
    }
    if truth is not None:
        known = np.array([value is not None and value == value for value in truth])
        human = np.array([str(value) for value in truth])[known]
        for noise, suffix in ((True, ""), (False, "_without_noise")):
            values[f"ami{suffix}"] = _or_none(adjusted_mutual_information(labels[known], human, noise=noise))
            values[f"ari{suffix}"] = _or_none(adjusted_rand(labels[known], human, noise=noise))
    return {
        name: {"value": value, "definition": DEFINITIONS[name][0], "better": DEFINITIONS[name][1]}
        for name, value in values.items()
    }


def _or_none(value: float) -> float | None:
    return None if np.isnan(value) else value
