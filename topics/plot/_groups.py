"""Figure of topics by groups of documents: outlets, languages, classes, each share with its interval."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import numpy as np

from topics.errors import InputError
from topics.plot._figure import MIN_WIDTH, largest, new_figure
from topics.plot._rows import write_rows
from topics.plot._source import Source, at_least_one, frame_of
from topics.plot._text import fit, plain, said_of, width_of
from topics.plot._theme import COLORS, GRID, SYMBOLS
from topics.records import NOISE

if TYPE_CHECKING:
    import pandas as pd
    from plotly.graph_objects import Figure

# Not tuned: what looks right.
_STEP, _BETWEEN = 13, 12  # pixels: between the groups of a topic, and between topics
_SIZE, _MARK, _GROUP_WIDTH = 12, 46, 200  # pixels, of the legend: its font, a mark with its space, a name at most
_LINE = 20
_NEEDED = ("topic", "terms", "group", "n", "share", "low", "high")


class Groups(Protocol):
    """Topics by group, as :func:`topics.compare_groups` counts them."""

    @property
    def cells(self) -> pd.DataFrame:
        """One row a topic and group."""
        ...

    @property
    def groups(self) -> pd.DataFrame:
        """One row a group."""
        ...


def draw_groups(
    groups: Groups | pd.DataFrame, topics: Source | pd.DataFrame | None = None, *, max_topics: int = 15,
    max_groups: int = 6,
) -> Figure:  # fmt: skip
    """A figure with one row per topic, the largest first: its share of each group's documents with the 95 % interval.

    Groups differ by color and by shape. Noise is the last row.

    Parameters
    ----------
    groups : Groups or pandas.DataFrame
        Of :func:`topics.compare_groups`, or its ``cells``.
    topics : Run, pandas.DataFrame or None
        A run, or its ``topics()``, for names; None calls topics by their terms.
    max_topics, max_groups : int
        Rows, and groups in each, at most: the largest, and of groups at most 8.

    Raises
    ------
    ValueError
        If there are no groups, or a number is less than 1.
    """
    cells = frame_of(getattr(groups, "cells", groups), "compare_groups", columns=_NEEDED)
    if not len(cells):
        raise InputError("expected topics by group, got none")
    said = {row["topic"]: str(row["terms"]) for row in cells.to_dict("records")}
    if topics is not None:
        named = frame_of(topics, "topics", columns=("topic", "terms"))
        said |= {row["topic"]: said_of(row) for row in named.to_dict("records")}
    sizes = cells.groupby("topic")["n"].sum()
    every = sorted((t for t in sizes.index if t != NOISE), key=lambda topic: (-sizes[topic], topic))
    shown = [*every[: at_least_one(max_topics, "max_topics")], *([NOISE] if NOISE in sizes.index else [])]
    all_groups = list(dict.fromkeys(cells["group"]))
    of_group = cells.groupby("group")["n"].sum()
    most = min(at_least_one(max_groups, "max_groups"), len(SYMBOLS))
    kept = sorted(all_groups, key=lambda group: -of_group[group])[:most]
    kept = [group for group in all_groups if group in kept]
    note = [largest(min(len(every), max_topics), len(every)), largest(len(kept), len(all_groups), noun="group")]
    figure = new_figure("; ".join(["share of each group's documents, 95 % interval", *filter(None, note)]))
    row_height = _STEP * len(kept) + _BETWEEN
    names = ["in no topic" if topic == NOISE else f"{topic} · {said[topic]}" for topic in shown]
    legend = [fit(group, _GROUP_WIDTH, size=_SIZE) for group in kept]
    above = 36 + _LINE * _lines(legend)
    write_rows(figure, names, row_height=row_height, above=above)
    for place, group in enumerate(kept):
        own = cells[cells["group"] == group].set_index("topic").reindex(shown)
        shift = (place - (len(kept) - 1) / 2) * _STEP / row_height
        figure.add_scatter(
            x=own["share"], y=np.arange(len(shown)) + shift, mode="markers", name=plain(legend[place]),
            marker={"color": COLORS[place], "symbol": SYMBOLS[place], "size": 8},
            error_x={"array": own["high"] - own["share"], "arrayminus": own["share"] - own["low"], "symmetric": False,
                     "width": 0, "thickness": 2},
            customdata=own[["n", "low", "high"]], text=[f"{plain(name)}<br>{plain(group)}" for name in names],
            hovertemplate="%{text}<br>%{customdata[0]} documents, %{x:.1%} (%{customdata[1]:.1%} to "
                          "%{customdata[2]:.1%})<extra></extra>",
        )  # fmt: skip
    for place in range(1, len(shown)):
        figure.add_shape(
            type="line", xref="paper", x0=0, x1=1, y0=place - 0.5, y1=place - 0.5, line={"color": GRID, "width": 1},
            layer="below",
        )  # fmt: skip
    figure.update_xaxes(tickformat=".0%", rangemode="tozero")
    figure.update_layout(
        showlegend=True,
        legend={"font": {"size": _SIZE}, "x": 0, "xref": "container", "y": 1 - 30 / figure.layout.height, "yref":
                "container", "yanchor": "top"},
    )  # fmt: skip
    return figure


def _lines(names: list[str]) -> int:
    """Lines that a legend takes: Plotly puts its names into columns as wide as the widest."""
    widest = max((width_of(name, _SIZE) for name in names), default=0) + _MARK
    per_line = max(1, int((MIN_WIDTH - 40) // widest))
    return -(-len(names) // per_line)
