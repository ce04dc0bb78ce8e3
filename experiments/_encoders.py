"""The encoders that are compared, and the figure of how well they agree with people."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import _study as study
import numpy as np
import pandas as pd

ENCODERS: dict[str, dict[str, Any]] = {
    "lsa": {"encoder": "lsa"},
    "static": {"encoder": "static"},
    "MiniLM, cut off": {"encoder": "sentence-transformer", "long_texts": "truncate"},
    "MiniLM, whole": {"encoder": "sentence-transformer"},
    "hybrid, static": {"encoder": "hybrid", "semantic": "static"},
    "hybrid": {"encoder": "hybrid"},
}
PARENTS = {"hybrid": ("lsa", "MiniLM, whole"), "hybrid, static": ("lsa", "static")}


def smallest_cosine(vectors: np.ndarray, reference: np.ndarray) -> float:
    """Of the rows of two arrays the least similar pair."""
    lengths = np.linalg.norm(vectors, axis=1) * np.linalg.norm(reference, axis=1)
    return float(((vectors * reference).sum(axis=1) / np.maximum(lengths, 1e-12)).min())


def draw(frame: pd.DataFrame, path: Path) -> None:
    """AMI at the best cut, one line a corpus and one mark an encoder."""
    import plotly.graph_objects as go

    symbols = ["circle-open", "square-open", "triangle-up", "triangle-down", "square", "diamond"]
    figure = go.Figure()
    places = {corpus: place for place, corpus in enumerate(frame["corpus"].unique())}
    groups = list(frame.groupby("encoder", sort=False))
    for i, ((name, group), color, symbol) in enumerate(zip(groups, study.COLORS, symbols, strict=False)):
        beside = (i - (len(groups) - 1) / 2) * 0.12  # one line each, so that none hides another
        figure.add_scatter(
            x=group["AMI, best cut"], y=group["corpus"].map(places) + beside, mode="markers", name=str(name),
            marker={"color": color, "size": 10, "symbol": symbol, "line": {"width": 2, "color": color}},
        )  # fmt: skip
    study.save_figure(
        figure, path, width=900, height=140 + 90 * len(places), legend_title="encoder", margin={"l": 160},
        title="Agreement with human labels at the best cut, by encoder", xaxis_title="AMI (1 is perfect, 0 is chance)",
        yaxis={"autorange": "reversed", "tickvals": list(places.values()), "ticktext": list(places), "zeroline": False},
    )  # fmt: skip
