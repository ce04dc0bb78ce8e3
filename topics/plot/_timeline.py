"""Figure of topics over time: a panel a topic, its share by period with the interval."""

from __future__ import annotations

import textwrap
from html import escape
from typing import TYPE_CHECKING, Any

from topics.errors import InputError
from topics.plot._figure import new_figure
from topics.plot._map import color_of, name_of
from topics.records import NOISE

if TYPE_CHECKING:
    import pandas as pd
    from plotly.graph_objects import Figure

_COLUMNS, _PANEL_HEIGHT, _GAP_ACROSS, _GAP_UP = 3, 150, 0.06, 44  # not tuned: what looks right
_WIDTH = 900  # pixels
_CHARACTERS = 36  # of a panel's title


def draw_over_time(timeline: pd.DataFrame, topics: pd.DataFrame, *, max_topics: int = 12) -> Figure:
    """A figure with one panel per topic, the largest first: its share of a period's documents and the 95 % interval.

    All panels have the same axes, so that heights compare.

    Parameters
    ----------
    timeline : pandas.DataFrame
        ``frame`` of :func:`topics.timeline.over_time`.
    topics : pandas.DataFrame
        ``Run.topics()``, for names and terms.
    max_topics : int
        Panels, at most.

    Raises
    ------
    ValueError
        If the timeline has no topic.
    """
    sizes = timeline[timeline["topic"] != NOISE].groupby("topic")["n_documents"].sum()
    shown = sorted(sizes.index.tolist(), key=lambda topic: (-sizes[topic], topic))[:max_topics]
    if not shown:
        raise InputError("expected a timeline with topics, got one without")
    said = {row["topic"]: name_of(row) or row["label"] for row in topics.to_dict("records")}
    n_rows = -(-len(shown) // _COLUMNS)
    height = n_rows * (_PANEL_HEIGHT + _GAP_UP)
    figure = new_figure()
    for place, topic in enumerate(shown):
        own = timeline[(timeline["topic"] == topic) & (timeline["n_period"] > 0)]
        _draw_panel(figure, own, place, color=color_of(topic), height=height)
        figure.add_annotation(
            text=escape(_title(topic, said.get(topic, ""))), xref="paper", yref="paper", showarrow=False,
            x=_left(place), y=1 - (place // _COLUMNS) * (_PANEL_HEIGHT + _GAP_UP) / height, xanchor="left",
            yanchor="top", font={"size": 12, "color": "#1a1d21"},
        )  # fmt: skip
    highest = float(timeline.loc[timeline["topic"].isin(shown), "share"].max())
    figure.update_yaxes(range=[0, highest * 1.08], tickformat=".0%", gridcolor="#eef0f2", nticks=4)
    figure.update_layout(
        template="plotly_white", width=_WIDTH, height=height + 40, showlegend=False, hovermode="closest",
        margin={"l": 46, "r": 12, "t": 10, "b": 30}, font={"family": "system-ui, sans-serif", "size": 12},
    )  # fmt: skip
    return figure


def _draw_panel(figure: Figure, own: pd.DataFrame, place: int, *, color: str, height: int) -> None:
    axis, row = "" if place == 0 else str(place + 1), place // _COLUMNS
    shared: dict[str, Any] = {"xaxis": f"x{axis}", "yaxis": f"y{axis}", "showlegend": False}
    figure.add_scatter(x=own["period"], y=own["high"], mode="lines", line={"width": 0}, hoverinfo="skip", **shared)
    figure.add_scatter(
        x=own["period"], y=own["low"], mode="lines", line={"width": 0}, fill="tonexty", hoverinfo="skip",
        fillcolor=f"rgba({int(color[1:3], 16)},{int(color[3:5], 16)},{int(color[5:7], 16)},.18)", **shared,
    )  # fmt: skip
    figure.add_scatter(
        x=own["period"], y=own["share"], mode="lines+markers", line={"color": color, "width": 2}, marker={"size": 4},
        text=[
            f"{period:%Y-%m-%d}<br>{n} of {n_period} documents" + (f"<br>{escape(', '.join(terms))}" if terms else "")
            for period, n, n_period, terms in zip(
                own["period"], own["n_documents"], own["n_period"], own["terms"], strict=True
            )
        ],
        hovertemplate="%{text}<extra></extra>", **shared,
    )  # fmt: skip
    top = 1 - (row * (_PANEL_HEIGHT + _GAP_UP) + 20) / height
    left = _left(place)
    figure.layout[f"xaxis{axis}"] = {
        "domain": [left, left + 1 / _COLUMNS - _GAP_ACROSS], "anchor": f"y{axis}", "gridcolor": "#eef0f2", "nticks": 4,
        "matches": None if place == 0 else "x",
    }  # fmt: skip
    figure.layout[f"yaxis{axis}"] = {
        "domain": [max(0.0, top - (_PANEL_HEIGHT - 8) / height), top], "anchor": f"x{axis}",
    }  # fmt: skip


def _title(topic: int, said: str) -> str:
    return textwrap.shorten(f"{topic} · {said}", _CHARACTERS, placeholder=" …")


def _left(place: int) -> float:
    return (place % _COLUMNS) / _COLUMNS
