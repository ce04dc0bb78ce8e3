"""The two-dimensional map of a run, as a figure and as one offline page."""

from __future__ import annotations

import base64
import hashlib
import textwrap
from collections.abc import Mapping, Sequence
from html import escape
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from topics.plot._figure import new_figure
from topics.records import NOISE

if TYPE_CHECKING:
    import pandas as pd
    from plotly.graph_objects import Figure

WIDTH, HEIGHT = 900, 720
_NOISE_COLOUR = "#c9ccd1"
# Eighteen hues that stay apart for most colour-blind readers when lightness alternates; further topics take them again,
# which direct labels allow.
_COLOURS = (
    "#3366a8", "#e07b39", "#2e8b57", "#b5338a", "#8a6d1f", "#5aa9d6",
    "#c0392b", "#6b4fa0", "#7fae3c", "#d98cb3", "#1f7a7a", "#9c5a3c",
    "#4a4f57", "#d4ac0d", "#16c1c8", "#7b241c", "#9fa8da", "#274e37",
)  # fmt: skip
_MOST_LABELS = 30
_LABEL_TERMS = 3
_GL_FROM = 15_000
_LABEL_PIXELS, _CHARACTER_PIXELS = 24.0, 6.8
_LABEL_TRIES = 6


def colour_of(topic: int) -> str:
    """Colour of a topic's points and label."""
    return _NOISE_COLOUR if topic == NOISE else _COLOURS[topic % len(_COLOURS)]


def draw_map(documents: pd.DataFrame, topics: pd.DataFrame) -> Figure:
    """A figure with a point a document, coloured and labelled by topic; noise is grey.

    Parameters
    ----------
    documents : pandas.DataFrame
        ``Run.documents()``; copies are not drawn, they lie where their document lies.
    topics : pandas.DataFrame
        ``Run.topics()``.
    """
    import plotly.graph_objects as go

    points = documents[documents["copy_of"].isna()]
    kind = go.Scattergl if len(points) > _GL_FROM else go.Scatter
    names = {row["topic"]: _called(row) or row["label"] for row in topics.to_dict("records")}
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
                    "color": colour_of(topic),
                    "opacity": 0.55 if topic == NOISE else 0.85,
                    "line": {"width": 0.4, "color": "white"},
                },
                text=[_hover(row, name) for row in own.to_dict("records")],
                hovertemplate="%{text}<extra></extra>",
            )
        )
    _write_labels(figure, points, topics)
    figure.update_layout(
        autosize=True, height=HEIGHT, template="plotly_white", showlegend=False, dragmode="pan",
        margin={"l": 8, "r": 8, "t": 34, "b": 8}, hoverlabel={"align": "left"},
        font={"family": "system-ui, sans-serif", "size": 13},
    )  # fmt: skip
    for axis in (figure.update_xaxes, figure.update_yaxes):
        axis(visible=False)
    return figure


def map_page(
    figure: Figure,
    topics: pd.DataFrame,
    *,
    title: str,
    notes: Sequence[str] = (),
    levels: Figure | None = None,
) -> str:
    """One HTML page with the map, the topics and how their level was chosen, that loads nothing from anywhere.

    Every text is escaped; a content security policy allows only the page's own scripts, by hash.

    Parameters
    ----------
    figure : plotly Figure
        From :func:`draw_map`.
    topics : pandas.DataFrame
        ``Run.topics()``.
    title : str
        Heading.
    notes : sequence of str
        Sentences shown under the heading.
    levels : plotly Figure or None
        From :func:`topics.plot.draw_scan`, shown under the topics.
    """
    from jinja2 import Environment
    from plotly.offline import get_plotlyjs

    library = get_plotlyjs()
    data = {"map": _json(figure), **({"levels": _json(levels)} if levels is not None else {})}
    gl = any(trace.type == "scattergl" for trace in figure.data)
    hashes = " ".join(f"'sha256-{_digest(script)}'" for script in (library, _START))
    rows = [
        {
            "topic": row["topic"],
            "colour": colour_of(row["topic"]),
            "size": row["size"],
            "terms": ", ".join(row["terms"]) or row["label"],
            "languages": ", ".join(row["languages"]),
            "again": "" if row["reproducibility"] != row["reproducibility"] else f"{row['reproducibility']:.0%}",
        }
        for row in topics.to_dict("records")
    ]
    template = Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True).from_string(
        files("topics.plot").joinpath("map_page.html.j2").read_text(encoding="utf-8")
    )
    return template.render(
        title=title, notes=notes, rows=rows, library=library, data=data, start=_START, hashes=hashes,
        eval="'unsafe-eval' " if gl else "",
    )  # fmt: skip


def _json(figure: Figure) -> str:
    return str(figure.to_json()).replace("<", "\\u003c")


def _hover(row: Mapping[Any, Any], name: str) -> str:
    title = row["title"] if isinstance(row["title"], str) else row["text"]
    lines = [f"<b>{escape(_wrap(title))}</b>", escape(name)]
    facts = [str(value) for value in (row["source"], _day(row["date"])) if isinstance(value, str) and value]
    if facts:
        lines.append(escape(" · ".join(facts)))
    return "<br>".join(lines).replace("\n", "<br>")


def _wrap(text: str) -> str:
    return textwrap.fill(textwrap.shorten(text, 150, placeholder=" …"), 60)


def _day(date: Any) -> str | None:
    return date.strftime("%Y-%m-%d") if hasattr(date, "strftime") and date == date else None


def _called(row: Mapping[Any, Any]) -> str:
    """The topic's name; empty where it has none."""
    name = row.get("name")
    return name if isinstance(name, str) else ""


def _write_labels(figure: Figure, points: pd.DataFrame, topics: pd.DataFrame) -> None:
    """A label above or below each of the largest topics, clear of other labels and of as many points as can be."""
    import numpy as np

    low, high = points[["x", "y"]].min(), points[["x", "y"]].max()
    pixels = ((points[["x", "y"]] - low) / (high - low).clip(lower=1e-9) * [WIDTH, HEIGHT]).to_numpy()
    labels = points["topic"].to_numpy()
    taken: list[tuple[float, float, float]] = []
    for row in topics.head(_MOST_LABELS).to_dict("records"):
        text = _called(row) or ", ".join(row["terms"][:_LABEL_TERMS]) or row["label"]
        half = len(text) * _CHARACTER_PIXELS / 2
        own = pixels[labels == row["topic"]]
        middle = float(np.median(own[:, 0]))
        best, least = own[:, 1].max() + _LABEL_PIXELS, float("inf")
        for distance in range(_LABEL_TRIES):
            for top in (
                own[:, 1].max() + (distance + 1) * _LABEL_PIXELS,
                own[:, 1].min() - (distance + 1) * _LABEL_PIXELS,
            ):
                if any(abs(middle - x) < half + h + 6 and abs(top - y) < _LABEL_PIXELS for x, y, h in taken):
                    continue
                inside = (np.abs(pixels[:, 0] - middle) < half) & (np.abs(pixels[:, 1] - top) < _LABEL_PIXELS / 2)
                cost = inside.sum() + distance
                if cost < least:
                    best, least = top, cost
        taken.append((middle, best, half))
        figure.add_annotation(
            x=middle / WIDTH * (high["x"] - low["x"]) + low["x"], y=best / HEIGHT * (high["y"] - low["y"]) + low["y"],
            text=escape(text), showarrow=False, font={"size": 13, "color": "#1a1d21"},
            bgcolor="rgba(255,255,255,0.82)", borderpad=2, bordercolor=colour_of(row["topic"]), borderwidth=1,
        )  # fmt: skip


def _digest(script: str) -> str:
    return base64.b64encode(hashlib.sha256(script.encode("utf-8")).digest()).decode()


_START = """
for (const source of document.querySelectorAll("script[data-for]")) {
  const figure = JSON.parse(source.textContent), place = source.dataset.for;
  Plotly.newPlot(place, figure.data, figure.layout, {responsive: true, scrollZoom: place === "map", displaylogo: false,
    modeBarButtons: [["toImage", "zoom2d", "pan2d", "zoomIn2d", "zoomOut2d", "resetScale2d"]]});
}
"""
