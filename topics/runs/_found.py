"""What a run's manifest says of what was found, so that a reader needs no other file for it."""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np

from topics.cluster import CLEAR
from topics.config import RunConfig
from topics.records import NOISE, Records
from topics.reduce import draws
from topics.runs._journal import Journal


def found_of(records: Records, config: RunConfig) -> dict[str, Any]:
    """Topics, noise, the level and how clear it is, layouts, neighbors, dimensions and names of scores.

    Parameters
    ----------
    records : Records
        Of every stage.
    config : RunConfig
        What they were made with.
    """
    clusters, n_docs = records.clusters, records.corpus.n_docs
    stability = records.stability()
    approximate = any(origin.notes for origin in records.origins if origin.stage == "neighbors")
    scores = records.scores.values if records.scores else {}
    return {
        "n_topics": clusters.n_clusters,
        "noise_share": float(np.mean(clusters.labels == NOISE)),
        "noise_share_before": float(np.mean(clusters.original_labels == NOISE)),
        "stability": stability,
        "is_clear": None if stability is None else bool(stability >= CLEAR),
        "levels": list(records.levels.names),
        "shares": [draw.share for draw in draws(config.reduce, config.random_state, n_docs=n_docs)],
        "neighbors": "approximate" if approximate else "exact",
        "n_neighbors": min(config.neighbors.n_neighbors, n_docs),
        "n_dims": int(records.embeddings.vectors.shape[1]),
        "scores": sorted(name for name, score in scores.items() if score["value"] is not None),
    }


def edited_of(journal: Journal, records: Records | None) -> dict[str, Any] | None:
    """How many edits there are, how many of each kind are in effect, and the keys of what they made; None of none.

    Parameters
    ----------
    journal : Journal
        The run's.
    records : Records or None
        After the edits; None where they change no cluster.
    """
    if not journal.edits:
        return None
    return {
        "n_edits": len(journal.edits),
        "n_done": journal.n_done,
        "kinds": dict(Counter(edit.kind for edit in journal.done)),
        "clusters": records and records.clusters.origin.key,
        "topics": records and records.topics.origin.key,
    }
