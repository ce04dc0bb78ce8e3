"""The map of a run as one offline page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from topics._say import percent
from topics.plot._map import color_of, name_of
from topics.report._page import render_page

if TYPE_CHECKING:
    import pandas as pd
    from plotly.graph_objects import Figure


def map_page(
    figure: Figure,
    topics: pd.DataFrame,
    *,
    title: str,
    notes: Sequence[str] = (),
    levels: Figure | None = None,
    hint: str = "",
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
        Sentences shown below the topics.
    levels : plotly Figure or None
        From :func:`topics.plot.draw_scan`, shown under the topics.
    hint : str
        A sentence under the topics, such as where their names are.
    """
    from plotly.offline import get_plotlyjs

    data = {"map": _json(figure), **({"levels": _json(levels)} if levels is not None else {})}
    gl = any(trace.type == "scattergl" for trace in figure.data)
    rows = [
        {
            "topic": row["topic"],
            "color": color_of(row["topic"]),
            "size": row["size"],
            "name": name_of(row),
            "terms": ", ".join(row["terms"]) or row["label"],
            "languages": ", ".join(row["languages"]),
            "again": "" if row["reproducibility"] != row["reproducibility"] else percent(row["reproducibility"]),
        }
        for row in topics.to_dict("records")
    ]
    return render_page(
        "map_page.html.j2",
        {"notes": notes, "hint": hint, "rows": rows, "data": data},
        title=title,
        scripts={"library": get_plotlyjs(), "start": _START},
        evaluates=gl,
    )


def _json(figure: Figure) -> str:
    return str(figure.to_json()).replace("<", "\\u003c")


# The wheel scrolls the page; with a key held Plotly gets it, and zooms.
_START = """
for (const source of document.querySelectorAll("script[data-for]")) {
  const figure = JSON.parse(source.textContent), name = source.dataset.for, place = document.getElementById(name);
  place.addEventListener("wheel", (event) => {
    if (!event.ctrlKey && !event.metaKey) event.stopPropagation();
  }, {capture: true, passive: true});
  Plotly.newPlot(place, figure.data, figure.layout, {responsive: true, scrollZoom: name === "map", displaylogo: false,
    displayModeBar: true,
    modeBarButtons: [["toImage", "zoom2d", "pan2d", "zoomIn2d", "zoomOut2d", "resetScale2d"]]});
}
"""
