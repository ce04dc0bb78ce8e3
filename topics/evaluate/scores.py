"""The scores of a run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from topics.evaluate.agreement import (
    adjusted_mutual_information,
    adjusted_rand,
    b_cubed,
    normalized_mutual_information,
    purity,
)
from topics.evaluate.coherence import coherence_of_counts, diversity, rank_diversity
from topics.evaluate.windows import count_documents
from topics.records import NOISE, Clusters, TermCounts, Topics

if TYPE_CHECKING:
    from numpy.typing import NDArray

DEFINITIONS: Mapping[str, tuple[str, str]] = {
    "n_topics": ("number of topics, noise not counted", "none"),
    "noise_share": ("share of distinct documents in no topic", "lower"),
    "noise_share_before": ("the same before noise was given to topics", "lower"),
    "stability": ("agreement of the seeds at this level times the share of documents in clusters", "higher"),
    "reproducibility": ("mean of the topics' reproducibility, by size", "higher"),
    "npmi": (
        "mean over topics of the normalised pointwise mutual information of two terms of a topic in the documents "
        "themselves, on which the terms were chosen (Bouma 2009)",
        "higher",
    ),
    "rank_diversity": ("1 minus the mean rank-biased overlap of two topics' terms (Webber et al. 2010)", "higher"),
    "diversity": ("distinct terms among all topics' terms, as a share (Dieng et al. 2020)", "higher"),
    "ami": (
        "adjusted mutual information with the human labels of whole articles, noise as a cluster of its own",
        "higher",
    ),
    "ami_without_noise": ("the same over the documents that were in a cluster before noise was moved", "higher"),
    "nmi": ("normalised mutual information with the same labels, noise as a cluster; equal to the V-measure", "higher"),
    "nmi_without_noise": ("the same over the documents that were in a cluster before noise was moved", "higher"),
    "b_cubed": ("B-cubed F with the same labels, noise as a cluster of its own (Bagga and Baldwin 1998)", "higher"),
    "b_cubed_without_noise": ("the same over the documents that were in a cluster before noise was moved", "higher"),
    "purity": ("share of documents with the most frequent human label of their cluster", "higher"),
    "purity_without_noise": ("the same over the documents that were in a cluster before noise was moved", "higher"),
    "ari": ("adjusted Rand index with the human labels of whole articles, noise as a cluster of its own", "higher"),
    "ari_without_noise": ("the same over the documents that were in a cluster before noise was moved", "higher"),
}


_AGREEMENTS = {
    "ami": adjusted_mutual_information,
    "ari": adjusted_rand,
    "nmi": normalized_mutual_information,
    "b_cubed": b_cubed,
    "purity": purity,
}


def score(
    clusters: Clusters,
    topics: Topics,
    *,
    counted: TermCounts,
    stability: float | None = None,
    truth: Sequence[Any] | None = None,
) -> dict[str, dict[str, Any]]:
    """Value, definition and better direction of each score, by name.

    Parameters
    ----------
    clusters : Clusters
        The labels.
    topics : Topics
        The descriptions.
    counted : TermCounts
        The documents' terms.
    stability : float or None
        Of the level that the clusters are of; None of one seed.
    truth : sequence or None
        One human label a document; None leaves the scores out that need them. Documents whose human label is
        missing are left out.
    """
    labels, clustered = clusters.labels, clusters.original_labels != NOISE
    sizes, again = np.bincount(labels[labels >= 0], minlength=clusters.n_clusters), clusters.reproducibility
    measured = ~np.isnan(again)
    terms = topics.table.column("terms").to_pylist()
    together = count_documents(counted, [term for topic in terms for term in topic])
    values: dict[str, float | int | None] = {
        "n_topics": topics.n_topics,
        "noise_share": float((labels == NOISE).mean()),
        "noise_share_before": float((~clustered).mean()),
        "stability": stability,
        "reproducibility": float(np.average(again[measured], weights=sizes[measured])) if measured.any() else None,
        "npmi": _mean(coherence_of_counts(terms, together)),
        "diversity": _or_none(diversity(terms)),
        "rank_diversity": _or_none(rank_diversity(terms)),
    }
    if truth is not None:
        known = np.array([value is not None and value == value for value in truth])
        human = np.array([str(value) for value in truth])[known]
        without = np.where(clustered, labels, NOISE)
        for found, noise, suffix in ((labels, True, ""), (without, False, "_without_noise")):
            for name, measure in _AGREEMENTS.items():
                values[f"{name}{suffix}"] = _or_none(measure(found[known], human, noise=noise))
    return {
        name: {"value": value, "definition": DEFINITIONS[name][0], "better": DEFINITIONS[name][1]}
        for name, value in values.items()
    }


def _mean(values: NDArray[np.float64]) -> float | None:
    """Mean of what is known; None where nothing is."""
    return None if np.isnan(values).all() else float(np.nanmean(values))


def _or_none(value: float) -> float | None:
    return None if np.isnan(value) else value
