"""Figure of how reliable topics are: together with other documents, together under other seeds, and how large."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from topics.errors import InputError
from topics.plot._figure import largest, new_figure
from topics.plot._rows import write_rows
from topics.plot._source import Source, at_least_one, is_run, some_topics, topics_of
from topics.plot._text import said_of
from topics.plot._theme import FIRST, LINE, SECOND, faded
from topics.records import seed_reproducibility

if TYPE_CHECKING:
    import pandas as pd
    from plotly.graph_objects import Figure

_ROW, _SIZES = 22, 0.2  # pixels of a row, share of the width that sizes take; not tuned: what looks right
_BOTH = (
    ("reproducibility", "with other documents", FIRST, "circle"),
    ("seed_reproducibility", "with another seed", SECOND, "diamond"),
)


def draw_reliability(source: Source | pd.DataFrame, *, max_topics: int = 40) -> Figure:
    """A figure with one row per topic, the most reliable first: both of its reliabilities, and its size.

    Each is the chance that two documents of the topic are together again: in a layout of other documents too, and in
    one of all documents from another seed (Monti et al. 2003). Topics that edits changed have the first alone.

    Parameters
    ----------
    source : Run or pandas.DataFrame
        A run, or its ``topics()``, with a column ``seed_reproducibility`` where that is known.
    max_topics : int
        Rows, at most: the largest topics.

    Raises
    ------
    ValueError
        If there is no topic, or no reliability is known, as of a run of a single layout.
    """
    given = topics_of(source, None if is_run(source) else source)
    every = some_topics(given, what="a run")
    shown = every.head(at_least_one(max_topics, "max_topics")).copy()
    if "seed_reproducibility" not in shown:
        seeds = _seeds(source)
        shown["seed_reproducibility"] = [seeds.get(int(topic), np.nan) for topic in shown["topic"]]
    known = [line for line in _BOTH if line[0] in shown and shown[line[0]].notna().any()]
    if not known:
        raise InputError(
            "expected topics whose reliability is known, got a run of a single layout (reduce.n_layouts above 1)"
        )
    shown = shown.sort_values([known[0][0], "size"], ascending=False, kind="stable", na_position="last")
    names = [f"{row['topic']} · {said_of(row)}" for row in shown.to_dict("records")]
    rows = np.arange(len(shown))
    note = "chance that two documents of a topic are together again"
    figure = new_figure("; ".join(filter(None, [note, largest(len(shown), len(every))])))
    write_rows(figure, names, row_height=_ROW, above=64)
    if len(known) == 2:
        ends = shown[[known[0][0], known[1][0]]].to_numpy(dtype=np.float64)
        figure.add_scatter(
            x=np.column_stack([ends, np.full(len(ends), np.nan)]).ravel(), y=np.repeat(rows, 3), mode="lines",
            line={"color": LINE, "width": 3}, hoverinfo="skip", showlegend=False,
        )  # fmt: skip
    for column, name, color, symbol in known:
        figure.add_scatter(
            x=shown[column], y=rows, mode="markers", name=name, hovertemplate=f"{name} %{{x:.1%}}<extra></extra>",
            marker={"color": color, "symbol": symbol, "size": 9},
        )  # fmt: skip
    figure.add_bar(
        x=shown["size"], y=rows, orientation="h", xaxis="x2", width=0.6, showlegend=False, cliponaxis=False,
        marker={"color": faded(FIRST, 0.25)}, texttemplate="%{x:,}", textposition="outside",
        hovertemplate="%{x:,} documents<extra></extra>",
    )  # fmt: skip
    lowest = float(np.nanmin(shown[[column for column, *_ in known]].to_numpy(dtype=np.float64)))
    figure.update_layout(
        xaxis={"domain": [0, 1 - _SIZES - 0.03], "tickformat": ".0%", "range": [min(0.75, lowest - 0.03), 1.015]},
        xaxis2={"domain": [1 - _SIZES, 1], "anchor": "y", "range": [0, float(shown["size"].max()) * 1.45],
                "showgrid": False, "showticklabels": False, "title": {"text": "documents", "font": {"size": 12}}},
        legend={"y": 1, "yanchor": "bottom", "font": {"size": 12}},
    )  # fmt: skip
    return figure


def _seeds(source: Any) -> dict[int, float]:
    """Of each topic of a run that has its records; none of a frame."""
    records = getattr(source, "records", None)
    if records is None:
        return {}
    return seed_reproducibility(records.clusters.labels, records.levels, level=records.clusters.level)
