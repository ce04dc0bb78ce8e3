"""Figure of how many topics are seen after how many documents."""

from __future__ import annotations

from typing import TYPE_CHECKING

from topics.errors import InputError
from topics.plot._figure import new_figure
from topics.plot._source import frame_of
from topics.plot._theme import FIRST, faded

if TYPE_CHECKING:
    import pandas as pd
    from plotly.graph_objects import Figure

_COLUMNS = ("n_documents", "n_topics", "low", "high")
_HEIGHT = 380  # pixels; not tuned: what looks right


def draw_saturation(curve: pd.DataFrame) -> Figure:
    """A figure with the number of topics that a random part of the documents shows, and its 95 % interval.

    Parameters
    ----------
    curve : pandas.DataFrame
        From :func:`topics.evaluate.saturation`.

    Raises
    ------
    ValueError
        If there is no topic.
    """
    curve = frame_of(curve, "saturation", columns=_COLUMNS)
    if not len(curve) or not curve["n_topics"].iloc[-1]:
        raise InputError("expected a curve of topics, got one without")
    figure = new_figure("topics seen in a random part of the documents, with the 95 % interval of such parts")
    for column, fill in (("high", None), ("low", "tonexty")):
        figure.add_scatter(
            x=curve["n_documents"], y=curve[column], mode="lines", line={"width": 0, "shape": "linear"}, fill=fill,
            fillcolor=faded(FIRST, 0.18), hoverinfo="skip", showlegend=False,
        )  # fmt: skip
    figure.add_scatter(
        x=curve["n_documents"], y=curve["n_topics"], mode="lines+markers", line={"color": FIRST, "width": 2},
        marker={"size": 6}, customdata=curve[["low", "high"]], showlegend=False,
        hovertemplate="%{x:,} documents: %{y:.1f} topics (%{customdata[0]} to %{customdata[1]})<extra></extra>",
    )  # fmt: skip
    figure.update_layout(
        height=_HEIGHT, margin={"l": 70, "r": 20, "t": 50, "b": 50},
        xaxis={"title": {"text": "documents read"}, "rangemode": "tozero", "tickformat": ",", "ticklabelstandoff": 8},
        yaxis={"title": {"text": "topics seen"}, "rangemode": "tozero", "ticklabelstandoff": 8},
    )  # fmt: skip
    return figure
