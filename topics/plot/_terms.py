"""Figure of the terms of topics: a panel a topic, a bar a term."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from topics.plot._figure import largest, new_figure
from topics.plot._panels import n_rows_of, panel_width, place_panel
from topics.plot._source import Source, at_least_one, is_run, some_topics, topics_of
from topics.plot._text import fit, plain, said_of
from topics.plot._theme import INK, color_of, faded

if TYPE_CHECKING:
    import pandas as pd
    from plotly.graph_objects import Figure

_COLUMNS, _BAR, _SIZE = 3, 21, 12  # not tuned: what looks right
_ALPHA = 0.32  # of a bar under its term


def draw_terms(source: Source | pd.DataFrame, *, max_topics: int = 12, n_terms: int = 8) -> Figure:
    """A figure with one panel per topic, the largest first: its terms, each on a bar as long as its weight.

    Weights compare within a topic; the longest bar of each is as long.

    Parameters
    ----------
    source : Run or pandas.DataFrame
        A run, or its ``topics()``.
    max_topics, n_terms : int
        Panels, and terms of each, at most.

    Raises
    ------
    ValueError
        If there is no topic, or a number is less than 1.
    """
    every = some_topics(topics_of(source, None if is_run(source) else source), what="a run")
    shown = every.head(at_least_one(max_topics, "max_topics"))
    n_bars = max(1, min(at_least_one(n_terms, "n_terms"), max(len(terms) for terms in shown["terms"])))
    figure = new_figure(largest(len(shown), len(every)))
    n_rows, width = n_rows_of(len(shown), _COLUMNS), panel_width(_COLUMNS)
    height = n_bars * _BAR
    for place, row in enumerate(shown.to_dict("records")):
        terms = [str(term) for term in row["terms"][:n_bars]]
        given = np.array(row.get("term_weights", ()), dtype=np.float64)[: len(terms)]
        weights = given if len(given) == len(terms) else np.ones(len(terms))
        shares = weights / weights.max() if len(weights) and weights.max() > 0 else np.ones(len(terms))
        axes = place_panel(
            figure, place, n_columns=_COLUMNS, n_rows=n_rows, height=height, color=color_of(row["topic"]),
            title=fit(f"{row['topic']} · {said_of(row)}", width, size=_SIZE),
        )  # fmt: skip
        rows = list(range(len(terms)))
        hover = {"text": list(map(plain, terms)), "customdata": weights, "showlegend": False,
                 "hovertemplate": "%{text}<br>weight %{customdata:.3g}<extra></extra>"}  # fmt: skip
        figure.add_bar(
            x=shares, y=rows, orientation="h", marker={"color": faded(color_of(row["topic"]), _ALPHA)}, width=0.84,
            textposition="none", **hover, **axes,
        )  # fmt: skip
        figure.add_scatter(
            x=[0.0] * len(terms), y=rows, mode="text", textposition="middle right", cliponaxis=False, showlegend=False,
            text=[plain(fit(term, width - 12, size=_SIZE)) for term in terms], textfont={"size": _SIZE, "color": INK},
            hoverinfo="skip", **axes,
        )  # fmt: skip
        figure.layout[f"xaxis{axes['xaxis'][1:]}"].update(visible=False, range=[0, 1])
        figure.layout[f"yaxis{axes['yaxis'][1:]}"].update(visible=False, range=[n_bars - 0.5, -0.5])
    return figure
