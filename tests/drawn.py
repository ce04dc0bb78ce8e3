"""Small frames of a run, for what is drawn of one."""

from __future__ import annotations

import numpy as np
import pandas as pd


def frames(text: str = "plain"):
    documents = pd.DataFrame(
        {
            "doc_id": [f"d{i}" for i in range(6)],
            "title": [text, None, text, text, text, None],
            "text": [text] * 6,
            "date": pd.to_datetime(["2023-01-02"] * 5 + [None], utc=True),
            "source": [text] * 5 + [None],
            "topic": [0, 0, 0, 1, 1, -1],
            "copy_of": None,
            "x": np.arange(6.0),
            "y": [0.0, 1, 0, 5, 6, 3],
        }
    )
    topics = pd.DataFrame(
        {
            "topic": [0, 1],
            "label": [text, text],
            "size": [3, 2],
            "terms": [[text, "b"], [text]],
            "languages": [["en"], []],
            "reproducibility": [0.97, float("nan")],
        }
    )
    return documents, topics


def scan(text: str = "topic") -> pd.DataFrame:
    return pd.DataFrame(
        {
            "cluster_selection_method": ["leaf", "leaf", "eom", "eom"],
            "min_cluster_size": [5, 6, 11, 8],
            "n_clusters": [20.0, 18.5, 9.0, 2.0],
            "min_clusters": [19, 18, 9, 2],
            "max_clusters": [21, 19, 9, 2],
            "agreement": [0.9, 0.91, 0.99, 0.8],
            "rand": [0.8, 0.81, 0.97, 0.7],
            "noise_share": [0.3, 0.25, 0.0, 0.0],
            "stability": [0.85, 0.86, 0.98, 0.75],
            "stability_error": [0.01, 0.02, 0.005, 0.03],
            "level": [None, None, text, None],
        }
    )
