"""The two-dimensional map of a run."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from topics.errors import InputError
from topics.plot._figure import new_figure
from topics.plot._labels import densest, place_labels, shorten
from topics.plot._source import Source, frame_of, topics_of
from topics.plot._text import name_of, plain, said_of, width_of
from topics.plot._theme import DIM, INK, PAPER, color_of, faded
from topics.records import NOISE

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray
    from plotly.graph_objects import Figure

__all__ = ["color_of", "draw_map", "name_of"]

WIDTH, HEIGHT = 820, 660  # pixels of the plane on a page 900 pixels wide, for which labels are placed
_ABOVE, _BELOW = 34, 24  # pixels, room for the toolbar and for a line about labels
# Not tuned: what looks right.
_LARGE_LABELS = 25  # topics up to which labels are large
_MARGIN = 0.05
_GL_FROM = 15_000  # points from which browsers draw WebGL faster than SVG
_REGION_SHARE = 0.9  # of a topic's documents, those nearest its densest place; the others are outliers of its region
_REGION_REACH = 3  # of the median distance: a part that lies apart is not of the region
_MIN_REGION = 5  # documents
_REGION_ALPHA = 0.14


def draw_map(source: Source | pd.DataFrame, topics: Source | pd.DataFrame | None = None) -> Figure:
    """A figure with one point per document, each topic a labeled region of one color; noise is gray.

    A region is the hull of the 90 % of a topic's documents that are nearest its densest place, without parts that lie
    apart. Labels that have no room are counted in a line under the map.

    Parameters
    ----------
    source : Run or pandas.DataFrame
        A run, or its ``documents()``; near-duplicates are not drawn, as they have the place of their canonical
        document.
    topics : Run, pandas.DataFrame or None
        ``Run.topics()``; None takes those of the run that is drawn.

    Raises
    ------
    ValueError
        If the run was made without a map.
    TypeError
        If there are no topics beside a frame of documents.
    """
    import plotly.graph_objects as go

    documents = frame_of(source, "documents", columns=("topic", "x", "y", "title", "text", "source", "date", "copy_of"))
    named = topics_of(source, topics)
    points = documents[documents["copy_of"].isna()]
    if len(points) and points["x"].isna().all():
        raise InputError("expected documents with places on a map, got a run that was made without one")
    kind = go.Scattergl if len(points) > _GL_FROM else go.Scatter
    names = {row["topic"]: name_of(row) or row.get("label") or said_of(row) for row in named.to_dict("records")}
    size = max(3.0, min(9.0, 11.0 - len(points) ** 0.25))
    figure, regions = new_figure(), list[dict[str, Any]]()
    for topic in sorted(points["topic"].unique()):
        own = points[points["topic"] == topic]
        name = "noise" if topic == NOISE else f"{topic} · {names.get(topic, '')}"
        figure.add_trace(
            kind(
                x=own["x"],
                y=own["y"],
                mode="markers",
                name=plain(name),
                marker={
                    "size": size,
                    "color": color_of(topic),
                    "opacity": 0.55 if topic == NOISE else 0.85,
                    "line": {"width": 0.4, "color": PAPER},
                },
                text=[_hover(row, name) for row in own.to_dict("records")],
                hovertemplate="%{text}<extra></extra>",
            )
        )
        if topic != NOISE:
            regions += _region(own[["x", "y"]].to_numpy(dtype=np.float64), color=color_of(topic))
    _write_labels(figure, points, named)
    figure.update_layout(
        shapes=regions,
        height=HEIGHT + _ABOVE + _BELOW, showlegend=False, dragmode="pan",
        margin={"l": 8, "r": 8, "t": _ABOVE, "b": _BELOW},
    )  # fmt: skip
    return figure


def _region(points: NDArray[np.float64], *, color: str) -> list[dict[str, Any]]:
    """A shape where most of a topic's documents are; a line or a handful of points has none."""
    from scipy.spatial import ConvexHull, QhullError

    if len(points) < _MIN_REGION:
        return []
    far = np.hypot(*(points - densest(points)).T)
    core = points[far <= min(np.quantile(far, _REGION_SHARE), _REGION_REACH * np.median(far))]
    try:
        corners = core[ConvexHull(core).vertices]
    except QhullError:
        return []
    path = "L".join(f"{x:.4g},{y:.4g}" for x, y in corners.tolist())
    fill = faded(color, _REGION_ALPHA)
    return [{"type": "path", "path": f"M{path}Z", "fillcolor": fill, "line": {"width": 0}, "layer": "below"}]


def _hover(row: Mapping[Any, Any], name: str) -> str:
    title = row["title"] if isinstance(row["title"], str) else row["text"]
    wrapped = "<br>".join(map(plain, textwrap.wrap(textwrap.shorten(title, 150, placeholder=" …"), 60)))
    lines = [f"<b>{wrapped}</b>", plain(name)]
    details = [str(value) for value in (row["source"], _day(row["date"])) if isinstance(value, str) and value]
    if details:
        lines.append(plain(" · ".join(details)))
    return "<br>".join(lines)


def _day(date: Any) -> str | None:
    return date.strftime("%Y-%m-%d") if hasattr(date, "strftime") and date == date else None


def _write_labels(figure: Figure, points: pd.DataFrame, topics: pd.DataFrame) -> None:
    """Add a label at the densest place of each topic, the largest first, and a line about labels without room."""
    (left, right), (low, high) = (_span(points[name]) for name in ("x", "y"))
    figure.update_xaxes(visible=False, range=[left, right])
    figure.update_yaxes(visible=False, range=[low, high])
    large = len(topics) <= _LARGE_LABELS
    font, line = (13, 24.0) if large else (11, 20.0)
    texts = {row["topic"]: shorten(said_of(row)) for row in topics.to_dict("records")}
    across, up = (points["x"] - left) / (right - left) * WIDTH, (points["y"] - low) / (high - low) * HEIGHT
    placed = place_labels(
        np.column_stack([across, up]),
        points["topic"].to_numpy(),
        widths=[(topic, width_of(text, font) + 10) for topic, text in texts.items()],
        line=line,
        size=(WIDTH, HEIGHT),
    )
    figure.layout.annotations = [
        {
            "x": label.x / WIDTH * (right - left) + left, "y": label.y / HEIGHT * (high - low) + low, "borderwidth": 1,
            "text": plain(texts[label.topic]), "showarrow": False, "font": {"size": font, "color": INK},
            "bgcolor": faded(PAPER, 0.82), "borderpad": 2, "bordercolor": color_of(label.topic),
        }
        for label in placed
    ]  # fmt: skip
    if len(placed) < len(texts):
        figure.add_annotation(
            x=0, y=0, xref="paper", yref="paper", xanchor="left", yanchor="top", yshift=-2, showarrow=False,
            text=f"labels of {len(placed)} of {len(texts)} topics; no room for the others: hover over their points",
            font={"size": 12, "color": DIM},
        )  # fmt: skip


def _span(values: pd.Series) -> tuple[float, float]:
    """Minimum and maximum, with a margin."""
    least, greatest = (float(values.min()), float(values.max())) if len(values) else (0.0, 0.0)
    margin = (greatest - least) * _MARGIN or 1.0
    return least - margin, greatest + margin
