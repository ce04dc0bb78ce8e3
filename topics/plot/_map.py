"""The two-dimensional map of a run."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from html import escape
from typing import TYPE_CHECKING, Any

import numpy as np

from topics.plot._figure import new_figure
from topics.plot._labels import n_cells, place_labels, shorten
from topics.records import NOISE

if TYPE_CHECKING:
    import pandas as pd
    from plotly.graph_objects import Figure

WIDTH, HEIGHT = 820, 660  # pixels of the plane on a page 900 pixels wide, for which labels are placed
_ABOVE, _BELOW = 34, 24  # pixels, room for the toolbar and for a line about labels
_NOISE_COLOR = "#c9ccd1"
# Eighteen hues of alternating lightness, distinct for most color-blind readers. Further topics repeat them, since
# labels name the topics directly.
_COLORS = (
    "#3366a8", "#e07b39", "#2e8b57", "#b5338a", "#8a6d1f", "#5aa9d6",
    "#c0392b", "#6b4fa0", "#7fae3c", "#d98cb3", "#1f7a7a", "#9c5a3c",
    "#4a4f57", "#d4ac0d", "#16c1c8", "#7b241c", "#9fa8da", "#274e37",
)  # fmt: skip
# Not tuned: what looks right.
_LABEL_TERMS = 3
_LARGE_LABELS = 25  # topics up to which labels are large
_MARGIN = 0.05
_GL_FROM = 15_000  # points from which browsers draw WebGL faster than SVG


def color_of(topic: int) -> str:
    """Color of a topic's points and label; gray for noise."""
    return _NOISE_COLOR if topic == NOISE else _COLORS[topic % len(_COLORS)]


def draw_map(documents: pd.DataFrame, topics: pd.DataFrame) -> Figure:
    """A figure with one point per document, colored and labeled by topic; noise is gray.

    Parameters
    ----------
    documents : pandas.DataFrame
        ``Run.documents()``; near-duplicates are not drawn, as they have the place of their canonical document.
    topics : pandas.DataFrame
        ``Run.topics()``.
    """
    import plotly.graph_objects as go

    points = documents[documents["copy_of"].isna()]
    kind = go.Scattergl if len(points) > _GL_FROM else go.Scatter
    names = {row["topic"]: name_of(row) or row["label"] for row in topics.to_dict("records")}
    size = max(3.0, min(9.0, 11.0 - len(points) ** 0.25))
    figure = new_figure()
    for topic in sorted(points["topic"].unique()):
        own = points[points["topic"] == topic]
        name = "noise" if topic == NOISE else f"{topic} · {names[topic]}"
        figure.add_trace(
            kind(
                x=own["x"],
                y=own["y"],
                mode="markers",
                name=escape(name),
                marker={
                    "size": size,
                    "color": color_of(topic),
                    "opacity": 0.55 if topic == NOISE else 0.85,
                    "line": {"width": 0.4, "color": "white"},
                },
                text=[_hover(row, name) for row in own.to_dict("records")],
                hovertemplate="%{text}<extra></extra>",
            )
        )
    _write_labels(figure, points, topics)
    figure.update_layout(
        autosize=True, height=HEIGHT + _ABOVE + _BELOW, template="plotly_white", showlegend=False, dragmode="pan",
        margin={"l": 8, "r": 8, "t": _ABOVE, "b": _BELOW}, hoverlabel={"align": "left"},
        font={"family": "system-ui, sans-serif", "size": 13},
    )  # fmt: skip
    return figure


def _hover(row: Mapping[Any, Any], name: str) -> str:
    title = row["title"] if isinstance(row["title"], str) else row["text"]
    lines = [f"<b>{escape(_wrap(title))}</b>", escape(name)]
    details = [str(value) for value in (row["source"], _day(row["date"])) if isinstance(value, str) and value]
    if details:
        lines.append(escape(" · ".join(details)))
    return "<br>".join(lines).replace("\n", "<br>")


def _wrap(text: str) -> str:
    return textwrap.fill(textwrap.shorten(text, 150, placeholder=" …"), 60)


def _day(date: Any) -> str | None:
    return date.strftime("%Y-%m-%d") if hasattr(date, "strftime") and date == date else None


def name_of(row: Mapping[Any, Any]) -> str:
    """The topic's name; empty if it has none."""
    name = row.get("name")
    return name if isinstance(name, str) else ""


def _write_labels(figure: Figure, points: pd.DataFrame, topics: pd.DataFrame) -> None:
    """Add a label at the densest place of each topic, the largest first, and a line about labels without room."""
    (left, right), (low, high) = (_span(points[name]) for name in ("x", "y"))
    figure.update_xaxes(visible=False, range=[left, right])
    figure.update_yaxes(visible=False, range=[low, high])
    large = len(topics) <= _LARGE_LABELS
    font, line, letter = (13, 24.0, 7.4) if large else (11, 20.0, 6.3)
    texts = {row["topic"]: shorten(name_of(row) or ", ".join(row["terms"][:_LABEL_TERMS]) or row["label"])
             for row in topics.to_dict("records")}  # fmt: skip
    across, up = (points["x"] - left) / (right - left) * WIDTH, (points["y"] - low) / (high - low) * HEIGHT
    placed = place_labels(
        np.column_stack([across, up]),
        points["topic"].to_numpy(),
        widths=[(topic, n_cells(text) * letter + 10) for topic, text in texts.items()],
        line=line,
        size=(WIDTH, HEIGHT),
    )
    for label in placed:
        figure.add_annotation(
            x=label.x / WIDTH * (right - left) + left, y=label.y / HEIGHT * (high - low) + low,
            text=escape(texts[label.topic]), showarrow=False, font={"size": font, "color": "#1a1d21"},
            bgcolor="rgba(255,255,255,0.82)", borderpad=2, bordercolor=color_of(label.topic), borderwidth=1,
        )  # fmt: skip
    if len(placed) < len(texts):
        figure.add_annotation(
            x=0, y=0, xref="paper", yref="paper", xanchor="left", yanchor="top", yshift=-2, showarrow=False,
            text=f"labels of {len(placed)} of {len(texts)} topics; no room for the others: hover over their points",
            font={"size": 12, "color": "#4a5058"},
        )  # fmt: skip


def _span(values: pd.Series) -> tuple[float, float]:
    """Minimum and maximum, with a margin."""
    least, greatest = (float(values.min()), float(values.max())) if len(values) else (0.0, 0.0)
    margin = (greatest - least) * _MARGIN or 1.0
    return least - margin, greatest + margin
