"""The scores of a run: values, definitions and directions."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from topics._derived import derived
from topics.evaluate._agreement import (
    adjusted_mutual_information,
    adjusted_rand,
    b_cubed,
    completeness,
    homogeneity,
    language_leak,
    normalized_mutual_information,
    purity,
)
from topics.evaluate._coherence import coherence_in_documents, diversity, rank_diversity
from topics.evaluate._density import MAX_DOCUMENTS, cosine_distances_of, dbcv, silhouette
from topics.evaluate._intervals import bootstrap
from topics.graph import stage
from topics.records import (
    NOISE,
    Clusters,
    Corpus,
    Embeddings,
    HeldOutTerms,
    HumanLabels,
    Layout,
    Levels,
    Origin,
    Scores,
    TermCounts,
    Topics,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

VERSION = 2

DEFINITIONS: Mapping[str, tuple[str, str]] = {
    "n_topics": ("number of topics, noise not counted", "none"),
    "noise_share": ("share of distinct documents in no topic", "lower"),
    "noise_share_before": ("the same before noise was assigned to topics", "lower"),
    "stability": (
        "mean of the AMI and ARI of two layouts of different random 80 % of the documents, at this level",
        "higher",
    ),
    "reproducibility": ("mean of the topics' reproducibility, by size", "higher"),
    "npmi": (
        "mean over topics of the normalized pointwise mutual information of two terms of a topic in the documents "
        "themselves, on which the terms were chosen (Bouma 2009)",
        "higher",
    ),
    "npmi_held_out": (
        "the same for terms chosen on half of the documents and measured on the held-out half",
        "higher",
    ),
    "silhouette": ("mean silhouette of the topics by cosine distance of the vectors (Rousseeuw 1987)", "higher"),
    "dbcv": ("density-based clustering validation of the topics in the first layout (Moulavi et al. 2014)", "higher"),
    "language_leak": (
        "degree to which topics are split by language: share of the uncertainty of a document's language that its "
        "topic removes, adjusted for chance; languages with different subjects raise it too",
        "lower",
    ),
    "language_leak_within_labels": ("the same among documents with the same human label", "lower"),
    "rank_diversity": ("1 minus the mean rank-biased overlap of two topics' terms (Webber et al. 2010)", "higher"),
    "diversity": ("share of distinct terms among all topics' terms (Dieng et al. 2020)", "higher"),
    "ami": (
        "adjusted mutual information with the human labels of whole articles, noise as a cluster of its own",
        "higher",
    ),
    "ami_without_noise": ("the same over the documents that were in a cluster before noise was assigned", "higher"),
    "homogeneity": ("degree to which topics have a single human label (Rosenberg and Hirschberg 2007)", "higher"),
    "homogeneity_without_noise": (
        "the same over the documents that were in a cluster before noise was assigned",
        "higher",
    ),
    "completeness": ("degree to which human labels are in a single topic (Rosenberg and Hirschberg 2007)", "higher"),
    "completeness_without_noise": (
        "the same over the documents that were in a cluster before noise was assigned",
        "higher",
    ),
    "nmi": ("normalized mutual information with the same labels, noise as a cluster; equal to the V-measure", "higher"),
    "nmi_without_noise": ("the same over the documents that were in a cluster before noise was assigned", "higher"),
    "b_cubed": ("B-cubed F with the same labels, noise as a cluster of its own (Bagga and Baldwin 1998)", "higher"),
    "b_cubed_without_noise": ("the same over the documents that were in a cluster before noise was assigned", "higher"),
    "purity": ("share of documents with the most frequent human label of their cluster", "higher"),
    "purity_without_noise": ("the same over the documents that were in a cluster before noise was assigned", "higher"),
    "ari": ("adjusted Rand index with the human labels of whole articles, noise as a cluster of its own", "higher"),
    "ari_without_noise": ("the same over the documents that were in a cluster before noise was assigned", "higher"),
}


_AGREEMENTS = {
    "ami": adjusted_mutual_information,
    "ari": adjusted_rand,
    "nmi": normalized_mutual_information,
    "homogeneity": homogeneity,
    "completeness": completeness,
    "b_cubed": b_cubed,
    "purity": purity,
}
_LANGUAGE_SHARE = 0.02  # not tuned: of the documents; less may be errors of detection


@stage("scores", Scores, version=VERSION, libraries=("numpy", "scipy", "scikit-learn"), determinism="kernel")
def score_run(
    origin: Origin,
    clusters: Clusters,
    topics: Topics,
    *,
    corpus: Corpus,
    levels: Levels,
    counts: TermCounts,
    embeddings: Embeddings,
    layout: Layout | None = None,
    held_out: HeldOutTerms | None = None,
    truth: HumanLabels | None = None,
) -> Scores:
    """The scores of a run; see :func:`score`.

    Parameters
    ----------
    clusters : Clusters
        Clusters of one of the levels.
    topics : Topics
        Descriptions of the clusters.
    corpus : Corpus
        The documents.
    levels : Levels
        All levels, for the stability of the clusters' level.
    counts : TermCounts
        Counts of the documents' terms.
    embeddings : Embeddings
        Vectors of the documents.
    layout : Layout or None
        The first layout.
    held_out : HeldOutTerms or None
        Terms chosen on half of the documents.
    truth : HumanLabels or None
        Human labels of the documents.
    """
    stability = dict(zip(levels.names, levels.table.column("stability").to_pylist(), strict=True)).get(clusters.level)
    values = score(
        clusters,
        topics,
        counts=counts,
        embeddings=embeddings,
        layout=layout,
        stability=stability,
        held_out=None if held_out is None else (held_out.terms, held_out.rows),
        languages=corpus.documents.column("lang").to_pylist(),
        truth=None if truth is None else truth.values,
    )
    return Scores(values, origin)


def score(
    clusters: Clusters,
    topics: Topics,
    *,
    counts: TermCounts,
    embeddings: Embeddings | None = None,
    layout: Layout | None = None,
    stability: float | None = None,
    held_out: tuple[Sequence[Sequence[str]], NDArray[np.intp]] | None = None,
    languages: Sequence[str | None] = (),
    truth: Sequence[Any] | None = None,
) -> dict[str, dict[str, Any]]:
    """Value, definition and better direction of each score, by name; for agreements also the 95 % interval.

    Parameters
    ----------
    clusters : Clusters
        Labels of the documents.
    topics : Topics
        Descriptions of the clusters.
    counts : TermCounts
        Counts of the documents' terms.
    embeddings : Embeddings or None
        Vectors for the silhouette; None leaves it out.
    layout : Layout or None
        Layout for DBCV; None leaves it out.
    stability : float or None
        Stability of the clusters' level; None with a single layout.
    held_out : tuple of (sequence of sequence of str, numpy.ndarray of int) or None
        Terms of each topic chosen on some documents, and the rows of the held-out ones; None leaves their coherence
        out.
    languages : sequence of str or None
        Language of each document; the leak is left out if there is only one language.
    truth : sequence or None
        Human label of each document; None leaves out the scores that need them. Documents without a human label are
        left out of those scores.
    """
    labels, clustered = clusters.labels, clusters.original_labels != NOISE
    sizes, reproducibility = np.bincount(labels[labels >= 0], minlength=clusters.n_clusters), clusters.reproducibility
    measured = ~np.isnan(reproducibility)
    terms = topics.table.column("terms").to_pylist()
    values: dict[str, float | int | None] = {
        "n_topics": topics.n_topics,
        "noise_share": float((labels == NOISE).mean()),
        "noise_share_before": float((~clustered).mean()),
        "stability": stability,
        "reproducibility": float(np.average(reproducibility[measured], weights=sizes[measured]))
        if measured.any()
        else None,
        "npmi": _mean(coherence_in_documents(terms, counts)),
        "diversity": _or_none(diversity(terms)),
        "rank_diversity": _or_none(rank_diversity(terms)),
    }
    if held_out is not None:
        chosen, rows = held_out
        values["npmi_held_out"] = _mean(coherence_in_documents(chosen, counts, rows=rows))
    if embeddings is not None:
        values["silhouette"] = _or_none(_silhouette(embeddings, labels))
    if layout is not None:
        values["dbcv"] = _or_none(dbcv(layout.points, labels))
    codes = np.array([language or "" for language in languages])
    is_common = np.isin(codes, _common_languages(codes))
    if len(np.unique(codes[is_common])) > 1:
        values["language_leak"] = _or_none(language_leak(codes[is_common], labels[is_common]))
    intervals: dict[str, tuple[float, float]] = {}
    if truth is not None:
        known = np.array([value is not None and value == value for value in truth])
        human = np.array([str(value) for value in truth])
        if "language_leak" in values:
            both = known & is_common
            leak = language_leak(codes[both], labels[both], labels_true=human[both])
            values["language_leak_within_labels"] = _or_none(leak)
        numbers = np.unique(human[known], return_inverse=True)[1]
        without = np.where(clustered, labels, NOISE)
        for predicted, noise, suffix in ((labels, True, ""), (without, False, "_without_noise")):
            for name, measure in _AGREEMENTS.items():
                values[f"{name}{suffix}"] = _or_none(measure(numbers, predicted[known], noise=noise))
                if noise and known.any():
                    intervals[name] = _interval(measure, numbers, predicted[known])
    return {
        name: {
            "value": value,
            "definition": DEFINITIONS[name][0],
            "better": DEFINITIONS[name][1],
            **({"interval": [_or_none(edge) for edge in intervals[name]]} if name in intervals else {}),
        }
        for name, value in values.items()
    }


def _silhouette(embeddings: Embeddings, labels: NDArray[np.int32]) -> float:
    """The silhouette, for which all cuts of the same documents ask for the same distances."""
    vectors, distances = embeddings.vectors, None
    if len(labels) <= MAX_DOCUMENTS:
        distances = derived(embeddings, "cosine distances", make=lambda: cosine_distances_of(vectors))
    return silhouette(vectors, labels, distances=distances)


def _interval(
    measure: Callable[..., float], labels_true: NDArray[np.intp], labels_pred: NDArray[np.int32]
) -> tuple[float, float]:
    return bootstrap(lambda rows: measure(labels_true[rows], labels_pred[rows]), len(labels_pred))


def _common_languages(codes: NDArray[np.str_]) -> list[str]:
    """Languages of at least 2 % of the documents."""
    names, n_docs = np.unique(codes[codes != ""], return_counts=True)
    return [str(one) for one, n in zip(names, n_docs, strict=True) if n >= _LANGUAGE_SHARE * len(codes)]


def _mean(values: NDArray[np.float64]) -> float | None:
    """Mean of the values that are not NaN; None without any."""
    return None if np.isnan(values).all() else float(np.nanmean(values))


def _or_none(value: float) -> float | None:
    return None if np.isnan(value) else value
